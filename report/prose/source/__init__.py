"""What an answer is written in: its templates, a form for verdicts, and the numbers typed in it."""
