"""The code behind the figures: the very functions that drew them, and where those are published."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from report import listing
from report.catalogue import Drawn
from report.listing import Listing


@dataclass(frozen=True)
class Source:
    """A function, and its address where the repository and the commit are known, else nothing."""

    listing: Listing
    address: str


def sources(
    figures: Mapping[str, Drawn], root: Path, repository: str, commit: str
) -> dict[str, list[Source]]:
    """Return the functions of each figure, painter first."""
    return {
        name: [_source(listing.read(root, *place), repository, commit) for place in drawn.code]
        for name, drawn in figures.items()
    }


def _source(found: Listing, repository: str, commit: str) -> Source:
    if not (repository and commit):
        return Source(found, "")
    lines = f"#L{found.first}-L{found.last}"
    return Source(found, f"{repository.rstrip('/')}/blob/{commit}/{found.path}{lines}")


def repository(citation: Path) -> str:
    """Return the address of the code in a CITATION.cff file; nothing where there is none."""
    import yaml

    if not citation.is_file():
        return ""
    return str(yaml.safe_load(citation.read_text("utf-8")).get("repository-code") or "")
