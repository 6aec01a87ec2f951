"""What every table has in common, and what its cells say."""

import contextlib
import math
import subprocess
import sys
from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.claims.testing import declarations, evaluate
from analysis.errors import ReportError
from analysis.results.frames import Results
from build import ROOT
from report import tables
from report.tables.table import (
    LEFT,
    Cell,
    Digest,
    Estimate,
    Number,
    Ranking,
    Statement,
    Table,
    Text,
    Verdict,
    WithInterval,
    as_json,
    from_json,
)
from tests.made.results.synthetic import without
from tests.made.sites.desk import claim
from tests.made.sites.drawn import quick, whole

SHOWN = {name: tables.experiments(name) for name in tables.NAMES}
TESTED = {each.id: claim(id=each.id) for each in declarations()}


NAN = math.nan


@pytest.mark.parametrize("study", [quick, whole])
def test_a_table_is_rectangular_and_full(study: Callable[[], Results]) -> None:
    """Every column has a header, an alignment and a unit; every cell has text."""
    results = study()
    claims = evaluate(results)
    for name in tables.NAMES:
        table = tables.load(name)(results, claims)
        assert len(table.columns) == len(table.align) == len(table.units)
        assert table.rows
        for row in table.rows:
            assert len(row) == len(table.columns)
            assert all(cell.text.strip() for cell in row)
            assert not any("nan" in cell.text.lower() for cell in row)
        assert as_json(from_json(as_json(table))) == as_json(table)


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (Text("0.1135"), "0.1135"),
        (Number(-0.001, 2), "0.00"),
        (Number(1659, 0), "1659"),
        (Number(NAN, 0), "–"),
        (WithInterval(97.565, 0.07, 2), "97.57 ± 0.07"),
        (WithInterval(11.35, 0.0, 2), "11.35 ± 0"),
        (WithInterval(1.5, NAN, 2, "(1 of 4 runs)"), "1.50 (1 of 4 runs)"),
        (Estimate(-0.0261, -0.0811, 0.1337, "points"), "−0.026 [−0.081, 0.134] points"),
        (Estimate(11.35, 11.35, 11.35, "%"), "11.35 %"),
        (Estimate(0.98992, NAN, NAN, ""), "0.99"),
        (Estimate(NAN, NAN, NAN, "%"), "–"),
        (Ranking((("A", 97.565), ("B", 11.35), ("C", NAN)), 2), "A 97.57, B 11.35, C diverged"),
        (Verdict("inconclusive"), "inconclusive"),
        (Digest("0" * 64), "0" * 64),
    ],
)
def test_a_cell_reads(cell: Cell, text: str) -> None:
    """Digits by the writer of numbers, a dash for nothing, words as they are."""
    assert cell.text == text


NUMBERS = st.floats(allow_nan=False)
WORDS = st.text(max_size=8)
CELLS = st.one_of(
    st.builds(Text, WORDS),
    st.builds(Number, NUMBERS, st.integers(0, 4)),
    st.builds(WithInterval, NUMBERS, NUMBERS, st.integers(0, 4), WORDS),
    st.builds(Estimate, NUMBERS, NUMBERS, NUMBERS, WORDS),
    st.builds(
        Ranking, st.lists(st.tuples(WORDS, NUMBERS), max_size=3).map(tuple), st.integers(0, 4)
    ),
    st.builds(Verdict, WORDS),
    st.builds(Statement, WORDS, WORDS),
    st.builds(Digest, WORDS),
)


@given(st.lists(CELLS, min_size=2, max_size=2), WORDS)
def test_a_table_comes_back_from_json_as_it_was(row: list[Cell], word: str) -> None:
    """Each cell with its kind and its values, to the last bit."""
    table = Table((word, "b"), (tuple(row),), (LEFT, LEFT), ("", word), (word,))
    assert from_json(as_json(table)) == table


def test_the_names_of_the_tables_need_no_library() -> None:
    """An answer may ask for a table that is kept without pandas or SciPy being loaded."""
    code = (
        "import sys; from report import tables; import report.tables.table; tables.NAMES; "
        "print([each for each in ('pandas', 'scipy', 'numpy') if each in sys.modules])"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("name", [name for name, shown in SHOWN.items() if shown])
def test_a_table_is_made_of_the_experiments_that_it_declares(name: str) -> None:
    """All others may be missing; where one of its own is, it is another table, or none."""
    make, shown = tables.load(name), SHOWN[name] or ()
    others = [each for each in whole().study.experiments if each not in shown]
    made = make(whole(), TESTED)
    assert make(without(whole(), *others), TESTED) == made
    for each in shown:
        with contextlib.suppress(ReportError):
            assert make(without(whole(), each), TESTED) != made


def test_every_table_says_what_it_shows() -> None:
    """None stands for all experiments, or for none."""
    assert [name for name, shown in SHOWN.items() if shown is None] == [
        "costs", "environment", "claims", "gains",
    ]  # fmt: skip
