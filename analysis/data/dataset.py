"""A data set, loaded by its name (idx.py) or from a file (npz.py), or what a plan needs of it."""

import hashlib
import math
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path

import numpy as np

from analysis.data import idx, npz
from analysis.data.checks import Features, check
from analysis.data.guessing import Guess, equal, guess
from analysis.data.labels import Labels, numbered
from analysis.data.scaling import BYTES, scaled
from analysis.errors import StudyError

BUILT_IN = tuple(idx.FOLDERS)
"""Data sets that the project carries, by name."""
CREDITS = {
    idx.MNIST: "Y. LeCun, C. Cortes and C. J. C. Burges (1998), CC BY-SA 3.0",
    idx.FASHION: "H. Xiao, K. Rasul and R. Vollgraf (2017), MIT",
}
"""Who made them, and their licence."""
Share = tuple[float, float]
"""A validation split, and the fraction of the rows of every part that is used."""


@dataclass(frozen=True)
class Description:
    """What a plan and a report need to know of a data set: its digest, its sizes, its classes."""

    name: str
    digest: str
    train_samples: int
    test_samples: int
    features: int
    classes: int
    pixels: str = BYTES
    """The range of the pixels in the file, one of `scaling.RANGES`."""
    labels: str = ""
    """The labels in the file, in words, where they are not 0 … classes - 1."""
    guesses: tuple[Guess, ...] = ()
    """What guessing is worth on the rows that a study uses, for each share of them."""
    image: tuple[int, ...] = field(default=(), compare=False, repr=False)
    """The shape of a row in the file; of data that are not there, nothing."""

    @property
    def side(self) -> int | None:
        """Return the side of the images in pixels, where they are square and have one channel.

        A row that is no image in the file is taken for a square one where it can be.
        """
        side = math.isqrt(self.features)
        shapes = ((), (self.features,), (side, side), (side, side, 1))
        return side if side**2 == self.features and self.image in shapes else None

    def guess(self, validation_split: float, data_fraction: float) -> Guess:
        """Return what guessing is worth on these rows; where it is not known, as on equal classes.

        It is not known of data whose description was published before it was recorded.
        """
        for each in self.guesses:
            if (each.validation_split, each.data_fraction) == (validation_split, data_fraction):
                return each
        return equal(self.classes, validation_split, data_fraction)

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


def load(name: str, path: Path | None = None, used: tuple[Share, ...] = ()) -> Dataset:
    """Return the data set of that name: one of `BUILT_IN`, or that of an .npz file at `path`.

    What guessing is worth is told for the shares `used` of the rows. Raises DataError, and
    StudyError for a name that no data set has, or another one has.
    """
    if path is None:
        _check_built_in(name)
        arrays, digest = idx.load(idx.FOLDERS[name])
    elif name.casefold() in BUILT_IN:
        raise StudyError(
            f"dataset: {path} cannot be called {name!r}, which the project carries; give it "
            f'another name, such as dataset = {{ path = "{path}", name = "Digits" }}'
        )
    else:
        arrays, digest = npz.load(path)
    where = str(path or name)
    check(arrays, where)
    y_train, y_test, words = numbered(arrays, where)
    x_train, x_test, pixels = scaled(arrays, where)
    if words or (pixels == BYTES) != (arrays["x_train"].dtype == np.uint8):
        # What is not taken as it stands makes other numbers, by rules that are part of it.
        digest = hashlib.sha256(f"{digest} {pixels} {words}".encode()).hexdigest()
    about = Description(
        name, digest, len(x_train), len(x_test), x_train.shape[1], len(np.unique(y_train)),
        pixels, words, image=arrays["x_train"].shape[1:],
    )  # fmt: skip
    about = _with_guesses(about, y_train, y_test, used, where)
    return Dataset(about, x_train, y_train, x_test, y_test)


def _with_guesses(
    about: Description, train: Labels, test: Labels, used: tuple[Share, ...], where: str
) -> Description:
    """Return the description with what guessing is worth on each share of the rows, of labels."""
    guesses = []
    for share in used:
        start, held_out = about.validation_start(share[0]), about.validation_rows(*share)
        rows = (
            train[: about.training_rows(*share)],
            train[start : start + held_out],
            test[: about.test_rows(share[1])],
        )
        if len(rows[0]):  # or else the plan is refused
            guesses.append(guess(rows, test, about.classes, share, where))
    return replace(about, guesses=tuple(guesses))


def _check_built_in(name: str) -> None:
    if name not in BUILT_IN:
        raise StudyError(
            f"dataset: the data set {name!r} has no file; give one of {', '.join(BUILT_IN)}, or a "
            'table such as dataset = { path = "letters.npz", name = "Letters" }'
        )


@lru_cache(maxsize=4)
def describe(name: str, path: Path | None = None, used: tuple[Share, ...] = ()) -> Description:
    """Return what `load` finds of a data set without keeping its arrays. Raises as `load` does.

    Of one in `BUILT_IN` this reads only the labels, the headers of the images and the recorded
    checksums, to which `load` holds the files.
    """
    if path is not None or name not in BUILT_IN:
        return load(name, path, used).description
    folder = idx.FOLDERS[name]
    shapes, digest = idx.shapes(folder)
    (train, *pixels), (test, *_) = shapes["x_train"], shapes["x_test"]
    y_train, y_test, words = numbered(idx.labels(folder), name)
    about = Description(
        name, digest, train, test, math.prod(pixels), len(np.unique(y_train)), BYTES, words,
        image=tuple(pixels),
    )  # fmt: skip
    return _with_guesses(about, y_train, y_test, used, name)
