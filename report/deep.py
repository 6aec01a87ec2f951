"""Figures of what training reaches where initialization is put to the test: scale and depth."""

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import FuncFormatter, MaxNLocator, NullLocator

from analysis import statistics
from analysis.results import Results
from report import panels, selection, training_words
from report.style import MUTED, VariantStyle
from report.training_words import PERCENT

FAINT = 0.4
REFERENCE = "HeNormal"
"""The scheme whose standard deviations the scale figure marks."""


def scale(results: Results) -> Figure:
    """Return test accuracy over the standard deviation of the weights, every seed, by optimizer."""
    runs = selection.swept(results, "scale", "stddev")
    runs = runs.assign(value=runs["test_accuracy"] * PERCENT)
    figure = panels.new_figure(3.5)
    grid = _panel_each(figure, selection.values(runs, "optimizer"), "{}")
    looks = selection.looks(results, "scale")
    for axes, (_, own) in zip(grid, runs.groupby("optimizer", sort=False), strict=True):
        axes.set_xscale("log")
        _mark_reference(axes, results)
        _draw_groups(axes, own, "stddev", looks)
        _decades(axes)
        axes.set_xlabel("Standard deviation of the weights")
    _accuracy_axis(grid[0], runs["value"].dropna())
    panels.add_notes(figure, training_words.scale_notes(results))
    return figure


def depth(results: Results) -> Figure:
    """Return test accuracy over depth by initializer, every seed, one panel an optimizer."""
    runs = selection.rows(results, "runs", "depth")
    runs = runs.assign(value=runs["test_accuracy"] * PERCENT)
    figure = panels.new_figure(3.7)
    grid = _panel_each(figure, selection.values(runs, "optimizer"), "{}")
    looks = selection.looks(results, "depth")
    depths = sorted(selection.values(runs, "depth"))
    for axes, (_, own) in zip(grid, runs.groupby("optimizer", sort=False), strict=True):
        axes.set_xscale("log")
        _draw_groups(axes, own, "depth", looks)
        axes.xaxis.set_minor_locator(NullLocator())
        axes.set_xticks(depths, [str(each) for each in depths])
        axes.set_xlabel("Hidden layers (log scale)")
    grid[0].set_ylim(0, 103)
    grid[0].yaxis.set_major_locator(MaxNLocator(nbins=6))
    grid[0].set_ylabel("Test accuracy (%)")
    panels.add_legend(figure, [panels.handle(look, name) for name, look in looks.items()])
    panels.add_notes(figure, training_words.lost(results, "depth"))
    return figure


def thirty_layers(results: Results) -> Figure:
    """Return the training loss of deep networks by fraction of an epoch, seeds faint, means strong.

    The depth nearest to thirty layers, under plain SGD where the experiment has it.
    """
    curves, chosen = training_words.deep_curves(results)
    looks = selection.looks(results, "depth")
    means = statistics.summary(curves, "loss", ["variant", "progress"])
    figure = panels.new_figure(3.7)
    axes = figure.subplots()
    # The dashed ones last: they let a solid one of the same course show through.
    for name, look in sorted(looks.items(), key=lambda each: each[1].dash != "-"):
        for _, run in curves[curves["variant"] == name].groupby("seed"):
            (line,) = axes.plot(
                run["progress"], run["loss"], color=look.colour, alpha=FAINT, linewidth=0.9
            )
            panels.tag(line, name)
        mean = means[(means["variant"] == name) & (means["n"] > 0)]
        _draw_mean(axes, mean["progress"], mean["mean"], look, name, every=3)
    axes.set_xlim(0, 1.02 * float(curves["progress"].max()))
    axes.set_xlabel("Epochs trained")
    axes.set_title(f"Training loss (nats), {chosen.depth} hidden layers, {chosen.optimizer}")
    if chosen.chance:
        axes.axhline(chosen.chance, color=MUTED, linewidth=0.8, linestyle=(0, (4, 3)))
        axes.annotate(
            "guessing", (1, chosen.chance), xycoords=("axes fraction", "data"), ha="right",
            va="bottom", xytext=(0, 3), textcoords="offset points", fontsize=8.5,
        )  # fmt: skip
    _room_above(axes, 0.1)
    panels.add_legend(figure, [panels.handle(look, name) for name, look in looks.items()])
    panels.add_notes(figure, training_words.lost(results, "depth", chosen))
    return figure


def symmetry(results: Results) -> Figure:
    """Return distinct units and rank of every kernel over training, by variant."""
    layers = selection.layers(results, "symmetry", "distinct_units", moment=None)
    shapes = layers.drop_duplicates("layer").sort_values("layer")
    looks = selection.looks(results, "symmetry")
    figure = panels.new_figure(4.6)
    grid = figure.subplots(2, len(shapes), sharex=True, sharey=True, squeeze=False)
    for row, value in zip(grid, ("distinct_units", "kernel_rank"), strict=True):
        table = statistics.summary(layers, value, ["variant", "layer", "progress"])
        for axes, shape in zip(row, shapes.to_dict("records"), strict=True):
            own = table[table["layer"] == shape["layer"]]
            _draw_counts(axes, own, looks)
            if axes in grid[0]:
                axes.set_title(f"Layer {shape['layer']}: {shape['fan_in']} → {shape['fan_out']}")
            else:
                axes.set_xlabel("Epochs trained")
    most = float(layers[["distinct_units", "kernel_rank"]].to_numpy(dtype=float).max())
    _count_axis(grid[0][0], most)
    _moment_axis(grid[0][0], layers)
    grid[0][0].set_ylabel("Distinct units")
    grid[1][0].set_ylabel("Rank of the kernel")
    panels.add_legend(figure, [panels.handle(look, name) for name, look in looks.items()])
    return figure


def _panel_each(figure: Figure, names: list[Any], title: str) -> list[Axes]:
    """One panel a name, side by side, of one y axis."""
    grid = figure.subplots(1, len(names), sharey=True, squeeze=False)[0]
    for axes, name in zip(grid, names, strict=True):
        axes.set_title(title.format(name))
    return list(grid)


def _draw_groups(axes: Axes, runs: pd.DataFrame, x: str, looks: dict[str, VariantStyle]) -> None:
    """Every seed as a dot, and the means as a line, over the values of a swept setting."""
    table = statistics.summary(runs, "value", ["variant", x])
    for place, (name, look) in enumerate(looks.items()):
        own = statistics.measured(runs[runs["variant"] == name], "value").dropna(subset="value")
        # A little aside, each variant its own way, so that equal results are all seen.
        aside = 1 + 0.035 * (place - (len(looks) - 1) / 2)
        (dots,) = axes.plot(
            own[x] * aside, own["value"], linestyle="", marker=look.marker, markersize=3.4,
            color=look.colour, alpha=FAINT, mew=0,
        )  # fmt: skip
        panels.tag(dots, name)
        mean = table[(table["variant"] == name) & (table["n"] > 0)]
        _draw_mean(axes, mean[x] * aside, mean["mean"], look, name)


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
            xytext=(0, 1), textcoords="offset points", fontsize=8,
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
    axes.set_ylabel("Test accuracy (%, log scale of the error)")


def _to_error(accuracy: Any) -> Any:
    return -np.log10(np.maximum(100.0 - np.asarray(accuracy, dtype=float), 1e-3))


def _from_error(place: Any) -> Any:
    return 100.0 - np.power(10.0, -np.asarray(place, dtype=float))


def _draw_counts(axes: Axes, table: pd.DataFrame, looks: dict[str, VariantStyle]) -> None:
    for place, (name, look) in enumerate(looks.items()):
        own = table[(table["variant"] == name) & (table["n"] > 0)]
        (line,) = axes.plot(
            own["progress"], own["mean"], color=look.colour, linestyle=look.dash,
            marker=look.marker, markevery=(place % 2, 2),
        )  # fmt: skip
        panels.tag(line, name)


def _count_axis(axes: Axes, most: float) -> None:
    """Counts on a log scale that begins at zero, marked at powers of four."""
    axes.set_yscale("symlog", linthresh=1, linscale=0.35)
    ticks = [0, *(4**power for power in range(8) if 4**power <= most)]
    axes.set_yticks(ticks, [str(tick) for tick in ticks])
    axes.yaxis.set_minor_locator(NullLocator())
    axes.set_ylim(-0.35, most * 1.6)


def _moment_axis(axes: Axes, layers: pd.DataFrame) -> None:
    """Epochs on a log scale that begins at zero, marked where the figure has room."""
    moments = sorted(set(layers["progress"].tolist()))
    first = next((moment for moment in moments if moment > 0), 1.0)
    axes.set_xscale("symlog", linthresh=first, linscale=0.5)
    axes.set_xlim(-0.15 * first, 1.35 * moments[-1])
    axes.xaxis.set_minor_locator(NullLocator())
    ticks = [moments[0], *(m for m in moments[2:] if m in {0.1, 1.0} or m == moments[-1])]
    axes.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
