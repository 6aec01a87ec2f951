"""Figures drawn by a second process while the build does other things, from the last one on."""

import contextlib
import multiprocessing
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.errors import stopping
from analysis.results.cache import Cache
from report.document.catalogue import Catalogue

if TYPE_CHECKING:
    from analysis.results.frames import Results

WORTH_IT = 4
"""Figures to draw from which a process of its own, which has to start and to import, saves time."""


@contextlib.contextmanager
def drawing(results: "Results", root: Path, cache: Cache) -> Iterator[None]:
    """Let another process fill the cache with figures that it lacks, as long as the block runs.

    It begins with the last and the build with the first, so that they meet; what both draw at once
    is the same. Nothing depends on it: what it has not drawn, the build draws itself.
    """
    catalogue = Catalogue(results, {}, cache, "", root)
    missing = [name for name in catalogue.figures if not cache.has(catalogue.figure_key(name))]
    if cache.folder is None or len(missing) < WORTH_IT:
        yield
        return
    context = multiprocessing.get_context("spawn")
    process = context.Process(target=_draw, args=(results, root, cache.folder), daemon=True)
    with stopping.withheld():
        process.start()
    try:
        yield
    finally:
        process.kill()
        process.join()
        process.close()


def _draw(results: "Results", root: Path, folder: Path) -> None:
    """Draw from the last figure to the first; one that fails is left to the build, to say so."""
    stopping.end_with_parent()
    catalogue = Catalogue(results, {}, Cache(folder), "", root)
    for name in reversed(catalogue.figures):
        with contextlib.suppress(Exception):
            catalogue.figure(name)
