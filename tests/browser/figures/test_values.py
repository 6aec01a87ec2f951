"""Values read off a figure: by pointer, by keyboard, by touch."""

import re
from pathlib import Path

from playwright.sync_api import Browser, Page, expect

from tests.browser.figures.parts import figure, rows


def test_a_pointer_reads_the_nearest_mark(page: Page, site: Path) -> None:
    """Over a marker of HeNormal the tip says what the CSV has for it; away from it, it is gone."""
    accuracy = figure(page, "accuracy")
    accuracy.scroll_into_view_if_needed()
    accuracy.get_by_role("button", name="HeNormal").click()
    box = accuracy.locator(
        ".drawing.wide [data-variant='henormal']:not([data-spread]) use"
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
    box = other.locator(".drawing.wide [data-variant='henormal'] use").first.bounding_box()
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


def test_a_phone_reads_the_same_values_off_its_own_drawing(page: Page) -> None:
    """Key by key a series says what it says on a wide page, its ring on the mark that is shown."""
    accuracy = figure(page, "accuracy")
    heard = {}
    for width in (1280, 360):
        page.set_viewport_size({"width": width, "height": 800})
        accuracy.get_by_role("application").focus()
        said = []
        for key in ("Home", "ArrowRight", "ArrowRight", "End"):
            page.keyboard.press(key)
            said.append(accuracy.locator("[aria-live]").inner_text())
            ring = accuracy.locator(".ring circle").first.bounding_box()
            plot = accuracy.locator(".drawing:visible").bounding_box()
            assert ring is not None
            assert plot is not None
            assert plot["x"] - 6 <= ring["x"] <= plot["x"] + plot["width"]
            assert plot["y"] - 6 <= ring["y"] <= plot["y"] + plot["height"]
        heard[width] = said
    assert heard[1280] == heard[360]


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
