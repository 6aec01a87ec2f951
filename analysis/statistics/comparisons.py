"""Tests of one variant against another, paired by seed; every method is SciPy's or statsmodels'.

What a diverged run left behind never enters an estimate: it is left out, as NaN is, and the count
of what remains is always part of the answer.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
import pandas as pd
from scipy import stats
from statsmodels.stats.weightstats import ttost_paired

from analysis.statistics.estimates import (
    Difference,
    Floats,
    constant,
    difference_of,
    holm,
    mean_interval,
    paired_p,
)
from analysis.statistics.level import ALPHA, LEVEL
from analysis.statistics.summaries import measured


@dataclass(frozen=True)
class Equivalence:
    """Outcome of two one-sided tests of |a - b| < margin; low..high is the interval they imply."""

    n: int
    mean: float
    low: float
    high: float
    p: float
    margin: float


@dataclass(frozen=True)
class Rank:
    """Friedman's test: no variant tends to rank above another."""

    n: int
    statistic: float
    p: float


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


def paired_difference(
    frame: pd.DataFrame, value: str, a: object, b: object, column: str = "variant"
) -> Difference:
    """Mean of a - b by seed with its interval, effect size d_z and P(A > B).

    The interval is the bias-corrected and accelerated bootstrap (Efron 1987), below ten pairs
    Student's. d_z is mean over standard deviation of the differences (Cohen 1988); P(A > B) is the
    share of seeds in which a is larger, a tie counting one half.
    """
    table = paired(frame, value, [a, b], column)
    return difference_of(table[a].to_numpy() - table[b].to_numpy())


def tost(
    frame: pd.DataFrame, value: str, a: str, b: str, margin: float, alpha: float = ALPHA
) -> Equivalence:
    """Paired equivalence of a and b within ±margin by two one-sided t tests (Schuirmann 1987).

    low..high is the 1 - 2 alpha interval: equivalence at alpha is that interval inside the margin.
    Fewer than two pairs give NaN; differences that are all equal decide by their value alone.
    """
    table = paired(frame, value, [a, b])
    sample = table[a].to_numpy() - table[b].to_numpy()
    interval = mean_interval(sample, level=1 - 2 * alpha)
    if interval.n < 2:
        return Equivalence(interval.n, interval.value, np.nan, np.nan, np.nan, margin)
    if constant(sample):
        p = float(abs(interval.value) >= margin)
    else:
        p = float(ttost_paired(table[a].to_numpy(), table[b].to_numpy(), -margin, margin)[0])
    return Equivalence(interval.n, interval.value, interval.low, interval.high, p, margin)


def friedman(frame: pd.DataFrame, value: str, variants: Sequence[str]) -> Rank:
    """Friedman's rank test over seeds (Friedman 1937); NaN below three variants or two seeds.

    A frame in which every seed ties all variants has statistic 0 and p = 1.
    """
    table = paired(frame, value, variants)
    if len(variants) < 3 or len(table) < 2:
        return Rank(len(table), np.nan, np.nan)
    if all(constant(row) for row in table.to_numpy()):
        return Rank(len(table), 0.0, 1.0)
    outcome = stats.friedmanchisquare(*(table[name].to_numpy() for name in variants))
    return Rank(len(table), float(outcome.statistic), float(outcome.pvalue))


def holm_pairs(
    frame: pd.DataFrame, value: str, variants: Sequence[str], test: str = "wilcoxon"
) -> pd.DataFrame:
    """One row a pair of variants: a, b, n, mean (of a - b), p, p_holm.

    `test` is "wilcoxon" (signed ranks) or "t" (paired). Holm's step-down adjustment (Holm 1979)
    runs over the pairs that could be tested; a pair with fewer than two seeds has NaN.
    """
    table = paired(frame, value, variants)
    rows = []
    for a, b in combinations(variants, 2):
        sample = table[a].to_numpy() - table[b].to_numpy()
        mean = float(sample.mean()) if sample.size else np.nan
        rows.append({"a": a, "b": b, "n": len(table), "mean": mean, "p": paired_p(sample, test)})
    pairs = pd.DataFrame(rows, columns=["a", "b", "n", "mean", "p"])
    pairs["p_holm"] = holm(pairs["p"].to_numpy(dtype=float))
    return pairs


def pairing_gain(frame: pd.DataFrame, value: str, a: str, b: str) -> float:
    """Width of the paired interval of a - b over that of the unpaired one (Welch)."""
    table = paired(frame, value, [a, b])
    first, second = table[a].to_numpy(), table[b].to_numpy()
    if len(table) < 2 or constant(first) or constant(second):
        return np.nan
    matched = mean_interval(first - second)
    apart = stats.ttest_ind(first, second, equal_var=False).confidence_interval(LEVEL)
    return float((matched.high - matched.low) / (apart.high - apart.low))


def ranks(values: Floats | pd.Series) -> Floats:
    """Ranks from 1, ties sharing their mean: a correlation of ranks is Spearman's."""
    return np.asarray(stats.rankdata(np.asarray(values, dtype=float)), dtype=np.float64)
