"""A claim's value with its intervals here and in each replication, below each other on one axis."""

import math
from collections.abc import Sequence

from analysis.claims.against.account import Outcome
from analysis.claims.against.standing import Repeat
from analysis.claims.claim import Claim
from report.pages.compare import axis

TOP, APART, BELOW = 8, 12, 10
"""Down to the first value, between two, and from the last to the foot."""


def svg(claim: Claim, repeats: Sequence[Repeat]) -> str:
    """Return the drawing as SVG, its colours left to a style sheet; nothing without a value.

    Nor is anything drawn of a lone value without an interval.
    The value here is the first; margins are broken lines.
    """
    sides: list[Claim | Repeat] = [claim, *repeats]
    own = [_outcome(claim, each.value, each.low, each.high) for each in sides]
    told = [each for each in own if math.isfinite(each.value)]
    if not told or not (repeats or claim.low < claim.high):
        return ""
    line = axis.spanning(told, told[0].margins)
    foot = TOP + APART * (len(told) - 1) + BELOW
    ends = f"M{axis.EDGE} {foot}H{axis.WIDTH - axis.EDGE}"
    parts = [f'<path class="foot" d="{ends}"/>']
    parts += [
        f'<path class="margin" d="M{line.across(each)} 0V{foot}"/>' for each in told[0].margins
    ]
    for place, each in enumerate(told):
        kind = "own" if each is own[0] else "other"
        parts.append(axis.interval(each, line, TOP + APART * place, kind))
    return (
        f'<svg class="repeats" viewBox="0 0 {axis.WIDTH} {foot + 2}" aria-hidden="true">'
        f"{''.join(parts)}</svg>"
    )


def _outcome(claim: Claim, value: float, low: float, high: float) -> Outcome:
    return Outcome(
        claim.experiment, claim.verdict, value, low, high, claim.unit, claim.n, claim.kind,
        claim.margin,
    )  # fmt: skip
