"""Tables are held to numbers worked out beside them, and to what a reader must not miss."""

import pytest

from analysis.claims import evaluate
from analysis.results.frames import Results
from report.tables.tables import TABLES
from tests.made.synthetic import synthetic_results


@pytest.fixture(scope="module")
def base() -> Results:
    """Twenty seeds of the base study."""
    return synthetic_results()


def cells(results: Results, table: str) -> dict[str, dict[str, str]]:
    """Rows of a table by their first cell, each cell by its column."""
    found = TABLES[table](results)
    return {row[0]: dict(zip(found.columns, row, strict=True)) for row in found.rows}


@pytest.mark.parametrize("name", TABLES)
@pytest.mark.parametrize("seeds", [1, 20])
def test_a_table_is_rectangular_and_full(name: str, seeds: int) -> None:
    """Every column has a header, an alignment and a unit; every cell has text."""
    table = TABLES[name](synthetic_results(seeds=seeds))
    assert len(table.columns) == len(table.align) == len(table.units)
    assert table.rows
    for row in table.rows:
        assert len(row) == len(table.columns)
        assert all(cell.strip() for cell in row)
        assert not any("nan" in cell.lower() for cell in row)


def test_final_results_are_means_with_students_interval(base: Results) -> None:
    """Percent and nats from the seeds, t(0.975, 19) = 2.093 standard errors wide."""
    row = cells(base, "final")["HeNormal"]
    own = base.runs[base.runs["variant"] == "HeNormal"]
    for header, column, factor, digits in (
        ("Test accuracy", "test_accuracy", 100, 2),
        ("Validation loss", "val_loss", 1, 4),
    ):
        values = factor * own[column].to_numpy()
        half = 2.0930241 * values.std(ddof=1) / 20**0.5
        assert row[header] == f"{values.mean():.{digits}f} ± {half:.{digits}f}"


def test_final_says_where_an_interval_has_no_width(base: Results) -> None:
    """Zeros scores the same with every seed, and never reaches 95 %."""
    row = cells(base, "final")["Zeros"]
    assert row["Test accuracy"] == "11.35 ± 0"
    assert row["Epochs to 95 % validation"] == "never"


def test_final_counts_the_runs_that_got_there() -> None:
    """Where only some runs reach 95 %, their mean stands with their number."""
    results = synthetic_results(seeds=4, diverged={("HeNormal", 2): 1})
    row = cells(results, "final")["HeNormal"]
    assert row["Epochs to 95 % validation"].endswith("(3 of 4 runs)")


def test_final_has_no_interval_from_one_seed() -> None:
    """One seed has a mean alone, and the note says so."""
    results = synthetic_results(seeds=1)
    assert "±" not in cells(results, "final")["HeNormal"]["Test accuracy"]
    assert "no interval" in TABLES["final"](results).notes[0]


def test_final_tells_of_diverged_runs() -> None:
    """Lost runs are noted with their epoch, and a variant that lost all has dashes."""
    lost = {("HeNormal", seed): 2 for seed in range(3)} | {("GlorotNormal", 1): 3}
    results = synthetic_results(seeds=3, diverged=lost)
    notes = " ".join(TABLES["final"](results).notes)
    assert "GlorotNormal: 1 of 3 runs diverged, the first at epoch 3" in notes
    assert "HeNormal: 3 of 3 runs diverged, the first at epoch 2" in notes
    assert cells(results, "final")["HeNormal"]["Test accuracy"] == "–"


def test_settings_name_every_hyperparameter(base: Results) -> None:
    """Widths from the measured layers, the optimizer as one would call it, seeds as a span."""
    rows = cells(base, "settings")
    assert rows["Network"]["Value"] == "784 – 128 – 64 – 10 (softmax)"
    assert rows["Optimizer"]["Value"].startswith("Adam(learning_rate=0.001, ")
    assert rows["Seeds"]["Value"] == "20 (0 … 19)"
    assert rows["Variant RandomNormal"]["Value"] == "RandomNormal(mean=0, stddev=0.05)"


def test_environment_lists_versions_and_digests_but_no_run(base: Results) -> None:
    """What trained, what rendered, which data; run identities are left to the data files."""
    rows = cells(base, "environment")
    assert rows["Trained with, Tensorflow"]["Value"] == "2.21.0"
    assert rows["Dataset, Sha256"]["Value"] == "0" * 64
    assert not [item for item in rows if item.startswith(("Run", "Study"))]


def test_claims_stand_in_the_table_as_they_were_tested(base: Results) -> None:
    """One row a claim in the registry's order, with verdict, n and margin."""
    table, claims = TABLES["claims"](base), evaluate(base)
    assert [row[1] for row in table.rows] == [claim.statement for claim in claims.values()]
    assert [row[2] for row in table.rows] == [claim.verdict for claim in claims.values()]
    level = next(row for row in table.rows if row[1].startswith("He and Glorot"))
    assert "margin 0.15" in level[5]
    assert level[3].endswith("] percentage points")
