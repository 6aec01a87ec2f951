"""The figure of symmetry: how many units of a layer differ, and the rank of its kernel."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import NullLocator

from analysis.results import select
from analysis.results.frames import Results
from report.figures.draw import panels, readings, style, tidy
from report.figures.draw.style import VariantStyle

COUNTS = (
    ("distinct_units", "Distinct units"),
    ("kernel_rank", "Rank of the kernel"),
)


def symmetry_data(results: Results) -> pd.DataFrame:
    """Return distinct units and rank of every kernel by variant, layer and epochs trained."""
    layers = select.layers(results, "symmetry", "distinct_units", moment=None)
    by = ["variant", "layer", "fan_in", "fan_out", "progress"]
    return tidy.joined(*(tidy.means(layers, value, by, quantity) for value, quantity in COUNTS))


def symmetry(results: Results, data: pd.DataFrame) -> Figure:
    """Return distinct units and rank of every kernel over training, by variant."""
    shapes = data.drop_duplicates("layer").sort_values("layer")
    looks = style.looks(results, "symmetry")
    figure = panels.new_figure(4.6)
    grid = figure.subplots(2, len(shapes), sharex=True, sharey=True, squeeze=False)
    for row, (_, quantity) in zip(grid, COUNTS, strict=True):
        table = data[data["quantity"] == quantity]
        for axes, shape in zip(row, shapes.to_dict("records"), strict=True):
            _draw_counts(axes, table[table["layer"] == shape["layer"]], looks)
            if axes in grid[0]:
                axes.set_title(f"Layer {shape['layer']}: {shape['fan_in']} → {shape['fan_out']}")
            else:
                axes.set_xlabel("Epochs trained")
        row[0].set_ylabel(quantity)
    _count_axis(grid[0][0], float(data["maximum"].max()))
    _moment_axis(grid[0][0], data)
    panels.add_legend(figure, [panels.handle(look, name) for name, look in looks.items()])
    return figure


def _draw_counts(axes: Axes, table: pd.DataFrame, looks: dict[str, VariantStyle]) -> None:
    for place, (name, look) in enumerate(looks.items()):
        own = table[(table["variant"] == name) & (table["n"] > 0)]
        (line,) = axes.plot(
            own["progress"], own["value"], color=look.colour, linestyle=look.dash,
            marker=look.marker, markevery=(place % 2, 2),
        )  # fmt: skip
        panels.tag(line, name)
        for row, read in zip(
            own.to_dict("records"),
            readings.points(own, "progress", "At epoch", readings.plain),
            strict=True,
        ):
            panel = f"{row['quantity']}, layer {row['layer']}"
            readings.note(axes, name, panel, readings.mean_of(row["n"]), [read])


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
