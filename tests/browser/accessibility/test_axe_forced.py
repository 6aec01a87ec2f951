import pytest

from tests.browser.accessibility.axe import assert_accessible
from tests.browser.opening import Opener, Theme, sampled

NUMBER = "experiment=base&variant=HeNormal&metric=test_accuracy"
THEMES: tuple[Theme, ...] = ("light", "dark")


@pytest.mark.parametrize("name", sampled("runs"))
def test_axe_finds_nothing_in_forced_colours(open_page: Opener, name: str) -> None:
    """Where the system sets few colours of its own, light or dark, every text stands out too."""
    for theme in THEMES:
        page = open_page(name, width=320, theme=theme, context={"forced_colors": "active"})
        assert_accessible(page, colours=theme == "dark")


@pytest.mark.parametrize(
    ("file", "selector"),
    [
        ("q1.html", ".claim"),
        ("q1.html", "header [aria-current]"),
        (f"runs.html?{NUMBER}", ".behind"),
        (f"runs.html?{NUMBER}", "td.asked"),
    ],
)
def test_what_a_background_marks_has_a_line_in_forced_colours(
    open_page: Opener, file: str, selector: str
) -> None:
    """Backgrounds are gone there: claim, number, its column and the current page have a line."""
    page = open_page.blank(context={"forced_colors": "active"})
    page.goto(f"{open_page.server}{file}")
    lined = """each => {
      const style = getComputedStyle(each);
      const borders = ["Top", "Right", "Bottom", "Left"].some(side =>
        style[`border${side}Style`] !== "none" && parseFloat(style[`border${side}Width`]) >= 1);
      return borders || style.textDecorationLine.includes("underline");
    }"""
    assert page.locator(selector).first.evaluate(lined)
