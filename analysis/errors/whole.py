"""A file or a folder is written whole or not at all: what was there before stays until then.

What is new is made on the disk of its place, made safe against a power cut, and moved. Symbolic
links and mount points stay what they are: what they lead to is written. Modes are those of the
umask. The names on the way are always the same, so that the next writer clears away what a killed
one has left; hence a folder has one writer at a time.
"""

import contextlib
import ctypes
import errno
import json
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from stat import S_ISDIR, S_ISREG

from analysis.errors import ProjectError, reading

NEW, OLD, ORDER = "new", "old", "order.json"
OF_A_DISK = "lost+found"
"""A folder that a mount point has of itself."""
EXCHANGE = 2
HERE = -100
"""For renameat2 of Linux: a path is meant as it stands."""
OF_THE_DISK = {errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EIO, errno.EFBIG}
"""What an error of writing may say without naming a file."""
UNHEARD_OF = {errno.EINVAL, errno.ENOTSUP}
"""What a file system says that cannot make a folder safe."""


class WriteError(ProjectError):
    """A file or folder cannot be written; what was there before is there."""

    def __init__(self, place: Path, reason: str) -> None:
        super().__init__(f"{place}: cannot be written ({reason}); what was there is as it was")
        self.reason = reason


def write(path: Path, content: str | bytes, *, writer: str = "") -> None:
    """Write a file, in UTF-8 if it is text. Raises WriteError.

    Where several write the same at once, each has a name as `writer`; what a killed one leaves is
    then for the caller to clear away.
    """
    with _named(path):
        target = _target(path)
        new = target.with_name(f".{target.name}.{writer}{NEW}")
        new.parent.mkdir(parents=True, exist_ok=True)
        try:
            new.unlink(missing_ok=True)
            with new.open("xb") as file:
                file.write(content.encode() if isinstance(content, str) else content)
                file.flush()
                os.fsync(file.fileno())
            new.replace(target)
        except BaseException:
            new.unlink(missing_ok=True)
            raise
        _sync(new.parent)


@contextlib.contextmanager
def replacing(
    place: Path,
    *,
    room: int = 0,
    keep: Callable[[str], bool] = lambda name: False,
    then: Callable[[Path], object] = lambda folder: None,
) -> Iterator[Path]:
    """Give a new empty folder; when the block ends well, it takes the place of the one there.

    When the block raises, the new folder is removed and the previous one is as it was. What the
    block has not made is gone, but for the files and folders whose names are to `keep`. `then`
    completes the folder once it is in place, and where it raises, the previous one returns; where
    folders cannot be moved, it does so before. Raises WriteError where it cannot be written, and at
    once where `room`, in bytes, is not free.
    """
    target = _target(place)  # wherever the block goes
    recover(place)
    with _named(place):
        work = _prepared(target)
    try:
        with _named(place):
            _ask(work, room)
        with _named(place, work):
            yield work / NEW
        with _named(place):
            _carry_over(target, work, keep)
            _make_safe(work / NEW)
            moved = _put(work, target)
        try:
            then(target if moved else work / NEW)
        except BaseException:
            if moved:
                _take_back(work, target)
            raise
        if not moved:
            with _named(place):
                write(work / ORDER, json.dumps([each.name for each in (work / NEW).iterdir()]))
                _fill(work, target)
                _sync(target.parent)
    finally:
        with _named(place):
            _undo(work, target)


def is_recovered(place: Path) -> bool:
    """Tell whether no killed writer has left anything at a place."""
    return not any(os.path.lexists(work) for work in _works(_target(place)))


def recover(place: Path) -> None:
    """Finish or undo what a killed writer of a folder has left. Raises WriteError."""
    target = _target(place)
    for work in _works(target):
        if os.path.lexists(work):
            with _named(place):
                if (work / ORDER).exists():
                    _fill(work, target)
                _undo(work, target)
                if work.exists():
                    shutil.rmtree(work)


def _target(place: Path) -> Path:
    """Return what a place leads to, which need not exist."""
    return Path(os.path.realpath(place))


def _works(target: Path) -> tuple[Path, Path]:
    """Return the folders to work in: beside a folder, and inside of one that cannot be moved."""
    return target.with_name(f".{target.name}.swap"), target / ".swap"


def _prepared(target: Path) -> Path:
    """Return the folder to work in, with an empty new folder that can be moved from there."""
    beside, inside = _works(target)
    if target.is_symlink():
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
    if not target.exists():
        (beside / NEW).mkdir(parents=True)
        return beside
    inside.mkdir()  # where this fails, the target cannot be written
    try:
        beside.mkdir()
        # Not across the edge of a mount, even of the same disk.
        inside.rename(beside / NEW)
    except OSError:
        shutil.rmtree(beside, ignore_errors=True)
        (inside / NEW).mkdir()
        return inside
    return beside


def _ask(work: Path, room: int) -> None:
    free = shutil.disk_usage(work).free
    if free < room:
        raise OSError(
            errno.ENOSPC, f"it needs {room / 1e6:.1f} MB, and {free / 1e6:.1f} MB are free"
        )


def _carry_over(target: Path, work: Path, keep: Callable[[str], bool]) -> None:
    for each in target.iterdir() if target.exists() else ():
        copy = work / NEW / each.name
        if each == work or os.path.lexists(copy) or not keep(each.name):
            continue
        if each.is_dir() and not each.is_symlink():
            shutil.copytree(each, copy, symlinks=True)
        else:
            shutil.copy2(each, copy, follow_symlinks=False)


def _put(work: Path, target: Path) -> bool:
    """Let the new folder take its place at once; return whether that was possible."""
    new, beside = work / NEW, work.parent == target.parent
    if beside and not target.exists():
        new.rename(target)
    elif not beside or not (_exchanged(new, target) or _moved(work, target)):
        return False
    _sync(target.parent)
    return True


def _take_back(work: Path, target: Path) -> None:
    """Let the new folder go again, and what was there before it return."""
    if (work / NEW).exists():
        _exchanged(work / NEW, target)
    else:
        target.rename(work / NEW)
        _undo_move(work, target)


def _exchanged(one: Path, other: Path) -> bool:
    """Let two folders change places; return whether that was possible."""
    libc = ctypes.CDLL(None)
    paths = os.fsencode(one), os.fsencode(other)
    try:
        if sys.platform == "darwin":
            return bool(libc.renamex_np(*paths, EXCHANGE) == 0)
        return bool(libc.renameat2(HERE, paths[0], HERE, paths[1], EXCHANGE) == 0)
    except AttributeError:
        return False


def _moved(work: Path, target: Path) -> bool:
    """Move a folder aside and the new one into its place; return whether that was possible.

    Some layered file systems cannot move what is below; all is as it was then.
    """
    try:
        target.rename(work / OLD)
        (work / NEW).rename(target)
    except OSError:
        _undo_move(work, target)
        return False
    return True


def _fill(work: Path, target: Path) -> None:
    """Move what is in the new folder into the target, pages last, and remove what was there.

    Once the order to do so is on disk, whoever comes next goes on with it.
    """
    order = reading.state(work / ORDER)
    for each in sorted((work / NEW).iterdir(), key=_rank):
        place = target / each.name
        if place.is_dir() and not place.is_symlink():
            shutil.rmtree(place)
        each.replace(place)
    # Of an order that is damaged nobody knows what was there before: it stays.
    for each in target.iterdir() if isinstance(order, list) else ():
        if each.name not in [*order, OF_A_DISK] and each != work:
            shutil.rmtree(each) if each.is_dir() and not each.is_symlink() else each.unlink()
    (work / ORDER).unlink()


def _rank(path: Path) -> tuple[bool, bool, str]:
    return path.is_file(), path.suffix == ".html", path.name


def _undo(work: Path, target: Path) -> None:
    """Remove what was made on the way, and let a folder that was moved aside return."""
    _undo_move(work, target)
    if not (work / ORDER).exists():
        shutil.rmtree(work, ignore_errors=True)


def _undo_move(work: Path, target: Path) -> None:
    if (work / OLD).exists() and not target.exists():
        (work / OLD).rename(target)


def _make_safe(folder: Path) -> None:
    """Let a folder and all in it outlast a power cut."""
    for parent, _, names in os.walk(folder):
        for path in (Path(parent), *(Path(parent, name) for name in names)):
            if S_ISREG(mode := path.lstat().st_mode) or S_ISDIR(mode):
                _sync(path)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY | os.O_NOFOLLOW)
    try:
        os.fsync(handle)
    except OSError as error:
        if error.errno not in UNHEARD_OF:
            raise
    finally:
        os.close(handle)


@contextlib.contextmanager
def _named(place: Path, within: Path | None = None) -> Iterator[None]:
    """Turn an error of the file system into a WriteError; with `within`, one of a file there."""
    try:
        yield
    except OSError as error:
        if within and not _is_of(error, within):
            raise
        raise WriteError(place, error.strerror or str(error)) from error


def _is_of(error: OSError, folder: Path) -> bool:
    """Tell whether an error is of a file in a folder, or of the disk, and names no file."""
    if error.filename is None:
        return error.errno in OF_THE_DISK
    named = error.filename
    return not isinstance(named, int) and Path(os.fsdecode(named)).is_relative_to(folder)
