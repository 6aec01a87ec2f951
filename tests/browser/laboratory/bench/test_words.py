"""What the laboratory says of its pictures."""

import re

from playwright.sync_api import Page, expect


def test_the_words_say_where_a_signal_dies(machine: Page) -> None:
    """A signal that halves in each layer is below a thousandth from the eleventh on."""
    words = machine.evaluate(
        """() => {
          const layers = Array.from({length: 21}, (_, at) => ({sum_mean_square: 2 ** -at,
            gradient_mean_square: 3 ** -at, dead_share: 0, flat_share: 0.5, differing_share: 1}));
          const theory = {sums: layers.map((_, at) => 0.51 ** at),
            gradients: layers.map((_, at) => 3.1 ** -at)};
          return laboratory.words({layers, theory}, "relu");
        }"""
    )
    assert words["signal"] == (
        "The signal dies: each layer multiplies its mean square by 0.500 (theory: 0.510); from "
        "layer 11 on less than a thousandth is left, and layer 20 has 1.9\u00a0×\u00a010⁻⁶ times "
        "that of layer 1."
    )
    assert words["gradient"] == (
        "The gradient, on its way back, explodes: each layer multiplies its mean square by 3.00 "
        "(theory: 3.10); from layer 13 down it is more than a thousandfold, and layer 1 receives "
        "1.2\u00a0×\u00a010⁹ times what layer 20 does."
    )


def test_a_zero_is_told_and_drawn_as_one(bench: Page) -> None:
    """Sums are zero, not what sigmoid makes of them; zeros have a row of their own, unjoined."""
    path, labels = bench.evaluate(
        """() => {
          const svg = document.getElementById("line-signal");
          laboratory.byLayer(svg, [{values: [1, 0.1, 0, 0], theory: [1, 0.1, 0, 0]}]);
          const ticks = [...svg.querySelectorAll("text.end")];
          const low = Math.max(...ticks.map(each => Number(each.getAttribute("y"))));
          return [svg.querySelector(".theory").getAttribute("d"),
            ticks.filter(each => Number(each.getAttribute("y")) === low)
              .map(each => each.textContent)];
        }"""
    )
    assert re.fullmatch(r"M[\d. ]+L[\d. ]+M[\d. ]+h8M[\d. ]+h8", path)
    assert labels == ["0"]
    bench.evaluate("location.hash = 'initializer=Zeros&activation=sigmoid&depth=4'")
    expect(bench.locator("#signal-words")).to_have_text(
        "The sums are exactly zero, in every layer."
    )


COURSE = """ends => ends.map(end => {
  const layers = [1, end, 1].map(value => ({sum_mean_square: value, gradient_mean_square: 1,
    dead_share: 0, flat_share: 0, differing_share: 1}));
  return laboratory.fate({layers, theory: {sums: [1, end, 1], gradients: [1, 1, 1]}}, "signal");
})"""


def test_kept_is_what_has_hardly_changed(machine: Page) -> None:
    """Within a factor of two; a third or a half that is lost is not kept, and is no death."""
    fates = machine.evaluate(COURSE, [0.00099, 0.29, 0.34, 0.49, 0.51, 1, 1.9, 2.1, 999, 1001, 0])
    assert fates == [
        "dies", "fades", "fades", "fades", "is kept", "is kept", "is kept", "grows", "grows",
        "explodes", "dies",
    ]  # fmt: skip


def test_less_than_a_thousandth_is_not_only_that(machine: Page) -> None:
    """A share that is written as less than 0.1 % has no other word for its smallness."""
    words = machine.evaluate(
        """shares => shares.map(share => {
          const layers = [1, 1, 1].map(() => ({sum_mean_square: 1, gradient_mean_square: 1,
            dead_share: 0, flat_share: 0, differing_share: share}));
          const theory = {sums: [1, 1, 1], gradients: [1, 1, 1]};
          return laboratory.words({layers, theory}, "relu").signal;
        })""",
        [0.0004, 0.05],
    )
    assert "hidden layer less than 0.1\u00a0% differs" in words[0]
    assert "hidden layer only 5.0\u00a0% differs" in words[1]


def test_the_table_keeps_its_head_in_view(bench: Page) -> None:
    """Wherever its box is scrolled to, the names of the columns stand at its upper end."""
    bench.locator("#by-layer summary").click()
    expect(bench.locator("#table tr")).to_have_count(31)
    gap, shade = bench.evaluate(
        """() => {
          const box = document.querySelector(".by-layer .scroll");
          box.scrollTop = 300;
          const head = box.querySelector("thead th").getBoundingClientRect();
          return [head.top - box.getBoundingClientRect().top,
            getComputedStyle(box).backgroundAttachment];
        }"""
    )
    assert abs(gap) <= 1
    assert shade == "local, local, scroll, scroll"


def test_what_is_recommended_follows_the_activation(bench: Page) -> None:
    """One line of the guide, that of the activation; none where the guide says nothing."""
    shown = bench.locator(".advice:visible")
    expect(shown).to_contain_text("For ReLU units the report’s guide recommends: He")
    bench.locator("#activation").select_option("tanh")
    expect(shown).to_contain_text("For tanh units the report’s guide recommends: Glorot")
    bench.locator("#activation").select_option("linear")
    expect(shown).to_have_count(0)
