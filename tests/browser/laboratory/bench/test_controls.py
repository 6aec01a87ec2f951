"""The controls of the laboratory: by mouse and by keyboard."""

from typing import Any
from urllib.parse import parse_qsl

import pytest
from playwright.sync_api import Page, expect

from report.pages.laboratory.choices import PRESETS


def setting_of(page: Page) -> dict[str, str]:
    """The setting that the controls show, in the words of the address."""
    names = ["initializer", "activation", "width", "depth", "seed"]
    return {name: page.locator(f"#{name}").input_value() for name in names}


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.setting)
def test_a_preset_sets_what_it_says(machine: Page, preset: Any) -> None:
    """Its button puts every control in its place, shows itself as pressed, and is written down.

    What it does not speak of is left as it was.
    """
    machine.locator("#seed").fill("5")
    machine.locator("#own").check()
    button = machine.locator(f'[data-state="{preset.setting}"]')
    button.click()
    machine.wait_for_function(
        "setting => location.hash.startsWith('#' + setting)", arg=preset.setting
    )
    wanted = dict(parse_qsl(preset.setting))
    sd = wanted.pop("sd", None)
    assert setting_of(machine) == {**wanted, "seed": "5"}
    assert machine.locator("#own").is_checked()
    assert button.get_attribute("aria-pressed") == "true"
    assert machine.locator('.presets [aria-pressed="true"]').count() == 1
    if sd is not None:
        assert 10 ** float(machine.locator("#sd").input_value()) == pytest.approx(
            float(sd), rel=0.006
        )
        assert float(machine.locator("#sd-shown").inner_text()) == float(sd)


def test_all_of_it_works_by_keyboard(bench: Page) -> None:
    """Arrows move the deviation, which takes over from the rule; a layer can be read by keys."""
    bench.locator("#activation").select_option("tanh")
    slider = bench.locator("#sd")
    slider.focus()
    before = float(bench.locator("#sd-shown").inner_text())
    bench.keyboard.press("ArrowRight")
    bench.wait_for_function("() => document.querySelector('#initializer').value === 'RandomNormal'")
    assert float(bench.locator("#sd-shown").inner_text()) == pytest.approx(
        before * 10**0.005, rel=0.01
    )
    bench.locator("#layer").focus()
    bench.keyboard.press("End")
    assert bench.locator("#layer-shown").inner_text().startswith("Logits: z²")
    bench.keyboard.press("ArrowLeft")
    assert bench.locator("#layer-shown").inner_text().startswith("Layer 30: z²")
    bench.locator("#moment").focus()
    expect(bench.locator("#moment")).to_be_enabled()
    bench.keyboard.press("Home")
    assert "epoch" in bench.locator("#moment-shown").inner_text()
    bench.locator("#again").press("Enter")
    bench.wait_for_function("() => document.querySelector('#seed').value === '2'")


def test_the_pointer_reads_a_layer(bench: Page) -> None:
    """Over the right end of a chart stand the logits, over its left end the first layer."""
    box = bench.locator("#line-gradient").bounding_box()
    assert box is not None
    bench.mouse.move(box["x"] + box["width"] - 20, box["y"] + 60)
    assert bench.locator("#layer-shown").inner_text().startswith("Logits")
    bench.mouse.move(box["x"] + 50, box["y"] + 60)
    assert bench.locator("#layer-shown").inner_text().startswith("Layer 1:")


def test_what_is_said_aloud_waits_for_the_reader(bench: Page) -> None:
    """While a slider moves nothing is announced; when it rests, words and table are as shown."""
    said = "document.querySelector('#status').textContent"
    bench.clock.install()
    bench.reload()
    bench.clock.run_for(1000)
    expect(bench.locator("#status")).not_to_be_empty()
    bench.locator("#by-layer summary").click()
    bench.clock.pause_at(bench.evaluate("Date.now()") + 1000)
    before = bench.evaluate(said)
    assert "layer 30" in before
    for _ in range(5):
        bench.locator("#depth").press("ArrowLeft")
        bench.clock.run_for(300)  # less than the pause of a reader
        assert bench.evaluate(said) == before
    assert bench.locator("#depth-shown").inner_text() == "25 layers"
    bench.clock.run_for(100)
    expect(bench.locator("#status")).to_contain_text("layer 25")
    assert "layer 25" in bench.evaluate(said)
    assert bench.locator("#table tr").count() == 26
    assert "25 layers" in str(bench.locator("#table-setting").text_content())


@pytest.mark.parametrize("typed", ["0", "", "1000000", "1.5"])
def test_a_seed_that_there_is_not_draws_nothing(bench: Page, typed: str) -> None:
    """While it stands there a line says which seed is drawn; on leaving, the field shows it."""
    bench.locator("#again").click()
    field, told = bench.locator("#seed"), bench.locator("#corrected")
    expect(field).to_have_value("2")
    field.fill(typed)
    assert field.input_value() == typed
    expect(told).to_contain_text("and 2 is still drawn")
    assert bench.evaluate("location.hash").endswith("seed=2")
    field.press("Enter")
    field.blur()
    expect(field).to_have_value("2")
    assert told.inner_text() == ""
    expect(bench.locator("#table-setting")).not_to_contain_text("seed 0")
