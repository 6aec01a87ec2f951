"""What the page of runs loads beside it, as scripts: from disk a page may load nothing else.

First an index of all runs, by which they are filtered and sorted, with the runs behind each claim;
then, of those that are looked at, small charts and histories.
"""

import json
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from report.pages.runs.numbers import Behind
from report.pages.runs.records import FIRST_ROWS, LEAST, MOST_ROWS, Row, RunTable
from report.words.numbers import LOSS_DECIMALS, PERCENT_DECIMALS, rounded, significant

if TYPE_CHECKING:
    from analysis.claims.claim import Claim

STEPS = 10 ** max(LOSS_DECIMALS, PERCENT_DECIMALS + 2)
"""Losses and accuracies are whole numbers of such parts of one: as fine as the page shows them."""
CHUNK = 200
"""Runs in a script; of these a history takes a kilobyte or less."""
SIZE = 3
"""Significant digits of a signal or gradient, as many as the page shows."""


def index(
    tables: Sequence[RunTable],
    claims: Mapping[str, "Claim"],
    statements: Mapping[str, str],
    address: Callable[[str], str],
    numbers: Sequence[Behind],
) -> str:
    """Return the script that hands the page what it filters and sorts by, of every run.

    chunk: how many runs a further script has. most: up to how many runs are all shown. first,
    least: how many rows are shown at once where there are more, and of each group at least. steps:
    in which parts of one the losses and accuracies of trained runs are counted there. decimals:
    with how many a percent and a loss are written. tables: by experiment its `grid`; the runs of
    each of its groups; of each column what the rows say, of a chart the last value; and the anchors
    of rows, by place, that do not follow from their names. claims: by id the statement, the
    verdict, the address where it stands (or nothing), and its rows as first and last place, over
    all tables, of each unbroken stretch. numbers: of each number of the text what stands behind it.
    """
    return _script("index", {
        "chunk": CHUNK, "most": MOST_ROWS, "first": FIRST_ROWS, "least": LEAST,
        "steps": STEPS, "decimals": {"percent": PERCENT_DECIMALS, "loss": LOSS_DECIMALS},
        "tables": {table.name: _table(table) for table in tables},
        "claims": _claims(tables, claims, statements, address),
        "numbers": [_number(each) for each in numbers],
    })  # fmt: skip


def chunks(tables: Sequence[RunTable]) -> Iterator[str]:
    """Yield the scripts that hand the page the rest, each of CHUNK runs in the order of the page.

    Of a run: its identity, of each chart the first value and the path, and its history as
    `histories.History` has it, null where there is no number.
    """
    rows = [row for table in tables for row in table.rows]
    for number, first in enumerate(range(0, len(rows), CHUNK)):
        own = rows[first : first + CHUNK]
        yield _script(f"chunks[{number}]", [_rest(row) for row in own])


def _number(number: Behind) -> dict[str, Any]:
    values = [value if math.isfinite(value) else None for value in number.values]
    return {**asdict(number), "values": values}


def _script(name: str, value: object) -> str:
    text = json.dumps(value, separators=(",", ":"), ensure_ascii=False, allow_nan=False)
    safe = text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    return f"(globalThis.runs ??= {{ chunks: [] }}).{name} = {safe};\n"


def _table(table: RunTable) -> dict[str, Any]:
    rows = table.rows
    cells = [(row.short, str(row.seed), *row.settings, row.status,
              *(chart.last for chart in row.charts), *row.metrics) for row in rows]  # fmt: skip
    return {
        "grid": [round(each, 4) for each in table.grid],
        "groups": [len(group.rows) for group in table.groups],
        "columns": [_column(texts) for texts in zip(*cells, strict=True)],
        "anchors": {
            place: row.anchor for place, row in enumerate(rows) if row.anchor != f"run-{row.short}"
        },
    }


def _column(texts: Sequence[str]) -> dict[str, Sequence[Any]]:
    """Return what the rows say, each different text once, and the place of that of each row."""
    places = {text: place for place, text in enumerate(dict.fromkeys(texts))}
    if len(places) > len(texts) / 2:
        return {"texts": texts}
    return {"texts": [*places], "at": [places[text] for text in texts]}


def _rest(row: Row) -> list[Any]:
    return [row.identity, [[chart.first, chart.path] for chart in row.charts], _history(row)]


def _claims(
    tables: Sequence[RunTable],
    claims: Mapping[str, "Claim"],
    statements: Mapping[str, str],
    address: Callable[[str], str],
) -> dict[str, dict[str, Any]]:
    places: dict[str, dict[str, list[int]]] = {}
    rows = [(table.name, row) for table in tables for row in table.rows]
    for place, (name, row) in enumerate(rows):
        places.setdefault(row.identity, {}).setdefault(name, []).append(place)
    return {
        claim.id: {
            "statement": statements.get(claim.id, claim.statement),
            "verdict": claim.verdict,
            "address": address(claim.id),
            "rows": stretches(_rows_of(claim, places)),
        }
        for claim in claims.values()
        if claim.runs
    }


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
    if not math.isfinite(value):
        return None
    steps = STEPS * value
    near = math.floor(steps + 0.5)
    # Halfway the decimal text decides; elsewhere this is the same, in a tenth of the time.
    return near if abs(steps - near) < 0.499 else int(rounded(steps, 0))


def _size(value: float) -> float | None:
    return float(significant(value, SIZE)) if math.isfinite(value) else None
