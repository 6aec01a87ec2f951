"""What follows a folder completes it in its place, or the previous one returns."""

from pathlib import Path

import pytest

from analysis.errors import whole
from tests.campaign.whole.kinds import KINDS, fill
from tests.made.folders import contents


@pytest.mark.parametrize("there", KINDS)
@pytest.mark.parametrize("before", [False, True])
def test_what_follows_completes_a_folder(
    tmp_path: Path, way: str, there: str, before: bool
) -> None:
    """It is given the new folder, in place where that can be moved; what it adds is there."""
    real, place = KINDS[there](tmp_path / "site"), tmp_path / "site"
    if before:
        with whole.replacing(place) as new:
            fill(new, "old")

    def complete(folder: Path) -> None:
        assert (folder / "new").exists()
        assert (folder == real) is (way != "filled" or not before)
        (folder / "late").write_text("late")

    with whole.replacing(place, then=complete) as new:
        fill(new, "new")
    expected = {"index.html": "new", "both/a": "new", "new": "new", "late": "late"}
    assert contents(real) == expected
    assert not list(tmp_path.rglob(".*"))


@pytest.mark.parametrize("there", KINDS)
@pytest.mark.parametrize("before", [False, True])
def test_the_previous_folder_returns_where_what_follows_fails(
    tmp_path: Path, way: str, there: str, before: bool
) -> None:
    """All of it, or nothing where there was none; also where it is stopped by a person."""
    real, place = KINDS[there](tmp_path / "site"), tmp_path / "site"
    if before:
        with whole.replacing(place) as new:
            fill(new, "old")
    for error in (ZeroDivisionError, KeyboardInterrupt):

        def fail(folder: Path, error: type[BaseException] = error) -> None:
            (folder / "late").write_text("half")
            raise error

        with pytest.raises(error), whole.replacing(place, then=fail) as new:
            fill(new, "new")
        old = {"index.html": "old", "both/a": "old", "old": "old"}
        assert contents(real) == (old if before else {})
        assert not list(tmp_path.rglob(".*"))
