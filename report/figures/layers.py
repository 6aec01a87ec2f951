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
from report.figures import signal_words
from report.figures.draw import panels, readings, style, tidy
from report.figures.draw.style import INK, VariantStyle
from report.words.settings import NAMES

DOTS, BENDS = 11, 25
"""Markers across a panel, and corners of a band, about."""


PROPAGATION = "Mean square of the weighted sums"
GRADIENTS = "Standard deviation of the gradient"


def propagation_data(results: Results) -> pd.DataFrame:
    """Return the mean square of the weighted sums by activation, variant and layer, and theory."""
    return _data(results, "propagation", [("sum_mean_square", PROPAGATION)])


def propagation(results: Results, data: pd.DataFrame) -> Figure:
    """Return the mean square of the weighted sums by layer, beside its recursion, by activation."""
    return _by_activation(results, data, "sum_mean_square")


def gradients_data(results: Results) -> pd.DataFrame:
    """Return the spread of the gradient by activation, variant and layer, and theory."""
    return _data(results, "propagation", [("sum_gradient_sd", GRADIENTS)])


def gradients(results: Results, data: pd.DataFrame) -> Figure:
    """Return the spread of the gradient by layer, beside its recursion, one panel an activation."""
    return _by_activation(results, data, "sum_gradient_sd")


def _data(results: Results, experiment: str, shown: Sequence[tuple[str, str]]) -> pd.DataFrame:
    """Means over seeds by activation, variant and hidden layer, and what the recursion predicts.

    `shown` are columns of the layers and what they are.
    """
    first = shown[0][0].replace("rms", "mean_square")
    layers = select.hidden(select.layers(results, experiment, first))
    layers = layers.assign(rms=np.sqrt(layers["mean_square"]))
    closed = signal_words.predicted(results, experiment)
    closed = closed.assign(rms=np.sqrt(closed["mean_square"].astype(float)))
    by = ["activation", "variant", "layer"]
    parts = []
    for value, quantity in shown:
        for activation in select.values(layers, "activation"):
            own = layers[layers["activation"] == activation]
            parts.append(tidy.means(own, value, by, quantity))
        inside = closed[closed["layer"] <= layers["layer"].max()]
        if value in closed:
            parts.append(tidy.theory(inside, value, by, quantity))
    return tidy.joined(*parts)


def _by_activation(results: Results, data: pd.DataFrame, value: str) -> Figure:
    """One wide panel for the first activation, and the others side by side below it."""
    activations = select.values(data, "activation")
    looks = style.looks(results, "propagation")
    figure = panels.new_figure(3.6 if len(activations) == 1 else 5.9)
    for axes, activation in zip(_places(figure, len(activations)), activations, strict=True):
        name = NAMES.get(activation, activation)
        own = data[data["activation"] == activation]
        title = f"{tidy.quantities(data)[0]}, {name} (log scale)"
        axes.set_title(title if activation == activations[0] else name)
        axes.set_xlim(0, int(own["layer"].max()) + 1)
        _draw_layers(axes, own, looks, name)
        axes.set_xlabel("Hidden layer")
        panels.decade_axis(axes)
    _finish(figure, looks, signal_words.vanished(results, "propagation", value))
    return figure


def glorot_data(results: Results) -> pd.DataFrame:
    """Return rms activation, gradient and weight gradient by variant and layer, and theory."""
    shown = [(value, f"{what} ({measure})") for value, what, measure in signal_words.GLOROT]
    return _data(results, "glorot", shown)


def glorot(results: Results, data: pd.DataFrame) -> Figure:
    """Return rms activation, gradient and weight gradient by layer of Glorot and Bengio's network.

    Activations and gradients stand beside their recursion.
    """
    looks = style.looks(results, "glorot")
    figure = panels.new_figure(3.5)
    grid = figure.subplots(1, 3)
    for axes, quantity, (_, what, measure) in zip(
        grid, tidy.quantities(data), signal_words.GLOROT, strict=True
    ):
        axes.set_title(f"{what},\n{measure} (log scale)")
        _draw_layers(axes, data[data["quantity"] == quantity], looks)
        axes.set_xlabel("Hidden layer")
        panels.log_axis(axes)
    _finish(figure, looks, [])
    return figure


def _places(figure: Figure, count: int) -> list[Axes]:
    if count == 1:
        return [figure.subplots()]
    grid = figure.add_gridspec(2, count - 1, height_ratios=[1.25, 1])
    below = [figure.add_subplot(grid[1, column]) for column in range(count - 1)]
    return [figure.add_subplot(grid[0, :]), *below]


def _draw_layers(
    axes: Axes, data: pd.DataFrame, looks: dict[str, VariantStyle], panel: str = ""
) -> None:
    """Means over seeds as dots in a band from lowest to highest, the recursion as a thin line."""
    axes.set_yscale("log")
    table = tidy.of(data, tidy.MEAN)
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
        panels.tag(band, name)
        panels.tag(dots, name)
        theory = tidy.of(data, tidy.THEORY, variant=name)
        theory = theory[theory["layer"].isin(own["layer"])]
        if len(theory):
            (line,) = axes.plot(theory["layer"], theory["value"], color=INK, linewidth=0.8)
            panels.tag(line, name)
        _note_layers(axes, own.iloc[place % every :: every], theory, panel)
    axes.xaxis.set_major_locator(MaxNLocator(nbins=6, integer=True))


def _note_layers(axes: Axes, rows: pd.DataFrame, theory: pd.DataFrame, panel: str) -> None:
    """What the dots say, each beside its closed form."""
    closed = dict(zip(theory["layer"], theory["value"], strict=True))
    for row, read in zip(
        rows.to_dict("records"),
        readings.points(rows, "layer", "Layer", readings.plain),
        strict=True,
    ):
        beside = closed.get(row["layer"])
        says = f"{read.says}, closed form {readings.plain(beside)}" if beside else read.says
        name = ", ".join(filter(None, [row["quantity"], panel]))
        what = readings.mean_of(row["n"])
        readings.note(axes, str(row["variant"]), name, what, [read._replace(says=says)])


def _finish(figure: Figure, looks: dict[str, VariantStyle], notes: list[str]) -> None:
    measured = [panels.handle(look, name, line=False) for name, look in looks.items()]
    theory = Line2D([], [], color=INK, linewidth=0.8, label="closed form")
    panels.add_legend(figure, [*measured, theory])
    panels.add_notes(figure, notes)
