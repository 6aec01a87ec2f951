"""What an answer may call, and the checks on what it says."""
