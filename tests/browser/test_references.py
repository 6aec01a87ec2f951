"""What a reader sees of a link before following it, and the notes beside the text."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.opening import Opener


def number(page: Page) -> str:
    """Return the text of the first number of a page and point at it with the mouse."""
    first = page.locator("a.number").first
    first.hover()
    return first.inner_text()


@pytest.mark.parametrize("disk", [False, True])
def test_a_number_says_what_it_is_and_leads_to_its_runs(open_page: Opener, disk: bool) -> None:
    """On hover: metric, seeds and variant; from there, or by itself, to the rows behind it."""
    page = open_page("q3", disk=disk)
    number(page)
    window = page.locator("#popover")
    expect(window).to_contain_text("Mean test accuracy over 20 seeds: Zeros, in ")
    window.get_by_role("link", name="The 20 runs behind it").click()
    page.wait_for_url(re.compile(r"runs\.html\?experiment=base&variant=Zeros"))
    expect(page.locator("#runs-base-zeros")).to_be_visible()


def test_the_window_can_be_entered_and_closed(open_page: Opener) -> None:
    """The mouse may move into it; Escape closes it, and so does leaving it."""
    page = open_page("q3")
    number(page)
    window = page.locator("#popover")
    expect(window).to_be_visible()
    window.hover()
    page.wait_for_timeout(400)
    expect(window).to_be_visible()
    page.keyboard.press("Escape")
    expect(window).to_be_hidden()
    number(page)
    expect(window).to_be_visible()
    page.mouse.move(2, 500)
    expect(window).to_be_hidden()


def test_a_link_that_the_mouse_only_passes_opens_nothing(open_page: Opener) -> None:
    """Left after 50 ms, before its window would open, a link has none a second later."""
    page = open_page("q3")
    number(page)
    page.wait_for_timeout(50)
    page.mouse.move(2, 500)
    page.wait_for_timeout(900)
    expect(page.locator("#popover")).to_be_hidden()


def test_the_keyboard_follows_a_finger(open_page: Opener) -> None:
    """After a touch, focus by keyboard shows a window all the same and the first Enter leads on."""
    page = open_page("q3", context={"has_touch": True})
    page.locator("h1").tap()
    page.keyboard.press("Tab")
    first = page.locator("a.number").first
    first.focus()
    expect(page.locator("#popover")).to_be_visible()
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile("runs.html"))


def test_a_short_text_describes_a_big_table(open_page: Opener) -> None:
    """Its caption is read with the link, five rows are shown, and the window ends on the screen."""
    page = open_page("q3", height=420)
    link = page.locator("main a.ref[data-preview='tab-choosing']").first
    link.evaluate("each => each.scrollIntoView({block: 'center', behavior: 'instant'})")
    link.hover()
    window = page.locator("#popover")
    expect(window).to_contain_text("more rows")
    assert window.locator("tbody tr").count() == 5
    told = page.locator(f"#{link.get_attribute('aria-describedby')}")
    expect(told).to_contain_text("Choosing an initializer")
    assert len(told.inner_text()) < 400
    assert window.get_attribute("role") is None
    box = window.bounding_box()
    assert box is not None
    assert box["y"] >= 0
    assert box["y"] + box["height"] <= 420


def test_one_escape_closes_the_window_alone(open_page: Opener) -> None:
    """A variant that was isolated before stays so until the next Escape."""
    page = open_page("q3")
    button = page.locator(".legend button").first
    button.click()
    number(page)
    expect(page.locator("#popover")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#popover")).to_be_hidden()
    expect(button).to_have_attribute("aria-pressed", "true")
    page.keyboard.press("Escape")
    expect(button).to_have_attribute("aria-pressed", "false")


def test_focus_shows_it_too(open_page: Opener) -> None:
    """With the keyboard the window opens on focus, describes the link, and closes on leaving."""
    page = open_page("q3")
    first = page.locator("a.number").first
    page.keyboard.press("Tab")  # focus moves by keyboard from here on
    first.focus()
    window = page.locator("#popover")
    expect(window).to_contain_text("Mean test accuracy")
    expect(first).to_have_attribute("aria-describedby", "popover-text")
    page.locator("h1").click()
    expect(window).to_be_hidden()
    expect(first).not_to_have_attribute("aria-describedby", "popover")


def test_the_first_tap_shows_and_the_second_leads(open_page: Opener) -> None:
    """A finger cannot hover: it gets the window first, and the link with the next tap."""
    page = open_page("q3", width=360, context={"has_touch": True, "is_mobile": True})
    first = page.locator("a.number").first
    first.tap()
    expect(page.locator("#popover")).to_be_visible()
    assert page.url.endswith("q3.html")
    box = page.locator("#popover").bounding_box()
    assert box is not None
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= 360
    first.tap()
    page.wait_for_url(re.compile("runs.html"))


@pytest.mark.parametrize(
    ("name", "link", "shown"),
    [
        ("q1", "a.ref[data-preview='q2d']", "Q2d. He initialization"),
        ("q3", "a.ref[data-preview='fig-accuracy']", "Accuracy over the epochs"),
        ("q2", "a.ref[data-preview='eq-sum']", "Var"),
        ("q3", "a.ref[data-preview='tab-choosing']", "Choosing an initializer"),
        ("q2", "a.cite[data-preview='ref-hanin2018']", "How to Start Training"),
    ],
)
def test_a_reference_previews_its_target(
    open_page: Opener, name: str, link: str, shown: str
) -> None:
    """Sections, figures, equations, tables and works show themselves, from disk as well."""
    page = open_page(name, disk=True)
    page.locator(link).first.hover()
    expect(page.locator("#popover")).to_contain_text(shown)
    ids = page.evaluate("[...document.querySelectorAll('[id]')].map((each) => each.id)")
    assert len(ids) == len(set(ids))


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
