"""The table of claims tells of each what its test found."""

import math

from analysis.claims.claim import Quantity
from report.tables.claims import claims
from report.tables.table import Statement, Verdict
from tests.made.results.synthetic import synthetic_results
from tests.made.sites.desk import claim
from tests.report.tables.reading import rows


def test_claims_stand_in_the_table_as_they_were_tested() -> None:
    """One row a claim in their order, with verdict, value, n, method, margin and note."""
    tested = {
        "level": claim(note=("r = ", Quantity(0.031, "p")), p=0.004),
        "zeros": claim(
            statement="Zeros stay.", verdict="contradicted", value=11.35, low=11.35, high=11.35,
            unit="%", margin=None,
        ),
        "open": claim(
            verdict="inconclusive", value=math.nan, low=math.nan, high=math.nan, n=0, margin=1e-05,
        ),
    }  # fmt: skip
    found = rows(synthetic_results(seeds=1), "claims", tested)
    assert [list(row.values())[1:] for row in found] == [
        [
            "They end level.", "supported", "finding",
            "−0.035 [−0.110, 0.040] percentage points", "20",
            "p\u00a0=\u00a00.004", "paired TOST; margin 0.15", "r = 0.031",
        ],
        ["Zeros stay.", "contradicted", "finding", "11.35 %", "20", "–", "paired TOST", "–"],
        [
            "They end level.", "inconclusive", "finding", "–", "–", "–",
            "paired TOST; margin 1\u00a0×\u00a010⁻⁵", "–",
        ],
    ]  # fmt: skip


def test_a_verdict_is_a_cell_of_its_own() -> None:
    """Nobody has to guess from its text that it is one."""
    (row,) = claims(synthetic_results(seeds=1), {"level": claim()}).rows
    assert row[2] == Verdict("supported", "level")
    assert not isinstance(row[0], Verdict)


def test_claims_stand_by_their_question() -> None:
    """Those of one question stay in the order of their declarations."""
    tested = {name: claim(id=name, question=name[:3]) for name in ("Q3a", "Q1b z", "Q1b a", "Q1a")}
    table = claims(synthetic_results(seeds=1), tested)
    stated = [row[1].claim for row in table.rows if isinstance(row[1], Statement)]
    assert stated == ["Q1a", "Q1b z", "Q1b a", "Q3a"]


def test_a_table_may_be_shown_without_columns() -> None:
    """Cells, alignments and units go with their header."""
    whole = claims(synthetic_results(seeds=1), {"level": claim()})
    short = whole.without("Family", "n", "Method")
    assert short.columns == (
        "Question",
        "Claim",
        "Verdict",
        "Value [interval]",
        "Strength",
        "Further",
    )
    assert short.rows[0] == tuple(whole.rows[0][place] for place in (0, 1, 2, 4, 6, 8))
    assert (short.align[3], short.units) == ("right", ("",) * 6)


def test_families_are_counted_apart_below_the_table() -> None:
    """Two sentences, each with its three verdicts, before what p, Holm and power are."""
    tested = {
        "one": claim(id="one"),
        "two": claim(id="two", verdict="contradicted"),
        "check": claim(id="check", family="verification"),
    }
    notes = claims(synthetic_results(seeds=1), tested).notes
    assert notes[:2] == (
        "2 findings: 1 supported, 1 contradicted, 0 inconclusive.",
        "1 verification: 1 supported, 0 contradicted, 0 inconclusive.",
    )
    assert "Holm" in notes[-1]
