"""What a table is made of: rows of text under headers with units, and numbers set for a cell."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from report.quantities import MINUS

Align = Literal["left", "right"]
LEFT: Align = "left"
RIGHT: Align = "right"

NONE = "\u2013"


@dataclass(frozen=True)
class Table:
    """Headers and rows of text; `units` has "" where a column has none; notes stand below it."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    align: tuple[Align, ...]
    units: tuple[str, ...]
    notes: tuple[str, ...] = ()


def number(value: float, decimals: int) -> str:
    """Return the number with fixed decimals, a true minus sign, and an en dash for NaN."""
    if not math.isfinite(value):
        return NONE
    return f"{value:.{decimals}f}".replace("-", MINUS)


def with_interval(mean: float, half_width: float, decimals: int) -> str:
    """Return "mean ± half-width"; without the latter where it does not exist."""
    text = number(mean, decimals)
    if not math.isfinite(half_width) or not math.isfinite(mean):
        return text
    return f"{text} ± {number(half_width, decimals) if half_width else 0}"


def call(name: str, parameters: Mapping[str, object]) -> str:
    """Return a class and its parameters as one would write the call, without what is not set."""
    given = (f"{key}={spelled(each)}" for key, each in parameters.items() if each is not None)
    return f"{name}({', '.join(given)})"


def spelled(value: object) -> str:
    """Return a setting as text: a float in as few digits as it needs."""
    if isinstance(value, bool) or not isinstance(value, float):
        return str(value)
    return f"{value:g}"
