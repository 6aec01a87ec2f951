"""From plain samples to intervals and tests; every method is SciPy's, or exact by its binomial.

NaN stands for a result that a run does not have. It is left out of every estimate, and the count of
what remains is always part of the answer.
"""

import functools
from abc import abstractmethod
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray
from scipy import special, stats

from analysis.statistics.level import LEVEL, SIDE

Floats = NDArray[np.float64]

_SPREAD_TOLERANCE = 1e-12


@dataclass(frozen=True)
class Interval:
    """A number with its interval, from n observations; NaN bounds where there is none."""

    n: int
    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Estimate(Interval):
    """A number whose interval at LEVEL leaves out what one-sided tests at SIDE reject."""

    @abstractmethod
    def above(self, bound: float) -> float:
        """Return the p-value of "it is at most `bound`"; NaN where there is no test."""

    @abstractmethod
    def below(self, bound: float) -> float:
        """Return the p-value of "it is at least `bound`"; NaN where there is no test."""


@dataclass(frozen=True)
class Mean(Estimate):
    """A mean with Student's interval and test; `spread` is the values' standard deviation."""

    spread: float

    def above(self, bound: float) -> float:
        """Return the p-value of Student's test; of values without spread, 0 or 1."""
        if not self.spread > 0:
            return float(self.value <= bound) if self.n > 1 else np.nan
        return float(stats.t.sf(self._standard(bound), self.n - 1))

    def below(self, bound: float) -> float:
        """Return the p-value of Student's test; of values without spread, 0 or 1."""
        if not self.spread > 0:
            return float(self.value >= bound) if self.n > 1 else np.nan
        return float(stats.t.cdf(self._standard(bound), self.n - 1))

    def _standard(self, bound: float) -> float:
        return (self.value - bound) / self.spread * float(np.sqrt(self.n))


@dataclass(frozen=True)
class Median(Estimate):
    """A median with its exact interval and the sign test, which assume no distribution."""

    sample: tuple[float, ...]

    def above(self, bound: float) -> float:
        """Return the p-value of the exact sign test; a value that equals the bound counts not."""
        return _as_often(sum(each > bound for each in self.sample), self.n, 0.5)

    def below(self, bound: float) -> float:
        """Return the p-value of the exact sign test; a value that equals the bound counts not."""
        return _as_often(sum(each < bound for each in self.sample), self.n, 0.5)


@dataclass(frozen=True)
class Share(Estimate):
    """A share of successes with its exact interval and test."""

    successes: int

    def above(self, bound: float) -> float:
        """Return the p-value of the exact binomial test."""
        return _as_often(self.successes, self.n, bound)

    def below(self, bound: float) -> float:
        """Return the p-value of the exact binomial test."""
        return _as_often(self.n - self.successes, self.n, 1 - bound)


@dataclass(frozen=True)
class Standardized(Estimate):
    """A mean in units of the standard deviation of its values, by the noncentral t."""

    def above(self, bound: float) -> float:
        """Return the p-value of the noncentral t test."""
        root = float(np.sqrt(self.n))
        return float(stats.nct.sf(self.value * root, self.n - 1, bound * root))

    def below(self, bound: float) -> float:
        """Return the p-value of the noncentral t test."""
        root = float(np.sqrt(self.n))
        return float(stats.nct.cdf(self.value * root, self.n - 1, bound * root))


def mean_interval(values: ArrayLike) -> Mean:
    """Mean with Student's t interval; NaN bounds for one value, a point where all are equal."""
    sample = finite(values)
    if sample.size < 2:
        mean = float(sample[0]) if sample.size else np.nan
        return Mean(sample.size, mean, np.nan, np.nan, np.nan)
    if constant(sample):
        return Mean(sample.size, *(float(sample[0]),) * 3, 0.0)
    mean, spread = float(sample.mean()), float(sample.std(ddof=1))
    lower, upper = _student(LEVEL, sample.size - 1)
    error = spread / float(np.sqrt(sample.size))
    return Mean(sample.size, mean, mean + lower * error, mean + upper * error, spread)


def median_interval(values: ArrayLike) -> Median:
    """Median with its exact interval between order statistics; NaN bounds below six values.

    The interval is the narrowest of those whose ends each leave out at most SIDE by the binomial
    distribution (Thompson 1936): of eight values it reaches from the lowest to the highest.
    """
    sample = np.sort(finite(values))
    n = sample.size
    value = float(np.median(sample)) if n else np.nan
    outside = int(stats.binom.ppf(SIDE, n, 0.5)) if n else 0
    if stats.binom.cdf(outside, n, 0.5) > SIDE:
        outside -= 1
    inside = 0 <= outside < n
    low, high = (sample[outside], sample[n - 1 - outside]) if inside else (np.nan, np.nan)
    return Median(n, value, float(low), float(high), tuple(sample.tolist()))


def share(successes: int, n: int) -> Share:
    """Share of successes with its exact interval (Clopper and Pearson 1934); NaN for n = 0."""
    if n == 0:
        return Share(0, np.nan, np.nan, np.nan, 0)
    bounds = stats.binomtest(successes, n).proportion_ci(LEVEL, method="exact")
    return Share(n, successes / n, float(bounds.low), float(bounds.high), successes)


def standardized(values: ArrayLike) -> Standardized:
    """Mean over standard deviation (Cohen's d_z) with its interval by the noncentral t.

    The interval has the effects at which what was seen, or more, is not rarer than SIDE on either
    side (Steiger and Fouladi 1997). NaN for fewer than two values, or values without spread.
    """
    mean = mean_interval(values)
    if not mean.spread > 0:
        return Standardized(mean.n, np.nan, np.nan, np.nan)
    root, value = float(np.sqrt(mean.n)), mean.value / mean.spread
    low, high = (
        float(special.nctdtrinc(mean.n - 1, below, value * root)) / root
        for below in (1 - SIDE, SIDE)
    )
    return Standardized(mean.n, value, low, high)


def prediction_interval(values: ArrayLike, level: float = LEVEL, *, least: float = 0.0) -> Interval:
    """Student's interval for one more value from where these come from, with n - 1 degrees.

    Its half width is t s sqrt(1 + 1/n), where the spread s counts as `least` if it is smaller; NaN
    bounds for fewer than two values.
    """
    sample = finite(values)
    mean = float(sample.mean()) if sample.size else np.nan
    if sample.size < 2:
        return Interval(sample.size, mean, np.nan, np.nan)
    error = max(float(sample.std(ddof=1)), least) * float(np.sqrt(1 + 1 / sample.size))
    lower, upper = _student(level, sample.size - 1)
    return Interval(sample.size, mean, mean + lower * error, mean + upper * error)


def sign_p(one: int, other: int) -> float:
    """P value of "either is as likely", exact and two-sided, where it was `one` and `other` times.

    The sign test; of pairs that differ in a yes or no it is McNemar's. 1 where there are none.
    """
    return float(stats.binomtest(one, one + other).pvalue) if one + other else 1.0


def _as_often(successes: int, n: int, chance: float) -> float:
    """Return how likely so many successes of n are, or more; NaN for none tried."""
    return float(stats.binom.sf(successes - 1, n, chance)) if n else np.nan


@functools.cache
def _student(level: float, freedom: int) -> tuple[float, float]:
    """Quantiles of Student's t between which `level` of it lies.

    Kept, since a report asks for the same few some thousand times.
    """
    bounds = stats.t.interval(level, freedom)
    return float(bounds[0]), float(bounds[1])


def finite(values: ArrayLike) -> Floats:
    """The values that are finite numbers, in one dimension."""
    sample = np.asarray(values, dtype=float).ravel()
    kept: Floats = sample[np.isfinite(sample)]
    return kept


def constant(sample: Floats) -> bool:
    """Whether the values are equal up to rounding, where a spread would be noise of arithmetic."""
    scale = max(1e-300, float(np.abs(sample).max()))
    return float(np.ptp(sample)) <= _SPREAD_TOLERANCE * scale
