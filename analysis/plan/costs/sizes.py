"""How large the layers of a network are: what an estimate of time and memory is made of."""

import math
from dataclasses import dataclass
from itertools import pairwise

from analysis.data.dataset import Description
from analysis.plan.run import RunSettings


@dataclass(frozen=True)
class Size:
    """Counts of one layer: weights of its kernel, products that they take part in for a row, units.

    `units` are the numbers that it gives for a row, before any pooling, and `gathered` those that a
    convolution lays out for its products: each pixel as often as a kernel looks at it.
    """

    weights: int
    products: int
    units: int
    gathered: int = 0


def layers(settings: RunSettings, data: Description) -> list[Size]:
    """Return the sizes of every layer with a kernel, first to last, the output layer included."""
    convolutions, received = _convolutions(settings, data.features)
    widths = (received, *settings.hidden, data.classes)
    dense = [Size(a * b, a * b, b) for a, b in pairwise(widths)]
    return convolutions + dense


def _convolutions(settings: RunSettings, features: int) -> tuple[list[Size], int]:
    """Return the sizes of the convolutional layers, and how many numbers the next one receives."""
    asked, channels = settings.convolution, 1
    sides = settings.architecture.sides(math.isqrt(features))
    found = []
    for layer, side in zip(asked, sides, strict=False):
        seen, pixels = layer.size**2 * channels, side**2
        weights = seen * layer.filters
        found.append(Size(weights, weights * pixels, layer.filters * pixels, seen * pixels))
        channels = layer.filters
    return found, sides[-1] ** 2 * channels if asked else features
