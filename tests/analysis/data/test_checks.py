"""Images and labels that belong together, and those that do not."""

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from analysis.data import dataset, npz
from analysis.errors import DataError
from tests.analysis.data.made import Arrays, fashion, read, refused, saved


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64, np.dtype(">f4")])
def test_images_of_floats_and_three_classes_are_read(tmp_path: Path, dtype: Any) -> None:
    """Floats are taken as they are, as float32; the labels say how many classes there are."""
    images = np.linspace(-1, 1, 24).reshape(6, 4).astype(dtype)
    labels = np.array([0, 1, 2, 2, 1, 0])
    arrays = {"x_train": images, "y_train": labels, "x_test": images[:2], "y_test": labels[:2]}
    data = read(saved(tmp_path / "floats.npz", arrays))
    assert data.description.classes == 3
    assert data.x_train.dtype == np.float32
    assert np.array_equal(data.x_train, images.astype(np.float32))


def reals(*values: float) -> npt.NDArray[Any]:
    """Return forty 2 × 2 images of floats, the first of which starts with these values."""
    images = np.zeros((40, 4))
    images[0, : len(values)] = values
    return images.reshape(40, 2, 2)


def bytes_to(high: int) -> npt.NDArray[np.uint8]:
    """Return forty images of bytes from 0 to `high`, as wide as those of `fashion`."""
    return np.resize(np.arange(high + 1, dtype=np.uint8), (40, 28, 28))


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
    ({"y_train": np.full(40, -1)}, "y_train has the label -1 everywhere; expected at least two"),
    ({"y_train": np.arange(40)}, "y_train has 40 different labels in 40 rows; expected classes"),
    ({"y_test": np.full(10, 10)}, "y_test has the label 10, which .* labels of training, 0 … 9"),
    ({"y_test": np.arange(10) - 2}, "y_test has the label -2 and 1 more"),
    ({"x_train": np.full((40, 28, 28), 7, np.uint8)}, "x_train ranges from 7 to 7"),
    ({"x_train": bytes_to(16)}, r"x_train ranges from 0 to 16 .*expected pixels from 0 to 255"),
    ({"x_train": bytes_to(255), "x_test": bytes_to(1)[:10]}, "x_test ranges from 0 to 1, but"),
]


@pytest.mark.parametrize(("wrong", "said"), BAD, ids=[said for _, said in BAD])
def test_arrays_that_are_no_images_and_labels_are_refused(
    tmp_path: Path, wrong: Arrays, said: str
) -> None:
    """The message names the file, the array, what it is and what was expected."""
    path = saved(tmp_path / "wrong.npz", fashion() | wrong)
    with pytest.raises(DataError, match=said):
        read(path)
    refused(path)


DRAW = np.random.default_rng(3)
SHADES = DRAW.random((40, 784))
"""Pixels from 0 to 1."""
RANGES: list[tuple[npt.NDArray[Any], str, float, bool]] = [
    (np.rint(255 * SHADES).astype(np.uint8), "0 to 255", 1.0, False),
    (255 * SHADES, "0 to 255", 1 / 255, True),
    (SHADES, "0 to 1", 1.0, False),
    (np.rint(SHADES).astype(np.uint8), "0 to 1", 1.0, True),
    (2 * SHADES - 1, "-1 to 1", 1.0, False),
    ((SHADES - 0.1307) / 0.3081, "refused", 1.0, False),
    ((SHADES - SHADES.mean()) / SHADES.std(), "mean near 0, deviation near 1", 1.0, False),
    (100 * (SHADES - 0.5), "refused", 1.0, False),
    (16 * SHADES, "refused", 1.0, False),
    (np.rint(20 * SHADES).astype(np.uint8), "refused", 1.0, False),
]
"""Training pixels, the range they are told to have, the factor that they are multiplied by, and
whether they are no longer what older versions took them for."""


@pytest.mark.parametrize(("images", "said", "factor", "other"), RANGES)
def test_pixels_are_scaled_by_their_own_range(
    tmp_path: Path, images: npt.NDArray[Any], said: str, factor: float, other: bool
) -> None:
    """Every range comes to the network near one; the rest is refused with what would be right."""
    arrays = fashion() | {"x_train": images, "x_test": images[:10]}
    path = saved(tmp_path / "pixels.npz", arrays)
    if said == "refused":
        assert "expected pixels from 0 to 255, from 0 to 1 or" in refused(path)
        return
    data, (_, content) = read(path), npz.load(path)
    assert data.description.pixels == said
    assert np.allclose(data.x_train, images * factor, rtol=1e-6)
    assert (data.x_train.dtype == np.uint8) == (said == "0 to 255" and images.dtype == np.uint8)
    assert (data.description.digest != content) == other


LABELS: list[tuple[npt.NDArray[Any], list[int], str]] = [
    (np.arange(40) % 13 + 1, list(range(13)), "1 … 13"),
    (np.arange(40) % 10, list(range(10)), ""),
    (np.arange(40) % 2 * 2 - 1, [0, 1], "-1, 1"),
    (np.arange(40) % 2 == 1, [0, 1], ""),
    (np.array([0, 5, 300])[np.arange(40) % 3], [0, 1, 2], "0, 5, 300"),
    (3 * (np.arange(40) % 13), list(range(13)), "0 … 36, with gaps"),
    (np.array([0, 1, 2, 9], np.int64)[np.arange(40) % 4], [0, 1, 2, 3], "0 … 2, 9"),
]
"""Training labels, what they are counted as, and how those in the file are told."""


@pytest.mark.parametrize(("labels", "counted", "said"), LABELS)
def test_labels_are_counted_from_nought_without_gaps(
    tmp_path: Path, labels: npt.NDArray[Any], counted: list[int], said: str
) -> None:
    """Whatever whole numbers the labels are, the network has as many outputs as there are."""
    arrays = fashion() | {"y_train": labels, "y_test": labels[:10]}
    data = read(saved(tmp_path / "labels.npz", arrays))
    assert data.description.classes == len(counted)
    order = sorted(set(labels.tolist()))
    assert data.y_train.tolist() == [order.index(each) for each in labels.tolist()]
    assert sorted(set(data.y_train.tolist())) == counted
    assert data.description.labels == said


GUESSES: list[tuple[list[int], float, float, bool, float]] = [
    ([0, 1] * 50, 1.0, 0.5, True, np.log(2)),
    ([0] * 9 + [1], 1.0, 0.9, False, 0.325083),
    ([0, 1] * 6 + [0] * 8, 1.0, 0.7, False, 0.610864),
    ([0] * 9 + [1], 0.5, 0.9, False, 0.325083),
    ([0, 1] * 3 + [0] + [0, 1] * 50, 0.06, 0.5, True, np.log(2)),
]
"""A tenth of the labels; the fraction used; what guessing is worth: its
accuracy, whether by equal classes, and its loss, by the entropy of the frequencies by hand."""


@pytest.mark.parametrize(("test", "share", "chance", "balanced", "loss"), GUESSES)
def test_guessing_is_what_the_classes_make_it(
    tmp_path: Path, test: list[int], share: float, chance: float, balanced: bool, loss: float
) -> None:
    """Where one class is plainly the most frequent, answering it is what learning must beat."""
    labels = np.tile(test, 10)
    images = np.resize(fashion()["x_test"], (len(labels), 28, 28))
    arrays = {"x_train": images, "y_train": labels, "x_test": images, "y_test": labels}
    path = saved(tmp_path / "two.npz", arrays)
    found = dataset.load("Two", path, ((0.2, share),)).description.guess(0.2, share)
    assert found.balanced == balanced
    assert found.chance == pytest.approx(chance)
    assert found.loss == pytest.approx(loss, rel=1e-5)


def test_a_file_sorted_by_class_is_refused(tmp_path: Path) -> None:
    """The first rows would be of some classes only, and the held-out ones of the others."""
    images = np.resize(fashion()["x_test"], (100, 28, 28))
    labels = np.repeat(np.arange(5), 20)
    arrays = {"x_train": images, "y_train": labels, "x_test": images, "y_test": labels}
    path = saved(tmp_path / "sorted.npz", arrays)
    with pytest.raises(DataError, match=r"80 .* trains on have none of the class 4 .*: shuffle"):
        dataset.describe("Sorted", path, ((0.2, 1.0),))
    two = arrays | {"y_train": np.repeat([0, 1], 50), "y_test": np.repeat([0, 1], 50)}
    path = saved(tmp_path / "two.npz", two)
    with pytest.raises(DataError, match=r"40 .* holds out for validation have none of the class 0"):
        dataset.describe("Two", path, ((0.4, 1.0),))
