"""The figures of two sides: which of them differ in their rows, and both drawings of each."""

import csv
import functools
import math
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from analysis.claims.against import earlier
from analysis.claims.against.account import Account
from analysis.errors import ReportError
from analysis.results.cache import Cache, digest
from report import figures
from report.document.catalogue import Definitions
from report.figures.draw import drawn
from report.figures.draw.drawn import Drawn
from report.figures.draw.vector import svg

if TYPE_CHECKING:
    from analysis.results.frames import Results

ROUNDED = 1e-5
"""Relative difference up to which two numbers of a figure are one: published ones have ten digits,
of which a spread of numbers that are nearly equal keeps half."""
CANCELLED = 1e-9
"""Share of the largest number of a column below which a difference is none."""


@dataclass(frozen=True)
class Drawing:
    """A figure as a side has it: a file of SVG, what it shows in words, and its rows as CSV."""

    svg: str
    alt: str
    csv: str

    @property
    def size(self) -> tuple[int, int]:
        """Return width and height in CSS pixels."""
        width, height = svg.size(self.svg)
        return round(width), round(height)


@dataclass(frozen=True)
class FigureMove:
    """A figure whose rows differ, on both sides; None where a side has it not."""

    name: str
    before: Drawing | None
    after: Drawing | None


@dataclass(frozen=True)
class Figures:
    """The figures of two sides: those that moved, in the order of the report, and the others."""

    moved: tuple[FigureMove, ...] = ()
    alike: tuple[str, ...] = ()


class Side(Protocol):
    """What has figures."""

    def rows(self, name: str) -> str | None:
        """Return what a figure shows, as CSV; None where there is no such figure."""

    def drawing(self, name: str) -> Drawing:
        """Return a figure that has rows."""


class Shown:
    """The figures of a document."""

    def __init__(self, shown: Mapping[str, Drawn]) -> None:
        self._figures = shown

    def rows(self, name: str) -> str | None:
        """Return what a figure shows."""
        return self._figures[name].csv if name in self._figures else None

    def drawing(self, name: str) -> Drawing:
        """Return a figure."""
        return _drawing(self._figures[name])


class Left:
    """What a build has left of figures in its site, by `earlier.drawing`."""

    def __init__(self, account: Account, site: Path, *, last: bool) -> None:
        """`account` is that of the results they show: the `last` ones, or those before."""
        self._account = account
        self._found = functools.cache(lambda name: earlier.drawing(site, name, last=last))

    def rows(self, name: str) -> str | None:
        """Return what a figure shows; None where it is not there."""
        found = self._found(name) if name in self._account.figures else None
        return found[1] if found else None

    def drawing(self, name: str) -> Drawing:
        """Return a figure."""
        found = self._found(name)
        assert found is not None, "asked for a figure without rows"
        return Drawing(found[0], self._account.figures[name], found[1])


class Made:
    """The figures of results that stand beside those of the report: drawn if asked for, and kept.

    `results` reads them, and `known` is a digest that they follow from.
    """

    def __init__(
        self, results: "Callable[[], Results]", known: str, root: Path, cache: Cache
    ) -> None:
        self._results, self._known = results, known
        self._definitions, self._cache = Definitions(root), cache

    def rows(self, name: str) -> str | None:
        """Return what a figure shows; None where the results lack it."""

        def make() -> str:
            try:
                return figures.load(name).as_csv(self._results())
            except ReportError:
                return ""

        return self._kept("rows", name, make) or None

    def drawing(self, name: str) -> Drawing:
        """Return a figure."""

        def make() -> str:
            return self._definitions.drawing(name).alone(self._results()).as_json()

        return _drawing(drawn.from_json(self._kept("drawing", name, make)))

    def _kept(self, what: str, name: str, make: Callable[[], str]) -> str:
        key = digest(f"{what} beside", name, self._known, self._definitions.code(name))
        return self._cache.text(key, make)


def _drawing(made: Drawn) -> Drawing:
    return Drawing(svg.standalone(made.svg), made.alt, made.csv)


def moved(before: Side, after: Side, names: Iterable[str]) -> Figures:
    """Return which of the figures `names` differ between two sides, in this order."""
    moves, alike = list[FigureMove](), list[str]()
    for name in names:
        rows = [side.rows(name) for side in (before, after)]
        old, new = rows
        if old is not None and new is not None and same(old, new):
            alike.append(name)
        elif old is not None or new is not None:
            drawings = (
                side.drawing(name) if own is not None else None
                for side, own in zip((before, after), rows, strict=True)
            )
            moves.append(FigureMove(name, *drawings))
    return Figures(tuple(moves), tuple(alike))


def same(old: str, new: str) -> bool:
    """Tell whether two tables as CSV have the same rows, up to what publishing rounds away."""
    if old == new:
        return True
    one, other = (list(csv.reader(text.splitlines())) for text in (old, new))
    if [len(row) for row in one] != [len(row) for row in other]:
        return False
    return all(map(_same_column, zip(*one, strict=True), zip(*other, strict=True)))


def _same_column(old: Sequence[str], new: Sequence[str]) -> bool:
    other = [(a, b) for a, b in zip(old, new, strict=True) if a != b]
    if not other:
        return True
    try:
        pairs = [(float(a), float(b)) for a, b in other]
    except ValueError:
        return False
    largest = max(_sizes(old), default=0.0)
    return all(math.isclose(a, b, rel_tol=ROUNDED, abs_tol=CANCELLED * largest) for a, b in pairs)


def _sizes(column: Collection[str]) -> Iterable[float]:
    """Yield the sizes of the finite numbers of a column."""
    for cell in column:
        try:
            size = abs(float(cell))
        except ValueError:
            continue
        if math.isfinite(size):
            yield size
