"""Every figure of the report by name: how it is drawn, and what its data show in words."""

from collections.abc import Callable
from dataclasses import dataclass

from matplotlib.figure import Figure

from analysis.results import Results
from report import (
    curves,
    deep,
    descriptions,
    dots,
    map_words,
    maps,
    panels,
    ridge_words,
    ridges,
    signal_words,
    signals,
    training_words,
)


@dataclass(frozen=True)
class Spec:
    """How a figure is drawn, and how its alternative text is written, both from the results."""

    paint: Callable[[Results], Figure]
    describe: Callable[[Results], str]

    def draw(self, results: Results) -> Figure:
        """Return the figure in the project's style."""
        with panels.drawing():
            return self.paint(results)

    def alt(self, results: Results) -> str:
        """Return what the data show, in words and numbers, for those who do not see them."""
        return self.describe(results)


FIGURES: dict[str, Spec] = {
    "accuracy": Spec(curves.accuracy, descriptions.accuracy),
    "loss": Spec(curves.loss, descriptions.loss),
    "test-accuracy": Spec(dots.test_accuracy, descriptions.test_accuracy),
    "weight-sd": Spec(dots.weight_sd, descriptions.weight_sd),
    "propagation": Spec(signals.propagation, signal_words.propagation),
    "gradients": Spec(signals.gradients, signal_words.gradients),
    "activations": Spec(ridges.activations, ridge_words.activations),
    "glorot": Spec(signals.glorot, signal_words.glorot),
    "scale": Spec(deep.scale, training_words.scale),
    "depth": Spec(deep.depth, training_words.depth),
    "thirty-layers": Spec(deep.thirty_layers, training_words.thirty_layers),
    "activation-heatmap": Spec(maps.activation_heatmap, map_words.activation_heatmap),
    "symmetry": Spec(deep.symmetry, training_words.symmetry),
    "chaos": Spec(maps.chaos, map_words.chaos),
    "gain": Spec(maps.gain, map_words.gain),
    "dynamics": Spec(ridges.dynamics, ridge_words.dynamics),
}
"""Every figure that an answer may show, by name."""


def render_svg(name: str, results: Results) -> str:
    """Return the named figure as an SVG element, the same bytes for the same results."""
    with panels.drawing():
        return panels.as_svg(FIGURES[name].paint(results))
