"""What to choose: every row from its own runs, every claim by its id, as it was tested."""

import dataclasses
from collections.abc import Mapping
from typing import Any

import pytest

from analysis.claims.testing import declarations
from analysis.errors import ReportError
from analysis.results.frames import Results
from report.tables.choosing import CHOICES, choosing
from tests.made.results.studies import load_study
from tests.made.results.synthetic import results_of
from tests.made.sites.desk import claim
from tests.made.sites.drawn import quick, whole
from tests.report.tables.reading import rows

TESTED = {choice.claim: claim(id=choice.claim) for choice in CHOICES} | {
    "glorot-is-later": claim(statement="Glorot is later.", verdict="inconclusive")
}
"""Every claim that a choice may name, as if it had been tested."""


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
    claims = {spec.id: spec.experiment for spec in declarations()}
    for choice in CHOICES:
        assert claims[choice.claim] == choice.experiment
        assert choice.experiment in whole().study.experiments


def test_a_choice_ranks_what_was_measured_there(small: Results) -> None:
    """Median test accuracy in percent at the nearest depth, best first, and the verdict."""
    deep = next(
        row
        for row in rows(small, "choosing", TESTED)
        if row["Id of the claim"] == "glorot-is-later"
    )
    assert deep["Situation"] == "ReLU, 30 layers, SGD"
    assert deep["Test accuracy, best first"] == ("HeNormal 60.00, GlorotNormal 55.00")
    assert (deep["Claim"], deep["Verdict"]) == ("Glorot is later.", "inconclusive")


def test_a_choice_takes_the_nearest_depth(small: Results) -> None:
    """Where a study has no fifty layers, the row says which depth it speaks of."""
    found = [
        row
        for row in rows(small, "choosing", TESTED)
        if row["Id of the claim"] == "adam-is-not-enough"
    ]
    assert [row["Situation"] for row in found] == ["ReLU, 30 layers, Adam"]


def test_what_was_not_measured_has_no_row() -> None:
    """The small study has neither SELU nor sigmoid; a study without any of it is an error."""
    assert {row["Situation"].split(",")[0] for row in rows(quick(), "choosing", TESTED)} == {
        "ReLU",
        "tanh",
    }
    runs = quick().runs[quick().runs["experiment"] == "chaos"]
    with pytest.raises(ReportError, match="depth"):
        choosing(dataclasses.replace(quick(), runs=runs), TESTED)


def half_lost(run: Mapping[str, Any]) -> float | None:
    """HeNormal diverges from every other seed."""
    return None if run["variant"] == "HeNormal" and run["seed"] % 2 else law(run)


def test_a_diverged_run_counts_as_one_that_guesses() -> None:
    """And the ranking says of how many runs that was so."""
    results = results_of(load_study("quick", ["experiments.late.seeds=3"]), law=half_lost)
    found = {row["Id of the claim"]: row for row in rows(results, "choosing", TESTED)}
    seeds = results.runs.query("experiment == 'late'")["seed"].nunique()
    lost = int((results.runs.query("experiment == 'late'")["seed"].drop_duplicates() % 2).sum())
    assert 0 < lost < seeds
    told = found["glorot-is-later"]["Test accuracy, best first"]
    assert f"HeNormal ({lost} of {seeds} diverged)" in told


def test_a_diverged_variant_comes_last() -> None:
    """It has no accuracy and says so."""
    results = results_of(whole().study, law=law)
    deep = [row for row in rows(results, "choosing", TESTED) if "SELU" in row["Situation"]][-1]
    assert deep["Test accuracy, best first"].count("diverged") == 4
