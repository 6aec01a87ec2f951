"""The identities of runs, pinned: what is stored and published stays known as the code moves."""

import csv
import json
from collections import Counter

import pytest

from analysis.claims.against.standing import settings_digest
from analysis.plan import planning
from analysis.plan.run import Run
from analysis.study.file import build_study
from build import ROOT
from tests.made.results.studies import load_study

LAST_RUNS = (
    ("base", "HeNormal", 19, "d1b1c3c393f5e7edf02d70c7a2680f64efbf7571"),
    ("dynamics", "HeNormal", 1, "ecc71ab7fef0530ebb2b98ba48a3671d6068dfe8"),
    ("propagation", "HeNormal", 4, "ce61c0d08c2617671d40ea6b39282f68c321799e"),
    ("glorot", "GlorotUniform", 4, "3f43044df19686ec2b0109cc0bc7463de76b3b9b"),
    ("scale", "RandomNormal", 2, "01cc2dc9d32709ae6327810a5c7c22b9678a8755"),
    ("depth", "HeNormal", 4, "f3349baae2e7ab6fe648421a23c166ba5913b254"),
    ("activation", "Orthogonal", 2, "bb3a6a5d8ba13914703bdf5c77a6627c618b351e"),
    ("symmetry", "HeNormal", 7, "8b638ce51462216e45a596c2549860adf8023b48"),
    ("chaos", "Normal", 1, "bbfeeec9a9dc193a2054c3232dbb87570eeba62e"),
    ("gain", "Normal", 1, "697cd8ce40488a14cea0458c404e76e4f3f61c56"),
)  # fmt: skip
"""The last run of each experiment of study.toml: experiment, variant, seed, and the start
of its identity."""


PUBLISHED = ROOT / "results" / "published"


@pytest.fixture(scope="module")
def planned() -> dict[str, Run]:
    """The last run of each experiment of the project's own study."""
    study = load_study(ROOT / "study.toml")
    data = planning.data(study)
    return {run.experiment: run for run in planning.runs(study, data)}


@pytest.mark.parametrize(("experiment", "variant", "seed", "identity"), LAST_RUNS)
def test_a_run_keeps_its_identity(
    planned: dict[str, Run], experiment: str, variant: str, seed: int, identity: str
) -> None:
    """One run of each experiment has the identity under which the published results know it."""
    run = planned[experiment]
    assert (run.variant, run.seed, run.id[:40]) == (variant, seed, identity)


def test_the_published_runs_are_known() -> None:
    """All identities in runs.csv are those of the runs that the published study plans today.

    Likewise its tables and what its claims carry of its settings: new words change no old text.
    """
    about = json.loads((PUBLISHED / "manifest.json").read_text(encoding="utf-8"))
    study = build_study(about["study"], "manifest.json")
    runs = planning.runs(study, planning.data(study))
    with (PUBLISHED / "runs.csv").open(encoding="utf-8", newline="") as lines:
        known = [row["run_id"] for row in csv.DictReader(lines)]
    assert Counter(run.id for run in runs) == Counter(known)
    assert study.tables() == about["study"]
    for claim in about["claims"].values():
        assert settings_digest(study, claim["experiment"]) == claim["settings"]


def test_every_experiment_is_pinned(planned: dict[str, Run]) -> None:
    """A new experiment is pinned, too."""
    assert planned.keys() == {experiment for experiment, *_ in LAST_RUNS}
