"""The code behind the figures: the very functions that drew them, and where those are published."""

import json
from collections.abc import Mapping
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple

from analysis.results.cache import Cache, digest
from report.figures.draw.drawn import Drawn
from report.prose import listings
from report.prose.listings import Listing


class Source(NamedTuple):
    """A function as HTML, and its address where repository and commit are known, else nothing."""

    name: str
    html: str
    address: str


def sources(
    figures: Mapping[str, Drawn], root: Path, repository: str, commit: str
) -> dict[str, list[Source]]:
    """Return the functions of each figure, painter first."""
    return {
        name: [_source(listings.read(root, *place), repository, commit) for place in drawn.code]
        for name, drawn in figures.items()
    }


def kept(
    cache: Cache,
    made_by: str,
    figures: Mapping[str, Drawn],
    root: Path,
    repository: str,
    commit: str,
) -> dict[str, list[Source]]:
    """Return the same from the cache.

    `made_by` is the digest of all code; other code is set anew, and so is all of it by another
    Pygments.
    """
    key = digest("code", made_by, version("pygments"), repository, commit, *figures)
    text = cache.text(key, lambda: json.dumps(sources(figures, root, repository, commit)))
    return {name: [Source(*part) for part in parts] for name, parts in json.loads(text).items()}


def _source(found: Listing, repository: str, commit: str) -> Source:
    lines = f"#L{found.first}-L{found.last}"
    address = f"{repository.rstrip('/')}/blob/{commit}/{found.path}{lines}"
    return Source(found.name, found.html(), address if repository and commit else "")
