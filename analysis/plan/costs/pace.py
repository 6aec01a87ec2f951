"""How fast this machine is beside the one that the arithmetic was measured on.

It is run as a program, too: so that as many measure at once as will train.
"""

import functools
import itertools
import os
import subprocess
import sys
import time

import numpy as np

STEP_S = 7.9e-4
"""Seconds of the step below on that machine."""
PATIENCE_S = 1.0
BATCH, WIDTHS = 64, (784, 128, 64, 10)
"""Of the step: those of the comparison."""
ONE_THREAD = dict.fromkeys(
    ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"), "1"
)


@functools.cache
def measured(workers: int) -> float:
    """Return how many times as long a step takes here now, on so many workers at once.

    Measured once a process, in a second. Two workers share what one has for itself: a memory, a
    power budget, often a core. The mean counts, as others who use the machine will slow down what
    is trained, too.
    """
    command = [sys.executable, "-I", "-X", "utf8", __file__]
    started = [
        subprocess.Popen(
            command, env=os.environ | ONE_THREAD, text=True, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        )
        for _ in range(workers)
    ]  # fmt: skip
    told = [each.communicate()[0] for each in started]
    steps = [float(text) for text in told if text.strip()] or [step_s()]
    return sum(steps) / len(steps) / STEP_S


def step_s() -> float:
    """Return the seconds of a training step in NumPy, in the mean of a second.

    It has the products of such a network, forward and back, and changes its weights.
    """
    random = np.random.default_rng(0)
    rows = random.random((BATCH, WIDTHS[0]), dtype=np.float32)
    kernels = [
        random.random((fan_in, fan_out), dtype=np.float32) / fan_in
        for fan_in, fan_out in itertools.pairwise(WIDTHS)
    ]
    _step(rows, kernels)
    began, steps = time.perf_counter(), 0
    while (passed := time.perf_counter() - began) < PATIENCE_S:
        _step(rows, kernels)
        steps += 1
    return passed / max(steps, 1)


def _step(rows: np.ndarray, kernels: list[np.ndarray]) -> None:
    inputs = [rows]
    for kernel in kernels:
        inputs.append(np.maximum(inputs[-1] @ kernel, 0))
    slope = inputs.pop()
    for kernel, given in zip(reversed(kernels), reversed(inputs), strict=True):
        gradient = given.T @ slope
        if given is not rows:
            slope = slope @ kernel.T * (given > 0)
        np.subtract(kernel, 1e-9 * gradient, out=kernel)


if __name__ == "__main__":
    print(step_s())
