"""What a plan needs to know of a data set, and the rows that are trained on."""

from pathlib import Path

import pytest

from analysis.data import dataset
from tests.made.results import tiny


def test_the_held_out_rows_are_the_last_fifth() -> None:
    """48,000 rows are trained on, 5,470 of them a one; of the 12,000 held out 1,272 are."""
    data = dataset.load("mnist")
    start = data.description.validation_start(0.2)
    assert start == 48000
    assert int((data.y_train[:start] == 1).sum()) == 5470
    assert int((data.y_train[start:] == 1).sum()) == 1272


def test_a_description_is_what_loading_finds(tmp_path: Path) -> None:
    """The quick look at a data set tells the same sizes and digest as reading all of it."""
    for given in (("mnist",), ("fashion-mnist",), ("Own", tiny.write_npz(tmp_path / "d.npz"))):
        described, loaded = dataset.describe(*given), dataset.load(*given).description
        assert (described, described.image) == (loaded, loaded.image)


@pytest.mark.parametrize(
    ("features", "image", "side"),
    [
        (784, (28, 28), 28),
        (784, (28, 28, 1), 28),
        (784, (784,), 28),
        (784, (), 28),
        (784, (14, 56), None),
        (784, (14, 14, 4), None),
        (12, (3, 4), None),
        (12, (), None),
    ],
)
def test_only_square_images_of_one_channel_have_a_side(
    features: int, image: tuple[int, ...], side: int | None
) -> None:
    """A row that was no image in the file may be one; an image that is not square stays none."""
    about = dataset.Description("d", "0", 10, 10, features, 2, image=image)
    assert about.side == side
