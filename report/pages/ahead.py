"""Figures drawn by a second process while the build does other things, from the last one on."""

import contextlib
import gc
import sys
import warnings
from collections.abc import Iterator
from multiprocessing import get_context
from multiprocessing.process import BaseProcess
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.errors import stopping
from analysis.results.cache import Cache
from analysis.results.published import archive, manifest
from report import figures
from report.document.catalogue import Catalogue
from report.pages.compare.drawings import Made, same

if TYPE_CHECKING:
    from analysis.results.frames import Results

WORTH_IT = 4
"""Figures to draw from which a process of its own, which has to import, saves time."""


@contextlib.contextmanager
def drawing(
    results: "Results", root: Path, cache: Cache, published: Path | None = None
) -> Iterator[None]:
    """Let another process fill the cache with figures that it lacks, as long as the block runs.

    First those of the results, then those that look otherwise in the folder of `published` ones.
    It begins with the last and the build with the first, so that they meet; what one of them is
    drawing, the other does not. Nothing depends on it: what it has not drawn, the build draws.
    """
    catalogue = Catalogue(results, {}, cache, "", root)
    missing = [name for name in catalogue.figures if not cache.has(catalogue.figure_key(name))]
    if cache.folder is None or len(missing) < WORTH_IT:
        yield
        return
    figures.load(missing[0])  # and with it what draws, once for both
    gc.freeze()  # of all that is loaded, the collector finds nothing to free, again and again
    process = _process(results, root, cache.folder, published)
    with stopping.withheld(), warnings.catch_warnings():
        # Python warns of threads: those that are there wait, and hold no lock.
        warnings.simplefilter("ignore", DeprecationWarning)
        process.start()
    cache.shared = True
    try:
        yield
    finally:
        cache.shared = False
        gc.unfreeze()
        process.kill()
        process.join()
        process.close()
        cache.settled()


def _process(*given: object) -> BaseProcess:
    """Return what is to draw: a copy of this process, where libraries allow that."""
    start = "fork" if sys.platform == "linux" else "spawn"
    process: BaseProcess = get_context(start).Process(target=_draw, args=given, daemon=True)  # type: ignore[attr-defined]
    return process


def _draw(results: "Results", root: Path, folder: Path, published: Path | None) -> None:
    """Draw from the last figure to the first; one that fails is left to the build, to say so."""
    stopping.end_with_parent()
    cache = Cache(folder, quiet=True, shared=True)
    catalogue = Catalogue(results, {}, cache, "", root)
    for name in reversed(catalogue.figures):
        with contextlib.suppress(Exception):
            if not cache.begun(catalogue.figure_key(name)):
                catalogue.figure(name)
    with contextlib.suppress(Exception):
        _draw_published(published, catalogue, root)


def _draw_published(published: Path | None, catalogue: Catalogue, root: Path) -> None:
    """Draw the figures of published results that show other rows than those of the catalogue."""
    about = manifest.read(published) if published else None
    if published is None or about is None:
        return
    there = archive.read(published)
    made = Made(lambda: there, about["sha256"], root, catalogue.cache)
    for name in reversed(catalogue.figures):
        with contextlib.suppress(Exception):
            rows = made.rows(name)
            if rows and not same(rows, catalogue.figure(name).csv):
                made.drawing(name)
