"""The address of the laboratory: it says what is shown, and Back takes a choice back."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.laboratory.opening import opened
from tests.browser.opening import Opener

WHOLE = "initializer=RandomNormal&sd=0.0731&activation=selu&width=64&depth=17&seed=42&own=1"


def hash_of(page: Page) -> str:
    """What the address says, without its sign."""
    return str(page.evaluate("location.hash.slice(1)"))


def test_an_address_is_a_setting(open_page: Opener) -> None:
    """A page opened from disk by an address shows its setting, and writes the same address."""
    page = opened(open_page, WHOLE, disk=True)
    assert page.locator("#sd-shown").inner_text() == "0.0731"
    assert page.locator("#own").is_checked()
    assert hash_of(page) == WHOLE
    assert page.locator("#corrected").inner_text() == ""
    page.locator("#depth").press("ArrowRight")
    page.wait_for_function("() => location.hash.includes('depth=18')")
    assert hash_of(page) == WHOLE.replace("17", "18")
    page.evaluate("location.hash = 'initializer=Zeros&depth=3'")
    expect(page.locator("#depth")).to_have_value("3")
    expect(page.locator("#initializer")).to_have_value("Zeros")


@pytest.mark.parametrize(
    ("asked", "shown", "told"),
    [
        ("width=9999", "width=256", "width 9999 became 256"),
        ("width=67", "width=64", "width 67 became 64"),
        ("depth=-3", "depth=2", "depth -3 became 2"),
        ("depth=abc", "depth=30", "“abc” is no depth: 30 is shown"),
        ("seed=0", "seed=1", "seed 0 became 1"),
        ("seed=", "seed=1", "“” is no seed: 1 is shown"),
        ("initializer=RandomNormal&sd=10", "sd=1", "standard deviation 10 became 1"),
        ("initializer=Bogus", "initializer=GlorotNormal", "“Bogus” is no initializer"),
        ("initializer=toString", "initializer=GlorotNormal", "“toString” is no initializer"),
        ("activation=x", "activation=relu", "“x” is no activation: relu is shown"),
        ("depth=20&colour=red", "depth=20", "“colour” is no setting"),
        ("sd=0.1", "initializer=GlorotNormal", "a standard deviation is set for RandomNormal"),
        ("b-depth=99", "b-depth=50", "depth 99 became 50"),
    ],
)
def test_what_cannot_be_shown_is_corrected_in_sight(
    open_page: Opener, asked: str, shown: str, told: str
) -> None:
    """The address is put right, and a line that can be seen says what was wrong with it."""
    page = opened(open_page, asked)
    assert shown in hash_of(page).split("&")
    assert not set(asked.split("&")) & (
        set(hash_of(page).split("&")) - {"depth=20"} - {"initializer=RandomNormal"}
    )
    line = page.locator("#corrected")
    expect(line).to_be_visible()
    expect(line).to_contain_text(told)
    page.locator("#depth").press("ArrowRight")
    expect(line).to_be_hidden()


def test_a_long_word_is_not_repeated_whole(open_page: Opener) -> None:
    """Whoever makes a link does not write the page."""
    page = opened(open_page, f"activation={'x' * 300}&{'y' * 300}=1")
    assert len(page.locator("#corrected").inner_text()) < 200


def test_back_takes_back_a_choice(bench: Page) -> None:
    """Presets and options are steps; Back shows what was before, Forward what was taken back."""
    bench.get_by_role("button", name="He, 30 ReLU layers").click()
    bench.locator("#activation").select_option("tanh")
    assert "activation=tanh" in hash_of(bench)
    bench.go_back()
    expect(bench.locator("#activation")).to_have_value("relu")
    expect(bench.locator("#initializer")).to_have_value("HeNormal")
    expect(bench.locator("#signal-words")).to_contain_text("theory: 1.00")
    pressed = bench.locator(".presets [aria-pressed='true']")
    expect(pressed).to_have_text("He, 30 ReLU layers")
    bench.go_back()
    expect(bench.locator("#initializer")).to_have_value("GlorotNormal")
    assert hash_of(bench) == ""
    bench.go_forward()
    expect(bench.locator("#initializer")).to_have_value("HeNormal")


def test_all_movements_of_a_slider_are_one_step(bench: Page) -> None:
    """However often it moves, one Back leads to where it was before; a choice waits for none."""
    before = bench.evaluate("history.length")
    for turn in range(4):
        bench.locator("#depth").press("ArrowRight")
        bench.wait_for_function(f"() => location.hash.includes('depth={31 + turn}')")
    assert bench.evaluate("history.length") == before + 1
    bench.locator("#depth").press("ArrowRight")
    bench.locator("#activation").select_option("selu")
    bench.go_back()
    expect(bench.locator("#depth")).to_have_value("35")
    expect(bench.locator("#activation")).to_have_value("relu")
    bench.go_back()
    expect(bench.locator("#depth")).to_have_value("30")


def test_a_place_on_the_page_is_no_setting(open_page: Opener) -> None:
    """A link to the figures below leaves the network as it is."""
    page = opened(open_page, "depth=12")
    page.evaluate("location.hash = 'stored'")
    expect(page.locator("#depth")).to_have_value("12")
    assert hash_of(page) == "stored"
    assert page.locator("#corrected").inner_text() == ""


def test_back_puts_the_seed_right_while_it_is_typed(bench: Page) -> None:
    """A field that was emptied shows the seed that Back leads to, and is valid."""
    seed = bench.locator("#seed")
    seed.fill("42")
    seed.press("Tab")
    bench.wait_for_function("() => location.hash.includes('seed=42')")
    seed.fill("")
    expect(seed).to_have_attribute("aria-invalid", "true")
    bench.go_back()
    expect(seed).to_have_value("1")
    expect(seed).not_to_have_attribute("aria-invalid", "true")
    expect(bench.locator("#corrected")).to_be_empty()
