"""Arrays that are in order, and how a data set that is not is refused."""

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from analysis.data import dataset
from analysis.errors import DataError

Arrays = dict[str, npt.NDArray[Any]]


def read(path: Path) -> dataset.Dataset:
    """Return the data set in a file."""
    return dataset.load("Own", path)


def refused(path: Path) -> str:
    """Return the message with which a data set is refused, which names its file."""
    with pytest.raises(DataError) as caught:
        read(path)
    assert caught.value.exit_code == 2
    assert str(path) in str(caught.value)
    return str(caught.value)


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
