"""Figures of signals and gradients on their way through a network at initialization, by layer."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from analysis.results import select
from analysis.results.frames import Results
from analysis.statistics import predictions
from analysis.study.initializers import SCHEMES
from analysis.study.model import Variant
from report.figures.draw import layout, longform, readings, style
from report.figures.draw.axes import scales
from report.figures.draw.definition import Definition
from report.figures.draw.readings import Sheet
from report.figures.draw.style import INK, VariantStyle
from report.words import counts, numbers
from report.words.settings import activation_name

DOTS, BENDS = 11, 25
"""Markers across a panel, and corners of a band, about."""
NEAR = 10
"""A gradient that changes by less than this factor on its way counts as kept."""
DOTTED = (0, (1.5, 1.5))


PROPAGATION = "Mean square of the weighted sums"
GRADIENTS = "Standard deviation of the gradient"


def propagation_data(results: Results) -> pd.DataFrame:
    """Return the mean square of the weighted sums by activation, variant and layer, and theory.

    For ReLU theory has a median beside the mean, since what scatters there is nearly log-normal.
    """
    data = by_layer(results, "propagation", [("sum_mean_square", PROPAGATION)])
    return longform.joined(data, _typical(results, longform.of(data, longform.THEORY)))


def _typical(results: Results, closed: pd.DataFrame) -> pd.DataFrame:
    """The median of what the closed form is the mean of, where theory has one."""
    layers = select.hidden_layers(select.layers(results, "propagation", "sum_mean_square"))
    drawn = [v.name for v in select.variants(results, "propagation") if _independent(v)]
    own = predictions.typical(closed[closed["variant"].isin(drawn)], layers)
    return own.assign(kind=longform.TYPICAL)


def _independent(variant: Variant) -> bool:
    """Whether the weights of every kernel are drawn each by itself."""
    return _random(variant) and all(
        variant.kernel(layer, 2).initializer != "Orthogonal" for layer in (1, 2)
    )


def propagation(results: Results, data: pd.DataFrame) -> Sheet:
    """Return the mean square of the weighted sums by layer, beside its recursion, by activation."""
    return _by_activation(results, data, "sum_mean_square")


def gradients_data(results: Results) -> pd.DataFrame:
    """Return the spread of the gradient by activation, variant and layer, and theory."""
    return by_layer(results, "propagation", [("sum_gradient_sd", GRADIENTS)])


def gradients(results: Results, data: pd.DataFrame) -> Sheet:
    """Return the spread of the gradient by layer, beside its recursion, one panel an activation."""
    return _by_activation(results, data, "sum_gradient_sd")


def gradients_say(data: pd.DataFrame) -> str:
    """Return from which variants a gradient keeps its size in the first activation's layers."""
    activation = select.values(data, "activation")[0]
    table = longform.of(data, longform.MEAN)
    sizes = table[table["activation"] == activation].pivot_table(
        index="variant", columns="layer", values="value", sort=False, observed=True
    )
    ratios = sizes[sizes.columns[0]] / sizes[sizes.columns[-1]]
    near = ratios.between(1 / NEAR, NEAR)
    far = ratios.notna() & ~near
    if not near.any() or not far.any():
        return ""
    kept = counts.listed([str(name) for name in ratios.index[near]])
    return (
        f"Back through {activation_name(activation)} layers the gradient keeps its size, "
        f"to within tenfold, from {kept} alone"
    )


def by_layer(results: Results, experiment: str, shown: Sequence[tuple[str, str]]) -> pd.DataFrame:
    """Return means over seeds by activation, variant and hidden layer, and the recursion's values.

    `shown` are columns of the layers and what they are.
    """
    first = shown[0][0].replace("rms", "mean_square")
    layers = select.hidden_layers(select.layers(results, experiment, first))
    layers = layers.assign(rms=np.sqrt(layers["mean_square"]))
    closed = _predicted(results, experiment)
    closed = closed.assign(rms=np.sqrt(closed["mean_square"].astype(float)))
    by = ["activation", "variant", "layer"]
    parts = []
    for value, quantity in shown:
        for activation in select.values(layers, "activation"):
            own = layers[layers["activation"] == activation]
            parts.append(longform.means(own, value, by, quantity))
        inside = closed[closed["layer"] <= layers["layer"].max()]
        if value in closed:
            parts.append(longform.theory(inside, value, by, quantity))
    return longform.joined(*parts)


def _by_activation(results: Results, data: pd.DataFrame, value: str) -> Sheet:
    """One wide panel for the first activation, and the others side by side below it."""
    activations = select.values(data, "activation")
    looks = style.looks(results, "propagation")
    stacked = 0.9 + 1.75 * len(activations) if layout.narrow() else 5.4
    sheet = layout.new_sheet(3.3 if len(activations) == 1 else stacked)
    grid = _places(sheet.figure, len(activations))
    for axes, activation in zip(grid, activations, strict=True):
        name = activation_name(activation)
        own = data[data["activation"] == activation]
        title = f"{longform.quantities(data)[0]}, {name} (log scale)"
        first = activation == activations[0]
        axes.set_title(layout.wrapped(title, layout.title_characters()) if first else name)
        axes.set_xlim(0, int(own["layer"].max()) + 1)
        draw(sheet, axes, own, looks, name)
        scales.decade_axis(axes)
    layout.name_x(grid, "Hidden layer")
    typical = bool(len(longform.of(data, longform.TYPICAL)))
    finish(sheet.figure, looks, _vanished(results, "propagation", value), typical=typical)
    return sheet


def _places(figure: Figure, count: int) -> list[Axes]:
    if count == 1 or layout.narrow():
        return list(figure.subplots(count, 1, squeeze=False).flat)
    grid = figure.add_gridspec(2, count - 1, height_ratios=[1.25, 1])
    below = [figure.add_subplot(grid[1, column]) for column in range(count - 1)]
    return [figure.add_subplot(grid[0, :]), *below]


def draw(
    sheet: Sheet,
    axes: Axes,
    data: pd.DataFrame,
    looks: dict[str, VariantStyle],
    panel: str = "",
) -> None:
    """Draw means over seeds as dots in a band from lowest to highest, the recursion as a line."""
    axes.set_yscale("log")
    table = longform.of(data, longform.MEAN)
    count = table["layer"].nunique()
    every, bends = max(1, round(count / DOTS)), max(1, count // BENDS)
    for place, (name, look) in enumerate(looks.items()):
        own = table[(table["variant"] == name) & (table["minimum"] > 0)]
        if own.empty:
            continue
        ends = own["layer"].isin([own["layer"].min(), own["layer"].max()])
        reach = own[(own["layer"] % bends == 0) | ends]
        band = axes.fill_between(
            reach["layer"], reach["minimum"], reach["maximum"], color=look.colour, alpha=0.2, lw=0
        )
        (dots,) = axes.plot(
            own["layer"], own["value"], linestyle="", marker=look.marker, color=look.colour,
            markevery=(place % every, every), markersize=4,
        )  # fmt: skip
        layout.tag(band, name)
        layout.tag(dots, name)
        closed = longform.of(data, longform.THEORY, variant=name)
        closed = closed[closed["layer"].isin(own["layer"])]
        if len(closed):
            (line,) = axes.plot(closed["layer"], closed["value"], color=INK, linewidth=0.8)
            layout.tag(line, name)
        typical = longform.of(data, longform.TYPICAL, variant=name)
        if len(typical):
            (line,) = axes.plot(
                typical["layer"], typical["value"], color=INK, linewidth=0.8, linestyle=DOTTED
            )
            layout.tag(line, name)
        _note_layers(sheet, axes, own.iloc[place % every :: every], closed, panel)
    axes.xaxis.set_major_locator(MaxNLocator(nbins=6, integer=True))


def _note_layers(
    sheet: Sheet, axes: Axes, rows: pd.DataFrame, predicted: pd.DataFrame, panel: str
) -> None:
    """What the dots say, each beside its closed form."""
    closed = dict(zip(predicted["layer"], predicted["value"], strict=True))
    read = [
        point._replace(says=f"{point.says}, closed form {readings.size(closed[layer])}")
        if closed.get(layer)
        else point
        for layer, point in zip(
            rows["layer"], readings.points(rows, "layer", "Layer", readings.size), strict=True
        )
    ]
    sheet.note_middles(axes, rows, read, panel)


def finish(
    figure: Figure, looks: dict[str, VariantStyle], notes: list[str], *, typical: bool = False
) -> None:
    """Add the legend of the dots and of theory's lines, and notes below it."""
    lines = [Line2D([], [], color=INK, linewidth=0.8, label="closed form")]
    if typical:
        lines.append(Line2D([], [], color=INK, linewidth=0.8, linestyle=DOTTED, label="its median"))
    seen = layout.drawn(figure, looks)
    layout.add_legend(figure, [*layout.handles(seen, line=False), *lines])
    layout.add_notes(figure, notes)


def _predicted(results: Results, experiment: str) -> pd.DataFrame:
    """The recursions of an experiment at initialization; see `predictions.recursion`."""
    layers = select.layers(results, experiment, "sum_mean_square")
    settings = select.common(results, experiment)
    return predictions.recursion(layers, settings.variants, settings.network)


def _vanished(results: Results, experiment: str, value: str) -> list[str]:
    """Return a sentence on each variant of which a log axis shows nothing, or not everything."""
    layers = select.hidden_layers(select.layers(results, experiment, value))
    drawn = {v.name: v for v in select.variants(results, experiment)}
    sentences = []
    for name, own in layers.groupby("variant", observed=True):
        zero = own[own[value] == 0]
        if len(zero) == len(own):
            sentences.append(f"{name}: exactly 0 in every hidden layer, not on a log axis.")
        elif len(zero):
            activations = select.values(zero, "activation")
            where = counts.listed(map(activation_name, activations))
            small = "below the smallest float32" if _random(drawn[str(name)]) else "exactly"
            sentences.append(f"{name}, {where}: 0 in some layers, {small}.")
    return sentences


def _random(variant: Variant) -> bool:
    """Whether every kernel starts from random numbers, so that no signal is zero but by size."""
    return all(SCHEMES[variant.kernel(layer, 2).initializer].random for layer in (1, 2))


def propagation_alt(results: Results, data: pd.DataFrame) -> str:
    """Return the alternative text of the signal's mean square by layer."""
    return _alt(results, data, "sum_mean_square")


def gradients_alt(results: Results, data: pd.DataFrame) -> str:
    """Return the alternative text of the gradient's spread by layer."""
    return _alt(results, data, "sum_gradient_sd")


def _alt(results: Results, data: pd.DataFrame, value: str) -> str:
    layers = select.rows(results, "layers", "propagation")
    text = [
        f"{longform.quantities(data)[0]} by layer of networks with {data['layer'].max()} hidden "
        f"layers before training, on log axes, {counts.over(layers)}, beside the closed form."
    ]
    for activation, own in data.groupby("activation", sort=False):
        name = activation_name(str(activation))
        text.append(f"{name}: {_courses(own)}.")
    return " ".join([*text, *_vanished(results, "propagation", value)])


def _courses(data: pd.DataFrame) -> str:
    """From the first to the last layer, of each variant that is not zero there."""
    table = longform.of(data, longform.MEAN)
    parts = []
    for name, rows in table[table["value"] > 0].groupby("variant", observed=True, sort=False):
        first, last = rows.iloc[0], rows.iloc[-1]
        closed = longform.of(data, longform.THEORY, variant=name, layer=last["layer"])["value"]
        formula = f" (closed form {short(closed.iloc[0])})" if len(closed) else ""
        parts.append(
            f"{name} {short(first['value'])} in layer {first['layer']}, "
            f"{short(last['value'])} in layer {last['layer']}{formula}"
        )
    return "; ".join(parts) if parts else "zero everywhere"


def short(value: float) -> str:
    """Return a value to two digits."""
    return numbers.magnitude(value, 2)


_PER_ACTIVATION = ("activation",)
FIGURES = {
    "propagation": Definition(
        "propagation", propagation_data, propagation, propagation_alt, apart=_PER_ACTIVATION
    ),
    "gradients": Definition(
        "propagation",
        gradients_data,
        gradients,
        gradients_alt,
        apart=_PER_ACTIVATION,
        says=gradients_say,
    ),
}
