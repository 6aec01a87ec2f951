"""What a reader sees of a link before following it."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

from tests.browser.opening import Opener


def number(page: Page) -> str:
    """Return the text of the first number of a page and point at it with the mouse."""
    first = page.locator("a.number").first
    first.hover()
    return first.inner_text()


def timed(open_page: Opener) -> Page:
    """Return the page of numbers with a clock that runs only when a test lets it."""
    page = open_page.blank()
    page.clock.install()
    page.goto(open_page.address("q3"))
    page.clock.pause_at(page.evaluate("Date.now()") + 1000)
    return page


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
    page = timed(open_page)
    number(page)
    window = page.locator("#popover")
    page.clock.run_for(1000)
    expect(window).to_be_visible()
    window.hover()
    page.clock.run_for(1000)
    expect(window).to_be_visible()
    page.keyboard.press("Escape")
    expect(window).to_be_hidden()
    page.mouse.move(2, 500)
    number(page)
    page.clock.run_for(1000)
    expect(window).to_be_visible()
    page.mouse.move(2, 500)
    page.clock.run_for(1000)
    expect(window).to_be_hidden()


def test_a_link_that_the_mouse_only_passes_opens_nothing(open_page: Opener) -> None:
    """Left after 50 ms, before its window would open, a link has none a second later."""
    page = timed(open_page)
    number(page)
    page.clock.run_for(50)
    page.mouse.move(2, 500)
    page.clock.run_for(1000)
    expect(page.locator("#popover")).to_be_hidden()
    number(page)
    page.clock.run_for(1000)
    expect(page.locator("#popover")).to_be_visible()


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
    """Its caption is read with the link, and rows are shown as many as fit above its last line."""
    page = open_page("q3")
    link = page.locator("main a.ref[data-preview='tab-choosing']").first
    link.evaluate("each => each.scrollIntoView({block: 'center', behavior: 'instant'})")
    link.hover()
    window = page.locator("#popover")
    expect(window).to_contain_text("more rows")
    assert 1 <= window.locator("tbody tr").count() <= 5
    assert window.evaluate("each => each.scrollHeight <= each.clientHeight + 1")
    told = page.locator(f"#{link.get_attribute('aria-describedby')}")
    expect(told).to_contain_text("Choosing an initializer")
    assert len(told.inner_text()) < 400
    assert window.get_attribute("role") is None
    box = window.bounding_box()
    assert box is not None
    assert box["y"] >= 0
    assert box["y"] + box["height"] <= 900


def test_a_figure_is_whole_in_its_window(open_page: Opener) -> None:
    """Its title stands above it, and nothing of both is cut at the foot or at the right."""
    page = open_page("q3", height=700)
    link = page.locator("main a.ref[data-preview='fig-accuracy']").first
    link.evaluate("each => each.scrollIntoView({block: 'center', behavior: 'instant'})")
    link.hover()
    window = page.locator("#popover")
    title, drawing = window.locator(".title"), window.locator("svg.drawing")
    expect(drawing).to_be_visible()
    assert window.evaluate("each => each.scrollHeight <= each.clientHeight + 1")
    assert window.evaluate("each => each.scrollWidth <= each.clientWidth + 1")
    above, below = title.bounding_box(), drawing.bounding_box()
    assert above is not None
    assert below is not None
    assert above["y"] + above["height"] <= below["y"] + 2


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
        ("q3", "a.ref[data-preview='fig-accuracy']", "He and Glorot end level"),
        ("q2", "a.ref[data-preview='eq-sum']", "Var"),
        ("q3", "a.ref[data-preview='tab-choosing']", "Choosing an initializer"),
        (
            "q2",
            "a.cite[data-preview='ref-he2015']:not(:has(+ .whole))",
            "Delving Deep",
        ),
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


def test_no_window_covers_the_note_that_says_the_same(open_page: Opener) -> None:
    """Beside its note a citation has no window; where the note is folded, it has one."""
    page = open_page("q2")
    noted = page.locator("main a.cite:has(+ .whole)").first
    noted.hover()
    page.locator("main a.cite:not(:has(+ .whole))").first.hover()
    expect(page.locator("#popover")).to_be_visible()  # had the first one opened, it would be older
    page.mouse.move(0, 0)
    expect(page.locator("#popover")).to_be_hidden()
    noted.focus()
    expect(page.locator("#popover")).to_be_hidden()
    page.set_viewport_size({"width": 700, "height": 900})
    noted.hover()
    expect(page.locator("#popover")).to_be_visible()


@pytest.mark.parametrize("answer", ["nothing", "an empty script"])
def test_a_preview_that_failed_is_tried_again(open_page: Opener, answer: str) -> None:
    """A window that could not be loaded opens at the next look, once the connection is back."""
    page = open_page.blank()
    asked = []

    def fail(route: Route) -> None:
        asked.append(route.request.url)
        if answer == "nothing":
            route.abort()
        else:
            route.fulfill(body="", content_type="text/javascript")

    page.route("**/previews/*.js", fail)
    page.goto(open_page.address("q3"))
    link = page.locator("main a.ref[data-preview='fig-accuracy']").first
    with page.expect_request("**/previews/*.js"):
        link.hover()
    page.mouse.move(2, 500)
    # The script of a failed look is taken away with it.
    expect(page.locator("script[src^='previews/']")).to_have_count(0)
    expect(page.locator("#popover")).to_be_hidden()
    page.unroute("**/previews/*.js")
    page.keyboard.press("Escape")
    link.hover()
    expect(page.locator("#popover")).to_contain_text("He and Glorot end level")
    assert len(asked) == 1
    open_page.problems[:] = [each for each in open_page.problems if "ERR_FAILED" not in each]
