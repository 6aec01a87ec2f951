"""The drawings of the laboratory: their axes, their colours, and what is there without scripts."""

import math
import re
from itertools import product
from typing import Literal

import numpy as np
import numpy.typing as npt
import pytest
from matplotlib import colors
from playwright.sync_api import Page

from report.figures.draw import style
from tests.browser.laboratory.opening import opened
from tests.browser.opening import Opener
from tests.made.results.synthetic import synthetic_study


def test_guessing_among_three_classes_is_that(bench: Page) -> None:
    """The dashed rule of a study with three classes stands at ln 3, on the axis of the losses."""
    script = """classes => {
      const svg = document.getElementById("curves");
      laboratory.curves(svg, [{curve: [[1, 3]]}], {classes});
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
  const lines = all(".panel .dots, .panel .theory", "stroke");
  return [all(".panel text", "fill"), [...all(".panel .ridge", "fill"), ...lines]];
}"""


@pytest.mark.parametrize("colours", ["light", "dark"])
def test_drawings_have_contrast(open_page: Opener, colours: Literal["light", "dark"]) -> None:
    """Text in a drawing has a contrast of 4.5 to the page, marks and lines have one of three."""
    both = "initializer=GlorotNormal&depth=30&b-initializer=HeNormal&b-depth=30"
    page = opened(open_page, both, theme=colours, height=1600)
    text, marks = page.evaluate(CONTRAST)
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
    assert page.locator("figure.figure svg.drawing.wide").count() == 3
    assert page.locator("figure.figure svg.drawing.wide").first.is_visible()


def lab(colour: str) -> npt.NDArray[np.float64]:
    """A colour, as CSS or matplotlib write it, in CIELAB under the white of a screen."""
    numbers = re.findall(r"[\d.]+", colour) if colour.startswith("rgb") else ()
    channels = np.array([float(each) / 255 for each in numbers[:3]] or colors.to_rgb(colour))
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    to_xyz = [[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]]
    xyz = np.array(to_xyz) @ linear / [0.9505, 1.0, 1.089]
    x, y, z = np.where(xyz > 216 / 24389, np.cbrt(xyz), (24389 / 27 * xyz + 16) / 116)
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_no_colour_of_the_laboratory_is_that_of_a_variant(
    open_page: Opener, theme: Literal["light", "dark"]
) -> None:
    """Both of its colours differ from those of the four variants by more than 25 in CIELAB."""
    own = opened(open_page, theme=theme).evaluate(
        """() => ["n0", "n1"].map(
          kind => getComputedStyle(document.querySelector(`.words .${kind}`)).borderLeftColor)"""
    )
    variants = style.variant_style(synthetic_study())
    for mine, theirs in product(own, variants.values()):
        assert np.linalg.norm(lab(mine) - lab(theirs.colour)) > 25


def test_a_histogram_is_no_finer_than_its_values(machine: Page) -> None:
    """So many independent values fill bins of twice their cube root: 1,000 fill 20, 128 fill 10."""
    bins = machine.evaluate(
        """counts => counts.map(count => {
          const values = Float64Array.from({length: 4000}, (_, at) => 1 + (at * 7919 % 4000));
          return laboratory.histogram(values, count).shares.length;
        })""",
        [1000, 128, 1_000_000],
    )
    assert bins == [20, 10, 41]
