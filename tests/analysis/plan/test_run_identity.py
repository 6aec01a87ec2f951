"""The identities of runs, pinned: what is stored and published stays known as the code moves."""

import pytest

from analysis.plan import planning
from analysis.plan.run import Run
from build import ROOT
from tests.made.results.studies import load_study

LAST_RUNS = (
    ("base", "HeNormal", 19, "480f8c547dda12b2138f3edf960f224153c953db"),
    ("dynamics", "HeNormal", 1, "a20d634b9f0ceac3ca923f103735c1eabd7cf44b"),
    ("propagation", "HeNormal", 4, "823bee64ec7cc48d11ce7d167e7b4bc535a5c0bf"),
    ("glorot", "GlorotUniform", 4, "400532f83894f1b781cf2c5c0f03fe32a11f1dd5"),
    ("scale", "RandomNormal", 2, "bf24cf61d7cffbb22e3990b89fc91ec34ea5e38a"),
    ("depth", "HeNormal", 4, "6a45b794508d42aa1ddf3c46d2117c9c26cf083b"),
    ("activation", "Orthogonal", 2, "fe892534a29e89f1499435dc5803c89ca1312f4f"),
    ("symmetry", "HeNormal", 7, "319e96cc0071d6e41d139354bd6ae99c9d97fe2c"),
    ("chaos", "Normal", 1, "e37f3a5e523613ce158842f9f73e36ba360afaec"),
    ("gain", "Normal", 1, "c8d04dbdf7c55d348dc3167fb70fc4bb2f007400"),
)  # fmt: skip
"""The last run of each experiment of study.toml: experiment, variant, seed, and the start
of its identity."""


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


def test_every_experiment_is_pinned(planned: dict[str, Run]) -> None:
    """A new experiment is pinned, too."""
    assert planned.keys() == {experiment for experiment, *_ in LAST_RUNS}
