"""One SQLite file: what has been measured. Each run is one transaction; a build deletes nothing.

`Results` is what the evidence and the report read: the stored rows of one study as tidy frames.
"""

import contextlib
import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path

import pandas as pd
from filelock import FileLock, Timeout

from analysis.errors import StoreError
from analysis.plan import Run
from analysis.runresult import RunResult
from analysis.study import Study

APPLICATION_ID = 0x77696E69
"""Marks the file as this project's ("wini")."""
SCHEMA_VERSION = 1
SCHEMA = """
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
CREATE TABLE epochs (
    run_id TEXT NOT NULL REFERENCES runs,
    epoch INTEGER NOT NULL,
    loss REAL,
    accuracy REAL,
    val_loss REAL,
    val_accuracy REAL,
    PRIMARY KEY (run_id, epoch)
) STRICT, WITHOUT ROWID;
CREATE TABLE layers (
    run_id TEXT NOT NULL REFERENCES runs,
    moment TEXT NOT NULL,
    layer INTEGER NOT NULL,
    fan_in INTEGER NOT NULL,
    fan_out INTEGER NOT NULL,
    kernel_mean REAL,
    kernel_sd REAL,
    kernel_max_abs REAL,
    bias_max_abs REAL,
    PRIMARY KEY (run_id, moment, layer)
) STRICT, WITHOUT ROWID;
"""


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
            self._connection.executemany(
                f"INSERT INTO epochs VALUES ({_marks(6)})",
                [(run.id, *astuple(epoch)) for epoch in result.epochs],
            )
            self._connection.executemany(
                f"INSERT INTO layers VALUES ({_marks(9)})",
                [(run.id, *astuple(layer)) for layer in result.layers],
            )

    def environments(self, runs: Sequence[Run]) -> list[dict[str, str]]:
        """Return the different environments that these runs were trained in, in a fixed order."""
        wanted = {run.id for run in runs}
        with _named_errors(self.path):
            rows = self._connection.execute("SELECT run_id, environment FROM runs").fetchall()
        return [json.loads(text) for text in sorted({row[1] for row in rows if row[0] in wanted})]

    def frame(self, table: str) -> pd.DataFrame:
        """Return all rows of "runs", "epochs" or "layers", with the columns of the schema."""
        with _named_errors(self.path):
            columns = self._connection.execute(f"PRAGMA table_info({table})").fetchall()
            frame = pd.read_sql_query(f"SELECT * FROM {table}", self._connection)
        # Where every run diverged a column holds nothing but NULL, of which pandas makes objects.
        return frame.astype({name: float for _, name, kind, *_ in columns if kind == "REAL"})


@dataclass(frozen=True)
class Results:
    """What has been measured of one study, in tidy frames sorted by experiment, variant and seed.

    runs: experiment, variant, seed, run_id, status, diverged_epoch, epochs, train_loss,
    train_accuracy, val_loss, val_accuracy (all four of the last epoch), test_loss, test_accuracy,
    train_s, compile_s.
    epochs: experiment, variant, seed, run_id, epoch, loss, accuracy, val_loss, val_accuracy.
    layers: experiment, variant, seed, run_id, moment, layer, fan_in, fan_out, kernel_mean,
    kernel_sd, kernel_max_abs, bias_max_abs. Losses are in nats, accuracies fractions, times in
    seconds; what a diverged run did not reach is NaN. `variant` is an ordered categorical in the
    study's order.
    """

    study: Study
    runs: pd.DataFrame
    epochs: pd.DataFrame
    layers: pd.DataFrame
    provenance: Mapping[str, object]


MOMENTS = ("initial", "final")
KEYS = ["experiment", "variant", "seed", "run_id"]


def read(
    store: Store, study: Study, planned: Sequence[Run], provenance: Mapping[str, object]
) -> Results:
    """Return the stored rows of the planned runs.

    Raises StoreError when a run has not been trained.
    """
    missing = len({run.id for run in planned} - store.known())
    if missing:
        raise StoreError(
            f"{store.path}: {missing} of {len(planned)} runs of this study have not been trained; "
            "train them with: make report"
        )
    labels = _labels(study, planned)
    epochs = labels.merge(store.frame("epochs"), on="run_id").sort_values([*KEYS[:3], "epoch"])
    layers = labels.merge(store.frame("layers"), on="run_id")
    layers["moment"] = pd.Categorical(layers["moment"], MOMENTS, ordered=True)
    layers = layers.sort_values([*KEYS[:3], "moment", "layer"])
    runs = labels.merge(_runs(store, epochs), on="run_id").sort_values(KEYS[:3])
    runs, epochs, layers = (frame.reset_index(drop=True) for frame in (runs, epochs, layers))
    return Results(study, runs, epochs, layers, provenance)


def _labels(study: Study, planned: Sequence[Run]) -> pd.DataFrame:
    labels = pd.DataFrame(
        [(run.experiment, run.variant, run.seed, run.id) for run in planned], columns=KEYS
    )
    names = [variant.name for variant in study.variants]
    labels["variant"] = pd.Categorical(labels["variant"], names, ordered=True)
    return labels


def _runs(store: Store, epochs: pd.DataFrame) -> pd.DataFrame:
    """Return one row a run, with the metrics of its last epoch."""
    runs = store.frame("runs").astype({"diverged_epoch": "Int64"})
    last = epochs.drop_duplicates("run_id", keep="last").set_index("run_id")
    names = {"epoch": "epochs", "loss": "train_loss", "accuracy": "train_accuracy"}
    metrics = last[["epoch", "loss", "accuracy", "val_loss", "val_accuracy"]].rename(columns=names)
    joined = runs.join(metrics, on="run_id", how="inner")
    ends = ["test_loss", "test_accuracy", "train_s", "compile_s"]
    return joined[["run_id", "status", "diverged_epoch", *metrics.columns, *ends]]


def _marks(columns: int) -> str:
    return ", ".join("?" * columns)


@contextlib.contextmanager
def open_store(path: Path) -> Iterator[Store]:
    """Open the results file, made anew where there is none.

    Raises StoreError for a damaged or foreign file, which is left untouched, and for one of another
    schema.
    """
    with _named_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        connection = sqlite3.connect(path, timeout=60)
    with contextlib.closing(connection):
        with _named_errors(path):
            _prepare(path, connection)
        yield Store(path, connection)


@contextlib.contextmanager
def building(path: Path, patience: float = -1) -> Iterator[None]:
    """Hold the only place from which a store may be written; a second build waits, and says so.

    `patience` is in seconds, negative for as long as it takes. Raises StoreError when it runs out.
    The operating system frees the place when a build is killed.
    """
    lock = FileLock(path.with_suffix(".lock"))
    with _named_errors(path):
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
        print(f"Another build is using {path}; waiting for it to end.", flush=True)
        try:
            lock.acquire(timeout=patience)
        except Timeout:
            raise StoreError(
                f"{path}: still in use by another build after {patience:g} s"
            ) from None


def _prepare(path: Path, connection: sqlite3.Connection) -> None:
    """Make the tables of an empty file, or check that a file is a whole store of this schema."""
    (application,) = connection.execute("PRAGMA application_id").fetchone()
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    (objects,) = connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()
    if (application, version, objects) == (0, 0, 0):
        connection.executescript(
            f"BEGIN EXCLUSIVE; {SCHEMA} PRAGMA application_id = {APPLICATION_ID};"
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
    (verdict,) = connection.execute("PRAGMA quick_check(1)").fetchone()
    if verdict != "ok":
        raise StoreError(f"{path}: is damaged ({verdict}); {_anew(path)}")


def _anew(path: Path) -> str:
    return f"it was left untouched; to start anew, move it away: mv {path} {path}.old"


@contextlib.contextmanager
def _named_errors(path: Path) -> Iterator[None]:
    """Turn an error of SQLite or of the file system into a StoreError that names the file."""
    try:
        yield
    except OSError as error:
        raise StoreError(f"{path}: cannot be used: {error}") from None
    except sqlite3.OperationalError as error:
        raise StoreError(f"{path}: cannot be used: {error}") from None
    except sqlite3.DatabaseError as error:
        raise StoreError(
            f"{path}: is damaged or not a results file ({error}); {_anew(path)}"
        ) from None
