"""A store without the runs that nobody wants any more, and the checkpoints beside it."""

import contextlib
import json
import os
import re
import shutil
import sqlite3
from collections.abc import Collection, Iterator
from pathlib import Path

from analysis.errors import whole
from analysis.results.stored import schema

CHECKPOINT = re.compile(r"(?P<run>[0-9a-f]{64})-(?P<epochs>\d+)\.npz")


def checkpoints(store: Path) -> Iterator[tuple[Path, str]]:
    """Yield the files of checkpoints beside a store, each with the identity of its run."""
    folder = store.parent / "states"
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if found := CHECKPOINT.fullmatch(path.name):
            yield path, found["run"]


def keep(path: Path, runs: Collection[str]) -> None:
    """Write a store anew with these runs alone; the new file takes the place of the one there.

    Until then what is there stays as it is, also where the disk is full. Nobody else may write the
    store meanwhile; see `store.building`. Raises WriteError.
    """
    target = Path(os.path.realpath(path))
    new = target.with_name(f".{target.name}.new")
    try:
        new.unlink(missing_ok=True)
        _write(new, target, json.dumps(sorted(runs)))
        shutil.copymode(target, new)
        new.replace(target)
    except (OSError, sqlite3.Error) as error:
        raise whole.WriteError(path, getattr(error, "strerror", None) or str(error)) from None
    finally:
        with contextlib.suppress(OSError):
            new.unlink(missing_ok=True)


def _write(new: Path, old: Path, runs: str) -> None:
    """Make a new store of those runs of an old one. Raises OSError and sqlite3.Error."""
    with contextlib.closing(sqlite3.connect(new)) as connection:
        schema.prepare(new, connection)
        connection.execute("ATTACH ? AS old", (str(old),))
        with connection:
            for table in schema.TABLES:
                columns = schema.columns(table)
                connection.execute(
                    f"INSERT INTO {table} ({columns}) SELECT {columns} FROM old.{table} "
                    "WHERE run_id IN (SELECT value FROM json_each(?))",
                    (runs,),
                )
