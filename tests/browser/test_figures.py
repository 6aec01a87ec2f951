"""Figures in a browser: values are read off, variants isolated, views switched."""

import csv
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.made import shared
from tests.made.site import build
from tests.made.synthetic import synthetic_results


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The real answers on synthetic results of the base experiment."""
    out = tmp_path_factory.mktemp("figures") / "site"
    with shared.cache(tmp_path_factory, "synthetic") as cache:
        build(synthetic_results(), out, cache)
    return out


@pytest.fixture
def page(browser: Browser, site: Path) -> Iterator[Page]:
    """The page with two figures of the base experiment; an error on its console is a failure."""
    context = browser.new_context(viewport={"width": 1280, "height": 900}, reduced_motion="reduce")
    opened = context.new_page()
    errors: list[str] = []
    opened.on("pageerror", lambda error: errors.append(str(error)))
    opened.on("console", lambda each: errors.append(each.text) if each.type == "error" else None)
    opened.goto((site / "q3.html").as_uri())
    yield opened
    context.close()
    assert errors == []


def figure(page: Page, name: str) -> Locator:
    """A figure by name."""
    return page.locator(f'figure[data-name="{name}"]')


def rows(site: Path, name: str) -> list[dict[str, str]]:
    """The rows of a figure's CSV file."""
    with (site / "figures" / f"{name}.csv").open(encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_a_pointer_reads_the_nearest_mark(page: Page, site: Path) -> None:
    """Over a marker of HeNormal the tip says what the CSV has for it; away from it, it is gone."""
    accuracy = figure(page, "accuracy")
    accuracy.scroll_into_view_if_needed()
    accuracy.get_by_role("button", name="HeNormal").click()
    box = accuracy.locator(
        ".drawing [data-variant='henormal']:not([data-spread]) use"
    ).first.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    tip = page.locator(".tip")
    expect(tip).to_be_visible()
    found = re.search(
        r"HeNormalTraining accuracy \(%\)Epoch (\d+): ([\d.]+)", tip.inner_text().replace("\n", "")
    )
    assert found is not None
    (row,) = (
        row
        for row in rows(site, "accuracy")
        if (row["quantity"], row["kind"], row["variant"])
        == ("Training accuracy (%)", "mean", "HeNormal")
        and float(row["epoch"]) == float(found[1])
    )
    assert found[2] == f"{float(row['value']):.2f}"
    low, high = (f"{float(row[name]):.2f}" for name in ("minimum", "maximum"))
    assert f"seeds from {low}\u00a0% to {high}\u00a0%" in tip.inner_text()
    ring = accuracy.locator(".ring circle").first.bounding_box()
    assert ring is not None
    assert abs(ring["x"] + ring["width"] / 2 - box["x"] - box["width"] / 2) < 2
    assert abs(ring["y"] + ring["height"] / 2 - box["y"] - box["height"] / 2) < 2
    page.mouse.move(2, 2)
    expect(tip).to_be_hidden()
    expect(accuracy.locator(".ring")).to_have_count(0)


def test_arrow_keys_step_through_the_values(page: Page, site: Path) -> None:
    """Right and left go along a series, up and down to others, Home and End to its ends."""
    accuracy = figure(page, "accuracy")
    spoken = accuracy.locator("[aria-live]")
    accuracy.get_by_role("application").focus()
    heard = []
    for key in ("ArrowRight", "ArrowRight", "End", "ArrowRight", "ArrowLeft", "Home", "ArrowDown"):
        page.keyboard.press(key)
        heard.append(spoken.inner_text())
    epochs = [int(re.findall(r"Epoch (\d+)", text)[0]) for text in heard]
    assert epochs == [1, 2, 10, 10, 9, 1, 1]
    variants = [text.split(",")[0] for text in heard]
    assert len(set(variants[:6])) == 1
    assert variants[6] != variants[0]
    page.keyboard.press("ArrowUp")
    assert spoken.inner_text() == heard[0]
    first = next(
        row for row in rows(site, "accuracy")
        if row["kind"] == "mean" and row["variant"] == variants[0] and float(row["epoch"]) == 1
    )  # fmt: skip
    assert f"Epoch 1: {float(first['value']):.2f}" in heard[0]
    page.keyboard.press("Escape")
    expect(page.locator(".tip")).to_be_hidden()


def test_keys_in_one_figure_and_a_pointer_over_another(page: Page) -> None:
    """Where the tip has gone to the other figure, a key at the end of a series brings it back."""
    accuracy, other = figure(page, "accuracy"), figure(page, "test-accuracy")
    accuracy.get_by_role("application").focus()
    page.keyboard.press("Home")
    tip = page.locator(".tip")
    before = tip.inner_text()
    other.scroll_into_view_if_needed()
    box = other.locator(".drawing [data-variant='henormal'] use").first.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    expect(other.locator(".ring")).to_have_count(1)
    page.keyboard.press("ArrowLeft")
    expect(accuracy.locator(".ring")).to_have_count(1)
    expect(other.locator(".ring")).to_have_count(0)
    assert tip.inner_text() == before


def test_the_tip_stays_inside_and_moves_nothing(page: Page) -> None:
    """At every mark the tip is within the window, and the page is as long as it was."""
    page.set_viewport_size({"width": 320, "height": 560})
    accuracy = figure(page, "accuracy")
    before = page.evaluate("document.documentElement.scrollHeight")
    accuracy.get_by_role("application").focus()
    for key in ("Home", "End", *["ArrowDown"] * 8):
        page.keyboard.press(key)
        box = page.locator(".tip").bounding_box()
        assert box is not None
        assert box["x"] >= 0
        assert box["y"] >= 0
        assert box["x"] + box["width"] <= 320
        assert box["y"] + box["height"] <= 560
    assert page.evaluate("document.documentElement.scrollHeight") == before
    assert page.evaluate("document.documentElement.scrollWidth") <= 320


def test_touch_reads_a_value_until_the_next_touch(browser: Browser, site: Path) -> None:
    """A tap on a figure shows a reading, which a tap elsewhere takes away."""
    context = browser.new_context(has_touch=True, viewport={"width": 390, "height": 800})
    phone = context.new_page()
    phone.goto((site / "q3.html").as_uri())
    figure(phone, "accuracy").locator(".reader").tap()
    expect(phone.locator(".tip")).to_be_visible()
    phone.locator("h1").tap()
    expect(phone.locator(".tip")).to_be_hidden()
    context.close()


def opacities(page: Page, name: str) -> dict[str, set[str]]:
    """The opacity of a figure's groups by variant."""
    pairs = (
        figure(page, name)
        .locator(".drawing [data-variant]")
        .evaluate_all(
            "found => found.map(each => [each.dataset.variant, getComputedStyle(each).opacity])"
        )
    )
    return {variant: {o for v, o in pairs if v == variant} for variant, _ in pairs}


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
    """Each entry has it as its description, and one line of the page says it for all."""
    for button in page.locator(".legend button").all():
        assert button.get_attribute("title") == "Shows this variant alone on the page"
    hint = page.locator(".legend .hint")
    expect(hint).to_have_text("select one to see it alone on the page")
    expect(hint).to_be_visible()


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
    drawing = accuracy.locator(".drawing")
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
    """Every seed or mean with band: one of them is to be seen, in every view."""
    accuracy = figure(page, "accuracy")
    for view in ("both", "training"):
        accuracy.get_by_role("radio", name=view, exact=True).check()
        for choice, seen, unseen in (
            ("every seed", "seeds", "band"), ("mean with band", "band", "seeds"),
        ):  # fmt: skip
            accuracy.get_by_role("radio", name=choice, exact=True).check()
            shown = accuracy.locator(f".drawing [data-spread={seen}]")
            hidden = accuracy.locator(f".drawing [data-spread={unseen}]")
            expect(shown.first).to_be_visible()
            drawn = "thin line for every seed" if seen == "seeds" else "a band from its lowest"
            expect(accuracy.locator(".switches .drawn")).to_contain_text(drawn)
            assert not hidden.first.is_visible()


def test_without_scripts_a_figure_is_whole(browser: Browser, site: Path) -> None:
    """Drawing, legend and links are there; nothing that would do nothing."""
    context = browser.new_context(java_script_enabled=False)
    still = context.new_page()
    still.goto((site / "q3.html").as_uri())
    accuracy = figure(still, "accuracy")
    expect(accuracy.locator(".drawing")).to_be_visible()
    expect(accuracy.locator(".legend li")).to_have_count(4)
    expect(accuracy.locator(".figure-links a")).to_have_count(4)
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
