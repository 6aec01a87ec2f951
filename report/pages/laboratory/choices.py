"""What a reader of the laboratory may choose: an entry here is an option of the page.

The page's script knows none of these names by itself, but for the functions of the activations in
templates/scripts/laboratory/network/activations.js.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from analysis.study import initializers
from analysis.study.initializers import Scaling


@dataclass(frozen=True)
class Initializer:
    """An initializer: its name in addresses, what the page calls it, and what it is in Keras.

    FREE has the deviation that the reader sets; all others follow a rule by the fans.
    """

    name: str
    label: str
    keras: str = ""
    parameters: Mapping[str, Any] = field(default_factory=dict)

    @property
    def rule(self) -> Scaling | None:
        """Return how the variance follows the fans of a layer; None where the reader sets it.

        Raises ValueError for an initializer of Keras that has no such rule.
        """
        if self.name == FREE:
            return None
        if self.name == "Zeros":
            return Scaling(0.0, "fan_in", UNCUT)
        found = initializers.scaling(self.keras or self.name, self.parameters)
        if found is None:
            raise ValueError(f"the laboratory cannot draw {self.name}: it does not scale by fans")
        return found


INITIALIZERS = (
    Initializer("Zeros", "Zeros"),
    Initializer("RandomNormal", "RandomNormal"),
    Initializer("LecunNormal", "LeCun normal"),
    Initializer("GlorotNormal", "Glorot normal"),
    Initializer("GlorotUniform", "Glorot uniform"),
    Initializer("HeNormal", "He normal"),
    Initializer(
        "Standard",
        "standard, U(±1/√n)",
        "VarianceScaling",
        {"scale": 1 / 3, "mode": "fan_in", "distribution": "uniform"},
    ),
)
FREE = "RandomNormal"
"""The one whose standard deviation the reader sets; it draws from UNCUT."""
UNCUT = "untruncated_normal"
"""What Keras calls a normal distribution that is not cut."""
ACTIVATIONS = ("relu", "leaky_relu", "tanh", "sigmoid", "selu", "linear")
"""By Keras name."""


@dataclass(frozen=True)
class Range:
    """Bounds of a number that the reader sets, and the step of its slider."""

    low: float
    high: float
    step: float = 1


RANGES: Mapping[str, Range] = {
    "sd": Range(1e-3, 1.0, 0.005),  # the step is one of its decimal logarithm
    "width": Range(16, 256, 8),
    "depth": Range(2, 50),
    "seed": Range(1, 999_999),
    "own": Range(0, 1),
}
START: Mapping[str, str | float] = {
    "initializer": "GlorotNormal",
    "sd": 0.05,
    "activation": "relu",
    "width": 128,
    "depth": 30,
    "seed": 1,
    "own": 0,
}
"""The setting of a page whose address names none; `own`: each layer on its own scale."""


@dataclass(frozen=True)
class Preset:
    """A setting of the laboratory that reproduces a figure; `shows` are labels, the best first."""

    name: str
    setting: str
    shows: tuple[str, ...]


def _preset(
    name: str, initializer: str, activation: str, depth: int, width: int, *shows: str, sd: str = ""
) -> Preset:
    drawn = f"initializer={initializer}" + (f"&sd={sd}" if sd else "")
    return Preset(name, f"{drawn}&activation={activation}&width={width}&depth={depth}", shows)


PRESETS = (
    _preset("Glorot, 30 ReLU layers", "GlorotNormal", "relu", 30, 128,
            "fig:thirty-layers", "q1a"),
    _preset("He, 30 ReLU layers", "HeNormal", "relu", 30, 128, "fig:depth", "q2d"),
    _preset("Normal(0.05), 50 ReLU", "RandomNormal", "relu", 50, 128,
            "fig:gradients", "q1b", sd="0.05"),
    _preset("He, 50 ReLU: one draw", "HeNormal", "relu", 50, 128, "eq:lengths", "q2d"),
    _preset("Glorot, 50 tanh: the edge", "GlorotNormal", "tanh", 50, 128,
            "fig:propagation", "q1c"),
    _preset("He, 50 tanh: chaos", "HeNormal", "tanh", 50, 128,
            "fig:activations", "q2c"),
    _preset("standard, 5 × 256 tanh", "Standard", "tanh", 5, 256, "fig:glorot", "q2c"),
    _preset("Glorot, 5 × 256 tanh", "GlorotUniform", "tanh", 5, 256, "fig:glorot", "q2c"),
    _preset("Glorot, 20 sigmoid", "GlorotNormal", "sigmoid", 20, 128,
            "fig:activation-heatmap", "q3b"),
    _preset("Normal(1), 2 ReLU", "RandomNormal", "relu", 2, 128,
            "fig:scale", "q2b", sd="1"),
    _preset("Zeros", "Zeros", "relu", 2, 128, "eq:zero", "q2a"),
)  # fmt: skip
