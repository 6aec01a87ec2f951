"""What the runs came to is held to numbers worked out beside the table."""

import dataclasses

import pytest

from analysis.errors import ReportError
from report.tables.results import ends, final
from tests.made.results.synthetic import synthetic_results, without
from tests.made.sites.drawn import base, quick, whole
from tests.report.tables.reading import cells, rows


def test_final_results_are_means_with_students_interval() -> None:
    """Percent and nats from the seeds, t(0.975, 19) = 2.093 standard errors wide."""
    row = cells(base(), "final")["HeNormal"]
    own = base().runs[base().runs["variant"] == "HeNormal"]
    for header, column, factor, digits in (
        ("Test accuracy", "test_accuracy", 100, 2),
        ("Validation loss", "val_loss", 1, 4),
    ):
        values = factor * own[column].to_numpy()
        half = 2.0930241 * values.std(ddof=1) / 20**0.5
        assert row[header] == f"{values.mean():.{digits}f} ± {half:.{digits}f}"


def test_final_says_where_an_interval_has_no_width() -> None:
    """Zeros scores the same with every seed, and never reaches 95 %."""
    row = cells(base(), "final")["Zeros"]
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
    assert "no interval" in final(results, {}).notes[0]


def test_final_tells_of_diverged_runs() -> None:
    """Lost runs are noted with their epoch, and a variant that lost all has dashes."""
    lost = {("HeNormal", seed): 2 for seed in range(3)} | {("GlorotNormal", 1): 3}
    results = synthetic_results(seeds=3, diverged=lost)
    notes = " ".join(final(results, {}).notes)
    assert "GlorotNormal: 1 of 3 runs diverged, the first at epoch 3" in notes
    assert "HeNormal: 3 of 3 runs diverged, the first at epoch 2" in notes
    assert cells(results, "final")["HeNormal"]["Test accuracy"] == "–"


def test_costs_add_up_and_count_a_shared_run_once() -> None:
    """Seconds by experiment are sums over its runs; the total counts each run id once."""
    runs = quick().runs.copy()
    first = runs.index[runs["experiment"] == "dynamics"][0]
    runs.loc[first, "run_id"] = runs["run_id"].iloc[0]
    *each, total = rows(dataclasses.replace(quick(), runs=runs), "costs")
    assert [row["Experiment"] for row in each] == list(quick().study.experiments)
    for row in each:
        own = runs[runs["experiment"] == row["Experiment"]]
        assert int(row["Runs"]) == len(own)
        assert int(row["Epochs trained"]) == own["epochs"].sum()
        assert row["Training"] == f"{own['train_s'].sum():.1f}"
        assert row["Compilation"] == f"{own['compile_s'].sum():.1f}"
    assert int(total["Runs"]) == len(runs) - 1
    assert total["Training"] == f"{runs['train_s'].drop(first).sum():.1f}"


def test_ends_puts_the_letter_of_the_notebook_beside_the_corrected_one() -> None:
    """A row a variant of each experiment compared, with its seeds, mean and Student's interval."""
    found = rows(whole(), "ends")
    assert [row["Variant"] for row in found[:9]] == [
        *("Zeros", "RandomNormal", "GlorotNormal", "HeNormal"),
        *("RandomNormal, notebook", "GlorotNormal, notebook", "HeNormal, notebook"),
        *("HeNormal", "He, zero output"),
    ]
    letter = found[6]
    assert (letter["Experiment"], letter["n"]) == ("The notebook to the letter", "20")
    runs = whole().runs[whole().runs["experiment"] == "notebook"]
    own = 100 * runs.loc[runs["variant"] == "HeNormal, notebook", "test_accuracy"].to_numpy()
    half = 2.0930241 * own.std(ddof=1) / 20**0.5
    assert letter["Test accuracy"] == f"{own.mean():.2f} ± {half:.2f}"


def test_ends_leaves_out_what_the_study_lacks() -> None:
    """Of the base experiment alone there are its four rows; of none there is an error."""
    assert len(rows(base(), "ends")) == 4
    with pytest.raises(ReportError, match="base, notebook, output, fashion, convolution"):
        ends(without(base(), "base"), {})


def test_ends_counts_the_seeds_of_its_means() -> None:
    """A run that diverged is in no mean, and is noted."""
    results = synthetic_results(seeds=3, diverged={("GlorotNormal", 1): 3})
    (row,) = (each for each in rows(results, "ends") if each["Variant"] == "GlorotNormal")
    assert row["n"] == "2"
    assert "GlorotNormal: 1 of 3 runs diverged" in " ".join(ends(results, {}).notes)
