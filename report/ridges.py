"""Figures of distributions: a ridge a layer or a moment, one above the other."""

from collections.abc import Sequence

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from analysis.results import Results
from report import panels, ridge_words, selection
from report.ridge_words import Panel
from report.style import PAPER, VariantStyle

HEIGHT = 1.3
"""Of the highest ridge, in steps from one ridge to the next."""
HAIR = 0.012
"""Share of a panel's width."""


def activations(results: Results) -> Figure:
    """Return the distribution of activations by layer in deep networks, activation by variant."""
    figure = _grid(results, ridge_words.deep_panels(results), "Activation", "{}, hidden layer")
    panels.add_notes(figure, ridge_words.notes(results, "propagation"))
    return figure


def dynamics(results: Results) -> Figure:
    """Return the distribution of the weighted sums at moments of training, layer by variant."""
    figure = _grid(results, ridge_words.moving_panels(results), "Weighted sum", "{}, epochs")
    panels.add_notes(figure, ridge_words.notes(results, "dynamics"))
    return figure


def _grid(results: Results, drawn: Sequence[Panel], x_label: str, y_label: str) -> Figure:
    """One row of panels of a common x axis for each row named, one column a variant."""
    columns = list(dict.fromkeys(each.variant for each in drawn))
    names = list(dict.fromkeys(each.row for each in drawn))
    figure = panels.new_figure(1.1 + 1.55 * len(names))
    grid = figure.subplots(len(names), len(columns), sharex="row", sharey="row", squeeze=False)
    looks = selection.looks(results, drawn[0].experiment)
    for each in drawn:
        axes = grid[names.index(each.row)][columns.index(each.variant)]
        _draw_ridges(axes, each, looks[each.variant])
    for axes, name in zip(grid[0], columns, strict=True):
        axes.set_title(panels.wrapped(name, 16))
    for axes, name in zip(grid[:, 0], names, strict=True):
        axes.set_ylabel(y_label.format(name))
    for axes in grid[-1]:
        axes.set_xlabel(x_label)
    return figure


def _draw_ridges(axes: Axes, panel: Panel, look: VariantStyle) -> None:
    """Ridges from top to bottom; one that is narrower than a hair is a stroke."""
    hair = HAIR * (panel.span[1] - panel.span[0])
    for place, (x, height) in enumerate(panel.ridges):
        base = -float(place)
        if x[-1] - x[0] > hair:
            top = base + HEIGHT * height
            (ridge,) = axes.fill(
                [x[0], *x, x[-1]], [base, *top, base], facecolor=look.colour, edgecolor=PAPER,
                linewidth=0.6, zorder=2 + 0.01 * place,
            )  # fmt: skip
            panels.tag(ridge, panel.variant)
        else:
            middle = float(x.mean())
            (stroke,) = axes.plot([middle] * 2, [base, base + 1], color=look.colour, linewidth=1.6)
            panels.tag(stroke, panel.variant)
    axes.set_yticks([-float(place) for place in range(len(panel.labels))], panel.labels)
    axes.set_ylim(-len(panel.labels) + 0.8, HEIGHT + 0.1)
    axes.set_xlim(panel.span)
    axes.grid(visible=False, axis="y")
    axes.xaxis.set_major_locator(MaxNLocator(nbins=3))
    axes.spines["left"].set_visible(False)
    axes.tick_params(axis="y", length=0)
