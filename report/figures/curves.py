"""Accuracy and loss over epochs: means over seeds, in bands from lowest to highest."""

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from analysis.results import select
from analysis.results.frames import Results
from analysis.study.model import BASE
from report.figures.draw import layout, longform, readings, style
from report.figures.draw.definition import Definition, views
from report.figures.draw.readings import Sheet
from report.figures.draw.style import VariantStyle
from report.words import counts, numbers
from report.words.metrics import METRICS
from report.words.numbers import PERCENT

FASHION = "fashion"
MARKERS = 3
"""Markers on a curve, about; those of neighbouring variants stand on different epochs."""


ACCURACY = (
    ("training", "accuracy", METRICS["accuracy"].quantity),
    ("validation", "val_accuracy", METRICS["val_accuracy"].quantity),
)
LOSS = (
    ("training", "loss", METRICS["loss"].quantity),
    ("validation", "val_loss", METRICS["val_loss"].quantity),
)
"""What a figure of courses shows: the name of a panel, a column of the epochs, and its quantity."""


def accuracy_data(results: Results) -> pd.DataFrame:
    """Return accuracies in percent by variant and epoch: means over seeds, and every seed."""
    return _courses(results, BASE, ACCURACY, PERCENT)


def accuracy(results: Results, data: pd.DataFrame, only: str = "") -> Sheet:
    """Return training and validation accuracy over epochs, the axis broken around a wide gap.

    `only` is "training" or "validation" for one of the two; its axis is then the same.
    """
    reach = data.groupby("variant", observed=True).agg({"minimum": "min", "maximum": "max"})
    bounds = [(float(low), float(high)) for low, high in reach.to_numpy(dtype=float)]
    ranges = layout.spans(bounds, least=2.0)[::-1]
    shown = [quantity for name, _, quantity in ACCURACY if only in {"", name}]
    sheet = layout.new_sheet(3.4 if len(ranges) == 1 else 4.0)
    grid = sheet.figure.subplots(
        len(ranges),
        len(shown),
        sharex=True,
        sharey="row",
        squeeze=False,
        height_ratios=[3.6, 1][: len(ranges)],
    )
    for column, quantity in zip(grid.T, shown, strict=True):
        table = data[data["quantity"] == quantity]
        column[0].set_title(quantity)
        for axes, span in zip(column, ranges, strict=True):
            _draw_courses(sheet, axes, _reaching(table, span), results, BASE, numbers.percent)
            axes.set_ylim(span)
            axes.yaxis.set_major_locator(MaxNLocator(nbins=2 if axes is not column[0] else 6))
        for above, below in pairwise(column):
            above.spines["bottom"].set_visible(False)
            above.tick_params(bottom=False)
            layout.mark_break(below, above, vertical=True)
    _finish_courses(sheet.figure, results, BASE)
    return sheet


def loss_data(results: Results) -> pd.DataFrame:
    """Return losses in nats by variant and epoch: means over seeds, and every seed."""
    return _courses(results, BASE, LOSS, 1.0)


def loss(results: Results, data: pd.DataFrame, only: str = "") -> Sheet:
    """Return training and validation loss over epochs on a log axis, mean over seeds in a band.

    `only` is "training" or "validation" for one of the two.
    """
    return _losses(results, data, BASE, only)


def fashion_data(results: Results) -> pd.DataFrame:
    """Return losses in nats on Fashion-MNIST, as `loss_data` does those of the base network."""
    return _courses(results, FASHION, LOSS, 1.0)


def fashion(results: Results, data: pd.DataFrame, only: str = "") -> Sheet:
    """Return training and validation loss on Fashion-MNIST, as `loss` does."""
    return _losses(results, data, FASHION, only)


def _losses(results: Results, data: pd.DataFrame, experiment: str, only: str) -> Sheet:
    """Loss over epochs, of the training and the validation rows, or of those of `only`."""
    shown = [quantity for name, _, quantity in LOSS if only in {"", name}]
    sheet = layout.new_sheet(3.5)
    grid = sheet.figure.subplots(1, len(shown), sharex=True, sharey=True, squeeze=False)[0]
    for axes, quantity in zip(grid, shown, strict=True):
        axes.set_title(quantity.replace(")", ", log scale)"))
        axes.set_yscale("log", nonpositive="clip")
        own = data[data["quantity"] == quantity]
        _draw_courses(sheet, axes, own, results, experiment, numbers.loss)
    _reach_of_all(grid[0], data)
    layout.log_axis(grid[0])
    _finish_courses(sheet.figure, results, experiment)
    return sheet


def _reach_of_all(axes: Axes, data: pd.DataFrame) -> None:
    """The range of a log axis that shows every mean and seed, whichever panels there are."""
    ends = data[["minimum", "maximum"]].to_numpy(dtype=float)
    known = ends[np.isfinite(ends) & (ends > 0)]
    if known.size:
        room = (known.max() / known.min()) ** 0.05 * 1.001
        axes.set_ylim(known.min() / room, known.max() * room)


def _courses(
    results: Results, experiment: str, shown: Sequence[tuple[str, str, str]], factor: float
) -> pd.DataFrame:
    """Means with their range, and seeds, by variant and epoch, in the unit of the axis."""
    epochs = select.rows(results, "epochs", experiment)
    parts: list[pd.DataFrame] = []
    for _, metric, quantity in shown:
        scaled = epochs.assign(**{"value": epochs[metric] * factor})
        by = ["variant", "epoch"]
        parts += [make(scaled, "value", by, quantity) for make in (longform.means, longform.seeds)]
    return longform.joined(*parts)


def _reaching(table: pd.DataFrame, span: layout.Span) -> pd.DataFrame:
    """The rows of variants that a panel of this range shows."""
    inside = (table["maximum"] >= span[0]) & (table["minimum"] <= span[1])
    return table[table["variant"].isin(table.loc[inside, "variant"])]


def _draw_courses(
    sheet: Sheet,
    axes: Axes,
    table: pd.DataFrame,
    results: Results,
    experiment: str,
    write: Callable[[float], str],
) -> None:
    last = _last_epoch(results, experiment)
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
        seeds = _draw_seeds(axes, longform.of(own, longform.SEED), look, aside)
        (line,) = axes.plot(
            rows["epoch"] + aside, rows["value"], color=look.colour, linestyle=look.dash,
            marker=look.marker, markevery=(place % every, every), label=name,
        )  # fmt: skip
        layout.tag(band, name, "band")
        layout.tag(seeds, name, "seeds")
        layout.tag(line, name)
        places = (rows["epoch"] + aside).tolist()
        sheet.note_middles(axes, rows, readings.points(rows, "epoch", "Epoch", write, at=places))
        _mark_divergence(axes, rows, look, name, _first_divergence(results, experiment, name))


def _draw_seeds(axes: Axes, rows: pd.DataFrame, look: VariantStyle, aside: float) -> Line2D:
    """A thin line a seed, all in one artist: a page shows it in place of the band on demand."""
    courses = [own[["epoch", "value"]].to_numpy(dtype=float) for _, own in rows.groupby("seed")]
    gap = np.full((1, 2), np.nan)
    line = np.concatenate([part for course in courses for part in (course, gap)])
    (drawn,) = axes.plot(line[:, 0] + aside, line[:, 1], color=look.colour, linewidth=0.7)
    return drawn


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


def _last_epoch(results: Results, experiment: str) -> int:
    return int(select.rows(results, "epochs", experiment)["epoch"].max())


def _finish_courses(figure: Figure, results: Results, experiment: str) -> None:
    last = _last_epoch(results, experiment)
    for axes in figure.axes:
        layout.integer_axis(axes, last)
        place = axes.get_subplotspec()
        if place is not None and place.is_last_row():
            axes.set_xlabel("Epoch")
    looks = style.looks(results, experiment)
    layout.add_legend(figure, layout.handles(looks))
    runs = select.rows(results, "runs", experiment)
    layout.add_notes(figure, counts.divergences(runs, mark="× "))


def accuracy_alt(results: Results, data: pd.DataFrame, only: str = "") -> str:
    """Return the alternative text of the accuracy curves, or of those of `only` these rows."""
    return _alt(results, data, BASE, ACCURACY, only)


def loss_alt(results: Results, data: pd.DataFrame, only: str = "") -> str:
    """Return the alternative text of the loss curves, or of those of `only` these rows."""
    return _alt(results, data, BASE, LOSS, only)


def fashion_alt(results: Results, data: pd.DataFrame, only: str = "") -> str:
    """Return the alternative text of the loss curves on Fashion-MNIST."""
    return _alt(results, data, FASHION, LOSS, only)


def _alt(
    results: Results,
    data: pd.DataFrame,
    experiment: str,
    shown: Sequence[tuple[str, str, str]],
    only: str,
) -> str:
    what, write = ("loss", numbers.loss) if shown is LOSS else ("accuracy", numbers.percent)
    runs = select.rows(results, "runs", experiment)
    opening, sides = (
        (f"Line chart of {only} {what}", "")
        if only
        else (f"Two line charts of {what}", ", training left and validation right")
    )
    length = counts.counted(_last_epoch(results, experiment), "epoch")
    text = [f"{opening} over {length}{sides}, {counts.over(runs)}."]
    for label, _, quantity in shown:
        if only not in ("", label):
            continue
        table = longform.of(data, longform.MEAN, quantity=quantity)
        courses = [
            _course(str(name), rows[rows["n"] > 0], write)
            for name, rows in table.groupby("variant", observed=True, sort=False)
        ]
        text.append(f"{label.capitalize()} {what}: {'; '.join(courses)}.")
    return " ".join([*text, *counts.divergences(runs)])


def _course(name: str, rows: pd.DataFrame, write: Callable[[float], str]) -> str:
    """One variant's way from its first to its last epoch, a way if three digits show one."""
    if rows.empty:
        return f"{name} has no finite value"
    first, last = float(rows["value"].iloc[0]), float(rows["value"].iloc[-1])
    if numbers.magnitude(first) == numbers.magnitude(last):
        word = "is at" if len(rows) == 1 else "ends where it began, at"
        return f"{name} {word} {write(last)}"
    verb = "rises" if last > first else "falls"
    return f"{name} {verb} from {write(first)} to {write(last)}"


FIGURES = {
    "accuracy": Definition(
        BASE, accuracy_data, accuracy, accuracy_alt, views(accuracy, accuracy_alt)
    ),
    "loss": Definition(BASE, loss_data, loss, loss_alt, views(loss, loss_alt)),
    "fashion": Definition(FASHION, fashion_data, fashion, fashion_alt, views(fashion, fashion_alt)),
}
