"""Networks, initial weights and optimizers, held to the papers' formulas and to Keras."""

import itertools
import math
from collections.abc import Mapping
from dataclasses import replace
from types import ModuleType
from typing import Any, get_args

import numpy as np
import numpy.typing as npt
import pytest

from analysis.plan.run import Architecture, Optimization, RunInitializer, RunSettings
from analysis.study import initializers, optimizers
from analysis.study.network import Activation
from tests.analysis.training import small

Kernels = list[npt.NDArray[np.float32]]
SHAPES = [(784, 128), (128, 64), (64, 10)]
SEEDS = range(20)


@pytest.fixture(scope="module")
def settings(small_mnist: str) -> RunSettings:
    """Return the settings of a run, to be changed by the test."""
    return small.runs(small_mnist)[0].settings


def drawn(
    draws: ModuleType,
    settings: RunSettings,
    initializer: str,
    seed: int = 0,
    **parameters: object,
) -> Kernels:
    """Return the initial kernels of an initializer."""
    complete = initializers.complete_parameters(initializer, parameters)
    changed = replace(
        settings,
        kernel=RunInitializer(initializer, tuple(complete.items())),
        output_kernel=RunInitializer(initializer, tuple(complete.items())),
        seed=seed,
    )
    kernels: Kernels = draws.initial_kernels(changed, SHAPES)
    return kernels


# Standard deviation of each kernel of 784-128-64-10, worked out by hand from the formula.
@pytest.mark.parametrize(
    ("initializer", "parameters", "expected"),
    [
        ("GlorotNormal", {}, [0.04683, 0.10206, 0.16440]),
        ("GlorotUniform", {}, [0.04683, 0.10206, 0.16440]),
        ("HeNormal", {}, [0.05051, 0.125, 0.17678]),
        ("HeUniform", {}, [0.05051, 0.125, 0.17678]),
        ("LecunNormal", {}, [1 / 28, 0.08839, 0.125]),
        ("RandomNormal", {"stddev": 0.05}, [0.05] * 3),
        ("TruncatedNormal", {"stddev": 0.05}, [0.043981] * 3),
        ("RandomUniform", {"minval": -0.3, "maxval": 0.3}, [0.173205] * 3),
        ("VarianceScaling", {"scale": 3.0, "mode": "fan_out"}, [0.153093, 0.216506, 0.547723]),
    ],
)
def test_initial_weights_have_the_variance_of_the_formula(
    draws: ModuleType,
    settings: RunSettings,
    initializer: str,
    parameters: Mapping[str, Any],
    expected: list[float],
) -> None:
    """Over 20 seeds, mean and variance lie within 5 standard errors of the formula's.

    The variance of n normal draws has a relative standard error of √(2/n); that of truncated or
    uniform draws is smaller.
    """
    by_seed = [drawn(draws, settings, initializer, seed, **parameters) for seed in SEEDS]
    for kernels, shape, sd in zip(zip(*by_seed, strict=True), SHAPES, expected, strict=True):
        weights = np.asarray(kernels, np.float64)
        assert weights.shape == (len(SEEDS), *shape)
        assert abs(weights.mean()) < 5 * sd / math.sqrt(weights.size)
        tolerance = 5 * math.sqrt(2 / weights.size) + 1e-4  # the literals above have 4 digits
        assert np.mean(weights**2) / sd**2 == pytest.approx(1, abs=tolerance)
        formula = initializers.standard_deviation(initializer, parameters, *shape)
        assert formula == pytest.approx(sd, rel=1e-4)


def test_orthogonal_kernels_are_orthogonal(draws: ModuleType, settings: RunSettings) -> None:
    """Columns are orthonormal up to the gain, so the mean square is gain² / fan_in, exactly."""
    for kernel in drawn(draws, settings, "Orthogonal", gain=2.0):
        fan_in, fan_out = kernel.shape
        np.testing.assert_allclose(kernel.T @ kernel, 4 * np.eye(fan_out), atol=1e-4)
        assert np.mean(kernel**2) == pytest.approx(4 / fan_in, rel=1e-5)


@pytest.mark.parametrize(("initializer", "value"), [("Zeros", 0.0), ("Ones", 1.0)])
def test_constant_initializers_give_their_value(
    draws: ModuleType, settings: RunSettings, initializer: str, value: float
) -> None:
    """An initializer without randomness takes no seed and fills every kernel."""
    assert all((kernel == value).all() for kernel in drawn(draws, settings, initializer))


def test_no_two_layers_share_their_random_numbers(draws: ModuleType, settings: RunSettings) -> None:
    """Across layers and seeds, the first draws are uncorrelated: within 5 standard errors of 0."""
    heads = [
        kernel.ravel()[:640].astype(np.float64)
        for seed in (0, 1, 2)
        for kernel in drawn(draws, settings, "HeNormal", seed)
    ]
    for a, b in itertools.combinations(heads, 2):
        assert abs(np.corrcoef(a, b)[0, 1]) < 5 / math.sqrt(640)


def test_every_layer_of_a_deep_network_has_its_own_seed(draws: ModuleType) -> None:
    """A thousand layers have a thousand seeds, and another run's layers have others."""
    seeds = {draws.layer_seed(seed, layer) for seed in (0, 1) for layer in range(1, 1001)}
    assert len(seeds) == 2000


def test_equal_seeds_draw_equal_weights_and_others_do_not(
    draws: ModuleType, settings: RunSettings
) -> None:
    """The weights depend on the seed, and on nothing that was drawn before."""
    first, other, again = (drawn(draws, settings, "HeNormal", seed) for seed in (3, 4, 3))
    for one, two, three in zip(first, other, again, strict=True):
        np.testing.assert_array_equal(one, three)
        assert not np.isclose(one, two).all()


def test_he_is_glorot_scaled(draws: ModuleType, settings: RunSettings) -> None:
    """At one seed, He is Glorot · √((fan_in + fan_out) / fan_in), entry by entry."""
    he, glorot = (drawn(draws, settings, name, 7) for name in ("HeNormal", "GlorotNormal"))
    for ours, other in zip(he, glorot, strict=True):
        fan_in, fan_out = ours.shape
        scaled = other * math.sqrt((fan_in + fan_out) / fan_in)
        np.testing.assert_allclose(ours, scaled, rtol=1e-6)


def test_a_network_is_dense_and_gives_logits(layers: ModuleType) -> None:
    """The network computes max(0, x W + b) by layer, and no softmax at its end."""
    model = layers.build(5, 3, Architecture((4,), "relu")).model
    x = np.linspace(-1, 1, 10, dtype=np.float32).reshape(2, 5)
    w1, b1, w2, b2 = (np.asarray(each) for each in model.weights)
    assert not b1.any()
    assert not b2.any()
    assert (w1.shape, w2.shape) == ((5, 4), (4, 3))
    expected = np.maximum(x @ w1 + b1, 0) @ w2 + b2
    np.testing.assert_allclose(model(x), expected, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("activation", get_args(Activation))
def test_keras_has_every_activation_of_a_study(layers: ModuleType, activation: str) -> None:
    """What a study may name, Keras can build; all but the linear one bend."""
    layer = layers.build(1, 2, Architecture((1,), activation)).layers[0]
    left, middle, right = (
        float(layer.activation(np.array([[z]], np.float32))[0, 0]) for z in (-1, 0, 1)
    )
    assert (abs(left + right - 2 * middle) < 1e-6) == (activation in {"linear", "tanh", "sigmoid"})
    assert right > middle


@pytest.mark.parametrize("name", optimizers.OPTIMIZERS)
def test_the_optimizer_is_that_of_keras(layers: ModuleType, name: str) -> None:
    """Keras gets every parameter, and those a study leaves out have Keras' own defaults."""
    import keras

    complete = optimizers.complete_parameters(name, {})
    theirs = getattr(keras.optimizers, name)().get_config()
    for parameter, value in complete.items():
        assert theirs[parameter] == pytest.approx(value)
    changed = {**complete, "learning_rate": 0.123}
    optimizer = layers.optimizer(Optimization(name, tuple(changed.items()), 64))
    assert type(optimizer).__name__ == name
    assert optimizer.get_config()["learning_rate"] == pytest.approx(0.123)


@pytest.mark.parametrize("name", initializers.SCHEMES)
def test_the_defaults_of_an_initializer_are_those_of_keras(layers: ModuleType, name: str) -> None:
    """Parameters that a study leaves out have Keras' own defaults."""
    import keras

    theirs = getattr(keras.initializers, name)()
    for parameter, value in initializers.complete_parameters(name, {}).items():
        assert getattr(theirs, parameter) == value


@pytest.mark.parametrize("shape", [(784, 128), (3, 3, 4, 8), (5, 5, 1, 3)])
def test_fans_are_those_of_keras(draws: ModuleType, shape: tuple[int, ...]) -> None:
    """Uniform draws of a variance of one over fan_in or fan_out reach √3 over its root, no more."""
    for mode, fan in zip(("fan_in", "fan_out"), draws.fans(shape), strict=True):
        parameters = initializers.complete_parameters(
            "VarianceScaling", {"mode": mode, "distribution": "uniform"}
        )
        own = RunInitializer("VarianceScaling", tuple(parameters.items()))
        drawn = np.abs([draws.draw(own, shape, seed) for seed in SEEDS])
        assert 0.9 < drawn.max() * math.sqrt(fan / 3) <= 1 + 1e-6


def test_biases_by_the_fans_of_the_kernel_are_those_of_pytorch(
    draws: ModuleType, settings: RunSettings
) -> None:
    """nn.Linear draws kernel and bias from U(±1/√fan_in): both fill that range, and no more."""
    complete = initializers.complete_parameters(
        "VarianceScaling", {"scale": 1 / 3, "mode": "fan_in", "distribution": "uniform"}
    )
    third = RunInitializer("VarianceScaling", tuple(complete.items()))
    changed = replace(settings, kernel=third, output_kernel=third, bias=third, bias_fans="kernel")
    for draw in (draws.initial_kernels, draws.initial_biases):
        by_seed = [draw(replace(changed, seed=seed), SHAPES) for seed in SEEDS]
        for arrays, (fan_in, fan_out) in zip(zip(*by_seed, strict=True), SHAPES, strict=True):
            reach = np.abs(arrays).max() * math.sqrt(fan_in)
            assert np.shape(arrays)[-1] == fan_out
            assert 0.97 < reach <= 1 + 1e-6


def test_biases_by_their_own_fans_are_those_of_keras(
    draws: ModuleType, settings: RunSettings
) -> None:
    """Keras takes a bias of n for a kernel of fans n: uniform draws reach √(3 / n)."""
    own = RunInitializer("LecunUniform", ())
    biases = draws.initial_biases(replace(settings, bias=own), SHAPES)
    reaches = [np.abs(bias).max() * math.sqrt(len(bias) / 3) for bias in biases]
    assert all(0.7 < reach <= 1 + 1e-6 for reach in reaches)


@pytest.mark.parametrize("seed", [None, 3])
def test_a_shared_seed_is_what_one_initializer_of_keras_does(
    draws: ModuleType, settings: RunSettings, seed: int | None
) -> None:
    """One object, seeded or not, gives two equal layers the same kernel, and so does "shared"."""
    import keras

    one = keras.initializers.HeNormal(seed=seed) if seed else keras.initializers.HeNormal()
    dense = [keras.layers.Dense(8, kernel_initializer=one) for _ in range(2)]
    keras.Sequential([keras.Input((8,)), *dense])
    np.testing.assert_array_equal(*(layer.kernel for layer in dense))
    shared = replace(settings, kernel_seed="shared")
    first, second, third = draws.initial_kernels(shared, [(8, 8), (8, 8), (4, 8)])
    np.testing.assert_array_equal(first, second)
    np.testing.assert_allclose(third, first[:4] * math.sqrt(2), rtol=1e-6)
    own = draws.initial_kernels(settings, [(8, 8), (8, 8), (4, 8)])
    np.testing.assert_array_equal(first, own[0])
    assert not np.isclose(own[0], own[1]).all()


def test_another_initializer_of_the_output_shares_no_seed(
    draws: ModuleType, settings: RunSettings
) -> None:
    """Its kernel is that of a run whose seeds are all their own, and the hidden ones are equal."""
    other = replace(settings, output_kernel=RunInitializer("GlorotUniform", ()))
    shapes = [(8, 8)] * 3
    first, second, last = draws.initial_kernels(replace(other, kernel_seed="shared"), shapes)
    np.testing.assert_array_equal(first, second)
    np.testing.assert_array_equal(last, draws.initial_kernels(other, shapes)[2])


def test_seeds_of_dropout_are_a_stream_of_their_own(
    draws: ModuleType, settings: RunSettings
) -> None:
    """No layer of any of ten runs drops by the seed of another, or draws weights by it."""
    drops = [draws.dropout_seeds(replace(settings, seed=seed), 9) for seed in range(10)]
    streams = (draws.KERNEL_STREAM, draws.BIAS_STREAM)
    drawn = {
        draws.layer_seed(s, n, stream) for s in range(10) for n in range(10) for stream in streams
    }
    assert len({each for own in drops for each in own} | drawn) == 90 + 200
