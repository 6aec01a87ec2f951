"""The preview as a reader sees it: reloads, an error above the page, a word while it trains."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.accessibility.axe import assert_accessible
from tests.browser.opening import WAIT_MS
from tests.made.sites.previewed import Preview, starting

Start = Callable[[str], Preview]


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Give a function that starts a preview of a project with one answer."""
    yield from starting(tmp_path)


@pytest.fixture
def reader(browser: Browser, start: Start) -> Iterator[Page]:
    """Give a page whose console stays silent; it is closed before the server it looks at."""
    opened = browser.new_page(viewport={"width": 800, "height": 600})
    opened.set_default_timeout(WAIT_MS)
    said: list[str] = []
    opened.on("console", lambda message: said.append(message.text))
    opened.on("pageerror", lambda error: said.append(str(error)))
    yield opened
    opened.close()
    assert [each for each in said if "503" not in each] == []


def test_a_saved_answer_is_shown_where_the_reader_was(reader: Page, start: Start) -> None:
    """The open page reloads by itself and keeps its place and its anchor."""
    preview = start("One")
    preview.until(busy=False)
    reader.goto(f"{preview.address}index.html#p90")
    before = reader.evaluate("scrollBy({top: 500, behavior: 'instant'}), scrollY")
    assert before > 500
    preview.write("Two")
    expect(reader.locator("h1")).to_have_text("Two")
    reader.wait_for_function("before => scrollY === before", arg=before)
    assert reader.url.endswith("#p90")


def test_an_error_lies_above_the_page_until_it_is_mended(reader: Page, start: Start) -> None:
    """It has place and message, is announced, closes by key or button, comes back, and goes."""
    preview = start("One")
    preview.until(busy=False)
    reader.goto(preview.address)
    preview.write("FAIL")
    alert = reader.get_by_role("alert")
    expect(alert).to_contain_text("report/answers/q1a.md:3")
    expect(alert).to_contain_text("there is no number 'x' for <b>He</b>")
    expect(reader.locator("h1")).to_have_text("One")
    reader.keyboard.press("Escape")
    expect(alert).to_be_hidden()
    reader.get_by_role("button", name="Show the error").click()
    expect(alert).to_be_visible()
    reader.get_by_role("button", name="Close").click()
    expect(alert).to_be_hidden()
    reader.reload()
    expect(alert).to_be_visible()
    preview.write("FRESH")  # a build that finds nothing to do mends it as well
    expect(alert).to_be_hidden()
    expect(reader.locator("h1")).to_have_text("One")
    preview.write("FAIL")
    expect(alert).to_be_visible()
    preview.write("Two")
    expect(reader.locator("h1")).to_have_text("Two")
    expect(alert).to_be_hidden()
    expect(reader.locator(".preview-notice")).to_be_hidden()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_error_is_legible(reader: Page, start: Start, scheme: str) -> None:
    """The accessibility checker finds nothing on it, in either theme and on a phone."""
    preview = start("FAIL")
    preview.until(fault=...)
    reader.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    reader.goto(preview.address)
    for width in (800, 320):
        reader.set_viewport_size({"width": width, "height": 600})
        expect(reader.get_by_role("alert")).to_be_visible()
        assert_accessible(reader)
        assert reader.evaluate("document.documentElement.scrollWidth") <= width
    reader.keyboard.press("Escape")
    assert_accessible(reader)


def test_a_first_build_that_fails_is_shown_and_then_the_site(reader: Page, start: Start) -> None:
    """With no site yet the error stands above a page that turns into the site."""
    preview = start("FAIL")
    preview.until(fault=...)
    reader.goto(preview.address)
    expect(reader.get_by_role("alert")).to_contain_text("report/answers/q1a.md:3")
    preview.write("One")
    expect(reader.locator("h1")).to_have_text("One")
    expect(reader.get_by_role("alert")).to_be_hidden()


def test_training_is_a_line_in_the_corner(reader: Page, start: Start) -> None:
    """It says what is trained and how far it is, hides no page, and is gone with the training."""
    preview = start("One")
    preview.until(busy=False)
    reader.goto(preview.address)
    preview.write("TRAIN")
    notice = reader.get_by_role("status")
    expect(notice).to_have_text(
        "Training 2 of 3 runs on 1 worker: about 1 minute.", use_inner_text=True
    )
    expect(reader.get_by_role("alert")).to_be_hidden()
    preview.go("1")
    expect(notice).to_contain_text("Done: 1 of 2.")
    preview.go("2")
    expect(reader.locator("h1")).to_have_text("TRAIN")
    expect(notice).to_be_hidden()
