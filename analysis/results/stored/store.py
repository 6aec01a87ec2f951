"""One SQLite file: what has been measured. Each run is one transaction; a build deletes nothing."""

import contextlib
import functools
import hashlib
import json
import math
import os
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import astuple, fields
from pathlib import Path
from stat import S_ISDIR, S_ISREG
from typing import Annotated

import pandas as pd
from filelock import FileLock, Timeout
from pydantic import Field

from analysis.errors import StoreError, whole
from analysis.errors.mistakes import checked, shown
from analysis.plan.result import Record, RunResult
from analysis.plan.run import Measurements, Run
from analysis.plan.work import Done
from analysis.results.stored import curves, environments, records, schema

Taken = list[tuple[str, Annotated[float, Field(ge=0)]]]
"""How measurements are written."""
Take = Callable[[pd.DataFrame, Sequence[Run], int], pd.DataFrame]
OF_RUNS = "WHERE run_id IN (SELECT value FROM json_each(?))"
"""Of all studies that a store has seen, the rows of the runs that are asked for."""


class Store:
    """The open results file. Use `open_store`; only the parent process of a build writes."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path = path
        self._connection = connection
        # Many runs say the same of what was measured, and of where they were trained.
        self._measurements = functools.cache(self._measured)
        self._is_here = functools.cache(lambda text: environments.is_here(self._environment(text)))

    def done(self, runs: Sequence[Run]) -> dict[str, Done]:
        """Return what is stored of these runs, by their identity. Raises StoreError."""
        columns = "run_id, epochs, diverged_epoch, measurements, environment, state"
        with schema.named_errors(self.path):
            query = f"SELECT {columns} FROM runs {OF_RUNS}"
            rows = self._connection.execute(query, _identities(runs)).fetchall()
        return {
            run: Done(
                epochs, diverged, self._measurements(measured),
                state is not None and self._is_here(where),
            )
            for run, epochs, diverged, measured, where, state in rows
        }  # fmt: skip

    def add(self, run: Run, result: RunResult) -> None:
        """Store a run whole, or the epochs that it went on for: after a crash all, or none of it.

        A run that was trained again from its beginning takes the place of what is stored of it.
        """
        digest = None
        if result.state is not None:
            end = result.start + len(result.epochs)
            whole.write(_checkpoint(self.path, run.id, end), result.state)
            digest = hashlib.sha256(result.state).hexdigest()
        with schema.named_errors(self.path), self._connection:
            if result.start:
                self._went_on(run, result, digest)
            else:
                self._began(run, result, digest)
            for table, rows in (
                ("epochs", result.epochs),
                ("steps", result.steps),
                ("layers", result.layers),
                ("histograms", result.histograms),
            ):
                marks = _marks(1 + len(fields(schema.MEASURED[table][0])))
                self._connection.executemany(
                    f"INSERT INTO {table} VALUES ({marks})",
                    [(run.id, *map(_cell, astuple(row))) for row in rows],
                )
        if result.start:
            _checkpoint(self.path, run.id, result.start).unlink(missing_ok=True)

    def _began(self, run: Run, result: RunResult, digest: str | None) -> None:
        for table in (*schema.MEASURED, "runs"):
            self._connection.execute(f"DELETE FROM {table} WHERE run_id = ?", (run.id,))
        row = (
            run.id, run.settings.canonical(), len(result.epochs), result.diverged_epoch,
            json.dumps(sorted(result.measurements)), digest, result.begin_s, result.compile_s,
            environments.text(result),
        )  # fmt: skip
        self._connection.execute(f"INSERT INTO runs VALUES ({_marks(len(row))})", row)

    def _went_on(self, run: Run, result: RunResult, digest: str | None) -> None:
        """Raise StoreError where the run has not just the epochs from which it went on."""
        query = "SELECT epochs, measurements, environment FROM runs WHERE run_id = ?"
        found = self._connection.execute(query, (run.id,)).fetchone()
        epochs, measured, where = found or (0, "[]", "{}")
        if epochs != result.start:
            raise StoreError(
                f"{self.path}: the run {run.id[:12]} has {epochs} epochs, and was trained on from "
                f"{result.start}: another build has written it; the same command trains it again"
            )
        both = self._measurements(measured) | result.measurements
        self._connection.execute(
            "UPDATE runs SET epochs = epochs + ?, diverged_epoch = ?, measurements = ?, state = ?, "
            "begin_s = begin_s + ?, compile_s = compile_s + ?, environment = ? WHERE run_id = ?",
            (
                len(result.epochs), result.diverged_epoch, json.dumps(sorted(both)), digest,
                result.begin_s, result.compile_s,
                environments.went_on(result, self._environment(where)), run.id,
            ),
        )  # fmt: skip

    def state(self, run: Run) -> bytes | None:
        """Return the checkpoint of a run's last epoch, or None where there is none that is whole.

        A run without one is trained from its beginning, so that a lost file costs nothing else.
        """
        with schema.named_errors(self.path):
            query = "SELECT epochs, state FROM runs WHERE run_id = ?"
            epochs, digest = self._connection.execute(query, (run.id,)).fetchone() or (0, None)
        try:
            state = _checkpoint(self.path, run.id, epochs).read_bytes()
        except OSError:
            return None
        return state if hashlib.sha256(state).hexdigest() == digest else None

    def records(self) -> tuple[Record, ...]:
        """Return what is told of all runs, of other studies too, as far as it can be read."""
        with schema.named_errors(self.path):
            rows = self._connection.execute(records.QUERY).fetchall()
        told: list[Record | None] = []
        for *row, measured, where in rows:
            with contextlib.suppress(StoreError):
                told.append(records.read(row, self._measurements(measured), self._is_here(where)))
        return tuple(record for record in told if record is not None)

    def sizes(self) -> dict[str, float]:
        """Return of all runs, by identity, which share of what is stored each takes, about."""
        found: dict[str, float] = {}
        with schema.named_errors(self.path):
            for query in schema.sizes():
                for run, size in self._connection.execute(query):
                    found[run] = found.get(run, 0) + size
        total = math.fsum(found.values())
        return {run: size / total for run, size in found.items()}

    def environments(self, runs: Sequence[Run]) -> list[dict[str, str]]:
        """Return the different environments that these runs were trained in, in a fixed order."""
        query = f"SELECT DISTINCT environment FROM runs {OF_RUNS} ORDER BY environment"
        with schema.named_errors(self.path):
            rows = self._connection.execute(query, _identities(runs)).fetchall()
        return [self._environment(text) for (text,) in rows]

    def _environment(self, text: str) -> dict[str, str]:
        """Return what a run says of where it was trained. Raises StoreError."""
        where = f"{self.path}: runs.environment"
        return checked(environments.Environment, self._json(text, where), where, error=StoreError)

    def _measured(self, text: str) -> Measurements:
        """Return what a run says of what was measured. Raises StoreError."""
        where = f"{self.path}: runs.measurements"
        return frozenset(checked(Taken, self._json(text, where), where, error=StoreError))

    def _json(self, text: str, where: str) -> object:
        try:
            return json.loads(text)
        except (ValueError, RecursionError) as error:
            raise StoreError(f"{where} = {shown(text)}: is no JSON: {error}") from None

    def curves(self, runs: Sequence[Run], points: int) -> pd.DataFrame:
        """Return the training loss of these runs at so many points an epoch; see `curves.drawn`.

        Raises StoreError where an epoch has not the losses of all its steps.
        """
        return self._of_steps(curves.drawn, runs, points)

    def first_steps(self, runs: Sequence[Run], count: int) -> pd.DataFrame:
        """Return the training loss of so many first steps; see `curves.first`. Raises likewise."""
        return self._of_steps(curves.first, runs, count)

    def _of_steps(self, take: Take, runs: Sequence[Run], number: int) -> pd.DataFrame:
        try:
            return take(self.frame("steps", runs), runs, number)
        except ValueError as error:
            raise StoreError(f"{self.path}: steps: {error}; no training leaves this") from None

    def frame(self, table: str, runs: Sequence[Run]) -> pd.DataFrame:
        """Return these runs' rows of a table of the schema, such as "runs" or "layers"."""
        query = f"SELECT * FROM {table} {OF_RUNS}"
        with schema.named_errors(self.path):
            columns = self._connection.execute(f"PRAGMA table_info({table})").fetchall()
            frame = pd.read_sql_query(query, self._connection, params=_identities(runs))
        # Of a column that holds nothing but NULL, or nothing at all, pandas would make objects.
        whole = {name for _, name, kind, *_ in columns if kind == "INTEGER"}
        whole -= {name for name in whole if frame[name].isna().any()}
        numbers = [name for _, name, kind, *_ in columns if kind in ("INTEGER", "REAL")]
        return frame.astype({name: "int64" if name in whole else "float64" for name in numbers})


def _checkpoint(store: Path, run_id: str, epochs: int) -> Path:
    """Return the file of a run's checkpoint after so many epochs, beside the store."""
    return store.parent / "states" / f"{run_id}-{epochs}.npz"


def _cell(value: object) -> object:
    return json.dumps(value) if isinstance(value, tuple) else value


def _identities(runs: Sequence[Run]) -> tuple[str]:
    return (json.dumps(sorted({run.id for run in runs})),)


def _marks(columns: int) -> str:
    return ", ".join("?" * columns)


@contextlib.contextmanager
def open_store(path: Path, *, to_read: bool = False) -> Iterator[Store]:
    """Open the results file, made anew where there is none; `to_read` it, no file is ever made.

    To who reads, one that is not there, or is empty, is a store without runs. One of an earlier
    schema is given the columns that came since, by whoever opens it first. Raises StoreError for
    a damaged or foreign file, which is left untouched, for one of another schema, and where no file
    could be.
    """
    with schema.named_errors(path):
        _check_folder(path)
        held = _size(path)
        if not to_read:
            path.parent.mkdir(parents=True, exist_ok=True)
            _check_folder(_checkpoint(path, "", 0))
        connection = sqlite3.connect(path if held or not to_read else ":memory:", timeout=60)
    with contextlib.closing(connection):
        with schema.named_errors(path):
            schema.prepare(path, connection)
        yield Store(path, connection)


@contextlib.contextmanager
def building(path: Path, patience: float = -1) -> Iterator[None]:
    """Hold the only place from which a store may be written; a second build waits, and says so.

    `patience` is in seconds, negative for as long as it takes, 0 for not to wait at all. Raises
    StoreError when it runs out. The operating system frees the place when a build is killed.
    """
    lock = FileLock(path.with_suffix(".lock"))
    with schema.named_errors(Path(lock.lock_file)):
        # Where none may write, the lock would wait for ever.
        _check_folder(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        _take(lock, path, patience)
    try:
        yield
    finally:
        lock.release()


def _take(lock: FileLock, path: Path, patience: float) -> None:
    os.close(os.open(lock.lock_file, os.O_RDWR | os.O_CREAT, 0o644))
    try:
        lock.acquire(timeout=0)
    except Timeout:
        if patience:
            print(f"Another build is using {path}; waiting for it to end.", flush=True)
        try:
            lock.acquire(timeout=patience)
        except Timeout:
            after = f" after {patience:g} s" if patience else ""
            raise StoreError(f"{path}: still in use by another build{after}") from None


def _check_folder(path: Path) -> None:
    """Raise StoreError where the folder of a file neither is there nor can be made."""
    nearest = next(each for each in path.absolute().parents if os.path.lexists(each))
    if not nearest.is_dir():
        raise StoreError(f"{path}: cannot be used: {nearest} is no folder")


def _size(path: Path) -> int:
    """Return the bytes of the results file, 0 where there is none. Raises StoreError for no file.

    And OSError where the system does not tell.
    """
    try:
        state = path.stat()
    except FileNotFoundError:
        return 0
    if not S_ISREG(state.st_mode):
        kind = "a folder" if S_ISDIR(state.st_mode) else "no regular file"
        raise StoreError(f"{path}: cannot be used: it is {kind}, where a file was expected")
    return state.st_size
