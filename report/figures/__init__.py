"""Every figure of the report by name: one module each holds its rows, its drawing and its words.

Nothing that draws is loaded before a figure is.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from report.figures.draw.definition import Definition

MODULES = {
    "accuracy": "curves",
    "loss": "curves",
    "test-accuracy": "scores",
    "weight-sd": "weights",
    "propagation": "layers",
    "gradients": "layers",
    "activations": "ridges",
    "glorot": "layers",
    "scale": "sweeps",
    "depth": "sweeps",
    "thirty-layers": "sweeps",
    "activation-heatmap": "heatmaps",
    "symmetry": "weights",
    "chaos": "heatmaps",
    "gain": "heatmaps",
    "dynamics": "ridges",
}
"""Every figure that an answer may show, and the module beside this one that defines it.

A new figure is a new line here.
"""
NAMES = tuple(MODULES)
SHARED = (
    "report/figures/draw/*.py",
    "templates/fonts/*.ttf",
    "report/words/*.py",
    "analysis/data/guessing.py",
    "analysis/results/frames.py",
    "analysis/results/select.py",
    "analysis/statistics/*.py",
    "analysis/study/*.py",
)
"""What every figure follows from besides its own module and the results, seen from the root.

How all are drawn, how things are written, and what makes rows of results.
"""


def load(name: str) -> "Definition":
    """Return the definition of a figure, one of `FIGURES` in its module.

    Raises KeyError for a name that is none.
    """
    module = import_module(f"{__name__}.{MODULES[name]}")
    definition: Definition = module.FIGURES[name]
    return definition


def source(name: str) -> str:
    """Return the file that defines a figure, seen from the root of the project."""
    return f"report/figures/{MODULES[name]}.py"
