"""What stands beside the results for good: claims as they were frozen, and replications."""
