"""From a study to its runs: identity, list, cost, the record a run returns, source of numbers."""
