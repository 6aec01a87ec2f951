"""ReLU networks of several widths before training: how alike two images become, and chance."""

from collections.abc import Hashable

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from analysis.results import select
from analysis.results.frames import Results
from analysis.statistics import theory
from report.figures.draw import layout, longform, readings, style
from report.figures.draw.definition import Definition
from report.figures.draw.readings import Point, Sheet
from report.figures.draw.style import INK, VariantStyle
from report.words import counts, numbers
from report.words.metrics import METRICS

SPREAD = "spread"
ACROSS, ACROSS_NARROW = 3, 2
"""Panels side by side."""
LIKENESS = "Correlation of two images"
SCATTER = "Standard deviation of ln M"
OVER_SEEDS = "seeds"
"""The kind of a row that is one number of all seeds."""
DECIMALS = METRICS["sum_correlation"].digits


def likeness_data(results: Results) -> pd.DataFrame:
    """Return the mean correlation of two images by width and layer: means over seeds, and theory.

    Theory's map starts from the mean of layer 1.
    """
    layers = _layers(results, "sum_correlation")
    by = ["variant", "width", "layer"]
    means = longform.means(layers, "sum_correlation", by, LIKENESS)
    return longform.joined(means, longform.theory(_mapped(means), "value", by, LIKENESS))


def _layers(results: Results, value: str) -> pd.DataFrame:
    return select.hidden_layers(select.layers(results, SPREAD, value))


def _mapped(means: pd.DataFrame) -> pd.DataFrame:
    """The correlations that the map makes of the first one of each network."""
    parts = []
    for _, own in means.groupby(["variant", "width"], observed=True, sort=False):
        values = [float(own["value"].iloc[0])]
        for _ in range(1, len(own)):
            values.append(float(theory.relu_correlation(np.asarray(values[-1]))))
        parts.append(own.assign(value=values))
    return pd.concat(parts)


def _units(width: object) -> str:
    return counts.counted(int(str(width)), "unit")


def likeness(results: Results, data: pd.DataFrame) -> Sheet:
    """Return the correlation of two images by layer beside theory's map, a panel a width."""
    widths = select.values(data, "width")
    columns = min(ACROSS_NARROW if layout.narrow() else ACROSS, len(widths))
    rows = -(-len(widths) // columns)
    sheet = layout.new_sheet(0.8 + 1.6 * rows)
    grid = sheet.figure.subplots(rows, columns, sharex=True, sharey=True, squeeze=False)
    looks = style.looks(results, SPREAD)
    for axes, width in zip(grid.flat, widths, strict=False):
        axes.set_title(_units(width))
        for name, look in looks.items():
            own = data[(data["width"] == width) & (data["variant"] == name)]
            _draw_likeness(sheet, axes, own, look, name)
        axes.xaxis.set_major_locator(MaxNLocator(nbins=4, integer=True))
    for spare in grid.flat[len(widths) :]:
        spare.set_visible(False)
    for axes in grid[-1, : len(widths) - columns * (rows - 1)]:
        axes.set_xlabel("Hidden layer")
    sheet.figure.supylabel(LIKENESS)
    _legend(sheet, looks, line=True, theory="theory’s map")
    return sheet


def _draw_likeness(
    sheet: Sheet, axes: Axes, data: pd.DataFrame, look: VariantStyle, name: str
) -> None:
    """The mean over seeds in a band from lowest to highest, theory as a thin line."""
    means, mapped = longform.of(data, longform.MEAN), longform.of(data, longform.THEORY)
    band = axes.fill_between(
        means["layer"], means["minimum"], means["maximum"], color=look.colour, alpha=0.2, lw=0
    )
    (line,) = axes.plot(means["layer"], means["value"], color=look.colour, linestyle=look.dash)
    (thin,) = axes.plot(mapped["layer"], mapped["value"], color=INK, linewidth=0.8)
    for artist in (band, line, thin):
        layout.tag(artist, name)
    read = readings.points(means, "layer", "Layer", _correlation)
    told = [
        point._replace(says=f"{point.says}, theory {_correlation(value)}")
        for point, value in zip(read, mapped["value"], strict=True)
    ]
    sheet.note_middles(axes, means, told, axes.get_title(loc="left"))


def _correlation(value: float) -> str:
    return numbers.fixed(value, DECIMALS)


def scatter_data(results: Results) -> pd.DataFrame:
    """Return the standard deviation of ln M over seeds by width and layer, and theory's √(5 l/n).

    M is the mean square of what a layer passes on. One seed has no spread.
    """
    layers = _layers(results, "mean_square")
    layers = layers.assign(value=np.log(layers["mean_square"]))
    by = ["variant", "width", "layer"]
    groups = layers.groupby(by, observed=True, sort=False)["value"]
    table = groups.agg(value="std", n="count").reset_index()
    law = table.assign(value=[_law(row) for row in table.to_dict("records")])
    seen = table.assign(quantity=SCATTER, kind=OVER_SEEDS).dropna(subset="value")
    return longform.joined(seen, longform.theory(law, "value", by, SCATTER))


def _law(row: dict[Hashable, object]) -> float:
    """The standard deviation after so many layers of so many units."""
    layer, width = int(str(row["layer"])), int(str(row["width"]))
    return float(np.sqrt(theory.length_variance([width] * layer)))


def scatter(results: Results, data: pd.DataFrame) -> Sheet:
    """Return the spread of the signal's size over seeds by layer, dots beside theory's lines."""
    sheet = layout.new_sheet(4.0)
    axes = sheet.figure.subplots()
    looks = style.looks(results, SPREAD)
    for (name, width), own in data.groupby(["variant", "width"], observed=True, sort=False):
        look, label = looks[str(name)], _units(width)
        seen, law = longform.of(own, OVER_SEEDS), longform.of(own, longform.THEORY)
        (line,) = axes.plot(law["layer"], law["value"], color=INK, linewidth=0.8)
        (dots,) = axes.plot(
            seen["layer"], seen["value"], linewidth=0.7, marker=look.marker, color=look.colour,
            markersize=4,
        )  # fmt: skip
        layout.tag(line, str(name))
        layout.tag(dots, str(name))
        axes.annotate(
            label, (law["layer"].iloc[-1], law["value"].iloc[-1]), xytext=(6, 0),
            textcoords="offset points", va="center", annotation_clip=False,
        )  # fmt: skip
        sheet.note(axes, str(name), f"{SCATTER}, {label}", _of_seeds(seen), _read(seen, law))
    axes.set_title(SCATTER)
    axes.set_ylim(bottom=0)
    axes.set_xlabel("Hidden layer")
    axes.xaxis.set_major_locator(MaxNLocator(nbins=6, integer=True))
    _legend(sheet, looks, line=False, theory="theory")
    return sheet


def _of_seeds(seen: pd.DataFrame) -> str:
    return f"over {int(seen['n'].max())} seeds" if len(seen) else ""


def _read(seen: pd.DataFrame, law: pd.DataFrame) -> list[Point]:
    """What the dots say, each beside theory."""
    closed = dict(zip(law["layer"], law["value"], strict=True))
    points = readings.points(seen, "layer", "Layer", _short)
    return [
        point._replace(says=f"{point.says}, theory {_short(closed[layer])}")
        for point, layer in zip(points, seen["layer"], strict=True)
    ]


def _short(value: float) -> str:
    return numbers.magnitude(value, 2)


def _legend(sheet: Sheet, looks: dict[str, VariantStyle], *, line: bool, theory: str) -> None:
    thin = Line2D([], [], color=INK, linewidth=0.8, label=theory)
    layout.add_legend(sheet.figure, [*layout.handles(looks, line=line), thin])


def likeness_alt(results: Results, data: pd.DataFrame) -> str:
    """Return the alternative text of the correlation of two images by layer."""
    layers = _layers(results, "sum_correlation")
    parts = []
    for (name, width), own in data.groupby(["variant", "width"], observed=True, sort=False):
        means, mapped = longform.of(own, longform.MEAN), longform.of(own, longform.THEORY)
        first, last, law = (
            _correlation(each)
            for each in (*means["value"].iloc[[0, -1]], float(mapped["value"].iloc[-1]))
        )
        of = f"{name}, {_units(width)}"
        parts.append(f"{of}: from {first} to {last}, theory {law}")
    return (
        f"Line charts of the mean correlation of two images by layer of ReLU networks with "
        f"{counts.hidden_layers(data['layer'].max())} before training, one panel a width, "
        f"{counts.over(layers)} in a band from the lowest to the highest. From the first to the "
        f"last layer: {'; '.join(parts)}."
    )


def scatter_alt(results: Results, data: pd.DataFrame) -> str:
    """Return the alternative text of the spread of the signal's size by layer."""
    seeds = select.rows(results, "runs", SPREAD)["seed"].nunique()
    parts = []
    for (name, width), own in data.groupby(["variant", "width"], observed=True, sort=False):
        seen, law = longform.of(own, OVER_SEEDS), longform.of(own, longform.THEORY)
        found = _short(seen["value"].iloc[-1]) if len(seen) else "not known of one seed"
        of = f"{name}, {_units(width)}"
        parts.append(f"{of}: {found}, theory {_short(law['value'].iloc[-1])}")
    return (
        "Standard deviation of the logarithm of the mean square of what a layer passes on, by "
        f"layer of ReLU networks before training, over {counts.counted(seeds, 'seed')}, dots "
        f"beside the lines of theory. In layer {data['layer'].max()}: {'; '.join(parts)}."
    )


FIGURES = {
    "likeness": Definition(SPREAD, likeness_data, likeness, likeness_alt, apart=("width",)),
    "scatter": Definition(SPREAD, scatter_data, scatter, scatter_alt, apart=("width",)),
}
