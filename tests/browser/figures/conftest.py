"""Two figures of made-up results."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.opening import WAIT_MS
from tests.made.results.synthetic import synthetic_results
from tests.made.sites import shared
from tests.made.sites import site as sites


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The real answers on synthetic results of the base experiment."""

    def build(out: Path) -> None:
        with shared.cache(tmp_path_factory, "synthetic") as cache:
            sites.build(synthetic_results(), out, cache)

    return shared.built(tmp_path_factory, "synthetic-site", build)


@pytest.fixture
def page(browser: Browser, site: Path) -> Iterator[Page]:
    """The page with two figures of the base experiment; an error on its console is a failure."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    context.set_default_timeout(WAIT_MS)
    opened = context.new_page()
    errors: list[str] = []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.on("console", lambda each: errors.append(each.text) if each.type == "error" else None)
    opened.goto((site / "q3.html").as_uri())
    yield opened
    context.close()
    assert errors == []
