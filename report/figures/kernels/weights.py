"""The kernels themselves, before training: how far their weights spread, layer by layer."""

from collections.abc import Hashable, Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from analysis.results import select
from analysis.results.frames import Results
from analysis.study.initializers import standard_deviation
from analysis.study.model import BASE
from report.figures.draw import layout, longform, readings, style
from report.figures.draw.axes import scales
from report.figures.draw.definition import Definition
from report.figures.draw.readings import Point, Sheet
from report.figures.draw.style import INK, MUTED, VariantStyle
from report.words import counts

Row = Mapping[Hashable, Any]

POINTS_ACROSS = 315.0
"""Width of a figure's axes in points, about."""
FOOT = 0.02
"""Where on the height of the axes what a log axis cannot show is marked."""
FEW_LAYERS = 6
"""Up to which each layer is named by itself."""
WEIGHT_SD = "Standard deviation of the weights"
KERNEL = ["variant", "layer", "fan_in", "fan_out"]


def weight_sd_data(results: Results) -> pd.DataFrame:
    """Return the standard deviation of the weights by variant and layer, and its formula."""
    layers = select.layers(results, BASE, "kernel_sd")
    sampled = longform.means(layers, "kernel_sd", KERNEL, WEIGHT_SD)
    formula = pd.Series(_formulas(results, sampled), dtype=float)
    closed = sampled.assign(formula=formula)
    return longform.joined(sampled, longform.theory(closed, "formula", KERNEL, WEIGHT_SD))


def _formulas(results: Results, kernels: pd.DataFrame) -> list[float | None]:
    """What the formula of its own initializer gives each kernel; None where there is none."""
    variants = {variant.name: variant for variant in select.variants(results, BASE)}
    last = int(kernels["layer"].max())
    found = []
    for name, layer, fan_in, fan_out in zip(
        *(kernels[key].tolist() for key in KERNEL), strict=True
    ):
        drawn = variants[name].kernel(layer, last)
        found.append(standard_deviation(drawn.initializer, drawn.parameters, fan_in, fan_out))
    return found


def weight_sd(results: Results, data: pd.DataFrame) -> Sheet:
    """Return the standard deviation of the sampled weights by layer beside the formula's."""
    table = longform.of(data, longform.MEAN)
    expected = _expected(data)
    sheet = layout.new_sheet(3.4)
    axes = sheet.figure.subplots()
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
        _note_sds(sheet, axes, rows, expected, shift)
    _label_layers(axes, table)
    title = "Standard deviation of the weights at initialization (log scale)"
    axes.set_title(layout.wrapped(title, layout.title_characters()))
    scales.log_axis(axes)
    formula = Line2D([], [], color=INK, linewidth=1.6, label="formula")
    seeds = layout.handles(looks, line=False)
    layout.add_legend(sheet.figure, [*seeds, formula])
    layout.add_notes(sheet.figure, _zeros(table, ", and stands at the foot"))
    return sheet


def _expected(data: pd.DataFrame) -> dict[Hashable, float]:
    """The formula's standard deviation by variant and layer, of those that have one."""
    return longform.of(data, longform.THEORY).set_index(["variant", "layer"])["value"].to_dict()


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
        layout.tag(stroke, name)
    if row["value"] > 0:
        (reach,) = axes.plot([x, x], [row["minimum"], row["maximum"]], color=look.colour, lw=2)
        (dot,) = axes.plot(
            [x], [row["value"]], marker=look.marker, markersize=size, color=look.colour
        )
        layout.tag(reach, name)
    else:
        (dot,) = axes.plot(
            [x], [FOOT], marker=look.marker, markersize=size, color=look.colour, clip_on=False,
            transform=axes.get_xaxis_transform(),
        )  # fmt: skip
    layout.tag(dot, name)


def _note_sds(
    sheet: Sheet,
    axes: Axes,
    rows: list[dict[Hashable, Any]],
    expected: Mapping[Any, float],
    shift: float,
) -> None:
    """What a variant's dots say; those without spread stand at the foot of the axes."""
    for row in rows:
        zero = not row["value"] > 0
        known = expected.get((row["variant"], row["layer"]))
        beside = f", formula {readings.size(known)}" if known else ""
        read = Point(
            row["layer"] + shift, FOOT if zero else row["value"], f"Layer {row['layer']}",
            readings.size(row["value"]) + beside,
            readings.span(row["minimum"], row["maximum"], readings.size),
        )  # fmt: skip
        where = axes.get_xaxis_transform() if zero else None
        what = readings.middle_of(row["n"])
        sheet.note(axes, str(row["variant"]), WEIGHT_SD, what, [read], where)


def _label_layers(axes: Axes, table: pd.DataFrame) -> None:
    shapes = table.drop_duplicates("layer").sort_values("layer")
    last = int(shapes["layer"].max())
    axes.set_xlim(0.5, last + 0.5)
    axes.grid(visible=False, axis="x")
    if last > FEW_LAYERS:
        axes.xaxis.set_major_locator(MaxNLocator(nbins=10, integer=True))
        axes.set_xlabel("Layer")
        return
    labels = [
        f"Layer {layer}\n{fan_in} to {fan_out}"
        for layer, fan_in, fan_out in shapes[["layer", "fan_in", "fan_out"]].to_numpy(dtype=int)
    ]
    axes.set_xticks(range(1, last + 1), labels)
    for edge in np.arange(1.5, last):
        axes.axvline(edge, color=MUTED, linewidth=0.5)


def weight_sd_alt(results: Results, data: pd.DataFrame) -> str:
    """Return the alternative text of the sampled standard deviations."""
    table = longform.of(data, longform.MEAN)
    expected = _expected(data)
    layers = select.rows(results, "layers", BASE)
    depth = counts.counted(int(table["layer"].nunique()), "layer")
    text = [
        f"Standard deviation of the sampled weights in {depth} on a log axis, "
        f"{counts.over(layers)}, beside its formula."
    ]
    for name, own in table.groupby("variant", observed=True, sort=False):
        rows = own.to_dict("records")
        shown = rows if len(rows) <= FEW_LAYERS else [rows[0], rows[-1]]
        if any(row["value"] > 0 for row in rows):
            parts = [_sampled(row, expected.get((name, row["layer"]))) for row in shown]
            text.append(f"{name}: {', '.join(parts)}.")
    return " ".join([*text, *_zeros(table)])


def _sampled(row: Row, closed: float | None) -> str:
    known = "no closed form" if closed is None else f"formula {readings.size(closed)}"
    return f"layer {row['layer']} {readings.size(row['value'])} ({known})"


def _zeros(table: pd.DataFrame, where_drawn: str = "") -> list[str]:
    """A sentence for each variant with kernels whose weights are all equal, and have no spread."""
    sentences = []
    for name, own in table.groupby("variant", observed=True, sort=False):
        zero = sorted(own.loc[own["maximum"] == 0, "layer"].tolist())
        if zero:
            word = "layer" if len(zero) == 1 else "layers"
            where = f"{word} {counts.listed(zero)}" if len(zero) < len(own) else "every layer"
            sentences.append(
                f"{name} has a standard deviation of 0 in {where}, which a log axis cannot "
                f"show{where_drawn}."
            )
    return sentences


FIGURES = {"weight-sd": Definition(BASE, weight_sd_data, weight_sd, weight_sd_alt)}
