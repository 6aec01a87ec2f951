"""The tables over all experiments: every row from its own runs, every claim by its id."""

import dataclasses
from collections.abc import Mapping
from typing import Any

import pytest

from analysis.claims import SPECS, evaluate
from analysis.errors import ReportError
from analysis.results.frames import Results
from analysis.study.file import load_study
from report.tables.choosing import CHOICES
from report.tables.tables import TABLES
from tests.made.synthetic import results_of
from tests.report.drawn import quick, whole


def rows(results: Results, table: str) -> list[dict[str, str]]:
    """Rows of a table, each cell by its column."""
    found = TABLES[table](results)
    return [dict(zip(found.columns, row, strict=True)) for row in found.rows]


def law(run: Mapping[str, Any]) -> float | None:
    """Deep Glorot stalls, deep SELU diverges, and HeNormal is always best."""
    if run["activation"] == "selu" and run["depth"] > 2:
        return None
    best: float = 0.9 - 0.01 * run["depth"]
    return {"HeNormal": best, "GlorotNormal": best - 0.05}.get(str(run["variant"]), 0.1135)


@pytest.fixture(scope="module")
def small() -> Results:
    """The small study with accuracies by that law."""
    return results_of(load_study("quick"), law=law)


def test_every_choice_names_a_claim_and_an_experiment_that_exist() -> None:
    """No row of the table can point to nothing."""
    claims = {spec.id: spec.experiment for spec in SPECS}
    for choice in CHOICES:
        assert claims[choice.claim] == choice.experiment
        assert choice.experiment in whole().study.experiments


def test_a_choice_ranks_what_was_measured_there(small: Results) -> None:
    """Mean test accuracy in percent of the nearest depth, best first, and the claim's verdict."""
    deep = next(
        row
        for row in rows(small, "choosing")
        if row["Id of the claim"] == "he-trains-where-xavier-stalls"
    )
    assert (deep["Activation"], deep["Hidden layers"], deep["Optimizer"]) == ("ReLU", "30", "SGD")
    assert deep["Test accuracy, best first"] == (
        "HeNormal 60.00, GlorotNormal 55.00, RandomNormal 11.35"
    )
    assert deep["Verdict"] == evaluate(small)["he-trains-where-xavier-stalls"].verdict


def test_a_choice_takes_the_nearest_depth(small: Results) -> None:
    """Where a study has no fifty layers, the row says which depth it speaks of."""
    found = [
        row for row in rows(small, "choosing") if row["Id of the claim"] == "adam-is-not-enough"
    ]
    assert [row["Hidden layers"] for row in found] == ["30"]


def test_what_was_not_measured_has_no_row() -> None:
    """The small study has neither SELU nor sigmoid; a study without any of it is an error."""
    assert {row["Activation"] for row in rows(quick(), "choosing")} == {"ReLU", "tanh"}
    runs = quick().runs[quick().runs["experiment"] == "chaos"]
    with pytest.raises(ReportError, match="depth"):
        TABLES["choosing"](dataclasses.replace(quick(), runs=runs))


def test_a_diverged_variant_comes_last() -> None:
    """It has no accuracy and says so."""
    results = results_of(whole().study, law=law)
    deep = [row for row in rows(results, "choosing") if row["Activation"] == "SELU"][-1]
    assert deep["Test accuracy, best first"].count("diverged") == 4


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
