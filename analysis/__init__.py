"""From hyperparameters to evidence: plan, train, store and test."""
