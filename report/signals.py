"""Figures of signals and gradients on their way through a network at initialization, by layer."""

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.ticker import MaxNLocator

from analysis import statistics
from analysis.results import Results
from report import panels, selection, signal_words
from report.style import INK, NAMES, VariantStyle

DOTS, BENDS = 11, 25
"""Markers across a panel, and corners of a band, about."""


def propagation(results: Results) -> Figure:
    """Return the mean square of the weighted sums by layer, beside its recursion, by activation."""
    return _by_activation(
        results, "sum_mean_square", "Mean square of the weighted sums, {} (log scale)"
    )


def gradients(results: Results) -> Figure:
    """Return the spread of the gradient by layer, beside its recursion, one panel an activation."""
    return _by_activation(
        results, "sum_gradient_sd", "Standard deviation of the gradient, {} (log scale)"
    )


def _by_activation(results: Results, value: str, title: str) -> Figure:
    """One wide panel for the first activation, and the others side by side below it."""
    layers = selection.hidden(selection.layers(results, "propagation", value))
    predicted = signal_words.predicted(results, "propagation")
    activations = selection.values(layers, "activation")
    looks = selection.looks(results, "propagation")
    figure = panels.new_figure(3.6 if len(activations) == 1 else 5.9)
    for axes, activation in zip(_places(figure, len(activations)), activations, strict=True):
        name = NAMES.get(activation, activation)
        wide = activation == activations[0]
        axes.set_title(title.format(name) if wide else name)
        own = layers[layers["activation"] == activation]
        axes.set_xlim(0, int(own["layer"].max()) + 1)
        theory = predicted[predicted["activation"] == activation]
        _draw_layers(axes, own, theory, value, looks)
        axes.set_xlabel("Hidden layer")
        panels.decade_axis(axes)
    _finish(figure, looks, signal_words.vanished(results, "propagation", value))
    return figure


def glorot(results: Results) -> Figure:
    """Return rms activation, gradient and weight gradient by layer of Glorot and Bengio's network.

    Activations and gradients stand beside their recursion.
    """
    layers = selection.hidden(selection.layers(results, "glorot", "mean_square"))
    layers = layers.assign(rms=np.sqrt(layers["mean_square"]))
    predicted = signal_words.predicted(results, "glorot")
    predicted = predicted.assign(rms=np.sqrt(predicted["mean_square"].astype(float)))
    looks = selection.looks(results, "glorot")
    figure = panels.new_figure(3.5)
    grid = figure.subplots(1, 3)
    for axes, (value, what, measure) in zip(grid, signal_words.GLOROT, strict=True):
        axes.set_title(f"{what},\n{measure} (log scale)")
        _draw_layers(axes, layers, predicted, value, looks)
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
    axes: Axes,
    layers: pd.DataFrame,
    predicted: pd.DataFrame,
    value: str,
    looks: dict[str, VariantStyle],
) -> None:
    """Means over seeds as dots in a band from lowest to highest, the recursion as a thin line."""
    axes.set_yscale("log")
    table = statistics.summary(layers, value, ["variant", "layer"])
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
            own["layer"], own["mean"], linestyle="", marker=look.marker, color=look.colour,
            markevery=(place % every, every), markersize=4,
        )  # fmt: skip
        panels.tag(band, name)
        panels.tag(dots, name)
        theory = predicted[(predicted["variant"] == name) & predicted["layer"].isin(own["layer"])]
        if value in theory:
            (line,) = axes.plot(theory["layer"], theory[value], color=INK, linewidth=0.8)
            panels.tag(line, name)
    axes.xaxis.set_major_locator(MaxNLocator(nbins=6, integer=True))


def _finish(figure: Figure, looks: dict[str, VariantStyle], notes: list[str]) -> None:
    measured = [panels.handle(look, name, line=False) for name, look in looks.items()]
    theory = Line2D([], [], color=INK, linewidth=0.8, label="closed form")
    panels.add_legend(figure, [*measured, theory])
    panels.add_notes(figure, notes)
