"""What a table is: cells that know what they hold, under headers with units.

A cell holds values, not text, so that whoever writes it need not guess. Its `text` is how it reads;
all else, such as a badge, is for the writer to add.
"""

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

from report.words import numbers

Align = Literal["left", "right"]
LEFT: Align = "left"
RIGHT: Align = "right"


@dataclass(frozen=True)
class Text:
    """Words, whatever they look like."""

    text: str


@dataclass(frozen=True)
class Number:
    """A number in the unit of its column, with so many decimals."""

    value: float
    decimals: int

    @property
    def text(self) -> str:
        """Return the number; an en dash where there is none."""
        return numbers.fixed(self.value, self.decimals)


@dataclass(frozen=True)
class WithInterval:
    """A mean and half the width of its interval, NaN where it has none; `over` says of what."""

    mean: float
    half_width: float
    decimals: int
    over: str = ""

    @property
    def number(self) -> str:
        """Return "mean ± half width"."""
        return numbers.plus_minus(self.mean, self.half_width, self.decimals)

    @property
    def text(self) -> str:
        """Return "mean ± half width", and of what."""
        return f"{self.number} {self.over}".rstrip()


@dataclass(frozen=True)
class Estimate:
    """A value in a unit of its own, and the ends of its interval, NaN where it has none."""

    value: float
    low: float
    high: float
    unit: str

    @property
    def text(self) -> str:
        """Return "value [low, high] unit" in the digits that the interval's width deserves."""
        if not math.isfinite(self.value):
            return numbers.NONE
        parts = (*numbers.estimate(self.value, self.low, self.high, self.unit), self.unit)
        return " ".join(filter(None, parts))


@dataclass(frozen=True)
class Ranking:
    """Names and their scores in the unit of the column; NaN where all runs of a name diverged."""

    places: tuple[tuple[str, float], ...]
    decimals: int

    @property
    def text(self) -> str:
        """Return the names with their scores in the given order."""
        return ", ".join(f"{name} {self._score(score)}" for name, score in self.places)

    def _score(self, score: float) -> str:
        return numbers.fixed(score, self.decimals) if math.isfinite(score) else "diverged"


@dataclass(frozen=True)
class Verdict:
    """The verdict on a claim, which its id names; `published` is the published one if another.

    `notes` are what else is told beside it.
    """

    text: str
    claim: str = ""
    published: str = ""
    notes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Statement:
    """What a claim says; its id names it."""

    text: str
    claim: str


@dataclass(frozen=True)
class Digest:
    """A long digest, which may break anywhere."""

    text: str


Cell = Text | Number | WithInterval | Estimate | Ranking | Verdict | Statement | Digest
CELLS: Mapping[str, type[Cell]] = {
    kind.__name__: kind
    for kind in (Text, Number, WithInterval, Estimate, Ranking, Verdict, Statement, Digest)
}


@dataclass(frozen=True)
class Table:
    """Headers and rows of cells; `units` has "" where a column has none; notes stand below it."""

    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    align: tuple[Align, ...]
    units: tuple[str, ...]
    notes: tuple[str, ...] = ()

    def without(self, *columns: str) -> "Table":
        """Return the table without columns of these names."""
        kept = [place for place, name in enumerate(self.columns) if name not in columns]
        return replace(
            self,
            columns=tuple(self.columns[place] for place in kept),
            rows=tuple(tuple(row[place] for place in kept) for row in self.rows),
            align=tuple(self.align[place] for place in kept),
            units=tuple(self.units[place] for place in kept),
        )

    def beside(
        self, published: Mapping[str, str], notes: Mapping[str, tuple[str, ...]], below: str
    ) -> "Table":
        """Return the table with the published verdicts, by claim, where they are others.

        And with what else is told of a claim; `below` is told of all of them, below a table that
        has any.
        """
        rows = tuple(tuple(_beside(cell, published, notes) for cell in row) for row in self.rows)
        has_any = any(isinstance(cell, Verdict) for row in rows for cell in row)
        more = (below,) if below and has_any else ()
        return replace(self, rows=rows, notes=(*self.notes, *more))


def _beside(cell: Cell, published: Mapping[str, str], notes: Mapping[str, tuple[str, ...]]) -> Cell:
    if not isinstance(cell, Verdict):
        return cell
    before = published.get(cell.claim, "")
    other = "" if before == cell.text else before
    return replace(cell, published=other, notes=notes.get(cell.claim, ()))


def pairs(columns: tuple[str, str], rows: list[tuple[str, Cell]]) -> Table:
    """Return a table of two columns: what it is, and its value."""
    cells = tuple((Text(name), value) for name, value in rows)
    return Table(columns, cells, (LEFT, LEFT), ("", ""))


def as_json(table: Table) -> str:
    """Return a table as JSON, each cell as its kind and its values; see `from_json`."""
    rows = [[[type(cell).__name__, asdict(cell)] for cell in row] for row in table.rows]
    return json.dumps(vars(table) | {"rows": rows})


def from_json(text: str) -> Table:
    """Return the table that was kept as JSON."""
    kept = json.loads(text)
    rows = tuple(tuple(_cell(kind, values) for kind, values in row) for row in kept.pop("rows"))
    return Table(rows=rows, **{name: tuple(values) for name, values in kept.items()})


def _cell(kind: str, values: Mapping[str, Any]) -> Cell:
    if kind == "Ranking":
        places = tuple((name, score) for name, score in values["places"])
        return Ranking(places, values["decimals"])
    if kind == "Verdict":
        return Verdict(**{**values, "notes": tuple(values["notes"])})
    return CELLS[kind](**values)
