"""The site and what stands beside it: one build at a time puts a whole edition in its place."""

import contextlib
from collections.abc import Callable, Iterator
from pathlib import Path

from analysis.errors import InputError, StoreError, whole
from analysis.results.places import Places

MADE = "provenance.json"
"""What every site has, and hardly another folder."""
SHOWN = 3


@contextlib.contextmanager
def alone(site: Path, patience: float = -1) -> Iterator[None]:
    """Hold the only place from which a site may be written, as `store.building` does."""
    from analysis.results.stored import store

    with store.building(site.with_name(f".{site.name}"), patience):
        yield


@contextlib.contextmanager
def replacing(site: Path, then: Callable[[Path], object] = lambda folder: None) -> Iterator[Path]:
    """Give a new empty folder; when the block ends well, it takes the site's place.

    `then` adds to it what may follow the pages. When the block or that raises, the previous site is
    as it was. Hidden files stay. Raises InputError where something else is in the site's place, and
    WriteError where it cannot be written.
    """
    whole.recover(site)
    _refuse_others(site)
    with whole.replacing(site, keep=_is_a_persons, then=then) as new:
        yield new


def settle(site: Path) -> None:
    """Finish or undo what a killed build has left, unless another build is at work there."""
    if not whole.is_recovered(site):
        with contextlib.suppress(StoreError), alone(site, patience=0):
            whole.recover(site)


def settled(places: Places) -> Places:
    """Return the places of a project, its site settled: before anything else can fail."""
    settle(places.site)
    return places


def _refuse_others(site: Path) -> None:
    """Raise InputError for a file in the site's place, or a folder that no build has made."""
    if site.exists() and not site.is_dir():
        raise InputError(f"{site}: is no folder; it would be lost: move it away")
    found = sorted(each.name for each in site.iterdir()) if site.is_dir() else []
    names = [name for name in found if name != whole.OF_A_DISK and not _is_a_persons(name)]
    if names and MADE not in names:
        more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
        raise InputError(
            f"{site}: holds {', '.join(names[:SHOWN])}{more}, and no site that a build has made; "
            "it would be lost: move it away"
        )


def _is_a_persons(name: str) -> bool:
    """Tell whether it is what a person puts into a site to publish it, such as .nojekyll."""
    return name.startswith(".") and not name.endswith((".new", ".swap"))
