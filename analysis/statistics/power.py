"""How often a test finds what there is, and how many seeds would decide what is left open.

The power is that at an effect named beforehand, with the spread that was seen: of a mean by the
noncentral t, of signs and shares by the exact binomial. An effect that was seen is itself
uncertain, so that a number of seeds that follows from it is a guide, no promise.
"""

import math

import numpy as np
from scipy import stats
from statsmodels.stats.power import TTestPower

from analysis.statistics.correlations import Correlation
from analysis.statistics.estimates import Estimate, Floats, Mean, Median, Share, Standardized
from analysis.statistics.level import SIDE

POWER = 0.8
"""How often so many seeds would decide it."""
LEAST = 3
"""From fewer seeds the spread is hardly known, and no number is given."""
MOST = 1_000_000


def of_above(found: Estimate, bound: float, effect: float) -> float:
    """Return how often "it is above the bound" is supported where the effect is that one.

    `effect` is in the unit of the estimate; of a sign test it is the share of seeds that lie above.
    NaN where nothing is known of the spread.
    """
    match found:
        case Mean():
            return _of_student(effect - bound, found.spread, found.n)
        case Median():
            return _of_signs(found.n, 0.5, effect)
        case Share():
            return _of_signs(found.n, bound, effect)
        case Correlation():
            away = (math.atanh(effect) - math.atanh(bound)) * math.sqrt(max(found.n - 3, 0))
            return float(stats.norm.sf(stats.norm.isf(SIDE) - away))
    return math.nan


def of_below(found: Estimate, bound: float, effect: float) -> float:
    """Return how often "it is below the bound" is supported where the effect is that one.

    `effect` is in the unit of the estimate; of a sign test it is the share of seeds that lie below.
    """
    match found:
        case Mean():
            return _of_student(bound - effect, found.spread, found.n)
        case Median():
            return _of_signs(found.n, 0.5, effect)
    return math.nan


def of_within(found: Estimate, margin: float, effect: float) -> float:
    """Return how often "it is within ±margin" is supported where the effect is that one.

    `effect` is in the unit of the estimate; of a sign test it is the share of seeds within.
    """
    match found:
        case Mean():
            return _of_two_sides(effect, margin, found.spread, found.n)
        case Median():
            return _of_signs(found.n, 0.5, effect)
        case Standardized():
            root, freedom = math.sqrt(found.n), found.n - 1
            end = float(stats.nct.ppf(SIDE, freedom, margin * root))
            low, high = (stats.nct.cdf(each, freedom, effect * root) for each in (-end, end))
            return max(0.0, float(high - low))
    return math.nan


def _of_student(gap: float, spread: float, n: int) -> float:
    """Return how often Student's one-sided test finds a gap: noncentral t."""
    if not spread > 0 or n < LEAST:
        return math.nan
    end = float(stats.t.isf(SIDE, n - 1))
    return float(stats.nct.sf(end, n - 1, gap / spread * math.sqrt(n)))


def _of_signs(n: int, chance: float, effect: float) -> float:
    """Return how often so many of n succeed that chance is rejected: exact binomial."""
    if not n:
        return math.nan
    needed = int(stats.binom.isf(SIDE, n, chance)) + 1
    return float(stats.binom.sf(needed - 1, n, effect))


def _of_two_sides(effect: float, margin: float, spread: float, n: int) -> float:
    """Return how often two one-sided t tests find a mean within ±margin.

    Given the spread of a sample, its mean is normal; the spread follows a chi distribution
    (Owen 1965), over which the average is taken at its quantiles.
    """
    if not spread > 0 or n < LEAST:
        return math.nan
    shares: Floats = (np.arange(2000) + 0.5) / 2000
    seen = spread * np.sqrt(stats.chi2.ppf(shares, n - 1) / (n - 1))
    error, half = spread / math.sqrt(n), float(stats.t.isf(SIDE, n - 1)) * seen / math.sqrt(n)
    inside = stats.norm.cdf((margin - half - effect) / error)
    inside -= stats.norm.cdf((half - margin - effect) / error)
    return float(np.maximum(inside, 0.0).mean())


def seeds_above(mean: Mean, bound: float) -> int | None:
    """Return the seeds whose interval would lie on one side of a bound, at the mean seen.

    None where it decides already, or no number below a million does.
    """
    if mean.low > bound or mean.high <= bound:
        return None
    return _seeds(abs(mean.value - bound) / mean.spread, POWER) if _known(mean) else None


def seeds_within(mean: Mean, margin: float) -> int | None:
    """Return the seeds whose interval would lie in ±margin, or out of it, at the mean seen.

    Inside, each of the two one-sided tests is given half of the risk to miss.
    """
    if (-margin < mean.low and mean.high < margin) or mean.low >= margin or mean.high <= -margin:
        return None
    power = (1 + POWER) / 2 if abs(mean.value) < margin else POWER
    gap = abs(margin - abs(mean.value))
    return _seeds(gap / mean.spread, power) if _known(mean) else None


def seeds_to_rank(effect: float) -> int | None:
    """Return the seeds that tell which of two is ahead, at a mean over standard deviation.

    None where no number below a million does.
    """
    return _seeds(abs(effect), POWER)


def _known(mean: Mean) -> bool:
    return mean.n >= LEAST and mean.spread > 0


def _seeds(effect: float, power: float) -> int | None:
    if not (math.isfinite(effect) and effect):
        return None

    def enough(seeds: int) -> bool:
        return bool(TTestPower().power(effect, seeds, SIDE, alternative="larger") >= power)

    if not enough(MOST):
        return None
    few, many = 2, 4
    while not enough(many):
        few, many = many, 2 * many
    while many - few > 1:
        middle = (few + many) // 2
        few, many = (few, middle) if enough(middle) else (middle, many)
    return many
