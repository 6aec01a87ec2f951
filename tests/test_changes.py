"""What a build says has changed since the last one."""

import json
from pathlib import Path
from typing import Any

import pytest

from analysis import changes
from analysis import study as studies


def dump(*overrides: str) -> dict[str, Any]:
    """Return the quick study with overrides, as provenance.json records it."""
    return studies.load("quick", overrides).model_dump(mode="json")


@pytest.mark.parametrize(
    ("override", "lines"),
    [
        ("training.epochs=3", ["training.epochs: 2 → 3"]),
        ("network.activation=tanh", ["network.activation: relu → tanh"]),
        ("network.hidden=[64]", ["network.hidden: [128, 64] → [64]"]),
        ("seeds=30", ["seeds: [0, 1] → [0 … 29] (30)"]),
        (
            "variants.RandomNormal.stddev=0.1",
            ["variants.RandomNormal.parameters.stddev: 0.05 → 0.1"],
        ),
        (
            'variants=[{name="Zeros", initializer="Zeros"}]',
            [
                "variants.RandomNormal.initializer: RandomNormal, now gone",
                "variants.RandomNormal.parameters.mean: 0.0, now gone",
                "variants.RandomNormal.parameters.stddev: 0.05, now gone",
                "variants.GlorotNormal.initializer: GlorotNormal, now gone",
                "variants.HeNormal.initializer: HeNormal, now gone",
            ],
        ),
    ],
)
def test_each_changed_hyperparameter_is_a_line(override: str, lines: list[str]) -> None:
    """The line names the key with its old and its new value, and nothing else is named."""
    assert changes.between(dump(), dump(override)) == lines


def test_another_optimizer_is_named_with_its_parameters() -> None:
    """The name of a class that changes is a change, beside what it no longer has and now has."""
    lines = changes.between(dump(), dump("training.optimizer=SGD"))
    assert "training.optimizer.name: Adam → SGD" in lines
    assert "training.optimizer.parameters.learning_rate: 0.001 → 0.01" in lines
    assert "training.optimizer.parameters.momentum: 0.0, new" in lines
    assert "training.optimizer.parameters.beta_1: 0.9, now gone" in lines


def test_the_same_study_has_no_changes() -> None:
    """Nothing is said where nothing changed, nor of the order of the variants."""
    turned = dump() | {"variants": dump()["variants"][::-1]}
    assert changes.between(dump(), dump()) == []
    assert changes.between(dump(), turned) == []


def test_changes_are_read_from_the_last_report(tmp_path: Path) -> None:
    """The record of the last report is what the study is held against."""
    record = tmp_path / "provenance.json"
    record.write_text(json.dumps({"study": dump(), "commit": None}), encoding="utf-8")
    assert changes.since(record, dump("training.epochs=7")) == ["training.epochs: 2 → 7"]


@pytest.mark.parametrize("content", [None, "", "{", "[]", "{}", '{"study": 3}', '"text"', "\xff"])
def test_without_a_record_nothing_is_said(tmp_path: Path, content: str | None) -> None:
    """A first build, or a record that cannot be read, is no error and says nothing."""
    record = tmp_path / "provenance.json"
    if content is not None:
        record.write_bytes(content.encode("latin-1"))
    assert changes.since(record, dump()) == []
