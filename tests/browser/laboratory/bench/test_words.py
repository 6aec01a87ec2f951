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
