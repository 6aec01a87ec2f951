"""Theory against published numbers, closed forms, Keras's own activations and random networks."""

import math
from collections.abc import Callable
from types import ModuleType

import numpy as np
import pytest

from analysis.statistics import theory
from analysis.statistics.theory import ACTIVATIONS, LEAK, SELU_ALPHA, SELU_SCALE, Floats

POINTS = np.array([-30.0, -2.0, -0.5, -1e-3, 1e-3, 0.7, 3.0, 30.0])


@pytest.mark.parametrize("name", list(ACTIVATIONS))
def test_activations_are_keras_own(name: str, layers: ModuleType) -> None:
    """Every activation that a study may name has the values that Keras gives it."""
    function = getattr(layers.keras.activations, name)
    expected = np.asarray(function(layers.keras.ops.convert_to_tensor(POINTS.astype("float32"))))
    assert ACTIVATIONS[name].value(POINTS) == pytest.approx(expected, rel=2e-5, abs=2e-6)


@pytest.mark.parametrize("name", list(ACTIVATIONS))
def test_slopes_are_those_of_the_activation(name: str) -> None:
    """Central differences, away from the kinks at zero."""
    phi, step = ACTIVATIONS[name], 1e-6
    numeric = (phi.value(POINTS + step) - phi.value(POINTS - step)) / (2 * step)
    assert phi.slope(POINTS) == pytest.approx(numeric, rel=1e-6, abs=1e-7)


def test_every_activation_of_a_study_is_known() -> None:
    """A study that passes its checks never meets an activation without a theory."""
    from typing import get_args

    from analysis.study.network import Activation

    assert set(get_args(Activation)) == set(ACTIVATIONS)


def test_normal_means_by_hand() -> None:
    """Moments of a normal variable, and half of them where the other half is cut off."""
    assert theory.normal_mean(np.ones_like, 1.0) == pytest.approx(1, abs=1e-14)
    assert theory.normal_mean(lambda z: z**2, 4.0) == pytest.approx(4, abs=1e-12)
    assert theory.normal_mean(lambda z: z**4, 1.0) == pytest.approx(3, abs=1e-12)
    assert theory.normal_mean(lambda z: np.maximum(z, 0) ** 2, 3.0) == pytest.approx(1.5)
    assert theory.slope_mean_square(7.0, "relu") == pytest.approx(0.5)


def test_relu_factor_of_the_three_schemes() -> None:
    """At width 128: He keeps the mean square, Glorot halves it, stddev 0.05 leaves 0.16."""
    assert theory.relu_factor(128, 2 / 128) == 1
    assert theory.relu_factor(128, 2 / 256) == 0.5
    assert theory.relu_factor(128, 0.05**2) == pytest.approx(0.16)


def test_the_edge_of_chaos_of_tanh_as_published() -> None:
    """With σ_b² = 0.05 the critical σ_w² is 1.761 and q* there 0.570; with σ_b² = 0 it is 1."""
    assert theory.critical_gain(0.05, "tanh") == pytest.approx(1.761, abs=5e-4)
    assert theory.fixed_point(1.761, 0.05, "tanh") == pytest.approx(0.570, abs=5e-4)
    assert theory.chi_1(1.761, 0.05, "tanh") == pytest.approx(1, abs=5e-4)
    assert theory.critical_gain(0.0, "tanh") == pytest.approx(1, abs=1e-3)


@pytest.mark.parametrize("bias", [0.0, 0.05, 1.0])
def test_relu_is_critical_at_two_whatever_the_bias(bias: float) -> None:
    """χ₁ of ReLU is σ_w² / 2, so He's 2 / fan_in is its critical line."""
    assert theory.critical_gain(bias, "relu") == pytest.approx(2)
    assert theory.chi_1(1.0, bias, "relu") == pytest.approx(0.5)


def test_selu_with_lecun_settles_at_one() -> None:
    """Its constants were chosen so that mean square 1 is kept (Klambauer et al. 2017)."""
    assert theory.passed_on(1.0, "selu") == pytest.approx(1, abs=1e-9)
    assert theory.fixed_point(1.0, 0.0, "selu") == pytest.approx(1, abs=1e-6)


def test_fixed_points_at_their_limits() -> None:
    """Signals die, settle, are kept whatever they are, or grow without end."""
    assert theory.fixed_point(0.5, 0.0, "tanh") == 0
    assert theory.fixed_point(1.0, 0.3, "relu") == pytest.approx(0.6)
    assert math.isnan(theory.fixed_point(2.0, 0.0, "relu"))
    assert theory.fixed_point(2.0, 0.1, "relu") == math.inf
    assert theory.fixed_point(3.0, 0.0, "relu") == math.inf
    assert math.isnan(theory.chi_1(4.0, 0.1, "elu"))


STEPS = np.linspace(-12, 12, 24_001)
DENSITY = np.exp(-(STEPS**2) / 2) / math.sqrt(2 * math.pi)


def oracle_chi(gain: float, bias: float, name: str) -> float:
    """χ₁ by the trapezoidal rule, at the q that thousands of layers take from a small signal."""

    def mean(function: Callable[[Floats], Floats], q: float) -> float:
        return float(np.trapezoid(np.square(function(math.sqrt(q) * STEPS)) * DENSITY, STEPS))

    q = 1e-6
    for _ in range(5_000):
        before, q = q, gain * mean(ACTIVATIONS[name].value, q) + bias
        if abs(q - before) < 1e-7 * q or q > 1e5:
            break
    return gain * mean(ACTIVATIONS[name].slope, q) if q < 1e5 else math.nan


@pytest.mark.parametrize(
    ("name", "bias"),
    [
        ("elu", 0.05), ("elu", 3.0), ("selu", 0.05), ("selu", 1.0), ("tanh", 0.05), ("tanh", 1.0),
        ("sigmoid", 0.3), ("gelu", 0.3), ("gelu", 1.0), ("silu", 1.0),
    ],
)  # fmt: skip
def test_gradients_vanish_below_the_edge_and_explode_above(name: str, bias: float) -> None:
    """Half a percent to either side of it, χ₁ by another quadrature is below and above one."""
    edge = theory.critical_gain(bias, name)
    below, above = oracle_chi(0.995 * edge, bias, name), oracle_chi(1.005 * edge, bias, name)
    assert below < 1 < above


@pytest.mark.parametrize(
    ("name", "edge"),
    [
        ("linear", 1), ("relu", 2), ("leaky_relu", 2 / (1 + LEAK**2)), ("tanh", 1), ("elu", 1),
        ("selu", 2 / (SELU_SCALE**2 * (1 + SELU_ALPHA**2))),
    ],
)  # fmt: skip
def test_the_edge_without_biases_is_where_small_signals_no_longer_die(
    name: str, edge: float
) -> None:
    """There χ₁ is σ_w² times the mean of the squared slopes on the two sides of zero."""
    assert theory.critical_gain(0.0, name) == pytest.approx(edge, abs=1e-4)
    assert theory.chi_1(0.9 * edge, 0.0, name) == pytest.approx(0.9, abs=1e-4)


@pytest.mark.parametrize(
    ("name", "bias"), [("softplus", 0.05), ("softplus", 3.0), ("silu", 0.05), ("gelu", 0.05)]
)
def test_where_signals_grow_before_gradients_do_there_is_no_edge(name: str, bias: float) -> None:
    """χ₁ stays below one wherever small signals settle at all."""
    assert math.isnan(theory.critical_gain(bias, name))
    chis = [oracle_chi(gain, bias, name) for gain in (0.5, 1.5, 1.9, 1.99, 2.2, 3.0, 4.2)]
    assert max(chi for chi in chis if not math.isnan(chi)) < 1
    assert math.isnan(chis[-1])


@pytest.mark.parametrize("name", ["silu", "gelu"])
def test_small_signals_settle_below_an_unstable_fixed_point(name: str) -> None:
    """With σ_w² = 3 they settle at q near σ_b² / (1 − 3/4), while large signals grow."""
    q = theory.fixed_point(3.0, 1e-4, name)
    assert q == pytest.approx(4e-4, rel=0.01)
    assert theory.length_map(100.0, 3.0, 1e-4, name) > 100.0
    assert theory.chi_1(3.0, 1e-4, name) == pytest.approx(0.75, abs=0.01)


@pytest.mark.parametrize("bias", [0.0, 0.05])
@pytest.mark.parametrize("name", list(ACTIVATIONS))
def test_without_weights_nothing_gets_through(name: str, bias: float) -> None:
    """σ_w² = 0 leaves the bias alone: q* = σ_b², χ₁ = 0, and a gradient is gone in no layer."""
    assert theory.fixed_point(0.0, bias, name) == pytest.approx(bias, abs=1e-12)
    assert theory.chi_1(0.0, bias, name) == 0
    assert theory.gradient_depth_scale(0.0, bias, name) == 0


@pytest.mark.parametrize("name", ["elu", "selu", "softplus", "silu", "gelu"])
def test_without_a_finite_fixed_point_there_is_no_depth_scale(name: str) -> None:
    """With σ_w² = 5 signals grow without end: no q*, no χ₁ at it, no depth."""
    assert theory.fixed_point(5.0, 0.05, name) == math.inf
    assert math.isnan(theory.chi_1(5.0, 0.05, name))
    assert math.isnan(theory.gradient_depth_scale(5.0, 0.05, name))


def test_depth_scale_by_hand() -> None:
    """χ₁ = ½ changes a gradient by e in 1 / ln 2 layers; at the edge it never does."""
    assert theory.gradient_depth_scale(1.0, 0.0, "relu") == pytest.approx(1 / math.log(2))
    assert theory.gradient_depth_scale(4.0, 0.0, "relu") == pytest.approx(1 / math.log(2))
    assert theory.gradient_depth_scale(2.0, 0.0, "relu") == math.inf


def test_length_variance_by_hand() -> None:
    """Fifty layers of 128 units: 5 · 50 / 128; the constant is Var(2 max(z, 0)²) = 6 − 1."""
    assert theory.length_variance([128] * 50) == pytest.approx(1.953125)
    fourth = theory.normal_mean(lambda z: (2 * np.maximum(z, 0) ** 2) ** 2, 1.0)
    assert fourth - 1 == pytest.approx(theory.LENGTH_KURTOSIS)


def test_length_variance_of_random_networks() -> None:
    """Two thousand He networks of eight layers of 64: Var[ln M] is 5 Σ 1/n to first order."""
    generator = np.random.default_rng(0)
    n, depth = 64, 8
    h = np.full((2000, n), 1.0)
    for _ in range(depth):
        # Given h, each sum is normal with mean square 2 |h|² / n.
        spread = np.sqrt(2 * np.square(h).mean(axis=1, keepdims=True))
        h = np.maximum(spread * generator.standard_normal(h.shape), 0)
    seen = np.log(np.square(h).mean(axis=1)).var(ddof=1)
    assert seen == pytest.approx(theory.length_variance([n] * depth), rel=0.12)


@pytest.mark.parametrize("activation", ["tanh", "sigmoid", "relu"])
def test_recursions_of_a_wide_random_network(activation: str) -> None:
    """Forward and backward mean squares of four layers of 1,500 units, sampled with NumPy alone."""
    generator = np.random.default_rng(1)
    widths = (400, 1500, 1500, 1500, 10)
    gain, bias = 1.6, 0.1
    sds = [math.sqrt(gain / n) for n in widths[:-1]]
    kernels = [
        generator.normal(0, sd, (a, b)) for sd, a, b in zip(sds, widths, widths[1:], strict=False)
    ]
    phi = ACTIVATIONS[activation]
    h, sums = generator.normal(0, 0.5, (20, 400)), []
    received = float(np.square(h).mean())
    for kernel in kernels:
        sums.append(h @ kernel + generator.normal(0, math.sqrt(bias), kernel.shape[1]))
        h = phi.value(sums[-1])
    variances = [sd**2 for sd in sds]
    expected, passed = theory.forward(widths[:-1], variances, received, activation, bias)
    assert passed[-1] == expected[-1]  # logits are passed on as they are
    seen = [np.square(z).mean() for z in sums[:-1]]
    assert seen == pytest.approx(expected[:-1], rel=0.12)

    delta = generator.normal(0, 0.3, (20, 10))
    end, seen_back = float(np.square(delta).mean()), [float(np.square(delta).mean())]
    for kernel, z in zip(reversed(kernels[1:]), reversed(sums[:-1]), strict=True):
        delta = delta @ kernel.T * phi.slope(z)
        seen_back.insert(0, float(np.square(delta).mean()))
    back = theory.backward(widths[1:], variances, expected, activation, end)
    assert seen_back == pytest.approx(back, rel=0.12)


def test_backward_by_hand() -> None:
    """Two layers of ReLU: half of the slopes, times fan_out · Var(W), times what comes in."""
    found = theory.backward([100, 10], [0.02, 0.01], [0.3, 0.2], "relu", 0.09)
    assert found == pytest.approx([0.5 * 10 * 0.01 * 0.09, 0.09])


def test_the_correlation_map_of_relu_by_hand() -> None:
    """Orthogonal inputs have 1/π in the next layer, equal ones stay equal, opposite ones have 0."""
    found = theory.relu_correlation(np.array([0.0, 1.0, -1.0]))
    assert found == pytest.approx([1 / np.pi, 1, 0], abs=1e-12)


@pytest.mark.parametrize("correlation", [-0.4, 0.3, 0.8])
def test_the_correlation_map_of_a_wide_random_layer(correlation: float) -> None:
    """Two inputs of that correlation through 400,000 ReLU units, their products averaged."""
    draw = np.random.default_rng(2).normal(size=(2, 400_000))
    other = correlation * draw[0] + np.sqrt(1 - correlation**2) * draw[1]
    one, two = np.maximum(draw[0], 0), np.maximum(other, 0)
    seen = (one * two).mean() / np.sqrt((one**2).mean() * (two**2).mean())
    assert theory.relu_correlation(np.array(correlation)) == pytest.approx(seen, abs=0.005)
