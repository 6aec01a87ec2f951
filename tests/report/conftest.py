"""A report rendered once for all tests that look at it."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from analysis.results.frames import Results
from report.output.writing.report import Report
from tests.made.results.synthetic import synthetic_results
from tests.made.sites import shared
from tests.made.sites.site import build


@dataclass(frozen=True)
class Rendered:
    """A rendered site, what it was made from, and the cache that was filled on the way."""

    results: Results
    report: Report
    site: Path
    cache: Path


@pytest.fixture(scope="session")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Rendered:
    """The real answers on synthetic results, drawn once for all processes."""
    site = tmp_path_factory.mktemp("rendered") / "site"
    results = synthetic_results()
    with shared.cache(tmp_path_factory, "synthetic") as cache:
        report = build(results, site, cache)
    return Rendered(results, report, site, cache)
