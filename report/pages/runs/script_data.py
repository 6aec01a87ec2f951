"""What the script of the page of runs reads: histories in full, and the runs behind each claim."""

import json
import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from report.pages.runs.records import Row, RunTable
from report.words.numbers import LOSS_DECIMALS, PERCENT_DECIMALS, rounded, significant

if TYPE_CHECKING:
    from analysis.claims.claim import Claim

STEPS = 10 ** max(LOSS_DECIMALS, PERCENT_DECIMALS + 2)
"""Losses and accuracies are whole numbers of such parts of one: as fine as the page shows them."""
SIZE = 3
"""Significant digits of a signal or gradient, as many as the page shows."""


def as_json(
    tables: Sequence[RunTable],
    claims: Mapping[str, "Claim"],
    statements: Mapping[str, str],
    address: Callable[[str], str],
) -> str:
    """Return JSON that may stand inside of a script element.

    steps: in which parts of one the losses and accuracies of trained runs are counted. decimals:
    with how many a percent and a loss are written. histories: by experiment its grid and, row by
    row, what `histories.History` holds, null where there is no number. claims: by id the statement,
    the verdict, the address where it stands (or nothing), and its rows as first and last place,
    over all tables, of each unbroken stretch.
    """
    rows = [(table.name, row) for table in tables for row in table.rows]
    places: dict[str, dict[str, list[int]]] = {}
    for place, (name, row) in enumerate(rows):
        places.setdefault(row.identity, {}).setdefault(name, []).append(place)
    data = {
        "steps": STEPS,
        "decimals": {"percent": PERCENT_DECIMALS, "loss": LOSS_DECIMALS},
        "histories": {
            table.name: {
                "grid": [round(each, 4) for each in table.grid],
                "rows": [_history(row) for row in table.rows],
            }
            for table in tables
        },
        "claims": {
            claim.id: {
                "statement": statements.get(claim.id, claim.statement),
                "verdict": claim.verdict,
                "address": address(claim.id),
                "rows": stretches(_rows_of(claim, places)),
            }
            for claim in claims.values()
            if claim.runs
        },
    }
    text = json.dumps(data, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    return text.replace("<", "\\u003c")


def _rows_of(claim: "Claim", places: Mapping[str, Mapping[str, Sequence[int]]]) -> list[int]:
    """Rows of a claim's runs; of a run that is part of several experiments, that of its own."""
    found: list[int] = []
    for identity in claim.runs:
        known = places.get(identity, {})
        own = known.get(claim.experiment) or next(iter(known.values()), [])
        found += own
    return found


def stretches(places: Iterable[int]) -> list[int]:
    """Return first and last of each unbroken stretch of the places, one after the other."""
    ends: list[int] = []
    for place in sorted(set(places)):
        if ends and place == ends[-1] + 1:
            ends[-1] = place
        else:
            ends += [place, place]
    return ends


def _history(row: Row) -> list[list[Any]]:
    kept = _size if row.status == "not trained" else _step
    return [[kept(value) for value in values] for values in row.history]


def _step(value: float) -> int | None:
    return int(rounded(STEPS * value, 0)) if math.isfinite(value) else None


def _size(value: float) -> float | None:
    return float(significant(value, SIZE)) if math.isfinite(value) else None
