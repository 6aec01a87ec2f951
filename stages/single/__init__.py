"""One run trained anew: which one is meant, and whether it has the numbers that are known of it."""
