"""What a data set must be: images and labels that belong together, for training and for test."""

import numpy as np
import numpy.typing as npt

from analysis.errors import DataError

ARRAYS = ("x_train", "y_train", "x_test", "y_test")
Arrays = dict[str, npt.NDArray[np.generic]]
Features = npt.NDArray[np.uint8] | npt.NDArray[np.float32]


def check(arrays: Arrays, where: str) -> None:
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
        if x.dtype.kind == "f" and not np.isfinite(rows(x)).all():
            raise DataError(f"{where}: x_{part} holds values that are not finite as float32")
        if y.dtype.kind not in "iub":
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


def rows(images: npt.NDArray[np.generic]) -> Features:
    """Return images as rows, (samples, features), uint8 or float32."""
    rows = images.reshape(len(images), -1)
    if rows.dtype == np.uint8:
        return rows.astype(np.uint8, copy=False)
    with np.errstate(over="ignore"):  # what float32 cannot hold is infinite, and refused as such
        return rows.astype(np.float32, copy=False)
