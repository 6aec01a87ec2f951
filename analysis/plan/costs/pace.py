"""How fast this machine is beside the one that the arithmetic was measured on."""

import functools
import time

import numpy as np

STEP_S = 1.0e-4
"""Seconds of the step below on that machine."""
PATIENCE_S = 0.5
BATCH = 64
"""Rows, and units of a layer: so small that no library spreads a product over cores."""


@functools.cache
def measured() -> float:
    """Return how many times as long a step takes here now, measured once a process, in a moment.

    It is a training step in NumPy: products forward and back, and the averages of an Adam. Its mean
    counts, as others who use the machine will slow down what is trained, too.
    """
    arrays = np.random.default_rng(0).random((4, BATCH, BATCH), dtype=np.float32)
    _step(*arrays)
    began, steps = time.perf_counter(), 0
    while (passed := time.perf_counter() - began) < PATIENCE_S:
        _step(*arrays)
        steps += 1
    return passed / max(steps, 1) / STEP_S


def _step(rows: np.ndarray, kernel: np.ndarray, mean: np.ndarray, square: np.ndarray) -> None:
    for _ in range(3):
        out = np.maximum(rows @ kernel, 0)
        gradient = rows.T @ (out @ kernel.T)
        mean += 0.1 * (gradient - mean)
        square += 0.001 * (gradient * gradient - square)
        kernel -= 1e-9 * mean / (np.sqrt(square) + 1e-7)
