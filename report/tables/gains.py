"""Which variance of the weights an activation function asks for, by theory alone."""

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

from analysis.results.frames import Results
from analysis.statistics import theory
from report.tables.table import LEFT, RIGHT, Cell, Number, Table, Text
from report.words.settings import activation_name

if TYPE_CHECKING:
    from analysis.claims.claim import Claim

ACTIVATIONS = ("relu", "leaky_relu", "tanh", "selu", "gelu", "silu", "sigmoid")
KEPT = 1.0
"""The mean square of the sums that the gain keeps."""

READS = {"gains": None}
"""The experiments that each table shows; None: all, or none."""


def gains(_: Results, __: "Mapping[str, Claim]") -> Table:
    """Return one row an activation function: its squared gain, 1 / E[φ(z)²], and what follows.

    The gain, and the factor on the gradient's mean square in a layer that has it, σ_w² E[φ'(z)²].
    Sums z are standard normal and biases zero.
    """
    return Table(
        columns=(
            "Activation",
            "Mean square passed on",
            "Squared gain",
            "Gain",
            "Factor on the gradient",
        ),
        rows=tuple(_row(name) for name in ACTIVATIONS),
        align=(LEFT, RIGHT, RIGHT, RIGHT, RIGHT),
        units=("",) * 5,
        notes=(f"The leaky ReLU is Keras’s, with a slope of {theory.LEAK:g} below zero.",),
    )


def _row(activation: str) -> tuple[Cell, ...]:
    passed = theory.passed_on(KEPT, activation)
    squared = KEPT / passed
    slope = theory.slope_mean_square(KEPT, activation)
    return (
        Text(activation_name(activation)),
        Number(passed, 3),
        Number(squared, 2),
        Number(math.sqrt(squared), 2),
        Number(squared * slope, 2),
    )
