"""What a table is made of: rows of text under headers with units, and numbers set for a cell."""

from dataclasses import dataclass
from typing import Literal

Align = Literal["left", "right"]
LEFT: Align = "left"
RIGHT: Align = "right"


@dataclass(frozen=True)
class Table:
    """Headers and rows of text; `units` has "" where a column has none; notes stand below it."""

    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    align: tuple[Align, ...]
    units: tuple[str, ...]
    notes: tuple[str, ...] = ()
