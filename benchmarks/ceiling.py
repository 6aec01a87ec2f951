"""The matrix products of one training step, and nothing else: what no engine here can undercut.

`xla`: compiled by XLA in one loop, as the engine's are. `numpy`: by NumPy's BLAS. One thread each,
given the environment of a worker, `variables.OF_WORKER`.
"""

import itertools
import statistics
import time
from collections.abc import Callable, Iterator
from typing import Any

from analysis.data import dataset
from analysis.training.surroundings import quiet
from benchmarks import work
from benchmarks.work import HIDDEN, Measurement, Work, source

REPEATS = 7


def shapes(given: Work) -> list[tuple[int, int]]:
    """Return (fan_in, fan_out) of every kernel."""
    data = dataset.describe(*source(given.data))
    units = (data.features, *HIDDEN, data.classes)
    return list(itertools.pairwise(units))


def products(x: Any, kernels: list[Any], multiply: Callable[..., Any]) -> list[Any]:
    """Return the gradients of the kernels as a network without activations would have them.

    Of L layers these are 3 L − 1 products: L forward, L for the gradients of the kernels, and L − 1
    for those of the hidden units. `multiply(a, b, ta, tb)` multiplies, transposing as told.
    """
    signals = [x]
    for kernel in kernels:
        signals.append(multiply(signals[-1], kernel, False, False))
    back = signals.pop()
    gradients: list[Any] = []
    for layer in range(len(kernels) - 1, -1, -1):
        gradients.insert(0, multiply(signals[layer], back, True, False))
        if layer:
            back = multiply(back, kernels[layer], False, True)
    return gradients


def xla(given: Work) -> Iterator[float]:
    """Yield seconds a step, some repeats, of a compiled loop of an epoch's steps.

    Gradients become the next kernels, so that no product can be left out or moved out of the loop.
    All numbers are 0: a dense product takes as long with them, and they can neither overflow nor
    fall into the slow range of subnormal numbers.
    """
    import tensorflow as tf

    steps = given.steps()

    def multiply(a: Any, b: Any, ta: bool, tb: bool) -> Any:
        return tf.matmul(a, b, transpose_a=ta, transpose_b=tb)

    @tf.function(jit_compile=True)  # type: ignore[untyped-decorator]  # TensorFlow has no types
    def loop(x: Any, kernels: list[Any]) -> list[Any]:
        for _ in tf.range(steps):
            kernels = products(x, kernels, multiply)
        return kernels

    x, kernels = tf.zeros((given.batch, shapes(given)[0][0])), [tf.zeros(s) for s in shapes(given)]
    yield from _timed(lambda: [each.numpy() for each in loop(x, kernels)], steps)


def numpy(given: Work) -> Iterator[float]:
    """Yield seconds a step, some repeats, of NumPy's products, an epoch's steps at a time."""
    import numpy as np

    def multiply(a: Any, b: Any, ta: bool, tb: bool) -> Any:
        return (a.T if ta else a) @ (b.T if tb else b)

    steps = given.steps()
    x = np.zeros((given.batch, shapes(given)[0][0]), np.float32)
    kernels = [np.zeros(shape, np.float32) for shape in shapes(given)]

    def loop() -> None:
        for _ in range(steps):
            products(x, kernels, multiply)

    yield from _timed(loop, steps)


def _timed(loop: Callable[[], object], steps: int) -> Iterator[float]:
    loop()
    for _ in range(REPEATS):
        started = time.perf_counter()
        loop()
        yield (time.perf_counter() - started) / steps


if __name__ == "__main__":
    quiet.without_jax()
    mode, asked, _ = work.from_arguments(("xla", "numpy"))
    seconds = xla(asked) if mode == "xla" else numpy(asked)
    work.tell(Measurement(step_us=statistics.median(seconds) * 1e6, cores=1.0))
