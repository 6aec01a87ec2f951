"""Figures of distributions: a ridge a layer or a moment, one above the other."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from analysis.results import select
from analysis.results.frames import Results
from analysis.statistics.estimates import Floats
from report.figures import ridge_words
from report.figures.draw import panels, readings, style, tidy
from report.figures.draw.readings import Point
from report.figures.draw.style import PAPER, VariantStyle
from report.figures.ridge_words import Panel
from report.words.numbers import MINUS

HEIGHT = 1.3
"""Of the highest ridge, in steps from one ridge to the next."""
HAIR = 0.012
"""Share of a panel's width."""


HEIGHT_OF = "Share of values (of the second fullest bin)"


def activations_data(results: Results) -> pd.DataFrame:
    """Return the ridges of activations in deep networks, by activation, variant and layer."""
    return _data(ridge_words.deep_panels(results), "layer", "activation")


def activations(results: Results, data: pd.DataFrame) -> Figure:
    """Return the distribution of activations by layer in deep networks, activation by variant."""
    figure = _grid(results, data, "Activation", "{}, hidden layer")
    panels.add_notes(figure, ridge_words.notes(results, "propagation"))
    return figure


def dynamics_data(results: Results) -> pd.DataFrame:
    """Return the ridges of weighted sums at moments of training, by layer, variant and epochs."""
    return _data(ridge_words.moving_panels(results), "epoch", "weighted_sum")


def dynamics(results: Results, data: pd.DataFrame) -> Figure:
    """Return the distribution of the weighted sums at moments of training, layer by variant."""
    figure = _grid(results, data, "Weighted sum", "{}, epochs")
    panels.add_notes(figure, ridge_words.notes(results, "dynamics"))
    return figure


def _data(drawn: Sequence[Panel], ridge: str, x: str) -> pd.DataFrame:
    """One row a bin of a ridge: the panel's row, what the ridge is, the bin's middle, its share.

    The column after `panel` is named `ridge`, that of the middles `x`; shown_from and shown_to are
    the ends of the panel's axis.
    """
    parts = [
        pd.DataFrame({"variant": panel.variant, "panel": panel.row, ridge: label, x: middle})
        .assign(shown_from=panel.span[0], shown_to=panel.span[1], value=share)
        for panel in drawn
        for label, (middle, share) in zip(panel.labels, panel.ridges, strict=True)
    ]  # fmt: skip
    whole = pd.concat(parts, ignore_index=True).assign(experiment=drawn[0].experiment)
    return tidy.joined(whole.assign(quantity=HEIGHT_OF, kind="distribution"))


def _grid(results: Results, data: pd.DataFrame, x_label: str, y_label: str) -> Figure:
    """One row of panels of a common x axis for each row named, one column a variant."""
    columns, names = select.values(data, "variant"), select.values(data, "panel")
    figure = panels.new_figure(1.1 + 1.55 * len(names))
    grid = figure.subplots(len(names), len(columns), sharex="row", sharey="row", squeeze=False)
    looks = style.looks(results, str(data["experiment"].iloc[0]))
    for row, name in zip(grid, names, strict=True):
        for axes, variant in zip(row, columns, strict=True):
            own = data[(data["panel"] == name) & (data["variant"] == variant)]
            if len(own):
                _draw_ridges(axes, own, looks[variant])
    for axes, name in zip(grid[0], columns, strict=True):
        axes.set_title(panels.wrapped(name, 16))
    for axes, name in zip(grid[:, 0], names, strict=True):
        axes.set_ylabel(y_label.format(name))
    for axes in grid[-1]:
        axes.set_xlabel(x_label)
    return figure


def _draw_ridges(axes: Axes, data: pd.DataFrame, look: VariantStyle) -> None:
    """Ridges from top to bottom; one that is narrower than a hair is a stroke."""
    variant, row = str(data["variant"].iloc[0]), str(data["panel"].iloc[0])
    span = float(data["shown_from"].iloc[0]), float(data["shown_to"].iloc[0])
    kind = "layer" if "layer" in data else "epoch"
    middles = "activation" if "activation" in data else "weighted_sum"
    labels = select.values(data, kind)
    for place, label in enumerate(labels):
        own = data[data[kind] == label]
        x, height = own[middles].to_numpy(dtype=float), own["value"].to_numpy(dtype=float)
        artist = _draw_ridge(axes, x, height, place, look, HAIR * (span[1] - span[0]))
        panels.tag(artist, variant)
        _note_ridge(axes, variant, row, f"{kind.capitalize()} {label}", x, height, place)
    axes.set_yticks([-float(place) for place in range(len(labels))], labels)
    axes.set_ylim(-len(labels) + 0.8, HEIGHT + 0.1)
    axes.set_xlim(span)
    axes.grid(visible=False, axis="y")
    axes.xaxis.set_major_locator(MaxNLocator(nbins=3))
    axes.spines["left"].set_visible(False)
    axes.tick_params(axis="y", length=0)


def _draw_ridge(
    axes: Axes, x: Floats, height: Floats, place: int, look: VariantStyle, hair: float
) -> Artist:
    base = -float(place)
    if x[-1] - x[0] <= hair:
        middle = [float(x.mean())] * 2
        (stroke,) = axes.plot(middle, [base, base + 1], color=look.colour, linewidth=1.6)
        return stroke
    top = base + HEIGHT * height
    (ridge,) = axes.fill(
        [x[0], *x, x[-1]], [base, *top, base], facecolor=look.colour, edgecolor=PAPER,
        linewidth=0.6, zorder=2 + 0.01 * place,
    )  # fmt: skip
    return ridge


def _note_ridge(
    axes: Axes, variant: str, row: str, at: str, x: Floats, height: Floats, place: int
) -> None:
    """What a ridge says, in its middle: from where to where its values reach, and its mode."""
    ends = [0.0 if abs(each) < 1e-9 * float(np.abs(x).max()) else float(each) for each in x]
    says = f"{ends[0]:.2g} to {ends[-1]:.2g}".replace("-", MINUS)
    mode = f"highest at {ends[int(np.argmax(height))]:.2g}".replace("-", MINUS)
    read = Point(float((x[0] + x[-1]) / 2), -place + 0.3, at, says, mode)
    readings.note(axes, variant, row, "", [read])
