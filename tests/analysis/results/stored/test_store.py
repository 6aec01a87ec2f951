"""The results file: what goes in comes out bit for bit; nothing is lost, doubled or half there."""

import contextlib
import errno
import json
import math
import multiprocessing
import os
import signal
import sqlite3
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path

import pandas as pd
import pytest

from analysis.errors import StoreError
from analysis.plan.run import Run
from analysis.results.stored import schema, store
from tests.made.results import tiny


@pytest.mark.parametrize("table", ["epochs", "steps", "layers", "histograms"])
def test_what_goes_in_comes_out_bit_for_bit(
    path: Path, planned: tuple[Run, ...], table: str
) -> None:
    """Every number of every row is the same after the file was closed and opened again."""
    tiny.store_results(path, planned)
    with store.open_store(path) as opened:
        rows = opened.frame(table, planned).to_dict("records")
    wanted = {}
    for run in planned:
        for row in getattr(tiny.measured(run), table):
            fields = asdict(row)
            keys = tuple(fields[name] for name in schema.MEASURED[table][1])
            wanted[run.id, *keys] = fields
    assert len(rows) == len(wanted) > 0
    for found in rows:
        keys = tuple(found[name] for name in schema.MEASURED[table][1])
        for name, value in wanted[found.pop("run_id"), *keys].items():
            if isinstance(value, float):
                assert found[name].hex() == value.hex()
            elif value is None:
                assert math.isnan(found[name])
            else:
                assert found[name] == (json.dumps(value) if isinstance(value, tuple) else value)


def test_the_end_of_a_run_comes_out_bit_for_bit(path: Path, planned: tuple[Run, ...]) -> None:
    """So do its times, its settings, what was measured and its environment."""
    tiny.store_results(path, planned)
    with store.open_store(path) as opened:
        rows = {row["run_id"]: row for row in opened.frame("runs", planned).to_dict("records")}
    for run in planned:
        row, result = rows[run.id], tiny.measured(run)
        for name in ("begin_s", "compile_s"):
            assert row[name].hex() == getattr(result, name).hex()
        assert row["epochs"] == len(result.epochs)
        assert {tuple(each) for each in json.loads(row["measurements"])} == result.measurements
        assert row["settings"] == run.settings.canonical()
        assert json.loads(row["environment"]) == dict(result.environment)


def test_columns_keep_their_types_without_values(path: Path, planned: tuple[Run, ...]) -> None:
    """Whole numbers stay whole, what is missing is NaN in a float, in empty tables as in full."""
    for runs in ((), planned[:1]):
        tiny.store_results(path, runs)
        with store.open_store(path) as opened:
            layers, epochs = opened.frame("layers", runs), opened.frame("epochs", runs)
        assert {str(layers[name].dtype) for name in ("layer", "fan_in")} == {"int64"}
        assert str(epochs["epoch"].dtype) == "int64"
        assert str(layers["kernel_sd"].dtype) == "float64"
        assert str(layers["kernel_rank"].dtype) == ("float64" if runs else "int64")


def test_a_run_that_is_trained_again_takes_its_own_place(
    path: Path, planned: tuple[Run, ...]
) -> None:
    """Nothing of it is there twice, and nothing else is touched."""
    tiny.store_results(path, planned[:2])
    with store.open_store(path) as opened:
        opened.add(planned[0], tiny.measured(planned[0], diverged=True))
        assert opened.done(planned)[planned[0].id].diverged_epoch == planned[0].asked.epochs
        assert opened.done(planned)[planned[1].id].diverged_epoch is None
        for table in ("epochs", "layers"):
            rows = opened.frame(table, planned[:2])
            assert rows["run_id"].value_counts().nunique() == 1


def test_environments_are_those_of_the_runs_asked_for(path: Path, planned: tuple[Run, ...]) -> None:
    """Runs that were trained alike name one environment, in a fixed order."""
    tiny.store_results(path, planned[:2])
    with store.open_store(path) as opened:
        assert opened.environments(planned) == [{"cores": "2", "day": tiny.DAY, "keras": "3"}]
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


def altered(statement: str) -> Callable[[Path], None]:
    """Return what runs a statement on the file, as another version of the project might."""

    def spoil(path: Path) -> None:
        with contextlib.closing(sqlite3.connect(path)) as connection:
            connection.execute(statement)

    return spoil


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (truncated, "is damaged"),
        (torn, "is damaged or not a results file"),
        (garbage, "is damaged or not a results file"),
        (overwritten, "is damaged"),
        (foreign, "is an SQLite file of another program"),
        (altered("PRAGMA user_version = 99"), "has schema version 99, this project reads 4"),
        (
            altered("ALTER TABLE layers ADD COLUMN bias_sd REAL"),
            "its table layers has other columns than this project writes: bias_sd",
        ),
        (
            altered("ALTER TABLE epochs DROP COLUMN val_loss"),
            "its table epochs has other columns than this project writes: val_loss",
        ),
    ],
)
def test_a_spoilt_file_is_named_and_left_as_it_is(
    path: Path, planned: tuple[Run, ...], spoil: Callable[[Path], None], said: str
) -> None:
    """The message names the file and the command that starts anew; not a byte is written."""
    tiny.store_results(path, planned)
    spoil(path)
    before = path.read_bytes()
    with pytest.raises(StoreError) as caught, store.open_store(path):
        pytest.fail("a spoilt file was opened")
    assert str(caught.value).startswith(f"{path}: {said}")
    assert f"to start anew, move it away: mv {path} {path}.old" in str(caught.value)
    assert caught.value.exit_code == 2
    assert path.read_bytes() == before
    assert [each.name for each in path.parent.iterdir()] == [path.name]


@pytest.mark.parametrize("to_read", [False, True])
def test_a_store_of_before_the_correlation_goes_on(
    path: Path, planned: tuple[Run, ...], to_read: bool
) -> None:
    """It is given the column that it lacks: nothing it holds changes, and new runs are added."""
    tiny.store_results(path, planned[:2])
    with store.open_store(path) as opened:
        before = opened.frame("layers", planned)
    altered("ALTER TABLE layers DROP COLUMN sum_correlation")(path)
    altered("PRAGMA user_version = 3")(path)
    with store.open_store(path, to_read=to_read) as opened:
        pd.testing.assert_frame_equal(opened.frame("layers", planned), before)
        assert opened.done(planned).keys() == {run.id for run in planned[:2]}
    tiny.store_results(path, planned[:3])
    with store.open_store(path) as opened:
        assert len(opened.done(planned)) == 3


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
    tiny.store_results(path, planned[:1])
    with store.open_store(path) as opened:
        assert opened.done(planned).keys() == {planned[0].id}


class Fatal(float):
    """A number in whose place the process is killed as soon as it is to be stored."""

    def __conform__(self, protocol: object) -> float:
        """End this process, as SQLite asks for the value."""
        os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError("still alive")


def _die_while_adding(path: Path, run: Run, table: str) -> None:
    """Store a run up to its last row in one table, and be killed there."""
    result = tiny.measured(run)
    name, rows = {
        "epochs": ("val_accuracy", result.epochs),
        "layers": ("bias_max_abs", result.layers),
        "histograms": ("high", result.histograms),
    }[table]
    object.__setattr__(rows[-1], name, Fatal(0.5))
    with store.open_store(path) as opened:
        opened.add(run, result)


@pytest.mark.parametrize("table", ["epochs", "layers", "histograms"])
def test_a_kill_in_the_middle_of_a_run_leaves_none_of_it(
    path: Path, planned: tuple[Run, ...], table: str
) -> None:
    """Of a run whose last row was not written nothing is there; the run can be stored again."""
    first, second = [run for run in planned if run.experiment == "deep"][:2]
    tiny.store_results(path, [first])
    process = multiprocessing.get_context("spawn").Process(
        target=_die_while_adding, args=(path, second, table)
    )
    process.start()
    process.join(100)
    assert process.exitcode == -signal.SIGKILL
    with store.open_store(path) as opened:
        assert opened.done(planned).keys() == {first.id}
        for name in schema.MEASURED:
            assert set(opened.frame(name, planned)["run_id"]) == {first.id}
        opened.add(second, tiny.measured(second))
        assert len(opened.frame("epochs", planned)) == 4


@pytest.mark.parametrize("taken", ["runs.lock", "states"])
def test_what_stands_in_the_way_of_a_training_is_named(tmp_path: Path, taken: str) -> None:
    """Before anything is trained: a folder for the lock, and a file for the checkpoints' folder."""
    path = tmp_path / "runs.sqlite"
    if taken == "states":
        (tmp_path / taken).write_text("mine")
    else:
        (tmp_path / taken).mkdir()
    words = f"{taken}( is no folder|: cannot be used: it is a)"
    with (
        pytest.raises(StoreError, match=words),
        store.building(path),
        store.open_store(path),
    ):
        pass
    assert not path.exists()


def test_where_none_may_write_nobody_waits(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A lock that cannot be made is no sign of another build."""
    monkeypatch.setattr(os, "open", refused)
    words = r"runs\.lock: cannot be used: it may not be read"
    with pytest.raises(StoreError, match=words), store.building(tmp_path / "runs.sqlite"):
        pass


def refused(*_: object) -> int:
    """Refuse to open a file, as of a folder that is only read."""
    raise PermissionError(errno.EACCES, "Permission denied")
