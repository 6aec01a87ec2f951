"""A data set by name: its images and labels, or what a plan needs to know of it."""

import math
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from analysis.data import idx, npz
from analysis.data.checks import Features, check, rows

MNIST_CLASSES = 10
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
    arrays, digest = idx.load(idx.MNIST) if name == "mnist" else npz.load(Path(name))
    check(arrays, name)
    x_train, x_test = (rows(arrays[key]) for key in ("x_train", "x_test"))
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
    shapes, digest = idx.shapes(idx.MNIST)
    (train, *pixels), (test, *_) = shapes["x_train"], shapes["x_test"]
    return Description(name, digest, train, test, math.prod(pixels), MNIST_CLASSES)
