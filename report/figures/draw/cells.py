"""The cells of a heat map: a rectangle in the colour of a mean, with its number, and its reading.

Colours of a cell are the same on a light and a dark page; curves and ticks follow the page.
"""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import numpy as np
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.patches import Rectangle
from matplotlib.ticker import NullLocator

from analysis.statistics.estimates import Floats
from report.figures.draw import layout, readings
from report.figures.draw.readings import Point, Sheet
from report.figures.draw.style import INK, MUTED, PAPER
from report.words import numbers

Row = Mapping[Hashable, Any]
Place = tuple[float, float]

COLOURS = "cividis"
"""Even steps of lightness, the same to every eye, blue for what is stuck, yellow for what works."""
ON_DARK, ON_LIGHT = "#f6f6f4", "#14151a"
DARK_BELOW = 47.0
"""Percent below which a cell is so dark that light figures stand out more."""
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
    ink = INK if not known else ON_LIGHT if value > DARK_BELOW else ON_DARK
    # The number has a ground of its own, where a curve would run through it.
    ground = {"facecolor": fill if known else PAPER, "edgecolor": "none", "pad": 1.2}
    text = axes.text(
        *middle, _number(row, value), color=ink, ha="center", va="center_baseline", fontsize=9,
        bbox=ground, zorder=8,
    )  # fmt: skip
    for artist in (cell, text):
        layout.tag(artist, str(row["variant"]))


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


def bare(axes: Axes, x: layout.Span, y: layout.Span) -> None:
    """Take grid, spines and long ticks from the axes: the cells are the drawing."""
    axes.set_xlim(x)
    axes.set_ylim(y)
    axes.grid(visible=False)
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_minor_locator(NullLocator())
    axes.spines[["left", "bottom"]].set_visible(False)
    axes.tick_params(length=2, color=MUTED)
