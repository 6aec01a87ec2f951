"""One variant against another, paired by seed, and tests that belong to one family.

What a diverged run left behind never enters an estimate: it is left out, as NaN is, and the count
of what remains is always part of the answer.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike
from scipy import stats
from statsmodels.stats.multitest import multipletests

from analysis.statistics.estimates import (
    Floats,
    Mean,
    Median,
    constant,
    mean_interval,
    median_interval,
)
from analysis.statistics.level import LEVEL
from analysis.statistics.summaries import measured


def paired(
    frame: pd.DataFrame, value: str, levels: Sequence[object], column: str = "variant"
) -> pd.DataFrame:
    """Seed x level table of `value`, keeping only seeds where every level of `column` has it.

    `frame` has one row for a level and seed; a second one is a ValueError.
    """
    chosen = measured(frame[frame[column].isin(list(levels))], value)
    chosen = chosen.astype({column: object})
    table = chosen.pivot(index="seed", columns=column, values=value)
    return table.reindex(columns=list(levels)).dropna().astype(float)


def differences(
    frame: pd.DataFrame, value: str, a: object, b: object, column: str = "variant"
) -> Floats:
    """The differences a - b (seed,) of the seeds that have both."""
    table = paired(frame, value, [a, b], column)
    found: Floats = table[a].to_numpy() - table[b].to_numpy()
    return found


def paired_mean(
    frame: pd.DataFrame, value: str, a: object, b: object, column: str = "variant"
) -> Mean:
    """Mean of a - b by seed, with Student's interval."""
    return mean_interval(differences(frame, value, a, b, column))


def paired_median(
    frame: pd.DataFrame, value: str, a: object, b: object, column: str = "variant"
) -> Median:
    """Median of a - b by seed, with its exact interval: for outcomes that may have two peaks."""
    return median_interval(differences(frame, value, a, b, column))


def pairing_gain(frame: pd.DataFrame, value: str, a: str, b: str) -> float:
    """Width of the paired interval of a - b over that of the unpaired one (Welch)."""
    table = paired(frame, value, [a, b])
    first, second = table[a].to_numpy(), table[b].to_numpy()
    if len(table) < 2 or constant(first) or constant(second):
        return np.nan
    matched = mean_interval(first - second)
    apart = stats.ttest_ind(first, second, equal_var=False).confidence_interval(LEVEL)
    return float((matched.high - matched.low) / (apart.high - apart.low))


def holm(p_values: ArrayLike) -> Floats:
    """P values adjusted by Holm's step-down method (1979), in the order given; NaN stays NaN."""
    raw = np.asarray(p_values, dtype=float)
    adjusted = np.full(raw.shape, np.nan)
    known = np.isfinite(raw)
    if known.any():
        adjusted[known] = multipletests(raw[known], method="holm")[1]
    return adjusted
