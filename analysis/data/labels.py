"""Labels as a network counts them, 0 … K - 1, and how frequent they are."""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from analysis.errors import DataError

Labels = npt.NDArray[np.int32]
MOST = 65_536
"""Classes that a data set may have."""
SHOWN = 6
"""Stretches of labels up to which they are listed."""


def numbered(
    arrays: Mapping[str, npt.NDArray[np.generic]], where: str
) -> tuple[Labels, Labels, str]:
    """Return the labels of training and test as places in the sorted labels of training.

    Each is (samples,). The third is what those labels are in the file, such as "1 … 26", and ""
    where they are the places themselves. Raises DataError where there is but one class, where there
    are so many that they are none, or where the test set has a label that training has not.
    """
    train, test = (_whole(arrays[key]) for key in ("y_train", "y_test"))
    known, places = np.unique(train, return_inverse=True)
    if len(known) < 2:
        raise DataError(
            f"{where}: y_train has the label {known[0]} everywhere; expected at least two classes"
        )
    if len(known) > min(MOST, len(train) / 2):
        raise DataError(
            f"{where}: y_train has {len(known)} different labels in {len(train)} rows; expected "
            "classes, each with several rows"
        )
    strange = np.setdiff1d(test, known)
    if len(strange):
        more = f" and {len(strange) - 1} more" if len(strange) > 1 else ""
        raise DataError(
            f"{where}: y_test has the label {strange[0]}{more}, which y_train has not; expected "
            f"labels of training, {spans(known.tolist())}"
        )
    plain = known[0] == 0 and known[-1] == len(known) - 1
    return (
        places.astype(np.int32),
        np.searchsorted(known, test).astype(np.int32),
        "" if plain else spans(known.tolist()),
    )


def _whole(labels: npt.NDArray[np.generic]) -> npt.NDArray[np.generic]:
    """Return labels as whole numbers: false and true are 0 and 1."""
    return labels.astype(np.uint8) if labels.dtype.kind == "b" else labels


def spans(numbers: Sequence[int]) -> str:
    """Return ascending whole numbers in words: "0, 5, 7 … 9"; of very many the ends."""
    stretches: list[list[int]] = []
    for number in numbers:
        if stretches and number == stretches[-1][-1] + 1:
            stretches[-1].append(number)
        else:
            stretches.append([number])
    if len(stretches) > SHOWN:
        return f"{numbers[0]} … {numbers[-1]}, with gaps"
    return ", ".join(
        f"{s[0]} … {s[-1]}" if len(s) > 2 else ", ".join(map(str, s)) for s in stretches
    )
