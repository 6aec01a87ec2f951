"""What CITATION.cff says of the report: who wrote it, and where its code is."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Citation:
    """Names of the authors, and the address of the code, which may be unknown."""

    authors: tuple[str, ...] = ()
    repository: str = ""


def read(path: Path) -> Citation:
    """Return what a CITATION.cff file says; nothing where there is no such file."""
    import yaml

    if not path.is_file():
        return Citation()
    about = yaml.safe_load(path.read_text("utf-8"))
    names = (
        person.get("name") or f"{person['given-names']} {person['family-names']}"
        for person in about.get("authors", [])
    )
    return Citation(tuple(names), str(about.get("repository-code") or ""))
