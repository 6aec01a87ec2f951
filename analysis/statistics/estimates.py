"""From plain samples to intervals and tests; every method is SciPy's or statsmodels'.

NaN stands for a result that a run does not have. It is left out of every estimate, and the count of
what remains is always part of the answer.
"""

import functools
import warnings
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import stats
from statsmodels.stats.multitest import multipletests

from analysis.statistics.level import LEVEL

Floats = NDArray[np.float64]

RESAMPLES = 9999
# Below this many pairs a bootstrap interval is too narrow (its coverage falls to some 85 % at five
# pairs; tests/analysis/statistics/test_estimates.py measures it), so Student's is used instead.
BOOTSTRAP_FROM = 10
_SPREAD_TOLERANCE = 1e-12


@dataclass(frozen=True)
class Difference:
    """Paired difference a - b over seeds, in the unit of the measured value."""

    n: int
    mean: float
    low: float
    high: float
    d_z: float
    p_superior: float
    method: str


@dataclass(frozen=True)
class Estimate:
    """A number with its interval, from n observations; p tests it against 0 where defined."""

    n: int
    value: float
    low: float
    high: float
    p: float = float("nan")


def mean_interval(values: ArrayLike, level: float = LEVEL) -> Estimate:
    """Mean with Student's t interval; NaN bounds for one value, a point where all are equal."""
    sample = finite(values)
    if sample.size == 0:
        return Estimate(0, np.nan, np.nan, np.nan)
    mean = float(sample.mean())
    if sample.size == 1:
        return Estimate(1, mean, np.nan, np.nan)
    if constant(sample):
        return Estimate(sample.size, float(sample[0]), float(sample[0]), float(sample[0]))
    error = float(sample.std(ddof=1) / np.sqrt(sample.size))
    lower, upper = _student(level, sample.size - 1)
    return Estimate(sample.size, mean, mean + lower * error, mean + upper * error)


def prediction_interval(values: ArrayLike, level: float = LEVEL, *, least: float = 0.0) -> Estimate:
    """Student's interval for one more value from where these come from, with n - 1 degrees.

    Its half width is t s sqrt(1 + 1/n), where the spread s counts as `least` if it is smaller; NaN
    bounds for fewer than two values.
    """
    sample = finite(values)
    mean = float(sample.mean()) if sample.size else np.nan
    if sample.size < 2:
        return Estimate(sample.size, mean, np.nan, np.nan)
    error = max(float(sample.std(ddof=1)), least) * float(np.sqrt(1 + 1 / sample.size))
    lower, upper = _student(level, sample.size - 1)
    return Estimate(sample.size, mean, mean + lower * error, mean + upper * error)


def sign_p(one: int, other: int) -> float:
    """P value of "either is as likely", exact and two-sided, where it was `one` and `other` times.

    The sign test; of pairs that differ in a yes or no it is McNemar's. 1 where there are none.
    """
    return float(stats.binomtest(one, one + other).pvalue) if one + other else 1.0


@functools.cache
def _student(level: float, freedom: int) -> tuple[float, float]:
    """Quantiles of Student's t between which `level` of it lies.

    Kept, since a report asks for the same few some thousand times.
    """
    bounds = stats.t.interval(level, freedom)
    return float(bounds[0]), float(bounds[1])


def difference_of(differences: ArrayLike) -> Difference:
    """The same as `comparisons.paired_difference`, from the differences a - b themselves."""
    sample = finite(differences)
    student = mean_interval(sample)
    low, high, method = student.low, student.high, "Student's t"
    varies = sample.size > 1 and not constant(sample)
    if varies and sample.size >= BOOTSTRAP_FROM:
        low, high = _bootstrap_mean(sample)
        method = "BCa bootstrap"
    d_z = float(student.value / sample.std(ddof=1)) if varies else np.nan
    wins = (sample > 0).mean() + (sample == 0).mean() / 2 if sample.size else np.nan
    return Difference(sample.size, student.value, low, high, d_z, float(wins), method)


def _bootstrap_mean(sample: Floats) -> tuple[float, float]:
    """BCa interval; its random numbers are always the same, so near data give near bounds."""
    outcome = stats.bootstrap(
        (sample,), np.mean, confidence_level=LEVEL, n_resamples=RESAMPLES, method="BCa",
        vectorized=True, rng=_generator(),
    )  # fmt: skip
    return float(outcome.confidence_interval.low), float(outcome.confidence_interval.high)


def _generator() -> np.random.Generator:
    """Return the random numbers of every bootstrap.

    They follow from no data: what publishing rounds away would draw other units, and an interval
    would move by chance alone.
    """
    return np.random.default_rng(0)


def holm(p_values: ArrayLike) -> Floats:
    """P values adjusted by Holm's step-down method, in the order given; NaN stays NaN."""
    raw = np.asarray(p_values, dtype=float)
    adjusted = np.full(raw.shape, np.nan)
    known = np.isfinite(raw)
    if known.any():
        adjusted[known] = multipletests(raw[known], method="holm")[1]
    return adjusted


def paired_p(sample: Floats, test: str) -> float:
    """P value of "the differences centre on 0"; NaN below two of them.

    `test` is "wilcoxon" (signed ranks) or "t" (Student); anything else is a ValueError.
    """
    if test not in ("wilcoxon", "t"):
        raise ValueError(f"test is {test!r}; expected 'wilcoxon' or 't'")
    if sample.size < 2:
        return np.nan
    if not sample.any():
        return 1.0
    if test == "wilcoxon":
        return float(stats.wilcoxon(sample).pvalue)
    # Equal differences have no spread to test against: any of them but 0 is certain.
    return 0.0 if constant(sample) else float(stats.ttest_1samp(sample, 0.0).pvalue)


def correlation(x: ArrayLike, y: ArrayLike) -> Estimate:
    """Pearson's correlation with its interval (Fisher's z); NaN where a side has no spread."""
    first, second = finite_pairs(x, y)
    if first.size < 3 or constant(first) or constant(second):
        return Estimate(first.size, np.nan, np.nan, np.nan)
    outcome = stats.pearsonr(first, second)
    if first.size < 4:
        return Estimate(first.size, float(outcome.statistic), np.nan, np.nan, float(outcome.pvalue))
    bounds = outcome.confidence_interval(LEVEL)
    return Estimate(
        first.size,
        float(outcome.statistic),
        float(bounds.low),
        float(bounds.high),
        float(outcome.pvalue),
    )


def correlation_drop(early: tuple[Floats, Floats], late: tuple[Floats, Floats]) -> Estimate:
    """Correlation of the first pair of samples minus that of the second, of the same units.

    The interval is the percentile bootstrap over units (Efron 1979), all four values of a unit
    drawn together, because the two correlations are not independent; NaN bounds below ten units, or
    where a sample has no spread. Its random numbers are always the same.
    """
    table = np.array([*early, *late], dtype=float)  # (sample, unit)
    table = table[:, np.isfinite(table).all(axis=0)]
    n = table.shape[1]
    if n < BOOTSTRAP_FROM or any(constant(sample) for sample in table):
        return Estimate(n, np.nan, np.nan, np.nan)

    def drop(a: Floats, b: Floats, c: Floats, d: Floats, axis: int = -1) -> Floats:
        with warnings.catch_warnings():
            # A sample drawn without spread has no correlation: NaN, which leaves no interval.
            warnings.simplefilter("ignore", stats.ConstantInputWarning)
            first, second = stats.pearsonr(a, b, axis=axis), stats.pearsonr(c, d, axis=axis)
        return np.asarray(first.statistic - second.statistic, dtype=float)

    outcome = stats.bootstrap(
        tuple(table), drop, confidence_level=LEVEL, n_resamples=RESAMPLES, method="percentile",
        paired=True, vectorized=True, rng=_generator(),
    )  # fmt: skip
    bounds = outcome.confidence_interval
    return Estimate(n, float(drop(*table)), float(bounds.low), float(bounds.high))


def slope(x: ArrayLike, y: ArrayLike, robust: bool = False) -> Estimate:
    """Slope of y on x with its interval, in y's unit per x's unit.

    Least squares, or the median of pairwise slopes where `robust` (Theil 1950, Sen 1968). Fewer
    than three points give NaN bounds; an x without spread gives NaN throughout.
    """
    first, second = finite_pairs(x, y)
    if first.size < 2 or constant(first):
        return Estimate(first.size, np.nan, np.nan, np.nan)
    if robust:
        sen = stats.theilslopes(second, first, alpha=LEVEL)
        narrow = first.size < 3
        low, high = (np.nan, np.nan) if narrow else (float(sen.low_slope), float(sen.high_slope))
        return Estimate(first.size, float(sen.slope), low, high)
    line = stats.linregress(first, second)
    if first.size < 3:
        return Estimate(first.size, float(line.slope), np.nan, np.nan)
    half = float(stats.t.ppf((1 + LEVEL) / 2, first.size - 2)) * float(line.stderr)
    value = float(line.slope)
    return Estimate(first.size, value, value - half, value + half, float(line.pvalue))


def share(successes: int, n: int) -> Estimate:
    """Share of successes with its exact interval (Clopper and Pearson 1934); NaN for n = 0."""
    if n == 0:
        return Estimate(0, np.nan, np.nan, np.nan)
    bounds = stats.binomtest(successes, n).proportion_ci(LEVEL, method="exact")
    return Estimate(n, successes / n, float(bounds.low), float(bounds.high))


def finite(values: ArrayLike) -> Floats:
    """The values that are finite numbers, in one dimension."""
    sample = np.asarray(values, dtype=float).ravel()
    kept: Floats = sample[np.isfinite(sample)]
    return kept


def finite_pairs(x: ArrayLike, y: ArrayLike) -> tuple[Floats, Floats]:
    """The pairs of which both sides are finite numbers."""
    first, second = (
        np.asarray(x, dtype=float).ravel(),
        np.asarray(y, dtype=float).ravel(),
    )
    both = np.isfinite(first) & np.isfinite(second)
    return first[both], second[both]


def constant(sample: Floats) -> bool:
    """Whether the values are equal up to rounding, where a spread would be noise of arithmetic."""
    scale = max(1e-300, float(np.abs(sample).max()))
    return float(np.ptp(sample)) <= _SPREAD_TOLERANCE * scale
