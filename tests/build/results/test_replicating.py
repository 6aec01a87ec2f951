"""Frozen claims are tested on seeds that nobody has used; what they came to is the ledger."""

import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from analysis.plan import provenance
from analysis.plan.result import RunResult
from analysis.plan.work import Task
from analysis.results.ledger import lock, replication
from tests.build.door import training_by, typed
from tests.made.results import tiny

DAYS = (("day", "2026-11-24"),)
HERE = (*provenance.training_environment(), *DAYS)


@pytest.fixture
def trained(monkeypatch: pytest.MonkeyPatch) -> list[Task]:
    """Let runs be trained at once, and return the list of them."""
    done: list[Task] = []

    def train(tasks: Sequence[Task]) -> Iterator[RunResult]:
        for task in tasks:
            done.append(task)
            yield replaced(tiny.measured(task.run))

    training_by(monkeypatch, train)
    return done


def replaced(result: RunResult) -> RunResult:
    """Return a result as it was trained here."""
    return RunResult(**{**vars(result), "environment": HERE})


@pytest.fixture
def study(elsewhere: Path, trained: list[Task]) -> Path:
    """Return the study of a project whose claims are frozen."""
    assert typed("freeze")[0] == 0
    return tiny.write_study(elsewhere, experiments=tiny.SWEEP).rename(elsewhere / "study.toml")


def ledger(project: Path) -> dict[str, replication.Replication]:
    """Return the replications of a project by name."""
    locked = lock.read(project / "results" / "claims.lock")
    found = replication.read_all(project / "results" / "replications", locked)
    return {each["name"]: each for each in found}


def seeds(tasks: Sequence[Task], experiment: str) -> set[int]:
    """Return the seeds of the runs of an experiment."""
    return {task.run.seed for task in tasks if task.run.experiment == experiment}


def test_each_replication_takes_the_next_block(
    study: Path, elsewhere: Path, trained: list[Task]
) -> None:
    """As many seeds as the study has, above all that are stored, published or in the ledger."""
    assert typed("replicate", "--name", "first")[0] == 0
    assert seeds(trained, "base") == {1000, 1001}
    assert seeds(trained, "deep") == {1000, 1001}  # of a list, so many as it has
    assert seeds(trained, "start") == {1000}
    code, out, err = typed("replicate", "--experiment", "start", "--name", "second")
    assert (code, err) == (0, "")
    assert out.startswith("Replicating as second: seed 2000 of start.\n")
    (elsewhere / "results" / "runs.sqlite").unlink()
    assert typed("replicate", "--experiment", "start")[0] == 0
    assert typed("train", "--set", "seeds=[7999]", "--experiment", "base")[0] == 0
    assert typed("replicate", "--experiment", "start", "--name", "last")[0] == 0
    found = ledger(elsewhere)
    assert [each["block"] for each in found.values()] == [1000, 2000, 3000, 8000]
    assert found["first"]["seeds"] == {"base": [1000, 1001], "deep": [1000, 1001], "start": [1000]}
    assert found["last"]["seeds"] == {"start": [8000]}
    (third,) = found.keys() - {"first", "second", "last"}
    assert third.startswith("3000-")
    assert not (elsewhere / "results" / "replicating.json").exists()


def test_it_keeps_verdicts_machine_and_what_was_frozen(study: Path, elsewhere: Path) -> None:
    """Of the claims on its experiments alone; too few seeds are inconclusive."""
    assert typed("replicate", "--experiment", "base", "--name", "a")[0] == 0
    found = ledger(elsewhere)["a"]
    locked = lock.read(elsewhere / "results" / "claims.lock")
    assert found["freeze"] == locked.digest
    assert found["date"] == "2026-11-24"
    assert found["environment"] == dict(provenance.training_environment())
    assert {each["experiment"] for each in found["claims"].values()} == {"base"}
    assert locked.last
    for name, each in found["claims"].items():
        assert each["declared"] == locked.last["claims"][name]
    assert found["claims"]["gradient-at-initialization"]["verdict"] == "inconclusive"


def test_one_that_was_stopped_goes_on_with_its_seeds(
    study: Path, elsewhere: Path, trained: list[Task], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its stored runs are its own; another freeze since then makes it begin on other seeds."""

    def stop(tasks: Sequence[Task]) -> Iterator[RunResult]:
        yield replaced(tiny.measured(tasks[0].run))
        raise KeyboardInterrupt

    with monkeypatch.context() as stopping:
        training_by(stopping, stop)
        assert typed("replicate", "--experiment", "base")[0] == 130
    assert typed("replicate", "--experiment", "base", "--name", "a")[0] == 0
    assert (len(trained), seeds(trained, "base")) == (3, {1000, 1001})
    assert ledger(elsewhere)["a"]["block"] == 1000


@pytest.mark.parametrize("block", ["x", None, 1000])
def test_it_does_not_go_on_with_what_is_none_or_is_in_the_ledger(
    study: Path, elsewhere: Path, trained: list[Task], block: object
) -> None:
    """A note that was altered, and one that a killed replication has left, are of no block."""
    assert typed("replicate", "--experiment", "start", "--name", "a")[0] == 0
    first = ledger(elsewhere)["a"]
    note = {"settings": first["settings"], "freeze": first["freeze"], "block": block}
    (elsewhere / "results" / "replicating.json").write_text(json.dumps(note), "utf-8")
    trained.clear()
    assert typed("replicate", "--experiment", "start", "--name", "b")[0] == 0
    assert ledger(elsewhere)["b"]["block"] == 2000
    assert seeds(trained, "start") == {2000}


def test_so_many_seeds_are_taken_as_fit_into_the_minutes(
    study: Path, elsewhere: Path, trained: list[Task], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each over all experiments; where not one fits, it is said how long one takes."""
    from analysis.plan.costs import times

    def seconds(tasks: Sequence[Task], *_: Any) -> dict[str, float]:
        return {task.run.id: 10.0 for task in tasks}

    monkeypatch.setattr(times, "seconds", seconds)
    asked = ("replicate", "--experiment", "base", "--set", "seeds=5", "--minutes")
    code, out, err = typed(*asked, "0.1")
    assert (code, out) == (2, "")
    assert err.startswith("error: --minutes 0.1: one seed of base takes about 20 s; give more")
    assert typed(*asked, "1.05", "--name", "a")[0] == 0
    assert ledger(elsewhere)["a"]["seeds"] == {"base": [1000, 1001, 1002]}
    assert len(trained) == 6


Spoil = Callable[[Path], object]


def edit(old: str, new: str) -> Spoil:
    """Return what changes a text in the only replication."""
    return lambda path: path.write_text(path.read_text("utf-8").replace(old, new, 1), "utf-8")


def remade(**changed: Any) -> Spoil:
    """Return what changes the only replication, and makes its digest fit."""

    def spoil(path: Path) -> None:
        kept = json.loads(path.read_text("utf-8"))
        replication.write(path, {**kept, **changed})

    return spoil


@pytest.mark.parametrize(
    ("spoil", "told"),
    [
        (edit('"block": 1000', '"block": 3000'), "has been edited"),
        (edit('"name"', '"nme"'), "has been edited"),
        (edit("{", ""), "is damaged"),
        (lambda path: path.write_bytes(b""), "is damaged"),
        (lambda path: path.rename(path.with_name("other.json")), "is called 'a' inside"),
        (remade(schema=7), "has schema 7, this project reads 1"),
        (remade(block="x"), "block = 'x': must be a whole number"),
        (remade(freeze="f" * 64), "which claims.lock knows nothing; it belongs to another lock"),
    ],
)
@pytest.mark.parametrize(
    "words", [["replicate"], ["render"], ["report", "--set", "seeds=3"]], ids=" ".join
)
def test_a_replication_that_cannot_be_one_is_refused(
    study: Path, elsewhere: Path, trained: list[Task], spoil: Spoil, told: str, words: list[str]
) -> None:
    """By the name of its file, with what would be right, and before anything is trained."""
    assert typed("replicate", "--experiment", "start", "--name", "a")[0] == 0
    assert typed("train", "--train", "all")[0] == 0
    count = len(trained)
    spoil(elsewhere / "results" / "replications" / "a.json")
    code, out, err = typed(*words)
    assert (code, out) == (2, "")
    assert err.startswith("error: results/replications/")
    assert told in err
    assert len(trained) == count


def test_one_of_other_settings_is_named_and_not_counted(
    study: Path, elsewhere: Path, drawn: dict[str, Any]
) -> None:
    """Other seeds are no other settings. What the page is made of has it aside, with its reason."""
    assert typed("replicate", "--experiment", "base", "--name", "a")[0] == 0
    ledgers = []
    for settings in (("seeds=3",), ("seeds=3", "training.epochs=3")):
        changes = [word for each in settings for word in ("--set", each)]
        code, out, err = typed("report", *changes)
        assert (code, err) == (0, "")
        ledgers.append(drawn["beside"].ledger)
        warned = "results/replications/a.json: is of other settings than this study (base)"
        assert (warned in out) == (len(ledgers) == 2)
    counted, aside = ledgers
    assert ([each["name"] for each in counted.counted], counted.aside) == (["a"], ())
    assert (aside.counted, aside.aside) == ((), (("a", "base"),))


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--name", "A b"], "must be letters a to z, digits and hyphens"),
        (["--name", "../x"], "must be letters a to z, digits and hyphens"),
        (["--name", "a"], "results/replications/a.json is there already; choose another name"),
        (["--experiment", "bas"], "no such experiment (did you mean 'base'?)"),
        (["--results", "published"], "must be"),
    ],
)
def test_what_cannot_be_asked_is_refused(
    study: Path, elsewhere: Path, trained: list[Task], words: list[str], told: str
) -> None:
    """Nothing is trained nor written."""
    assert typed("replicate", "--experiment", "start", "--name", "a")[0] == 0
    before = [*ledger(elsewhere)]
    trained.clear()
    code, _, err = typed("replicate", *words)
    assert code == 2
    assert told in err or words[1] == "published"
    assert trained == []
    assert [*ledger(elsewhere)] == before


def test_claims_that_are_not_frozen_are_not_replicated(
    study: Path, elsewhere: Path, trained: list[Task]
) -> None:
    """It is said how they are; also of claims that have changed since."""
    path = elsewhere / "results" / "claims.lock"
    kept = json.loads(path.read_text("utf-8"))
    claims = kept["freezes"][0]["claims"]
    claims["early-speed"] = "0" * 64
    kept["freezes"][0]["sha256"] = lock.digest_of(claims)
    path.write_text(json.dumps(kept), "utf-8")
    code, _, err = typed("replicate")
    assert code == 2
    assert "1 claim not as frozen on " in err
    assert ": early-speed; make freeze freezes them as they are now" in err
    path.unlink()
    code, _, err = typed("replicate")
    assert code == 2
    assert "no claim is frozen; make freeze writes it" in err
    assert trained == []
