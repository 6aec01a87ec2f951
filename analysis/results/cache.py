"""Rendered pieces kept on disk under the digest of everything that can change them."""

import contextlib
import hashlib
import os
import tempfile
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path


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

    A key is the digest of all inputs, so an entry is right as long as it exists, and the folder
    may be deleted at any time.
    """

    def __init__(self, folder: Path | None) -> None:
        self.folder = folder
        self._memory: dict[str, str] = {}

    def text(self, key: str, make: Callable[[], str]) -> str:
        """Return the text under `key`, made by `make` if it is not kept yet."""
        if key not in self._memory:
            self._memory[key] = (
                make() if self.folder is None else self._kept(self.folder, key, make)
            )
        return self._memory[key]

    @staticmethod
    def _kept(folder: Path, key: str, make: Callable[[], str]) -> str:
        path = folder / key[:2] / key[2:]
        with contextlib.suppress(FileNotFoundError):
            return path.read_text(encoding="utf-8")
        text = make()
        _write(path, text)
        return text


def _write(path: Path, text: str) -> None:
    """Write through a temporary file: a build that is killed leaves no half entry behind."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, temporary = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
        file.write(text)
    Path(temporary).replace(path)
