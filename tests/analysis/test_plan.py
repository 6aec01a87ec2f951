"""Runs and their identity: it follows whatever can change a number, and nothing else."""

from dataclasses import fields, replace
from pathlib import Path
from typing import Any

import pytest

from analysis import study as studies
from analysis.dataset import Description
from analysis.plan import Run, Settings, pending, runs
from analysis.study import Study

SETTINGS = Settings(
    dataset_digest="00ff",
    hidden=(128, 64),
    activation="relu",
    initializer="RandomNormal",
    initializer_parameters=(("mean", 0.0), ("stddev", 0.05)),
    optimizer="SGD",
    optimizer_parameters=(("learning_rate", 0.01), ("momentum", 0.0), ("nesterov", False)),
    loss="sparse_categorical_crossentropy",
    batch_size=64,
    epochs=10,
    validation_split=0.2,
    seed=7,
    engine=1,
)
CANONICAL = (
    '{"activation":"relu","batch_size":64,"dataset_digest":"00ff","engine":1,"epochs":10,'
    '"hidden":[128,64],"initializer":"RandomNormal",'
    '"initializer_parameters":[["mean",0.0],["stddev",0.05]],'
    '"loss":"sparse_categorical_crossentropy","optimizer":"SGD",'
    '"optimizer_parameters":[["learning_rate",0.01],["momentum",0.0],["nesterov",false]],'
    '"seed":7,"validation_split":0.2}'
)
IDENTITY = "e166fa40fe0f7f0a601c7e2f284130a55362a8e380373b772234abc4c5081646"
"""What `sha256sum` says of the text above."""

OTHER: dict[str, Any] = {
    "dataset_digest": "00fe",
    "hidden": (64, 128),
    "activation": "tanh",
    "initializer": "TruncatedNormal",
    "initializer_parameters": (("mean", 0.0), ("stddev", 0.051)),
    "optimizer": "RMSprop",
    "optimizer_parameters": (("learning_rate", 0.01), ("momentum", 0.0), ("nesterov", True)),
    "loss": "another",
    "batch_size": 65,
    "epochs": 11,
    "validation_split": 0.25,
    "seed": 8,
    "engine": 2,
}
DATA = Description("mnist", "00ff", 60000, 10000, 784, 10)


def identities(study: Study, data: Description = DATA) -> list[str]:
    """Return the identities of a study's runs, in the order planned."""
    return [run.id for run in runs(study, data)]


def quick(*overrides: str) -> Study:
    """Return the quick study with overrides."""
    return studies.load("quick", overrides)


def test_an_identity_is_the_digest_of_a_text_that_can_be_read() -> None:
    """One fixed run has the text and the SHA-256 that were worked out outside of the project."""
    assert SETTINGS.canonical() == CANONICAL
    assert Run("base", "RandomNormal", "mnist", SETTINGS).id == IDENTITY


@pytest.mark.parametrize("field", [field.name for field in fields(Settings)])
def test_an_identity_follows_each_setting(field: str) -> None:
    """A change of any one setting gives another identity."""
    changed = replace(SETTINGS, **{field: OTHER[field]})
    assert getattr(changed, field) != getattr(SETTINGS, field)
    assert Run("base", "a", "d", changed).id != IDENTITY


def test_an_identity_does_not_follow_names() -> None:
    """Experiment, variant and the name of the data set only label a run."""
    assert Run("deep", "Ours", "/data/m.npz", SETTINGS).id == IDENTITY


@pytest.mark.parametrize(
    "override",
    [
        "network.hidden=[64]",
        "network.activation=tanh",
        "training.optimizer=SGD",
        "training.optimizer.learning_rate=0.002",
        "training.optimizer.epsilon=1e-8",
        "training.batch_size=63",
        "training.epochs=3",
        "training.validation_split=0.25",
        "seeds=[7, 8]",
    ],
)
def test_a_hyperparameter_changes_every_run(override: str) -> None:
    """No run of the changed study is one of the study before."""
    assert not set(identities(quick())) & set(identities(quick(override)))


def test_the_data_change_every_run() -> None:
    """The same study on other data has no run in common."""
    other = replace(DATA, digest="other")
    assert not set(identities(quick())) & set(identities(quick(), other))


@pytest.mark.parametrize("override", ["title=Other", "training.optimizer={name='Adam'}"])
def test_what_changes_no_number_changes_no_run(override: str) -> None:
    """A title matters to no run, nor does a default that is left out."""
    assert identities(quick(override)) == identities(quick())


def test_comments_layout_and_order_in_a_file_change_no_run(tmp_path: Path) -> None:
    """A file that says the same in other words, order and whitespace has the same runs."""
    text = studies.DEFAULT_STUDY.read_text(encoding="utf-8")
    head, _, tables = text.partition("[network]")
    network, _, training = tables.partition("[training]")
    lines = training.splitlines()
    turned = "\n".join([*reversed([line for line in lines if "=" in line]), "# the end"])
    path = tmp_path / "same.toml"
    path.write_text(f"{head}# a comment\n[training]\n{turned}\n\n[network]{network}", "utf-8")
    assert turned != training
    assert identities(studies.load(path)) == identities(studies.load())
    spelled = ["training.optimizer={learning_rate=1e-3, name='Adam', beta_1=0.9}"]
    assert identities(studies.load(path, spelled)) == identities(studies.load())


def test_variants_in_another_order_are_the_same_runs() -> None:
    """The order of variants is one of presentation."""
    study = quick()
    turned = study.model_copy(update={"variants": study.variants[::-1]})
    assert identities(turned) != identities(study)
    assert sorted(identities(turned)) == sorted(identities(study))


def test_runs_are_planned_seed_by_seed() -> None:
    """Whoever stops a build early has whole pairs: all variants of a seed stand together."""
    planned = runs(quick(), DATA)
    names = ["Zeros", "RandomNormal", "GlorotNormal", "HeNormal"]
    assert [(run.seed, run.variant) for run in planned] == [(s, n) for s in (0, 1) for n in names]
    assert {run.experiment for run in planned} == {"base"}
    assert len({run.id for run in planned}) == 8


def test_what_is_known_is_not_pending() -> None:
    """What is left is what was planned without what is known, in the order planned."""
    planned = runs(quick(), DATA)
    assert pending(planned, ()) == planned
    assert pending(planned, {planned[0].id, planned[5].id}) == (*planned[1:5], *planned[6:])
    assert pending(planned, {run.id for run in planned}) == ()


def test_variants_that_are_the_same_are_trained_once() -> None:
    """Two names for one initializer give one run a seed, in the place of the first."""
    again = '{name="A", initializer="HeNormal"}, {name="B", initializer="Zeros"}'
    study = quick(f'variants=[{again}, {{name="C", initializer="HeNormal"}}]')
    planned = runs(study, DATA)
    assert len(planned) == 6
    assert [run.variant for run in pending(planned, ())] == ["A", "B", "A", "B"]


def test_more_seeds_add_only_their_runs() -> None:
    """The runs of the first seeds stay what they were."""
    known = set(identities(quick()))
    added = pending(runs(quick("seeds=3"), DATA), known)
    assert [run.seed for run in added] == [2] * 4


def test_a_new_variant_adds_only_its_runs() -> None:
    """One line more in the study is one run more a seed."""
    study = quick()
    more = studies.Variant.model_validate({"name": "Lecun", "initializer": "LecunNormal"})
    larger = study.model_copy(update={"variants": (*study.variants, more)})
    added = pending(runs(larger, DATA), set(identities(study)))
    assert [(run.variant, run.seed) for run in added] == [("Lecun", 0), ("Lecun", 1)]


def test_a_changed_variant_adds_only_its_runs() -> None:
    """Another parameter of one variant leaves the runs of the others as they are."""
    changed = quick("variants.RandomNormal.stddev=0.02")
    added = pending(runs(changed, DATA), set(identities(quick())))
    assert [(run.variant, run.seed) for run in added] == [("RandomNormal", 0), ("RandomNormal", 1)]
