"""How numbers, metrics, settings, verdicts and addresses are written, the same everywhere."""
