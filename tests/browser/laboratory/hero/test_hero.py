"""The small laboratory of the first page."""

import re
from itertools import pairwise

import pytest
from playwright.sync_api import Page, expect

from analysis.study import initializers
from tests.browser.opening import Opener

WORDS = "#hero-words"


def shown(open_page: Opener, **how: int | bool) -> Page:
    """The first page, with the small laboratory drawn."""
    page = open_page("index", **how)  # type: ignore[arg-type]
    expect(page.locator(WORDS)).not_to_be_empty()
    return page


@pytest.mark.parametrize(("width", "height"), [(1280, 800), (1440, 900)])
def test_the_first_screen_has_a_live_picture(open_page: Opener, width: int, height: int) -> None:
    """It stands there whole, and so do the five findings; nothing has moved when it came."""
    page = open_page.blank(width=width, height=height)
    page.add_init_script(
        """window.moved = 0;
        new PerformanceObserver(list => list.getEntries().forEach(each => moved += each.value))
          .observe({type: "layout-shift", buffered: true});"""
    )
    page.goto(open_page.address("index"))
    expect(page.locator(WORDS)).not_to_be_empty()
    bottom = "all => Math.max(...all.map(each => each.getBoundingClientRect().bottom))"
    for part in (".hero", ".abstract > ol > li"):
        assert page.locator(part).evaluate_all(bottom) <= height
    hero, findings = page.locator(".hero").bounding_box(), page.locator("main ol").bounding_box()
    assert hero is not None
    assert findings is not None
    assert hero["y"] + hero["height"] <= findings["y"]
    assert page.locator("#line-hero .dots").get_attribute("d")
    assert page.evaluate("moved") < 0.01


def test_the_slider_takes_the_signal_from_death_to_explosion(open_page: Opener) -> None:
    """From one end to the other the sentence and the picture follow; marks set their values."""
    page = shown(open_page)
    words, slider = page.locator(WORDS), page.locator("#hero-sd")
    chart = page.locator("#line-hero")
    expect(words).to_have_text(re.compile(r"^Glorot: the signal dies\. .*\(theory: 0\.500\)\.$"))
    before = chart.inner_html()
    page.get_by_role("button", name="He", exact=True).click()
    expect(words).to_have_text(re.compile(r"^He: the signal .*\(theory: 1\.00\)\.$"))
    assert chart.inner_html() != before
    page.get_by_role("button", name="Normal(0.05)").click()
    expect(words).to_contain_text("(theory: 0.160)")
    assert page.locator("#hero-shown").inner_text() == "0.0500"
    slider.press("Home")
    expect(words).to_have_text(re.compile(r"^The signal dies\."))
    slider.press("End")
    expect(words).to_have_text(re.compile(r"^The signal explodes\."))


def test_marks_stand_where_the_slider_does(open_page: Opener) -> None:
    """On a mark, its stroke is above the middle of the knob: the values of Python's own rules."""
    page = shown(open_page)
    kinds = {"Glorot": "GlorotNormal", "He": "HeNormal"}
    for name, kind in kinds.items():
        button = page.get_by_role("button", name=name, exact=True)
        sd = initializers.standard_deviation(kind, {}, 128, 128)
        assert float(button.get_attribute("data-sd") or 0) == pytest.approx(sd, rel=1e-5)
        button.click()
        expect(button).to_have_attribute("aria-pressed", "true")
        left, share, wide = page.evaluate(
            """name => {
              const slider = document.getElementById("hero-sd");
              const mark = [...document.querySelectorAll(".marks button")]
                .find(each => each.textContent === name);
              const share = (slider.value - slider.min) / (slider.max - slider.min);
              return [parseFloat(getComputedStyle(mark).left), share, slider.clientWidth];
            }""",
            name,
        )
        assert left == pytest.approx(8 + share * (wide - 16), abs=2)


@pytest.mark.parametrize("width", [1024, 1100, 1180, 1240, 1280])
def test_marks_stand_apart_within_the_frame(open_page: Opener, width: int) -> None:
    """However little room is left beside the text, no name of a value is printed upon another."""
    page = shown(open_page, width=width, height=800)
    boxes = page.locator(".marks button").evaluate_all(
        "all => all.map(each => each.getBoundingClientRect()).map(box => [box.left, box.right])"
    )
    frame = page.locator(".hero").bounding_box()
    assert frame is not None
    assert all(one[1] <= other[0] + 0.5 for one, other in pairwise(boxes))
    assert boxes[0][0] > frame["x"]
    assert boxes[-1][1] < frame["x"] + frame["width"]


def test_a_picture_that_does_not_come_is_missed_aloud(open_page: Opener) -> None:
    """Without its script a sentence stands in the frame, and no room is kept for a picture."""
    page = open_page.blank()
    page.route("**/hero.js", lambda route: route.abort())
    page.goto(open_page.address("index"))
    expect(page.locator(".hero .late")).to_be_visible()
    expect(page.locator(".hero .late")).to_contain_text("a script that has not arrived")
    assert page.locator(".hero").evaluate("each => each.offsetHeight") < 150
    open_page.problems[:] = [each for each in open_page.problems if "ERR_FAILED" not in each]


def test_the_laboratory_opens_with_the_same_network(open_page: Opener) -> None:
    """Its picture there is of the same kernels: factors agree but for the images they are of."""
    page = shown(open_page, disk=True)
    page.get_by_role("button", name="Normal(0.05)").click()
    expect(page.locator(WORDS)).to_contain_text("Normal(0.05)")
    factor = re.compile(r"mean square by ([\d.]+)")
    own = factor.search(page.locator(WORDS).inner_text())
    page.get_by_role("link", name="Set up any network in the laboratory").click()
    expect(page.locator("#sd-shown")).to_have_text("0.0500")
    expect(page.locator("#initializer")).to_have_value("RandomNormal")
    expect(page.locator("#corrected")).to_be_empty()
    expect(page.locator("#signal-words")).not_to_be_empty()
    there = factor.search(page.locator("#signal-words").inner_text())
    assert own is not None
    assert there is not None
    assert float(own[1]) == pytest.approx(float(there[1]), rel=0.02)


def test_on_a_phone_it_is_opened_at_will(open_page: Opener) -> None:
    """It is folded behind the findings, computes nothing until then, and fits the screen."""
    page = open_page("index", width=360, height=740)
    live = page.locator("#hero-live")
    expect(live).to_be_visible()
    assert page.locator(".hero").evaluate("each => each.getBoundingClientRect().bottom") < 2 * 740
    page.wait_for_timeout(500)
    assert page.locator("#line-hero").inner_html() == ""
    live.locator("summary").click()
    expect(page.locator(WORDS)).not_to_be_empty()
    page.locator("#hero-sd").scroll_into_view_if_needed()
    assert page.evaluate("document.documentElement.scrollWidth") == 360
    boxes = page.locator(".marks button").evaluate_all(
        "all => all.map(each => each.getBoundingClientRect()).map(box => [box.left, box.right])"
    )
    assert all(one[1] <= other[0] + 4 for one, other in pairwise(boxes))
    assert boxes[0][0] >= 0


def test_without_scripts_a_link_stands_there(open_page: Opener) -> None:
    """No dead control, and the notes beside the text are where they are elsewhere."""
    page = open_page("index", scripts=False)
    assert not page.locator("#hero-sd").is_visible()
    assert page.get_by_role("link", name="Set up any network in the laboratory").is_visible()
    assert page.locator(".abstract .note").first.is_visible()
