"""From hyperparameters to evidence: study, data, plan, training, results, statistics, claims."""
