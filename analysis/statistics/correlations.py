"""Correlations over seeds, and how much one correlation exceeds another over the same seeds."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike
from scipy import optimize, stats

from analysis.statistics.estimates import Estimate, Floats, constant
from analysis.statistics.level import QUANTILE

LEAST = 4
"""Pairs below which Fisher's transformation has no standard error."""
FARTHEST = 40.0
"""Standard errors to either side in which the place of a bound is searched."""


@dataclass(frozen=True)
class Correlation(Estimate):
    """A correlation with the interval and the test of Fisher's z (Fisher 1921)."""

    def above(self, bound: float) -> float:
        """Return the p-value of the normal test on Fisher's scale."""
        return float(stats.norm.sf(self._standard(bound)))

    def below(self, bound: float) -> float:
        """Return the p-value of the normal test on Fisher's scale."""
        return float(stats.norm.cdf(self._standard(bound)))

    def end(self, z: float) -> float:
        """Return what lies z standard errors away on Fisher's scale."""
        with np.errstate(divide="ignore"):
            return float(np.tanh(np.arctanh(self.value) + z / math.sqrt(self.n - 3)))

    def _standard(self, bound: float) -> float:
        with np.errstate(divide="ignore"):
            return float(np.arctanh(self.value) - np.arctanh(bound)) * math.sqrt(self.n - 3)


@dataclass(frozen=True)
class Drop(Estimate):
    """How much the first correlation exceeds the second; `together` correlates the estimates."""

    first: Correlation
    second: Correlation
    together: float

    def above(self, bound: float) -> float:
        """Return the p-value at whose level the interval begins at the bound."""
        return float(stats.norm.cdf(self._place(bound)))

    def below(self, bound: float) -> float:
        """Return the p-value at whose level the interval ends at the bound."""
        return float(stats.norm.sf(self._place(bound)))

    def end(self, z: float) -> float:
        """Return the end of the interval that lies z standard errors away (Zou 2007, eq. 15)."""
        one, other = self.first.end(z) - self.first.value, self.second.end(-z) - self.second.value
        square = one**2 + other**2 + 2 * self.together * one * other
        return self.value + math.copysign(math.sqrt(max(square, 0.0)), z)

    def _place(self, bound: float) -> float:
        if not math.isfinite(self.value):
            return math.nan
        if self.end(-FARTHEST) >= bound:
            return -FARTHEST
        if self.end(FARTHEST) <= bound:
            return FARTHEST
        return float(optimize.brentq(lambda z: self.end(z) - bound, -FARTHEST, FARTHEST))


def correlation(x: ArrayLike, y: ArrayLike) -> Correlation:
    """Pearson's correlation with its interval; NaN where a side has no spread.

    Pairs of which a side is not finite are left out; below four there is no interval.
    """
    pairs = _complete(x, y)
    n = pairs.shape[1]
    if n < LEAST or any(constant(side) for side in pairs):
        return Correlation(n, np.nan, np.nan, np.nan)
    outcome = stats.pearsonr(*pairs)
    bounds = outcome.confidence_interval(2 * QUANTILE - 1)
    return Correlation(n, float(outcome.statistic), float(bounds.low), float(bounds.high))


def drop(early: tuple[ArrayLike, ArrayLike], late: tuple[ArrayLike, ArrayLike]) -> Drop:
    """Correlation of the first pair of samples minus that of the second, of the same units.

    The two estimates are not independent, as all four samples are of the same units: the interval
    is Zou's (2007) for dependent correlations without a variable in common, with the asymptotic
    covariance of Olkin and Siotani (1976). Units that lack one of the four values are left out.
    """
    table = _complete(*early, *late)
    n = table.shape[1]
    if n < LEAST or any(constant(sample) for sample in table):
        nothing = Correlation(n, np.nan, np.nan, np.nan)
        return Drop(n, np.nan, np.nan, np.nan, nothing, nothing, np.nan)
    first, second = correlation(*table[:2]), correlation(*table[2:])
    value = first.value - second.value
    found = Drop(n, value, np.nan, np.nan, first, second, _together(table))
    z = float(stats.norm.ppf(QUANTILE))
    return Drop(n, value, found.end(-z), found.end(z), first, second, found.together)


def _together(table: Floats) -> float:
    """Return how the correlations of rows 1, 2 and of rows 3, 4 correlate as estimates.

    The covariance of Olkin and Siotani (1976) over both standard deviations 1 - r².
    """
    r = np.atleast_2d(np.corrcoef(table))
    (r12, r13, r14), (r23, r24), r34 = r[0, 1:], r[1, 2:], r[2, 3]
    squares = r13**2 + r14**2 + r23**2 + r24**2
    shared = r12 * r13 * r14 + r12 * r23 * r24 + r34 * r13 * r23 + r34 * r14 * r24
    covariance = r12 * r34 * squares / 2 + r13 * r24 + r14 * r23 - shared
    spread = (1 - r12**2) * (1 - r34**2)
    return float(np.clip(covariance / spread, -1, 1)) if spread > 0 else 0.0


def _complete(*samples: ArrayLike) -> Floats:
    """Return the samples (sample, unit) at the units where each has a finite value."""
    table = np.array([np.asarray(each, dtype=float).ravel() for each in samples])
    kept: Floats = table[:, np.isfinite(table).all(axis=0)]
    return kept
