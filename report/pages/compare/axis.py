"""Two values with their intervals on one axis, with the margin: a small drawing for a page."""

import math
from dataclasses import dataclass

from analysis.claims.against.account import Outcome
from analysis.claims.against.comparison import ROUNDING
from report.words import numbers

WIDTH, HEIGHT = 320, 64
EDGE = 12
"""From the sides of the drawing to the ends of the axis."""
ROWS = (14, 30)
"""How far down the earlier and the later value lie."""
FOOT = 42
LABEL = 56
APART = 70
"""How far two labels must be apart, for both to be read."""


@dataclass(frozen=True)
class Axis:
    """The part of the real line that a drawing shows, from `low` to `high`."""

    low: float
    high: float

    def across(self, value: float) -> str:
        """Return how far to the right a value lies."""
        share = (value - self.low) / (self.high - self.low)
        return f"{EDGE + share * (WIDTH - 2 * EDGE):.1f}"


def svg(before: Outcome | None, after: Outcome | None) -> str:
    """Return the drawing as SVG, its colours left to a style sheet; nothing without a value.

    The earlier value is a ring, the later one a dot; margins are broken lines.
    """
    sides = [each for each in (before, after) if each is not None]
    told = [each for each in sides if math.isfinite(each.value)]
    if not told:
        return ""
    margins = sides[-1].margins
    axis = spanning(told, margins)
    parts = [f'<path class="foot" d="M{EDGE} {FOOT}H{WIDTH - EDGE}"/>']
    parts += [f'<path class="margin" d="M{axis.across(each)} 4V{FOOT}"/>' for each in margins]
    for side, row, kind in zip((before, after), ROWS, ("before", "after"), strict=True):
        if side is not None and math.isfinite(side.value):
            parts.append(interval(side, axis, row, kind))
    parts += _labels(told, margins, axis)
    return (
        f'<svg class="axis" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}" '
        f'aria-hidden="true">{"".join(parts)}</svg>'
    )


def spanning(told: list[Outcome], margins: tuple[float, ...]) -> Axis:
    """Return an axis that shows all values, intervals and margins.

    Where they differ by less than publishing rounds away, all of them lie in its middle.
    """
    ends = [end for each in told for end in (each.value, each.low, each.high)]
    shown = [each for each in (*ends, *margins) if math.isfinite(each)]
    low, high = min(shown), max(shown)
    apart, size = high - low, max(abs(low), abs(high))
    room = 0.04 * apart if apart > ROUNDING * size else 0.1 * size or 1.0
    return Axis(low - room, high + room)


def interval(side: Outcome, axis: Axis, row: int, kind: str) -> str:
    """Return a value with its interval, if it has one, at a row of the drawing."""
    ends = (side.low, side.high)
    bar = ""
    if all(map(math.isfinite, ends)):
        left, right = map(axis.across, ends)
        bar = f'<path d="M{left} {row}H{right}M{left} {row - 4}v8M{right} {row - 4}v8"/>'
    return f'<g class="{kind}">{bar}<circle cx="{axis.across(side.value)}" cy="{row}" r="4"/></g>'


def _labels(told: list[Outcome], margins: tuple[float, ...], axis: Axis) -> list[str]:
    """The margins in numbers; where there is none, the values."""
    marked = [(each, f"margin {numbers.exact(each)}") for each in margins]
    values = [(each.value, numbers.magnitude(each.value)) for each in told]
    placed, labels = list[float](), list[str]()
    for value, words in marked or values:
        place = float(axis.across(value))
        if any(abs(place - other) < APART for other in placed):
            continue
        placed.append(place)
        anchor = "start" if place < 50 else "end" if place > WIDTH - 50 else "middle"
        labels.append(f'<text x="{place:.1f}" y="{LABEL}" text-anchor="{anchor}">{words}</text>')
    return labels
