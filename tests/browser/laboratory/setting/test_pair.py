"""Two networks side by side."""

from playwright.sync_api import Page, expect

from tests.browser.laboratory.opening import opened
from tests.browser.opening import Opener

PAIR = "initializer=GlorotNormal&activation=relu&width=128&depth=30"
SECOND = "b-initializer=HeNormal&b-activation=tanh&b-width=64&b-depth=12"


def test_a_second_network_has_its_own_settings(bench: Page) -> None:
    """It begins with another scale, is set by the same controls, and stands in the address."""
    bench.get_by_role("button", name="Compare with a second network").click()
    expect(bench.get_by_label("B", exact=True)).to_be_checked()
    expect(bench.locator("#initializer")).to_have_value("HeNormal")
    expect(bench.locator("#signal-words")).to_contain_text("A: The signal dies")
    expect(bench.locator("#signal-words-b")).to_contain_text("B: The signal")
    bench.locator("#activation").select_option("tanh")
    bench.get_by_label("A", exact=True).check()
    expect(bench.locator("#activation")).to_have_value("relu")
    said = bench.evaluate("location.hash")
    assert "b-initializer=HeNormal&b-activation=tanh&b-width=128&b-depth=30" in said
    assert said.startswith("#initializer=GlorotNormal&activation=relu&width=128&depth=30&b-")
    bench.get_by_role("button", name="Remove B").click()
    expect(bench.locator("#signal-words-b")).to_be_hidden()
    expect(bench.locator("#signal-words")).to_contain_text("The signal dies")
    assert "b-" not in bench.evaluate("location.hash")
    bench.go_back()
    expect(bench.locator("#signal-words-b")).to_be_visible()


def test_both_are_drawn_over_the_same_axes(open_page: Opener) -> None:
    """One line and one set of marks each, over the layers of the deeper one, named at their ends.

    Dots and squares, solid and dashed: whoever sees no colours tells them apart.
    """
    page = opened(open_page, f"{PAIR}&{SECOND}")
    for kind in ("signal", "gradient"):
        chart = page.locator(f"#line-{kind}")
        assert chart.locator(".theory").count() == 2
        first, second = (chart.locator(f".dots.n{at}").get_attribute("d") or "" for at in (0, 1))
        assert (first.count("h0"), first.count("h-")) == (31, 0)
        assert second.count("h-") == 13
        assert chart.locator("text.name").all_text_contents() == ["A", "B"]
        assert page.evaluate(
            """kind => ["n0", "n1"].map(at => getComputedStyle(
              document.querySelector(`#line-${kind} .theory.${at}`)).strokeDasharray)""",
            kind,
        ) == ["none", "6px, 3px"]  # fmt: skip
    assert page.locator("#ridges-signal-b .ridge, #ridges-signal-b .stroke").count() == 7


def test_a_layer_is_read_of_both(open_page: Opener) -> None:
    """The line below the pictures has both networks, and one alone beyond the other's end."""
    page = opened(open_page, f"{PAIR}&{SECOND}")
    words = page.locator("#layer-shown")
    assert words.inner_text().splitlines()[0].startswith("A, Layer 1: z²")
    assert words.inner_text().splitlines()[1].startswith("B, Layer 1: z²")
    page.locator("#layer").press("End")
    assert len(words.inner_text().splitlines()) == 1
    assert words.inner_text().startswith("A, Logits")


def test_one_network_alone_measures_as_it_does_beside_another(open_page: Opener) -> None:
    """What is said of a network does not depend on the other."""
    alone = opened(open_page, PAIR).locator("#signal-words").inner_text()
    both = opened(open_page, f"{PAIR}&{SECOND}").locator("#signal-words").inner_text()
    assert both == f"A: {alone}"


def test_a_preset_sets_the_network_that_is_chosen(open_page: Opener) -> None:
    """The other one is left as it is."""
    page = opened(open_page, f"{PAIR}&{SECOND}")
    page.get_by_label("B", exact=True).check()
    page.get_by_role("button", name="He, 50 tanh: chaos").click()
    expect(page.locator("#depth")).to_have_value("50")
    said = page.evaluate("location.hash")
    assert said.startswith(f"#{PAIR}&b-initializer=HeNormal&b-activation=tanh&b-width=128")
