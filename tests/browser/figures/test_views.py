"""Variants isolated, views switched, and what a figure is by itself."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.figures.parts import figure, opacities


def test_a_legend_isolates_a_variant_on_all_figures(page: Page) -> None:
    """A click fades the others on every figure; it is told and pressed; a second one restores."""
    button = figure(page, "accuracy").get_by_role("button", name="GlorotNormal")
    size = button.bounding_box()
    assert size is not None
    assert size["height"] >= 24
    button.click()
    for name in ("accuracy", "test-accuracy"):
        found = opacities(page, name)
        assert found.pop("glorotnormal") == {"1"}
        assert found
        assert all(each == {"0.12"} for each in found.values())
    assert button.get_attribute("aria-pressed") == "true"
    expect(figure(page, "accuracy").locator("[aria-live]")).to_have_text(
        "GlorotNormal alone in 2 figures"
    )
    button.focus()
    page.keyboard.press("Enter")
    assert set.union(*opacities(page, "test-accuracy").values()) == {"1"}
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    assert button.get_attribute("aria-pressed") == "false"
    assert set.union(*opacities(page, "accuracy").values()) == {"1"}


def test_legends_say_what_they_do(page: Page) -> None:
    """Each entry has it as its description; above the first figure a line says it for the page."""
    for button in page.locator(".legend button").all():
        assert button.get_attribute("title") == "Shows this variant alone on the page"
    hint = page.locator(".hint")
    expect(hint).to_have_text(
        "Point at a mark, or use the arrow keys, to read its value. "
        "Select a name in a legend to see it alone on the page."
    )
    expect(hint).to_be_visible()
    assert page.locator("figure.figure").first.locator(".hint").count() == 1


def test_a_figure_without_the_variant_is_left_alone(page: Page) -> None:
    """What has no line of the isolated variant keeps all of its own."""
    page.evaluate(
        """document.querySelectorAll('[data-name="test-accuracy"] [data-variant="zeros"]')
           .forEach(each => each.remove())"""
    )
    figure(page, "accuracy").get_by_role("button", name="Zeros").click()
    assert set.union(*opacities(page, "test-accuracy").values()) == {"1"}
    assert "0.12" in set.union(*opacities(page, "accuracy").values())


def test_the_switch_shows_one_panel_at_full_width(page: Page) -> None:
    """Validation alone has one plot as wide as both had; isolation and readings go on in it."""
    accuracy = figure(page, "accuracy")
    drawing = accuracy.locator(".drawing.wide")
    before = drawing.bounding_box()
    accuracy.get_by_role("button", name="HeNormal").click()
    accuracy.get_by_role("radio", name="validation", exact=True).check()
    after = drawing.bounding_box()
    assert before is not None
    assert after is not None
    assert after["width"] == before["width"]
    assert abs(after["height"] - before["height"]) < 1
    assert str(drawing.get_attribute("aria-label")).startswith(
        "Line chart of validation accuracy over 10 epochs"
    )
    assert opacities(page, "accuracy")["zeros"] == {"0.12"}
    accuracy.get_by_role("application").focus()
    page.keyboard.press("Home")
    text = accuracy.locator("[aria-live]").inner_text()
    assert text.startswith("HeNormal, Validation accuracy (%). Epoch 1")
    accuracy.get_by_role("radio", name="both", exact=True).check()
    assert str(drawing.get_attribute("aria-label")).startswith("Two line charts of accuracy")
    first = drawing.element_handle()
    for view in ("validation", "both"):
        accuracy.get_by_role("radio", name=view, exact=True).check()
    assert drawing.element_handle() is not None
    assert page.evaluate("([a, b]) => a === b", [first, drawing.element_handle()])


def test_seeds_stand_in_place_of_the_band(page: Page) -> None:
    """Every seed or mean with band: one of them is to be seen in every view, and nothing jumps."""
    accuracy = figure(page, "accuracy")
    height = accuracy.evaluate("each => each.offsetHeight")
    for view in ("both", "training"):
        accuracy.get_by_role("radio", name=view, exact=True).check()
        for choice, seen, unseen in (
            ("every seed", "seeds", "band"), ("mean with band", "band", "seeds"),
        ):  # fmt: skip
            accuracy.get_by_role("radio", name=choice, exact=True).check()
            shown = accuracy.locator(f".drawing.wide [data-spread={seen}]")
            hidden = accuracy.locator(f".drawing.wide [data-spread={unseen}]")
            expect(shown.first).to_be_visible()
            drawn = "thin line for every seed" if seen == "seeds" else "a band from its lowest"
            expect(accuracy.locator(".switches .drawn:visible")).to_contain_text(drawn)
            assert accuracy.evaluate("each => each.offsetHeight") == height
            assert not hidden.first.is_visible()


def test_without_scripts_a_figure_is_whole(browser: Browser, site: Path) -> None:
    """Drawing, legend and links are there; nothing that would do nothing."""
    context = browser.new_context(java_script_enabled=False)
    still = context.new_page()
    still.goto((site / "q3.html").as_uri())
    accuracy = figure(still, "accuracy")
    expect(accuracy.locator(".drawing.wide")).to_be_visible()
    expect(accuracy.locator(".drawing.narrow")).to_be_hidden()
    still.set_viewport_size({"width": 360, "height": 800})
    expect(accuracy.locator(".drawing.wide")).to_be_hidden()
    expect(accuracy.locator(".drawing.narrow")).to_be_visible()
    expect(accuracy.locator(".legend li")).to_have_count(4)
    expect(accuracy.locator(".figure-links a")).to_have_count(4)
    expect(accuracy.locator(".figure-links a").first).to_be_hidden()
    accuracy.locator(".figure-links summary").click()
    expect(accuracy.locator(".figure-links a").first).to_be_visible()
    expect(accuracy.locator(".switches")).to_be_hidden()
    expect(accuracy.locator("button")).to_have_count(0)
    context.close()


@pytest.mark.parametrize(("theme", "dark"), [("light", False), ("dark", True)])
def test_a_drawing_of_its_own_is_legible_on_its_ground(
    browser: Browser, site: Path, theme: str, dark: bool
) -> None:
    """Opened alone, an SVG file has light ink on a dark ground where dark is asked for."""
    context = browser.new_context(color_scheme="dark" if dark else "light")
    alone = context.new_page()
    alone.goto((site / "figures" / "accuracy.svg").as_uri())
    ink = alone.evaluate("getComputedStyle(document.querySelector('[fill=\"#1b1b20\"]')).fill")
    assert ink == ("rgb(231, 229, 223)" if dark else "rgb(27, 27, 32)"), theme
    ground = alone.evaluate("getComputedStyle(document.documentElement).backgroundColor")
    assert ground == ("rgb(23, 24, 28)" if dark else "rgba(0, 0, 0, 0)")
    context.close()
