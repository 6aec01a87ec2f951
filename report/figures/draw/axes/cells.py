"""The cells of a heat map: a rectangle in the colour of a mean, with its number, and its reading.

Colours of a cell are the same on a light and a dark page; curves and ticks follow the page.
"""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.colors import to_hex, to_rgb
from matplotlib.patches import Rectangle
from matplotlib.ticker import NullLocator

from analysis.statistics.estimates import Floats
from report.figures.draw import layout, readings
from report.figures.draw.axes import scales
from report.figures.draw.readings import Point, Sheet
from report.figures.draw.style import INK, MUTED, PAPER
from report.words import numbers

Row = Mapping[Hashable, Any]
Place = tuple[float, float]

COLOURS = "cividis"
"""Even steps of lightness, the same to every eye, blue for what is stuck, yellow for what works."""
WHITE, BLACK = "#ffffff", "#000000"
"""Of these two one has a contrast of 4.5 or more to any colour, which no softer pair has."""
Box = tuple[float, float, float, float]
"""Left, lower, right and upper edge of a cell."""


def draw(axes: Axes, box: Box, row: Row, middle: Place) -> None:
    """Draw a rectangle in the colour of the mean with its number, a cross if every run diverged."""
    known = bool(row["n"])
    value = row["value"] if known else np.nan
    fill = to_hex(colormaps[COLOURS](value / 100.0)) if known else "none"
    left, low, right, high = box
    cell = axes.add_patch(
        Rectangle((left, low), right - left, high - low, facecolor=fill, edgecolor=PAPER, lw=1)
    )
    ink = inked(fill) if known else INK
    # The number has a ground of its own, where a curve would run through it.
    ground = {"facecolor": fill if known else PAPER, "edgecolor": "none", "pad": 1.5}
    text = axes.text(
        *middle, _number(row, value), color=ink, ha="center", va="center_baseline",
        bbox=ground, zorder=8,
    )  # fmt: skip
    layout.tag(cell, str(row["variant"]), "cell")
    layout.tag(text, str(row["variant"]))


def inked(fill: str) -> str:
    """Return the colour of a number on a ground: that of black and white which stands out more."""
    return max((WHITE, BLACK), key=lambda each: contrast(each, fill))


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, from 1 to 21, as WCAG 2.2 defines it."""
    low, high = sorted(map(_luminance, (one, other)))
    return (high + 0.05) / (low + 0.05)


def _luminance(colour: str) -> float:
    channels = np.array(to_rgb(colour))
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def _number(row: Row, value: float) -> str:
    if not row["n"]:
        return "×"
    return numbers.fixed(value, 0) + ("*" if row["diverged"] else "")


def note(
    sheet: Sheet,
    axes: Axes,
    row: Row,
    middle: Place,
    at: str,
    panel: str,
) -> None:
    """Note what a cell says, whose number is rounded to a percent in the drawing."""
    known = bool(row["n"])
    says = numbers.percent(row["value"]) if known else "diverged"
    reach = readings.span(row["minimum"], row["maximum"], numbers.percent)
    lost = f"{int(row['diverged'])} diverged" if known and row["diverged"] else ""
    seeds = f"seeds from {reach}" if reach else ""
    beside = [readings.middle_of(row["n"]) if known else "in every run", seeds, lost]
    read = Point(*middle, at, says, ", ".join(filter(None, beside)))
    sheet.note(axes, str(row["variant"]), panel, "", [read])


def places(values: Sequence[float] | Floats, known: Sequence[float]) -> Floats:
    """Return where values of a log axis lie among cells of one size, the first of which is at 0.

    Between the middles and the edges of cells it is even in the logarithm, and beyond them as well.
    """
    marks = np.empty(2 * len(known) + 1)
    marks[0::2], marks[1::2] = np.log(edges(known)), np.log(known)
    at = np.arange(marks.size) / 2 - 0.5
    logs = np.log(np.asarray(values, dtype=float))
    below, above = (0.5 / (marks[1] - marks[0])), (0.5 / (marks[-1] - marks[-2]))
    inside = np.interp(logs, marks, at)
    beyond = np.minimum(logs - marks[0], 0) * below + np.maximum(logs - marks[-1], 0) * above
    return np.asarray(inside + beyond)


def edges(values: Sequence[float]) -> Floats:
    """Return the edges of cells on a log axis, one more than there are values.

    They are halfway between neighbours; a lone value gets a factor of two.
    """
    places = np.log(np.asarray(values, dtype=float))
    if places.size == 1:
        places = places[0] + np.log(2) * np.array([-1.0, 0.0, 1.0])
        return np.asarray(np.exp((places[1:] + places[:-1]) / 2))
    inner = (places[1:] + places[:-1]) / 2
    first, last = 2 * places[0] - inner[0], 2 * places[-1] - inner[-1]
    return np.asarray(np.exp(np.concatenate([[first], inner, [last]])))


def bare(axes: Axes, x: scales.Span, y: scales.Span) -> None:
    """Take grid, spines and long ticks from the axes: the cells are the drawing."""
    axes.set_xlim(x)
    axes.set_ylim(y)
    axes.grid(visible=False)
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_minor_locator(NullLocator())
    axes.spines[["left", "bottom"]].set_visible(False)
    axes.tick_params(length=2, color=MUTED)
