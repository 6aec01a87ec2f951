"""The drawings of the laboratory: their axes, their colours, and what is there without scripts."""

import math
from typing import Literal

import pytest
from playwright.sync_api import Page

from tests.browser.opening import Opener


def test_guessing_among_three_classes_is_that(bench: Page) -> None:
    """The dashed rule of a study with three classes stands at ln 3, on the axis of the losses."""
    script = """classes => {
      const svg = document.getElementById("curves");
      laboratory.curves(svg, [{curve: [[1, 3]]}], classes);
      return Number(/M[\\d.]+ ([\\d.]+)/.exec(svg.querySelector(".guess").getAttribute("d"))[1]);
    }"""
    three, ten, one = (bench.evaluate(script, classes) for classes in (3, 10, 1))
    assert (one - three) / (one - ten) == pytest.approx(math.log(3) / math.log(10), abs=0.01)


def test_colours_follow_the_switch_of_theme(bench: Page) -> None:
    """A ridge that is drawn already takes its colour from the theme that is chosen."""
    colour = "() => getComputedStyle(document.querySelector('.ridge')).fill"
    light = bench.evaluate(colour)
    bench.evaluate("document.documentElement.dataset.theme = 'dark'")
    assert bench.evaluate(colour) != light


CONTRAST = """() => {
  const channels = colour => colour.match(/[\\d.]+/g).slice(0, 3).map(Number);
  const light = colour => channels(colour).map(c => c / 255)
    .map(c => c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)
    .reduce((sum, c, at) => sum + c * [0.2126, 0.7152, 0.0722][at], 0);
  const paper = light(getComputedStyle(document.body).backgroundColor);
  const against = colour => {
    const own = light(colour);
    return (Math.max(own, paper) + 0.05) / (Math.min(own, paper) + 0.05);
  };
  const all = (selector, property) => [...document.querySelectorAll(selector)]
    .map(each => against(getComputedStyle(each)[property]));
  const lines = all(".panel .dots, .panel .curve", "stroke");
  return [all(".panel text", "fill"), [...all(".panel .ridge", "fill"), ...lines]];
}"""


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_drawings_have_contrast(open_page: Opener, colours: Literal["light", "dark"]) -> None:
    """Text in a drawing has a contrast of 4.5 to the page, marks and lines have one of three."""
    text, marks = open_page("laboratory", theme=colours).evaluate(CONTRAST)
    assert len(text) > 40
    assert min(text) >= 4.5
    assert len(marks) > 8
    assert min(marks) >= 3


def test_without_scripts_the_figures_of_the_report_stand_there(open_page: Opener) -> None:
    """The controls are gone, and what they would show is there from the stored runs."""
    page = open_page("laboratory", scripts=False)
    assert not page.locator("#controls").is_visible()
    assert not page.locator("#curves").is_visible()
    assert page.locator("main noscript").inner_text().startswith("The laboratory computes")
    assert page.locator("figure.figure svg.drawing").count() == 3
    assert page.locator("figure.figure svg.drawing").first.is_visible()
