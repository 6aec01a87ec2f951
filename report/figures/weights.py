"""The kernels themselves: how far their weights spread, how many units differ, and their rank."""

from collections.abc import Hashable, Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator, NullLocator

from analysis.results import select
from analysis.results.frames import Results
from analysis.study.initializers import standard_deviation
from analysis.study.model import BASE
from report.figures.draw import layout, longform, readings, style
from report.figures.draw.definition import Definition
from report.figures.draw.readings import Point, Sheet
from report.figures.draw.style import INK, MUTED, VariantStyle
from report.words import counts, numbers

Row = Mapping[Hashable, Any]

POINTS_ACROSS = 315.0
"""Width of a figure's axes in points, about."""
FOOT = 0.02
"""Where on the height of the axes what a log axis cannot show is marked."""
FEW_LAYERS = 6
"""Up to which each layer is named by itself."""
WEIGHT_SD = "Standard deviation of the weights"
COUNTS = (
    ("distinct_units", "Distinct units", "distinct units"),
    ("kernel_rank", "Rank of the kernel", "ranks"),
)
"""What the figure of symmetry counts: a column, its name on an axis, and in a sentence."""
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
    sheet = layout.new_sheet(3.7)
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
    axes.set_title("Standard deviation of the weights at initialization (log scale)")
    layout.log_axis(axes)
    formula = Line2D([], [], color=INK, linewidth=1.6, label="formula")
    seeds = layout.handles(looks, line=False)
    layout.add_legend(sheet.figure, [*seeds, formula])
    layout.add_notes(sheet.figure, _zeros(table, mark="▼ "))
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
            [x], [FOOT], marker="v", markersize=size, color=look.colour, clip_on=False,
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
        f"Layer {layer}\n{fan_in} → {fan_out}"
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


def _zeros(table: pd.DataFrame, mark: str = "") -> list[str]:
    """A sentence for each variant with kernels whose weights are all equal, and have no spread."""
    sentences = []
    for name, own in table.groupby("variant", observed=True, sort=False):
        zero = sorted(own.loc[own["maximum"] == 0, "layer"].tolist())
        if zero:
            word = "layer" if len(zero) == 1 else "layers"
            where = f"{word} {counts.listed(zero)}" if len(zero) < len(own) else "every layer"
            sentences.append(
                f"{mark}{name}: standard deviation 0 in {where}, which a log axis cannot show."
            )
    return sentences


def symmetry_data(results: Results) -> pd.DataFrame:
    """Return distinct units and rank of every kernel by variant, layer and epochs trained."""
    layers = select.layers(results, "symmetry", "distinct_units", moment=None)
    by = [*KERNEL, "progress"]
    return longform.joined(
        *(longform.means(layers, value, by, quantity) for value, quantity, _ in COUNTS)
    )


def symmetry(results: Results, data: pd.DataFrame) -> Sheet:
    """Return distinct units and rank of every kernel over training, by variant."""
    shapes = data.drop_duplicates("layer").sort_values("layer")
    looks = style.looks(results, "symmetry")
    sheet = layout.new_sheet(4.6)
    grid = sheet.figure.subplots(2, len(shapes), sharex=True, sharey=True, squeeze=False)
    for row, (_, quantity, _) in zip(grid, COUNTS, strict=True):
        table = data[data["quantity"] == quantity]
        for axes, shape in zip(row, shapes.to_dict("records"), strict=True):
            _draw_counts(sheet, axes, table[table["layer"] == shape["layer"]], looks)
            if axes in grid[0]:
                axes.set_title(f"Layer {shape['layer']}: {shape['fan_in']} → {shape['fan_out']}")
            else:
                axes.set_xlabel("Epochs trained")
        row[0].set_ylabel(quantity)
    _count_axis(grid[0][0], float(data["maximum"].max()))
    _moment_axis(grid[0][0], data)
    layout.add_legend(sheet.figure, layout.handles(looks))
    return sheet


def _draw_counts(
    sheet: Sheet, axes: Axes, table: pd.DataFrame, looks: dict[str, VariantStyle]
) -> None:
    for place, (name, look) in enumerate(looks.items()):
        own = table[(table["variant"] == name) & (table["n"] > 0)]
        (line,) = axes.plot(
            own["progress"], own["value"], color=look.colour, linestyle=look.dash,
            marker=look.marker, markevery=(place % 2, 2),
        )  # fmt: skip
        layout.tag(line, name)
        read = readings.points(own, "progress", "At epoch", readings.size)
        sheet.note_middles(axes, own, read, f"layer {own['layer'].iloc[0]}" if len(own) else "")


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
    axes.set_xticks(ticks, [numbers.exact(tick) for tick in ticks])


def symmetry_alt(results: Results, data: pd.DataFrame) -> str:
    """Return the alternative text of distinct units and ranks over training."""
    layers = select.rows(results, "layers", "symmetry")
    depth = counts.counted(int(data["layer"].max()), "layer")
    opening = f"Distinct units and rank of the kernels of {depth} over training"
    text = [f"{opening}, {counts.over(layers)}."]
    for name, own in data.groupby("variant", observed=True, sort=False):
        parts = [_ends(own[own["quantity"] == quantity], said) for _, quantity, said in COUNTS]
        text.append(f"{name}: {'; '.join(parts)}.")
    return " ".join(text)


def _ends(own: pd.DataFrame, label: str) -> str:
    """Counts of all layers before training and after it, where all runs got there."""
    first, last = own["progress"].min(), own["progress"].max()
    initial, final = (
        ", ".join(readings.size(each) for each in own.loc[own["progress"] == moment, "value"])
        for moment in (first, last)
    )
    if initial == final:
        return f"{label} by layer {initial} throughout"
    return f"{label} by layer {initial} before and {final} after training"


FIGURES = {
    "weight-sd": Definition(BASE, weight_sd_data, weight_sd, weight_sd_alt),
    "symmetry": Definition("symmetry", symmetry_data, symmetry, symmetry_alt),
}
