"""Figures of single values: a dot a seed or a layer, beside its mean or its formula."""

from collections.abc import Hashable, Mapping
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from analysis.results import select
from analysis.results.frames import Results
from analysis.study.initializers import standard_deviation
from analysis.study.model import BASE
from report.figures import descriptions
from report.figures.draw import panels, readings, style, tidy
from report.figures.draw.readings import Point
from report.figures.draw.style import INK, MUTED, VariantStyle

Row = Mapping[Hashable, Any]

PERCENT = 100.0
ROW_NAME = 20
"""Characters of a variant's name in one line beside its row."""
POINTS_ACROSS = 315.0
"""Width of a figure's axes in points, about."""
FOOT = 0.02
"""Where on the height of the axes what a log axis cannot show is marked."""


TEST_ACCURACY = "Test accuracy (%)"
WEIGHT_SD = "Standard deviation of the weights"


def test_accuracy_data(results: Results) -> pd.DataFrame:
    """Return final test accuracies in percent by variant: every seed, and their mean."""
    runs = select.rows(results, "runs", BASE)
    runs = runs.assign(value=runs["test_accuracy"] * PERCENT)
    return tidy.joined(
        tidy.seeds(runs, "value", ["variant"], TEST_ACCURACY),
        tidy.means(runs, "value", ["variant"], TEST_ACCURACY),
    )


def test_accuracy(results: Results, data: pd.DataFrame) -> Figure:
    """Return every seed's final test accuracy by variant, over its mean and 95 % interval."""
    seeds, table = tidy.of(data, tidy.SEED), tidy.of(data, tidy.MEAN)
    rows = {str(row["variant"]): row for row in table.to_dict("records")}
    bounds = [
        (np.nanmin([low, least]), np.nanmax([high, most]))
        for low, high, least, most in table[["low", "high", "minimum", "maximum"]].to_numpy(float)
        if np.isfinite(least)
    ]
    ranges = panels.spans(bounds, least=0.4)
    looks = style.looks(results, BASE)
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
            own = seeds[(seeds["variant"] == name) & seeds["value"].between(*span)]
            _draw_seeds(axes, own, place, look, name)
            if name in rows and span[0] <= rows[name]["value"] <= span[1]:
                _draw_mean(axes, rows[name], place, name)
    grid[0].set_yticks(range(len(looks)), [_row_label(name, rows.get(name)) for name in looks])
    grid[0].set_ylim(len(looks) - 0.45, -0.6)
    for before, after in pairwise(grid):
        after.spines["left"].set_visible(False)
        after.tick_params(left=False)
        panels.mark_break(before, after, vertical=False)
    grid[-1].set_xlabel("Test accuracy (%)")
    panels.add_notes(figure, descriptions.divergences(results, BASE))
    return figure


def _draw_seeds(axes: Axes, seeds: pd.DataFrame, place: int, look: VariantStyle, name: str) -> None:
    """One dot a seed; dots that would hide each other are stacked, without chance."""
    values = seeds["value"].to_numpy(dtype=float)
    if not values.size:
        return
    low, high = axes.get_xlim()
    bins = np.round((values - low) / (high - low) * 70).astype(int)
    order = [int((bins[:i] == bins[i]).sum()) for i in range(values.size)]
    step = min(0.075, 0.42 / max(1, *order))
    heights = place - 0.02 - step * np.array(order)
    (dots,) = axes.plot(
        values, heights, linestyle="", marker=look.marker, markersize=4.2, color=look.colour,
        alpha=0.9, mew=0,
    )  # fmt: skip
    panels.tag(dots, name)
    read = [
        Point(x, y, f"Seed {int(seed)}", readings.percent(x))
        for x, y, seed in sorted(zip(values, heights, seeds["seed"], strict=True))
    ]
    readings.note(axes, name, TEST_ACCURACY, "one seed", read)


def _draw_mean(axes: Axes, row: Row, place: int, name: str) -> None:
    (interval,) = axes.plot(
        [row["low"], row["high"]], [place + 0.2] * 2, color=INK, linewidth=2, solid_capstyle="butt"
    )
    (mean,) = axes.plot([row["value"]], [place + 0.2], marker="|", markersize=9, mew=2, color=INK)
    panels.tag(interval, name)
    panels.tag(mean, name)
    reach = readings.span(row["low"], row["high"], readings.percent)
    read = Point(
        row["value"], place + 0.2, readings.mean_of(row["n"]).capitalize(),
        readings.percent(row["value"]), reach,
    )  # fmt: skip
    readings.note(axes, name, TEST_ACCURACY, "95 % interval" if reach else "", [read])


def _row_label(name: str, row: Row | None) -> str:
    shown = panels.wrapped(name, ROW_NAME)
    if row is None or not row["n"]:
        return f"{shown}\ndiverged"
    same = row["n"] > 1 and row["minimum"] == row["maximum"]
    text = f"{row['value']:.2f} %, all seeds" if same else f"{descriptions.mean_text(row, 2)} %"
    return f"{shown}\n{text}"


def weight_sd_data(results: Results) -> pd.DataFrame:
    """Return the standard deviation of the weights by variant and layer, and its formula."""
    layers = select.layers(results, BASE, "kernel_sd")
    by = ["variant", "layer", "fan_in", "fan_out"]
    sampled = tidy.means(layers, "kernel_sd", by, WEIGHT_SD)
    chosen = {variant.name: variant for variant in select.variants(results, BASE)}
    formula = [
        standard_deviation(chosen[name].initializer, chosen[name].parameters, fan_in, fan_out)
        for name, fan_in, fan_out in zip(
            *(sampled[key].tolist() for key in ("variant", "fan_in", "fan_out")), strict=True
        )
    ]
    return tidy.joined(
        sampled,
        tidy.theory(
            sampled.assign(formula=pd.Series(formula, dtype=float)), "formula", by, WEIGHT_SD
        ),
    )


def weight_sd(results: Results, data: pd.DataFrame) -> Figure:
    """Return the standard deviation of the sampled weights by layer beside the formula's."""
    table, closed = tidy.of(data, tidy.MEAN), tidy.of(data, tidy.THEORY)
    expected = closed.set_index(["variant", "layer"])["value"].to_dict()
    figure = panels.new_figure(3.7)
    axes = figure.subplots()
    axes.set_yscale("log")
    looks = style.looks(results, BASE)
    slot = 0.72 / len(looks)
    size = float(np.clip(POINTS_ACROSS * slot / table["layer"].nunique(), 2.0, 6.0))
    for place, (name, look) in enumerate(looks.items()):
        shift = (place - (len(looks) - 1) / 2) * slot
        rows = table[table["variant"] == name].to_dict("records")
        for row in rows:
            known = expected.get((name, row["layer"]))
            _draw_sd(axes, row, known, row["layer"] + shift, slot, look, size)
        _note_sds(axes, rows, expected, shift)
    _label_layers(axes, table)
    axes.set_title("Standard deviation of the weights at initialization (log scale)")
    panels.log_axis(axes)
    formula = Line2D([], [], color=INK, linewidth=1.6, label="formula")
    seeds = [panels.handle(look, name, line=False) for name, look in looks.items()]
    panels.add_legend(figure, [*seeds, formula])
    panels.add_notes(figure, descriptions.zero_sd(results, BASE, mark="▼ "))
    return figure


def _draw_sd(
    axes: Axes,
    row: Row,
    expected: float | None,
    x: float,
    slot: float,
    look: VariantStyle,
    size: float,
) -> None:
    name = str(row["variant"])
    if expected:
        ends = [x - 0.4 * slot, x + 0.4 * slot]
        (stroke,) = axes.plot(ends, [expected] * 2, color=INK, linewidth=1.6)
        panels.tag(stroke, name)
    if row["value"] > 0:
        (reach,) = axes.plot([x, x], [row["minimum"], row["maximum"]], color=look.colour, lw=2)
        (dot,) = axes.plot(
            [x], [row["value"]], marker=look.marker, markersize=size, color=look.colour
        )
        panels.tag(reach, name)
    else:
        (dot,) = axes.plot(
            [x], [FOOT], marker="v", markersize=size, color=look.colour, clip_on=False,
            transform=axes.get_xaxis_transform(),
        )  # fmt: skip
    panels.tag(dot, name)


def _note_sds(
    axes: Axes, rows: list[dict[Hashable, Any]], expected: Mapping[Any, float], shift: float
) -> None:
    """What a variant's dots say; those without spread stand at the foot of the axes."""
    for row in rows:
        zero = not row["value"] > 0
        known = expected.get((row["variant"], row["layer"]))
        beside = f", formula {readings.plain(known)}" if known else ""
        read = Point(
            row["layer"] + shift, FOOT if zero else row["value"], f"Layer {row['layer']}",
            readings.plain(row["value"]) + beside,
            readings.span(row["minimum"], row["maximum"], readings.plain),
        )  # fmt: skip
        where = axes.get_xaxis_transform() if zero else None
        readings.note(
            axes, str(row["variant"]), WEIGHT_SD, readings.mean_of(row["n"]), [read], where
        )


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
