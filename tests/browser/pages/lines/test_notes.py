"""The notes beside the text, and the contents that follow the reader."""

import pytest
from playwright.sync_api import expect

from tests.browser.opening import Opener, lay_out, sampled


def test_notes_stand_in_the_margin_of_a_wide_screen(open_page: Opener) -> None:
    """There, a note begins right of the text, at the height of its citation, with no switch."""
    page = open_page("q1", width=1440)
    paragraph = page.locator("main p:has(.note)").first
    note = paragraph.locator(".note").first
    cite = paragraph.locator("a.cite").first
    text, beside, call = (each.bounding_box() for each in (paragraph, note, cite))
    assert text is not None
    assert beside is not None
    assert call is not None
    assert beside["x"] >= text["x"] + text["width"]
    assert beside["x"] + beside["width"] <= 1440
    assert abs(beside["y"] - call["y"]) < 60
    expect(paragraph.locator(".note-switch").first).to_be_hidden()


BELOW = """[...document.querySelectorAll("main .note-switch + .note")].map((note) => {
  const call = note.parentElement.previousElementSibling ?? note.parentElement.parentElement;
  return note.getBoundingClientRect().top - call.getBoundingClientRect().bottom;
})"""


@pytest.mark.parametrize("name", sampled("guide", "q1"))
def test_notes_stand_near_their_lines(open_page: Opener, name: str) -> None:
    """None is pushed far down by those above it: it would stand beside what it is not about."""
    page = open_page(name, width=1440)
    lay_out(page)
    below = page.evaluate(BELOW)
    assert max(below, default=0) < 300


@pytest.mark.parametrize("scripts", [True, False])
def test_notes_open_in_the_text_of_a_narrow_screen(open_page: Opener, scripts: bool) -> None:
    """There, a switch shows the note below its line, by mouse and keyboard, without scripts too."""
    page = open_page("q1", width=360, scripts=scripts)
    note = page.locator("main .note").first
    switch = page.locator("main .note-switch").first
    expect(note).to_be_hidden()
    switch.check()
    expect(note).to_be_visible()
    switch.focus()
    page.keyboard.press("Space")
    expect(note).to_be_hidden()
    box = switch.bounding_box()
    assert box is not None
    assert min(box["width"], box["height"]) >= 24


def test_the_contents_follow_the_reader(open_page: Opener) -> None:
    """The section at the top of the window is the marked one in the contents beside it."""
    page = open_page("q2", width=1440)
    marked = page.locator("nav.contents [aria-current]")
    for anchor in ("q2c", "q2d", "q2b"):
        page.evaluate(
            f"document.getElementById('{anchor}').scrollIntoView({{behavior: 'instant'}})"
        )
        expect(marked).to_have_attribute("href", f"#{anchor}")
        expect(marked).to_have_count(1)
