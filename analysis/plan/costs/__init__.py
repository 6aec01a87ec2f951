"""What a plan takes: the order of its tasks, seconds on this machine, and memory."""
