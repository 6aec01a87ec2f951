"""A history as a small line: the path of an SVG, in few bytes, on a scale that rows share."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

WIDTH = 120
HEIGHT = 28
"""Units of the drawing; about two to a pixel, so that whole ones are fine enough."""
DECADES = 12
"""How far below its top a scale reaches: what is smaller, or zero, lies on its foot."""


@dataclass(frozen=True)
class Scale:
    """From the lowest to the highest value, logarithmic; and from the first place to the last."""

    first: float
    last: float
    low: float
    high: float

    def across(self, place: float) -> int:
        """Return how far to the right a place is; the middle where there is only one."""
        share = (place - self.first) / (self.last - self.first) if self.last > self.first else 0.5
        return round(WIDTH * share)

    def down(self, value: float) -> int:
        """Return how far below the top a value is; the middle where all are equal."""
        if self.high <= self.low:
            return HEIGHT // 2
        above = math.log(max(value, self.low) / self.low) / math.log(self.high / self.low)
        return round(HEIGHT * (1 - above))


def scale(places: Iterable[float], values: Iterable[float]) -> Scale:
    """Return the scale on which all of these places and values lie."""
    xs = list(places)
    positive = [value for value in values if math.isfinite(value) and value > 0]
    high = max(positive, default=1.0)
    low = max(min(positive, default=1.0), high * 10.0**-DECADES)
    return Scale(min(xs, default=0.0), max(xs, default=0.0), low, high)


def path(places: Sequence[float], values: Sequence[float], scale: Scale) -> str:
    """Return the path of a line through the finite values; a dot for one, nothing for none."""
    points = [
        (scale.across(place), scale.down(value))
        for place, value in zip(places, values, strict=True)
        if math.isfinite(value)
    ]
    if not points:
        return ""
    (x, y), *others = points
    start, steps = f"M{x} {y}", []
    for across, down in others:
        if (across, down) != (x, y):
            steps += [across - x, down - y]
        x, y = across, down
    drawn = "l" + " ".join(map(str, steps)).replace(" -", "-") if steps else "h0"
    return start + drawn
