"""From estimates to verdicts: the rules that every statistical claim is decided by."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Literal

from analysis.claims.claim import Note, Verdict

if TYPE_CHECKING:
    from analysis.statistics.estimates import Estimate

MIN_SEEDS = 8
"""Fewer than this decide no statistical claim."""


NEARLY_ALL = 0.975
"""Share of seeds in which what theory says of every network is expected to be seen.

At it a sign test on eight seeds, which all must agree, is supported four times in five.
"""


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
SPELLED = {20.0: "twenty", 50.0: "fifty"}


def worded(text: str, chance: float) -> str:
    """Return a text with the levels that it names as numbers for the data.

    "{stalled}" becomes "20", and "{stalled in words}" "twenty", where such a word is known.
    """
    for name, level in LEVELS.items():
        value = level.of(chance)
        text = text.replace(f"{{{name}}}", f"{value:g}")
        text = text.replace(f"{{{name} in words}}", SPELLED.get(value, f"{value:g}"))
    return text


@dataclass(frozen=True)
class Part:
    """A test of one part of a claim: its verdict, p-value, estimate, and what that is held to."""

    verdict: Verdict
    p: float
    """One-sided, of an equivalence the larger of two; NaN where nothing can be tested."""
    estimate: "Estimate"
    rule: Literal["above", "below", "within"]
    bound: float

    @property
    def slack(self) -> float:
        """Return how far the estimate lies on the claimed side of the bound, in its unit."""
        if self.rule == "within":
            return self.bound - abs(self.estimate.value)
        return (self.estimate.value - self.bound) * (1 if self.rule == "above" else -1)


@dataclass(frozen=True)
class Finding:
    """What a predicate found: the verdict and the numbers behind it.

    `value` and its interval, `low` to `high`, are in the unit of the claim; `n` counts seeds where
    the claim's method names nothing else. `part` is the one that decided, if any was tested.
    """

    verdict: Verdict
    value: float = math.nan
    low: float = math.nan
    high: float = math.nan
    n: int = 0
    note: Note = ()
    diverged: str = "left out"
    """What was done with runs that diverged."""
    p: float = math.nan
    part: Part | None = None


def above(found: "Estimate", bound: float) -> Part:
    """Return the test of "it lies above the bound"."""
    p = found.above(bound) if _testable(found) else math.nan
    return Part(_side(found, found.low > bound, found.high <= bound), p, found, "above", bound)


def below(found: "Estimate", bound: float) -> Part:
    """Return the test of "it lies below the bound"."""
    p = found.below(bound) if _testable(found) else math.nan
    return Part(_side(found, found.high < bound, found.low >= bound), p, found, "below", bound)


def within(found: "Estimate", margin: float) -> Part:
    """Return the test of "it lies within ±margin": two one-sided ones (Schuirmann 1987)."""
    inside = -margin < found.low and found.high < margin
    outside = found.low >= margin or found.high <= -margin
    p = max(found.above(-margin), found.below(margin)) if _testable(found) else math.nan
    return Part(_side(found, inside, outside), p, found, "within", margin)


def _testable(found: "Estimate") -> bool:
    return found.n >= MIN_SEEDS and math.isfinite(found.low) and math.isfinite(found.high)


def _side(found: "Estimate", claimed: bool, other: bool) -> Verdict:
    if not _testable(found):
        return "inconclusive"
    return "supported" if claimed else "contradicted" if other else "inconclusive"


def joint(verdicts: Sequence[Verdict]) -> Verdict:
    """Return the verdict on "all hold": one false part is enough, one undecided leaves it open.

    No correction for their number is needed: a false whole is supported only if its false part is
    (intersection-union test, Berger 1982).
    """
    if "contradicted" in verdicts:
        return "contradicted"
    return "inconclusive" if "inconclusive" in verdicts or not verdicts else "supported"


def weakest(parts: Sequence[Part]) -> Part:
    """Return the part with the largest p-value, of several the one nearest to its bound.

    One that could not be tested comes before all that could.
    """
    return max(parts, key=lambda part: (math.isnan(part.p), part.p, -part.slack))


def decided(
    parts: Sequence[Part],
    told: Part | None = None,
    note: Note = (),
    unit: Callable[[float], float] = float,
    diverged: str = "left out",
) -> Finding:
    """Return the finding on "all parts hold", whose p-value is that of the weakest.

    Its value is that of `told`, or of the weakest part; `unit` converts it to the unit of the claim
    from that of the estimates.
    """
    decisive = weakest(parts)
    shown = (told or decisive).estimate
    value, low, high = map(unit, (shown.value, shown.low, shown.high))
    verdict = joint([part.verdict for part in parts])
    return Finding(verdict, value, low, high, shown.n, note, diverged, decisive.p, decisive)
