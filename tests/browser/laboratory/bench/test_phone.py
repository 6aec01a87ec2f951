"""The laboratory on a phone: whoever moves a control sees what it does."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.laboratory.opening import opened
from tests.browser.opening import Opener

SCREENS = [(360, 740), (412, 844)]
INSIDE = """() => {
  const head = document.querySelector("header.site").getBoundingClientRect().bottom;
  const box = document.getElementById("sd").getBoundingClientRect();
  const seen = [...document.querySelectorAll(".chart")].filter(each => {
    const {top, bottom, height} = each.getBoundingClientRect();
    return height > 60 && top >= head - 1 && bottom <= innerHeight && each.childElementCount;
  });
  return {control: box.top >= 0 && box.bottom <= innerHeight, charts: seen.length,
    covered: box.top < Math.max(0, ...seen.map(each => each.getBoundingClientRect().bottom))};
}"""


@pytest.mark.parametrize(("width", "height"), SCREENS)
def test_a_picture_is_in_view_while_the_deviation_is(
    open_page: Opener, width: int, height: int
) -> None:
    """Wherever the slider stands on the screen, a whole drawing stands there, too."""
    page = opened(open_page, width=width, height=height)
    places: list[dict[str, Any]] = []
    for y in range(0, 1200, 60):
        page.evaluate(f"scrollTo(0, {y})")
        places.append(page.evaluate(INSIDE))
    seen = [each for each in places if each["control"] and not each["covered"]]
    assert len(seen) >= 4
    assert all(each["charts"] for each in seen)


def test_the_picture_above_the_controls_follows_them(open_page: Opener) -> None:
    """It shows the signal or the gradient, says the deviation, and moves with the slider."""
    page = opened(open_page, width=360, height=740)
    chart, words = page.locator("#line-strip"), page.locator("#strip-words")
    before = chart.inner_html()
    expect(words).to_have_text("sd 0.0884, signal dies")
    page.locator("#sd").focus()
    page.keyboard.press("End")
    expect(words).to_have_text("sd 1.00, signal explodes")
    assert chart.inner_html() != before
    page.get_by_role("button", name="Gradient").click()
    expect(words).to_contain_text("sd 1.00, gradient explodes")
    assert page.get_by_role("button", name="Gradient").get_attribute("aria-pressed") == "true"


def test_it_is_not_there_beside_the_pictures(bench: Page) -> None:
    """On a desktop the controls stand beside the pictures themselves."""
    assert not bench.locator("#line-strip").is_visible()
    assert bench.locator("#line-signal").is_visible()
