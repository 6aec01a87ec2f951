"""The results file: what goes in comes out bit for bit; nothing is lost, doubled or half there."""

import math
import multiprocessing
import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from analysis import plan, store
from analysis import study as studies
from analysis.dataset import Description
from analysis.errors import StoreError
from analysis.plan import Run
from analysis.runresult import EpochMetrics, LayerStatistics, RunResult
from analysis.study import Study

ROOT = Path(__file__).parent.parent.parent
DATA = Description("mnist", "00ff", 60000, 10000, 784, 10)


@pytest.fixture
def study() -> Study:
    """Return a study of two seeds and two epochs."""
    return studies.load("quick")


@pytest.fixture
def planned(study: Study) -> tuple[Run, ...]:
    """Return the eight runs of the study."""
    return plan.runs(study, DATA)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """Return the path of a results file that does not exist yet, and neither does its folder."""
    return tmp_path / "results" / "runs.sqlite"


def measured(run: Run, diverged: bool = False) -> RunResult:
    """Return a result with values that no decimal notation short of 17 digits would keep."""
    draw = np.random.default_rng(int(run.id[:8], 16))
    number = draw.random
    epochs = [EpochMetrics(n, number(), number() / 3, number(), 1 / 3) for n in (1, 2)]
    if diverged:
        epochs[1] = EpochMetrics(2, math.nan, 0.1, math.inf, 0.1)
    layers = tuple(
        LayerStatistics(moment, layer, 784, 128, -number() * 1e-300, number(), 5e-324, 0.0)
        for moment in ("final", "initial")
        for layer in (2, 1)
    )
    test = (math.nan, math.nan) if diverged else (number(), number())
    environment = (("keras", "3"), ("cores", "2"))
    return RunResult(
        run.id, 2 if diverged else None, tuple(epochs), layers, *test, number(), 0.0, environment
    )


def filled(path: Path, runs: tuple[Run, ...], diverged: frozenset[int] = frozenset()) -> None:
    """Store a result for each run; those at the places in `diverged` diverge."""
    with store.open_store(path) as opened:
        for place, run in enumerate(runs):
            opened.add(run, measured(run, place in diverged))


def results(path: Path, study: Study, runs: tuple[Run, ...]) -> store.Results:
    """Return what the file holds of a study."""
    with store.open_store(path) as opened:
        return store.read(opened, study, runs, {"a": 1})


def test_what_goes_in_comes_out_bit_for_bit(
    path: Path, study: Study, planned: tuple[Run, ...]
) -> None:
    """Every number of every run is the same float after the file was closed and opened again."""
    filled(path, planned)
    found = results(path, study, planned)
    by_id = {run.id: measured(run) for run in planned}
    for row in found.runs.to_dict("records"):
        result = by_id[row["run_id"]]
        assert row["test_loss"].hex() == result.test_loss.hex()
        assert row["test_accuracy"].hex() == result.test_accuracy.hex()
        assert row["train_s"].hex() == result.train_s.hex()
        last = result.epochs[-1]
        assert (row["train_loss"], row["val_accuracy"]) == (last.loss, last.val_accuracy)
        assert (row["status"], row["epochs"]) == ("finished", 2)
        assert pd.isna(row["diverged_epoch"])
    for row in found.epochs.to_dict("records"):
        epoch = by_id[row["run_id"]].epochs[row["epoch"] - 1]
        assert row["loss"].hex() == epoch.loss.hex()
        assert row["val_loss"].hex() == epoch.val_loss.hex()
    for row in found.layers.to_dict("records"):
        wanted = [
            each
            for each in by_id[row["run_id"]].layers
            if (each.moment, each.layer) == (row["moment"], row["layer"])
        ]
        assert row["kernel_mean"].hex() == wanted[0].kernel_mean.hex()
        assert row["kernel_max_abs"].hex() == (5e-324).hex()
        assert row["bias_max_abs"].hex() == (0.0).hex()


def test_rows_are_labelled_and_sorted(path: Path, study: Study, planned: tuple[Run, ...]) -> None:
    """Whatever the order of training, rows come by variant as in the study, seed, and moment."""
    filled(path, planned[::-1])
    found = results(path, study, planned)
    names = [variant.name for variant in study.variants]
    keys = [(name, seed) for name in names for seed in (0, 1)]
    assert list(zip(found.runs["variant"], found.runs["seed"], strict=True)) == keys
    assert list(found.runs["variant"].cat.categories) == names
    assert found.epochs["epoch"].tolist() == [1, 2] * 8
    parts = list(zip(found.layers["moment"], found.layers["layer"], strict=True))
    assert parts == [("initial", 1), ("initial", 2), ("final", 1), ("final", 2)] * 8
    assert set(found.runs["experiment"]) == {"base"}
    assert found.provenance == {"a": 1}


@pytest.mark.parametrize("diverged", [{1}, set(range(8))], ids=["one", "all"])
def test_a_diverged_run_is_kept_as_such(
    path: Path, study: Study, planned: tuple[Run, ...], diverged: set[int]
) -> None:
    """Its epoch is recorded, and what it has no value for is NaN in a column of floats."""
    filled(path, planned, frozenset(diverged))
    found = results(path, study, planned)
    for frame in (found.runs, found.epochs, found.layers):
        numbers = frame.select_dtypes(exclude=["object", "string", "category"])
        assert {"float64", "int64", "Int64"} >= {str(dtype) for dtype in numbers.dtypes}
        texts = {"experiment", "variant", "run_id", "status", "moment"}
        assert set(frame.columns) - set(numbers.columns) <= texts
    rows = {row["run_id"]: row for row in found.runs.to_dict("records")}
    for place, run in enumerate(planned):
        row = rows[run.id]
        if place in diverged:
            assert (row["status"], row["diverged_epoch"]) == ("diverged", 2)
            assert math.isnan(row["test_loss"])
            assert math.isnan(row["train_loss"])
            assert row["val_loss"] == math.inf
        else:
            assert row["status"] == "finished"


def test_runs_of_other_studies_stay_out(path: Path, planned: tuple[Run, ...]) -> None:
    """Going back to earlier hyperparameters finds their runs, and only theirs."""
    other = studies.load("quick", ["training.batch_size=32"])
    others = plan.runs(other, DATA)
    filled(path, (*planned, *others))
    assert set(results(path, other, others).runs["run_id"]) == {run.id for run in others}


def test_two_names_of_one_run_share_its_rows(path: Path) -> None:
    """A run that two variants name is stored once and stands under both names."""
    same = '[{name="A", initializer="HeNormal"}, {name="B", initializer="HeNormal"}]'
    study = studies.load("quick", [f"variants={same}"])
    planned = plan.runs(study, DATA)
    filled(path, plan.pending(planned, ()))
    found = results(path, study, planned)
    assert found.runs["variant"].tolist() == ["A", "A", "B", "B"]
    assert found.runs["seed"].tolist() == [0, 1, 0, 1]
    assert len(found.epochs) == 8


def test_missing_runs_are_counted(path: Path, study: Study, planned: tuple[Run, ...]) -> None:
    """Reading before all is trained says how much is missing and what trains it."""
    filled(path, planned[:5])
    with pytest.raises(StoreError, match=r"3 of 8 runs .* have not been trained.*make report") as e:
        results(path, study, planned)
    assert e.value.exit_code == 2


def test_a_run_is_stored_once(path: Path, planned: tuple[Run, ...]) -> None:
    """A second result of a run is refused, and the first stays."""
    filled(path, planned[:1])
    with store.open_store(path) as opened:
        before = opened.frame("epochs")
        with pytest.raises(StoreError):
            opened.add(planned[0], measured(planned[0], diverged=True))
        pd.testing.assert_frame_equal(opened.frame("epochs"), before)
        assert opened.known() == {planned[0].id}


def test_environments_are_those_of_the_runs_asked_for(path: Path, planned: tuple[Run, ...]) -> None:
    """Runs that were trained alike name one environment, in a fixed order."""
    filled(path, planned[:2])
    with store.open_store(path) as opened:
        assert opened.environments(planned) == [{"cores": "2", "keras": "3"}]
        assert opened.environments(planned[2:]) == []


def truncated(path: Path) -> None:
    """Cut a page and a half off the file."""
    os.truncate(path, path.stat().st_size - 6000)


def torn(path: Path) -> None:
    """Leave half of the header."""
    os.truncate(path, 50)


def garbage(path: Path) -> None:
    """Replace the file by bytes of no meaning."""
    path.write_bytes(b"these are not results " * 100)


def overwritten(path: Path) -> None:
    """Overwrite the second page of the file."""
    with path.open("r+b") as stream:
        stream.seek(4096)
        stream.write(b"\xff" * 4096)


def foreign(path: Path) -> None:
    """Replace the file by another program's SQLite file."""
    path.unlink()
    connection = sqlite3.connect(path)
    connection.executescript("CREATE TABLE notes (text); INSERT INTO notes VALUES ('mine');")
    connection.close()


def newer(path: Path) -> None:
    """Give the file the schema version of a later project."""
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA user_version = 99")
    connection.close()


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (truncated, "is damaged"),
        (torn, "is damaged or not a results file"),
        (garbage, "is damaged or not a results file"),
        (overwritten, "is damaged"),
        (foreign, "is an SQLite file of another program"),
        (newer, "has schema version 99, this project reads 1"),
    ],
)
def test_a_spoilt_file_is_named_and_left_as_it_is(
    path: Path, planned: tuple[Run, ...], spoil: Callable[[Path], None], said: str
) -> None:
    """The message names the file and the command that starts anew; not a byte is written."""
    filled(path, planned)
    spoil(path)
    before = path.read_bytes()
    with pytest.raises(StoreError) as caught, store.open_store(path):
        pytest.fail("a spoilt file was opened")
    assert str(caught.value).startswith(f"{path}: {said}")
    assert f"to start anew, move it away: mv {path} {path}.old" in str(caught.value)
    assert caught.value.exit_code == 2
    assert path.read_bytes() == before
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_a_path_that_cannot_hold_a_file_is_named(tmp_path: Path) -> None:
    """A folder in the place of the file, and a file in the place of its folder, are refused."""
    (tmp_path / "runs.sqlite").mkdir()
    (tmp_path / "file").touch()
    for path in (tmp_path / "runs.sqlite", tmp_path / "file" / "runs.sqlite"):
        with pytest.raises(StoreError, match="cannot be used"), store.open_store(path):
            pytest.fail("opened")
    with pytest.raises(StoreError, match="cannot be used"), store.building(path):
        pytest.fail("entered")


def test_an_empty_file_becomes_a_store(path: Path, planned: tuple[Run, ...]) -> None:
    """A build that was killed before it made the tables leaves nothing in the way."""
    path.parent.mkdir()
    path.touch()
    filled(path, planned[:1])
    with store.open_store(path) as opened:
        assert opened.known() == {planned[0].id}


class Fatal(float):
    """A number in whose place the process is killed as soon as it is to be stored."""

    def __conform__(self, protocol: object) -> float:
        """End this process, as SQLite asks for the value."""
        os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError("still alive")


def _die_while_adding(path: Path, run: Run, table: str) -> None:
    """Store a run up to its last row in one table, and be killed there."""
    result = measured(run)
    last_epoch, last_layer = result.epochs[-1], result.layers[-1]
    object.__setattr__(last_epoch if table == "epochs" else last_layer, *_fatal(table))
    with store.open_store(path) as opened:
        opened.add(run, result)


def _fatal(table: str) -> tuple[str, float]:
    return ("val_accuracy" if table == "epochs" else "bias_max_abs", Fatal(0.5))


@pytest.mark.parametrize("table", ["epochs", "layers"])
def test_a_kill_in_the_middle_of_a_run_leaves_none_of_it(
    path: Path, planned: tuple[Run, ...], table: str
) -> None:
    """Of a run whose last row was not written nothing is there; the run can be stored again."""
    filled(path, planned[:1])
    process = multiprocessing.get_context("spawn").Process(
        target=_die_while_adding, args=(path, planned[1], table)
    )
    process.start()
    process.join(30)
    assert process.exitcode == -signal.SIGKILL
    with store.open_store(path) as opened:
        assert opened.known() == {planned[0].id}
        assert set(opened.frame("epochs")["run_id"]) == {planned[0].id}
        assert set(opened.frame("layers")["run_id"]) == {planned[0].id}
        opened.add(planned[1], measured(planned[1]))
        assert len(opened.frame("epochs")) == 4


HOLD = """
import sys, time
from pathlib import Path
from analysis import store
with store.building(Path(sys.argv[1])):
    print("building", flush=True)
    sys.stdin.readline()
"""


def holder(path: Path) -> subprocess.Popen[str]:
    """Start another process that is building, and end when a line is sent to it."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stdout.readline() == "building\n"
    return process


def test_a_second_build_loses_patience_and_says_so(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It says what it waits for, and ends with a message when patience runs out."""
    with holder(path) as first:
        said = r"still in use by another build after 0\.1 s"
        with (
            pytest.raises(StoreError, match=said) as caught,
            store.building(path, patience=0.1),
        ):
            pytest.fail("two builds at once")
        assert caught.value.exit_code == 2
        assert f"Another build is using {path}; waiting" in capsys.readouterr().out
        first.communicate("\n")
    with store.building(path, patience=0):
        assert capsys.readouterr().out == ""


def test_a_second_build_waits_for_the_first(path: Path) -> None:
    """It goes on when the first has ended, and not before."""
    with holder(path) as first, subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT,
    ) as second:  # fmt: skip
        assert second.stdout is not None
        assert "waiting for it to end" in second.stdout.readline()
        ended = time.monotonic()
        first.communicate("\n")
        assert second.stdout.readline() == "building\n"
        assert time.monotonic() - ended < 5
        second.communicate("\n")


def test_a_killed_build_frees_its_place(path: Path) -> None:
    """No lock outlives the process that took it."""
    with holder(path) as first:
        first.kill()
        first.communicate()
    with store.building(path, patience=0):
        pass
