"""Two results side by side, as a person asks for it: published ones, and a store with a study."""

import re
from pathlib import Path

import html5lib
import pytest

from tests.build.door import SMALL, filled, runs_of, typed


@pytest.fixture
def stored(code: Path, small: Path, elsewhere: Path) -> Path:
    """Return a project with a store of the small study, which is also one with fewer seeds."""
    assert code == elsewhere
    filled(elsewhere / "results", runs_of(small))
    (elsewhere / "one.toml").write_text(SMALL.replace("seeds = 2", "seeds = 1"), "utf-8")
    return elsewhere


def test_two_studies_of_a_store_are_compared(stored: Path) -> None:
    """The page is whole, its lines are printed, and a second one takes its place."""
    asked = ("compare", "results", "results:one.toml")
    first, second = typed(*asked), typed(*asked)
    assert first == second
    code, out, err = second
    assert (code, err) == (0, "")
    lines = out.splitlines()
    assert " claims " in lines[0]
    assert "  seeds: 2 → 1" in lines
    assert lines[-1] == "comparison/index.html is ready."
    html = (stored / "comparison" / "index.html").read_text("utf-8")
    html5lib.HTMLParser(strict=True).parse(html)
    assert "<code>seeds: 2 → 1</code>" in html
    pictures = re.findall(r'<img src="(figures/([ab])/[a-z-]+.svg)"', html)
    assert {side for _, side in pictures} == {"a", "b"}
    assert all((stored / "comparison" / file).is_file() for file, _ in pictures)
    assert not (stored / "site").exists()
    assert 'href="runs' not in html


def test_published_results_are_a_side(stored: Path) -> None:
    """Against the store that they were made of nothing moves."""
    assert typed("publish")[0] == 0
    code, out, _ = typed("compare", "published", "results")
    assert code == 0
    assert out.startswith("Nothing differs from A: ")
    assert "<img" not in (stored / "comparison" / "index.html").read_text("utf-8")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["", "results"], "error: A: must be a folder of results, such as published or results"),
        (["results", " "], "error: B: must be a folder of results"),
        (["results", "nowhere"], "nowhere/runs.sqlite"),
        (["results", "results:other.toml"], "other.toml"),
        (["published:quick", "results"], "the published study is fixed"),
    ],
)
def test_a_side_that_is_none_is_told(stored: Path, words: list[str], told: str) -> None:
    """Nothing is written."""
    if words[0].startswith("published"):
        assert typed("publish")[0] == 0
    code, out, err = typed("compare", *words)
    assert (code, out) == (2, "")
    assert told in err
    assert not (stored / "comparison").exists()


def test_nothing_of_a_person_is_lost(stored: Path) -> None:
    """A folder of that name that no comparison has made is left alone."""
    (stored / "comparison").mkdir()
    (stored / "comparison" / "mine.txt").write_text("mine")
    code, _, err = typed("compare", "results", "results:one.toml")
    assert code == 2
    assert "comparison: holds mine.txt" in err
    assert (stored / "comparison" / "mine.txt").read_text() == "mine"


def test_an_answer_that_cannot_be_read_is_told_as_in_a_build(stored: Path) -> None:
    """By its place in the project, whatever folder that is."""
    (stored / "report" / "answers" / "q1a.md").write_bytes(b"## Q1a\n\xff")
    code, _, err = typed("compare", "results", "results:one.toml")
    assert code == 1
    assert err.startswith("error: report/answers/q1a.md:2: is not UTF-8 text")
    assert not (stored / "comparison").exists()
