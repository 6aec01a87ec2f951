"""A file from outside as text or bytes: whatever is wrong with it is an error that names it."""

import errno
import json
from pathlib import Path
from typing import Any

from analysis.errors import InputError, ProjectError, named, unseen

LARGEST = 2**28
"""Bytes of the largest file that is read whole: the published layers are a hundredth of it."""

DEEPEST = 20
"""Levels of what a build leaves for the next one; the study in it takes half of them."""


def data(
    path: Path, *, name: str = "", error: type[ProjectError] = InputError, more: str = ""
) -> bytes:
    """Return the bytes of a file; `name` is how messages call it, by default its path.

    Raises `error`, at the end with `more`, for one that is missing, a folder, unreadable or too
    large.
    """
    called = name or str(path)
    try:
        if not path.is_file() and path.exists():
            raise error(f"{called}: cannot be read: {_kind(path)}, where a file was expected{more}")
        size = path.stat().st_size
        if size > LARGEST:
            raise error(
                f"{called}: has {size / 1e6:.0f} MB; at most {LARGEST / 1e6:.0f} MB are read{more}"
            )
        return path.read_bytes()
    except OSError as problem:
        raise error(f"{called}: cannot be read: {reason(problem)}{more}") from None
    except ValueError as problem:  # a NUL in a name
        raise error(f"{called!r}: is no name of a file: {problem}") from None


def text(
    path: Path, *, name: str = "", error: type[ProjectError] = InputError, more: str = ""
) -> str:
    r"""Return the text of a file in UTF-8, its lines ended by \n, without a byte order mark.

    Raises `error`, with the line, for what is no such text, or holds what cannot be seen; and as
    `data` does.
    """
    called = name or str(path)
    content = data(path, name=name, error=error, more=more)
    try:
        # Of a part that ends within a sign, utf-8-sig would see no mistake at the end of the mark.
        found = content.decode("utf-8").removeprefix("\ufeff")
    except UnicodeDecodeError as problem:
        line = content.count(b"\n", 0, problem.start) + 1
        byte = content[problem.start]
        raise error(
            f"{called}:{line}: is not UTF-8 text (byte {problem.start} is 0x{byte:02x}); "
            f"save it with that encoding{more}"
        ) from None
    ended = found.replace("\r\n", "\n").replace("\r", "\n")
    if sign := unseen(ended):
        line = ended.count("\n", 0, ended.index(sign)) + 1
        raise error(f"{called}:{line}: holds {named(sign)}, which cannot be seen{more}")
    return ended


def exists(path: Path) -> bool:
    """Tell whether there is such a file; a name that no file can have is that of none."""
    try:
        return path.is_file()
    except (OSError, ValueError):
        return False


def state(path: Path) -> Any:
    """Return the JSON that a build has left in a file; None where it is missing or damaged.

    What no build writes, tables or lists that stand in each other too deep to be walked over, is
    damaged, too.
    """
    try:
        found = json.loads(text(path))
    except (InputError, ValueError, RecursionError):
        return None
    return None if is_deeper(found, DEEPEST) else found


def is_deeper(value: object, most: int) -> bool:
    """Tell whether tables and lists stand in each other more than `most` levels deep."""
    level, depth = [value], 0
    while level := [
        inner
        for each in level
        if isinstance(each, dict | list)
        for inner in (each.values() if isinstance(each, dict) else each)
    ]:
        depth += 1
        if depth > most:
            return True
    return False


def reason(problem: OSError) -> str:
    """Return in words why the system refused something."""
    words = {
        errno.ENAMETOOLONG: "the name is too long",
        errno.ELOOP: "the links lead in a circle",
        errno.ENOENT: "there is no such file",
        errno.EISDIR: "it is a folder",
        errno.EACCES: "it may not be read by this user",
    }
    return words.get(problem.errno or 0, problem.strerror or str(problem))


def _kind(path: Path) -> str:
    return "it is a folder" if path.is_dir() else "it is no regular file"
