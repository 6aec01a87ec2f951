"""A data set of one's own: an .npz file of plain arrays, named as Keras names its own."""

import hashlib
import math
import os
import stat
import tokenize
import zipfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np

from analysis.data.checks import ARRAYS, Arrays
from analysis.errors import DataError, reading

NOT_PLAIN_ARRAYS = (
    ValueError, EOFError, TypeError, AttributeError, NotImplementedError, RuntimeError,
    SyntaxError, MemoryError, KeyError, OverflowError, zipfile.BadZipFile, zlib.error,
    tokenize.TokenError,
)  # fmt: skip
"""What NumPy and zipfile raise for damaged, encrypted, pickled or otherwise unreadable archives."""
HEADERS = {
    (1, 0): np.lib.format.read_array_header_1_0,
    (2, 0): np.lib.format.read_array_header_2_0,
}
STARTS = b"PK\x03\x04", b"PK\x05\x06", b"\x93NUMPY"
"""How a zip archive begins, an empty one, and a single array; all else NumPy takes for a pickle."""
WANTED = f"an .npz file with the arrays {', '.join(ARRAYS)}"


def load(path: Path) -> tuple[Arrays, str]:
    """Return the four arrays of an .npz file as they stand there, and the SHA-256 of them all.

    What they are is for `checks.check` to judge. Raises DataError for a file that cannot be read,
    that lacks an array, or whose arrays are damaged or larger than the machine's memory.
    """
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise DataError(f"{path}: is no file; a data set is {WANTED}")
        with path.open("rb") as stream:
            if not stream.read(max(map(len, STARTS))).startswith(STARTS):
                raise DataError(f"{path}: is no .npz file; a data set is {WANTED}")
            stream.seek(0)
            archive = np.load(stream, allow_pickle=False)
            if not isinstance(archive, np.lib.npyio.NpzFile):
                raise DataError(f"{path}: holds one array (an .npy file); a data set is {WANTED}")
            _check_sizes(path, archive)
            arrays = {name: np.ascontiguousarray(archive[name]) for name in ARRAYS}
    except OSError as error:
        reason = reading.reason(error)
        raise DataError(f"{path}: cannot be read: {reason}; a data set is {WANTED}") from None
    except NOT_PLAIN_ARRAYS as error:
        raise DataError(f"{path}: is not an .npz file of plain arrays: {error}") from None
    digest = hashlib.sha256()
    for name, array in arrays.items():
        digest.update(f"{name} {array.dtype.str} {array.shape}\n".encode())
        digest.update(array.tobytes())
    return arrays, digest.hexdigest()


def _check_sizes(path: Path, archive: np.lib.npyio.NpzFile) -> None:
    """Raise DataError for a missing array, or one whose header claims what the file has not."""
    missing = [name for name in ARRAYS if name not in archive.files]
    if missing:
        found = ", ".join(archive.files) or "nothing"
        raise DataError(f"{path}: has no array {missing[0]!r}; it has {found}")
    sizes = [_size(path, archive, name) for name in ARRAYS]
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    if sum(sizes) > memory:
        raise DataError(
            f"{path}: its arrays take {sum(sizes) / 1e9:.1f} GB, and this machine has a memory of "
            f"{memory / 1e9:.1f} GB; save fewer rows or smaller numbers"
        )


def _size(path: Path, archive: Any, name: str) -> int:
    """Return how many bytes an array takes, as its header and its place in the archive tell."""
    member = archive.zip.getinfo(f"{name}.npy")
    with archive.zip.open(member) as stream:
        version = np.lib.format.read_magic(stream)
        if version not in HEADERS:
            raise DataError(
                f"{path}: {name} is saved in version {'.'.join(map(str, version))} of the .npy "
                "format, which is for tables with named columns; save it as an array of numbers"
            )
        shape, _, dtype = HEADERS[version](stream)
        held = member.file_size - stream.tell()
    if not dtype.hasobject and math.prod(shape) * dtype.itemsize != held:
        raise DataError(
            f"{path}: {name} has shape {shape} and dtype {dtype} by its header, but {held} bytes "
            "of numbers follow; save it anew"
        )
    return int(held)
