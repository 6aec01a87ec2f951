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
    ("base", "HeNormal", 3019, "cb16a8b34ec26c14a70e2ba932b0ae03025f1383"),
    ("many", "HeNormal", 3039, "61ee332ef421803ab0ec0163e825ac3366f80b48"),
    ("output", "He, zero output", 3039, "371e6bc05b0ed56d1f4a4977ab49f62293d11e7a"),
    ("notebook", "HeNormal, notebook", 3019, "942d851a623d66a3dd9059bace9aefdc1a2c5665"),
    ("dynamics", "HeNormal", 3001, "2c7ea706f7c0e61da1ca3abfd69cc9a38c19c4cf"),
    ("propagation", "HeNormal", 3009, "0f5cfa0f554f6b44ac154ae2b87409566da79b19"),
    ("glorot", "GlorotUniform", 3009, "7b2d3439dee546a2b662a56cae6e1afb7efc2c34"),
    ("spread", "HeNormal", 3049, "7967b5558b64a040873e4c75c94caa119abc774a"),
    ("scale", "RandomNormal", 3007, "2fe393b36ea2cf6d12bf33c6b6cdce1530ea7708"),
    ("depth", "HeNormal", 3007, "cf12c6e8a12b14636cfe6e9de9a1be804e7a73cf"),
    ("late", "HeNormal", 3007, "d5e8acab1e89988ef1990d2c6ec83411504ad091"),
    ("fair", "PyTorch", 3007, "d7928232985a8b3ce61999b1dcbebd10d3528d47"),
    ("rates", "HeNormal", 3007, "ee8ffc7915f51c2ab23899c04e80d9345f574c2a"),
    ("stacks", "HeNormal", 3007, "abe8deaba29be529288e1f5b4829ea3b6117335e"),
    ("fashion", "HeNormal", 3007, "c9ea9fe3260f57f9b5c926040c215dc7ec34a14a"),
    ("fashion-deep", "HeNormal", 3007, "5e33c55178502c94943cc68a57b2e192059e4fe0"),
    ("activation", "Orthogonal", 3007, "7f2f0b478ed52791f41a7c29891ff1d5f24b863d"),
    ("symmetry", "HeNormal", 3007, "bf7416fbd90d7622388b608a19f4a0eb4d45098d"),
    ("stuck", "Constant", 3007, "1b88f52da410b7a99621e0d60f9be957239255ce"),
    ("dropout", "Constant", 3007, "74a6413565d8344d727cc53d9b34fb40c6200f75"),
    ("convolution", "HeNormal", 3007, "616f2935b719066b8615a65d657c237ba82134ae"),
    ("chaos", "Normal", 3007, "da1edd91526b58427f2cdc2e49e919ca998e4759"),
    ("gain", "Normal", 3009, "53e5ec92f128782fdaef7ed6b104a7a9a0b855f6"),
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
    """One run of each experiment has the identity under which results know it."""
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
