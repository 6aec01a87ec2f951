"""What the pixels of a data set range over, and how they come to the network."""

from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from analysis.data.checks import Arrays, Features, rows
from analysis.errors import DataError


class Range(NamedTuple):
    """Bounds of pixels, what is done to them, and the factor that does it."""

    low: float
    high: float
    words: str
    factor: float = 1.0


BYTES, STANDARD = "0 to 255", "mean near 0, deviation near 1"
RANGES = {
    "0 to 1": Range(0, 1, "They are taken as they are."),
    BYTES: Range(0, 255, "They are divided by 255; nothing else is done to them.", 1 / 255),
    "-1 to 1": Range(-1, 1, "They are taken as they are."),
    STANDARD: Range(-np.inf, np.inf, "They are standardized already, and are taken as they are."),
}
"""The ranges that pixels may have, by what is recorded of them; the first that fits holds."""
DARKEST = 64
"""Bytes are not brought to 0–1 by 255 where none of them is at least so large."""
MEAN, DEVIATION = 0.5, (0.5, 2.0)
"""Standardized values have a mean so near to zero, and a standard deviation between these."""
DRIFT, FACTOR = 1.0, 3.0
"""So far apart may the means of training and test be that were standardized alike, and by such a
factor their standard deviations."""
WANTED = (
    "expected pixels from 0 to 255, from 0 to 1 or from -1 to 1, or standardized ones (mean near 0,"
    " standard deviation near 1)"
)


def scaled(arrays: Arrays, where: str) -> tuple[Features, Features, str]:
    """Return the training and the test images, (samples, features), and the range they had.

    Bytes from 0 to 255 stay bytes, which the engine divides by 255; floats of that range are
    divided here. The range is one of `RANGES`. Raises DataError for pixels of a range that no rule
    is known for, or of another one in the test set.
    """
    train, test = (rows(arrays[key]) for key in ("x_train", "x_test"))
    found = _range(train, where)
    if not _alike(train, test, found):
        raise DataError(
            f"{where}: x_test ranges from {test.min():g} to {test.max():g}, but x_train has pixels "
            f"of {found}; expected both to be scaled alike"
        )
    return _as(train, found), _as(test, found), found


def _range(pixels: Features, where: str) -> str:
    low, high = float(pixels.min()), float(pixels.max())
    if low >= 0 and high <= 1:
        return "0 to 1"
    if low >= 0 and DARKEST <= high <= 255:
        return BYTES
    if low >= -1 and low < 0 and high <= 1:
        return "-1 to 1"
    mean, deviation = _moments(pixels)
    if low < 0 and abs(mean) <= MEAN and DEVIATION[0] <= deviation <= DEVIATION[1]:
        return STANDARD
    raise DataError(
        f"{where}: x_train ranges from {low:g} to {high:g} (mean {mean:.3g}, standard deviation "
        f"{deviation:.3g}); {WANTED}"
    )


def _alike(train: Features, test: Features, found: str) -> bool:
    if found == STANDARD:
        means, deviations = zip(*(_moments(pixels) for pixels in (train, test)), strict=True)
        near = abs(means[0] - means[1]) <= DRIFT
        return bool(near and max(deviations) <= FACTOR * min(deviations))
    low, high = float(test.min()), float(test.max())
    return RANGES[found].low <= low and high <= RANGES[found].high and (found != BYTES or high > 1)


def _moments(pixels: Features) -> tuple[float, float]:
    """Return the mean and the standard deviation of all pixels."""
    return float(pixels.mean(dtype=float)), float(pixels.std(dtype=float))


def _as(pixels: Features, found: str) -> Features:
    if pixels.dtype == np.uint8 and found == BYTES:
        return pixels
    scaled: npt.NDArray[np.float32] = pixels.astype(np.float32) * np.float32(RANGES[found].factor)
    return scaled
