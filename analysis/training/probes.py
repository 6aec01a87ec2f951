"""What a network looks like inside at one moment: weights, signals and gradients, layer by layer.

Reductions are taken in float64, so that a wide spread of scales does not overflow on the way.
"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import tensorflow as tf

from analysis.plan.result import FLAT, Histogram, LayerStatistics
from analysis.training.network.draws import fans
from analysis.training.network.layers import Network

Array = npt.NDArray[np.float32]
Tensor = Any

BINS = 41
SPREADS = 4.0
"""A histogram reaches this many root mean squares to either side of zero."""


@dataclass(frozen=True)
class Signals:
    """One probe batch on its way through a network and back; lists hold one array a layer.

    Forward: inputs, sums, activations and outputs, as in `network.layers.Layer`; each (batch,
    units), of a convolution (batch, side, side, channels). Like its sums are slopes, the derivative
    of the activation there, and sum_gradients, that of each row's own loss with respect to them.
    kernel_gradients, of the kernels' shapes: of the batch's mean loss. Seen as in evaluation:
    without dropout, and normalized by moving statistics where by batches.
    """

    inputs: list[Array]
    sums: list[Array]
    activations: list[Array]
    outputs: list[Array]
    slopes: list[Array]
    sum_gradients: list[Array]
    kernel_gradients: list[Array]


def propagate(network: Network, x: Tensor, y: Tensor) -> Signals:
    """Return the signals of inputs x (batch, features) with labels y (batch,) in a network."""
    kernels = [layer.weighted.kernel.value for layer in network.layers]
    with tf.GradientTape() as tape:
        inputs, sums, activations, outputs = zip(*network.inside(x, training=False), strict=True)
        losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=outputs[-1])
        mean_loss = tf.reduce_mean(losses)
    of_sums, of_kernels = tape.gradient(mean_loss, [list(sums), kernels])
    slopes = [_slope(each.activation, z) for each, z in zip(network.layers, sums, strict=True)]
    rows = float(x.shape[0])
    return Signals(
        inputs=[np.asarray(each) for each in inputs],
        sums=[np.asarray(each) for each in sums],
        activations=[np.asarray(each) for each in activations],
        outputs=[np.asarray(each) for each in outputs],
        slopes=[np.asarray(each) for each in slopes],
        sum_gradients=[np.asarray(each * rows) for each in of_sums],
        kernel_gradients=[np.asarray(each) for each in of_kernels],
    )


def statistics(
    network: Network, progress: float, measure: Collection[str], signals: Signals | None
) -> tuple[LayerStatistics, ...]:
    """Return the statistics of each layer that `measure` asks for; see LayerStatistics."""
    found = []
    for index, layer in enumerate(network.weighted):
        kernel, bias = np.asarray(layer.kernel), np.asarray(layer.bias)
        values: dict[str, Any] = {}
        if "weights" in measure:
            values |= _weights(kernel, bias)
        if "symmetry" in measure:
            values |= _symmetry(kernel)
        if "signals" in measure and signals is not None:
            values |= _signals(signals, index)
        if "correlation" in measure and signals is not None:
            values["sum_correlation"] = correlation(signals.sums[index])
        found.append(LayerStatistics(progress, index + 1, *fans(kernel.shape), **values))
    return tuple(found)


def correlation(sums: Array) -> float | None:
    """Return the mean over pairs of rows (batch, …) of their correlation as theory defines it.

    That of rows z and z' is Σ z z' / √(Σ z² Σ z'²) over their units, no mean taken off (Poole et
    al. 2016, Schoenholz et al. 2017). None where a row is zero or not finite, or there is no pair.
    """
    rows = sums.reshape(len(sums), -1).astype(np.float64)
    lengths = np.linalg.norm(rows, axis=1)
    if len(rows) < 2 or not np.isfinite(lengths).all() or not lengths.all():
        return None
    # The square of the sum of unit vectors has each pair twice, and each row with itself.
    total = np.square((rows / lengths[:, None]).sum(axis=0)).sum()
    return float((total - len(rows)) / (len(rows) * (len(rows) - 1)))


def histograms(progress: float, signals: Signals, shown: Collection[int]) -> tuple[Histogram, ...]:
    """Return histograms of sums, activations and their gradients in the layers shown (from 1)."""
    quantities = {
        "sum": signals.sums,
        "activation": signals.activations,
        "sum_gradient": signals.sum_gradients,
    }
    return tuple(
        _histogram(progress, layer, quantity, arrays[layer - 1])
        for layer in sorted(shown)
        for quantity, arrays in quantities.items()
    )


def shown_layers(depth: int) -> list[int]:
    """Return the layers whose histograms are kept: all of a shallow network, seven of a deep."""
    if depth <= 7:
        return list(range(1, depth + 1))
    return sorted({round(layer) for layer in np.linspace(1, depth - 1, 6)} | {depth})


def _slope(activation: Any, z: Tensor) -> Tensor:
    with tf.GradientTape() as tape:
        tape.watch(z)
        total = tf.reduce_sum(activation(z))
    return tape.gradient(total, z)


def _weights(kernel: Array, bias: Array) -> dict[str, Any]:
    return {
        "kernel_mean": _mean(kernel),
        "kernel_sd": _sd(kernel),
        "kernel_max_abs": float(np.abs(kernel).max()),
        "bias_max_abs": float(np.abs(bias).max()),
    }


def _symmetry(kernel: Array) -> dict[str, Any]:
    kernel = kernel.reshape(-1, kernel.shape[-1])  # (weights of a unit, unit)
    finite = bool(np.isfinite(kernel).all())
    return {
        "kernel_rank": int(np.linalg.matrix_rank(kernel)) if finite else None,
        "distinct_units": len(np.unique(kernel, axis=1).T),
    }


def _signals(signals: Signals, index: int) -> dict[str, Any]:
    gradient = signals.kernel_gradients[index]
    return {
        "input_mean_square": _mean_square(signals.inputs[index]),
        "sum_mean_square": _mean_square(signals.sums[index]),
        "mean_square": _mean_square(signals.outputs[index]),
        "dead_share": float((signals.activations[index] == 0).all(axis=0).mean()),
        "flat_share": float((np.abs(signals.slopes[index]) < FLAT).mean()),
        "sum_gradient_sd": _sd(signals.sum_gradients[index]),
        "kernel_gradient_norm": float(np.linalg.norm(gradient.astype(np.float64))),
        "kernel_gradient_sd": _sd(gradient),
    }


def _mean(values: Array) -> float:
    return float(values.mean(dtype=np.float64))


def _sd(values: Array) -> float:
    return float(values.astype(np.float64).std())


def _mean_square(values: Array) -> float:
    return float(np.square(values, dtype=np.float64).mean())


def _histogram(progress: float, layer: int, quantity: str, values: Array) -> Histogram:
    """Return shares in bins over ±4 root mean squares; what lies beyond counts in the end bins."""
    reach = SPREADS * np.sqrt(_mean_square(values))
    if not (np.isfinite(reach) and reach > 0):
        reach = 1.0
    inside = np.clip(np.nan_to_num(values.astype(np.float64)), -reach, reach)
    counts, _ = np.histogram(inside, BINS, (-reach, reach))
    shares = tuple(round(float(share), 5) for share in counts / inside.size)
    return Histogram(progress, layer, quantity, -float(reach), float(reach), shares)
