"""A run trained anew is compared with what is stored and published of it."""

import contextlib
import hashlib
import re
import sqlite3
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from analysis.plan import provenance, work
from analysis.plan.result import RunResult
from analysis.plan.run import Run
from analysis.plan.work import Task
from analysis.results.stored import store
from tests.build.door import training_by, typed
from tests.made.results import tiny

HERE = dict(provenance.training_environment())
Edit = Callable[[str], None]


def measured(run: Run, environment: Mapping[str, str] = HERE) -> RunResult:
    """Return what a run always leaves behind, in an environment."""
    return replace(tiny.measured(run), environment=tuple(environment.items()))


@pytest.fixture
def trained(monkeypatch: pytest.MonkeyPatch) -> list[Task]:
    """Let a run be trained at once, and return the list of what is trained."""
    done: list[Task] = []

    def train(tasks: Sequence[Task]) -> Iterator[RunResult]:
        for task in tasks:
            done.append(task)
            yield measured(task.run)

    training_by(monkeypatch, train)
    return done


@pytest.fixture
def study(elsewhere: Path) -> Path:
    """Return the path of a tiny study, called as the default study is."""
    return tiny.write_study(elsewhere, experiments=tiny.SWEEP).rename(elsewhere / "study.toml")


def stored(study: Path, environment: Mapping[str, str] = HERE) -> tuple[Run, ...]:
    """Store the runs of a study as they were trained in an environment; return them."""
    _, runs = tiny.planned(study)
    with store.open_store(study.parent / "results" / "runs.sqlite") as opened:
        for task in work.tasks(runs, {}):
            opened.add(task.run, measured(task.run, environment))
    return runs


def edited(path: Path, statement: str) -> None:
    """Change a results file behind the back of the project."""
    with contextlib.closing(sqlite3.connect(path)) as connection, connection:
        assert connection.execute(statement).rowcount


WORSE = "UPDATE epochs SET test_accuracy = test_accuracy / 2 WHERE epoch = 2"


def test_a_run_is_equal_bit_for_bit(study: Path, elsewhere: Path, trained: list[Task]) -> None:
    """It is trained whole, beside the stored ones, which stay as they were; as often as asked."""
    runs = stored(study)
    main = elsewhere / "results" / "runs.sqlite"
    before = hashlib.sha256(main.read_bytes()).digest()
    run = next(run for run in runs if run.experiment == "deep")
    for _ in range(2):
        code, out, err = typed("run", "--run", run.id[:10])
        assert (code, err) == (0, "")
        assert f"The run {run.id[:12]} is in results/single/runs.sqlite.\n" in out
        assert "As stored in results/runs.sqlite (2 epochs, 10 steps, " in out
        assert "): equal bit for bit\n" in out
        assert f"  trained there and here on {HERE['processor']}, {HERE['system']}, python " in out
        assert "published" not in out
    assert [task.run.id for task in trained] == [run.id, run.id]
    assert [(task.start, task.run.asked.keep_state) for task in trained] == [(0, False)] * 2
    assert hashlib.sha256(main.read_bytes()).digest() == before
    with store.open_store(elsewhere / "results" / "single" / "runs.sqlite") as opened:
        assert set(opened.done(runs)) == {run.id}


def test_other_numbers_of_the_same_machine_are_wrong(
    study: Path, elsewhere: Path, trained: list[Task]
) -> None:
    """Exit code 1, with the size of what differs, and why that should not be."""
    stored(study)
    edited(elsewhere / "results" / "runs.sqlite", WORSE)
    code, out, err = typed("run", "--experiment", "base", "--variant", "HeNormal", "--seed", "1")
    assert code == 1
    assert "other numbers, by at most\n  test accuracy: " in out
    assert re.search(r"percentage points in the last epoch, \S+ percentage points in any\n", out)
    assert err.startswith("error: the run ")
    assert "on the same machine with the same packages" in err


@pytest.mark.parametrize(
    ("name", "value", "code", "said"),
    [
        ("processor", "Another One", 0, "Only the machine differs"),
        ("python", "3.99.0", 0, "Only the machine differs"),
        ("instructions", "SSE4.2 alone", 0, "Only the machine differs"),
        ("tensorflow", "2.0.0", 1, "other packages made it (tensorflow)"),
        ("cores", "999", 1, "on the same machine with the same packages"),
    ],
)
def test_where_it_was_trained_may_account_for_other_numbers(
    study: Path, elsewhere: Path, trained: list[Task], name: str, value: str, code: int, said: str
) -> None:
    """Another machine does, which is no error; other packages do, which is one; cores do not."""
    stored(study, HERE | {name: value})
    words = ["run", "--experiment", "base", "--variant", "HeNormal", "--seed", "1"]
    assert typed(*words)[0] == 0  # equal numbers need no reason
    edited(elsewhere / "results" / "runs.sqlite", WORSE)
    ended, out, err = typed(*words)
    assert ended == code
    assert said in out + err
    if name != "cores":
        assert "  trained there on " in out
        assert value in out
        assert f"  trained here on {HERE['processor']}" in out


def test_what_is_published_is_compared_in_its_ten_digits(
    study: Path, elsewhere: Path, trained: list[Task]
) -> None:
    """Also where nothing is stored, and where the published study is not the one that is there."""
    runs = stored(study)
    assert typed("publish")[0] == 0
    (elsewhere / "results" / "runs.sqlite").unlink()
    for run in {run.id: run for run in runs}.values():
        code, out, err = typed("run", "--run", run.id)
        assert (code, err) == (0, "")
        assert "As published in results/published (" in out
        assert out.count("): equal in all ten digits\n") == 1
        assert "stored in results/runs.sqlite" not in out
    study.write_text(study.read_text().replace("seeds = 2", "seeds = [8, 9]"))
    words = ["run", "--experiment", "base", "--variant", "HeNormal", "--seed", "1"]
    code, _, err = typed(*words)
    assert (code, "there are 8, 9" in err) == (2, True)
    words = ["run", "--run", next(run.id for run in runs if run.seed == 1)]
    code, _, err = typed(*words)
    assert code == 2
    assert err.endswith("has it; the published study has one: --results published\n")


def test_a_run_that_nobody_knows_is_compared_with_nothing(
    study: Path, elsewhere: Path, trained: list[Task]
) -> None:
    """It is trained all the same, and no other store is made."""
    code, out, _ = typed("run", "--variant", "Zeros", "--seed", "1", "--experiment", "base")
    assert code == 0
    assert out.endswith(
        "Nothing to compare it with: neither results/runs.sqlite nor results/published has it.\n"
    )
    assert [path.name for path in (elsewhere / "results").iterdir()] == ["single"]


@pytest.mark.parametrize("words", [[], ["--run", "zz"], ["--variant", "HeNorml"], ["--at", "x"]])
def test_a_run_that_is_not_named_is_not_trained(
    study: Path, elsewhere: Path, trained: list[Task], words: list[str]
) -> None:
    """A message and exit code 2; nothing is made."""
    code, out, err = typed("run", *words)
    assert (code, out) == (2, "")
    assert err.startswith("error: ")
    assert trained == []
    assert not (elsewhere / "results").exists()


@pytest.mark.slow
@pytest.mark.timeout(900)  # TensorFlow starts twice
def test_a_real_run_repeats_itself(study: Path, elsewhere: Path) -> None:
    """Trained beside others and alone, its numbers are the same to the last bit."""
    assert typed("train", "--experiment", "deep")[0] == 0
    _, runs = tiny.planned(study)
    run = next(run for run in runs if run.variant == "Small" and run.seed == 3)
    words = ["run", "--experiment", "deep", "--variant", "Small", "--seed", "3", "--at"]
    words.append("depth=3 stddev=0.1")
    code, out, err = typed(*words)
    assert (code, err) == (0, "")
    assert f"The run {run.id[:12]} is in results/single/runs.sqlite." in out
    assert "equal bit for bit" in out
    edited(elsewhere / "results" / "runs.sqlite", WORSE)
    code, out, _ = typed(*words)
    assert code == 1
    assert "test accuracy: " in out
