"""What stands beside the results for good: claims as frozen, replications, a verification."""
