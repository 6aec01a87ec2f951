"""From results to figures: one function a figure, all of one style, each with its alternative text."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from analysis import statistics
from analysis.schemes import standard_deviation
from analysis.store import Results
from report import descriptions, panels
from report.style import INK, MUTED, VariantStyle, variant_style

EXPERIMENT = "base"
PERCENT = 100.0
ROW_NAME = 20
"""Characters of a variant's name in one line beside its row."""
POINTS_ACROSS = 340.0
"""Width of a figure's axes in points, about."""
MARKERS = 3
"""Markers on a curve, about; those of neighbouring variants stand on different epochs."""


@dataclass(frozen=True)
class Spec:
    """How a figure is drawn, and how its alternative text is written, both from the results."""

    paint: Callable[[Results], Figure]
    describe: Callable[[Results], str]

    def draw(self, results: Results) -> Figure:
        """Return the figure in the project's style."""
        with panels.drawing():
            return self.paint(results)

    def alt(self, results: Results) -> str:
        """Return what the data show, in words and numbers, for readers who do not see the figure."""
        return self.describe(results)


def accuracy(results: Results) -> Figure:
    """Training and validation accuracy over epochs: mean over seeds in a band from worst to best."""
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
        for above, below in zip(column, column[1:], strict=False):
            above.spines["bottom"].set_visible(False)
            above.tick_params(bottom=False)
            panels.mark_break(below, above, vertical=True)
    return _finish_courses(figure, results)


def loss(results: Results) -> Figure:
    """Training and validation loss over epochs on a log axis, mean over seeds in a band."""
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
    epochs = results.epochs[results.epochs["experiment"] == EXPERIMENT]
    scaled = epochs.assign(value=epochs[metric] * factor)
    return statistics.summary(scaled, "value", ["variant", "epoch"])


def _reaching(table: pd.DataFrame, span: panels.Span) -> pd.DataFrame:
    """The rows of variants that a panel of this range shows."""
    inside = (table["maximum"] >= span[0]) & (table["minimum"] <= span[1])
    return table[table["variant"].isin(table.loc[inside, "variant"])]


def _draw_courses(axes: Axes, table: pd.DataFrame, results: Results) -> None:
    last = int(results.epochs["epoch"].max())
    every = max(1, last // MARKERS)
    for place, (name, look) in enumerate(variant_style(results.study).items()):
        rows = table[(table["variant"] == name) & (table["n"] > 0)]
        if rows.empty:
            continue
        if last == 1:
            # Side by side: with one epoch there is a point and no curve to tell variants apart.
            rows = rows.assign(epoch=1 + 0.1 * (place - (len(results.study.variants) - 1) / 2))
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
    runs = results.runs
    own = (runs["experiment"] == EXPERIMENT) & (runs["variant"] == name)
    lost = runs.loc[own & (runs["status"] == "diverged"), "diverged_epoch"]
    return int(lost.min()) if len(lost) else None


def _finish_courses(figure: Figure, results: Results) -> Figure:
    last = int(results.epochs["epoch"].max())
    for axes in figure.axes:
        panels.integer_axis(axes, last)
        if axes.get_subplotspec().is_last_row():
            axes.set_xlabel("Epoch")
    looks = variant_style(results.study)
    panels.add_legend(figure, [panels.handle(look, name) for name, look in looks.items()])
    panels.add_notes(figure, descriptions.divergences(results, EXPERIMENT, mark="× "))
    return figure


def test_accuracy(results: Results) -> Figure:
    """Every seed's final test accuracy, one row a variant, over its mean and 95 % interval."""
    runs = results.runs[results.runs["experiment"] == EXPERIMENT]
    runs = runs.assign(value=runs["test_accuracy"] * PERCENT)
    table = statistics.summary(runs, "value", ["variant"]).set_index("variant")
    bounds = [
        (np.nanmin([low, least]), np.nanmax([high, most]))
        for low, high, least, most in table[["low", "high", "minimum", "maximum"]].to_numpy(float)
        if np.isfinite(least)
    ]
    ranges = panels.spans(bounds, least=0.4)
    looks = variant_style(results.study)
    figure = panels.new_figure(0.85 + 0.58 * len(looks))
    grid = figure.subplots(
        1, len(ranges), sharey=True, squeeze=False, width_ratios=[1, 4.2][-len(ranges) :]
    )[0]
    for axes, span in zip(grid, ranges, strict=True):
        axes.set_xlim(span)
        if axes is grid[-1]:
            axes.xaxis.set_major_locator(MaxNLocator(nbins=5))
        else:
            panels.few_ticks(axes, span)
        for place, (name, look) in enumerate(looks.items()):
            values = runs.loc[runs["variant"] == name, "value"].dropna().to_numpy(dtype=float)
            _draw_seeds(axes, values[(values >= span[0]) & (values <= span[1])], place, look, name)
            if name in table.index and span[0] <= table.loc[name, "mean"] <= span[1]:
                _draw_mean(axes, table.loc[name], place, name)
    grid[0].set_yticks(range(len(looks)), [_row_label(table, name) for name in looks])
    grid[0].set_ylim(len(looks) - 0.45, -0.6)
    for before, after in zip(grid, grid[1:], strict=False):
        after.spines["left"].set_visible(False)
        after.tick_params(left=False)
        panels.mark_break(before, after, vertical=False)
    grid[-1].set_xlabel("Test accuracy (%)")
    panels.add_notes(figure, descriptions.divergences(results, EXPERIMENT))
    return figure


def _draw_seeds(axes: Axes, values: np.ndarray, place: int, look: VariantStyle, name: str) -> None:
    """One dot a seed; dots that would hide each other are stacked, without chance."""
    if not values.size:
        return
    low, high = axes.get_xlim()
    bins = np.round((values - low) / (high - low) * 70).astype(int)
    order = [int((bins[:i] == bins[i]).sum()) for i in range(values.size)]
    step = min(0.075, 0.42 / max(1, max(order)))
    heights = place - 0.02 - step * np.array(order)
    (dots,) = axes.plot(
        values, heights, linestyle="", marker=look.marker, markersize=4.2, color=look.colour,
        alpha=0.8, mew=0,
    )  # fmt: skip
    panels.tag(dots, name)


def _draw_mean(axes: Axes, row: pd.Series, place: int, name: str) -> None:
    (interval,) = axes.plot(
        [row["low"], row["high"]], [place + 0.2] * 2, color=INK, linewidth=2, solid_capstyle="butt"
    )
    (mean,) = axes.plot([row["mean"]], [place + 0.2], marker="|", markersize=9, mew=2, color=INK)
    panels.tag(interval, name)
    panels.tag(mean, name)


def _row_label(table: pd.DataFrame, name: str) -> str:
    shown = panels.wrapped(name, ROW_NAME)
    if name not in table.index or not table.loc[name, "n"]:
        return f"{shown}\ndiverged"
    row = table.loc[name]
    same = row["n"] > 1 and row["minimum"] == row["maximum"]
    text = f"{row['mean']:.2f} %, all seeds" if same else f"{descriptions.mean_text(row, 2)} %"
    return f"{shown}\n{text}"


def weight_sd(results: Results) -> Figure:
    """Standard deviation of the sampled weights by layer (log axis), beside the formula's."""
    layers = descriptions.initial_layers(results, EXPERIMENT)
    table = statistics.summary(layers, "kernel_sd", ["variant", "layer", "fan_in", "fan_out"])
    figure = panels.new_figure(3.7)
    axes = figure.subplots()
    axes.set_yscale("log")
    looks = variant_style(results.study)
    slot = 0.72 / len(looks)
    size = float(np.clip(POINTS_ACROSS * slot / table["layer"].nunique(), 2.0, 6.0))
    for place, (variant, look) in enumerate(
        zip(results.study.variants, looks.values(), strict=True)
    ):
        shift = (place - (len(looks) - 1) / 2) * slot
        for row in table[table["variant"] == variant.name].to_dict("records"):
            fans = int(row["fan_in"]), int(row["fan_out"])
            expected = standard_deviation(variant.initializer, variant.parameters, *fans)
            _draw_sd(axes, row, expected, row["layer"] + shift, slot, look, size)
    _label_layers(axes, table)
    axes.set_title("Standard deviation of the weights at initialization (log scale)")
    panels.log_axis(axes)
    formula = Line2D([], [], color=INK, linewidth=1.6, label="formula")
    seeds = [panels.handle(look, name, line=False) for name, look in looks.items()]
    panels.add_legend(figure, [*seeds, formula])
    panels.add_notes(figure, descriptions.zero_sd(results, EXPERIMENT, mark="▼ "))
    return figure


def _draw_sd(
    axes: Axes,
    row: dict[str, float],
    expected: float | None,
    x: float,
    slot: float,
    look: VariantStyle,
    size: float,
) -> None:
    name = str(row["variant"])
    if expected:
        axes.plot([x - 0.4 * slot, x + 0.4 * slot], [expected] * 2, color=INK, linewidth=1.6)
    if row["mean"] > 0:
        (reach,) = axes.plot([x, x], [row["minimum"], row["maximum"]], color=look.colour, lw=2)
        (dot,) = axes.plot(
            [x], [row["mean"]], marker=look.marker, markersize=size, color=look.colour
        )
        panels.tag(reach, name)
    else:
        (dot,) = axes.plot(
            [x], [0.02], marker="v", markersize=size, color=look.colour, clip_on=False,
            transform=axes.get_xaxis_transform(),
        )  # fmt: skip
    panels.tag(dot, name)


def _label_layers(axes: Axes, table: pd.DataFrame) -> None:
    shapes = table.drop_duplicates("layer").sort_values("layer")
    last = int(shapes["layer"].max())
    axes.set_xlim(0.5, last + 0.5)
    axes.grid(visible=False, axis="x")
    if last > 6:
        axes.xaxis.set_major_locator(MaxNLocator(nbins=10, integer=True))
        axes.set_xlabel("Layer")
        return
    labels = [
        f"Layer {layer}\n{fan_in} → {fan_out}"
        for layer, fan_in, fan_out in shapes[["layer", "fan_in", "fan_out"]].to_numpy(dtype=int)
    ]
    axes.set_xticks(range(1, last + 1), labels)
    for edge in np.arange(1.5, last):
        axes.axvline(edge, color=MUTED, linewidth=0.5)


FIGURES: dict[str, Spec] = {
    "accuracy": Spec(accuracy, descriptions.accuracy),
    "loss": Spec(loss, descriptions.loss),
    "test-accuracy": Spec(test_accuracy, descriptions.test_accuracy),
    "weight-sd": Spec(weight_sd, descriptions.weight_sd),
}
"""Every figure that an answer may show, by name."""


def render_svg(name: str, results: Results) -> str:
    """Return the named figure as an SVG element, the same bytes for the same results."""
    with panels.drawing():
        return panels.as_svg(FIGURES[name].paint(results))
