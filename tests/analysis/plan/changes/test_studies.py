"""What a build says has changed in the study since the last one."""

import json
from pathlib import Path
from typing import Any

import pytest

from analysis.plan.changes import studies
from tests.made.results.studies import load_study, ten


def tables(*overrides: str) -> dict[str, Any]:
    """Return ten experiments of the default study with overrides, as provenance.json records it."""
    return ten(*overrides).tables()


@pytest.mark.parametrize(
    ("override", "lines"),
    [
        ("training.epochs=3", ["training.epochs: 10 → 3"]),
        ("network.activation=tanh", ["network.activation: relu → tanh"]),
        ("network.hidden=[64]", ["network.hidden: [128, 64] → [64]"]),
        ("network.hidden=4 x 64", ["network.hidden: [128, 64] → 4 x 64"]),
        ("seeds=30", ["seeds: 20 → 30"]),
        ("seeds=[1,2,3,4,6]", ["seeds: 20 → [1 … 6] (5)"]),
        (
            f"network.convolution=[{', '.join(5 * ['{ filters = 8, size = 3 }'])}]",
            [
                "network.convolution: [{ filters = 8, size = 3, pool = 1 } … "
                "{ filters = 8, size = 3, pool = 1 }] (5), new"
            ],
        ),
        ("variants.RandomNormal.stddev=0.1", ["variants.RandomNormal.stddev: 0.05 → 0.1"]),
        ("experiments.depth.seeds=2", ["experiments.depth.seeds: 5 → 2"]),
        (
            "experiments.chaos.sweep={ 'network.hidden' = ['5 x 100'] }",
            [
                "experiments.chaos.sweep.variants.Normal.scale: [1.0 … 4.0] (8), now gone",
                "experiments.chaos.sweep.network.hidden: [10 x 100 … 50 x 100] (5) → ['5 x 100']",
            ],
        ),
        (
            'variants=[{name="Zeros", initializer="Zeros"}]',
            [
                "variants.RandomNormal.initializer: RandomNormal, now gone",
                "variants.RandomNormal.mean: 0.0, now gone",
                "variants.RandomNormal.stddev: 0.05, now gone",
                "variants.GlorotNormal.initializer: GlorotNormal, now gone",
                "variants.HeNormal.initializer: HeNormal, now gone",
            ],
        ),
    ],
)
def test_each_changed_hyperparameter_is_a_line(override: str, lines: list[str]) -> None:
    """The key is named once with its old and new value, however many experiments inherit it."""
    assert studies.between(tables(), tables(override)) == lines


def test_another_optimizer_is_named_with_its_parameters() -> None:
    """The name of a class that changes is a change, beside what it no longer has and now has."""
    lines = studies.between(tables(), tables("training.optimizer=SGD"))
    assert "training.optimizer.name: Adam → SGD" in lines
    assert "training.optimizer.learning_rate: 0.001 → 0.01" in lines
    assert "training.optimizer.momentum: 0.0, new" in lines
    assert "training.optimizer.beta_1: 0.9, now gone" in lines
    assert len(lines) == 8


def test_an_experiment_that_does_not_follow_is_named() -> None:
    """What an experiment sets to a value of its own when the study changes is said of it, too."""
    overrides = ["training.epochs=3", "experiments.base.training.epochs=7"]
    assert studies.between(tables(), tables(*overrides)) == [
        "training.epochs: 10 → 3",
        "experiments.base.training.epochs: 10 → 7",
    ]


def test_an_experiment_that_stays_is_not_named() -> None:
    """One with a value of its own has not changed when the study comes to have the same."""
    lines = studies.between(tables(), tables("training.epochs=2"))
    assert lines == ["training.epochs: 10 → 2"]
    assert load_study().experiments["scale"].training.epochs == 2


def test_a_new_experiment_is_one_line() -> None:
    """Neither what is new nor what is gone is spelled out."""
    fewer = tables()
    del fewer["experiments"]["depth"], fewer["experiments"]["gain"]
    added = ["experiments.depth: new", "experiments.gain: new"]
    assert studies.between(fewer, tables()) == added
    assert studies.between(tables(), fewer) == [line.replace("new", "now gone") for line in added]


def test_a_sweep_over_one_optimizer_twice_is_told_apart() -> None:
    """Tables of one name in a list stand for themselves."""

    def swept(rate: float) -> dict[str, Any]:
        both = ", ".join(f"{{ name = 'SGD', learning_rate = {each} }}" for each in (rate, 1))
        return tables(f"experiments.scale.sweep={{ 'training.optimizer' = [{both}] }}")

    lines = studies.between(swept(0.1), swept(0.2))
    assert len(lines) == 1
    assert lines[0].startswith("experiments.scale.sweep.training.optimizer: ")


def test_the_same_study_has_no_changes() -> None:
    """Nothing is said where nothing changed, nor of the order of the variants."""
    turned = tables() | {"variants": tables()["variants"][::-1]}
    assert studies.between(tables(), tables()) == []
    assert studies.between(tables(), turned) == []


def test_a_record_of_another_spelling_is_the_same_study() -> None:
    """A study dumped whole, points and all, has no differences from its tables."""
    study = load_study()
    assert studies.between(study.model_dump(mode="json"), study.tables()) == []


def test_changes_are_read_from_the_last_report(tmp_path: Path) -> None:
    """The record of the last report is what the study is held against."""
    record = tmp_path / "provenance.json"
    record.write_text(json.dumps({"study": tables(), "commit": None}), encoding="utf-8")
    assert studies.since(record, tables("training.epochs=7")) == ["training.epochs: 10 → 7"]


DEEP = [f'{{"study": {"[" * depth}{"]" * depth}}}' for depth in (30, 300, 900, 100_000)] + [
    '{"study": ' + '{"a": ' * depth + "1" + "}" * (depth + 1) for depth in (30, 900, 100_000)
]
"""Records that stand in each other so deep that nobody can walk over them."""


def test_a_record_of_no_study_says_nothing(tmp_path: Path) -> None:
    """Whatever stands in the place of a value: what cannot be a study is no record of one."""
    record, now = tmp_path / "provenance.json", tables()
    for key in now:
        for odd in (3, "x", [], {}, [[1]], {"parameters": 3}, {"a": 3}, None):
            record.write_text(json.dumps({"study": {**now, key: odd}}), encoding="utf-8")
            assert all(line.startswith(key) for line in studies.since(record, now))


@pytest.mark.parametrize(
    "content", [None, "", "{", "[]", "{}", '{"study": 3}', '"text"', "\xff", *DEEP]
)
def test_without_a_record_nothing_is_said(tmp_path: Path, content: str | None) -> None:
    """A first build, or a record that cannot be read, is no error and says nothing."""
    record = tmp_path / "provenance.json"
    if content is not None:
        record.write_bytes(content.encode("latin-1"))
    assert studies.since(record, tables()) == []


def test_a_data_set_is_its_name() -> None:
    """One of one's own in the place of MNIST is one line, and another credit is none."""
    own = "dataset={path='a.npz', name='Letters', source='A. Maker'}"
    (line, *_) = studies.between(tables(), tables(own))
    assert line == "dataset: mnist → Letters"
    assert studies.between(tables(own), tables("dataset={path='b.npz', name='Letters'}")) == []
