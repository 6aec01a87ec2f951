"""What a reader can read off a figure: the place of each thing drawn, and what it says there.

A painter notes its points in the coordinates of the axes it draws on, from the rows that it draws.
Once the figure is laid out, the places are known in the user units of its SVG.
"""

import json
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import NamedTuple

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.transforms import Transform

from analysis.study.names import slug
from report.words import numbers

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


@dataclass(frozen=True, eq=False)
class Sheet:
    """A figure, and what can be read off it: the series noted on each of its axes."""

    figure: Figure
    noted: dict[Axes, list[Series]] = field(default_factory=dict)

    def note(
        self,
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
        listed = self.noted.setdefault(axes, [])
        last = listed[-1] if listed else None
        if last and replace(last, points=kept) == series:
            listed[-1] = replace(last, points=last.points + kept)
        elif kept:
            listed.append(series)

    def note_middles(
        self, axes: Axes, rows: pd.DataFrame, points: Iterable[Point], panel: str = ""
    ) -> None:
        """Note means or medians over seeds, a point a row, of a panel if there are several."""
        for row, point in zip(rows.to_dict("records"), points, strict=True):
            name = ", ".join(filter(None, [str(row["quantity"]), panel]))
            what = middle_of(row["n"], str(row["kind"]))
            self.note(axes, str(row["variant"]), name, what, [point])

    def series(self) -> list[Series]:
        """Return what has been noted, the axes in the order in which one reads them."""

        def reading(axes: Axes) -> tuple[float, float]:
            place = axes.get_position()
            return -round(place.y1, 2), place.x0

        ordered = sorted(self.figure.axes, key=reading)
        return [series for axes in ordered for series in self.noted.get(axes, [])]

    def places(self, series: Series) -> list[tuple[float, float]]:
        """Return the places of a series in user units of the SVG, from its upper left corner.

        Right once the figure has been laid out, that is after it has been drawn or saved.
        """
        pixels = series.transform.transform([(each.x, each.y) for each in series.points])
        scale = UNITS / self.figure.dpi
        height = self.figure.bbox.height
        return [(float(x) * scale, (height - float(y)) * scale) for x, y in pixels]

    def as_json(self) -> str:
        """Return what the page's script reads, compact: a list of series.

        v: slug of the variant, n: its name, p: panel, w: what a point is, at: places x, y, x, y …
        in user units to a tenth, a: where on the x axis, b: values, r: ranges (absent where none
        has one).
        """
        return _compact([self._entry(series) for series in self.series()])

    def places_as_json(self, like: "Sheet") -> str:
        """Return what `as_json` does, for a second drawing of what another sheet shows.

        What that sheet says in the same words is not said again: such a series is its place in the
        list there, as `of`, and its own places as `at`.
        """
        known = [like._entry(series) | {"at": None} for series in like.series()]
        listed = []
        for entry in (self._entry(series) for series in self.series()):
            words = entry | {"at": None}
            told = {"of": known.index(words), "at": entry["at"]} if words in known else entry
            listed.append(told)
        return _compact(listed)

    def _entry(self, series: Series) -> dict[str, object]:
        entry: dict[str, object] = {
            "v": slug(series.variant),
            "n": series.variant,
            "p": series.panel.replace("\n", " "),
            "w": series.what,
            "at": [_tenth(each) for place in self.places(series) for each in place],
            "a": [each.at for each in series.points],
            "b": [each.says for each in series.points],
        }
        if any(each.range for each in series.points):
            entry["r"] = [each.range for each in series.points]
        return entry


def _compact(listed: Sequence[Mapping[str, object]]) -> str:
    text = json.dumps(listed, ensure_ascii=False, separators=(",", ":"))
    return text.replace("<", "\\u003c")


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
            float(place), float(row["value"]), f"{label} {numbers.exact(row[x])}",
            write(row["value"]),
            span(row.get("minimum", math.nan), row.get("maximum", math.nan), write),
        )
        for place, row in zip(places, rows.to_dict("records"), strict=True)
    ]  # fmt: skip


def span(low: float, high: float, write: Callable[[float], str]) -> str:
    """Return "low to high", or nothing where the two are the same or not known."""
    if not (math.isfinite(low) and math.isfinite(high)) or low == high:
        return ""
    return f"{write(low)} to {write(high)}"


def middle_of(n: float, kind: str = "mean") -> str:
    """Return what a mean, or a median, is one of; a lone seed is neither."""
    return "one seed" if n == 1 else f"{kind} of {int(n)} seeds"


def size(value: float) -> str:
    """Return a number of any size in four digits."""
    return numbers.magnitude(value, 4)


def _tenth(value: float) -> float | int:
    rounded = round(value, 1)
    return int(rounded) if rounded == int(rounded) else rounded
