"""What a reader meets without scripts, and the choice between light and dark."""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.opening import NAMES, Opener

# Where nothing but a script could show or use it: controls that a page reveals once it runs, and
# what it says. Of a figure's two drawings a wide page shows one.
SHOWN = """() => {
  const parts = "h1, h2, h3, h4, p, li, table, figure, svg, math, pre, nav a, .note";
  const folded = "[hidden], details:not([open]), template, dialog, svg *, .late, [role=status]";
  const kept = [...document.querySelectorAll(parts)].filter(
    each => !each.closest(`${folded}, .switches, .drawing.narrow`));
  const seen = each => each.checkVisibility({visibilityProperty: true, opacityProperty: true})
    && each.getClientRects().length > 0;
  return {
    figures: kept.filter(each => each.matches("figure, table")).length,
    unseen: kept.filter(each => !seen(each)).map(each => each.outerHTML.slice(0, 100)),
    useless: [...document.querySelectorAll(
      "button, select, canvas, dialog[open], [role=button], input:not(.note-switch, .sieve input)")]
      .filter(seen).map(each => each.outerHTML.slice(0, 100)),
  };
}"""
BACKGROUND = "getComputedStyle(document.body).backgroundColor"


@pytest.mark.parametrize("name", NAMES)
def test_without_scripts_everything_is_there(open_page: Opener, site: Path, name: str) -> None:
    """Every text, figure, table and note is in sight, and no control that would do nothing."""
    shown = open_page(name, width=1440, scripts=False, disk=True).evaluate(SHOWN)
    assert shown["unseen"] == []
    assert shown["useless"] == []
    if name in {"q1", "q2", "q3"}:
        html = (site / f"{name}.html").read_text("utf-8")
        assert shown["figures"] == html.count("<figure") + html.count("<table") > 5


def test_every_page_of_the_site_is_tested(site: Path) -> None:
    """No page is written that the tests of all pages do not know, and each has its own title."""
    assert sorted(path.stem for path in site.glob("*.html")) == sorted(NAMES)
    heads = [(site / f"{name}.html").read_text("utf-8").split("<body")[0] for name in NAMES]
    titles = [re.findall(r"<title>([^<]+)</title>", head) for head in heads]
    assert all(len(found) == 1 for found in titles)
    assert len({found[0] for found in titles}) == len(NAMES)
    assert all('<html lang="en">' in head for head in heads)


def test_the_theme_goes_round_and_changes_the_page(open_page: Opener) -> None:
    """From the system's theme first to the other one, then to the same, and round again.

    The system's own wish counts in the first only.
    """
    page = open_page("q1", theme="light")
    button = page.get_by_role("button", name="Theme")
    seen = []
    for _ in range(4):
        seen.append((button.inner_text().split()[-1], page.evaluate(BACKGROUND)))
        button.click()
    themes, colours = zip(*seen, strict=True)
    assert themes == ("system", "dark", "light", "system")
    assert colours[0] == colours[2] == colours[3] != colours[1]
    page.emulate_media(color_scheme="light")  # the choice is dark by now
    assert page.evaluate(BACKGROUND) == colours[1]
    button.click()
    button.click()
    page.emulate_media(color_scheme="dark")
    expect(button).to_contain_text("system")
    assert page.evaluate(BACKGROUND) == colours[1]
    button.click()
    expect(button).to_contain_text("light")
    assert page.evaluate(BACKGROUND) == colours[0]


def _note_first_theme(page: Page) -> None:
    """Let a page remember which theme it had when its body came into being."""
    page.add_init_script(
        """new MutationObserver((_, observer) => {
          if (!document.body) return;
          window.firstTheme = document.documentElement.dataset.theme ?? "none";
          observer.disconnect();
        }).observe(document, {childList: true, subtree: true});"""
    )


def test_a_chosen_theme_holds_on_every_page_from_the_first_moment(open_page: Opener) -> None:
    """The next page is dark before it has a body, so nothing flashes; from disk as well."""
    for disk in (False, True):
        page = open_page("index", disk=disk)
        _note_first_theme(page)
        button = page.get_by_role("button", name="Theme")
        button.click()
        dark = page.evaluate(BACKGROUND)
        for name in ("q2", "laboratory"):
            page.goto(open_page.address(name, disk=disk))
            assert page.evaluate("window.firstTheme") == "dark"
            assert page.evaluate(BACKGROUND) == dark
            expect(page.get_by_role("button", name="Theme")).to_contain_text("dark")
