"""The tables of a store, made of the fields of what was measured, and the check of a file."""

import contextlib
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import get_args, get_origin, get_type_hints

from analysis.errors import StoreError, reading
from analysis.plan.result import EpochMetrics, Histogram, LayerStatistics, StepLosses

APPLICATION_ID = 0x77696E69
"""Marks the file as this project's ("wini")."""
SCHEMA_VERSION = 4
ADDED = {3: "ALTER TABLE layers ADD COLUMN sum_correlation REAL"}
"""What makes a store of an earlier version one of the next: a column, empty in what is there."""

MEASURED: dict[str, tuple[type, tuple[str, ...]]] = {
    "epochs": (EpochMetrics, ("epoch",)),
    "steps": (StepLosses, ("epoch",)),
    "layers": (LayerStatistics, ("progress", "layer")),
    "histograms": (Histogram, ("progress", "layer", "quantity")),
}
"""Tables whose rows are a dataclass, with what makes a row unique within its run."""
TABLES = ("runs", *MEASURED)
NUMBER_BYTES = 8
"""Of an integer or a floating-point number, which may take less."""
SQL_TYPES = {int: "INTEGER", float: "REAL", str: "TEXT", bytes: "BLOB"}

RUNS = """
CREATE TABLE runs (
    run_id TEXT PRIMARY KEY,
    settings TEXT NOT NULL,
    epochs INTEGER NOT NULL,
    diverged_epoch INTEGER,
    measurements TEXT NOT NULL,
    state TEXT,
    begin_s REAL NOT NULL,
    compile_s REAL NOT NULL,
    environment TEXT NOT NULL
) STRICT;
"""


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


def prepare(path: Path, connection: sqlite3.Connection) -> None:
    """Make the tables of an empty file, or check that a file is a whole store of this schema.

    One of an earlier version that lacks no more than columns is given them.
    """
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
        raise StoreError(f"{path}: is an SQLite file of another program; {anew(path)}")
    while version in ADDED:
        version = _grown(connection, version)
    if version != SCHEMA_VERSION:
        raise StoreError(
            f"{path}: has schema version {version}, this project reads {SCHEMA_VERSION}; "
            f"{anew(path)}"
        )
    with _empty() as empty:
        for table in TABLES:
            wanted, found = (set(_columns(each, table)) for each in (empty, connection))
            if other := wanted ^ found:
                raise StoreError(
                    f"{path}: its table {table} has other columns than this project writes: "
                    f"{', '.join(' '.join(each) for each in sorted(other))} differ; {anew(path)}"
                )
        if strange := sorted(_objects(connection) - _objects(empty)):
            raise StoreError(f"{path}: holds the {strange[0]}, which no build makes; {anew(path)}")
    (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if verdict != "ok":
        raise StoreError(f"{path}: is damaged ({verdict}); {anew(path)}")


def _grown(connection: sqlite3.Connection, version: int) -> int:
    """Return the version of a store that was of this one, with what came after it added."""
    with connection:
        connection.execute("BEGIN IMMEDIATE")
        (found,) = connection.execute("PRAGMA user_version").fetchone()
        if found == version:  # or another process has done it meanwhile
            connection.execute(ADDED[version])
            connection.execute(f"PRAGMA user_version = {version + 1}")
    return version + 1


@contextlib.contextmanager
def _empty() -> Iterator[sqlite3.Connection]:
    """Give an empty store in memory, which shows how one is to be."""
    with contextlib.closing(sqlite3.connect(":memory:")) as empty:
        empty.executescript(schema())
        yield empty


def _objects(connection: sqlite3.Connection) -> set[str]:
    """Return kind and name of every table, view, index and trigger but those of SQLite itself."""
    found = connection.execute("SELECT type, name FROM sqlite_schema").fetchall()
    return {f"{kind} {name}" for kind, name in found if not name.startswith("sqlite_")}


def _columns(connection: sqlite3.Connection, table: str) -> list[tuple[str, str]]:
    """Return name and type of each column of a table, in order."""
    found = connection.execute(f"PRAGMA table_info({table})").fetchall()
    return [(name, kind) for _, name, kind, *_ in found]


def sizes() -> Iterator[str]:
    """Yield for each table a query of run_id and the bytes of its rows, keys and heads apart."""
    with _empty() as empty:
        for table in TABLES:
            found = _columns(empty, table)
            texts = [name for name, kind in found if kind in ("TEXT", "BLOB")]
            lengths = " + ".join(f"coalesce(length({name}), 0)" for name in texts)
            numbers = NUMBER_BYTES * (len(found) - len(texts))
            yield f"SELECT run_id, total({lengths} + {numbers}) FROM {table} GROUP BY run_id"


def columns(table: str) -> str:
    """Return the names of the columns of a table, in order, with commas between them."""
    with _empty() as empty:
        return ", ".join(name for name, _ in _columns(empty, table))


def anew(path: Path) -> str:
    """Return what to do about a file that cannot be used."""
    return f"it was left untouched; to start anew, move it away: mv {path} {path}.old"


@contextlib.contextmanager
def named_errors(path: Path) -> Iterator[None]:
    """Turn an error of SQLite or of the file system into a StoreError that names the file."""
    try:
        yield
    except OSError as error:
        raise StoreError(f"{path}: cannot be used: {reading.reason(error)}") from None
    except sqlite3.OperationalError as error:
        raise StoreError(f"{path}: cannot be used: {error}") from None
    except sqlite3.DatabaseError as error:
        raise StoreError(
            f"{path}: is damaged or not a results file ({error}); {anew(path)}"
        ) from None
