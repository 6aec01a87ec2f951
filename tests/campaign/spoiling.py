"""How a file of the project is spoiled, and how it is made good again."""

import contextlib
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from build import ROOT
from tests.made.results.manifests import forge

Spoil = Callable[[Path], object]


@contextlib.contextmanager
def spoiled(path: Path, spoil: Spoil) -> Iterator[None]:
    """Let a file be what `spoil` makes of it, as long as the block lasts."""
    content = path.read_bytes()
    try:
        spoil(path)
        yield
    finally:
        gone(path)
        path.write_bytes(content)


def gone(path: Path) -> None:
    """Let there be nothing."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def folder(path: Path) -> None:
    """Let there be a folder in the place of the file."""
    gone(path)
    path.mkdir()


def circle(path: Path) -> None:
    """Let there be a link to itself."""
    gone(path)
    path.symlink_to(path.name)


def text(content: str | bytes) -> Spoil:
    """Return what writes another content."""
    return lambda path: path.write_bytes(content.encode() if isinstance(content, str) else content)


def added(content: str | bytes) -> Spoil:
    """Return what writes something behind the content."""
    more = content.encode() if isinstance(content, str) else content
    return lambda path: path.write_bytes(path.read_bytes() + more)


def replaced(old: str, new: str | bytes) -> Spoil:
    """Return what replaces a part of the content, which must be there."""

    def spoil(path: Path) -> None:
        before = path.read_bytes()
        assert old.encode() in before
        new_bytes = new.encode() if isinstance(new, str) else new
        path.write_bytes(before.replace(old.encode(), new_bytes, 1))

    return spoil


def halved(path: Path) -> None:
    """Let only the first half be left."""
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])


def sql(*statements: str) -> Spoil:
    """Return what changes a store behind the back of the project."""

    def spoil(path: Path) -> None:
        with contextlib.closing(sqlite3.connect(path)) as store, store:
            store.execute("PRAGMA ignore_check_constraints = ON")
            for statement in statements:
                store.execute(statement)

    return spoil


def manifest(change: Callable[[dict[str, Any]], object]) -> Spoil:
    """Return what changes a manifest and makes its own digest right again."""
    return lambda path: forge(path, change)


def length(file: str) -> int:
    """Return how many lines a file of the project has."""
    return (ROOT / file).read_text("utf-8").count("\n")
