"""Accuracy and loss over epochs: means over seeds, in bands from lowest to highest."""

from collections.abc import Callable, Sequence
from itertools import pairwise

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from analysis.results import select
from analysis.results.frames import Results
from analysis.study.model import BASE
from report.figures.draw import layout, longform
from report.figures.draw.axes import differences, epochs, scales
from report.figures.draw.definition import Definition, views
from report.figures.draw.readings import Sheet
from report.words import counts, numbers
from report.words.metrics import METRICS
from report.words.numbers import PERCENT

FASHION = "fashion"

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

    Below stand the differences from one variant. `only` is "training" or "validation" for one of
    the two; its axes then have a range of its own.
    """
    shown = [quantity for name, _, quantity in ACCURACY if only in {"", name}]
    ranges = _broken(data[data["quantity"].isin(shown)])
    ratios = [3.2, 1.0][: len(ranges)]
    most = 3 if layout.narrow() else 5
    sheet, columns, below = epochs.columns(data, shown, ratios)
    for column, quantity in zip(columns, shown, strict=True):
        table = data[data["quantity"] == quantity]
        column[0].set_title(quantity)
        for axes, span in zip(column, ranges, strict=True):
            epochs.draw_courses(sheet, axes, _reaching(table, span), results, BASE, numbers.percent)
            axes.set_ylim(span)
            axes.yaxis.set_major_locator(MaxNLocator(nbins=most if axes is column[0] else 2))
        for above, lower in pairwise(column):
            above.spines["bottom"].set_visible(False)
            above.tick_params(bottom=False)
            scales.mark_break(lower, above, vertical=True)
    far = epochs.draw_differences(sheet, below, data, shown, results, BASE, numbers.points)
    epochs.finish_courses(sheet.figure, results, BASE, far)
    return sheet


def _broken(data: pd.DataFrame) -> list[scales.Span]:
    """The ranges of an axis from above, two of them around a wide gap."""
    means = longform.of(data, longform.MEAN)
    reach = means.groupby("variant", observed=True).agg({"minimum": "min", "maximum": "max"})
    bounds = [(float(low), float(high)) for low, high in reach.to_numpy(dtype=float)]
    return scales.spans(bounds, least=2.0)[::-1]


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
    """Loss over epochs and its differences, training and validation, or those of `only`."""
    shown = [quantity for name, _, quantity in LOSS if only in {"", name}]
    sheet, columns, below = epochs.columns(data, shown, [1.0])
    for (axes,), quantity in zip(columns, shown, strict=True):
        axes.set_title(quantity.replace(")", ", log scale)"))
        axes.set_yscale("log", nonpositive="clip")
        own = data[data["quantity"] == quantity]
        epochs.draw_courses(sheet, axes, own, results, experiment, numbers.loss)
        _reach_of_all(axes, data[data["quantity"].isin(shown)])
        scales.log_axis(axes)
    far = epochs.draw_differences(sheet, below, data, shown, results, experiment, numbers.loss)
    epochs.finish_courses(sheet.figure, results, experiment, far)
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
    trained = select.rows(results, "epochs", experiment)
    parts: list[pd.DataFrame] = []
    for _, metric, quantity in shown:
        scaled = trained.assign(**{"value": trained[metric] * factor})
        by = ["variant", "epoch"]
        parts += [make(scaled, "value", by, quantity) for make in (longform.means, longform.seeds)]
        parts.append(differences.of(scaled, ["epoch"], quantity))
    return longform.joined(*parts)


def _reaching(table: pd.DataFrame, span: scales.Span) -> pd.DataFrame:
    """The rows of variants that a panel of this range shows."""
    inside = (table["maximum"] >= span[0]) & (table["minimum"] <= span[1])
    return table[table["variant"].isin(table.loc[inside, "variant"])]


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
    apart = numbers.loss if shown is LOSS else numbers.points
    runs = select.rows(results, "runs", experiment)
    opening, sides = (
        (f"Line chart of {only} {what}", "")
        if only
        else (f"Two line charts of {what}", ", training left and validation right")
    )
    length = counts.counted(epochs.last_epoch(results, experiment), "epoch")
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
        text += differences.said(epochs.difference_rows(data, [quantity]), "epoch", apart)
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
