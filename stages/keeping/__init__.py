"""What becomes of stored results: published for all, or pruned of what no study names."""
