"""Links followed for real, and what a page weighs."""

from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit
from urllib.request import url2pathname

import pytest
from playwright.sync_api import Page

from tests.browser.opening import NAMES, Opener, sampled

FIRST_PAGE = 600_000
ANY_PAGE = 1_000_000
ADDRESSES = """() => [...document.querySelectorAll("[href], [src]")]
  .map(each => each.href?.animVal ?? each.href ?? each.src)
  .map(each => new URL(each, document.baseURI).href)"""
LOADED = """async () => {
  for (let top = 0; top < document.body.scrollHeight; top += innerHeight) {
    scrollTo({top, behavior: "instant"});
    await new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)));
  }
  const all = ["navigation", "resource"].flatMap(kind => performance.getEntriesByType(kind));
  return all.map(each => [new URL(each.name).pathname, each.encodedBodySize]);
}"""


def inside(open_page: Opener, page: Page, *, disk: bool) -> Iterator[tuple[str, str]]:
    """Yield path and fragment of each address on each page that leads into the site."""
    home = open_page.address("", disk=disk).removesuffix(".html")
    for name in NAMES:
        page.goto(open_page.address(name, disk=disk))
        for address in page.evaluate(ADDRESSES):
            if address.startswith(home):
                parts = urlsplit(address)
                yield parts.path, unquote(parts.fragment)


@pytest.mark.parametrize(
    "disk", [pytest.param(False, marks=pytest.mark.slow), True], ids=["http", "file"]
)
def test_no_link_inside_of_the_site_is_dead(open_page: Opener, site: Path, disk: bool) -> None:
    """Each address answers, and each anchor is found on its page once its scripts have run."""
    page = open_page.blank()
    links = set(inside(open_page, page, disk=disk))
    assert len(links) > 200
    dead = []
    for path in {path for path, _ in links if not path.endswith("/report.pdf")}:
        if disk:
            dead += [] if Path(url2pathname(path)).is_file() else [path]
        elif page.request.get(f"{open_page.server}{path[1:]}").status != 200:
            dead.append(path)
    for name in NAMES:
        page.goto(open_page.address(name, disk=disk))
        wanted = sorted({anchor for path, anchor in links if anchor and Path(path).stem == name})
        dead += page.evaluate("ids => ids.filter(id => !document.getElementById(id))", wanted)
    assert dead == []


def test_a_link_leads_to_its_place(open_page: Opener) -> None:
    """A click on a section in the contents brings the heading to the top of the window."""
    page = open_page("index", context={"reduced_motion": "reduce"})
    page.locator('main a[href="q1.html#q1c"]').first.click()
    page.wait_for_url("**/q1.html#q1c")
    top = page.locator("#q1c").evaluate("each => each.getBoundingClientRect().top")
    assert 0 <= top < 200


@pytest.mark.parametrize("name", sampled("index", "laboratory"))
def test_a_page_is_light(open_page: Opener, name: str) -> None:
    """With all it loads, uncompressed, the first page is under 600 kB, any page under 1 MB."""
    loaded = open_page(name).evaluate(LOADED)
    total = sum(size for _, size in loaded)
    print(f"{name}: {total / 1000:.0f} kB", sorted(loaded, key=lambda each: -each[1])[:5])
    assert 30_000 < total < (FIRST_PAGE if name == "index" else ANY_PAGE)
