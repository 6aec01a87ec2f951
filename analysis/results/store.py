"""One SQLite file: what has been measured. Each run is one transaction; a build deletes nothing."""

import contextlib
import json
import os
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import astuple, fields
from pathlib import Path
from stat import S_ISDIR, S_ISREG
from typing import get_args, get_origin, get_type_hints

import pandas as pd
from filelock import FileLock, Timeout

from analysis.errors import StoreError, reading
from analysis.errors.mistakes import checked, shown
from analysis.plan.result import CurvePoint, EpochMetrics, Histogram, LayerStatistics, RunResult
from analysis.plan.run import Run

APPLICATION_ID = 0x77696E69
"""Marks the file as this project's ("wini")."""
SCHEMA_VERSION = 2

MEASURED: dict[str, tuple[type, tuple[str, ...]]] = {
    "epochs": (EpochMetrics, ("epoch",)),
    "curves": (CurvePoint, ("progress",)),
    "layers": (LayerStatistics, ("progress", "layer")),
    "histograms": (Histogram, ("progress", "layer", "quantity")),
}
"""Tables whose rows are a dataclass, with what makes a row unique within its run."""
SQL_TYPES = {int: "INTEGER", float: "REAL", str: "TEXT"}

RUNS = """
CREATE TABLE runs (
    run_id TEXT PRIMARY KEY,
    settings TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('finished', 'diverged')),
    diverged_epoch INTEGER,
    test_loss REAL,
    test_accuracy REAL,
    train_s REAL NOT NULL,
    compile_s REAL NOT NULL,
    environment TEXT NOT NULL
) STRICT;
"""


OF_RUNS = "WHERE run_id IN (SELECT value FROM json_each(?))"
"""Of all studies that a store has seen, the rows of the runs that are asked for."""


def schema() -> str:
    """Return the statements that make the tables of an empty store."""
    return RUNS + "".join(_table(name, *made_of) for name, made_of in MEASURED.items())


def _sql_type(kind: object) -> str:
    """Return the column type of a field: tuples are kept as JSON, an optional field by its type."""
    plain = [SQL_TYPES[each] for each in (kind, *get_args(kind)) if each in SQL_TYPES]
    return "TEXT" if get_origin(kind) is tuple else plain[0]


def _table(name: str, row: type, unique: tuple[str, ...]) -> str:
    columns = [
        f"{name} {_sql_type(kind)}" + (" NOT NULL" if name in unique else "")
        for name, kind in get_type_hints(row).items()
    ]
    key = ", ".join(("run_id", *unique))
    return (
        f"CREATE TABLE {name} (run_id TEXT NOT NULL REFERENCES runs, {', '.join(columns)}, "
        f"PRIMARY KEY ({key})) STRICT, WITHOUT ROWID;\n"
    )


class Store:
    """The open results file. Use `open_store`; only the parent process of a build writes."""

    def __init__(self, path: Path, connection: sqlite3.Connection) -> None:
        self.path = path
        self._connection = connection

    def known(self) -> frozenset[str]:
        """Return the identities of the runs that are stored."""
        with _named_errors(self.path):
            rows = self._connection.execute("SELECT run_id FROM runs").fetchall()
        return frozenset(row[0] for row in rows)

    def add(self, run: Run, result: RunResult) -> None:
        """Store one run whole: after a crash it is there in full or not at all."""
        row = (
            run.id, run.settings.canonical(), result.status, result.diverged_epoch,
            result.test_loss, result.test_accuracy, result.train_s, result.compile_s,
            json.dumps(dict(result.environment), sort_keys=True),
        )  # fmt: skip
        with _named_errors(self.path), self._connection:
            self._connection.execute(f"INSERT INTO runs VALUES ({_marks(9)})", row)
            for table, rows in (
                ("epochs", result.epochs),
                ("curves", result.curve),
                ("layers", result.layers),
                ("histograms", result.histograms),
            ):
                marks = _marks(1 + len(fields(MEASURED[table][0])))
                self._connection.executemany(
                    f"INSERT INTO {table} VALUES ({marks})",
                    [(run.id, *map(_cell, astuple(row))) for row in rows],
                )

    def environments(self, runs: Sequence[Run]) -> list[dict[str, str]]:
        """Return the different environments that these runs were trained in, in a fixed order."""
        query = f"SELECT DISTINCT environment FROM runs {OF_RUNS} ORDER BY environment"
        with _named_errors(self.path):
            rows = self._connection.execute(query, _identities(runs)).fetchall()
        return [self._environment(text) for (text,) in rows]

    def _environment(self, text: str) -> dict[str, str]:
        """Return what a run says of where it was trained. Raises StoreError."""
        where = f"{self.path}: runs.environment"
        try:
            about = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise StoreError(f"{where} = {shown(text)}: is no JSON: {error}") from None
        return checked(dict[str, str], about, where, error=StoreError)

    def frame(self, table: str, runs: Sequence[Run]) -> pd.DataFrame:
        """Return these runs' rows of a table of the schema, such as "runs" or "layers"."""
        query = f"SELECT * FROM {table} {OF_RUNS}"
        with _named_errors(self.path):
            columns = self._connection.execute(f"PRAGMA table_info({table})").fetchall()
            frame = pd.read_sql_query(query, self._connection, params=_identities(runs))
        # Of a column that holds nothing but NULL, or nothing at all, pandas would make objects.
        whole = {name for _, name, kind, *_ in columns if kind == "INTEGER"}
        whole -= {name for name in whole if frame[name].isna().any()}
        numbers = [name for _, name, kind, *_ in columns if kind != "TEXT"]
        return frame.astype({name: "int64" if name in whole else "float64" for name in numbers})


def _cell(value: object) -> object:
    return json.dumps(value) if isinstance(value, tuple) else value


def _identities(runs: Sequence[Run]) -> tuple[str]:
    return (json.dumps(sorted({run.id for run in runs})),)


def _marks(columns: int) -> str:
    return ", ".join("?" * columns)


@contextlib.contextmanager
def open_store(path: Path, *, to_read: bool = False) -> Iterator[Store]:
    """Open the results file, made anew where there is none; `to_read` it, nothing is ever made.

    To who reads, one that is not there, or is empty, is a store without runs. Raises StoreError for
    a damaged or foreign file, which is left untouched, for one of another schema, and where no file
    could be.
    """
    with _named_errors(path):
        _check_folder(path)
        held = _size(path)
        if not to_read:
            path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(path if held or not to_read else ":memory:", timeout=60)
    with contextlib.closing(connection):
        with _named_errors(path):
            _prepare(path, connection)
        yield Store(path, connection)


@contextlib.contextmanager
def building(path: Path, patience: float = -1) -> Iterator[None]:
    """Hold the only place from which a store may be written; a second build waits, and says so.

    `patience` is in seconds, negative for as long as it takes, 0 for not to wait at all. Raises
    StoreError when it runs out.
    The operating system frees the place when a build is killed.
    """
    lock = FileLock(path.with_suffix(".lock"))
    with _named_errors(path):
        _check_folder(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        _take(lock, path, patience)
    try:
        yield
    finally:
        lock.release()


def _take(lock: FileLock, path: Path, patience: float) -> None:
    try:
        lock.acquire(timeout=0)
    except Timeout:
        if patience:
            print(f"Another build is using {path}; waiting for it to end.", flush=True)
        try:
            lock.acquire(timeout=patience)
        except Timeout:
            raise StoreError(
                f"{path}: still in use by another build after {patience:g} s"
            ) from None


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


def _prepare(path: Path, connection: sqlite3.Connection) -> None:
    """Make the tables of an empty file, or check that a file is a whole store of this schema."""
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    (objects,) = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    if (application, version, objects) == (0, 0, 0):
        connection.executescript(
            f"BEGIN EXCLUSIVE; {schema()} PRAGMA application_id = {APPLICATION_ID};"
            f"PRAGMA user_version = {SCHEMA_VERSION}; COMMIT;"
        )
        return
    if application != APPLICATION_ID:
        raise StoreError(f"{path}: is an SQLite file of another program; {_anew(path)}")
    if version != SCHEMA_VERSION:
        raise StoreError(
            f"{path}: has schema version {version}, this project reads {SCHEMA_VERSION}; "
            f"{_anew(path)}"
        )
    with contextlib.closing(sqlite3.connect(":memory:")) as empty:
        empty.executescript(schema())
        for table in ("runs", *MEASURED):
            if other := _columns(empty, table) ^ _columns(connection, table):
                raise StoreError(
                    f"{path}: its table {table} has other columns than this project writes: "
                    f"{', '.join(sorted(other))} differ; {_anew(path)}"
                )
        strange = sorted(_objects(connection) - _objects(empty))
        if strange:
            raise StoreError(f"{path}: holds the {strange[0]}, which no build makes; {_anew(path)}")
    (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if verdict != "ok":
        raise StoreError(f"{path}: is damaged ({verdict}); {_anew(path)}")


def _objects(connection: sqlite3.Connection) -> set[str]:
    """Return kind and name of every table, view, index and trigger but those of SQLite itself."""
    found = connection.execute("SELECT type, name FROM sqlite_schema").fetchall()
    return {f"{kind} {name}" for kind, name in found if not name.startswith("sqlite_")}


def _columns(connection: sqlite3.Connection, table: str) -> set[str]:
    """Return name and type of each column of a table."""
    found = connection.execute(f"PRAGMA table_info({table})").fetchall()
    return {f"{name} {kind}" for _, name, kind, *_ in found}


def _anew(path: Path) -> str:
    return f"it was left untouched; to start anew, move it away: mv {path} {path}.old"


@contextlib.contextmanager
def _named_errors(path: Path) -> Iterator[None]:
    """Turn an error of SQLite or of the file system into a StoreError that names the file."""
    try:
        yield
    except OSError as error:
        raise StoreError(f"{path}: cannot be used: {reading.reason(error)}") from None
    except sqlite3.OperationalError as error:
        raise StoreError(f"{path}: cannot be used: {error}") from None
    except sqlite3.DatabaseError as error:
        raise StoreError(
            f"{path}: is damaged or not a results file ({error}); {_anew(path)}"
        ) from None
