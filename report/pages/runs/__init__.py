"""The page of runs: every run as a row, with its history."""
