"""Claims are frozen as they are declared, and whoever is trained then says so."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from analysis.claims import testing
from analysis.plan.result import RunResult
from analysis.plan.work import Task
from analysis.results.ledger import lock
from analysis.results.stored import store
from tests.build.door import training_by, typed
from tests.made.results import tiny


@pytest.fixture
def locked(elsewhere: Path) -> Path:
    """Return the lock of a project whose claims were frozen once."""
    assert typed("freeze")[0] == 0
    return elsewhere / "results" / "claims.lock"


def test_a_freeze_is_added_only_where_a_claim_has_changed(
    locked: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Earlier freezes stay as they are, and what has changed is told by name."""
    before = locked.read_bytes()
    code, out, err = typed("freeze")
    assert (code, err) == (0, "")
    assert out.startswith("results/claims.lock: nothing has changed since the freeze of 20")
    assert locked.read_bytes() == before
    first, second, *rest = testing.declarations()
    changed = (replace(first, margin=7.5), replace(second, id="new-one"), *rest)
    monkeypatch.setattr(testing, "declarations", lambda: changed)
    _, out, _ = typed("freeze")
    assert f"  changed: {first.id}\n  new: new-one\n  gone: {second.id}\n" in out
    old, new = lock.read(locked).freezes
    assert [old] == json.loads(before)["freezes"]
    assert old["claims"].keys() - new["claims"].keys() == {second.id}
    assert {name for name in old["claims"] if old["claims"][name] != new["claims"].get(name)} == {
        first.id, second.id,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ('"schema": 1', '"schema": 9', "has schema 9, this project reads 1"),
        ('"schema": 1,', "", "has schema None"),
        ('"freezes": [', '"freezes": [[', "is damaged"),
        ('"zeros-never-learns": "', '"zeros": "', "has been edited; its claims have the SHA-256"),
        ('"date": "20', '"date": "x', "must be a day, such as 2026-11-25"),
    ],
)
@pytest.mark.parametrize("command", ["freeze", "plan"])
def test_a_lock_that_is_not_as_it_was_is_refused(
    locked: Path, elsewhere: Path, command: str, old: str, new: str, told: str
) -> None:
    """By its name, with what would be right; it stays as it is."""
    tiny.write_study(elsewhere).rename(elsewhere / "study.toml")
    text = locked.read_text("utf-8").replace(old, new, 1)
    locked.write_text(text, "utf-8")
    code, out, err = typed(command)
    assert (code, out) == (2, "")
    assert err.startswith("error: results/claims.lock: ")
    assert told in err
    assert "git restore results/claims.lock brings it back" in err
    assert locked.read_text("utf-8") == text


def test_a_run_says_which_claims_stood_when_it_was_trained(
    elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before the first freeze it says nothing, and what is published of it the same."""
    study = tiny.write_study(elsewhere, seeds=1).rename(elsewhere / "study.toml")

    def train(tasks: Sequence[Task]) -> Iterator[RunResult]:
        yield from (tiny.measured(task.run) for task in tasks)

    training_by(monkeypatch, train)
    told = []
    for seeds in (1, 2):
        assert typed("train", "--set", f"seeds={seeds}")[0] == 0
        _, runs = tiny.planned(study, [f"seeds={seeds}"])
        with store.open_store(elsewhere / "results" / "runs.sqlite", to_read=True) as opened:
            new = [run for run in runs if run.seed == seeds - 1]
            told.append([each.get("claims") for each in opened.environments(new)])
        if seeds == 1:
            assert typed("freeze")[0] == 0
    digest = lock.read(elsewhere / "results" / "claims.lock").digest
    assert told == [[None], [digest]]
    for words, known in ((["seeds=2"], {}), (["seeds=[1]"], {"base": [digest]})):
        assert typed("publish", "--set", *words)[0] == 0
        about = json.loads((elsewhere / "results" / "published" / "manifest.json").read_text())
        assert about.get("trained_under", {}) == known
        assert "claims" not in about["trained_with"]
