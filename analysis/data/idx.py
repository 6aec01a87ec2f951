"""The data sets of the project: gzipped IDX files, each held to its recorded checksum."""

import gzip
import hashlib
import io
import zlib
from pathlib import Path

import numpy as np

from analysis.data.checks import Arrays
from analysis.errors import DataError, reading

MNIST, FASHION = "mnist", "fashion-mnist"
FOLDERS = {name: Path(__file__).resolve().parent / "images" / name for name in (MNIST, FASHION)}
"""Where the files of each data set are, by its name."""
FILES = {
    "x_train": "train-images-idx3-ubyte",
    "y_train": "train-labels-idx1-ubyte",
    "x_test": "t10k-images-idx3-ubyte",
    "y_test": "t10k-labels-idx1-ubyte",
}
RESTORE = "; restore it from the project's repository"
UINT8 = 8
"""The type of unsigned bytes, as the header of an IDX file gives it."""


def load(folder: Path) -> tuple[Arrays, str]:
    """Return the four arrays of a data set and their joint digest, a SHA-256. Raises DataError.

    Shapes: images (samples, 28, 28), labels (samples,), all uint8.
    """
    sums = _checksums(folder)
    arrays = {key: _array(folder / f"{name}.gz", sums[name]) for key, name in FILES.items()}
    return arrays, _joint_digest(sums)


def shapes(folder: Path) -> tuple[dict[str, tuple[int, ...]], str]:
    """Return the shapes of the four arrays, as the files' headers state them, and their digest.

    The digest is that of the recorded checksums. Raises DataError.
    """
    digest = _joint_digest(_checksums(folder))
    return {key: _shape(folder / f"{name}.gz") for key, name in FILES.items()}, digest


def labels(folder: Path) -> Arrays:
    """Return the labels alone, y_train and y_test (samples,) uint8. Raises DataError."""
    sums = _checksums(folder)
    return {
        key: _array(folder / f"{FILES[key]}.gz", sums[FILES[key]]) for key in ("y_train", "y_test")
    }


def _checksums(folder: Path) -> dict[str, str]:
    """Return the recorded SHA-256 of each uncompressed file."""
    listing = folder / "SHA256SUMS"
    text = reading.text(listing, error=DataError, more=RESTORE)
    lines = [line.split() for line in text.splitlines()]
    sums = {line[1]: line[0] for line in lines if len(line) == 2}
    missing = [name for name in FILES.values() if name not in sums]
    if missing:
        raise DataError(f"{listing}: lists no checksum for {missing[0]}{RESTORE}")
    return sums


def _joint_digest(sums: dict[str, str]) -> str:
    return hashlib.sha256("\n".join(sums[name] for name in FILES.values()).encode()).hexdigest()


def _shape(path: Path) -> tuple[int, ...]:
    """Return the sizes that the header of an IDX file states."""
    return _header(path, _unpacked(path, 16))


def _header(path: Path, data: bytes) -> tuple[int, ...]:
    """Return the sizes in the header of IDX data.

    It has two zero bytes, a type, a rank, then the sizes, big-endian.
    """
    rank = data[3] if len(data) > 3 and data[:3] == bytes((0, 0, UINT8)) else 0
    if not 1 <= rank <= 3 or len(data) < 4 + 4 * rank:
        raise DataError(
            f"{path}: is not an IDX file of unsigned bytes (it starts with {data[:4].hex()})"
        )
    return tuple(int(size) for size in np.frombuffer(data, ">u4", rank, 4))


def _array(path: Path, expected: str) -> np.ndarray:
    data = _unpacked(path)
    found = hashlib.sha256(data).hexdigest()
    if found != expected:
        raise DataError(
            f"{path}: is not the published file ({len(data)} bytes uncompressed): expected SHA-256 "
            f"{expected}, found {found}{RESTORE}"
        )
    shape = _header(path, data)
    return np.frombuffer(data, np.uint8, offset=4 + 4 * len(shape)).reshape(shape)


def _unpacked(path: Path, size: int = -1) -> bytes:
    """Return what a gzip file holds, of which only the first `size` bytes if that is given."""
    packed = reading.data(path, error=DataError, more=RESTORE)
    try:
        return gzip.GzipFile(fileobj=io.BytesIO(packed)).read(size)
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(f"{path}: is not a whole gzip file: {error}{RESTORE}") from None
