"""Links followed for real, and what a page weighs."""

from pathlib import Path
from urllib.parse import unquote, urlsplit
from urllib.request import url2pathname

import pytest

from tests.browser.opening import FRAME, NAMES, Opener, sampled

FIRST_PAGE = 600_000
ANY_PAGE = 1_000_000
READ = """() => [
  [...document.querySelectorAll("[href], [src]")]
    .map(each => each.href?.animVal ?? each.href ?? each.src)
    .map(each => new URL(each, document.baseURI).href),
  [...document.querySelectorAll("[id]")].map(each => each.id)]"""
LOADED = (
    f"""async () => {{ {FRAME}"""
    """
  for (let top = 0; top < document.body.scrollHeight; top += innerHeight) {
    scrollTo({top, behavior: "instant"});
    await frame();
    await frame();
  }
  const all = ["navigation", "resource"].flatMap(kind => performance.getEntriesByType(kind));
  return all.map(each => [new URL(each.name).pathname, each.encodedBodySize]);
}"""
)


@pytest.mark.parametrize(
    "disk", [pytest.param(False, marks=pytest.mark.slow), True], ids=["http", "file"]
)
def test_no_link_inside_of_the_site_is_dead(open_page: Opener, disk: bool) -> None:
    """Each address answers, and each anchor is found on its page once its scripts have run."""
    page = open_page.blank()
    home = open_page.address("", disk=disk).removesuffix(".html")
    links: set[tuple[str, str]] = set()
    anchors: set[tuple[str, str]] = set()
    for name in NAMES:
        page.goto(open_page.address(name, disk=disk))
        addresses, ids = page.evaluate(READ)
        parts = [urlsplit(each) for each in addresses if each.startswith(home)]
        links |= {(each.path, unquote(each.fragment)) for each in parts}
        anchors |= {(name, each) for each in ids}
    assert len(links) > 200
    dead = []
    for path in {path for path, _ in links if not path.endswith("/report.pdf")}:
        if disk:
            dead += [] if Path(url2pathname(path)).is_file() else [path]
        elif page.request.get(f"{open_page.server}{path[1:]}").status != 200:
            dead.append(path)
    # With a sign of equality it is a setting of the laboratory, and no place on a page.
    led = {(Path(path).stem, anchor) for path, anchor in links if anchor and "=" not in anchor}
    assert dead == []
    assert {each for each in led if each[0] in NAMES} <= anchors


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
