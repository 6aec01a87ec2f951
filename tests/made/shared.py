"""What the processes that run the tests have in common for as long as the session lasts."""

import os
from collections.abc import Iterator
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
