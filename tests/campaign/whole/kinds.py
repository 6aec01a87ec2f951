"""The ways in which a place may lead to where a folder really is, and what is written there."""

from collections.abc import Callable
from pathlib import Path

KINDS: dict[str, Callable[[Path], Path]] = {}
"""How what is at a place may be there: a function that makes it and returns where it really is."""


def kind(function: Callable[[Path], Path]) -> Callable[[Path], Path]:
    """Add a kind."""
    KINDS[function.__name__] = function
    return function


@kind
def itself(place: Path) -> Path:
    """Nothing but the place."""
    return place


@kind
def by_a_link(place: Path) -> Path:
    """A relative link to a folder elsewhere."""
    (place.parent / "web").mkdir()
    place.symlink_to("web/html")
    return place.parent / "web" / "html"


@kind
def by_two_links(place: Path) -> Path:
    """A link to a link, the last one absolute."""
    (place.parent / "web").mkdir()
    (place.parent / "between").symlink_to(place.parent / "web" / "html")
    place.symlink_to("between")
    return place.parent / "web" / "html"


@kind
def into_nothing(place: Path) -> Path:
    """A link to what is in a folder that is still to be made."""
    place.symlink_to("to/be/made")
    return place.parent / "to" / "be" / "made"


def fill(folder: Path, text: str) -> None:
    """Write a small tree."""
    (folder / "both").mkdir()
    for name in ("index.html", "both/a", text):
        (folder / name).write_text(text)
