"""A data set of one's own: an .npz file of plain arrays, named as Keras names its own."""

import hashlib
import zipfile
import zlib
from pathlib import Path

import numpy as np

from analysis.data.checks import ARRAYS, Arrays
from analysis.errors import DataError, reading

NOT_PLAIN_ARRAYS = (
    OSError, ValueError, EOFError, TypeError, AttributeError, NotImplementedError, RuntimeError,
    SyntaxError, MemoryError, KeyError, zipfile.BadZipFile, zlib.error,
)  # fmt: skip
"""What NumPy and zipfile raise for damaged, encrypted, pickled or otherwise unreadable archives."""


def load(path: Path) -> tuple[Arrays, str]:
    """Return the four arrays of an .npz file and a digest of their contents. Raises DataError."""
    if not reading.exists(path):
        raise DataError(f'dataset = "{path}": is neither "mnist" nor an existing .npz file')
    try:
        with path.open("rb") as stream, np.load(stream, allow_pickle=False) as archive:
            missing = [name for name in ARRAYS if name not in archive.files]
            if missing:
                found = ", ".join(archive.files) or "nothing"
                raise DataError(f"{path}: has no array {missing[0]!r}; it has {found}")
            arrays = {name: np.ascontiguousarray(archive[name]) for name in ARRAYS}
    except NOT_PLAIN_ARRAYS as error:
        raise DataError(f"{path}: is not an .npz file of plain arrays: {error}") from None
    digest = hashlib.sha256()
    for name, array in arrays.items():
        digest.update(f"{name} {array.dtype.str} {array.shape}\n".encode())
        digest.update(array.tobytes())
    return arrays, digest.hexdigest()
