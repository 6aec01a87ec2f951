"""What the page of runs is made of: a table an experiment, a group a variant, a row a run."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

from report.pages.runs.histories import History
from report.words.metrics import METRICS
from report.words.numbers import NONE, PERCENT_DECIMALS, fixed
from report.words.settings import Words

SHORT = 12
"""Characters of an identity by which a row is called, more where that would not do."""
MOST_ROWS, FIRST_ROWS = 200, 200
"""Up to so many runs are all in the page; of more its scripts show so many rows at once."""
MOST_LINES = 400
"""So many lines stand in the appendix of the paper, likewise."""
MOST_IDENTITIES = 40
"""So many runs are listed in a line of it."""
LEAST, LEAST_LINES = 2, 10
"""So many rows of a group are in the page, and lines in the appendix, if it has them."""


@dataclass(frozen=True)
class Chart:
    """A small line, with its first and last value as text."""

    first: str
    path: str
    last: str


@dataclass(frozen=True)
class Row:
    """A run as the page shows it; `settings` are those in which the experiment's runs differ."""

    anchor: str
    identity: str
    variant: str
    seed: int
    settings: tuple[str, ...]
    status: str
    charts: tuple[Chart, ...]
    metrics: tuple[str, ...]
    history: History
    score: float
    """Test accuracy in percent, NaN where there is none."""

    @property
    def short(self) -> str:
        """Return the identity as far as it is written out."""
        return self.identity[:SHORT]


@dataclass(frozen=True)
class Group:
    """The runs of one variant of an experiment, `initializer` as one would call it."""

    variant: str
    anchor: str
    initializer: str
    colour: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Bundle:
    """Runs of a group that differ in their seed alone."""

    settings: tuple[str, ...]
    rows: tuple[Row, ...]

    @property
    def seeds(self) -> str:
        """Return the seeds, the first and last of an unbroken stretch."""
        own = [row.seed for row in self.rows]
        whole = len(own) > 2 and own == list(range(own[0], own[-1] + 1))
        return f"{own[0]} … {own[-1]}" if whole else ", ".join(map(str, own))

    @property
    def identities(self) -> str:
        """Return the start of the identity of each run, of a long line of its first ones."""
        own = [row.identity[:8] for row in self.rows]
        left = len(own) - MOST_IDENTITIES
        return " ".join([*own[:MOST_IDENTITIES], *([f"and {left:,} more"] if left > 0 else [])])

    @property
    def scores(self) -> str:
        """Return the lowest and the highest test accuracy in percent, and how many diverged."""
        known = [row.score for row in self.rows if math.isfinite(row.score)]
        ends = [fixed(end, PERCENT_DECIMALS) for end in (min(known), max(known))] if known else []
        text = " – ".join(dict.fromkeys(ends))
        lost = sum(row.status == "diverged" for row in self.rows)
        return "; ".join(filter(None, [text, f"{lost} diverged" if lost else ""])) or NONE


@dataclass(frozen=True)
class RunTable:
    """The runs of an experiment; `common` is what all of them were set to."""

    name: str
    title: str
    anchor: str
    summary: str
    common: Words
    settings: tuple[str, ...]
    charts: tuple[str, ...]
    note: str
    metrics: tuple[tuple[str, str], ...]
    groups: tuple[Group, ...]
    grid: tuple[float, ...]

    @property
    def rows(self) -> tuple[Row, ...]:
        """Return the rows in the order of the page."""
        return tuple(row for group in self.groups for row in group.rows)

    @property
    def count(self) -> int:
        """Return how many runs the experiment has."""
        return sum(len(group.rows) for group in self.groups)

    @property
    def width(self) -> int:
        """Return how many columns a row has."""
        return 3 + len(self.settings) + len(self.charts) + len(self.metrics)

    @property
    def tested(self) -> bool:
        """Tell whether there is a test accuracy at all."""
        return any(header == METRICS["test_accuracy"].header for header, _ in self.metrics)

    def bundles(self, group: Group) -> list[Bundle]:
        """Return the runs of a group, those that differ in their seed alone together."""
        by = attrgetter("settings")
        return [Bundle(key, tuple(rows)) for key, rows in groupby(group.rows, by)]


def share(sizes: Sequence[int], most: int, first: int, least: int) -> int:
    """Return how many rows of each group are shown, where groups have so many.

    All, where those are `most` at most; else as many as make `first` in all, and `least` anyway.
    """
    if sum(sizes) <= most:
        return max(sizes, default=0)
    return max(least, first // len(sizes))
