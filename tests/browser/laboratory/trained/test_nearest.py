"""The measured networks beside that of the reader."""

from typing import Any

import pandas as pd
from playwright.sync_api import Page, expect

from build import ROOT

GROUP = {
    "parameters": {"learning_rate": 0.05}, "batch": 64, "steps": 240, "span": 1,
    "experiment": "e", "variant": "V", "initializer": "HeNormal", "activation": "relu",
    "hidden": [128] * 10, "bias": 0, "gain": 2, "optimizer": "SGD", "rate": 0.05, "epochs": 1,
    "share": 0.32, "data": "mnist", "classes": 10, "seeds": 5, "diverged": 0,
    "accuracy": 0.9, "curve": [[1, 0.5]], "address": "a",
}  # fmt: skip


def nearest(page: Page, groups: list[dict[str, Any]], **network: Any) -> list[str]:
    """Experiments of the groups that the page finds nearest to a network."""
    asked = {"activation": "relu", "depth": 10, "width": 128, "gain": 2, **network}
    script = "([groups, asked]) => laboratory.nearest(groups, asked).map(each => each.experiment)"
    return list(page.evaluate(script, [groups, asked]))


def test_the_nearest_run_is_near_in_what_counts(machine: Page) -> None:
    """Depth and gain decide by their ratio; the activation must be the same, zeros go to zeros.

    Biases decide between equals only, and what is too deep, too shallow or of another scale is not
    near at all.
    """
    groups: list[dict[str, Any]] = [
        GROUP | {"experiment": "ten"},
        GROUP | {"experiment": "ten", "optimizer": "Adam"},
        GROUP | {"experiment": "thirty", "hidden": [128] * 30},
        GROUP | {"experiment": "glorot", "gain": 1, "initializer": "GlorotNormal"},
        GROUP | {"experiment": "lecun", "gain": 1, "initializer": "LecunNormal"},
        GROUP | {"experiment": "biased", "gain": 3, "bias": 0.05},
        GROUP | {"experiment": "tanh", "activation": "tanh", "hidden": [16, 8], "gain": 9},
        GROUP | {"experiment": "zeros", "gain": 0, "initializer": "Zeros"},
    ]
    assert nearest(machine, groups) == ["ten", "ten"]
    assert nearest(machine, groups, depth=15) == ["ten", "ten"]
    assert nearest(machine, groups, depth=16) == nearest(machine, groups, depth=19) == []
    assert nearest(machine, groups, depth=20) == ["thirty"]
    assert nearest(machine, groups, gain=1.1, initializer="LecunNormal") == ["lecun"]
    assert nearest(machine, groups, gain=1.1, initializer="GlorotNormal") == ["glorot"]
    assert nearest(machine, groups, gain=2.2) == ["ten", "ten"]
    assert nearest(machine, groups, gain=3) == ["biased"]
    assert nearest(machine, groups, gain=6) == ["biased"]
    assert nearest(machine, groups, gain=6.1) == []
    assert nearest(machine, groups, activation="tanh", depth=3, gain=5) == ["tanh"]
    assert nearest(machine, groups, gain=0, depth=12) == ["zeros"]
    assert nearest(machine, groups, gain=0, depth=50) == []
    assert nearest(machine, groups, activation="linear") == []
    narrowing = GROUP | {"experiment": "narrowing", "hidden": [128] * 9 + [16]}
    assert nearest(machine, [narrowing, *groups]) == ["ten", "ten"]


def test_the_words_say_how_the_nearest_run_differs(machine: Page) -> None:
    """Depth, width, gain and biases that are not the reader's are named, or that all are."""
    script = "([groups, asked]) => laboratory.nearestWords(groups, asked)"
    network = {"activation": "relu", "depth": 28, "width": 128, "gain": 2}
    other = GROUP | {"bias": 0.05}
    assert machine.evaluate(script, [[other], network]) == (
        "Measured: V with σ_w²\u00a0=\u00a02, 10 layers of 128 ReLU units, "
        "biases of variance 0.05, 1 epoch over 32\u00a0% of the rows. "
        "Yours has depth 28 and biases of zero."
    )
    shallow = GROUP | {"hidden": [32]}
    assert "1 layer of 32 ReLU units, 1 epoch" in machine.evaluate(script, [[shallow], network])
    assert machine.evaluate(script, [[GROUP], network | {"depth": 10}]).endswith(
        "Depth, width and σ_w² are those of your network."
    )
    assert machine.evaluate(script, [[], network]) == (
        "No measured network is near: no trained run of this report has ReLU units, a depth within "
        "a factor of 1.5 of yours, and σ_w² within a factor of 2 of yours."
    )
    assert "weights of zero" in machine.evaluate(script, [[], network | {"gain": 0}])
    letters = GROUP | {"data": "letters.npz", "classes": 26}
    assert "32\u00a0% of the rows of letters.npz, with 26 classes. Yours" in machine.evaluate(
        script, [[letters], network]
    )


def test_five_learning_rates_are_told_apart(machine: Page) -> None:
    """Four have a curve and a colour, the fifth is counted; rates tell them apart."""
    rates = [GROUP | {"rate": rate} for rate in (0.1, 0.03, 0.01, 0.003, 0.001)]
    shown, names, words, lone = machine.evaluate(
        """groups => {
          const shown = laboratory.shownGroups(groups);
          const asked = {activation: "relu", depth: 10, width: 128, gain: 2};
          return [shown.length, shown.map(each => laboratory.groupName(each, shown)),
            laboratory.nearestWords(groups, asked),
            laboratory.groupName(groups[0], [groups[0], {...groups[1], optimizer: "Adam"}])];
        }""",
        rates,
    )
    assert shown == 4
    assert names == ["SGD at 0.1", "SGD at 0.03", "SGD at 0.01", "SGD at 0.003"]
    assert words.endswith("1 more of its trainings is not shown.")
    assert lone == "SGD"


def test_a_preset_and_its_measured_network_tell_one_story(machine: Page) -> None:
    """Fifty tanh layers in chaos stand beside fifty measured ones; where none are, none are shown.

    The accuracy is that of the published runs, in hundredths as everywhere in the report.
    """
    machine.locator('[data-state$="activation=tanh&width=128&depth=50"][data-state*="He"]').click()
    words = machine.locator("#nearest-words")
    words.scroll_into_view_if_needed()
    expect(words).to_contain_text("50 layers of 100 tanh units, biases of variance 0.05")
    runs = pd.read_csv(ROOT / "results" / "published" / "runs.csv").query(
        "experiment == 'chaos' and depth == 50 and scale == 2"
    )
    mean = f"{100 * runs['test_accuracy'].mean():.2f}\u00a0%"
    expect(machine.locator("#nearest-runs li").first).to_contain_text(mean)
    machine.evaluate(
        "location.hash = 'initializer=RandomNormal&sd=1&activation=relu&width=256&depth=50'"
    )
    expect(words).to_contain_text("No measured network is near")
    assert machine.locator("#curves .curve, #curves .guess").count() == 0
    assert machine.locator("#nearest-runs li").count() == 0


def test_recorded_curves_stand_beside_a_preset(bench: Page) -> None:
    """For thirty ReLU layers after Glorot they are those of both optimizers, with their runs."""
    bench.locator("#nearest").scroll_into_view_if_needed()
    words = bench.locator("#nearest-words")
    expect(words).to_contain_text("GlorotNormal with σw²\u00a0=\u00a01, 30 layers of 128")
    runs = bench.locator("#nearest-runs li")
    assert [text.split(",")[0] for text in runs.all_inner_texts()] == ["SGD", "Adam"]
    address = "runs.html?experiment=depth&variant=GlorotNormal#runs-depth-glorotnormal"
    assert runs.first.locator("a").get_attribute("href") == address
    expect(bench.locator("#curves .curve")).to_have_count(2)
