"""What the page of what moved shows of a comparison, in words."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.claims.against import account, earlier
from analysis.claims.against.account import Account, Outcome
from analysis.claims.against.comparison import ClaimMove, NumberMove, compare
from analysis.claims.claim import Claim
from report.document.document import Document
from report.pages.compare import axis, drawings, sides, words
from report.pages.compare.drawings import Figures, Left, Made, Shown
from report.pages.compare.sides import Beside, Kept
from report.prose.uses import FigureUse, NumberUse
from report.words import addresses

if TYPE_CHECKING:
    from analysis.results.frames import Results

Address = Callable[[str], str]
"""From the id of a claim to where it stands, seen from the page; nothing where it does not."""


@dataclass(frozen=True)
class Side:
    """A claim as one side has it; `called` is what the side is called."""

    kind: str
    called: str
    verdict: str
    value: str


@dataclass(frozen=True)
class ClaimRow:
    """A claim that moved: both sides, a drawing of both, and the reasons in words."""

    id: str
    statement: str
    address: str
    flipped: bool
    sides: tuple[Side, ...]
    axis: str
    why: str


@dataclass(frozen=True)
class NumberRow:
    """A number that moved: what it is, where its runs are, and both values."""

    what: str
    where: str
    address: str
    before: str
    after: str
    difference: str
    units: str


@dataclass(frozen=True)
class Called:
    """How the report shows a figure: its number, where it stands, and its caption as HTML."""

    label: str
    address: str
    caption: str


@dataclass(frozen=True)
class Part:
    """A comparison as the page shows it, under an anchor and a title."""

    anchor: str
    title: str
    before: str
    after: str
    summary: str
    trained: str
    machines: tuple[str, str]
    equal: bool
    changes: tuple[str, ...]
    claims: tuple[ClaimRow, ...]
    numbers: tuple[NumberRow, ...]
    figures: Figures
    folders: tuple[str, str]
    """Where the drawings of both sides stand, seen from the page."""
    called: Mapping[str, Called]
    """How the report shows a figure, by its name; nothing beside no report."""

    def lines(self, most: int) -> list[str]:
        """Return what a terminal shows of it, with no more than so many numbers."""
        lines = [self.summary, *([] if self.equal else [self.trained])]
        lines += [f"  {change}" for change in self.changes]
        for row in self.claims:
            old, new = (f"{side.verdict} {side.value}".strip() for side in row.sides)
            lines.append(f"  {row.id}: {old} → {new}" + (f" ({row.why})" if row.why else ""))
        for each in self.numbers[:most]:
            moved = f"{each.before} → {each.after}, {each.units} half widths"
            lines.append(f"  {each.what}, {each.where}: {moved}")
        if len(self.numbers) > most:
            lines.append(f"  and {len(self.numbers) - most} more numbers")
        if self.figures.moved:
            lines.append(f"  Figures: {', '.join(each.name for each in self.figures.moved)}")
        return lines


@dataclass(frozen=True)
class Names:
    """What a comparison is about, and what its sides are called, in a row and in a sentence."""

    anchor: str
    title: str
    before: str
    after: str
    others: str
    folders: tuple[str, str]
    """Where the drawings of its sides stand, seen from the page."""


PAGE = "compare"
PUBLISHED = Names(
    addresses.PUBLISHED,
    "Here against the published results",
    "Published",
    "Here",
    "the published results",
    ("figures/published", earlier.FIGURES),
)
PREVIOUS = Names(
    "previous",
    "Now against the previous build",
    "Before",
    "Now",
    "the previous build",
    (earlier.BEFORE, earlier.FIGURES),
)


@dataclass(frozen=True)
class Moved:
    """What a build compares, None for nothing to compare with; `kept` is for the next build."""

    published: Part | None
    previous: Part | None
    kept: str

    def ending(self, page: Path) -> list[str]:
        """Return what the end of a build says of verdicts that are not the published ones."""
        if self.published is None or not any(each.flipped for each in self.published.claims):
            return []
        return [f"{self.published.trained} What moved: {page}"]


def moved(
    results: "Results",
    claims: Mapping[str, Claim],
    document: Document,
    beside: Beside,
    statements: Mapping[str, str],
    kept: Kept,
    root: Path,
) -> Moved:
    """Return the comparisons of results with the published ones and with those of builds before.

    Raises StoreError where the published results are damaged.
    """
    asked = tuple(sides.stated(document.uses.of(NumberUse)))
    alternatives = {name: drawn.alt for name, drawn in document.figures.items()}
    now = replace(account.of(results, claims, asked), figures=alternatives)
    published = sides.published(beside, now.numbers, claims, kept)
    before = beside.before(now)
    titles = {name: each.title for name, each in results.study.experiments.items()}
    address = partial(document.claim_from, PAGE)

    def side(names: Names, other: Account | None, figures: Figures) -> Part | None:
        if other is None:
            return None
        return part(names, other, now, statements, address, titles, figures, called)

    labels = {use.name: document.labels[use.label] for use in document.uses.of(FigureUse)}
    called = {
        name: Called(label.text, label.seen_from(PAGE), document.figure(name).caption)
        for name, label in labels.items()
    }
    shown = Shown(document.figures)
    return Moved(
        side(PUBLISHED, published, _against_published(beside, now, published, shown, kept, root)),
        side(PREVIOUS, before, _against_previous(beside, before, shown, now)),
        account.text(now, before),
    )


def _against_published(
    beside: Beside, now: Account, published: Account | None, shown: Shown, kept: Kept, root: Path
) -> Figures:
    """Return the figures beside those of the published results, of which what moved is drawn."""
    manifest, results = beside.published, beside.results
    if published is None or manifest is None or results is None:
        return Figures()
    if compare(published, now).equal:
        return Figures(alike=tuple(now.figures))
    there = Made(results, manifest["sha256"], root, kept.cache)
    return drawings.moved(there, shown, now.figures)


def _against_previous(
    beside: Beside, before: Account | None, shown: Shown, now: Account
) -> Figures:
    """Return the figures beside those that are left of the results before."""
    if before is None or beside.site is None or not before.figures:
        return Figures()
    last = before is beside.last
    left = Left(before, beside.site, last=last)
    names = [*now.figures, *(name for name in before.figures if name not in now.figures)]
    # Of results before the last, which were these, the site has what differed from them alone.
    shared = [] if last else [name for name in now.figures if name in before.figures]
    alike = [name for name in shared if not left.rows(name)]
    found = drawings.moved(left, shown, [name for name in names if name not in alike])
    return Figures(found.moved, (*found.alike, *alike))


def part(
    names: Names,
    before: Account,
    after: Account,
    statements: Mapping[str, str],
    address: Address | None,
    titles: Mapping[str, str],
    figures: Figures,
    called: Mapping[str, Called],
) -> Part:
    """Return the comparison of two accounts in words.

    `statements` are those of the claims by id, `titles` those of the experiments by name,
    `called` tells how the report shows figures. Without `address` nothing is led to.
    """
    found = compare(before, after)
    return Part(
        names.anchor, names.title, names.before, names.after,
        words.summary(found, names.others), words.trained(found, names.before, names.after.lower()),
        words.machines(before.machine, after.machine), found.equal, found.changes,
        tuple(_claim(names, each, statements, address) for each in found.moved),
        tuple(_number(each, titles, address is not None) for each in found.numbers),
        figures, names.folders, called,
    )  # fmt: skip


def _claim(
    names: Names, move: ClaimMove, statements: Mapping[str, str], address: Address | None
) -> ClaimRow:
    led = address(move.id) if address else ""
    sides = (("before", names.before, move.before), ("after", names.after, move.after))
    return ClaimRow(
        move.id, statements.get(move.id, move.id), led, move.flipped,
        tuple(_side(*each) for each in sides), axis.svg(move.before, move.after),
        "; ".join(map(words.reason, move.reasons)),
    )  # fmt: skip


def _side(kind: str, called: str, outcome: Outcome | None) -> Side:
    if outcome is None:
        return Side(kind, called, "", "not there")
    return Side(kind, called, outcome.verdict, words.value(outcome))


def _number(move: NumberMove, titles: Mapping[str, str], linked: bool) -> NumberRow:
    own = move.after
    return NumberRow(
        words.what(own), words.where(own, titles.get(own.experiment, own.experiment)),
        addresses.address(own.experiment, own.variant) if linked else "",
        words.shown(own, move.before.value), words.shown(own, own.value),
        words.signed(words.shown(own, move.difference), move.difference), words.units(move.units),
    )  # fmt: skip
