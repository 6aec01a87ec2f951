"""Every figure of the report by name: one module each holds its rows, its drawing and its words.

Nothing that draws is loaded before a figure is.
"""

from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

    from analysis.claims.claim import Claim
    from report.figures.draw.definition import Definition


class Entry(NamedTuple):
    """A figure: its module in this package, and what it is called.

    That is what it `finds`, where the claim of this id is supported; or what its rows say by
    themselves, if they do; or what it `shows`.
    """

    module: str
    shows: str
    claim: str = ""
    finds: str = ""


REGISTRY: "Mapping[str, Entry]" = {
    "accuracy": Entry(
        "curves",
        "Accuracy of the base network over the epochs",
        "he-glorot-level",
        "He and Glorot end level",
    ),
    "loss": Entry(
        "curves",
        "Loss of the base network over the epochs",
        "early-speed",
        "The start is fastest from He, then Glorot, then RandomNormal",
    ),
    "fashion": Entry(
        "curves",
        "Loss of the base network on Fashion-MNIST",
        "fashion-early-speed",
        "On Fashion-MNIST the training loss falls first in the same order",
    ),
    "test-accuracy": Entry(
        "scores",
        "Final test accuracy of every seed",
        "none-wins",
        "Of the variants that learn, none wins in the end",
    ),
    "weight-sd": Entry(
        "kernels.weights",
        "Standard deviation of the weights by layer, before training",
        "random-normal-is-he-in-layer-1",
        "RandomNormal is He’s rule in the first layer alone",
    ),
    "propagation": Entry(
        "untrained.layers",
        "Size of the signal by layer, before training",
        "variance-factor",
        "In ReLU layers the variance of the weights decides whether a signal fades",
    ),
    "gradients": Entry(
        "untrained.layers",
        "Size of the gradient by layer, before training",
    ),
    "activations": Entry(
        "ridges", "Activations by layer, before training: spikes at zero are lost signals"
    ),
    "glorot": Entry(
        "untrained.glorot",
        "Signals and gradients by layer, under both forms",
        "glorot-backward-ratio",
        "The normalized form brings the gradient back to the first layer",
    ),
    "likeness": Entry(
        "untrained.spread",
        "Likeness of two images by layer, before training",
        "correlation-follows-map",
        "Two images become alike layer by layer, as theory has it",
    ),
    "scatter": Entry(
        "untrained.spread",
        "Spread of the signal’s size over seeds by layer, before training",
        "length-variance",
        "The narrower the layers, the more the size of a signal is left to chance",
    ),
    "scale": Entry(
        "sweeps",
        "Test accuracy over the scale of the weights, by optimizer",
        "sgd-exposes-what-adam-hides",
        "Plain SGD exposes a poor scale that Adam hides",
    ),
    "depth": Entry(
        "sweeps",
        "Test accuracy over depth, by initializer and optimizer",
        "adam-is-not-enough",
        "At fifty layers He is ahead of Glorot even under Adam",
    ),
    "rates": Entry(
        "sweeps",
        "Test accuracy over the learning rate, by initializer and depth",
        "own-rate-does-not-level",
        "At twenty layers a learning rate of its own does not make up for a poor start",
    ),
    "thirty-layers": Entry(
        "deep.courses", "One deep network, each start: which lines leave guessing"
    ),
    "late": Entry(
        "deep.courses",
        "Validation accuracy of deep networks over the steps of training",
        "glorot-is-later",
        "From Glorot deep networks learn later than from He, if at all",
    ),
    "fair": Entry(
        "deep.dots",
        "Test accuracy of every seed from competitors of one variance, and of less",
        "smaller-variance-behind",
        "In a deep network a smaller variance than He’s falls behind",
    ),
    "stacks": Entry(
        "deep.dots",
        "What normalization and skip connections make of two starts, seed by seed",
        "paths-make-it-matter-less",
        "Normalization and skip connections make the initializer matter less",
    ),
    "activation-heatmap": Entry(
        "deep.heatmaps",
        "Test accuracy by activation and initializer, shallow and deep",
        "shallow-choice-is-small",
        "The choice matters little in shallow networks of ReLU, tanh or SELU",
    ),
    "chaos": Entry(
        "deep.phases",
        "Tanh networks over weight variance and depth, beside theory’s edge of chaos",
        "edge-of-chaos",
        "Very deep tanh networks favour the edge of chaos",
    ),
    "gain": Entry(
        "deep.phases",
        "Test accuracy of ReLU networks over weight variance and depth",
        "gain-two",
        "At twenty and thirty layers He’s variance does best",
    ),
    "symmetry": Entry(
        "kernels.symmetry",
        "Different units and rank of the kernels over the training",
        "constant-is-a-symmetry",
        "A constant is a symmetry that training does not break",
    ),
    "dynamics": Entry(
        "ridges", "Sums of the base network: apart at the start, and what training makes of them"
    ),
}
"""Every figure that an answer may show. A new figure is a new entry here."""
NAMES = tuple(REGISTRY)
SHARED = (
    "report/figures/draw/*.py",
    "report/figures/draw/*/*.py",
    "templates/fonts/*.ttf",
    "report/words/*.py",
    "analysis/claims/deciding.py",
    "analysis/data/guessing.py",
    "analysis/results/frames.py",
    "analysis/results/select.py",
    "analysis/statistics/*.py",
    "analysis/study/*.py",
)
"""What every figure follows from besides its own module and the results, seen from the root.

How all are drawn, how things are written, what counts as trained, and what makes rows of results.
"""


def load(name: str) -> "Definition":
    """Return the definition of a figure, one of `FIGURES` in its module.

    Raises KeyError for a name that is none.
    """
    module = import_module(f"{__name__}.{REGISTRY[name].module}")
    definition: Definition = module.FIGURES[name]
    return definition


def title(name: str, claims: "Mapping[str, Claim]", says: str = "") -> str:
    """Return what a figure is called: by what it finds, if its claim is among the supported.

    Otherwise by what its rows say, if anything. Raises KeyError for a name that is none.
    """
    own = REGISTRY[name]
    found = own.claim in claims and claims[own.claim].verdict == "supported"
    return own.finds if found else says or own.shows


def source(name: str) -> str:
    """Return the file that defines a figure, seen from the root of the project."""
    return f"report/figures/{REGISTRY[name].module.replace('.', '/')}.py"
