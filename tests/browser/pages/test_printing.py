"""Pages printed from the browser."""

import io

import pypdf
import pytest
from playwright.sync_api import expect

from tests.browser.opening import Opener

HEADINGS = """() => [...document.querySelectorAll("h1, main h2, main h3")]
  .filter(each => each.checkVisibility()).map(each => each.firstChild.textContent)"""


def letters(text: str) -> str:
    """Return the Latin letters and digits of a text alone: lines break anywhere in print."""
    return "".join(sign for sign in text if sign.isascii() and sign.isalnum())


@pytest.mark.parametrize("name", ["index", "q1", pytest.param("runs", marks=pytest.mark.slow)])
def test_a_printed_page_has_the_text_and_no_navigation(open_page: Opener, name: str) -> None:
    """On paper every heading is there, and nothing that is of use on a screen alone."""
    page = open_page(name, theme="dark")
    headings = page.evaluate(HEADINGS)
    turn = page.locator("nav.turn").inner_text()
    printed = pypdf.PdfReader(io.BytesIO(page.pdf(format="A4")))
    text = letters("".join(sheet.extract_text() for sheet in printed.pages))
    assert [each for each in headings if letters(each) not in text] == []
    for screen in ("On this page", "Skip to the text", "Theme: system"):
        assert letters(screen) not in text
    assert letters(turn) not in text


def test_a_printed_laboratory_has_no_heading_without_words(open_page: Opener) -> None:
    """What was not trained in the browser has no heading on paper; the key has its dot."""
    page = open_page("laboratory")
    expect(page.locator("#signal-words")).not_to_be_empty()
    page.emulate_media(media="print")
    heading = page.get_by_role("heading", name="Here, in your browser", include_hidden=True)
    expect(heading).to_be_hidden()
    expect(page.get_by_role("heading", name="The nearest measured network")).to_be_visible()
    page.evaluate("document.getElementById('train-words').textContent = 'Trained.'")
    expect(heading).to_be_visible()
    adjust = "each => getComputedStyle(each).printColorAdjust"
    assert page.locator(".bench .key .dots").evaluate(adjust) == "exact"
