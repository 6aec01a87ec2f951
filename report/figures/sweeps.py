"""Figures of what training reaches where initialization is put to the test: scale and depth."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator, NullLocator

from analysis.results import select
from analysis.results.frames import Results
from report.figures import training_words
from report.figures.draw import panels, readings, style, tidy
from report.figures.draw.readings import Point
from report.figures.draw.style import MUTED, VariantStyle
from report.figures.training_words import PERCENT

LOSS, TEST_ACCURACY = "Training loss (nats)", "Test accuracy (%)"
FAINT = 0.4
REFERENCE = "HeNormal"
"""The scheme whose standard deviations the scale figure marks."""


def scale_data(results: Results) -> pd.DataFrame:
    """Return test accuracies in percent by optimizer and stddev: every seed, and their mean."""
    return _reached(select.swept(results, "scale", "stddev"), ["optimizer", "stddev"])


def scale(results: Results, data: pd.DataFrame) -> Figure:
    """Return test accuracy over the standard deviation of the weights, every seed, by optimizer."""
    figure = panels.new_figure(3.5)
    grid = _panel_each(figure, select.values(data, "optimizer"), "{}")
    looks = style.looks(results, "scale")
    for axes, (_, own) in zip(grid, data.groupby("optimizer", sort=False), strict=True):
        axes.set_xscale("log")
        _mark_reference(axes, results)
        _draw_groups(axes, own, "stddev", "Standard deviation", looks)
        _decades(axes)
        axes.set_xlabel("Standard deviation")
    _accuracy_axis(grid[0], tidy.of(data, tidy.SEED)["value"])
    panels.add_notes(figure, training_words.scale_notes(results))
    return figure


def depth_data(results: Results) -> pd.DataFrame:
    """Return test accuracies in percent by optimizer and depth: every seed, and their mean."""
    return _reached(select.rows(results, "runs", "depth"), ["optimizer", "depth"])


def depth(results: Results, data: pd.DataFrame) -> Figure:
    """Return test accuracy over depth by initializer, every seed, one panel an optimizer."""
    figure = panels.new_figure(3.7)
    grid = _panel_each(figure, select.values(data, "optimizer"), "{}")
    looks = style.looks(results, "depth")
    depths = sorted(select.values(data, "depth"))
    for axes, (_, own) in zip(grid, data.groupby("optimizer", sort=False), strict=True):
        axes.set_xscale("log")
        _draw_groups(axes, own, "depth", "Hidden layers:", looks)
        axes.xaxis.set_minor_locator(NullLocator())
        axes.set_xticks(depths, [str(each) for each in depths])
        axes.set_xlabel("Hidden layers (log scale)")
    grid[0].set_ylim(0, 103)
    grid[0].yaxis.set_major_locator(MaxNLocator(nbins=6))
    grid[0].set_ylabel(TEST_ACCURACY)
    panels.add_legend(figure, [panels.handle(look, name) for name, look in looks.items()])
    panels.add_notes(figure, training_words.lost(results, "depth"))
    return figure


def _reached(runs: pd.DataFrame, settings: list[str]) -> pd.DataFrame:
    """Seeds and means of test accuracy, the optimizers in the order of the runs."""
    runs = runs.assign(value=runs["test_accuracy"] * PERCENT)
    parts: list[pd.DataFrame] = []
    for optimizer in select.values(runs, "optimizer"):
        own = runs[runs["optimizer"] == optimizer]
        by = ["variant", *settings]
        parts += [make(own, "value", by, TEST_ACCURACY) for make in (tidy.means, tidy.seeds)]
    return tidy.joined(*parts)


def thirty_layers_data(results: Results) -> pd.DataFrame:
    """Return the training loss of deep networks by epochs trained: every seed, and their mean."""
    curves, chosen = training_words.deep_curves(results)
    curves = curves.assign(depth=chosen.depth, optimizer=chosen.optimizer)
    by = ["variant", "depth", "optimizer", "progress"]
    return tidy.joined(*(m(curves, "loss", by, LOSS) for m in (tidy.means, tidy.seeds)))


def thirty_layers(results: Results, data: pd.DataFrame) -> Figure:
    """Return the training loss of deep networks by fraction of an epoch, seeds faint, means strong.

    The depth nearest to thirty layers, under plain SGD where the experiment has it.
    """
    _, chosen = training_words.deep_curves(results)
    looks = style.looks(results, "depth")
    figure = panels.new_figure(3.7)
    axes = figure.subplots()
    # The dashed ones last: they let a solid one of the same course show through.
    for name, look in sorted(looks.items(), key=lambda each: each[1].dash != "-"):
        own = data[data["variant"] == name]
        for _, run in tidy.of(own, tidy.SEED).groupby("seed"):
            (line,) = axes.plot(
                run["progress"], run["value"], color=look.colour, alpha=FAINT, linewidth=0.9
            )
            panels.tag(line, name)
        mean = tidy.of(own, tidy.MEAN)
        mean = mean[mean["n"] > 0]
        _draw_mean(axes, mean["progress"], mean["value"], look, name, every=3)
        _note_means(axes, mean, "progress", "At epoch", readings.plain)
    axes.set_xlim(0, 1.02 * float(data["progress"].max()))
    axes.set_xlabel("Epochs trained")
    axes.set_title(f"{LOSS}, {chosen.depth} hidden layers, {chosen.optimizer}")
    if chosen.chance:
        axes.axhline(chosen.chance, color=MUTED, linewidth=0.8, linestyle=(0, (4, 3)))
        axes.annotate(
            "guessing", (1, chosen.chance), xycoords=("axes fraction", "data"), ha="right",
            va="bottom", xytext=(0, 3), textcoords="offset points", fontsize=9,
        )  # fmt: skip
    _room_above(axes, 0.1)
    panels.add_legend(figure, [panels.handle(look, name) for name, look in looks.items()])
    panels.add_notes(figure, training_words.lost(results, "depth", chosen))
    return figure


def _panel_each(figure: Figure, names: list[Any], title: str) -> list[Axes]:
    """One panel a name, side by side, of one y axis."""
    grid = figure.subplots(1, len(names), sharey=True, squeeze=False)[0]
    for axes, name in zip(grid, names, strict=True):
        axes.set_title(title.format(name))
    return list(grid)


def _draw_groups(
    axes: Axes, data: pd.DataFrame, x: str, label: str, looks: dict[str, VariantStyle]
) -> None:
    """Every seed as a dot, and the means as a line, over the values of a swept setting."""
    for place, (name, look) in enumerate(looks.items()):
        own = data[data["variant"] == name]
        seeds, mean = tidy.of(own, tidy.SEED), tidy.of(own, tidy.MEAN)
        mean = mean[mean["n"] > 0]
        # A little aside, each variant its own way, so that equal results are all seen.
        aside = 1 + 0.035 * (place - (len(looks) - 1) / 2)
        (dots,) = axes.plot(
            seeds[x] * aside, seeds["value"], linestyle="", marker=look.marker, markersize=3.4,
            color=look.colour, alpha=FAINT, mew=0,
        )  # fmt: skip
        panels.tag(dots, name)
        _draw_mean(axes, mean[x] * aside, mean["value"], look, name)
        _note_means(axes, mean, x, label, readings.percent, aside)
        _note_seeds(axes, seeds.sort_values([x, "seed"]), x, label, aside)


def _note_means(
    axes: Axes,
    rows: pd.DataFrame,
    x: str,
    label: str,
    write: Callable[[float], str],
    aside: float = 1.0,
) -> None:
    """What the means of a variant say, with the range of their seeds."""
    for row, read in zip(
        rows.to_dict("records"),
        readings.points(rows, x, label, write, at=(rows[x] * aside).tolist()),
        strict=True,
    ):
        panel = ", ".join([str(row["quantity"]), *map(str, _where(axes))])
        readings.note(axes, str(row["variant"]), panel, readings.mean_of(row["n"]), [read])


def _note_seeds(axes: Axes, rows: pd.DataFrame, x: str, label: str, aside: float) -> None:
    """What the dots of a variant say, each one seed."""
    read = [
        Point(row[x] * aside, row["value"], f"{label} {row[x]:g}, seed {int(row['seed'])}",
              readings.percent(row["value"]))
        for row in rows.to_dict("records")
    ]  # fmt: skip
    panel = ", ".join([TEST_ACCURACY, *_where(axes)])
    readings.note(axes, str(rows["variant"].iloc[0]) if len(rows) else "", panel, "", read)


def _where(axes: Axes) -> list[str]:
    """The title of a panel, if it is one of several side by side."""
    figure = axes.get_figure(root=True)
    return [axes.get_title(loc="left")] if figure and len(figure.axes) > 1 else []


def _draw_mean(
    axes: Axes, x: pd.Series, y: pd.Series, look: VariantStyle, name: str, every: int = 1
) -> None:
    (line,) = axes.plot(
        x, y, color=look.colour, linestyle=look.dash, marker=look.marker, markevery=every
    )
    panels.tag(line, name)


def _room_above(axes: Axes, share: float) -> None:
    low, high = axes.get_ylim()
    axes.set_ylim(low, high + share * (high - low))


def _mark_reference(axes: Axes, results: Results) -> None:
    """Strokes where the formula of the reference scheme stands for each layer of the network."""
    for layer, sd in training_words.reference_sds(results, REFERENCE):
        axes.axvline(sd, color=MUTED, linewidth=0.9, linestyle=(0, (4, 3)))
        axes.annotate(
            f"{layer}", (sd, 1), xycoords=("data", "axes fraction"), ha="center", va="bottom",
            xytext=(0, 1), textcoords="offset points", fontsize=9,
        )  # fmt: skip


def _decades(axes: Axes) -> None:
    axes.xaxis.set_minor_locator(NullLocator())
    axes.xaxis.set_major_formatter(FuncFormatter(lambda value, _: f"{value:g}"))


def _accuracy_axis(axes: Axes, shown: pd.Series) -> None:
    """Accuracy in percent on a log scale of the error, so that 97 and 98 % stand apart."""
    axes.set_yscale("function", functions=(_to_error, _from_error))
    low, high = (float(shown.min()), float(shown.max())) if len(shown) else (0.0, 99.0)
    ticks = [t for t in (10, 50, 80, 90, 95, 97, 98, 99, 99.5) if low - 5 <= t <= high + 0.5]
    axes.set_ylim(max(0.0, low - 3), min(99.9, 100 - 0.75 * (100 - high)))
    axes.set_yticks(ticks, [f"{tick:g}" for tick in ticks])
    axes.set_ylabel("Test accuracy (%, log of error)")


def _to_error(accuracy: Any) -> Any:
    return -np.log10(np.maximum(100.0 - np.asarray(accuracy, dtype=float), 1e-3))


def _from_error(place: Any) -> Any:
    return 100.0 - np.power(10.0, -np.asarray(place, dtype=float))
