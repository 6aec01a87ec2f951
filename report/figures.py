"""Every figure of the report by name: how it is drawn, and what its data show in words."""

from collections.abc import Callable
from dataclasses import dataclass

from matplotlib.figure import Figure

from analysis.results import Results
from report import curves, descriptions, dots, panels


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
}
"""Every figure that an answer may show, by name."""


def render_svg(name: str, results: Results) -> str:
    """Return the named figure as an SVG element, the same bytes for the same results."""
    with panels.drawing():
        return panels.as_svg(FIGURES[name].paint(results))
