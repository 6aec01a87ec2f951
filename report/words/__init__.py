"""How numbers, settings, verdicts and addresses are written, the same everywhere."""
