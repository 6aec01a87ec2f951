"""Training on the page, held to finite differences, to NumPy and to Keras."""

from types import ModuleType
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from playwright.sync_api import Page

from analysis.data import dataset
from analysis.plan.run import Architecture
from report.pages.laboratory.choices import ACTIVATIONS
from tests.browser.laboratory.kernels import shapes_of

Array = npt.NDArray[Any]

SHAPES = shapes_of(3, 8)
ROWS, STEPS = 16, 6
SGD = {"learning_rate": 0.1, "momentum": 0.0, "nesterov": False}
MOMENTUM = {"learning_rate": 0.05, "momentum": 0.9, "nesterov": True}
ADAM = {
    "learning_rate": 0.01, "beta_1": 0.9, "beta_2": 0.999, "epsilon": 1e-7, "amsgrad": False,
}  # fmt: skip
RECIPES = [("SGD", SGD), ("SGD", MOMENTUM), ("Adam", ADAM)]


@pytest.fixture(scope="module")
def batches() -> list[tuple[Array, Array]]:
    """Batches of the first training rows of MNIST: pixels from 0 to 1 and labels."""
    data = dataset.load("mnist")
    return [
        (data.x_train[at : at + ROWS] / 255, data.y_train[at : at + ROWS])
        for at in range(0, ROWS * STEPS, ROWS)
    ]


def kernels(activation: str) -> list[Array]:
    """Kernels (fan_in, fan_out) of moderate size, the same for everybody."""
    random = np.random.default_rng([len(activation), *map(ord, activation)])
    return [random.normal(0, 1 / np.sqrt(shape[0]), shape) for shape in SHAPES]


def trained(
    page: Page, activation: str, recipe: tuple[str, Any], batches: list[tuple[Array, Array]]
) -> tuple[list[float], list[Array]]:
    """The losses and last kernels of the page's own training."""
    losses, last = page.evaluate(
        """({shapes, kernels, activation, optimizer, parameters, batches}) => {
          const learner = laboratory.learner({shapes, kernels, activation, optimizer, parameters});
          const losses = batches.map(([pixels, labels]) => laboratory.finished(
            laboratory.learning(learner, {pixels: Float64Array.from(pixels), labels})));
          return [losses, learner.layers.map(({byInput}) => [...byInput])];
        }""",
        {
            "shapes": SHAPES,
            "kernels": [each.ravel().tolist() for each in kernels(activation)],
            "activation": activation,
            "optimizer": recipe[0],
            "parameters": recipe[1],
            "batches": [[x.ravel().tolist(), y.tolist()] for x, y in batches],
        },
    )
    return losses, [np.reshape(each, shape) for each, shape in zip(last, SHAPES, strict=True)]


SLOPES = """({shapes, kernels, activation, pixels, labels, nudge}) => {
  const batch = {pixels: Float64Array.from(pixels), labels};
  const loss = (layer, what, at, by) => {
    const parameters = {learning_rate: 0};
    const learner = laboratory.learner({shapes, kernels, activation, optimizer: "SGD", parameters});
    if (what) learner.layers[layer][what][at] += by;
    return [laboratory.finished(laboratory.sloping(learner, batch)), learner];
  };
  const [, learner] = loss();
  const found = [];
  shapes.forEach((_, layer) => {
    for (const [what, slopes] of [["byInput", "kernel"], ["biases", "biases"]]) {
      const own = learner.layers[layer].slopes[slopes];
      for (let turn = 0; turn < 5; turn++) {
        const at = (turn * 7919 + 401) % own.length;
        const [more] = loss(layer, what, at, nudge);
        const [less] = loss(layer, what, at, -nudge);
        found.push([own[at], (more - less) / (2 * nudge)]);
      }
    }
  });
  return found;
}"""


@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_the_slopes_are_those_of_finite_differences(
    machine: Page, batches: list[tuple[Array, Array]], activation: str
) -> None:
    """Of every kernel and bias: how the loss changes when one of them is nudged by a millionth."""
    x, y = batches[0]
    pairs = machine.evaluate(
        SLOPES,
        {
            "shapes": SHAPES,
            "kernels": [each.ravel().tolist() for each in kernels(activation)],
            "activation": activation,
            "pixels": x.ravel().tolist(),
            "labels": y.tolist(),
            "nudge": 1e-6,
        },
    )
    own, differences = np.array(pairs).T
    assert (np.abs(own) > 1e-4).sum() > 10
    np.testing.assert_allclose(own, differences, atol=2e-8)


def by_numpy(
    recipe: tuple[str, dict[str, Any]], batches: list[tuple[Array, Array]]
) -> tuple[list[float], list[Array]]:
    """The losses and last kernels of a tanh network, by matrices and the textbook's rules."""
    kind, rule = recipe
    weights = [*kernels("tanh"), *(np.zeros(shape[1]) for shape in SHAPES)]
    count = len(SHAPES)
    first, second = ([np.zeros_like(each) for each in weights] for _ in range(2))
    losses = []
    for step, (x, y) in enumerate(batches, start=1):
        signals = [x]
        for index in range(count):
            sums = signals[-1] @ weights[index] + weights[count + index]
            signals.append(sums if index == count - 1 else np.tanh(sums))
        shares = np.exp(signals[-1]) / np.exp(signals[-1]).sum(axis=1, keepdims=True)
        rows = np.arange(len(y))
        losses.append(float(-np.log(shares[rows, y]).mean()))
        shares[rows, y] -= 1
        delta = shares / len(y)
        slopes: list[Array] = [np.zeros(0)] * (2 * count)
        for index in reversed(range(count)):
            slopes[index], slopes[count + index] = signals[index].T @ delta, delta.sum(axis=0)
            if index:
                delta = (delta @ weights[index].T) * (1 - signals[index] ** 2)
        for at, slope in enumerate(slopes):
            if kind == "SGD":
                first[at] = rule["momentum"] * first[at] - rule["learning_rate"] * slope
                ahead = rule["momentum"] * first[at] - rule["learning_rate"] * slope
                weights[at] = weights[at] + (ahead if rule["nesterov"] else first[at])
            else:
                first[at] = rule["beta_1"] * first[at] + (1 - rule["beta_1"]) * slope
                second[at] = rule["beta_2"] * second[at] + (1 - rule["beta_2"]) * slope**2
                mean = first[at] / (1 - rule["beta_1"] ** step)
                spread = np.sqrt(second[at] / (1 - rule["beta_2"] ** step))
                # Keras adds epsilon before the second average is corrected.
                small = rule["epsilon"] / np.sqrt(1 - rule["beta_2"] ** step)
                weights[at] = weights[at] - rule["learning_rate"] * mean / (spread + small)
    return losses, weights[:count]


@pytest.mark.parametrize("recipe", RECIPES, ids=["plain", "momentum", "Adam"])
def test_the_losses_are_those_of_numpy(
    machine: Page, batches: list[tuple[Array, Array]], recipe: tuple[str, Any]
) -> None:
    """After six steps on given batches from given weights losses and kernels agree to 1e-9."""
    losses, last = trained(machine, "tanh", recipe, batches)
    wanted, kernel = by_numpy(recipe, batches)
    np.testing.assert_allclose(losses, wanted, rtol=1e-9)
    for own, theirs in zip(last, kernel, strict=True):
        np.testing.assert_allclose(own, theirs, rtol=1e-7, atol=1e-9)


@pytest.mark.slow  # TensorFlow has to start
@pytest.mark.parametrize("recipe", RECIPES, ids=["plain", "momentum", "Adam"])
@pytest.mark.parametrize("activation", ACTIVATIONS)
def test_the_losses_are_those_of_keras(
    machine: Page,
    layers: ModuleType,
    batches: list[tuple[Array, Array]],
    activation: str,
    recipe: tuple[str, Any],
) -> None:
    """Keras, given the same weights and batches, has the same losses in single precision."""
    import keras

    network = layers.build(784, 10, Architecture((8,) * 3, activation))
    for layer, kernel in zip(network.weighted, kernels(activation), strict=True):
        layer.set_weights([kernel, np.zeros(kernel.shape[1])])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    network.model.compile(getattr(keras.optimizers, recipe[0])(**recipe[1]), loss)
    theirs = [float(network.model.train_on_batch(x.astype(np.float32), y)) for x, y in batches]
    losses, _ = trained(machine, activation, recipe, batches)
    np.testing.assert_allclose(losses, theirs, rtol=2e-4)
