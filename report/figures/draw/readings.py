"""What a reader can read off a figure: the place of each thing drawn, and what it says there.

A painter notes its points in the coordinates of the axes it draws on, from the rows that it draws.
Once the figure is laid out, the places are known in the user units of its SVG.
"""

import json
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple
from weakref import WeakKeyDictionary

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.transforms import Transform

from analysis.study.names import slug
from report.words.numbers import MINUS, power

UNITS = 72.0
"""User units of an SVG in an inch."""


class Point(NamedTuple):
    """A place in an axes, what stands there on the x axis, the value, and its range if known."""

    x: float
    y: float
    at: str
    says: str
    range: str = ""


@dataclass(frozen=True)
class Series:
    """Points that belong together, in the order in which one steps through them.

    `panel` names the quantity, `what` says what a point is, such as "mean of 20 seeds".
    """

    variant: str
    panel: str
    what: str
    points: tuple[Point, ...]
    transform: Transform


# Kept beside the axes and not on them: matplotlib's classes have no room for the notes of others.
_NOTED: WeakKeyDictionary[Axes, list[Series]] = WeakKeyDictionary()


def note(
    axes: Axes,
    variant: str,
    panel: str,
    what: str,
    points: Iterable[Point],
    transform: Transform | None = None,
) -> None:
    """Note what has been drawn on the axes, in data coordinates unless told otherwise.

    What is noted again of the same variant, panel and kind belongs to the same series.
    """
    kept = tuple(each for each in points if math.isfinite(each.x) and math.isfinite(each.y))
    series = Series(variant, panel, what, kept, transform or axes.transData)
    listed = _NOTED.setdefault(axes, [])
    last = listed[-1] if listed else None
    if last and replace(last, points=kept) == series:
        listed[-1] = replace(last, points=last.points + kept)
    elif kept:
        listed.append(series)


def points(
    rows: pd.DataFrame,
    x: str,
    label: str,
    write: Callable[[float], str],
    *,
    at: Sequence[float] | None = None,
) -> list[Point]:
    """Return a point for each row of `value` at column `x`, which `label` names, such as "Epoch".

    The range is that of the seeds where the rows know one; `at` are the places along the x axis if
    they differ from the values.
    """
    places = rows[x].tolist() if at is None else at
    return [
        Point(
            float(place), float(row["value"]), f"{label} {plain(row[x])}", write(row["value"]),
            span(row.get("minimum", math.nan), row.get("maximum", math.nan), write),
        )
        for place, row in zip(places, rows.to_dict("records"), strict=True)
    ]  # fmt: skip


def span(low: float, high: float, write: Callable[[float], str]) -> str:
    """Return "low to high", or nothing where the two are the same or not known."""
    if not (math.isfinite(low) and math.isfinite(high)) or low == high:
        return ""
    return f"{write(low)} to {write(high)}"


def mean_of(n: float) -> str:
    """Return what a mean is a mean of; a lone seed is no mean."""
    return "one seed" if n == 1 else f"mean of {int(n)} seeds"


def plain(value: float) -> str:
    """Return a number in four digits, as one writes it: a true minus, powers of ten as such."""
    if value and not 1e-4 <= abs(value) < 1e6:
        exponent = math.floor(math.log10(abs(value)))
        lead = f"{value / 10.0**exponent:.2f}".replace("-", MINUS)
        return f"{lead}\u00a0×\u00a0{power(10.0**exponent)}"
    return f"{value:.4g}".replace("-", MINUS)


def percent(value: float) -> str:
    """Return a percentage in hundredths of a point."""
    return f"{value:.2f}\u00a0%"


def collect(figure: Figure) -> list[Series]:
    """Return the series noted on a figure, its panels in the order in which one reads them."""

    def reading(axes: Axes) -> tuple[float, float]:
        place = axes.get_position()
        return -round(place.y1, 2), place.x0

    return [series for axes in sorted(figure.axes, key=reading) for series in _NOTED.get(axes, [])]


def placed(figure: Figure, series: Series) -> list[tuple[float, float]]:
    """Return the places of a series in user units of the SVG, from its upper left corner.

    Right once the figure has been laid out, that is after it has been drawn or saved.
    """
    pixels = series.transform.transform([(each.x, each.y) for each in series.points])
    scale = UNITS / figure.dpi
    return [(float(x) * scale, (figure.bbox.height - float(y)) * scale) for x, y in pixels]


def as_json(figure: Figure) -> str:
    """Return what the page's script reads, compact: a list of series.

    v: slug of the variant, n: its name, p: panel, w: what a point is, at: places x, y, x, y … in
    user units to a tenth, a: where on the x axis, b: values, r: ranges (absent where none has one).
    """
    listed = []
    for series in collect(figure):
        entry: dict[str, object] = {
            "v": slug(series.variant),
            "n": series.variant,
            "p": series.panel.replace("\n", " "),
            "w": series.what,
            "at": [_tenth(each) for place in placed(figure, series) for each in place],
            "a": [each.at for each in series.points],
            "b": [each.says for each in series.points],
        }
        if any(each.range for each in series.points):
            entry["r"] = [each.range for each in series.points]
        listed.append(entry)
    return json.dumps(listed, ensure_ascii=False, separators=(",", ":")).replace("<", "\\u003c")


def _tenth(value: float) -> float | int:
    rounded = round(value, 1)
    return int(rounded) if rounded == int(rounded) else rounded
