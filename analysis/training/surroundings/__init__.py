"""What stands around a process of ours: its variables, its processors, its terminal."""
