"""What follows from a source is made once, and anew for another source or another code."""

from pathlib import Path

import pytest

from analysis.results.cache import Cache
from report.prose.source.derived import Derived


class Maker:
    """Makes texts, and counts them."""

    def __init__(self) -> None:
        self.made = 0

    def __call__(self) -> str:
        """Return a text."""
        self.made += 1
        return f"x = {self.made}"


@pytest.fixture
def make() -> Maker:
    """Return a maker of texts."""
    return Maker()


def test_a_later_build_finds_what_was_made(tmp_path: Path, make: Maker) -> None:
    """Of the same source, by the same code, for the same use; any other makes its own."""
    found = [
        Derived(Cache(tmp_path), code).text(what, *sources, make=make)
        for code, what, *sources in [
            ("code", "faultless", "a"),
            ("code", "faultless", "a"),
            ("other code", "faultless", "a"),
            ("code", "asks", "a"),
            ("code", "faultless", "b"),
            ("code", "faultless", "a", ""),
            ("code", "faultless", "a"),
        ]
    ]
    assert found == ["x = 1", "x = 1", "x = 2", "x = 3", "x = 4", "x = 5", "x = 1"]


@pytest.mark.parametrize("damage", [b"", b"x = 9", b"\xff\xfe", None])
def test_a_damaged_entry_is_made_anew(tmp_path: Path, make: Maker, damage: bytes | None) -> None:
    """Emptied, replaced or cut: what an entry says it holds is what is run."""
    first = Derived(Cache(tmp_path), "code").python("a.md", "source", make=make)
    (entry,) = (path for path in tmp_path.rglob("*") if path.is_file())
    entry.write_bytes(entry.read_bytes()[:-1] if damage is None else damage)
    names: dict[str, int] = {}
    for code in (first, Derived(Cache(tmp_path), "code").python("a.md", "source", make=make)):
        exec(code, names)
        assert code.co_filename == "a.md"
    assert (names["x"], make.made) == (2, 2)


def test_what_is_refused_is_kept_nowhere(tmp_path: Path) -> None:
    """A source with a fault is looked through again by every build, and says so in each."""

    def refuse() -> str:
        raise ValueError("a number is typed")

    for _ in range(2):
        with pytest.raises(ValueError, match="typed"):
            Derived(Cache(tmp_path), "code").text("faultless", "a", make=refuse)
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]
