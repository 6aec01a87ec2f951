"""Samples from the literature, and how often a rate may be missed by chance."""

import numpy as np
import pandas as pd
from scipy import stats

# Student (1908): hours of sleep gained with two drugs by the same ten patients.
SLEEP_A = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]
SLEEP_B = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0]
# Hollander and Wolfe (1973): depression scale of nine patients at two visits.
VISIT_1 = [1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30]
VISIT_2 = [0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29]
# Anscombe (1973), first set.
ANSCOMBE_X = [10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5]
ANSCOMBE_Y = [8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68]


def frame(**columns: list[float] | np.ndarray) -> pd.DataFrame:
    """One row a variant and seed, the seeds in the order given."""
    rows = [
        {"variant": name, "seed": seed, "value": value}
        for name, values in columns.items()
        for seed, value in enumerate(values)
    ]
    return pd.DataFrame(rows)


def allowed(n: int, rate: float) -> tuple[float, float]:
    """Rates that n fair trials of that probability show in 999 of 1,000 simulations."""
    low, high = stats.binom.interval(0.999, n, rate)
    return low / n, high / n
