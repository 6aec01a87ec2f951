"""The page of runs alone, of made-up results."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.opening import WAIT_MS
from tests.made.sites import run_page, shared


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address, on disk, of the page of 42 runs: of four experiments 12, 12, 6 and 12."""
    folder = shared.built(tmp_path_factory, "run-page", run_page.write)
    return (folder / "site" / "runs.html").as_uri()


@pytest.fixture
def cut(browser: Browser) -> Iterator[Page]:
    """A page that may lose its scripts, but throws no error."""
    thrown: list[str] = []
    context = browser.new_context(viewport={"width": 1440, "height": 900})
    context.set_default_timeout(WAIT_MS)
    opened = context.new_page()
    opened.on("pageerror", lambda error: thrown.append(str(error)))
    yield opened
    context.close()
    assert thrown == []


@pytest.fixture
def page(cut: Page) -> Iterator[Page]:
    """A page on which nothing may be said on the console, either."""
    said: list[str] = []
    cut.on("console", lambda message: said.append(message.text))
    yield cut
    assert said == []
