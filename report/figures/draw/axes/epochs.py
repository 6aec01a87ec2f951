"""Courses over epochs: a line a variant in the range of its seeds, and what sets them apart."""

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from analysis.results import select
from analysis.results.frames import Results
from report.figures.draw import layout, longform, readings, style
from report.figures.draw.axes import differences, scales
from report.figures.draw.readings import Sheet
from report.figures.draw.style import VariantStyle
from report.words import counts

MARKERS = 3
"""Markers on a curve, about; those of neighbouring variants stand on different epochs."""
TURNS = 4
"""In which the seeds of all variants are drawn."""


def columns(
    data: pd.DataFrame, shown: Sequence[str], ratios: Sequence[float]
) -> tuple[Sheet, list[list[Axes]], list[Axes]]:
    """A sheet, and for each quantity its panels from above, and the one for differences, if any.

    What is shown alone takes the room of all.
    """
    differs = bool((data["kind"] == differences.DIFFERENCE).any())
    sheet = layout.new_sheet((4.3 if differs else 3.2) * (1.3 if layout.narrow() else 1))
    heights = [*ratios, *([0.6 * sum(ratios)] if differs else [])]
    rows = len(heights)
    if layout.narrow():
        layout.grow(sheet, len(shown))
        grid = sheet.figure.subplots(
            rows * len(shown), 1, squeeze=False, sharex=True, height_ratios=heights * len(shown)
        )
        whole = [list(grid[at : at + rows, 0]) for at in range(0, len(grid), rows)]
    else:
        grid = sheet.figure.subplots(
            rows, len(shown), squeeze=False, sharex=True, sharey="row", height_ratios=heights
        )
        whole = [list(column) for column in grid.T]
    return sheet, [each[: len(ratios)] for each in whole], [each[-1] for each in whole if differs]


def draw_differences(
    sheet: Sheet,
    below: Sequence[Axes],
    data: pd.DataFrame,
    shown: Sequence[str],
    results: Results,
    experiment: str,
    write: Callable[[float], str],
) -> list[str]:
    """Draw how far variants are from one of them; return a sentence on those too far away."""
    if not below:
        return []
    own = difference_rows(data, shown)
    near, far = differences.shown(own)
    looks = style.looks(results, experiment)
    characters = layout.title_characters() // (1 if layout.narrow() else len(shown))
    for axes, (_, table) in zip(below, near.groupby("quantity", sort=False), strict=True):
        axes.set_title(layout.wrapped(differences.title(table), characters))
        differences.draw(sheet, axes, table, "epoch", looks, write)
        axes.yaxis.set_major_locator(MaxNLocator(nbins=3 if layout.narrow() else 4))
    return [f"Too far off for the differences: {counts.listed(far)}."] if far else []


def difference_rows(data: pd.DataFrame, shown: Sequence[str]) -> pd.DataFrame:
    """The differences of these quantities."""
    own = data[data["kind"] == differences.DIFFERENCE]
    names = tuple(f"{quantity.split(' (')[0]} minus" for quantity in shown)
    return own[own["quantity"].str.startswith(names)]


def draw_courses(
    sheet: Sheet,
    axes: Axes,
    table: pd.DataFrame,
    results: Results,
    experiment: str,
    write: Callable[[float], str],
) -> None:
    """Draw the mean of each variant over epochs in the range of its seeds, with readings."""
    last = last_epoch(results, experiment)
    every = max(1, last // MARKERS)
    looks = style.looks(results, experiment)
    for place, (name, look) in enumerate(looks.items()):
        own = table[table["variant"] == name]
        rows = longform.of(own, longform.MEAN)
        rows = rows[rows["n"] > 0]
        if rows.empty:
            continue
        # Side by side: with one epoch there is a point and no curve to tell variants apart.
        aside = 0.1 * (place - (len(looks) - 1) / 2) if last == 1 else 0.0
        band = axes.fill_between(
            rows["epoch"] + aside, rows["minimum"], rows["maximum"], color=look.colour, alpha=0.18,
            lw=0,
        )  # fmt: skip
        _draw_seeds(axes, longform.of(own, longform.SEED), look, aside, name)
        (line,) = axes.plot(
            rows["epoch"] + aside, rows["value"], color=look.colour, linestyle=look.dash,
            marker=look.marker, markevery=(place % every, every), label=name, zorder=2.5,
        )  # fmt: skip
        layout.tag(band, name, "band")
        layout.tag(line, name)
        places = (rows["epoch"] + aside).tolist()
        sheet.note_middles(axes, rows, readings.points(rows, "epoch", "Epoch", write, at=places))
        _mark_divergence(axes, rows, look, name, _first_divergence(results, experiment, name))


def _draw_seeds(
    axes: Axes, rows: pd.DataFrame, look: VariantStyle, aside: float, name: str
) -> None:
    """A thin line a seed, few artists for all: a page shows them in place of the band on demand.

    Those of the variants lie upon each other in turns, so that none covers all of another.
    """
    courses = [own[["epoch", "value"]].to_numpy(dtype=float) for _, own in rows.groupby("seed")]
    gap = np.full((1, 2), np.nan)
    for turn in range(min(TURNS, len(courses))):
        line = np.concatenate([part for course in courses[turn::TURNS] for part in (course, gap)])
        (drawn,) = axes.plot(
            line[:, 0] + aside, line[:, 1], color=look.colour, lw=0.7, zorder=2 + 0.01 * turn
        )
        layout.tag(drawn, name, "seeds")


def _mark_divergence(
    axes: Axes, rows: pd.DataFrame, look: VariantStyle, name: str, epoch: int | None
) -> None:
    """A cross on the last mean that all of the variant's runs still had."""
    whole = rows[rows["epoch"] < epoch] if epoch else rows.iloc[:0]
    if not whole.empty:
        last = whole.iloc[-1]
        (cross,) = axes.plot(
            [last["epoch"]], [last["value"]], marker="x", markersize=9, mew=2, color=look.colour
        )
        layout.tag(cross, name)


def _first_divergence(results: Results, experiment: str, name: str) -> int | None:
    runs = select.rows(results, "runs", experiment)
    own = (runs["variant"] == name) & (runs["status"] == "diverged")
    lost = runs.loc[own, "diverged_epoch"]
    return int(lost.min()) if len(lost) else None


def last_epoch(results: Results, experiment: str) -> int:
    """Return for how many epochs an experiment trains."""
    return int(select.rows(results, "epochs", experiment)["epoch"].max())


def finish_courses(figure: Figure, results: Results, experiment: str, notes: Sequence[str]) -> None:
    """Name epochs below the lowest panels, and add the legend and the notes."""
    last = last_epoch(results, experiment)
    for axes in figure.axes:
        scales.integer_axis(axes, last)
        place = axes.get_subplotspec()
        if place is not None and place.is_last_row():
            axes.set_xlabel("Epoch")
    looks = style.looks(results, experiment)
    layout.add_legend(figure, layout.handles(looks))
    runs = select.rows(results, "runs", experiment)
    layout.add_notes(figure, [*notes, *counts.divergences(runs, mark="× ")])
