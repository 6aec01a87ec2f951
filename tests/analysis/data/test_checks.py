"""Images and labels that belong together, and those that do not."""

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from analysis.data import dataset
from analysis.errors import DataError
from tests.analysis.data.made import Arrays, fashion, refused, saved


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
