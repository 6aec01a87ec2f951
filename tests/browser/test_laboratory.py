"""The laboratory in a browser, held to Keras, to analysis.theory, and to what its page promises."""

import importlib
import math
import os
import re
import statistics
from collections.abc import Iterator
from itertools import pairwise, product
from pathlib import Path
from types import ModuleType
from typing import Any, Literal
from unittest import mock
from urllib.parse import parse_qsl

import numpy as np
import numpy.typing as npt
import pytest
from playwright.sync_api import Browser, Page, expect

from analysis.data import dataset
from analysis.plan.run import RunInitializer
from analysis.statistics import theory
from analysis.study import initializers
from analysis.training import quiet, workers
from report.pages.laboratory import PRESETS
from tests.browser.opening import Opener

Array = npt.NDArray[Any]

IMAGES = 16
ACTIVATIONS = ["relu", "leaky_relu", "tanh", "sigmoid", "selu", "linear"]
KERAS: dict[str, tuple[str, dict[str, Any]]] = {
    "RandomNormal": ("RandomNormal", {"stddev": 0.15}),
    "LecunNormal": ("LecunNormal", {}),
    "GlorotNormal": ("GlorotNormal", {}),
    "GlorotUniform": ("GlorotUniform", {}),
    "HeNormal": ("HeNormal", {}),
    "Standard": (
        "VarianceScaling",
        {"scale": 1 / 3, "mode": "fan_in", "distribution": "uniform"},
    ),
}
"""Each random initializer of the page as Keras has it; RandomNormal with this deviation."""


@pytest.fixture
def bench(open_page: Opener) -> Page:
    """The laboratory on a desktop."""
    return open_page("laboratory")


@pytest.fixture(scope="module")
def machine(browser: Browser, site: Path, server: str) -> Iterator[Page]:
    """The laboratory once for all tests that only compute in it, or that set it up whole."""
    opener = Opener(browser, site, server)
    yield opener("laboratory")
    opener.close()
    assert opener.problems == []


@pytest.fixture(scope="module")
def compute() -> None:
    """Import TensorFlow under a worker's environment."""
    with mock.patch.dict(os.environ, workers.SINGLE_THREADED), quiet.startup():
        importlib.import_module("analysis.training.trainer").start()


@pytest.fixture(scope="module")
def probes(compute: None) -> ModuleType:
    """Return analysis.probes with TensorFlow started."""
    return importlib.import_module("analysis.training.probes")


@pytest.fixture(scope="module")
def network(compute: None) -> ModuleType:
    """Return analysis.network with TensorFlow started."""
    return importlib.import_module("analysis.training.network")


@pytest.fixture(scope="module")
def batch() -> tuple[Array, Array]:
    """The first held-out images (images, 784) and their labels, as a network gets them."""
    data = dataset.load("mnist")
    rows = slice(48_000, 48_000 + IMAGES)
    return data.x_train[rows].astype(np.float32) / 255, data.y_train[rows]


def shapes_of(depth: int, width: int) -> list[tuple[int, int]]:
    """Kernel shapes from 784 pixels over the hidden layers to ten logits."""
    widths = [784, *[width] * depth, 10]
    return list(pairwise(widths))


def measured(probes: ModuleType, layers: Any, batch: tuple[Array, Array]) -> Array:
    """Statistics (layer, 5) of a Keras network: ln of two mean squares, then three shares."""
    signals = probes.propagate(layers, *batch)
    rows = []
    for index, one in enumerate(probes.statistics(layers, 0.0, ["signals"], signals)):
        sums = signals.sums[index].astype(np.float64)
        gradient = np.square(signals.sum_gradients[index], dtype=np.float64).mean()
        differing = sums.var(axis=0).mean() / one.sum_mean_square
        values = [math.log(one.sum_mean_square), math.log(gradient)]
        rows.append([*values, one.dead_share, one.flat_share, differing])
    return np.array(rows)


def found(page: Page, seeds: list[int], **setting: Any) -> Array:
    """The same statistics (seed, layer, 5) of networks that the browser draws."""
    script = """({seeds, setting}) => seeds.map(seed =>
      laboratory.measure({...setting, seed}).layers.map(each => [
        Math.log(each.sum_mean_square), Math.log(each.gradient_mean_square), each.dead_share,
        each.flat_share, each.differing_share]))"""
    return np.array(page.evaluate(script, {"seeds": seeds, "setting": {**setting, "sd": 0.15}}))


@pytest.mark.slow  # TensorFlow has to start
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_the_signals_of_given_weights_are_those_of_keras(
    machine: Page,
    probes: ModuleType,
    network: ModuleType,
    batch: tuple[Array, Array],
    activation: str,
) -> None:
    """Keras, given the kernels that the browser drew, measures the same in every layer."""
    setting = {"initializer": "GlorotNormal", "activation": activation, "depth": 6, "width": 24}
    drawn = machine.evaluate(
        """shapes => laboratory.kernels(7, shapes, "truncated").map(each => [...each.byInput])""",
        shapes_of(6, 24),
    )
    model = network.build(784, 10, (24,) * 6, activation)
    for layer, values, (fan_in, fan_out) in zip(model.layers, drawn, shapes_of(6, 24), strict=True):
        sd = initializers.standard_deviation("GlorotNormal", {}, fan_in, fan_out)
        assert sd is not None
        kernel = sd * np.reshape(values, (fan_in, fan_out))
        layer.set_weights([kernel, np.zeros(fan_out)])
    own = found(machine, [7], **setting, images=IMAGES)[0]
    np.testing.assert_allclose(own, measured(probes, model.layers, batch), rtol=2e-4, atol=2e-4)


SETTINGS = [
    ("GlorotNormal", "relu", 10, 64),
    ("HeNormal", "tanh", 10, 48),
    ("Standard", "sigmoid", 5, 64),
    ("LecunNormal", "selu", 6, 64),
    ("RandomNormal", "leaky_relu", 4, 48),
    ("GlorotUniform", "linear", 4, 32),
    ("HeNormal", "relu", 2, 128),
]


@pytest.mark.slow  # TensorFlow has to start
@pytest.mark.parametrize(("initializer", "activation", "depth", "width"), SETTINGS)
def test_means_over_draws_agree_with_the_probes(
    machine: Page,
    probes: ModuleType,
    network: ModuleType,
    batch: tuple[Array, Array],
    initializer: str,
    activation: str,
    depth: int,
    width: int,
) -> None:
    """Means over draws differ from those over Keras's own draws by less than four standard errors.

    A standard error comes from the spread over the seeds on both sides.
    """
    name, parameters = KERAS[initializer]
    kind = RunInitializer(name, tuple(parameters.items()))
    model = network.build(784, 10, (width,) * depth, activation)
    runs = []
    for seed in range(16):
        for index, (layer, shape) in enumerate(
            zip(model.layers, shapes_of(depth, width), strict=True), start=1
        ):
            kernel = network.draw(kind, shape, network.layer_seed(seed, index))
            layer.set_weights([kernel, np.zeros(shape[1])])
        runs.append(measured(probes, model.layers, batch))
    keras = np.array(runs)
    setting = {"initializer": initializer, "activation": activation, "depth": depth}
    own = found(machine, list(range(1, 41)), **setting, width=width, images=IMAGES)
    errors = np.sqrt(keras.var(0, ddof=1) / len(keras) + own.var(0, ddof=1) / len(own))
    # A share that is hardly ever different from zero has no spread to speak of.
    bound = 4 * errors + np.array([1e-4, 1e-4, 1e-3, 1e-3, 1e-4])
    difference = np.abs(keras.mean(0) - own.mean(0))
    assert (difference <= bound).all(), (difference / bound).max()
    # Tight enough that a variance which is a third too large would show in the last layer.
    assert bound[-1, 0] < depth * math.log(4 / 3)


def test_the_recursions_are_those_of_the_theory(machine: Page) -> None:
    """Forward and backward mean squares agree with analysis.theory, and so do the variances."""
    for (initializer, (name, parameters)), activation in product(KERAS.items(), ACTIVATIONS):
        shapes = shapes_of(20, 96)
        variances = [initializers.variance(name, parameters, *shape) or 0.0 for shape in shapes]
        fan_ins, fan_outs = zip(*shapes, strict=True)
        sums, _ = theory.forward(fan_ins, variances, 0.11, activation)
        gradients = theory.backward(fan_outs, variances, sums, activation, 0.09)
        own = machine.evaluate(
            """([initializer, activation, shapes]) => {
              const {variance} = laboratory.INITIALIZERS[initializer];
              const variances = shapes.map(([i, o]) => variance(i, o, 0.15));
              const sums = laboratory.forward(shapes, variances, 0.11, activation);
              const back = laboratory.backward(shapes, variances, sums, activation, 0.09);
              return [variances, sums, back];
            }""",
            [initializer, activation, shapes],
        )
        np.testing.assert_allclose(own, np.array([variances, sums, gradients]), rtol=1e-9)


@pytest.mark.parametrize(
    ("distribution", "reach", "kurtosis"),
    [
        ("normal", math.inf, 3.0),
        ("truncated", 2 / initializers.TRUNCATED_SD, None),
        ("uniform", 3, 1.8),
    ],
)
def test_draws_have_unit_variance_and_their_shape(
    machine: Page, distribution: str, reach: float, kurtosis: float | None
) -> None:
    """Each distribution has mean zero, variance one, its bounds and its fourth moment."""
    shapes = [[300, 150], [150, 150], [150, 10]]
    drawn = machine.evaluate(
        "([shapes, kind]) => laboratory.kernels(3, shapes, kind).map(each => [...each.byUnit])",
        [shapes, distribution],
    )
    first, second, _ = map(np.array, drawn)
    assert first.mean() == pytest.approx(0, abs=4 / math.sqrt(first.size))
    assert first.var() == pytest.approx(1, abs=4 * math.sqrt(2 / first.size))
    assert np.abs(first).max() <= (math.sqrt(reach) if distribution == "uniform" else reach)
    if kurtosis is not None:
        assert (first**4).mean() == pytest.approx(kurtosis, rel=0.06)
    # Neighbouring layers and units have nothing in common.
    assert abs(np.corrcoef(first[: second.size], second)[0, 1]) < 4 / math.sqrt(second.size)
    rows = first.reshape(150, 300)
    assert abs(np.corrcoef(rows[0], rows[1])[0, 1]) < 4 / math.sqrt(300)


def test_a_seed_is_a_network(machine: Page) -> None:
    """Equal seeds give equal kernels, others do not; a deeper, wider network keeps the weights."""
    same, other, part = machine.evaluate(
        """() => {
          const small = [[784, 16], [16, 16], [16, 10]];
          const large = [[784, 24], [24, 24], [24, 24], [24, 10]];
          const kernels = (seed, shapes) =>
            laboratory.kernels(seed, shapes, "normal").map(each => [...each.byUnit]);
          const once = kernels(1, small);
          kernels(2, small);
          const grown = kernels(1, large)[1].filter((_, at) => at % 24 < 16 && at < 24 * 16);
          return [String(kernels(1, small)) === String(once),
            String(kernels(2, small)[1]) === String(once[1]), String(grown) === String(once[1])];
        }"""
    )
    assert (same, other, part) == (True, False, True)


def setting_of(page: Page) -> dict[str, str]:
    """The setting that the controls show, in the words of the address."""
    names = ["initializer", "activation", "width", "depth", "seed"]
    return {name: page.locator(f"#{name}").input_value() for name in names}


@pytest.mark.parametrize("preset", PRESETS, ids=lambda preset: preset.setting)
def test_a_preset_sets_what_it_says(machine: Page, preset: Any) -> None:
    """Its button puts every control in its place, shows itself as pressed, and is written down."""
    machine.locator("#seed").fill("5")
    button = machine.locator(f'[data-state="{preset.setting}"]')
    button.click()
    machine.wait_for_function(
        "setting => location.hash.startsWith('#' + setting)", arg=preset.setting
    )
    wanted = dict(parse_qsl(preset.setting))
    sd = wanted.pop("sd", None)
    assert setting_of(machine) == {**wanted, "seed": "1"}
    assert button.get_attribute("aria-pressed") == "true"
    assert machine.locator('[aria-pressed="true"]').count() == 1
    if sd is not None:
        assert 10 ** float(machine.locator("#sd").input_value()) == pytest.approx(
            float(sd), rel=0.006
        )
        assert float(machine.locator("#sd-shown").inner_text()) == float(sd)


def test_an_address_is_a_setting(open_page: Opener) -> None:
    """A page opened from disk by an address shows its setting, and writes the same address."""
    hash_ = "initializer=RandomNormal&sd=0.0731&activation=selu&width=64&depth=17&seed=42&own=1"
    page = open_page(f"laboratory#{hash_}", disk=True)
    assert page.locator("#sd-shown").inner_text() == "0.0731"
    assert page.locator("#own").is_checked()
    page.locator("#depth").press("ArrowRight")
    page.wait_for_function("() => location.hash.includes('depth=18')")
    assert page.evaluate("location.hash") == f"#{hash_.replace('17', '18')}"
    page.evaluate("location.hash = 'initializer=Zeros&depth=3'")
    page.wait_for_function("() => document.querySelector('#depth').value === '3'")
    assert setting_of(page)["initializer"] == "Zeros"
    assert page.evaluate("history.length") <= 3


def test_a_wrong_address_does_no_harm(open_page: Opener) -> None:
    """Unknown names and values out of range become the nearest that the controls allow."""
    page = open_page("laboratory#initializer=toString&activation=x&width=9999&depth=-3&seed=a&sd=0")
    shown = setting_of(page)
    assert shown == {
        "initializer": "GlorotNormal", "activation": "relu", "width": "256", "depth": "2",
        "seed": "1",
    }  # fmt: skip


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
          laboratory.byLayer(svg, {values: [1, 0.1, 0, 0], theory: [1, 0.1, 0, 0]});
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


def test_what_is_said_aloud_waits_for_the_reader(bench: Page) -> None:
    """While a slider moves nothing is announced; when it rests, words and table are as shown."""
    said = "document.querySelector('#status').textContent"
    bench.clock.install()
    bench.reload()
    bench.clock.pause_at(bench.evaluate("Date.now()") + 1000)
    assert bench.evaluate(said) == ""
    for _ in range(5):
        bench.locator("#depth").press("ArrowLeft")
        bench.clock.run_for(300)  # less than the pause of a reader
        assert bench.evaluate(said) == ""
    assert bench.locator("#depth-shown").inner_text() == "25 layers"
    bench.clock.run_for(100)
    assert "layer 25" in bench.evaluate(said)
    assert bench.locator("#table tr").count() == 26
    assert "25 layers" in str(bench.locator("#table-setting").text_content())


GROUP = {
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


def test_the_words_say_how_the_nearest_run_differs(machine: Page) -> None:
    """Depth, width, gain and biases that are not the reader's are named, or that all are."""
    script = "([groups, asked]) => laboratory.nearestWords(groups, asked)"
    network = {"activation": "relu", "depth": 28, "width": 128, "gain": 2}
    other = GROUP | {"bias": 0.05}
    assert machine.evaluate(script, [[other], network]) == (
        "Measured: V with σ_w²\u00a02, 10 layers of 128 ReLU units, biases of variance 0.05, 1 "
        "epoch over 32\u00a0% of the rows. Yours has depth 28 and biases of zero."
    )
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
    assert words.endswith("1 more of its trainings are not shown.")
    assert lone == "SGD"


def test_a_preset_and_its_measured_network_tell_one_story(machine: Page) -> None:
    """Fifty tanh layers in chaos stand beside fifty measured ones; where none are, none are shown.

    The accuracy is that of the published runs, in hundredths as everywhere in the report.
    """
    machine.locator('[data-state$="activation=tanh&width=128&depth=50"][data-state*="He"]').click()
    words = machine.locator("#nearest-words")
    expect(words).to_contain_text("50 layers of 100 tanh units, biases of variance 0.05")
    expect(machine.locator("#nearest-runs li").first).to_contain_text("14.83\u00a0%")
    machine.evaluate(
        "location.hash = 'initializer=RandomNormal&sd=1&activation=relu&width=256&depth=50'"
    )
    expect(words).to_contain_text("No measured network is near")
    assert machine.locator("#curves .curve, #curves .guess").count() == 0
    assert machine.locator("#nearest-runs li").count() == 0


def test_guessing_among_three_classes_is_that(bench: Page) -> None:
    """The dashed rule of a study with three classes stands at ln 3, on the axis of the losses."""
    script = """classes => {
      const svg = document.getElementById("curves");
      laboratory.curves(svg, [{curve: [[1, 3]]}], classes);
      return Number(/M[\\d.]+ ([\\d.]+)/.exec(svg.querySelector(".guess").getAttribute("d"))[1]);
    }"""
    three, ten, one = (bench.evaluate(script, classes) for classes in (3, 10, 1))
    assert (one - three) / (one - ten) == pytest.approx(math.log(3) / math.log(10), abs=0.01)


def test_a_seed_out_of_range_becomes_the_nearest(bench: Page) -> None:
    """What is typed is left alone while it is typed; on leaving, the field shows the seed drawn."""
    field = bench.locator("#seed")
    field.fill("0")
    assert field.input_value() == "0"
    field.press("Enter")
    assert field.input_value() == "1"


def test_recorded_curves_stand_beside_a_preset(bench: Page) -> None:
    """For thirty ReLU layers after Glorot they are those of both optimizers, with their runs."""
    assert (
        "GlorotNormal with σw²\u00a01, 30 layers of 128"
        in bench.locator("#nearest-words").inner_text()
    )
    runs = bench.locator("#nearest-runs li")
    assert [text.split(",")[0] for text in runs.all_inner_texts()] == ["SGD", "Adam"]
    address = "runs.html?experiment=depth&variant=GlorotNormal#runs-depth-glorotnormal"
    assert runs.first.locator("a").get_attribute("href") == address
    assert bench.locator("#curves .curve").count() == 2


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


@pytest.fixture
def times(bench: Page) -> list[float]:
    """Milliseconds from a slider's move to the frame that shows it, at depth 30 and width 128."""
    found: list[float] = bench.evaluate(
        """async () => {
          const slider = document.getElementById("sd");
          const times = [];
          for (let turn = 0; turn < 40; turn++) {
            slider.value = -1 + 0.01 * (turn % 7);
            await new Promise(done => setTimeout(done, 20));
            const start = performance.now();
            slider.dispatchEvent(new Event("input", {bubbles: true}));
            // After the frame in which the picture is drawn, style, layout and paint included.
            await new Promise(done => requestAnimationFrame(() => {
              const {port1, port2} = new MessageChannel();
              port1.onmessage = done;
              port2.postMessage(null);
            }));
            times.push(performance.now() - start);
          }
          return times;
        }"""
    )
    return found


def test_a_slider_shows_its_picture_at_once(times: list[float]) -> None:
    """The quickest of forty takes under 100 ms, half of them under 400 even on a busy machine."""
    assert min(times) < 100
    assert statistics.median(times) < 400
