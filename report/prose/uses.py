"""What answers have asked for: a record of each thing, and a token where it stands in their text.

A token survives Markdown. Whoever writes the site or the paper puts the written record in its
place.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import ClassVar, TypeVar

from analysis.claims.against.standing import Standing
from analysis.claims.claim import Claim
from report.prose.listings import Listing
from report.prose.locations import Place

TOKEN = re.compile(r'<(i|div) data-use="(\d+)"></\1>')


@dataclass(frozen=True)
class Use:
    """Something that an answer shows, of one of the kinds below."""

    block: ClassVar[bool] = False
    """Whether it stands between paragraphs, and not in a line."""

    @property
    def inner(self) -> str:
        """Return the HTML that belongs to it, such as a caption, in which tokens may stand."""
        return ""


Kind = TypeVar("Kind", bound=Use)


@dataclass(frozen=True)
class NumberUse(Use):
    """A statistic over the runs of a variant.

    `values` has the value, or both ends of an interval; `mean` and `sd` are those of `n` runs, and
    `low` and `high` the ends of the interval of the mean; NaN stands for what does not exist.
    `about` says in words what it is, `text` is how it is written. One of an epoch has `epoch`, one
    of a layer has `moment` and `layer`.
    """

    metric: str
    experiment: str
    variant: str
    statistic: str
    values: tuple[float, ...]
    n: int
    mean: float
    sd: float
    low: float
    high: float
    about: str
    text: str
    epoch: int | None = None
    moment: str | None = None
    layer: int | None = None

    @property
    def query(self) -> dict[str, str]:
        """Return what an address asks for to be told of it: its runs, and what is measured."""
        asked = {
            "experiment": self.experiment,
            "variant": self.variant,
            "metric": self.metric,
            "epoch": self.epoch,
            "moment": self.moment,
            "layer": self.layer,
        }
        return {name: str(value) for name, value in asked.items() if value is not None}


@dataclass(frozen=True)
class TheoryUse(Use):
    """A value in closed form, and how it is written."""

    metric: str
    variant: str
    value: float
    text: str


@dataclass(frozen=True)
class FoundUse(Use):
    """What the test of a claim found: its value with the interval, and what that is in words."""

    text: str
    source: str


@dataclass(frozen=True)
class ConstantUse(Use):
    """A number that no result can change, and where it comes from."""

    text: str
    source: str


@dataclass(frozen=True)
class ClaimUse(Use):
    """A claim with its statement as HTML; only the `first` of several is led to."""

    block: ClassVar[bool] = True
    claim: Claim
    statement: str
    standing: Standing | None
    first: bool

    @property
    def inner(self) -> str:
        """Return its statement."""
        return self.statement


@dataclass(frozen=True)
class VerdictUse(Use):
    """The verdict on a claim, in a sentence that is worded by it."""

    claim: Claim


@dataclass(frozen=True)
class Shown(Use):
    """A figure or table where an answer places it, with its caption as HTML."""

    block: ClassVar[bool] = True
    kind: ClassVar[str]
    name: str
    caption: str
    place: Place

    @property
    def label(self) -> str:
        """Return what a reference calls it, such as fig:accuracy."""
        return f"{self.kind[:3]}:{self.name}"

    @property
    def inner(self) -> str:
        """Return its caption."""
        return self.caption


@dataclass(frozen=True)
class FigureUse(Shown):
    """A figure."""

    kind: ClassVar[str] = "figure"


@dataclass(frozen=True)
class TableUse(Shown):
    """A table."""

    kind: ClassVar[str] = "table"


@dataclass(frozen=True)
class Work:
    """A cited work, with authors and year as a sentence names them."""

    key: str
    names: str
    year: str


@dataclass(frozen=True)
class CiteUse(Use):
    """Works that are cited together, as part of the sentence or in brackets.

    Of one whose authors the sentence has just `named` the year alone is given. In the `cell` of a
    table there is no room for a note.
    """

    works: tuple[Work, ...]
    spoken: bool
    named: bool = False
    cell: bool = False


@dataclass(frozen=True)
class RefUse(Use):
    """A reference to a figure, table, equation, heading or page by its label."""

    label: str
    place: Place


@dataclass(frozen=True)
class NoteUse(Use):
    """An aside, as HTML."""

    text: str

    @property
    def inner(self) -> str:
        """Return its text."""
        return self.text


@dataclass(frozen=True)
class ListingUse(Use):
    """Lines of the project's own code."""

    block: ClassVar[bool] = True
    listing: Listing


@dataclass(frozen=True)
class EquationUse(Use):
    """An equation as TeX; `label` is empty for one without a number.

    `place` is known where the equation is part of a call, such as in a caption.
    """

    tex: str
    label: str
    display: bool
    place: Place | None


@dataclass(frozen=True)
class HeadingUse(Use):
    """The end of a heading: its level (2 for the answer's own), anchor and text."""

    level: int
    anchor: str
    text: str


class Uses:
    """The records of all answers in the order in which they were asked for."""

    def __init__(self) -> None:
        self.records: list[Use] = []

    def add(self, use: Use) -> int:
        """Keep a record; return its number, by which its token names it."""
        self.records.append(use)
        return len(self.records) - 1

    def token(self, use: Use) -> str:
        """Keep a record; return the token for it."""
        number = self.add(use)
        if use.block:
            return f'\n\n<div data-use="{number}"></div>\n\n'
        return f'<i data-use="{number}"></i>'

    def of(self, kind: type[Kind]) -> list[Kind]:
        """Return all records of a kind."""
        return [use for use in self.records if isinstance(use, kind)]

    def within(self, html: str) -> Iterator[Use]:
        """Yield the records whose tokens stand in a text, in their order."""
        for found in TOKEN.finditer(html):
            yield self.records[int(found[2])]

    def throughout(self, html: str) -> Iterator[Use]:
        """Yield the same, each followed by those that stand in its own HTML."""
        for use in self.within(html):
            yield use
            yield from self.throughout(use.inner)

    def fill(self, html: str, write: Callable[[Use], str]) -> str:
        """Return a text with what `write` makes of each record in the place of its token."""
        return TOKEN.sub(lambda found: write(self.records[int(found[2])]), html)

    def mark_cells(self, html: str) -> None:
        """Note of the citations in a table that they stand in its cells."""
        for found in TOKEN.finditer(html):
            use = self.records[int(found[2])]
            if isinstance(use, CiteUse):
                self.records[int(found[2])] = replace(use, cell=True)

    def name_years(self, text: str) -> None:
        """Note of the citations that stand right after the names of their authors.

        Of those the year alone is given: Glorot and Bengio (2010).
        """
        for found in TOKEN.finditer(text):
            use = self.records[int(found[2])]
            if isinstance(use, CiteUse) and not use.spoken and len(use.works) == 1:
                names = use.works[0].names.replace(" & ", " and ")
                before = text[max(0, found.start() - 80) : found.start()]
                if before.replace(" & ", " and ").endswith(f"{names} "):
                    self.records[int(found[2])] = replace(use, named=True)
