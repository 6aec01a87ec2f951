"""The network that a study asks for: its layers, and the initializers of kernels and biases."""

import math
import re
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, field_validator, model_validator

from analysis.errors.mistakes import shown
from analysis.study import initializers
from analysis.study.parameters import (
    FROZEN,
    Table,
    Value,
    class_and_parameters,
    later,
    positive,
)

MAX_WIDTH = 65536
MAX_SIZE = 64
"""Pixels to a side of what a convolution or a pooling looks at."""
STACK = re.compile(r"\s*(\d{1,9})\s*[x×]\s*(\d{1,9})\s*")
BY_DEPTH = "1/sqrt(depth)"
"""What a study says for a branch that is divided by the root of the count of hidden layers."""
OF_MATRICES = ("Identity", "Orthogonal")
"""Initializers that draw no vector."""

Activation = Literal[
    "relu", "leaky_relu", "elu", "selu", "gelu", "silu", "softplus", "tanh", "sigmoid", "linear"
]


class Initializer(BaseModel):
    """A Keras initializer with all its parameters, defaults filled in."""

    model_config = FROZEN

    initializer: str
    parameters: dict[str, Value]

    @model_validator(mode="before")
    @classmethod
    def _complete(cls, data: Any) -> Any:
        return class_and_parameters(data, "initializer", initializers.complete_parameters)


class Bias(Initializer):
    """The initializer of every bias, and whose fans it is scaled by."""

    fans: Literal["bias", "kernel"] = later("bias")
    """Keras takes both fans of a bias (n,) to be n; those of its layer's kernel are other ones."""

    @model_validator(mode="before")
    @classmethod
    def _complete(cls, data: Any) -> Any:
        complete = initializers.complete_parameters
        return class_and_parameters(data, "initializer", complete, optional=("fans",))

    @model_validator(mode="after")
    def _drawable(self) -> "Bias":
        if self.initializer in OF_MATRICES:
            raise ValueError(f"{self.initializer} draws matrices, and a bias is none")
        if self.fans == "kernel" and not initializers.scaling(self.initializer, self.parameters):
            raise ValueError(
                f'fans = "kernel" is for an initializer that is scaled by fans, such as '
                f"VarianceScaling; {self.initializer} is not"
            )
        return self

    def variance(self, fan_in: int, fan_out: int) -> float | None:
        """Return the variance of one entry, or None where it has no single value.

        The fans are those of the layer's kernel, in units.
        """
        fans = (fan_in, fan_out) if self.fans == "kernel" else (fan_out, fan_out)
        return initializers.variance(self.initializer, self.parameters, *fans)


class Convolution(Table):
    """A convolutional layer with the padding of "same", so that its image keeps its sides."""

    filters: Annotated[int, Field(ge=1, le=MAX_WIDTH)]
    size: Annotated[int, Field(ge=1, le=MAX_SIZE)]
    """Pixels to a side of its kernels."""
    pool: Annotated[int, Field(ge=1, le=MAX_SIZE)] = 1
    """Pixels to a side of which the largest is taken, after the activation; 1: each stays."""


class Network(Table):
    """The architecture: hidden layers of one activation, then a softmax over the classes.

    The hidden layers are dense ones, behind convolutional ones where there are any.
    """

    hidden: Annotated[
        tuple[Annotated[int, Field(ge=1, le=MAX_WIDTH)], ...],
        Field(strict=False, min_length=1, max_length=1000),
    ]
    """Units of each dense hidden layer, first to last; "30 x 128" stands for 30 layers of 128."""
    activation: Activation
    """Activation of every hidden layer, by its Keras name."""
    bias: Bias = Field(default_factory=lambda: Bias.model_validate("Zeros"))
    """Initializer of every bias."""
    normalization: Literal["none", "layer", "batch"] = later("none")
    """What stands between the sums of every hidden layer and its activation."""
    residual: bool = later(False)
    """Whether a dense hidden layer as wide as its input h gives h + branch · f(W h + b)."""
    branch: float | str = later(1.0)
    """What the branch of a residual layer is multiplied by, or BY_DEPTH."""
    dropout: Annotated[float, Field(ge=0, lt=1)] = later(0.0)
    """Share of the activations of every hidden layer that are left out of a step of training."""
    convolution: Annotated[tuple[Convolution, ...], Field(strict=False, max_length=100)] = later(())
    """Convolutional layers before the dense ones, first to last, on square images of one channel.

    Each has its activation, then its pooling.
    """
    kernel_seed: Literal["own", "shared"] = later("own")
    """Whether each kernel has a seed of its own, or all of one initializer have that of the first.

    "shared" is what one initializer of Keras does that is given to several layers, seeded or not:
    it keeps its seed from the moment it is made, and draws the same numbers each time. Kernels of
    one shape are then equal before they are scaled by their fans. An output kernel that a variant
    draws by another initializer keeps its own seed.
    """

    @field_validator("hidden", mode="before")
    @classmethod
    def _stack(cls, value: Any) -> Any:
        if not isinstance(value, str):
            return value
        found = STACK.fullmatch(value)
        if found is None or int(found[1]) > 1000:
            raise ValueError('must be a list of widths, or "LAYERS x WIDTH", such as "30 x 128"')
        if not 1 <= int(found[2]) <= MAX_WIDTH:
            raise ValueError(
                f"the width must be greater than or equal to 1 and at most {MAX_WIDTH}"
            )
        return (int(found[2]),) * int(found[1])

    @field_validator("branch", mode="before")
    @classmethod
    def _factor(cls, value: Any) -> float | str:
        if isinstance(value, str) and value == BY_DEPTH:
            return value
        if isinstance(value, int | float) and not isinstance(value, bool):
            return float(FACTOR.checked(value))
        raise ValueError(f'must be a number above 0, or "{BY_DEPTH}", not {shown(value)}')

    @property
    def factor(self) -> float | None:
        """Return what a residual branch is multiplied by; None where no layer has one."""
        if not self.residual:
            return None
        depth = len(self.convolution) + len(self.hidden)
        return 1 / math.sqrt(depth) if self.branch == BY_DEPTH else float(self.branch)

    @property
    def beyond_dense(self) -> tuple[str, ...]:
        """Return the keys by which it is more than dense layers, each drawn with its own seed."""
        fields = type(self).model_fields
        return tuple(key for key in BEYOND if getattr(self, key) != fields[key].default)


BEYOND = ("normalization", "residual", "dropout", "convolution", "kernel_seed")
FACTOR = positive(1.0)
