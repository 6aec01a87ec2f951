"""The kernels in training: how many of their units differ, and their rank."""

from collections.abc import Mapping

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import NullLocator
from matplotlib.transforms import ScaledTranslation

from analysis.results import select
from analysis.results.frames import Results
from report.figures.draw import layout, longform, readings, style
from report.figures.draw.definition import Definition
from report.figures.draw.readings import Sheet
from report.figures.draw.style import VariantStyle
from report.words import counts, numbers

COUNTS = (
    ("distinct_units", "Distinct units", "distinct units"),
    ("kernel_rank", "Rank of the kernel", "ranks"),
)
"""What the figure of symmetry counts: a column, its name on an axis, and in a sentence."""
APART = 2.4
"""Points between lines that would coincide: less than the height of a mark."""
KERNEL = ["variant", "layer", "fan_in", "fan_out"]


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
                apart = "\n" if layout.narrow() else ": "
                shown = f"Layer {shape['layer']}{apart}{shape['fan_in']} to {shape['fan_out']}"
                axes.set_title(shown)
        row[0].set_ylabel(quantity)
    grid[-1][len(shapes) // 2].set_xlabel("Epochs trained")
    _count_axis(grid[0][0], float(data["maximum"].max()))
    _moment_axis(grid[0][0], data)
    layout.add_legend(sheet.figure, layout.handles(looks))
    return sheet


def _draw_counts(
    sheet: Sheet, axes: Axes, table: pd.DataFrame, looks: dict[str, VariantStyle]
) -> None:
    """A line a variant at its counts; those with a count in common stand side by side about it."""
    known = {name: table[(table["variant"] == name) & (table["n"] > 0)] for name in looks}
    lifts = _lifts({name: dict(zip(own["progress"], own["value"], strict=True))
                    for name, own in known.items()})  # fmt: skip
    for place, (name, look) in enumerate(looks.items()):
        own = known[name]
        above = APART * lifts[name] / 72
        lifted = axes.transData + ScaledTranslation(0, above, sheet.figure.dpi_scale_trans)
        (line,) = axes.plot(
            own["progress"], own["value"], color=look.colour, linestyle=look.dash,
            marker=look.marker, markevery=(place % 2, 2), transform=lifted, linewidth=1.5,
        )  # fmt: skip
        layout.tag(line, name)
        panel = f"layer {own['layer'].iloc[0]}" if len(own) else ""
        for row, read in zip(
            own.to_dict("records"),
            readings.points(own, "progress", "At epoch", readings.size),
            strict=True,
        ):
            what = readings.middle_of(row["n"])
            sheet.note(axes, name, f"{row['quantity']}, {panel}", what, [read], lifted)


def _lifts(lines: Mapping[str, Mapping[float, float]]) -> dict[str, float]:
    """How many steps each line is lifted: lines that meet are spread evenly about their place."""
    groups: list[list[str]] = []
    for name, line in lines.items():
        met = [group for group in groups if any(_meet(line, lines[other]) for other in group)]
        groups = [group for group in groups if group not in met]
        groups.append([*(other for group in met for other in group), name])
    order = list(lines)
    return {
        name: (len(group) - 1) / 2 - place
        for group in groups
        for place, name in enumerate(sorted(group, key=order.index))
    }


def _meet(one: Mapping[float, float], other: Mapping[float, float]) -> bool:
    return any(other.get(at) == value for at, value in one.items())


def _count_axis(axes: Axes, most: float) -> None:
    """Counts on a log scale that begins at zero, marked at powers of four."""
    axes.set_yscale("symlog", linthresh=1, linscale=0.35)
    ticks = [0, *(4**power for power in range(8) if 4**power <= most)]
    axes.set_yticks(ticks, [str(tick) for tick in ticks])
    axes.yaxis.set_minor_locator(NullLocator())
    axes.set_ylim(-0.6, most * 2)


def _moment_axis(axes: Axes, layers: pd.DataFrame) -> None:
    """Epochs on a log scale that begins at zero, marked where the figure has room."""
    moments = sorted(set(layers["progress"].tolist()))
    first = next((moment for moment in moments if moment > 0), 1.0)
    axes.set_xscale("symlog", linthresh=first, linscale=0.5)
    axes.set_xlim(-0.15 * first, 1.35 * moments[-1])
    axes.xaxis.set_minor_locator(NullLocator())
    between = {0.1} if layout.narrow() else {0.1, 1.0}
    ticks = [moments[0], *(m for m in moments[2:] if m in between or m == moments[-1])]
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


FIGURES = {"symmetry": Definition("symmetry", symmetry_data, symmetry, symmetry_alt)}
