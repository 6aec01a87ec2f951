"""Every page by keyboard alone."""

import pytest
from playwright.sync_api import expect

from tests.browser.opening import NAMES, Opener, sampled

BATCH = 40
"""So many steps are taken before it is looked whether the end is reached."""
LISTEN = """() => {
  const stops = "a[href], button, input, select, textarea, summary, [tabindex]";
  const reachable = each => !each.disabled && each.tabIndex >= 0 && !each.closest("[inert]")
    && each.checkVisibility({visibilityProperty: true}) && each.getClientRects().length > 0
    // of radio buttons that belong together one takes the focus; arrows lead to the others
    && !(each.type === "radio" && each !== (document.querySelector(
      `input[type=radio][name="${each.name}"]:checked`) ?? document.querySelector(
      `input[type=radio][name="${each.name}"]`)));
  window.expected = [...document.querySelectorAll(stops)].filter(reachable);
  window.walked = [];
  const marked = each => {
    const style = getComputedStyle(each);
    return (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2)
      || style.boxShadow !== "none";
  };
  const inSight = each => {
    const box = each.getBoundingClientRect();
    return box.bottom > 0 && box.right > 0 && box.top < innerHeight && box.left < innerWidth;
  };
  addEventListener("focusin", ({target}) =>
    window.walked.push({target, good: marked(target) && inSight(target)}));
  return window.expected.length;
}"""
COMPARE = """() => {
  const text = each => each?.outerHTML.slice(0, 120);
  const scrolls = each => ["auto", "scroll"].includes(getComputedStyle(each).overflowX)
    || ["auto", "scroll"].includes(getComputedStyle(each).overflowY);
  const known = new Set(window.expected);
  const end = window.walked.findIndex(each => each.target === window.expected.at(-1));
  window.walked.length = end + 1;  // from there on it goes round again
  const order = window.walked.map(each => each.target).filter(each => known.has(each));
  const wrong = order.findIndex((each, place) => each !== window.expected[place]);
  return {
    reached: order.length,
    strangers: window.walked.map(each => each.target)
      .filter(each => !known.has(each) && !scrolls(each)).map(text),
    disorder: wrong < 0 ? [] : [text(order[wrong]), "instead of", text(window.expected[wrong])],
    unmarked: window.walked.filter(each => !each.good).map(each => text(each.target)),
  };
}"""


@pytest.mark.parametrize("name", sampled("index", "q1", "laboratory"))
def test_tab_reaches_everything_in_order_and_in_sight(open_page: Opener, name: str) -> None:
    """Each link, button and scrolled region takes the focus in the order of the text, marked.

    From the first to the last, and from there out of the page: nothing holds the focus.
    """
    page = open_page(name, context={"reduced_motion": "reduce"})
    if name == "laboratory":  # the last of what it draws and loads, one slice after the other
        expect(page.locator("#train")).to_be_enabled()
    stops = page.evaluate(LISTEN)
    while not page.evaluate("window.walked.some(each => each.target === window.expected.at(-1))"):
        assert page.evaluate("window.walked.length") <= 2 * stops
        for _ in range(BATCH):
            page.keyboard.press("Tab")
    found = page.evaluate(COMPARE)
    assert found["strangers"] == []
    assert found["disorder"] == []
    assert found["unmarked"] == []
    assert found["reached"] == stops


@pytest.mark.parametrize("name", NAMES)
def test_the_first_tab_skips_the_navigation(open_page: Opener, name: str) -> None:
    """The first link is seen once it has the focus, and leads past the header into the text."""
    page = open_page(name, width=360)
    page.keyboard.press("Tab")
    skip = page.locator(":focus")
    assert skip.get_attribute("href") == "#content"
    box = skip.bounding_box()
    assert box is not None
    assert min(box["x"], box["y"]) >= 0
    assert min(box["width"], box["height"]) >= 24
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    assert page.evaluate('document.activeElement.closest("#content") !== null')
