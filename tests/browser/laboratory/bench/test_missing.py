"""The laboratory without its script."""

from playwright.sync_api import expect

from tests.browser.laboratory.opening import opened
from tests.browser.opening import Opener


def test_a_script_that_does_not_come_is_missed_aloud(open_page: Opener) -> None:
    """Then a sentence says so and leads to the stored figures; no void stands below the lead."""
    page = open_page.blank()
    page.route("**/laboratory.js", lambda route: route.abort())
    page.goto(open_page.address("laboratory"))
    line = page.locator(".late")
    expect(line).to_be_visible()
    expect(line).to_contain_text("a script that has not arrived")
    assert line.locator("a").get_attribute("href") == "#stored"
    heading = page.locator("#computed").bounding_box()
    assert heading is not None
    assert heading["y"] < 500
    open_page.problems[:] = [each for each in open_page.problems if "ERR_FAILED" not in each]


def test_where_the_script_is_nothing_is_said(open_page: Opener) -> None:
    """With the pictures drawn no sentence excuses them, then or later."""
    page = opened(open_page)
    assert page.locator(".late").evaluate("each => getComputedStyle(each).display") == "none"
