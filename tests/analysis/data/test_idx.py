"""MNIST as it is known to be, and every kind of damage to its files named."""

import gzip
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from analysis.data import dataset, idx
from analysis.data.idx import FILES, FOLDERS
from analysis.errors import DataError

# Counts of the labels 0 … 9, as everyone who has counted them reports them.
TRAIN_COUNTS = [5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949]
TEST_COUNTS = [980, 1135, 1032, 1010, 982, 892, 958, 1028, 974, 1009]


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


def test_fashion_mnist_is_fashion_mnist() -> None:
    """Sizes, ten equal classes, the first labels and the range of pixels are those of its paper."""
    data = dataset.load("fashion-mnist")
    assert (data.x_train.shape, data.x_test.shape) == ((60000, 784), (10000, 784))
    assert np.bincount(data.y_train).tolist() == [6000] * 10
    assert np.bincount(data.y_test).tolist() == [1000] * 10
    assert data.y_train[:10].tolist() == [9, 0, 0, 3, 0, 2, 7, 2, 5, 5]
    assert (data.x_train.min(), data.x_train.max()) == (0, 255)
    assert float(data.x_train.mean()) / 255 == pytest.approx(0.2860, abs=5e-5)
    assert float(data.x_train.std()) / 255 == pytest.approx(0.3530, abs=5e-5)
    guess = dataset.describe("fashion-mnist").guess(0.2, 1.0)
    assert (guess.chance, guess.balanced) == (0.1, True)


@pytest.mark.parametrize("name", dataset.BUILT_IN)
def test_a_data_set_stands_beside_who_made_it(name: str) -> None:
    """Its folder has a README with the licence, and the page of methods names its makers."""
    readme = (FOLDERS[name] / "README.md").read_text(encoding="utf-8")
    credit = dataset.CREDITS[name]
    assert credit.rpartition(", ")[2] in readme
    assert credit.partition(" (")[0].rpartition(" ")[2] in readme


@pytest.fixture
def copied(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """Give a copy of the MNIST folder that stands in for the project's own."""
    folder = tmp_path / "mnist"
    shutil.copytree(FOLDERS["mnist"], folder)
    monkeypatch.setitem(idx.FOLDERS, "mnist", folder)
    dataset.describe.cache_clear()
    yield folder
    dataset.describe.cache_clear()


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


Y_TRAIN, Y_TEST, X_TEST = (f"{FILES[key]}.gz" for key in ("y_train", "y_test", "x_test"))


@pytest.mark.parametrize(
    ("spoil", "file", "said"),
    [
        (Path.unlink, Y_TRAIN, "there is no such file; restore it"),
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
    assert words[words.index("SHA-256") + 1] == listed[listed.index(FILES["y_test"]) - 1]
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
        (b"abc  other", "no checksum for train-images.*restore it"),
        (b"\xff", "1: is not UTF-8 text.*restore it"),
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
