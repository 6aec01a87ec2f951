"""What stands around a process of ours: its beginning, its variables, its processors, its terminal."""
