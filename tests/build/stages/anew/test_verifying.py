"""A sample of the published runs is trained anew and agrees with them, or is named."""

import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from analysis.errors import StoreError
from analysis.plan import provenance, work
from analysis.plan.result import RunResult, StepLosses
from analysis.plan.run import Run
from analysis.results.ledger import verification
from analysis.results.published import manifest
from analysis.results.stored import store
from tests.build.door import training_by, typed
from tests.made.results import tiny
from tests.made.results.manifests import forge, rewrite

HERE = dict(provenance.training_environment())
OTHER = HERE | {"processor": "Another One"}


def measured(run: Run) -> RunResult:
    """Return what a run always leaves behind here."""
    return replace(tiny.measured(run), environment=tuple(HERE.items()))


@pytest.fixture
def trained(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[Run], RunResult]], None]:
    """Let runs be trained at once, and return what changes how."""
    how: list[Callable[[Run], RunResult]] = [measured]

    def train(tasks: Sequence[work.Task]) -> Iterator[RunResult]:
        yield from (how[0](task.run) for task in tasks)

    def change(to: Callable[[Run], RunResult]) -> None:
        how[0] = to

    training_by(monkeypatch, train)
    return change


@pytest.fixture
def published(elsewhere: Path, trained: object) -> Path:
    """Return a folder of published results of a tiny study, trained on another machine."""
    study = tiny.write_study(elsewhere, experiments=tiny.SWEEP).rename(elsewhere / "study.toml")
    _, runs = tiny.planned(study)
    with store.open_store(elsewhere / "results" / "runs.sqlite") as opened:
        for task in work.tasks(runs, {}):
            opened.add(task.run, replace(measured(task.run), environment=tuple(OTHER.items())))
    assert typed("publish")[0] == 0
    return elsewhere / "results" / "published"


def found(published: Path) -> verification.Verification:
    """Return what the last verification found."""
    about = manifest.read(published)
    assert about
    told = verification.read(published.with_name("verification.json"), about["sha256"])
    assert told
    return told


def altered(column: str, by: float) -> Callable[[list[str]], list[str]]:
    """Return what adds to a number of the first row of base that has it."""

    def change(lines: list[str]) -> list[str]:
        place = lines[0].rstrip("\n").split(",").index(column)
        for number, line in enumerate(lines[1:], start=1):
            cells = line.rstrip("\n").split(",")
            if cells[place]:
                cells[place] = f"{float(cells[place]) + by:.10g}"
                return [*lines[:number], ",".join(cells) + "\n", *lines[number + 1 :]]
        raise AssertionError(column)

    return change


def test_what_is_published_is_what_the_code_gives(published: Path) -> None:
    """All runs agree in every digit, the store stays as it was, and the record is whole."""
    before = (published.parent / "runs.sqlite").read_bytes()
    code, out, err = typed("verify", "--full")
    assert (code, err) == (0, "")
    assert out.endswith("results/verification.json tells of it.\n")
    told = found(published)
    assert told["consistent"]
    assert {run["tier"] for run in told["runs"]} == {"bits"}
    assert len(told["runs"]) == told["published"] == 28
    assert told["claims"] == {}
    assert told["environment"]["instructions"]
    assert (published.parent / "runs.sqlite").read_bytes() == before


def test_a_sample_has_every_experiment_and_variant(published: Path) -> None:
    """However short the time; the same seed draws the same again."""
    words = ["verify", "--minutes", "0.001", "--seed", "3"]
    assert typed(*words)[0] == 0
    first = found(published)["runs"]
    assert {(run["experiment"], run["variant"]) for run in first} == {
        ("base", "Zeros"), ("base", "HeNormal"), ("deep", "Small"), ("deep", "He, zero output"),
        ("start", "Zeros"), ("start", "HeNormal"),
    }  # fmt: skip
    assert len(first) == 6
    assert typed(*words)[0] == 0
    assert found(published)["runs"] == first


@pytest.mark.parametrize(
    ("table", "column", "by"),
    [
        ("runs", "test_accuracy", -0.01),
        ("epochs", "test_accuracy", 0.01),
        ("epochs", "val_loss", 0.01),
        ("layers", "kernel_sd", 0.1),
        ("first_steps", "loss", 0.01),
    ],
)
def test_an_altered_number_is_found(published: Path, table: str, column: str, by: float) -> None:
    """With all digests made right again, by what else is known of the network; its run is named."""
    rewrite(published, table, altered(column, by))
    code, out, err = typed("verify", "--full")
    assert code == 1
    told = found(published)
    (wrong,) = [run for run in told["runs"] if run["tier"] == "inconsistent"]
    assert not told["consistent"]
    assert f"the run {wrong['run_id'][:12]} ({wrong['experiment']}, {wrong['variant']}, " in err
    assert "Consistent" not in out


def test_a_damaged_row_is_named_before_anything_is_trained(
    published: Path, trained: Callable[[Callable[[Run], RunResult]], None]
) -> None:
    """Exit code 2 with the file; no record is written."""
    path = published / "epochs.csv"
    path.write_bytes(path.read_bytes().replace(b"1", b"2", 1))

    def never(_: Run) -> RunResult:
        raise AssertionError("trained")

    trained(never)
    code, _, err = typed("verify")
    assert code == 2
    assert "epochs.csv: is damaged or has been edited" in err
    assert not published.with_name("verification.json").exists()


def shaken(run: Run, by: float) -> RunResult:
    """Return what a run leaves behind where every number is rounded otherwise."""
    result = measured(run)
    steps = tuple(
        StepLosses(
            each.epoch, (np.frombuffer(each.losses, "<f4") * (1 + by)).astype("<f4").tobytes()
        )
        for each in result.steps
    )
    epochs = tuple(
        replace(each, loss=each.loss * (1 + by), val_loss=each.val_loss * (1 + by))
        for each in result.epochs
    )
    return replace(result, steps=steps, epochs=epochs)


def test_rounding_is_tolerated_on_another_machine_alone(
    published: Path, trained: Callable[[Callable[[Run], RunResult]], None]
) -> None:
    """Exit code 0 there; on the very machine, with the same packages, every bit counts."""
    trained(lambda run: shaken(run, 1e-6))
    assert typed("verify", "--full")[0] == 0
    assert {run["tier"] for run in found(published)["runs"]} == {"bits", "tolerance"}
    forge(published / "manifest.json", lambda about: about["trained_with"].update(HERE))
    code, _, err = typed("verify", "--full")
    assert code == 1
    assert "on the same machine with the same packages" in err


def test_another_beginning_is_another_run(
    published: Path, trained: Callable[[Callable[[Run], RunResult]], None]
) -> None:
    """A loss before any step that differs by a percent is no rounding."""
    trained(lambda run: shaken(run, 1e-2))
    code, _, err = typed("verify", "--experiment", "base", "--full")
    assert code == 1
    assert "its beginning differs by more than rounding does" in err


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--minutes", "0"], "--minutes 0: must be"),
        (["--full", "--minutes", "1"], "--full with --minutes"),
        (["--run", "zz"], "no published run has an identity that begins so"),
        (["--experiment", "bass"], "no such experiment (did you mean 'base'?)"),
    ],
)
def test_what_cannot_be_verified_is_refused(published: Path, words: list[str], said: str) -> None:
    """Exit code 2, with what would be right."""
    code, _, err = typed("verify", *words)
    assert code == 2
    assert said in err


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda text: text[:-40], "is damaged"),
        (lambda text: text.replace('"bits"', '"spread"', 1), "has been edited"),
        (lambda text: text.replace('"schema": 1', '"schema": 7'), "has schema 7"),
    ],
)
def test_a_record_that_was_touched_is_refused(
    published: Path, spoil: Callable[[str], str], said: str
) -> None:
    """And one of other published results is none."""
    assert typed("verify")[0] == 0
    path = published.with_name("verification.json")
    assert verification.read(path, "0" * 64) is None
    path.write_text(spoil(path.read_text("utf-8")), "utf-8")
    with pytest.raises(StoreError, match=said):
        found(published)
    assert json.loads((published / "manifest.json").read_text("utf-8"))["schema"] == 4


@pytest.mark.slow
def test_another_seed_of_a_kernel_is_found(
    published: Path,
    trained: Callable[[Callable[[Run], RunResult]], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Real networks agree with themselves; with another draw of one layer they do not."""
    from analysis.training import trainer
    from analysis.training.network import draws

    (published.parent / "runs.sqlite").unlink()
    trained(trainer.train)
    for words in (["train", "--train", "all"], ["publish"], ["verify", "--full"]):
        assert typed(*words)[0] == 0
    assert {run["tier"] for run in found(published)["runs"]} == {"bits"}
    seed = draws.layer_seed

    def other(of: int, layer: int, *stream: int) -> Any:
        return seed(of + (layer == 2), layer, *stream)

    monkeypatch.setattr(draws, "layer_seed", other)
    forge(published / "manifest.json", lambda about: about["trained_with"].update(OTHER))
    code, _, err = typed("verify", "--experiment", "base", "--full")
    assert code == 1
    wrong = [run for run in found(published)["runs"] if run["tier"] == "inconsistent"]
    assert {run["variant"] for run in wrong} == {"HeNormal"}
    assert "its beginning differs by more than rounding does" in err
