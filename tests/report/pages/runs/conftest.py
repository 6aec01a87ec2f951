"""Results of four experiments, and the page of their runs."""

from xml.etree.ElementTree import Element

import html5lib
import pytest

from analysis.results.frames import Results
from report.document.outline import RUNS
from report.output.site.build import page_html
from report.output.writing.report import Report
from report.pages.runs.records import RunTable
from report.pages.runs.rows import run_tables
from tests.made.sites import run_page


@pytest.fixture(scope="module")
def measured() -> Results:
    """Results of the four experiments."""
    return run_page.results()


@pytest.fixture(scope="module")
def tables(measured: Results) -> tuple[RunTable, ...]:
    """The runs as the page lists them."""
    return run_tables(measured)


@pytest.fixture(scope="module")
def report(measured: Results, tmp_path_factory: pytest.TempPathFactory) -> Report:
    """A report around them."""
    return run_page.report_of(measured, tmp_path_factory.mktemp("desk"))


@pytest.fixture(scope="module")
def page(report: Report) -> Element:
    """The page of runs, parsed strictly."""
    html = page_html(report, RUNS)
    html5lib.HTMLParser(strict=True).parse(html)
    parsed: Element = html5lib.parse(html, namespaceHTMLElements=False)
    return parsed
