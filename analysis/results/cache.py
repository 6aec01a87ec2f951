"""Rendered pieces kept on disk under the digest of everything that can change them."""

import contextlib
import hashlib
import os
import sys
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path

from filelock import FileLock, Timeout

from analysis.errors import whole

LARGEST = 256 * 2**20
"""Bytes. A full report takes about 12 MB, and each change of the code that draws as much again."""
UNLOCKED = (OSError, NotImplementedError)
"""What a folder raises that takes no locks: each process then makes all that it needs."""


def digest(*parts: str | bytes) -> str:
    """Return the SHA-256 of the parts, each with its length so that no two lists collide."""
    total = hashlib.sha256()
    for part in parts:
        data = part.encode() if isinstance(part, str) else part
        total.update(f"{len(data)}:".encode())
        total.update(data)
    return total.hexdigest()


def code_digest(*files: Path, packages: tuple[str, ...] = ()) -> str:
    """Return the digest of the source of `files` and of the versions of `packages`."""
    return digest(
        *(part for file in files for part in (file.name, file.read_bytes())),
        *(f"{package} {version(package)}" for package in packages),
    )


class Cache:
    """Text by key, in a folder and in memory; without a folder in memory alone.

    A key is the digest of all inputs, so an entry is right as long as it is whole, and the folder
    may be deleted at any time. An entry begins with the digest of its text: one that is empty or
    damaged is made anew. Where the folder takes up more than `largest` bytes, the entries that were
    not used for longest are forgotten. Where it cannot be written, that is said once, and the
    build goes on without. While it is `shared`, an entry that another process is making is waited
    for.
    """

    def __init__(
        self,
        folder: Path | None,
        largest: int = LARGEST,
        *,
        quiet: bool = False,
        shared: bool = False,
    ) -> None:
        """With `quiet`, nothing is said: another process says the same."""
        self.folder = folder
        self.shared = shared
        self._quiet = quiet
        self._largest = largest
        self._memory: dict[str, str] = {}
        self._writes = True
        self._tidied = False

    def settled(self) -> "Cache":
        """Return the cache, cleared of what a killed build has left. Nobody else may write then."""
        for path in self.folder.glob("??/.*") if self.folder else ():
            with contextlib.suppress(OSError):
                path.unlink()
        return self

    def text(self, key: str, make: Callable[[], str]) -> str:
        """Return the text under `key`, made by `make` if it is not kept yet."""
        if key not in self._memory:
            self._memory[key] = (
                make() if self.folder is None else self._kept(self.folder, key, make)
            )
        return self._memory[key]

    def has(self, key: str) -> bool:
        """Tell whether there is an entry under `key`, whole or not, without reading it."""
        return key in self._memory or (
            self.folder is not None and _path(self.folder, key).is_file()
        )

    def begun(self, key: str) -> bool:
        """Tell whether there is an entry, or another process that shares the cache is making it."""
        if self.folder is None or not self.shared or self.has(key):
            return self.has(key)
        try:
            with _lock(_path(self.folder, key), blocking=False):
                return self.has(key)
        except Timeout:
            return True
        except UNLOCKED:
            return False

    def _kept(self, folder: Path, key: str, make: Callable[[], str]) -> str:
        path = _path(folder, key)
        if (kept := _read(path)) is not None:
            return kept
        with self._turn(path):
            if self.shared and (kept := _read(path)) is not None:
                return kept
            text = make()
            if self._writes:
                self._keep(folder, path, text)
            return text

    @contextlib.contextmanager
    def _turn(self, path: Path) -> Iterator[None]:
        """Wait until no other process makes an entry. A process that ends lets go of it."""
        with contextlib.ExitStack() as held:
            if self.shared:
                with contextlib.suppress(*UNLOCKED):
                    held.enter_context(_lock(path, blocking=True))
            yield

    def _keep(self, folder: Path, path: Path, text: str) -> None:
        try:
            if not self._tidied:
                _forget(folder, self._largest)
                self._tidied = True
            _write(path, text)
        except (OSError, whole.WriteError) as error:
            self._writes = False
            if self._quiet:
                return
            reason = error.reason if isinstance(error, whole.WriteError) else error.strerror
            print(
                f"{folder}: cannot be written ({reason}); what this build renders is not "
                "kept for the next one",
                file=sys.stderr,
            )


def _lock(path: Path, *, blocking: bool) -> FileLock:
    path.parent.mkdir(parents=True, exist_ok=True)
    return FileLock(path.with_name(f".{path.name}.lock"), blocking=blocking)


def _path(folder: Path, key: str) -> Path:
    return folder / key[:2] / key[2:]


def _read(path: Path) -> str | None:
    """Return the text of an entry, which counts as used by that; None where none is whole."""
    try:
        check, _, content = path.read_bytes().partition(b"\n")
    except OSError:
        return None
    if check.decode("ascii", "replace") != hashlib.sha256(content).hexdigest():
        return None
    with contextlib.suppress(OSError):  # a cache that may only be read
        os.utime(path)
    return content.decode()


def _write(path: Path, text: str) -> None:
    content = text.encode()
    checked = f"{hashlib.sha256(content).hexdigest()}\n".encode() + content
    whole.write(path, checked, writer=f"{os.getpid()}.")


def _forget(folder: Path, largest: int) -> None:
    """Remove the entries that were not used for longest until the others fit into `largest`."""
    states = []
    for path in folder.glob("??/*"):
        with contextlib.suppress(FileNotFoundError):  # another process tidies up, too
            state = path.stat()
            states.append((state.st_mtime_ns, state.st_size, path))
    total = sum(size for _, size, _ in states)
    for _, size, path in sorted(states):
        if total <= largest:
            return
        path.unlink(missing_ok=True)
        total -= size
