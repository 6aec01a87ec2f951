"""Data sets: MNIST as it is known to be, files of one's own, and every kind of damage named."""

import contextlib
import gzip
import pickle
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from analysis.data import dataset
from analysis.data.dataset import IDX_FILES, MNIST
from analysis.errors import DataError
from tests.made import tiny

# Counts of the labels 0 … 9, as everyone who has counted them reports them.
TRAIN_COUNTS = [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]
TEST_COUNTS = [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]

Arrays = dict[str, npt.NDArray[Any]]


def refused(name: str | Path) -> str:
    """Return the message with which a data set is refused, which names it."""
    with pytest.raises(DataError) as caught:
        dataset.load(str(name))
    assert caught.value.exit_code == 2
    assert str(name) in str(caught.value)
    return str(caught.value)


def test_mnist_is_mnist() -> None:
    """Sizes, label counts, the first labels and the range of pixels are those of the real data."""
    data = dataset.load("mnist")
    assert data.x_train.shape == (60000, 784)
    assert data.x_test.shape == (10000, 784)
    assert data.x_train.dtype == data.x_test.dtype == np.uint8
    assert np.bincount(data.y_train).tolist() == TRAIN_COUNTS
    assert np.bincount(data.y_test).tolist() == TEST_COUNTS
    assert data.y_train[:10].tolist() == [5, 0, 4, 1, 9, 2, 1, 3, 1, 4]
    assert (data.x_train.min(), data.x_train.max()) == (0, 255)
    assert float(data.x_train.mean()) / 255 == pytest.approx(0.1307, abs=5e-5)
    assert float(data.x_train.std()) / 255 == pytest.approx(0.3081, abs=5e-5)


def test_the_held_out_rows_are_the_last_fifth() -> None:
    """48,000 rows are trained on, 5,470 of them a one; of the 12,000 held out 1,272 are."""
    data = dataset.load("mnist")
    start = data.description.validation_start(0.2)
    assert start == 48000
    assert int((data.y_train[:start] == 1).sum()) == 5470
    assert int((data.y_train[start:] == 1).sum()) == 1272


def test_a_description_is_what_loading_finds(tmp_path: Path) -> None:
    """The quick look at a data set tells the same sizes and digest as reading all of it."""
    for name in ("mnist", str(tiny.write_npz(tmp_path / "d.npz"))):
        assert dataset.describe(name) == dataset.load(name).description


@pytest.fixture
def copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a copy of the MNIST folder that stands in for the project's own."""
    folder = tmp_path / "mnist"
    shutil.copytree(MNIST, folder)
    monkeypatch.setattr(dataset, "MNIST", folder)
    dataset.describe.cache_clear()
    return folder


def shortened(path: Path) -> None:
    """Cut a file in half."""
    data = path.read_bytes()
    path.write_bytes(data[: len(data) // 2])


def altered(path: Path) -> None:
    """Change one byte of what a gzip file holds."""
    data = bytearray(gzip.decompress(path.read_bytes()))
    data[-1] ^= 1
    path.write_bytes(gzip.compress(bytes(data), compresslevel=1))


def plain(path: Path) -> None:
    """Replace a file by what it holds, uncompressed."""
    path.write_bytes(gzip.decompress(path.read_bytes()))


def empty(path: Path) -> None:
    """Leave nothing in a file."""
    path.write_bytes(b"")


Y_TRAIN, Y_TEST, X_TEST = (f"{IDX_FILES[key]}.gz" for key in ("y_train", "y_test", "x_test"))


@pytest.mark.parametrize(
    ("spoil", "file", "said"),
    [
        (Path.unlink, Y_TRAIN, "is missing; restore it"),
        (shortened, Y_TRAIN, "is not a whole gzip file"),
        (plain, Y_TEST, "is not a whole gzip file"),
        (empty, X_TEST, "expected SHA-256"),
        (altered, Y_TEST, "expected SHA-256"),
    ],
)
def test_a_spoilt_file_of_mnist_is_named(
    copied: Path, spoil: Callable[[Path], None], file: str, said: str
) -> None:
    """A missing, short, foreign or altered file is named, with what is wrong about it."""
    spoil(copied / file)
    with pytest.raises(DataError) as caught:
        dataset.load("mnist")
    assert str(copied / file) in str(caught.value)
    assert said in str(caught.value)


def test_an_altered_file_is_named_with_both_checksums(copied: Path) -> None:
    """What was expected is in the list of checksums; what was found is the file's own."""
    altered(copied / Y_TEST)
    listed = (copied / "SHA256SUMS").read_text().split()
    with pytest.raises(DataError, match="10008 bytes uncompressed") as caught:
        dataset.load("mnist")
    words = str(caught.value).replace(",", "").replace(";", "").split()
    assert words[words.index("SHA-256") + 1] == listed[listed.index(IDX_FILES["y_test"]) - 1]
    assert len(words[words.index("found") + 1]) == 64


@pytest.mark.parametrize("spoil", [Path.unlink, empty, plain])
def test_a_look_at_spoilt_images_names_the_file(
    copied: Path, spoil: Callable[[Path], None]
) -> None:
    """Planning, which reads only headers, ends in the same kind of error as loading."""
    spoil(copied / X_TEST)
    with pytest.raises(DataError, match="t10k-images"):
        dataset.describe("mnist")


def test_a_gzip_file_of_something_else_is_not_an_idx_file(copied: Path) -> None:
    """A header that is not one of IDX is shown as found."""
    (copied / X_TEST).write_bytes(gzip.compress(b"PNG or the like"))
    with pytest.raises(DataError, match=r"is not an IDX file .* starts with 504e4720"):
        dataset.describe("mnist")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (None, "cannot be read"),
        (b"abc  other", "no checksum for train-images"),
        (b"\xff", "restore"),
    ],
)
def test_a_spoilt_list_of_checksums_is_named(
    copied: Path, content: bytes | None, said: str
) -> None:
    """Without the recorded checksums nothing is trusted."""
    listing = copied / "SHA256SUMS"
    listing.unlink() if content is None else listing.write_bytes(content)
    for use in (dataset.load, dataset.describe):
        with pytest.raises(DataError, match=rf"SHA256SUMS.*{said}"):
            use("mnist")


def fashion(rows: int = 40) -> Arrays:
    """Return arrays laid out as Keras ships Fashion-MNIST: 28 × 28 bytes and byte labels."""
    draw = np.random.default_rng(1)
    return {
        "x_train": draw.integers(0, 256, (rows, 28, 28), np.uint8),
        "y_train": np.arange(rows, dtype=np.uint8) % 10,
        "x_test": draw.integers(0, 256, (10, 28, 28), np.uint8),
        "y_test": np.arange(10, dtype=np.uint8),
    }


def saved(path: Path, arrays: Arrays) -> Path:
    """Write arrays as an .npz file; return its path."""
    np.savez(path, **arrays)  # type: ignore[arg-type]
    return path


def test_a_file_laid_out_as_keras_ships_them_is_read(tmp_path: Path) -> None:
    """Images become rows, pixel by pixel, and labels are kept."""
    arrays = fashion()
    data = dataset.load(str(saved(tmp_path / "fashion.npz", arrays)))
    assert data.x_train.tolist() == [image.ravel().tolist() for image in arrays["x_train"]]
    assert data.y_train.tolist() == arrays["y_train"].tolist()
    assert data.y_test.tolist() == list(range(10))
    description = data.description
    assert (description.train_samples, description.test_samples) == (40, 10)
    assert (description.features, description.classes) == (784, 10)


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, np.dtype(">f4")])
def test_images_of_floats_and_three_classes_are_read(tmp_path: Path, dtype: Any) -> None:
    """Floats are taken as they are, as float32; the labels say how many classes there are."""
    images = np.linspace(-1, 1, 24).reshape(6, 4).astype(dtype)
    labels = np.array([0, 1, 2, 2, 1, 0])
    arrays = {"x_train": images, "y_train": labels, "x_test": images[:2], "y_test": labels[:2]}
    data = dataset.load(str(saved(tmp_path / "floats.npz", arrays)))
    assert data.description.classes == 3
    assert data.x_train.dtype == np.float32
    assert np.array_equal(data.x_train, images.astype(np.float32))


def test_the_digest_follows_every_value_and_not_the_file(tmp_path: Path) -> None:
    """One pixel or one label more changes the digest; compression and the name do not."""
    arrays = fashion()
    digest = dataset.load(str(saved(tmp_path / "a.npz", arrays))).description.digest
    np.savez_compressed(tmp_path / "b.npz", **dict(reversed(arrays.items())))  # type: ignore[arg-type]
    assert dataset.load(str(tmp_path / "b.npz")).description.digest == digest
    seen = {digest}
    for name, array in arrays.items():
        changed = array.copy()
        changed.flat[3] ^= 1
        other = saved(tmp_path / f"{name}.npz", arrays | {name: changed})
        seen.add(dataset.load(str(other)).description.digest)
    wider = arrays | {"y_train": arrays["y_train"].astype(np.int64)}
    seen.add(dataset.load(str(saved(tmp_path / "wide.npz", wider))).description.digest)
    assert len(seen) == 6


def reals(*values: float) -> npt.NDArray[Any]:
    """Return forty 2 × 2 images of floats, the first of which starts with these values."""
    images = np.zeros((40, 4))
    images[0, : len(values)] = values
    return images.reshape(40, 2, 2)


BAD: list[tuple[Arrays, str]] = [
    ({"x_train": np.zeros(40, np.uint8)}, r"x_train has shape \(40,\)"),
    ({"x_train": np.zeros((0, 4), np.uint8)}, r"x_train has shape \(0, 4\)"),
    ({"x_test": np.zeros((10, 28, 0), np.uint8)}, r"x_test has shape \(10, 28, 0\)"),
    ({"x_train": np.zeros((40, 28, 28), np.int64)}, "x_train has dtype int64; expected uint8"),
    ({"x_train": np.zeros((40, 28, 28), bool)}, "x_train has dtype bool; expected uint8"),
    ({"x_train": np.zeros((40, 28, 28), complex)}, "x_train has dtype complex128"),
    ({"x_train": np.full((40, 28, 28), "a")}, "x_train has dtype <U1"),
    ({"x_train": reals(np.nan)}, "x_train holds values that are not finite"),
    ({"x_train": reals(np.inf)}, "x_train holds values that are not finite"),
    ({"x_train": reals(1e300)}, "x_train holds values that are not finite as float32"),
    ({"x_train": np.zeros((40, 27, 28), np.uint8)}, r"differ in shape: \(27, 28\) and \(28, 28\)"),
    ({"x_train": np.zeros((40, 28, 28))}, "differ in dtype"),
    ({"y_train": np.zeros(39, np.uint8)}, r"y_train has shape \(39,\); expected \(40,\)"),
    ({"y_train": np.zeros((40, 1), np.uint8)}, r"y_train has shape \(40, 1\); expected \(40,\)"),
    ({"y_test": np.zeros(9, np.uint8)}, r"y_test has shape \(9,\); expected \(10,\)"),
    ({"y_train": np.zeros(40)}, "y_train has dtype float64; expected whole-number"),
    ({"y_test": np.full(10, "a")}, "y_test has dtype <U1; expected whole-number"),
    ({"y_train": np.full(40, -1)}, "y_train ranges from -1 to -1"),
    ({"y_train": np.zeros(40, int)}, "y_train ranges from 0 to 0"),
    ({"y_train": np.full(40, 2**60)}, "y_train ranges from"),
    ({"y_test": np.full(10, 10)}, "y_test ranges from 10 to 10; expected .* 0 to 9"),
    ({"y_test": np.full(10, -1)}, "y_test ranges from -1 to -1"),
]


@pytest.mark.parametrize(("wrong", "said"), BAD, ids=[said for _, said in BAD])
def test_arrays_that_are_no_images_and_labels_are_refused(
    tmp_path: Path, wrong: Arrays, said: str
) -> None:
    """The message names the file, the array, what it is and what was expected."""
    path = saved(tmp_path / "wrong.npz", fashion() | wrong)
    with pytest.raises(DataError, match=said):
        dataset.load(str(path))
    refused(path)


@pytest.mark.parametrize("name", dataset.ARRAYS)
def test_a_missing_array_is_named(tmp_path: Path, name: str) -> None:
    """The message names the array that is missing and those that are there."""
    arrays = fashion()
    del arrays[name]
    message = refused(saved(tmp_path / "less.npz", arrays))
    assert f"has no array {name!r}; it has {', '.join(arrays)}" in message


def test_a_file_that_is_no_archive_of_arrays_is_refused(tmp_path: Path) -> None:
    """Text, nothing, a pickle, a lone array, objects, and a foreign zip are each refused."""
    path = tmp_path / "odd.npz"
    assert "neither" in refused(path)
    assert "neither" in refused(tmp_path)
    for content in (b"", b"text", pickle.dumps([1]), b"PK\x03\x04", b"PK\x05\x06" + bytes(18)):
        path.write_bytes(content)
        refused(path)
    with path.open("wb") as stream:
        np.save(stream, np.zeros((2, 2)))
    refused(path)
    objects = np.array([[1, None]] * 40, dtype=object)
    assert "plain arrays" in refused(saved(path, fashion() | {"x_train": objects}))
    with zipfile.ZipFile(path, "w") as archive:
        for name in dataset.ARRAYS:
            archive.writestr(f"{name}.npy", "not an array")
    refused(path)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_whatever_is_damaged_only_a_data_error_comes_out(
    tmp_path: Path, data: st.DataObject
) -> None:
    """A byte changed or a tail cut anywhere leaves a readable data set or makes a DataError."""
    whole = saved(tmp_path / "whole.npz", fashion(12)).read_bytes()
    content = bytearray(whole)
    place = data.draw(st.integers(0, len(whole) - 1))
    content[place] = data.draw(st.integers(0, 255))
    if data.draw(st.booleans()):
        del content[place:]
    path = tmp_path / "damaged.npz"
    path.write_bytes(content)
    with contextlib.suppress(DataError):
        assert dataset.load(str(path)).x_train.shape == (12, 784)
