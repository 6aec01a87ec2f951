"""Signals inside of normalized, residual and convolutional networks, held to the chain rule."""

from types import ModuleType
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from analysis.plan.run import Architecture, Convolution

Array = npt.NDArray[Any]
RANDOM = np.random.default_rng(5)
X = RANDOM.normal(size=(12, 6)).astype(np.float32)
CONVOLUTIONS = (Convolution(3, 3, 2), Convolution(2, 2, 1))
Y = RANDOM.integers(0, 3, 12).astype(np.int32)


def set_randomly(network: Any) -> None:
    """Draw all weights of a network, and moving statistics that are no defaults."""
    for variable in network.model.weights:
        drawn = np.random.default_rng(len(variable.path)).normal(size=variable.shape) * 0.5
        variable.assign(np.abs(drawn) + 0.5 if "variance" in variable.path else drawn)


def loss_of(network: Any, x: Array) -> float:
    """Return the mean cross-entropy of logits by the formula, in float64."""
    logits = np.asarray(network.model(x, training=False), np.float64)
    return float(np.mean(np.log(np.exp(logits).sum(1)) - logits[np.arange(len(x)), Y[: len(x)]]))


@pytest.mark.parametrize("normalization", ["none", "layer", "batch"])
@pytest.mark.parametrize("branch", [None, 0.7])
def test_signals_follow_from_each_other(
    layers: ModuleType, probes: ModuleType, normalization: str, branch: float | None
) -> None:
    """Each layer's z, f(z) and output are those of NumPy from its input, which the next receives.

    Layer normalization has the mean and variance of a row, with Keras's 0.001; that of a batch the
    moving ones.
    """
    network = layers.build(
        6, 3, Architecture((5, 5, 6), "tanh", normalization, branch, dropout=0.5)
    )
    set_randomly(network)
    signals = probes.propagate(network, X, Y)
    norms = [each for each in network.model.layers if "normalization" in each.name]
    h = X.astype(np.float64)
    for place, layer in enumerate(network.weighted[:-1]):
        np.testing.assert_allclose(signals.inputs[place], h, rtol=1e-4, atol=1e-5)
        z = h @ np.asarray(layer.kernel, np.float64) + np.asarray(layer.bias)
        if norms:
            gamma, beta, *moving = (np.asarray(each) for each in norms[place].weights)
            moments = moving or [z.mean(1, keepdims=True), z.var(1, keepdims=True)]
            z = gamma * (z - moments[0]) / np.sqrt(moments[1] + 1e-3) + beta
        np.testing.assert_allclose(signals.sums[place], z, rtol=1e-4, atol=1e-5)
        np.testing.assert_allclose(signals.activations[place], np.tanh(z), rtol=1e-4, atol=1e-5)
        np.testing.assert_allclose(signals.slopes[place], 1 - np.tanh(z) ** 2, atol=1e-4)
        added = branch is not None and h.shape[1] == z.shape[1]
        h = h + branch * np.tanh(z) if added and branch else np.tanh(z)
        np.testing.assert_allclose(signals.outputs[place], h, rtol=1e-4, atol=1e-5)
    stated = probes.statistics(network, 0.0, {"signals"}, signals)
    assert stated[2].mean_square == pytest.approx(np.mean(h**2), rel=1e-4)
    assert [(each.fan_in, each.fan_out) for each in stated] == [(6, 5), (5, 5), (5, 6), (6, 3)]


@pytest.mark.parametrize(
    "asked",
    [
        Architecture((5, 5), "tanh", "layer", 0.7),
        Architecture((4,), "tanh", "batch", convolution=CONVOLUTIONS),
    ],
    ids=["residual", "convolution"],
)
def test_gradients_are_slopes_of_the_loss(
    layers: ModuleType, probes: ModuleType, asked: Architecture
) -> None:
    """A small step against the gradient of each kernel lowers the loss by the square of its norm.

    With respect to the logits it is, row by row, what the softmax gives too much.
    """
    network = layers.build(16, 3, asked)
    set_randomly(network)
    x = np.random.default_rng(2).normal(size=(12, 16)).astype(np.float32)
    signals = probes.propagate(network, x, Y)
    before = loss_of(network, x)
    for layer, gradient in zip(network.weighted, signals.kernel_gradients, strict=True):
        kernel, square = np.asarray(layer.kernel), float(np.square(gradient, dtype=float).sum())
        step = 1e-3 / np.sqrt(square)
        layer.kernel.assign(kernel - step * gradient)
        lower = loss_of(network, x)
        layer.kernel.assign(kernel + step * gradient)
        higher = loss_of(network, x)
        layer.kernel.assign(kernel)
        assert (higher - lower) / (2 * step) == pytest.approx(square, rel=0.02)
        assert lower < before < higher
    last = signals.sum_gradients[-1]
    exponentials = np.exp(signals.sums[-1] - signals.sums[-1].max(1, keepdims=True))
    shares = exponentials / exponentials.sum(1, keepdims=True)
    np.testing.assert_allclose(last, shares - np.eye(3)[Y], atol=1e-5)


def test_units_of_a_convolution_are_all_positions_and_filters(
    layers: ModuleType, probes: ModuleType
) -> None:
    """One of two filters is shut: half of all units are dead; fans are pixels times channels."""
    asked = Architecture((4,), "relu", convolution=(Convolution(2, 3, 2),))
    network = layers.build(36, 3, asked)
    first = network.weighted[0]
    first.kernel.assign(np.ones((3, 3, 1, 2)))
    first.bias.assign([0.0, -1000.0])
    x = np.random.default_rng(0).uniform(1, 2, (5, 36)).astype(np.float32)
    signals = probes.propagate(network, x, Y[:5])
    stated = probes.statistics(network, 0.0, {"signals", "symmetry", "weights"}, signals)
    assert signals.sums[0].shape == (5, 6, 6, 2)
    assert (stated[0].dead_share, stated[0].kernel_rank, stated[0].distinct_units) == (0.5, 1, 1)
    fans = [(each.fan_in, each.fan_out) for each in stated]
    assert fans == [(9, 18), (18, 4), (4, 3)]
    corner = x.reshape(5, 6, 6)[:, :2, :2].sum((1, 2))
    np.testing.assert_allclose(signals.sums[0][:, 0, 0, 0], corner, rtol=1e-5)
    pooled = signals.outputs[0].reshape(5, 3, 2, 3, 2, 2).max((2, 4)).reshape(5, -1)
    np.testing.assert_array_equal(signals.inputs[1], pooled)


def test_the_correlation_is_that_of_every_pair(probes: ModuleType) -> None:
    """Pair by pair it is the cosine of two rows; where a row is zero there is none."""
    rows = np.random.default_rng(1).normal(size=(7, 3, 4)).astype(np.float32) + 0.3
    flat = rows.reshape(7, -1).astype(np.float64)
    pairs = [
        a @ b / np.sqrt((a @ a) * (b @ b)) for place, a in enumerate(flat) for b in flat[:place]
    ]
    assert len(pairs) == 21
    assert probes.correlation(rows) == pytest.approx(np.mean(pairs), rel=1e-6)
    assert probes.correlation(np.ones((4, 3), np.float32)) == pytest.approx(1)
    assert probes.correlation(np.array([[1.0, 0.0], [0.0, 2.0]])) == pytest.approx(0)
    for bad in (rows[:1], np.zeros((3, 2)), np.array([[1.0, np.inf], [1.0, 1.0]])):
        assert probes.correlation(bad) is None


def test_correlations_of_a_wide_network_follow_the_map(
    layers: ModuleType, probes: ModuleType
) -> None:
    """ReLU layers of He's variance take a correlation c to the arc-cosine kernel of c.

    (√(1 - c²) + c (π - arccos c)) / π, Cho & Saul 2009; two rows in 2,000 units.
    """
    network = layers.build(2, 2, Architecture((2000, 2000, 2000), "relu"))
    random = np.random.default_rng(3)
    for layer in network.weighted:
        fan_in = layer.kernel.shape[0]
        layer.kernel.assign(random.normal(size=layer.kernel.shape) * np.sqrt(2 / fan_in))
    x = np.array([[1.0, 0.0], [0.2, 1.0]], np.float32)
    signals = probes.propagate(network, x, np.zeros(2, np.int32))
    found = probes.statistics(network, 0.0, {"correlation"}, signals)
    c = x[0] @ x[1] / np.linalg.norm(x[1])
    for layer in found[:3]:
        assert layer.sum_correlation == pytest.approx(c, abs=0.05)
        assert layer.mean_square is None
        c = (np.sqrt(1 - c**2) + c * (np.pi - np.arccos(c))) / np.pi


def test_dropout_leaves_out_its_share_and_keeps_the_mean(layers: ModuleType) -> None:
    """A quarter of the activations are zero, the others 4/3 as large; each step drops others."""
    network = layers.build(4, 2, Architecture((50, 50), "linear", dropout=0.25))
    set_randomly(network)
    first, second = network.dropouts
    h = np.ones((400, 50), np.float32)
    drops = [np.asarray(layer(h, training=True)) for layer in (first, first, second)]
    for found in drops:
        assert sorted({round(float(each), 5) for each in found.ravel()}) == [0.0, 1.33333]
        # Of 20,000 draws the standard error of a share is 0.003.
        assert (found == 0).mean() == pytest.approx(0.25, abs=0.015)
    for one, other in ((0, 1), (0, 2), (1, 2)):
        both = ((drops[one] == 0) & (drops[other] == 0)).mean()
        assert both == pytest.approx(1 / 16, abs=0.01)
    np.testing.assert_array_equal(first(h, training=False), h)
