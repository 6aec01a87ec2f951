"""What a reader does on the pages, in Firefox from disk, where it is strictest."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.browser.firefox.session import ESCAPE, Firefox

Open = Callable[[str], Firefox]
COLOUR = "getComputedStyle(document.body).backgroundColor"


@pytest.fixture
def opened(firefox: Firefox, site: Path) -> Open:
    """A function that opens a page of the site from disk; its name may carry a query."""

    def open_page(name: str) -> Firefox:
        page, mark, query = name.partition("?")
        firefox.open(f"{site.resolve().as_uri()}/{page}.html{mark}{query}")
        return firefox

    return open_page


def test_the_button_changes_the_theme(opened: Open) -> None:
    """The first click makes a light page dark."""
    page = opened("index")
    before = page.evaluate(COLOUR)
    page.click("button.theme")
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    assert page.evaluate(COLOUR) != before
    page.evaluate("localStorage.clear()")


def test_a_number_and_a_term_explain_themselves(opened: Open) -> None:
    """A window opens under the pointer and closes with Escape."""
    page = opened("q1")
    for selector, said in (("main a.number", "runs"), ("main a.term", "")):
        page.hover(selector)
        page.wait("document.querySelector('#popover')?.checkVisibility()")
        assert said in page.evaluate("document.querySelector('#popover').textContent")
        page.type(ESCAPE)
        page.wait("!document.querySelector('#popover').checkVisibility()")


def test_the_search_finds_from_disk(opened: Open) -> None:
    """A slash and a query: the term comes first."""
    page = opened("q3")
    page.type("/", *"edge of chaos")
    page.wait("document.querySelector('.hits li a')")
    assert page.evaluate("document.querySelector('.hits a').textContent").startswith("Term")


def test_runs_are_filtered(opened: Open) -> None:
    """By the address first, then by a word that is typed."""
    page = opened("runs?experiment=base&variant=HeNormal")
    shown = "document.querySelector('.filters output').textContent"
    first = page.evaluate(shown)
    assert first.startswith("20 of ")
    page.click("input[name=q]")
    row = "#runs-base-henormal th[scope=row]"
    seed = page.evaluate(f"document.querySelector('{row} + td').textContent")
    page.type(*f"seed {seed}")
    page.wait(f"{shown}.startsWith('1 of ')")


def test_the_laboratory_draws_what_is_set(opened: Open) -> None:
    """Words and pictures follow a slider."""
    page = opened("laboratory")
    words = "document.querySelector('#signal-words').textContent"
    drawn = "document.querySelector('#line-signal').innerHTML"
    before = page.evaluate(f"[{words}, {drawn}]")
    page.evaluate("document.querySelector('#sd').focus()")
    page.type(*["\ue014"] * 5)  # to the right
    page.wait(f"{words} !== {before[0]!r}")
    assert page.evaluate(drawn) != before[1]


def test_a_product_is_no_larger_than_a_sum(opened: Open) -> None:
    """The sign of the product element by element is as tall as a plus, in a line and displayed."""
    page = opened("q1")
    heights = page.evaluate(
        """Object.fromEntries(["⊙", "+"].map((sign) => [sign, [...document.querySelectorAll("mo")]
          .filter((each) => each.textContent === sign)
          .map((each) => each.getBoundingClientRect().height
            / parseFloat(getComputedStyle(each).fontSize))]))"""
    )
    assert len(heights["⊙"]) >= 2
    assert max(heights["⊙"]) <= 1.15 * max(heights["+"])
