"""Pages in type that the reader has made larger."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser

from tests.browser.opening import Opener, lay_out
from tests.browser.pages.test_layout import SIDEWAYS
from tools import system

DOUBLE = """new MutationObserver((_, watch) => {
  if (!document.documentElement) return;
  document.documentElement.style.fontSize = "200%";
  watch.disconnect();
}).observe(document, {childList: true});"""


@pytest.fixture(scope="module")
def larger(browser: Browser) -> Iterator[Browser]:
    """A browser whose reader has chosen "very large" as the size of its type, 24 px."""
    launched = browser.browser_type.launch(
        executable_path=system.find_browser(),
        args=[*system.browser_arguments(), "--blink-settings=defaultFontSize=24"],
    )
    yield launched
    launched.close()


@pytest.mark.parametrize("name", ["index", "laboratory", "runs"])
def test_type_of_twice_its_size_reflows(open_page: Opener, name: str) -> None:
    """With text at 200 % a page is as wide as its window, on a phone and on a desktop."""
    page = open_page.blank(width=320)
    page.add_init_script(DOUBLE)
    page.goto(open_page.address(name))
    lay_out(page)
    for width in (320, 390, 1024, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(SIDEWAYS) == [], width


@pytest.mark.parametrize("name", ["index", "laboratory", "replications"])
def test_a_larger_default_size_reflows(larger: Browser, site: Path, server: str, name: str) -> None:
    """As a browser's own setting has it: what stands beside the text folds where it must."""
    opener = Opener(larger, site, server)
    page = opener(name, width=360)
    lay_out(page)
    for width in (360, 768, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(SIDEWAYS) == [], width
    opener.close()
    assert opener.problems == []


def test_findings_follow_the_abstract_at_any_width(open_page: Opener) -> None:
    """No note beside the abstract leaves a gap before the findings: they begin within two lines."""
    page = open_page("index")
    for width in (930, 1000, 1440):
        page.set_viewport_size({"width": width, "height": 900})
        above = page.locator(".abstract > p:has(+ ol)").bounding_box()
        findings = page.locator(".abstract > ol").bounding_box()
        assert above is not None
        assert findings is not None
        assert findings["y"] - above["y"] - above["height"] < 60, width
