"""The laboratory held to Keras: the same signals, and the same means over draws."""

import math
from types import ModuleType
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from playwright.sync_api import Page

from analysis.data import dataset
from analysis.plan.run import Architecture, RunInitializer
from analysis.study import initializers
from report.pages.laboratory.choices import ACTIVATIONS
from tests.browser.laboratory.kernels import KERAS, SD, shapes_of

Array = npt.NDArray[Any]

IMAGES = 16


@pytest.fixture(scope="module")
def batch() -> tuple[Array, Array]:
    """The first held-out images (images, 784) and their labels, as a network gets them."""
    data = dataset.load("mnist")
    rows = slice(48_000, 48_000 + IMAGES)
    return data.x_train[rows].astype(np.float32) / 255, data.y_train[rows]


def measured(probes: ModuleType, network: Any, batch: tuple[Array, Array]) -> Array:
    """Statistics (layer, 5) of a Keras network: ln of two mean squares, then three shares."""
    signals = probes.propagate(network, *batch)
    rows = []
    for index, one in enumerate(probes.statistics(network, 0.0, ["signals"], signals)):
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
    return np.array(page.evaluate(script, {"seeds": seeds, "setting": {**setting, "sd": SD}}))


@pytest.mark.slow  # TensorFlow has to start
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_the_signals_of_given_weights_are_those_of_keras(
    machine: Page,
    probes: ModuleType,
    layers: ModuleType,
    batch: tuple[Array, Array],
    activation: str,
) -> None:
    """Keras, given the kernels that the browser drew, measures the same in every layer."""
    setting = {"initializer": "GlorotNormal", "activation": activation, "depth": 6, "width": 24}
    drawn = machine.evaluate(
        """shapes => laboratory.kernels(7, shapes, "truncated_normal")
          .map(each => [...each.byInput])""",
        shapes_of(6, 24),
    )
    network = layers.build(784, 10, Architecture((24,) * 6, activation))
    shapes = shapes_of(6, 24)
    for layer, values, (fan_in, fan_out) in zip(network.weighted, drawn, shapes, strict=True):
        sd = initializers.standard_deviation("GlorotNormal", {}, fan_in, fan_out)
        assert sd is not None
        kernel = sd * np.reshape(values, (fan_in, fan_out))
        layer.set_weights([kernel, np.zeros(fan_out)])
    own = found(machine, [7], **setting, images=IMAGES)[0]
    np.testing.assert_allclose(own, measured(probes, network, batch), rtol=2e-4, atol=2e-4)


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
    layers: ModuleType,
    draws: ModuleType,
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
    network = layers.build(784, 10, Architecture((width,) * depth, activation))
    runs = []
    for seed in range(16):
        for index, (layer, shape) in enumerate(
            zip(network.weighted, shapes_of(depth, width), strict=True), start=1
        ):
            kernel = draws.draw(kind, shape, draws.layer_seed(seed, index))
            layer.set_weights([kernel, np.zeros(shape[1])])
        runs.append(measured(probes, network, batch))
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
