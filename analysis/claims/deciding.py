"""From intervals to verdicts: the rules that every statistical claim is decided by."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from analysis.claims.claim import Verdict

if TYPE_CHECKING:
    from analysis.statistics.estimates import Estimate

MIN_SEEDS = 5
"""Fewer than this decide no statistical claim that does not declare otherwise."""


@dataclass(frozen=True)
class Level:
    """A test accuracy by where it lies on the way from guessing to one."""

    way: float

    def of(self, chance: float) -> float:
        """Return it in percent, to a tenth, where guessing has an accuracy of `chance`."""
        return round(100.0 * (chance + self.way * (1 - chance)), 1)


STALLED = Level(1 / 9)
"""Below it a network has learned next to nothing: 20 % of ten equally frequent classes."""
LEARNED = Level(2 / 9)
"""From it on a network has learned anything: 30 % of ten."""
TRAINED = Level(4 / 9)
"""From it on a network counts as trained: 50 % of ten."""
LEVELS: Mapping[str, Level] = MappingProxyType(
    {"stalled": STALLED, "learned": LEARNED, "trained": TRAINED}
)
SPELLED = {20.0: "twenty"}


def worded(text: str, chance: float) -> str:
    """Return a text with the levels that it names as numbers for the data.

    "{stalled}" becomes "20", and "{stalled in words}" "twenty", where such a word is known.
    """
    for name, level in LEVELS.items():
        value = level.of(chance)
        text = text.replace(f"{{{name}}}", f"{value:g}")
        text = text.replace(f"{{{name} in words}}", SPELLED.get(value, f"{value:g}"))
    return text


def above(low: float, high: float, threshold: float, n: int, seeds: int = MIN_SEEDS) -> Verdict:
    """Return the verdict on "the value lies above the threshold", from its interval."""
    if n < seeds or not (math.isfinite(low) and math.isfinite(high)):
        return "inconclusive"
    if low > threshold:
        return "supported"
    return "contradicted" if high <= threshold else "inconclusive"


def within(low: float, high: float, margin: float, n: int, seeds: int = MIN_SEEDS) -> Verdict:
    """Return the verdict on "the value lies within ±margin", from its interval over n seeds."""
    if n < seeds or not (math.isfinite(low) and math.isfinite(high)):
        return "inconclusive"
    if -margin < low and high < margin:
        return "supported"
    return "contradicted" if low >= margin or high <= -margin else "inconclusive"


def joint(verdicts: Sequence[Verdict]) -> Verdict:
    """Return the verdict on "all hold": one false part is enough, one undecided leaves it open.

    No correction for their number is needed: a false whole is supported only if its false part is
    (intersection-union test, Berger 1982).
    """
    if "contradicted" in verdicts:
        return "contradicted"
    return "inconclusive" if "inconclusive" in verdicts or not verdicts else "supported"


def farthest(
    deviations: Mapping[str, "Estimate"], margin: float
) -> tuple[Verdict, str, "Estimate"]:
    """Return the verdict on "all lie within ±margin", and the farthest from zero with its name."""
    worst = max(deviations, key=lambda name: abs(deviations[name].value))
    verdicts = [within(each.low, each.high, margin, each.n) for each in deviations.values()]
    return joint(verdicts), worst, deviations[worst]
