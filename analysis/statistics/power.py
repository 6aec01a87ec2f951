"""How many seeds would decide a claim on a mean, if the effect is the one that was seen.

By the power of Student's one-sample t test (noncentral t; statsmodels), with the spread that the
interval implies. An effect seen is itself uncertain, so that the number is a guide, no promise.
"""

import math

from scipy import stats
from statsmodels.stats.power import TTestPower

from analysis.statistics.level import ALPHA, EQUIVALENCE, LEVEL

POWER = 0.8
"""How often so many seeds would decide it."""
LEAST = 3
"""From fewer seeds the spread is hardly known, and no number is given."""
MOST = 1_000_000


def above(value: float, low: float, high: float, n: int, margin: float) -> int | None:
    """Return the seeds whose interval at LEVEL would lie on one side of a margin.

    `low` to `high` is the interval of the mean `value` of n differences at that level. None where
    it decides already, or no number below a million does.
    """
    if low > margin or high <= margin:
        return None
    return _seeds(value - margin, _spread(low, high, n, LEVEL), ALPHA, "two-sided", POWER)


def within(value: float, low: float, high: float, n: int, margin: float) -> int | None:
    """Return the seeds whose interval at EQUIVALENCE would lie in ±margin, or out of it.

    Each of the two one-sided tests is given half of the risk to miss.
    """
    if (-margin < low and high < margin) or low >= margin or high <= -margin:
        return None
    power = (1 + POWER) / 2 if abs(value) < margin else POWER
    spread = _spread(low, high, n, EQUIVALENCE)
    return _seeds(margin - abs(value), spread, ALPHA, "larger", power)


def _spread(low: float, high: float, n: int, level: float) -> float:
    """Return the standard deviation of n values whose mean has this interval, by Student's t."""
    if n < LEAST or not math.isfinite(high - low):
        return math.nan
    return (high - low) / 2 * math.sqrt(n) / float(stats.t.ppf((1 + level) / 2, n - 1))


def _seeds(gap: float, spread: float, alpha: float, side: str, power: float) -> int | None:
    if not (math.isfinite(gap) and spread > 0 and gap):
        return None
    effect = abs(gap) / spread

    def enough(seeds: int) -> bool:
        return bool(TTestPower().power(effect, seeds, alpha, alternative=side) >= power)

    if not enough(MOST):
        return None
    few, many = 2, 4
    while not enough(many):
        few, many = many, 2 * many
    while many - few > 1:
        middle = (few + many) // 2
        few, many = (few, middle) if enough(middle) else (middle, many)
    return many
