"""What the processes that run the tests have in common for as long as the session lasts."""

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from filelock import FileLock


def folder(factory: pytest.TempPathFactory) -> Path:
    """Return a folder that is the same for all of them."""
    own = factory.getbasetemp()
    # Each worker has its own folder inside of that of the session.
    return own.parent if os.environ.get("PYTEST_XDIST_WORKER") else own


@contextmanager
def cache(factory: pytest.TempPathFactory, name: str) -> Iterator[Path]:
    """Give a folder for rendered pieces to one process at a time: the first one fills it."""
    with FileLock(folder(factory) / f"{name}.lock"):
        yield folder(factory) / name


def built(factory: pytest.TempPathFactory, name: str, build: Callable[[Path], object]) -> Path:
    """Return a folder that the first process to ask fills by `build`, for all others to read."""
    finished = folder(factory) / name
    with FileLock(f"{finished}.lock"):
        if not finished.exists():
            unfinished = finished.with_name(f"{name}.new")
            shutil.rmtree(unfinished, ignore_errors=True)  # of a process that failed
            unfinished.mkdir()
            build(unfinished)
            unfinished.rename(finished)
    return finished
