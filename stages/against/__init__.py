"""Results set against others: any two, and new seeds against claims that were frozen before."""
