"""What stands around a process of ours: beginning, variables, processors, terminal."""
