"""What theory says of signals in a random dense network: recursions, fixed points, depth scales.

A layer computes z = W h + b and passes φ(z) on. In a wide layer z is normal, so that every quantity
is an average over a normal variable; those averages are integrals, done here by Gauss-Legendre
quadrature on either side of zero, where some activations have a kink. Notation follows Poole et al.
2016 and Schoenholz et al. 2016: σ_w² is fan_in · Var(W), σ_b² the variance of a bias, q the mean
square of z.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, special

Floats = NDArray[np.float64]
Function = Callable[[Floats], Floats]

REACH = 9.0
"""Standard deviations over which a normal density is integrated: 1e-19 of it lies beyond."""
NODES = 96
"""Quadrature nodes on either side of zero."""
SELU_SCALE, SELU_ALPHA = 1.0507009873554805, 1.6732632423543772
LEAK = 0.2
"""Slope of Keras's leaky_relu below zero."""
LEAST = 1e-12
"""A mean square that counts as none."""
SCALES = tuple(2.0**power for power in range(-39, 41))
"""Mean squares up to which a fixed point is searched; beyond the last, signals grow without end."""
LARGEST_GAIN, RESOLUTION = 1000.0, 1e-3
"""How far the edge of chaos is searched, and how near to where q* grows without end.

Beyond q = 10⁴ the quadrature no longer resolves what an activation does around zero."""
LENGTH_KURTOSIS = 5.0
"""Var(2 max(z, 0)²) for a standard normal z: what one ReLU unit adds to the length's variance."""


@dataclass(frozen=True)
class Activation:
    """An activation φ with its slope φ'; `homogeneous` where φ(a z) = a φ(z) for every a > 0."""

    value: Function
    slope: Function
    homogeneous: bool = False


def _logistic_slope(z: Floats) -> Floats:
    return special.expit(z) * special.expit(-z)


def _elu(z: Floats, alpha: float = 1.0) -> Floats:
    return np.where(z > 0, z, alpha * np.expm1(np.minimum(z, 0)))


def _elu_slope(z: Floats, alpha: float = 1.0) -> Floats:
    return np.where(z > 0, 1.0, alpha * np.exp(np.minimum(z, 0)))


def _density(z: Floats) -> Floats:
    return np.exp(-np.square(z) / 2) / math.sqrt(2 * math.pi)


ACTIVATIONS: dict[str, Activation] = {
    "relu": Activation(lambda z: np.maximum(z, 0), lambda z: np.where(z > 0, 1.0, 0.0), True),
    "leaky_relu": Activation(
        lambda z: np.where(z > 0, z, LEAK * z), lambda z: np.where(z > 0, 1.0, LEAK), True
    ),
    "linear": Activation(lambda z: z, np.ones_like, True),
    "tanh": Activation(np.tanh, lambda z: 1 - np.tanh(z) ** 2),
    "sigmoid": Activation(special.expit, _logistic_slope),
    "elu": Activation(_elu, _elu_slope),
    "selu": Activation(
        lambda z: SELU_SCALE * _elu(z, SELU_ALPHA), lambda z: SELU_SCALE * _elu_slope(z, SELU_ALPHA)
    ),
    "softplus": Activation(lambda z: np.logaddexp(z, 0), special.expit),
    "silu": Activation(
        lambda z: z * special.expit(z), lambda z: special.expit(z) + z * _logistic_slope(z)
    ),
    # Keras computes gelu by its tanh approximation only where asked to: this is the exact form.
    "gelu": Activation(lambda z: z * special.ndtr(z), lambda z: special.ndtr(z) + z * _density(z)),
}
"""By Keras name, all that a study may name."""


def normal_nodes() -> tuple[Floats, Floats]:
    """Return points and weights (2 · NODES,) of the average over a standard normal variable.

    Gauss-Legendre quadrature on either side of zero: the kink of a ReLU falls between the halves.
    """
    points, weights = special.roots_legendre(NODES)
    half = REACH / 2 * (points + 1)
    z = np.concatenate([-half[::-1], half])
    return z, np.concatenate([weights[::-1], weights]) * REACH / 2 * _density(z)


_Z, _WEIGHTS = normal_nodes()


def normal_mean(function: Function, mean_square: float) -> float:
    """Return the mean of `function` over a normal variable of this mean square and mean zero."""
    return float(_WEIGHTS @ function(math.sqrt(mean_square) * _Z))


def relu_factor(fan_in: int, weight_variance: float) -> float:
    """Return by how much a ReLU layer multiplies the mean square: ½ · fan_in · Var(W).

    He et al. 2015, equation 9; biases are zero.
    """
    return fan_in * weight_variance / 2


def passed_on(mean_square: float, activation: str) -> float:
    """Return the mean square of φ(z) for a normal z of this mean square."""
    phi = ACTIVATIONS[activation].value
    return normal_mean(lambda z: np.square(phi(z)), mean_square)


def slope_mean_square(mean_square: float, activation: str) -> float:
    """Return the mean of φ'(z)² for a normal z of this mean square."""
    slope = ACTIVATIONS[activation].slope
    return normal_mean(lambda z: np.square(slope(z)), mean_square)


def forward(
    fan_ins: Sequence[int],
    variances: Sequence[float],
    input_mean_square: float,
    activation: str,
    bias_variance: float | Sequence[float] = 0.0,
) -> tuple[Floats, Floats]:
    """Return the mean squares (layer,) of the sums z and of what each layer passes on.

    q_l = fan_in · Var(W) · E[h²]_(l-1) + σ_b² and E[h²]_l = E[φ(z)²]; the last layer is linear.
    `bias_variance` is σ_b², the same in each layer or one for each.
    """
    sums, passed, h = [], [], input_mean_square
    shifts = np.broadcast_to(bias_variance, len(fan_ins)).tolist()
    layers = zip(fan_ins, variances, shifts, strict=True)
    for layer, (fan_in, variance, shift) in enumerate(layers, start=1):
        q = fan_in * variance * h + shift
        h = q if layer == len(fan_ins) else passed_on(q, activation)
        sums.append(q)
        passed.append(h)
    return np.array(sums), np.array(passed)


def backward(
    fan_outs: Sequence[int],
    variances: Sequence[float],
    sums: Sequence[float] | Floats,
    activation: str,
    output_mean_square: float,
) -> Floats:
    """Return the mean squares (layer,) of the loss's gradient with respect to the sums z.

    E[δ²]_l = E[φ'(z_l)²] · fan_out_(l+1) · Var(W_(l+1)) · E[δ²]_(l+1), from `output_mean_square` at
    the logits down; `sums` are the mean squares of z that `forward` returns. Glorot & Bengio 2010,
    equation 6, without their assumption that slopes are one.
    """
    delta, found = output_mean_square, [output_mean_square]
    for layer in range(len(fan_outs) - 2, -1, -1):
        slope = slope_mean_square(float(sums[layer]), activation)
        delta *= slope * fan_outs[layer + 1] * variances[layer + 1]
        found.append(delta)
    return np.array(found[::-1])


def length_map(q: float, weight_gain: float, bias_variance: float, activation: str) -> float:
    """Return the next layer's q: σ_w² E[φ(√q z)²] + σ_b², where `weight_gain` is σ_w²."""
    return weight_gain * passed_on(q, activation) + bias_variance


def fixed_point(weight_gain: float, bias_variance: float, activation: str) -> float:
    """Return q*, the mean square that deep layers settle at; infinite where they never settle.

    Of several it is the smallest, at which small signals settle. NaN where every mean square is
    kept, as by ReLU with σ_w² = 2 and σ_b² = 0.
    """
    if ACTIVATIONS[activation].homogeneous:
        kept = weight_gain * passed_on(1.0, activation)
        if math.isclose(kept, 1.0, rel_tol=1e-9):
            return math.inf if bias_variance else math.nan
        return bias_variance / (1 - kept) if kept < 1 else math.inf

    def growth(q: float) -> float:
        return length_map(q, weight_gain, bias_variance, activation) - q

    if growth(LEAST) <= 0:
        return 0.0
    # Below one too: beyond an unstable fixed point, as SiLU and GELU have it, all signals grow.
    settling = (q for q in (1.0, *SCALES) if growth(q) <= 0)
    high = next(settling, math.inf)
    return float(optimize.brentq(growth, LEAST, high, xtol=1e-13)) if high < math.inf else high


def chi_1(weight_gain: float, bias_variance: float, activation: str) -> float:
    """Return χ₁ = σ_w² E[φ'(√q* z)²], the factor on a gradient's mean square a layer.

    Below one the network is ordered (gradients vanish), above it chaotic (they explode). Where q*
    is zero the slopes are those on either side of zero. NaN where there is no finite q*, but for a
    homogeneous φ: its slopes do not depend on q. Schoenholz et al. 2016, equation 5.
    """
    known = ACTIVATIONS[activation].homogeneous
    q = 1.0 if known else fixed_point(weight_gain, bias_variance, activation)
    if not math.isfinite(q):
        return math.nan
    return weight_gain * slope_mean_square(max(q, LEAST**2), activation)


def critical_gain(bias_variance: float, activation: str) -> float:
    """Return the σ_w² at which χ₁ rises above one, the edge of chaos.

    NaN where χ₁ stays below one, be it up to LARGEST_GAIN or up to the gain from which on no q* is
    finite: so it does for softplus, and for SiLU and GELU with small biases.
    """

    def excess(gain: float) -> float:
        return chi_1(gain, bias_variance, activation) - 1

    low, ordered, unsettled, gain = 1e-3, 0.0, LARGEST_GAIN, 1.0
    while not (above := excess(gain)) > 0:
        if math.isnan(above):
            unsettled = gain
        else:
            ordered = gain
        if unsettled - ordered < RESOLUTION * unsettled:
            return math.nan
        gain = min(2 * gain, (ordered + unsettled) / 2)
    return float(optimize.brentq(excess, low, gain, xtol=1e-10))


def gradient_depth_scale(weight_gain: float, bias_variance: float, activation: str) -> float:
    """Return the layers over which a gradient's mean square changes by a factor e: 1 / |ln χ₁|.

    Infinite where χ₁ is one, zero where it is zero (nothing gets through), NaN where it is NaN.
    """
    chi = chi_1(weight_gain, bias_variance, activation)
    if chi == 0:
        return 0.0
    rate = abs(math.log(chi))
    return math.inf if rate <= 1e-12 else 1 / rate


def length_variance(widths: Sequence[int]) -> float:
    """Return Var[ln M] of the mean square M of a ReLU network's last hidden layer: 5 Σ 1/n_l.

    The second failure mode of Hanin & Rolnick 2018: it depends on the widths n_l of the hidden
    layers and on no initializer. First order in 1/n, for one input.
    """
    return LENGTH_KURTOSIS * sum(1 / width for width in widths)


def relu_correlation(correlation: Floats) -> Floats:
    """Return the next layer's correlation of two inputs' sums in a wide ReLU network.

    By He's rule, without biases: (√(1 - c²) + c (π - arccos c)) / π, of which one is the only fixed
    point (Cho & Saul 2009, equation 6). Elementwise.
    """
    c = np.clip(correlation, -1.0, 1.0)
    found: Floats = (np.sqrt(1 - np.square(c)) + c * (np.pi - np.arccos(c))) / np.pi
    return found
