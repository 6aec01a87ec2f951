"""Every claim as it was tested, by the question that it belongs to."""

import math
from collections.abc import Mapping
from typing import TYPE_CHECKING

from analysis.statistics.level import AT_SIDE
from report.tables.table import LEFT, RIGHT, Estimate, Number, Statement, Table, Text, Verdict
from report.words import verdicts
from report.words.numbers import NONE, exact

if TYPE_CHECKING:
    from analysis.claims.claim import Claim
    from analysis.results.frames import Results


AT_CLAIM = ("Strength", "Method", "Further")
"""Columns of what the site tells where it states a claim."""
READS = {"claims": None}
"""The experiments that each table shows; None: all, or none."""


def claims(_: "Results", tested: "Mapping[str, Claim]") -> Table:
    """Return one row a claim: its verdict, family, value with interval, n, strength and method.

    They are sorted by question; those of one in the order in which they are declared.
    """
    rows = [
        (
            Text(claim.question),
            Statement(claim.statement, claim.id),
            Verdict(claim.verdict, claim.id),
            Text(verdicts.FAMILIES[claim.family]),
            Estimate(claim.value, claim.low, claim.high, claim.unit),
            Number(claim.n or math.nan, 0),
            Text(verdicts.strength(claim) or NONE),
            Text(claim.method + (f"; margin {exact(claim.margin)}" if claim.margin else "")),
            Text(verdicts.note(claim.note) or NONE),
        )
        for claim in sorted(tested.values(), key=lambda claim: claim.question)
    ]
    return Table(
        columns=(
            *("Question", "Claim", "Verdict", "Family", "Value [interval]", "n"),
            *AT_CLAIM,
        ),
        rows=tuple(rows),
        align=(LEFT, LEFT, LEFT, LEFT, RIGHT, RIGHT, LEFT, LEFT, LEFT),
        units=("", "", "", "", "", "seeds", "", "", ""),
        notes=(
            *verdicts.told(tested),
            "Inconclusive means too few seeds, or an interval that straddles the margin; "
            "it is never counted as support.",
            f"Each p is one-sided. Findings are tested together at {AT_SIDE}: a supported one "
            "holds among them where its p, adjusted by Holm’s method, is no larger. Power is how "
            "often so many seeds would support a claim at the effect that theory predicts, with "
            "the spread that was seen.",
        ),
    )
