"""The page of replications: every claim with what it came to on other seeds, on one axis."""
