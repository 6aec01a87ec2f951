"""Where one is: the first screens of the first page, the header, the contents, all claims."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.opening import Opener, sampled

BOTTOM = "each => each.getBoundingClientRect().bottom + scrollY"
LEFT = "each => each.getBoundingClientRect().left"
BELOW = """([anchor]) => {
  const header = document.querySelector("header.site").getBoundingClientRect();
  const place = document.getElementById(anchor).getBoundingClientRect();
  return [place.top - header.bottom, innerHeight - place.top, header.bottom];
}"""
STILL = {"reduced_motion": "reduce"}


def lowest(page: Page, selector: str) -> float:
    """Return where on the page the last of some elements ends, in px."""
    bottoms: list[float] = page.locator(selector).evaluate_all(f"all => all.map({BOTTOM})")
    return max(bottoms)


def test_the_first_screen_says_what_came_out(open_page: Opener) -> None:
    """Day, machine and five findings with their verdicts; the questions are in the second."""
    page = open_page("index", height=800)
    assert page.locator(".abstract > ol > li").count() == 5
    assert page.locator(".abstract > ol > li:not(:has(.verdict))").count() == 0
    assert page.locator(".made time").count() == 1
    assert lowest(page, ".made, .abstract > ol > li") <= 800
    assert page.locator(".overview .questions li").count() == 9
    assert lowest(page, ".overview .questions li") <= 1600


def test_on_a_phone_the_first_screen_begins_with_the_findings(open_page: Opener) -> None:
    """What it was made of, what was asked, and the first finding; the questions follow.

    The other findings are to the right of the first, each within reach of a finger.
    """
    page = open_page("index", width=360, height=800)
    assert lowest(page, ".made, .abstract > .answer") < 800
    assert page.locator(".abstract > ol > li .verdict").first.evaluate(BOTTOM) < 800
    assert lowest(page, ".overview .questions li") <= 1600
    cards = page.locator(".abstract > ol > li")
    assert cards.nth(1).evaluate(LEFT) < 360 < cards.nth(2).evaluate(LEFT)
    cards.last.scroll_into_view_if_needed()
    assert cards.last.evaluate("each => each.getBoundingClientRect().right") <= 360


@pytest.mark.parametrize("width", [1280, 768, 360])
@pytest.mark.parametrize("name", sampled("q2", "methods"))
def test_no_heading_hides_behind_the_header(open_page: Opener, name: str, width: int) -> None:
    """It stays on top, takes less than a tenth of the window, and what is led to is below it."""
    page = open_page(name, width=width, context=STILL)
    anchors = page.locator("main h2[id]:visible").evaluate_all("all => all.map(each => each.id)")
    for anchor in anchors[:4]:
        page.evaluate("anchor => { location.hash = anchor; }", anchor)
        above, below, height = page.evaluate(BELOW, [anchor])
        assert above >= 0, anchor
        assert below > 0, anchor
        assert height < 90


@pytest.mark.parametrize("width", [1280, 360])
def test_the_open_page_is_in_sight_in_the_header(open_page: Opener, width: int) -> None:
    """The row of pages has words for names, and is scrolled to the one that is open."""
    page = open_page("runs", width=width)
    names = page.locator("header.site li").all_inner_texts()
    assert names[:3] == ["Why it matters", "Techniques", "In practice"]
    expect(page.locator("header.site [aria-current]")).to_be_in_viewport(ratio=0.9)


def test_contents_fold_on_a_phone_without_scripts(open_page: Opener) -> None:
    """They open on demand, and list the headings of each answer; on a wide screen they are open."""
    page = open_page("q2", width=360, scripts=False)
    part = page.locator("nav.contents li li a").first
    expect(part).to_be_hidden()
    page.locator("nav.contents summary").click()
    expect(part).to_be_visible()
    wide = open_page("q2", width=1440, scripts=False)
    expect(wide.locator("nav.contents li li a").first).to_be_visible()
    expect(wide.locator("nav.contents summary")).to_be_hidden()


def test_a_way_leads_back_to_the_top(open_page: Opener) -> None:
    """From anywhere on a page."""
    page = open_page("q2", width=360, context=STILL)
    page.evaluate("scrollTo(0, 5000)")
    page.locator("header.site .up").click()
    page.wait_for_function("scrollY === 0")


@pytest.mark.parametrize("width", [1280, 360])
def test_claims_are_sifted_by_verdict_without_scripts(open_page: Opener, width: int) -> None:
    """Only those of the chosen verdict are shown; each leads to where it is stated."""
    page = open_page("methods", width=width, scripts=False)
    rows = page.locator('[data-name="claims"] tbody tr')
    total, few = rows.count(), rows.filter(has=page.locator(".inconclusive")).count()
    assert 0 < few < total
    page.locator('.sieve [value="inconclusive"]').check()
    expect(rows.filter(visible=True)).to_have_count(few)
    page.locator('.sieve [value="all"]').check()
    expect(rows.filter(visible=True)).to_have_count(total)
    assert page.locator('[data-name="claims"] td a[href*="#claim-"]').count() == total


def test_without_scripts_the_menu_says_that_it_goes_on(open_page: Opener) -> None:
    """On a phone it takes the room that no search needs, fades at its edge, and ends before it."""
    page = open_page("replications", width=390, scripts=False)
    menu = page.locator("header.site nav")
    box = menu.bounding_box()
    assert box is not None
    assert box["x"] + box["width"] > 330
    expect(menu).to_have_css("mask-image", re.compile("linear-gradient"))
    last = menu.locator("li").last
    last.locator("a").focus()
    end = last.bounding_box()
    assert end is not None
    assert end["x"] + end["width"] <= box["x"] + box["width"]
