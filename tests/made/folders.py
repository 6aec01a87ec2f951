"""What is in a folder, to be set against what was, or what is in another."""

import hashlib
from pathlib import Path


def contents(folder: Path) -> dict[str, str]:
    """Return each file in a folder, at any depth, with its text."""
    return {name: path.read_text() for name, path in _files(folder).items()}


def digests(folder: Path) -> dict[str, str]:
    """Return each file in a folder, at any depth, with its SHA-256."""
    files = _files(folder).items()
    return {name: hashlib.sha256(path.read_bytes()).hexdigest() for name, path in files}


def _files(folder: Path) -> dict[str, Path]:
    found = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {str(path.relative_to(folder)): path for path in found}
