"""The code behind figures and claims: the very functions that drew and tested them.

And where those are published.
"""

import json
from collections.abc import Iterable, Mapping
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

from analysis.claims import testing
from analysis.results.cache import Cache, digest
from analysis.study.names import slug
from report.figures.draw.drawn import Drawn
from report.prose import listings
from report.prose.listings import Listing


class Source(NamedTuple):
    """A function as HTML, its file, and its address where repository and commit are known."""

    name: str
    path: str
    html: str
    address: str

    @property
    def imports(self) -> str:
        """Return the anchor of what its file imports."""
        return f"imports-{slug(self.path.removesuffix('.py'))}"


class Code(NamedTuple):
    """The functions of each figure, painter first, and the test of each claim, by their names.

    And the imports of their files, by path.
    """

    figures: dict[str, list[Source]]
    tests: dict[str, list[Source]]
    imports: dict[str, list[Source]]


def sources(
    places: Mapping[str, Iterable[tuple[str, str]]], root: Path, repository: str, commit: str
) -> dict[str, list[Source]]:
    """Return the functions that stand in these places, each a file of `root` and a name in it."""
    return {
        name: [_source(listings.read(root, *place), repository, commit) for place in own]
        for name, own in places.items()
    }


def code(figures: Mapping[str, Drawn], root: Path, repository: str, commit: str) -> Code:
    """Return the functions of the figures and of every claim that is declared."""
    drawn = {name: each.code for name, each in figures.items()}
    tested = {name: [place] for name, place in testing.places().items()}
    paths = sorted({place[0] for own in (drawn, tested) for each in own.values() for place in each})
    heads = {path: listings.imports(root, path) for path in paths}
    return Code(
        sources(drawn, root, repository, commit),
        sources(tested, root, repository, commit),
        {path: [_source(head, repository, commit)] for path, head in heads.items() if head},
    )


def kept(
    cache: Cache,
    made_by: str,
    figures: Mapping[str, Drawn],
    root: Path,
    repository: str,
    commit: str,
) -> Code:
    """Return the same from the cache.

    `made_by` is the digest of all code; other code is set anew, and so is all of it by another
    Pygments.
    """
    key = digest("code", made_by, version("pygments"), repository, commit, *figures)
    text = cache.text(key, lambda: json.dumps(code(figures, root, repository, commit)))
    return Code(*(_named(part) for part in json.loads(text)))


def _named(kept: Mapping[str, list[list[str]]]) -> dict[str, list[Source]]:
    return {name: [Source(*part) for part in parts] for name, parts in kept.items()}


def _source(found: Listing, repository: str, commit: str) -> Source:
    lines = f"#L{found.first}-L{found.last}"
    address = f"{repository.rstrip('/')}/blob/{commit}/{found.path}{lines}"
    known = address if repository and commit else ""
    return Source(found.name, found.path, found.html(), known)
