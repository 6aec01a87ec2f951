"""Sheets, panels, legend and notes, and what fits where."""

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any, NamedTuple, cast

import matplotlib.style
import numpy as np
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from analysis.study.names import slug
from report.figures.draw.readings import Sheet
from report.figures.draw.style import INK, SETTINGS, WIDTH, VariantStyle

LINE_CHARACTERS = 16.5
"""In an inch of a line."""
ROW_SHARE = 0.64
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
def styled(width: float = WIDTH, text: str = "path") -> Iterator[None]:
    """The project's settings on top of matplotlib's own defaults, whatever the reader's are.

    `width` is that of new sheets in inches; `text` is how an SVG has text: as "path", which every
    program draws alike, or as "none" but text, in the faces of the page around it.
    """
    own = {**SETTINGS, "figure.figsize": (width, width), "svg.fonttype": text}
    with matplotlib.style.context(["default", own]):
        yield


def across() -> float:
    """Return the width of a new sheet in inches, as the style in use has it."""
    return float(matplotlib.rcParams["figure.figsize"][0])


def narrow() -> bool:
    """Return whether what is drawn is for a phone: panels stand below each other."""
    return across() < WIDTH


def across_characters() -> int:
    """Return about how many characters of a sentence a line of a new sheet has room for."""
    return int(LINE_CHARACTERS * across())


def title_characters() -> int:
    """Return about how many a line has room for that begins at the axes, beside their labels."""
    return int(LINE_CHARACTERS * (across() - 0.45))


def new_sheet(height: float) -> Sheet:
    """Return an empty sheet of the width in use; height in inches.

    Its pixels are the units of its SVG, so that places known once it is saved are places there.
    """
    return Sheet(Figure(figsize=(across(), height), dpi=72, layout="constrained"))


def panels(sheet: Sheet, titles: Sequence[str], **shared: Any) -> list[Axes]:
    """Return a panel for each title, side by side, or below each other on a narrow sheet.

    `shared` is what matplotlib's `subplots` takes, such as sharey.
    """
    count = len(titles)
    if narrow():
        grow(sheet, count)
    shape = (count, 1) if narrow() else (1, count)
    grid = list(sheet.figure.subplots(*shape, squeeze=False, **shared).flat)
    for axes, title in zip(grid, titles, strict=True):
        axes.set_title(title)
    return grid


def grow(sheet: Sheet, rows: int) -> None:
    """Make a sheet of one row of panels as high as so many need, each somewhat lower than it."""
    if rows > 1:
        sheet.figure.set_figheight(ROW_SHARE * rows * sheet.figure.get_figheight())


def name_x(grid: Sequence[Axes], name: str) -> None:
    """Name the x axes of panels: that of each where they stand side by side, else the lowest."""
    for axes in grid[-1:] if narrow() else grid:
        axes.set_xlabel(name)


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
    columns = max(1, int((across() - 0.1) / (0.48 + 0.063 * longest)))
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
        lines = [line for note in notes for line in balanced(note, across_characters())]
        figure.supxlabel("\n".join(lines), x=0.01, ha="left", color=INK)


def drawn(figure: Figure, looks: Mapping[str, VariantStyle]) -> dict[str, VariantStyle]:
    """Return those variants of which the panels have a tagged line."""
    found = {line.get_gid() for axes in figure.axes for line in axes.lines}
    return {name: look for name, look in looks.items() if f"variant-{slug(name)}" in found}


def tag(artist: Artist, variant: str, part: str = "") -> None:
    """Mark an artist as a variant's, for the page to find it.

    `part` is "cell", the ground of a number, or how it shows the spread over seeds, where there are
    two ways: "band" or "seeds".
    """
    artist.set_gid(f"variant-{slug(variant)}" + (f"--{part}" if part else ""))
