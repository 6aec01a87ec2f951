"""What the page of replications shows: each of them, and each claim beside what it came to."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from analysis.claims.against.replicated import Ledger, processor
from analysis.claims.against.standing import Repeat, Standing
from analysis.claims.claim import Claim
from report.pages.replications import drawing
from report.words import numbers
from report.words.counts import counted

PAGE = "replications"


@dataclass(frozen=True)
class Made:
    """A replication: its name, day (UTC), processor, seeds, and how many verdicts are as here.

    `same` is empty where it tests no claim as it is declared here.
    """

    name: str
    date: str
    processor: str
    seeds: str
    same: str


@dataclass(frozen=True)
class Side:
    """What a claim came to, here or in a replication."""

    called: str
    verdict: str
    value: str


@dataclass(frozen=True)
class Row:
    """A claim with what it came to, here first, and a drawing.

    `unlike` is 0 where every replication came to the verdict here, 2 where one contradicts it, and
    1 where one side leaves open what the other decides.
    """

    id: str
    statement: str
    address: str
    unlike: int
    sides: tuple[Side, ...]
    drawing: str


@dataclass(frozen=True)
class Replications:
    """All that is known; `aside` are those of other settings by name, with their experiments."""

    made: tuple[Made, ...] = ()
    claims: tuple[Row, ...] = ()
    aside: tuple[tuple[str, str], ...] = ()


def replications(
    ledger: Ledger,
    claims: Mapping[str, Claim],
    standings: Mapping[str, Standing],
    statements: Mapping[str, str],
    address: Callable[[str], str],
) -> Replications:
    """Return the page of a ledger: what a replication contradicts first, then what differs."""
    known = [(claim, standings[claim.id]) for claim in claims.values()]
    rows = [
        Row(
            claim.id, statements[claim.id], address(claim.id),
            _unlike(claim, stands),
            (
                _side("Here", claim.verdict, claim, claim.unit),
                *(_side(each.name, each.verdict, each, claim.unit) for each in stands.replications),
            ),
            drawing.svg(claim, stands.replications),
        )
        for claim, stands in known
        if stands.replications
    ]  # fmt: skip
    made = []
    for each in ledger.counted:
        own = [
            repeat.verdict == claim.verdict
            for claim, stands in known
            for repeat in stands.replications
            if repeat.name == each["name"]
        ]
        spans = {
            f"{seeds[0]} … {seeds[-1]}" if len(seeds) > 1 else str(seeds[0]): None
            for seeds in each["seeds"].values()
        }
        experiments = counted(len(each["seeds"]), "experiment")
        made.append(
            Made(
                each["name"], each["date"], processor(each),
                f"{'; '.join(spans)} of {experiments}",
                f"{sum(own)} of {len(own)}" if own else "",
            )
        )  # fmt: skip
    return Replications(tuple(made), tuple(sorted(rows, key=lambda row: -row.unlike)), ledger.aside)


def _unlike(claim: Claim, stands: Standing) -> int:
    """Return how unlike a claim's verdict that of the least like replication is, as in `Row`."""
    others = len(stands.replications) - stands.same(claim.verdict)
    open_on_one_side = stands.left_open(claim.verdict) + stands.decided(claim.verdict)
    return 2 if others > open_on_one_side else min(others, 1)


def _side(called: str, verdict: str, each: Claim | Repeat, unit: str) -> Side:
    number, interval = numbers.estimate(each.value, each.low, each.high, unit)
    return Side(called, verdict, f"{numbers.with_unit(number, unit)} {interval}".rstrip())
