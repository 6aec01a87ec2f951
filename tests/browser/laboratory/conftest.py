"""The laboratory, open in a browser."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.laboratory.opening import opened
from tests.browser.opening import Opener


@pytest.fixture
def bench(open_page: Opener) -> Page:
    """The laboratory on a desktop."""
    return opened(open_page)


@pytest.fixture(scope="module")
def machine(browser: Browser, site: Path, server: str) -> Iterator[Page]:
    """The laboratory once for all tests that only compute in it, or that set it up whole."""
    opener = Opener(browser, site, server)
    yield opened(opener)
    opener.close()
    assert opener.problems == []
