"""From hyperparameters to verdicts: study, data, plan, training, statistics, results, claims."""
