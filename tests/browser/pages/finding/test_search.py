"""Searching the report, by keyboard and by touch."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.accessibility.axe import check
from tests.browser.opening import Opener, Theme


def searched(page: Page, query: str) -> Page:
    """Return a page on which a slash and a query have been typed, once there are results."""
    page.keyboard.press("/")
    page.keyboard.type(query)
    expect(page.locator(".hits li").first).to_be_visible()
    return page


@pytest.mark.parametrize("disk", [False, True])
def test_a_word_is_found_from_the_keyboard_alone(open_page: Opener, disk: bool) -> None:
    """A slash, a query, an arrow, Enter; nothing of the search is loaded before it is used."""
    page = open_page("q3", disk=disk)
    assert page.evaluate("globalThis.finder.entries === undefined")
    searched(page, "edge of chaos")
    first = page.locator(".hits a").first
    expect(first).to_contain_text("TermEdge of chaosGlossary")
    assert first.locator("mark").all_inner_texts()[:3] == ["Edge", "of", "chaos"]
    expect(page.get_by_role("status")).to_have_text(re.compile(r"^\d+ results for “edge of chaos”"))
    page.keyboard.press("ArrowDown")
    expect(first).to_be_focused()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"glossary\.html#glossary-edge-of-chaos$"))


def test_escape_closes_one_thing_after_the_other(open_page: Opener) -> None:
    """From a hit to the field with its words, and from there back to the page."""
    page = searched(open_page("q1"), "variance")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Escape")
    field = page.get_by_role("searchbox", name="Search the report")
    expect(page.locator(".hits")).to_be_hidden()
    expect(field).to_be_focused()
    expect(field).to_have_value("variance")
    page.keyboard.press("Escape")
    expect(field).not_to_be_focused()


@pytest.mark.parametrize("key", ["ArrowDown", "Enter"])
def test_a_closed_list_opens_again(open_page: Opener, key: str) -> None:
    """After Escape an arrow or Enter brings back what was found, and the next one works in it."""
    page = searched(open_page("q1"), "variance")
    page.keyboard.press("Escape")
    expect(page.locator(".hits")).to_be_hidden()
    page.keyboard.press(key)
    expect(page.locator(".hits li").first).to_be_visible()
    page.keyboard.press("ArrowDown")
    expect(page.locator(".hits a").first).to_be_focused()


def test_enter_takes_the_first_hit(open_page: Opener) -> None:
    """The name of an equivalence test leads to its term."""
    page = searched(open_page("index"), "TOST")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"glossary\.html#glossary-equivalence"))


def test_kinds_are_told_apart(open_page: Opener) -> None:
    """A claim, a figure, a work and a group of runs are found as what they are."""
    page = open_page("methods")
    kinds = {"glorot-is-later": "claim", "figure 7": "figure", "schuirmann 1987": "reference"}
    for query, kind in kinds.items():
        page.locator(".search input").fill(query)
        expect(page.locator(f'.hits [data-kind="{kind}"]').first).to_be_visible()


def test_a_run_is_found_by_the_beginning_of_its_identity(open_page: Opener) -> None:
    """Eight characters lead to its row on the page of runs."""
    runs = open_page("runs")
    short = runs.evaluate("runs.index.tables.depth.columns[0].texts[3]")
    page = searched(open_page("q2"), short[:8])
    expect(page.locator(".hits a").first).to_contain_text(short)
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(rf"runs\.html\?experiment=depth.*#run-{short}"))


def test_what_is_nowhere_is_not_found(open_page: Opener) -> None:
    """Where nothing fits, that is said and announced."""
    page = open_page("q1")
    page.keyboard.press("/")
    page.keyboard.type("xylophone quartz")
    expect(page.get_by_role("status")).to_contain_text("Nothing found for “xylophone quartz”.")
    expect(page.locator(".hits")).to_contain_text("Nothing found for “xylophone quartz”.")


def test_a_very_long_word_stays_in_the_list(open_page: Opener) -> None:
    """Of five thousand letters the line repeats some, and breaks them."""
    page = open_page("q1", width=360)
    page.locator(".search input").fill("a" * 5000)
    expect(page.locator(".hits")).to_contain_text("Nothing found for “aaa")
    assert len(page.locator(".hits").inner_text()) < 200
    assert page.locator(".hits").evaluate("each => each.scrollWidth <= each.clientWidth")


def test_a_failed_search_is_tried_again(open_page: Opener) -> None:
    """Without a connection the reader is told so; with the next letter it works."""

    def refuse(route: Route) -> None:
        route.abort()

    page = open_page("q1")
    page.route("**/search/index.js", refuse)
    page.keyboard.press("/")
    page.keyboard.type("g")
    expect(page.locator(".hits")).to_contain_text("could not be loaded")
    page.unroute("**/search/index.js")
    page.keyboard.type("ain")
    expect(page.locator(".hits li").first).to_be_visible()
    open_page.problems.clear()


def test_without_scripts_no_field_is_shown(open_page: Opener) -> None:
    """A field that could do nothing is not there."""
    expect(open_page("q1", scripts=False).locator(".search input")).to_be_hidden()


@pytest.mark.parametrize(("width", "theme"), [(360, "dark"), (1280, "light")])
def test_the_list_is_accessible_and_fits(open_page: Opener, width: int, theme: Theme) -> None:
    """With results open a page breaks no rule of axe, and nothing is wider than the window."""
    page = searched(open_page("q1", width=width, theme=theme), "gain")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert check(page).violations == []  # the contrast of what lies below the list stays open


def test_a_term_explains_itself(open_page: Opener) -> None:
    """On hover and on focus its entry is shown, and the link leads there."""
    page = open_page("q1", disk=True)
    term = page.locator("a.term", has_text="depth scale").first
    term.hover()
    expect(page.locator("#popover")).to_contain_text("over which gradients and small differences")
    term.click()
    page.wait_for_url(re.compile(r"glossary\.html#glossary-depth-scale$"))


def test_the_first_tap_explains_and_the_second_leads(open_page: Opener) -> None:
    """On a telephone a term opens its window before it is followed."""
    page = open_page("q1", width=360, context={"has_touch": True})
    term = page.locator("a.term").first
    term.tap()
    expect(page.locator("#popover")).to_be_visible()
    term.tap()
    page.wait_for_url(re.compile(r"glossary\.html#glossary-"))
