"""Figures that a second process draws while the build does other things."""

import multiprocessing
import time
from pathlib import Path

from analysis.results.cache import Cache
from build import ROOT
from report.document.catalogue import Catalogue
from report.pages import ahead
from tests.made.results.synthetic import synthetic_results


def test_the_cache_is_filled_from_the_last_figure_on(tmp_path: Path) -> None:
    """What the other process draws stands in the cache, the very text that the build would draw."""
    results, cache = synthetic_results(seeds=3, epochs=2), Cache(tmp_path / "cache")
    catalogue = Catalogue(results, {}, cache, "", ROOT)
    last = catalogue.figure_key("weight-sd")  # of those that these results can show
    with ahead.drawing(results, ROOT, cache):
        while not cache.has(last):
            time.sleep(0.05)
    own = Catalogue(results, {}, Cache(None), "", ROOT).figure("weight-sd")
    assert catalogue.figure("weight-sd") == own


def test_what_is_there_is_not_drawn_again(tmp_path: Path) -> None:
    """With few figures missing, or without a folder to keep them in, there is no process at all."""
    results = synthetic_results(seeds=3, epochs=2)
    with ahead.drawing(results, ROOT, Cache(None)):
        assert not multiprocessing.active_children()
    full = Cache(tmp_path)
    catalogue = Catalogue(results, {}, full, "", ROOT)
    for name in catalogue.figures[ahead.WORTH_IT - 1 :]:
        full.text(catalogue.figure_key(name), lambda: "drawn before")
    with ahead.drawing(results, ROOT, full):
        assert not multiprocessing.active_children()
