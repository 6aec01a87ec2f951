"""Training on the page as a reader sees it."""

import re

import numpy as np
import pytest
from playwright.sync_api import Page, expect

from tests.browser.laboratory.opening import opened
from tests.browser.opening import Opener

SMALL = "initializer=HeNormal&activation=relu&width=128&depth=2"
GAPS = """() => {
  window.longest = 0;
  let before = performance.now();
  const tick = () => {
    longest = Math.max(longest, performance.now() - before);
    before = performance.now();
    setTimeout(tick);
  };
  tick();
}"""


def at_training(open_page: Opener, setting: str, *, disk: bool = False) -> Page:
    """The laboratory, scrolled to where it trains, with the recorded runs there."""
    page = opened(open_page, setting, disk=disk)
    page.locator("#nearest").scroll_into_view_if_needed()
    expect(page.locator("#train")).to_have_text("Train 240 steps here")
    expect(page.locator("#nearest-words")).not_to_contain_text("are loading")
    return page


@pytest.mark.parametrize("disk", [False, True], ids=["served", "disk"])
def test_a_network_is_trained_on_the_page(open_page: Opener, *, disk: bool) -> None:
    """Its loss falls beside that of the recorded runs, and words compare them; Stop ends it."""
    page = at_training(open_page, SMALL, disk=disk)
    recipe = page.locator("#recipe")
    assert recipe.inner_text().splitlines()[0] == "SGD, learning rate 0.05, batches of 64"
    page.locator("#train").click()
    expect(page.locator("#train")).to_have_text("Stop")
    page.wait_for_function("() => document.querySelectorAll('#curves .here').length === 1")
    assert page.locator("#curves .curve").count() == 2
    assert page.locator("#curves").inner_html().count("Steps of training") == 1
    page.wait_for_function("() => document.getElementById('progress').value >= 80")
    page.locator("#train").click()
    words = page.locator("#train-words")
    expect(words).to_contain_text(re.compile(r"^Stopped after \d+ steps\. This network: over"))
    found = re.search(
        r"steps 49 to 60 the mean loss was ([\d.]+) here and ([\d.]+) in", words.inner_text()
    )
    assert found is not None
    here, there = map(float, found.groups())
    # The same network on other batches of the same data: nearer to each other than to guessing.
    assert abs(here - there) < 0.4
    assert max(here, there) < np.log(10) - 0.8
    expect(page.locator("#train")).to_have_text("Train 240 steps here")


def test_the_page_answers_while_it_trains(open_page: Opener) -> None:
    """Between two slices others have their turn, and a moved slider takes the curve away."""
    page = at_training(open_page, SMALL.replace("depth=2", "depth=10"))
    page.evaluate(GAPS)
    page.locator("#train").click()
    page.wait_for_function("() => document.getElementById('progress').value >= 10")
    page.locator("#depth").press("ArrowRight")
    expect(page.locator("#depth-shown")).to_have_text("11 layers")
    expect(page.locator("#curves .here")).to_have_count(0)
    expect(page.locator("#train")).to_have_text("Train 240 steps here")
    assert page.evaluate("longest") < 1000  # a step of a larger network alone would take that


def test_both_networks_are_trained_on_the_same_batches(open_page: Opener) -> None:
    """Two that are alike have the very same losses."""
    same = "&".join(f"b-{each}" for each in SMALL.split("&"))
    page = at_training(open_page, f"{SMALL}&{same}")
    page.locator("#train").click()
    page.wait_for_function("() => document.getElementById('progress').value >= 24")
    page.locator("#train").click()
    expect(page.locator("#train-words")).to_contain_text("Network B ended with a loss of")
    paths = [page.locator(f"#curves .here.n{at}").get_attribute("d") for at in (0, 1)]
    assert paths[0] == paths[1]
    assert page.locator("#curves .name").all_text_contents() == ["A", "B"]


def test_a_large_network_is_refused_in_words(open_page: Opener) -> None:
    """Fifty layers of 256 would take minutes; what would not is said.

    784 w + (d - 1) w² + 10 w weights are at most 1.2 million: for w = 256 up to d = 16, and for
    d = 50 up to w = 144, as the slider has multiples of eight.
    """
    page = at_training(open_page, "initializer=HeNormal&width=256&depth=50")
    expect(page.locator("#train")).to_be_disabled()
    expect(page.locator("#train-words")).to_contain_text(
        "Too large to be trained here: 3.4 million weights, where 1.2 million are the most. "
        "What can be trained: at this width up to 16 layers, at this depth up to a width of 144."
    )


def test_where_nothing_is_near_it_is_trained_as_the_base_runs(open_page: Opener) -> None:
    """The recipe is that of the study, and the end is told without a comparison."""
    page = at_training(open_page, "initializer=HeNormal&activation=linear&width=16&depth=2")
    recipe = page.locator("#recipe")
    assert recipe.inner_text() == "Adam of the base runs, learning rate 0.001, batches of 64"
    page.locator("#train").click()
    words = page.locator("#train-words")
    expect(words).to_contain_text("This network ended with a loss of")
    assert "recorded" not in words.inner_text()


def test_every_image_is_seen_once_in_a_pass(machine: Page) -> None:
    """Sixty batches of 64 are all 3,840 images, in another order in the next pass and seed."""
    first, second, other = machine.evaluate(
        """() => {
          const images = {features: 1, labels: Uint8Array.from({length: 3840}, (_, k) => k % 10),
            pixels: Uint8Array.from({length: 3840}, (_, k) => k % 256)};
          const taken = (seed, skip) => {
            const found = [];
            const batches = laboratory.batches(images, 64, seed);
            for (let k = 0; k < skip; k++) batches.next();
            for (let k = 0; k < 60; k++) {
              const {pixels, labels} = batches.next().value;
              pixels.forEach((each, n) => found.push(Math.round(each * 255) * 10 + labels[n]));
            }
            return found;
          };
          return [taken(1, 0), taken(1, 60), taken(2, 0)];
        }"""
    )
    everything = sorted(k % 256 * 10 + k % 10 for k in range(3840))
    assert sorted(first) == sorted(second) == everything
    assert first != second
    assert first != other
