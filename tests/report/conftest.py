"""A report rendered once for all tests that look at it."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from analysis.results import Results
from report import pages
from tests.synthetic import synthetic_results


@dataclass(frozen=True)
class Rendered:
    """A rendered site, what it was made from, and the cache that was filled on the way."""

    results: Results
    report: pages.Report
    site: Path
    cache: Path


@pytest.fixture(scope="session")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Rendered:
    """The real answers on synthetic results, with nothing cached before."""
    folder = tmp_path_factory.mktemp("rendered")
    results = synthetic_results()
    report = pages.build_pages(results, None, folder / "site", cache=folder / "cache")
    return Rendered(results, report, folder / "site", folder / "cache")
