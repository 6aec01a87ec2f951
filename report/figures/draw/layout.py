"""Axes, legend and notes: broken, whole-numbered and logarithmic axes, and what fits where."""

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import pairwise
from typing import Any, NamedTuple, cast

import matplotlib.style
import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import FuncFormatter, LogLocator, MaxNLocator, NullLocator

from analysis.study.names import slug
from report.figures.draw.readings import Sheet
from report.figures.draw.style import INK, MUTED, SETTINGS, WIDTH, VariantStyle
from report.words import numbers

Span = tuple[float, float]

# A gap this large a share of the whole range would squash what lies on either side of it.
BREAK_FROM = 0.4
NOTE_CHARACTERS = 70
LEGEND_NAME = 28
LEGEND_ROW = 0.19
"""Inches of a row."""
LEGEND = "legend-whole"
OTHER = "-other-"
"""Begins the name of an entry that is no variant; no slug begins with a hyphen."""


class Entry(NamedTuple):
    """An entry of a legend: slug of its variant, name, and where its picture is.

    An entry that is no variant has a name of its own in place of a slug, which begins with OTHER.
    `box` is left, top, width and height in points from the upper left corner of the figure.
    """

    slug: str
    name: str
    box: tuple[float, float, float, float]


@contextmanager
def styled() -> Iterator[None]:
    """The project's settings on top of matplotlib's own defaults, whatever the reader's are."""
    with matplotlib.style.context(["default", SETTINGS]):
        yield


def new_sheet(height: float) -> Sheet:
    """Return an empty sheet of the common width; height in inches.

    Its pixels are the units of its SVG, so that places known once it is saved are places there.
    """
    return Sheet(Figure(figsize=(WIDTH, height), dpi=72, layout="constrained"))


def spans(ranges: Sequence[Span], least: float) -> list[Span]:
    """Return one axis range, or two around the widest gap where that would squash the rest.

    `ranges` are lowest and highest value of each variant; every span is padded, and `least` wide.
    """
    known = sorted(r for r in ranges if np.isfinite(r).all())
    if not known:
        return [(0.0, 1.0)]
    merged = [list(known[0])]
    for low, high in known[1:]:
        if low <= merged[-1][1]:
            merged[-1][1] = max(merged[-1][1], high)
        else:
            merged.append([low, high])
    whole = merged[-1][1] - merged[0][0]
    gaps = [after[0] - before[1] for before, after in pairwise(merged)]
    if not gaps or max(gaps) < max(BREAK_FROM * whole, least):
        return [_padded(merged[0][0], merged[-1][1], least)]
    at = int(np.argmax(gaps))
    lower, upper = (merged[0][0], merged[at][1]), (merged[at + 1][0], merged[-1][1])
    return [_padded(*lower, least), _padded(*upper, least)]


def _padded(low: float, high: float, least: float) -> Span:
    room = max(0.06 * (high - low), (least - (high - low)) / 2)
    return low - room, high + room


def mark_break(before: Axes, after: Axes, vertical: bool) -> None:
    """Draw the two strokes of a broken axis between neighbouring panels.

    `before` holds the smaller values: below `after` where the break is vertical, else left of it.
    """
    stroke = [(-1.0, -0.6), (1.0, 0.6)] if vertical else [(-0.6, -1.0), (0.6, 1.0)]
    look: dict[str, Any] = {"marker": stroke, "markersize": 9, "mew": 1.0}
    look |= {"linestyle": "none", "color": MUTED, "clip_on": False}
    place_before = (0.0, 1.0) if vertical else (1.0, 0.0)
    for axes, (x, y) in ((before, place_before), (after, (0.0, 0.0))):
        axes.plot([x], [y], transform=axes.transAxes, scalex=False, scaley=False, **look)


def integer_axis(axes: Axes, last: int) -> None:
    """Epochs 1 to `last` on the x axis, with room for a marker at both ends."""
    room = 0.04 * (last - 1) if last > 1 else 0.5
    axes.set_xlim(1 - room, last + room)
    ticks = MaxNLocator(nbins=5, integer=True, steps=[1, 2, 5, 10]).tick_values(1, last)
    axes.set_xticks([tick for tick in ticks if 1 <= tick <= last and tick == int(tick)])


def few_ticks(axes: Axes, span: Span) -> None:
    """One tick in the middle of a narrow panel, or two where its range is wide."""
    low, high = span
    middle = (low + high) / 2
    if high - low > 2:
        axes.xaxis.set_major_locator(MaxNLocator(nbins=2))
    else:
        axes.set_xticks([middle], [numbers.magnitude(middle, 4)])


def log_axis(axes: Axes) -> None:
    """A logarithmic y axis labelled with plain numbers, the more to a decade the fewer decades."""
    axes.set_yscale("log")
    low, high = axes.get_ylim()
    decades = np.log10(high / low) if low > 0 else 1.0
    subs = [1.0]
    if decades < 3.5:
        subs = [1.0, 2.0, 5.0] if decades >= 1 else [1.0, 1.5, 2.0, 3.0, 5.0, 7.0]
    axes.yaxis.set_major_locator(LogLocator(subs=subs))
    axes.yaxis.set_minor_locator(NullLocator())
    axes.yaxis.set_major_formatter(FuncFormatter(lambda value, _: numbers.exact(value)))


def decade_axis(axes: Axes) -> None:
    """A logarithmic y axis over many decades, marked at few round powers of ten."""
    axes.set_yscale("log")
    low, high = np.log10(axes.get_ylim())
    if high - low < 3:
        log_axis(axes)
        return
    step = next(each for each in (1, 2, 5, 10, 20, 50, 100) if (high - low) / each < 6)
    first = int(np.ceil(low / step))
    exponents = [step * place for place in range(first, int(np.floor(high / step)) + 1)]
    axes.set_yticks(
        [10.0**each for each in exponents], [numbers.power(10.0**each) for each in exponents]
    )
    axes.yaxis.set_minor_locator(NullLocator())


def side_by_side(sheet: Sheet, titles: Sequence[str]) -> list[Axes]:
    """Return a panel for each title, of one y axis."""
    grid = sheet.figure.subplots(1, len(titles), sharey=True, squeeze=False)[0]
    for axes, title in zip(grid, titles, strict=True):
        axes.set_title(title)
    return list(grid)


def room_above(axes: Axes, share: float) -> None:
    """Widen the y axis upwards by a share of its range."""
    low, high = axes.get_ylim()
    axes.set_ylim(low, high + share * (high - low))


def mark_level(axes: Axes, value: float, name: str = "", *, left: bool = False) -> None:
    """A dashed line across a panel at a value, with its name at the right, or at the left."""
    axes.axhline(value, color=MUTED, linewidth=0.8, linestyle=(0, (4, 3)))
    axes.annotate(
        name, (0 if left else 1, value), xycoords=("axes fraction", "data"),
        ha="left" if left else "right", va="bottom", xytext=(3 if left else 0, 3),
        textcoords="offset points", fontsize=9,
    )  # fmt: skip


def plain_decades(axes: Axes) -> None:
    """Label the decades of a logarithmic x axis with plain numbers."""
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: numbers.exact(value)))


def error_axis(axes: Axes, shown: pd.Series) -> None:
    """Accuracy in percent on a log scale of the error, so that 97 and 98 % stand apart."""
    axes.set_yscale("function", functions=(_to_error, _from_error))
    low, high = (float(shown.min()), float(shown.max())) if len(shown) else (0.0, 99.0)
    ticks = [t for t in (10, 50, 80, 90, 95, 97, 98, 99, 99.5) if low - 5 <= t <= high + 0.5]
    axes.set_ylim(max(0.0, low - 3), min(99.9, 100 - 0.75 * (100 - high)))
    axes.set_yticks(ticks, [numbers.exact(tick) for tick in ticks])
    axes.set_ylabel("Test accuracy (%, log of error)")


def _to_error(accuracy: Any) -> Any:
    return -np.log10(np.maximum(100.0 - np.asarray(accuracy, dtype=float), 1e-3))


def _from_error(place: Any) -> Any:
    return 100.0 - np.power(10.0, -np.asarray(place, dtype=float))


def handle(look: VariantStyle, label: str, line: bool = True) -> Line2D:
    """A legend's picture of a variant."""
    return Line2D(
        [],
        [],
        color=look.colour,
        marker=look.marker,
        linestyle=cast(Any, look.dash if line else ""),
        label=wrapped(label, LEGEND_NAME),
        gid=f"legend-{slug(label)}",
    )


def handles(looks: Mapping[str, VariantStyle], line: bool = True) -> list[Line2D]:
    """A legend's pictures of variants."""
    return [handle(look, name, line) for name, look in looks.items()]


def add_legend(figure: Figure, handles: Sequence[Line2D]) -> None:
    """One legend above all panels, in as many columns as its longest name lets fit."""
    names = [str(each.get_label()).split("\n") for each in handles]
    longest = max((len(line) for name in names for line in name), default=1)
    columns = max(1, int((WIDTH - 0.1) / (0.55 + 0.082 * longest)))
    rows = -(-len(handles) // columns)
    lines = sum(max(map(len, names[row::rows])) for row in range(rows))  # it is filled downwards
    # What a long legend takes, the panels below it do not lose.
    figure.set_figheight(figure.get_figheight() + LEGEND_ROW * max(0, lines - 2))
    legend = figure.legend(
        handles=list(handles), loc="outside upper left", ncols=-(-len(handles) // rows)
    )
    legend.set_gid(LEGEND)
    parts = zip(legend.get_lines(), legend.get_texts(), handles, strict=True)
    for place, (drawn, text, source) in enumerate(parts):
        name = source.get_gid() or f"legend-{OTHER}{place}"
        drawn.set_gid(name)
        text.set_gid(name)


def legend_entries(figure: Figure) -> list[Entry]:
    """Return what the legend of a figure that has been laid out holds, in its order."""
    if not figure.legends:
        return []
    legend = figure.legends[0]
    return [
        Entry(
            str(line.get_gid() or "").removeprefix("legend-"),
            " ".join(text.get_text().split()),
            _box(figure, line),
        )
        for line, text in zip(legend.get_lines(), legend.get_texts(), strict=True)
    ]


def legend_height(figure: Figure) -> float:
    """Return how far the legend reaches down from the upper edge, in points; 0 without one."""
    if not figure.legends:
        return 0.0
    box = figure.legends[0].get_window_extent()
    return float(figure.bbox.height - box.y0)


def _box(figure: Figure, line: Line2D) -> tuple[float, float, float, float]:
    """Left, top, width and height of a picture in the legend, in points, with room for markers."""
    ends = np.asarray(line.get_transform().transform(line.get_xydata()))
    left, right = float(ends[:, 0].min()), float(ends[:, 0].max())
    middle = figure.bbox.height - float(ends[:, 1].mean())
    return left - 4, middle - 6, right - left + 8, 12


def balanced(text: str, most: int) -> list[str]:
    """The text in as few lines as `most` characters allow, all about as long as each other."""
    fewest = len(textwrap.wrap(text, most))
    widths = range(max(map(len, text.split())), most + 1)
    return next(
        (lines for each in widths if len(lines := textwrap.wrap(text, each)) == fewest),
        textwrap.wrap(text, most),
    )


def wrapped(text: str, width: int) -> str:
    """The text in lines of at most `width` characters."""
    return "\n".join(textwrap.wrap(text, width))


def add_notes(figure: Figure, notes: Sequence[str]) -> None:
    """Sentences below all panels, one a line, wrapped to the figure's width."""
    if notes:
        lines = [line for note in notes for line in balanced(note, NOTE_CHARACTERS)]
        figure.supxlabel("\n".join(lines), x=0.01, ha="left", fontsize=9, color=INK)


def tag(artist: Artist, variant: str, spread: str = "") -> None:
    """Mark an artist as a variant's, for the page to find it.

    `spread` says how it shows the spread over seeds, if there are two ways: "band" or "seeds".
    """
    artist.set_gid(f"variant-{slug(variant)}" + (f"--{spread}" if spread else ""))
