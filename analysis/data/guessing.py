"""What guessing is worth on the rows of a data set that are used: the measure of all learning."""

import math
from dataclasses import dataclass

import numpy as np

from analysis.data.labels import Labels
from analysis.errors import DataError

LEVEL = 0.05
"""Classes count as equally frequent where the share of the most frequent one is no farther from
1 / classes than this share of the way from there to one."""
SURE = 20
"""Rows of a class that are not all missing by chance."""
ERRORS = 3.0
"""Standard errors by which a share of few rows may be farther off."""


@dataclass(frozen=True)
class Guess:
    """What an answer is worth that does not look at the image, on the rows that are used.

    Where the classes are about equally frequent, it is one of all classes alike: its accuracy is
    1 / classes and its loss ln classes. Else it follows their frequencies: its accuracy is the
    share of the most frequent class in the test rows, its loss the entropy of training labels.
    """

    validation_split: float
    data_fraction: float
    chance: float
    """An accuracy, as a fraction."""
    loss: float
    """In nats."""
    balanced: bool


def equal(classes: int, validation_split: float = 0.0, data_fraction: float = 1.0) -> Guess:
    """Return what guessing is worth where all classes are equally frequent."""
    return Guess(validation_split, data_fraction, 1 / classes, math.log(classes), True)


def guess(
    rows: tuple[Labels, Labels, Labels],
    whole: Labels,
    classes: int,
    share: tuple[float, float],
    where: str,
) -> Guess:
    """Return what guessing is worth on `rows`, the labels that are used.

    These are those of training, the held-out ones and those of the test, each (samples,); `whole`
    are all test labels, and `share` is the validation split and the fraction of the rows that leave
    these.
    Raises DataError where the training rows lack a class, or the held-out ones by no chance.
    """
    train, held_out, test = rows
    parts = np.bincount(train, minlength=classes), np.bincount(held_out, minlength=classes)
    expected = parts[0] * len(held_out) / len(train)
    for part, words, gone in (
        (train, "trains on", parts[0] == 0),
        (held_out, "holds out for validation", (parts[1] == 0) & (expected >= SURE)),
    ):
        if gone.any():
            raise DataError(
                f"{where}: the {len(part)} training rows that the study {words} have none of the "
                f"class {gone.argmax()} (counted from 0) of {classes}: shuffle the rows of the "
                "file, or use more of them"
            )
    most = float(np.bincount(test).max()) / len(test)
    if _level(whole, classes, 0.0) and _level(test, classes, ERRORS):
        return equal(classes, *share)
    return Guess(*share, most, _entropy(train), False)


def _level(labels: Labels, classes: int, errors: float) -> bool:
    """Tell whether no class is much more frequent than the others."""
    each = 1 / classes
    doubt = errors * math.sqrt(each * (1 - each) / len(labels))
    return float(np.bincount(labels).max()) / len(labels) - each <= LEVEL * (1 - each) + doubt


def _entropy(labels: Labels) -> float:
    counts = np.bincount(labels)
    shares = counts[counts > 0] / len(labels)
    return float(-(shares * np.log(shares)).sum())
