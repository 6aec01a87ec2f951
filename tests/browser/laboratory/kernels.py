"""The initializers of the laboratory as Keras has them, and the shapes of its kernels."""

from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from report.pages.laboratory.choices import FREE, INITIALIZERS

SD = 0.15
KERAS: dict[str, tuple[str, Mapping[str, Any]]] = {
    each.name: (each.keras or each.name, {"stddev": SD} if each.name == FREE else each.parameters)
    for each in INITIALIZERS
    if each.name != "Zeros"
}
"""Each random initializer of the page by its class and parameters; the free one with SD."""


def shapes_of(depth: int, width: int) -> list[tuple[int, int]]:
    """Kernel shapes from 784 pixels over the hidden layers to ten logits."""
    widths = [784, *[width] * depth, 10]
    return list(pairwise(widths))
