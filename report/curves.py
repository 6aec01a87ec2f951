"""Figures of what changes over epochs: means over seeds, in bands from lowest to highest."""

from itertools import pairwise

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from analysis import statistics
from analysis.results import Results
from report import descriptions, panels, selection
from report.selection import BASE
from report.style import VariantStyle

PERCENT = 100.0
MARKERS = 3
"""Markers on a curve, about; those of neighbouring variants stand on different epochs."""


def accuracy(results: Results) -> Figure:
    """Return training and validation accuracy over epochs, the axis broken around a wide gap."""
    courses = {
        title: _courses(results, metric, PERCENT)
        for title, metric in (
            ("Training accuracy (%)", "accuracy"),
            ("Validation accuracy (%)", "val_accuracy"),
        )
    }
    every = pd.concat(courses.values())
    reach = every.groupby("variant", observed=True).agg({"minimum": "min", "maximum": "max"})
    bounds = [(float(low), float(high)) for low, high in reach.to_numpy(dtype=float)]
    ranges = panels.spans(bounds, least=2.0)[::-1]
    figure = panels.new_figure(3.6 if len(ranges) == 1 else 4.2)
    grid = figure.subplots(
        len(ranges),
        2,
        sharex=True,
        sharey="row",
        squeeze=False,
        height_ratios=[3.6, 1][: len(ranges)],
    )
    for column, (title, table) in zip(grid.T, courses.items(), strict=True):
        column[0].set_title(title)
        for axes, span in zip(column, ranges, strict=True):
            _draw_courses(axes, _reaching(table, span), results)
            axes.set_ylim(span)
            axes.yaxis.set_major_locator(MaxNLocator(nbins=2 if axes is not column[0] else 6))
        for above, below in pairwise(column):
            above.spines["bottom"].set_visible(False)
            above.tick_params(bottom=False)
            panels.mark_break(below, above, vertical=True)
    return _finish_courses(figure, results)


def loss(results: Results) -> Figure:
    """Return training and validation loss over epochs on a log axis, mean over seeds in a band."""
    figure = panels.new_figure(3.7)
    left, right = figure.subplots(1, 2, sharex=True, sharey=True)
    for axes, metric, title in (
        (left, "loss", "Training loss (nats, log scale)"),
        (right, "val_loss", "Validation loss (nats, log scale)"),
    ):
        axes.set_title(title)
        axes.set_yscale("log", nonpositive="clip")
        _draw_courses(axes, _courses(results, metric, 1.0), results)
    panels.log_axis(left)
    return _finish_courses(figure, results)


def _courses(results: Results, metric: str, factor: float) -> pd.DataFrame:
    """Mean, lowest and highest seed by variant and epoch, in the unit of the axis."""
    epochs = selection.rows(results, "epochs", BASE)
    scaled = epochs.assign(value=epochs[metric] * factor)
    return statistics.summary(scaled, "value", ["variant", "epoch"])


def _reaching(table: pd.DataFrame, span: panels.Span) -> pd.DataFrame:
    """The rows of variants that a panel of this range shows."""
    inside = (table["maximum"] >= span[0]) & (table["minimum"] <= span[1])
    return table[table["variant"].isin(table.loc[inside, "variant"])]


def _draw_courses(axes: Axes, table: pd.DataFrame, results: Results) -> None:
    last = _last_epoch(results)
    every = max(1, last // MARKERS)
    looks = selection.looks(results, BASE)
    for place, (name, look) in enumerate(looks.items()):
        rows = table[(table["variant"] == name) & (table["n"] > 0)]
        if rows.empty:
            continue
        if last == 1:
            # Side by side: with one epoch there is a point and no curve to tell variants apart.
            rows = rows.assign(epoch=1 + 0.1 * (place - (len(looks) - 1) / 2))
        band = axes.fill_between(
            rows["epoch"], rows["minimum"], rows["maximum"], color=look.colour, alpha=0.18, lw=0
        )
        (line,) = axes.plot(
            rows["epoch"], rows["mean"], color=look.colour, linestyle=look.dash,
            marker=look.marker, markevery=(place % every, every), label=name,
        )  # fmt: skip
        panels.tag(band, name)
        panels.tag(line, name)
        _mark_divergence(axes, rows, look, name, _first_divergence(results, name))


def _mark_divergence(
    axes: Axes, rows: pd.DataFrame, look: VariantStyle, name: str, epoch: int | None
) -> None:
    """A cross on the last mean that all of the variant's runs still had."""
    whole = rows[rows["epoch"] < epoch] if epoch else rows.iloc[:0]
    if not whole.empty:
        last = whole.iloc[-1]
        (cross,) = axes.plot(
            [last["epoch"]], [last["mean"]], marker="x", markersize=9, mew=2, color=look.colour
        )
        panels.tag(cross, name)


def _first_divergence(results: Results, name: str) -> int | None:
    runs = selection.rows(results, "runs", BASE)
    own = (runs["variant"] == name) & (runs["status"] == "diverged")
    lost = runs.loc[own, "diverged_epoch"]
    return int(lost.min()) if len(lost) else None


def _last_epoch(results: Results) -> int:
    return int(selection.rows(results, "epochs", BASE)["epoch"].max())


def _finish_courses(figure: Figure, results: Results) -> Figure:
    last = _last_epoch(results)
    for axes in figure.axes:
        panels.integer_axis(axes, last)
        place = axes.get_subplotspec()
        if place is not None and place.is_last_row():
            axes.set_xlabel("Epoch")
    looks = selection.looks(results, BASE)
    panels.add_legend(figure, [panels.handle(look, name) for name, look in looks.items()])
    panels.add_notes(figure, descriptions.divergences(results, BASE, mark="× "))
    return figure
