"""Every figure of the report by name: its data, how they are drawn, and what they show in words."""

import functools
import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import pandas as pd
from matplotlib.figure import Figure

from analysis.results.frames import Results
from analysis.study.model import BASE
from report.figures import (
    curves,
    descriptions,
    heatmaps,
    layers,
    map_words,
    ridge_words,
    ridges,
    scores,
    signal_words,
    sweeps,
    symmetry,
    training_words,
)
from report.figures.draw import panels, readings, svg
from report.figures.draw.panels import Entry

Data = Callable[[Results], pd.DataFrame]
Paint = Callable[[Results, pd.DataFrame], Figure]


@dataclass(frozen=True)
class Other:
    """Another drawing of a figure, and what it shows in words."""

    paint: Paint
    describe: Callable[[Results], str]


@dataclass(frozen=True)
class Spec:
    """How a figure comes about, each step from the results; `experiment` holds its runs.

    `paint` draws the very frame that `data` returns. `views` are other drawings of it, by name,
    that a page may show in the place of the first.
    """

    experiment: str
    data: Data
    paint: Paint
    describe: Callable[[Results], str]
    views: Mapping[str, Other] = field(default_factory=dict)

    def draw(self, results: Results, view: str = "", data: pd.DataFrame | None = None) -> Figure:
        """Return the figure, or a view of it, in the project's style; `data` if it is there yet."""
        paint = self.views[view].paint if view else self.paint
        with panels.drawing():
            return paint(results, self.data(results) if data is None else data)

    def alt(self, results: Results, view: str = "") -> str:
        """Return what the figure, or a view of it, shows, for those who do not see it."""
        return self.views[view].describe(results) if view else self.describe(results)

    @property
    def code(self) -> list[tuple[str, str]]:
        """Return file, from the root of the project, and name of the painter and of its data."""
        return [(_file(each), each.__name__) for each in (self.paint, self.data)]


def _file(function: Callable[..., Any]) -> str:
    module = inspect.getmodule(function)
    return f"{module.__name__.replace('.', '/')}.py" if module else ""


def _views(paint: Callable[..., Figure], describe: Callable[..., str]) -> dict[str, Other]:
    return {
        name: Other(functools.partial(paint, only=name), functools.partial(describe, only=name))
        for name in ("training", "validation")
    }


FIGURES: dict[str, Spec] = {
    "accuracy": Spec(
        BASE, curves.accuracy_data, curves.accuracy, descriptions.accuracy,
        _views(curves.accuracy, descriptions.accuracy),
    ),
    "loss": Spec(
        BASE, curves.loss_data, curves.loss, descriptions.loss,
        _views(curves.loss, descriptions.loss),
    ),
    "test-accuracy": Spec(
        BASE, scores.test_accuracy_data, scores.test_accuracy, descriptions.test_accuracy
    ),
    "weight-sd": Spec(BASE, scores.weight_sd_data, scores.weight_sd, descriptions.weight_sd),
    "propagation": Spec(
        "propagation", layers.propagation_data, layers.propagation, signal_words.propagation
    ),
    "gradients": Spec(
        "propagation", layers.gradients_data, layers.gradients, signal_words.gradients
    ),
    "activations": Spec(
        "propagation", ridges.activations_data, ridges.activations, ridge_words.activations
    ),
    "glorot": Spec("glorot", layers.glorot_data, layers.glorot, signal_words.glorot),
    "scale": Spec("scale", sweeps.scale_data, sweeps.scale, training_words.scale),
    "depth": Spec("depth", sweeps.depth_data, sweeps.depth, training_words.depth),
    "thirty-layers": Spec(
        "depth", sweeps.thirty_layers_data, sweeps.thirty_layers, training_words.thirty_layers
    ),
    "activation-heatmap": Spec(
        "activation", heatmaps.activation_heatmap_data, heatmaps.activation_heatmap,
        map_words.activation_heatmap,
    ),
    "symmetry": Spec(
        "symmetry", symmetry.symmetry_data, symmetry.symmetry, training_words.symmetry
    ),
    "chaos": Spec("chaos", heatmaps.chaos_data, heatmaps.chaos, map_words.chaos),
    "gain": Spec("gain", heatmaps.gain_data, heatmaps.gain, map_words.gain),
    "dynamics": Spec("dynamics", ridges.dynamics_data, ridges.dynamics, ridge_words.dynamics),
}  # fmt: skip
"""Every figure that an answer may show, by name."""


@dataclass(frozen=True)
class Drawing:
    """A drawing as it was drawn, and as a screen shows it: the legend apart, with its readings.

    `whole` is for paper and for a file of its own. `screen` lacks the legend, which `entries` name
    with their pictures; `marks` is `marks.as_json` in the user units of both.
    """

    whole: str
    screen: str
    entries: tuple[tuple[Entry, str], ...]
    marks: str


def drawing(figure: Figure) -> Drawing:
    """Return a figure as SVG, the same bytes for the same figure."""
    with panels.drawing():
        drawn = panels.as_svg(figure)
    entries = [
        (entry, svg.excerpt(drawn, "data-legend", entry.slug, entry.box))
        for entry in panels.legend_entries(figure)
    ]
    screen = svg.without(drawn, "data-legend", "whole")
    return Drawing(
        svg.without(drawn, "data-spread", "seeds"),
        svg.cropped(screen, panels.legend_height(figure)),
        tuple(entries),
        readings.as_json(figure),
    )


def render_svg(name: str, results: Results) -> str:
    """Return the named figure as an SVG element, the same bytes for the same results."""
    return drawing(FIGURES[name].draw(results)).whole
