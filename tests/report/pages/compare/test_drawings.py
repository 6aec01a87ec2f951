"""The figures of two sides: which differ, and what is shown of each."""

from dataclasses import replace
from pathlib import Path

import pytest

from analysis.claims.against import earlier
from report.pages.compare.drawings import Drawing, Figures, Left, moved, same
from tests.report.pages.compare.test_words import ACCOUNT

SVG = '<svg width="90pt" height="60pt"></svg>'


class Rows:
    """A side with these rows, by the name of the figure."""

    def __init__(self, **rows: str) -> None:
        self._rows = rows

    def rows(self, name: str) -> str | None:
        """The rows of a figure."""
        return self._rows.get(name)

    def drawing(self, name: str) -> Drawing:
        """A figure without a drawing."""
        return Drawing("", name, self._rows[name])


@pytest.mark.parametrize(
    ("old", "new", "alike"),
    [
        ("a,b\n1,x\n", "a,b\n1,x\n", True),
        ("a,b\n0.1234567891,x\n", "a,b\n0.12345678914159,x\n", True),
        ("a,b\n1.0,x\n", "a,b\n1,x\n", True),
        ("a\n2.3\n7.969800530738998e-06\n", "a\n2.3\n7.9697903741249e-06\n", True),
        ("a,b\n0.97,x\n", "a,b\n0.97002,x\n", False),
        ("a,b\n1e-9,x\n", "a,b\n2e-9,x\n", False),
        ("a,b\n1,x\n1e-17,x\n", "a,b\n1,x\n0.0,x\n", True),
        ("a\n2.3\n3.1e-10\n", "a\n2.3\n2.9e-10\n", True),
        ("a\n2.3\n3.1e-6\n", "a\n2.3\n2.9e-6\n", False),
        ("a,b\n1,x\n", "a,b\n1,y\n", False),
        ("a,b\n,x\n", "a,b\n1,x\n", False),
        ("a,b\n1,x\n", "a,b\n1,x\n2,x\n", False),
        ("a,b\n1,x\n", "a,c\n1,x\n", False),
        ("a,b\n1,x\n", "a\n1\n", False),
        ("a\ninf\n", "a\n3\n", False),
        ('a,b\n1,"x, y"\n', 'a,b\n1,"x, y"\n', True),
    ],
)
def test_rows_are_the_same_up_to_what_publishing_rounds_away(
    old: str, new: str, alike: bool
) -> None:
    """Ten digits of a number are kept; a name, a row or a column that differs is another table."""
    assert same(old, new) is alike
    assert same(new, old) is alike


def test_a_figure_of_one_side_alone_has_moved() -> None:
    """The other side has no drawing of it; what neither has is not told of."""
    found = moved(Rows(one="a\n1\n", both="a\n1\n"), Rows(two="a\n1\n", both="a\n1\n"),
                  ["two", "one", "both", "none"])  # fmt: skip
    assert [(each.name, each.before is None, each.after is None) for each in found.moved] == [
        ("two", True, False),
        ("one", False, True),
    ]
    assert found.alike == ("both",)
    assert moved(Rows(), Rows(), ["none"]) == Figures()


@pytest.mark.parametrize("spoil", ["", "gone", "empty", "text", "binary", "folder"])
def test_a_drawing_that_is_left_is_read_or_is_none(tmp_path: Path, spoil: str) -> None:
    """A site that was altered costs a drawing, not the build."""
    file = tmp_path / earlier.FIGURES / "loss.svg"
    file.parent.mkdir()
    file.with_suffix(".csv").write_text("a\n1\n")
    if spoil == "folder":
        file.mkdir()
    elif spoil != "gone":
        file.write_bytes(
            {"empty": b"", "text": b"<html>", "binary": b"\xff"}.get(spoil, SVG.encode())
        )
    left = Left(replace(ACCOUNT, figures={"loss": "Falls."}), tmp_path, last=True)
    assert left.rows("loss") == (None if spoil else "a\n1\n")
    assert left.rows("accuracy") is None
    if not spoil:
        assert left.drawing("loss") == Drawing(SVG, "Falls.", "a\n1\n")
        assert left.drawing("loss").size == (120, 80)
