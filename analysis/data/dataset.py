"""Load, check and split a data set: the project's MNIST files, or an .npz of the same layout."""

import gzip
import hashlib
import math
import zipfile
import zlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from analysis.errors import DataError

MNIST = Path(__file__).resolve().parent / "mnist"
IDX_FILES = {
    "x_train": "train-images-idx3-ubyte",
    "y_train": "train-labels-idx1-ubyte",
    "x_test": "t10k-images-idx3-ubyte",
    "y_test": "t10k-labels-idx1-ubyte",
}
IDX_UINT8 = 8
ARRAYS = tuple(IDX_FILES)
NOT_PLAIN_ARRAYS = (
    OSError, ValueError, EOFError, TypeError, AttributeError, NotImplementedError, RuntimeError,
    SyntaxError, MemoryError, KeyError, zipfile.BadZipFile, zlib.error,
)  # fmt: skip
"""What NumPy and zipfile raise for damaged, encrypted, pickled or otherwise unreadable archives."""

Features = npt.NDArray[np.uint8] | npt.NDArray[np.float32]
Labels = npt.NDArray[np.int32]


@dataclass(frozen=True)
class Description:
    """What a plan needs to know of a data set: its digest and its sizes."""

    name: str
    digest: str
    train_samples: int
    test_samples: int
    features: int
    classes: int

    def validation_start(self, validation_split: float) -> int:
        """Return the index of the first held-out row; the last share is held out, as in Keras."""
        return math.floor(self.train_samples * (1.0 - validation_split))

    def training_rows(self, validation_split: float, data_fraction: float) -> int:
        """Return how many rows, from the first on, are trained on."""
        return round(self.validation_start(validation_split) * data_fraction)

    def validation_rows(self, validation_split: float, data_fraction: float) -> int:
        """Return how many rows, from `validation_start` on, are validated on."""
        held_out = self.train_samples - self.validation_start(validation_split)
        return round(held_out * data_fraction)

    def test_rows(self, data_fraction: float) -> int:
        """Return how many rows of the test set are used, from the first on; at least one."""
        return max(1, round(self.test_samples * data_fraction))


@dataclass(frozen=True)
class Dataset:
    """Images as rows and their labels; uint8 pixels stand for pixel / 255.

    Shapes: x_train (train_samples, features), y_train (train_samples,); the test set likewise.
    """

    description: Description
    x_train: Features
    y_train: Labels
    x_test: Features
    y_test: Labels


def load(name: str) -> Dataset:
    """Return the data set called "mnist", or that of an .npz file. Raises DataError."""
    arrays, digest = _mnist(MNIST) if name == "mnist" else _npz(Path(name))
    _check(arrays, name)
    x_train, x_test = (_rows(arrays[key]) for key in ("x_train", "x_test"))
    labels = {key: arrays[key].astype(np.int32) for key in ("y_train", "y_test")}
    description = Description(
        name=name,
        digest=digest,
        train_samples=len(x_train),
        test_samples=len(x_test),
        features=x_train.shape[1],
        classes=int(labels["y_train"].max()) + 1,
    )
    return Dataset(description, x_train, labels["y_train"], x_test, labels["y_test"])


@lru_cache(maxsize=4)
def describe(name: str) -> Description:
    """Return the digest and sizes of a data set without keeping its arrays. Raises DataError.

    For MNIST this reads only the file headers and the recorded checksums, to which `load` holds
    the files.
    """
    if name != "mnist":
        return load(name).description
    (train, rows, columns), (test, *_) = (
        _idx_shape(MNIST, IDX_FILES[key]) for key in ("x_train", "x_test")
    )
    return Description(name, _joint_digest(_checksums(MNIST)), train, test, rows * columns, 10)


def _checksums(folder: Path) -> dict[str, str]:
    """Return the recorded SHA-256 of each uncompressed file."""
    listing = folder / "SHA256SUMS"
    try:
        lines = [line.split() for line in listing.read_text(encoding="ascii").splitlines()]
    except OSError as error:
        raise DataError(f"{listing}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError:
        raise DataError(f"{listing}: is not a list of checksums; restore it") from None
    sums = {line[1]: line[0] for line in lines if len(line) == 2}
    missing = [name for name in IDX_FILES.values() if name not in sums]
    if missing:
        raise DataError(f"{listing}: lists no checksum for {missing[0]}")
    return sums


def _joint_digest(sums: dict[str, str]) -> str:
    return hashlib.sha256("\n".join(sums[name] for name in IDX_FILES.values()).encode()).hexdigest()


def _idx_shape(folder: Path, name: str) -> tuple[int, ...]:
    """Return the sizes that the header of an IDX file states."""
    path = folder / f"{name}.gz"
    try:
        with gzip.open(path) as stream:
            header = stream.read(16)
    except FileNotFoundError:
        raise DataError(f"{path}: is missing; restore it from the project's repository") from None
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(f"{path}: is not a whole gzip file: {error}; restore it") from None
    return _header(path, header)


def _header(path: Path, data: bytes) -> tuple[int, ...]:
    """Return the sizes in the header of IDX data.

    It has two zero bytes, a type, a rank, then the sizes, big-endian.
    """
    rank = data[3] if len(data) > 3 and data[:3] == bytes((0, 0, IDX_UINT8)) else 0
    if not 1 <= rank <= 3 or len(data) < 4 + 4 * rank:
        raise DataError(
            f"{path}: is not an IDX file of unsigned bytes (it starts with {data[:4].hex()})"
        )
    return tuple(int(size) for size in np.frombuffer(data, ">u4", rank, 4))


def _mnist(folder: Path) -> tuple[dict[str, npt.NDArray[np.generic]], str]:
    """Return the four arrays of MNIST and their joint digest, every file held to its checksum."""
    sums = _checksums(folder)
    arrays = {key: _idx(folder / f"{name}.gz", sums[name]) for key, name in IDX_FILES.items()}
    return arrays, _joint_digest(sums)


def _idx(path: Path, expected: str) -> npt.NDArray[np.generic]:
    try:
        data = gzip.decompress(path.read_bytes())
    except FileNotFoundError:
        raise DataError(f"{path}: is missing; restore it from the project's repository") from None
    except (OSError, EOFError, zlib.error) as error:
        raise DataError(f"{path}: is not a whole gzip file: {error}; restore it") from None
    found = hashlib.sha256(data).hexdigest()
    if found != expected:
        raise DataError(
            f"{path}: is not the published file ({len(data)} bytes uncompressed): expected SHA-256 "
            f"{expected}, found {found}; restore it from the project's repository"
        )
    shape = _header(path, data)
    return np.frombuffer(data, np.uint8, offset=4 + 4 * len(shape)).reshape(shape)


def _npz(path: Path) -> tuple[dict[str, npt.NDArray[np.generic]], str]:
    """Return the four arrays of an .npz file and a digest of their contents."""
    if not path.is_file():
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


def _check(arrays: dict[str, npt.NDArray[np.generic]], where: str) -> None:
    """Raise DataError unless the four arrays are images and labels that belong together."""
    for part in ("train", "test"):
        x, y = arrays[f"x_{part}"], arrays[f"y_{part}"]
        if x.ndim < 2 or 0 in x.shape:
            raise DataError(
                f"{where}: x_{part} has shape {x.shape}; expected (samples, …) with no zero size"
            )
        if x.dtype != np.uint8 and x.dtype.kind != "f":
            raise DataError(
                f"{where}: x_{part} has dtype {x.dtype}; expected uint8 pixels or floats"
            )
        if x.dtype.kind == "f" and not np.isfinite(_rows(x)).all():
            raise DataError(f"{where}: x_{part} holds values that are not finite as float32")
        if y.dtype.kind not in "iu":
            raise DataError(f"{where}: y_{part} has dtype {y.dtype}; expected whole-number labels")
        if y.shape != (len(x),):
            raise DataError(
                f"{where}: y_{part} has shape {y.shape}; expected ({len(x)},), one label a sample"
            )
    if arrays["x_train"].shape[1:] != arrays["x_test"].shape[1:]:
        shapes = f"{arrays['x_train'].shape[1:]} and {arrays['x_test'].shape[1:]}"
        raise DataError(f"{where}: training and test images differ in shape: {shapes}")
    if arrays["x_train"].dtype != arrays["x_test"].dtype:
        raise DataError(f"{where}: training and test images differ in dtype")
    _check_labels(arrays["y_train"], arrays["y_test"], where)


def _check_labels(
    train: npt.NDArray[np.generic], test: npt.NDArray[np.generic], where: str
) -> None:
    low, high = int(train.min()), int(train.max())
    if low < 0 or high < 1 or high > 65535:
        raise DataError(
            f"{where}: y_train ranges from {low} to {high}; expected 0 to (classes − 1)"
        )
    low_test, high_test = int(test.min()), int(test.max())
    if low_test < 0 or high_test > high:
        raise DataError(
            f"{where}: y_test ranges from {low_test} to {high_test}; "
            f"expected labels of training, 0 to {high}"
        )


def _rows(images: npt.NDArray[np.generic]) -> Features:
    """Return images as rows, (samples, features), uint8 or float32."""
    rows = images.reshape(len(images), -1)
    if rows.dtype == np.uint8:
        return rows.astype(np.uint8, copy=False)
    with np.errstate(over="ignore"):  # what float32 cannot hold is infinite, and refused as such
        return rows.astype(np.float32, copy=False)
