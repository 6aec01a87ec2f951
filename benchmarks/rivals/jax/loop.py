"""The same work as a JAX user would write it: an epoch is one jitted scan, Adam is eight lines."""

import importlib
import itertools
import math
import time
from typing import Any

import numpy as np

from benchmarks import work
from benchmarks.work import HIDDEN, SEED, VARIANTS, Epochs, Measurement, Work

LEARNING_RATE, BETA_1, BETA_2, EPSILON = 0.001, 0.9, 0.999, 1e-7
CUT_OFF = {
    "GlorotNormal": lambda fan_in, fan_out: 2 / (fan_in + fan_out),
    "HeNormal": lambda fan_in, fan_out: 2 / fan_in,
}
"""The variance of a kernel, of those whose normal is cut off."""


def kernel(random: np.random.Generator, variant: str, shape: tuple[int, int]) -> work.Floats:
    """Return a kernel, (units in, units out), drawn as Keras does: two kinds are cut off at 2 sd.

    By NumPy, as JAX would compile its own for each shape.
    """
    fan_in, fan_out = shape
    drawn = random.standard_normal(shape)
    if variant in CUT_OFF:
        while (beyond := np.abs(drawn) > 2).any():
            drawn[beyond] = random.standard_normal(beyond.sum())
        drawn *= math.sqrt(CUT_OFF[variant](fan_in, fan_out)) / work.LEFT_BY_CUT
    else:
        drawn *= {"Zeros": 0.0, "RandomNormal": 0.05}[variant]
    return drawn.astype(np.float32)


def initial(variant: str, units: tuple[int, ...]) -> list[Any]:
    """Return kernel and bias of each layer."""
    random = np.random.default_rng(SEED)
    return [
        (kernel(random, variant, shape), np.zeros(shape[1], np.float32))
        for shape in itertools.pairwise(units)
    ]


def compiled_epoch(jax: Any) -> Any:
    """Return the jitted epoch: (state, x (steps, batch, features), y) → (state, mean loss)."""
    jnp, tree = jax.numpy, jax.tree_util.tree_map

    def cross_entropy(weights: Any, x: Any, y: Any) -> Any:
        chosen = jnp.take_along_axis(jax.nn.log_softmax(logits(jax, weights, x)), y[:, None], 1)
        return -chosen.mean()

    def step(state: Any, batch: Any) -> Any:
        weights, first, second, count = state
        loss, slope = jax.value_and_grad(cross_entropy)(weights, *batch)
        count += 1
        first = tree(lambda m, g: BETA_1 * m + (1 - BETA_1) * g, first, slope)
        second = tree(lambda v, g: BETA_2 * v + (1 - BETA_2) * g * g, second, slope)
        rate = LEARNING_RATE * jnp.sqrt(1 - BETA_2**count) / (1 - BETA_1**count)
        weights = tree(
            lambda w, m, v: w - rate * m / (jnp.sqrt(v) + EPSILON), weights, first, second
        )
        return (weights, first, second, count), loss

    def epoch(state: Any, x: Any, y: Any) -> Any:
        state, losses = jax.lax.scan(step, state, (x, y))
        return state, losses.mean()

    return jax.jit(epoch)


def logits(jax: Any, weights: Any, x: Any) -> Any:
    """Return the network's logits, (batch, classes)."""
    for kernel, bias in weights[:-1]:
        x = jax.nn.relu(x @ kernel + bias)
    kernel, bias = weights[-1]
    return x @ kernel + bias


def train(given: Work) -> Measurement:
    """Return the measurement of training every variant, one after the other.

    A scan needs equal batches: raises ValueError where the last one is short.
    """
    jax = importlib.import_module("jax")
    split, random = work.split(given), np.random.default_rng(SEED)
    steps = given.steps()
    if steps * given.batch != len(split.y):
        raise ValueError(f"{len(split.y)} rows are no whole number of batches of {given.batch}")
    units = (split.x.shape[1], *HIDDEN, int(split.y.max()) + 1)
    epoch, validate = compiled_epoch(jax), jax.jit(lambda w, x: logits(jax, w, x).argmax(1))
    x_train, y_train, x_val = (jax.numpy.asarray(each) for each in (split.x, split.y, split.x_val))
    epochs, accuracy, started = Epochs(), {}, time.perf_counter()
    for variant in VARIANTS:
        weights = initial(variant["name"], units)
        state = (weights, *(jax.tree_util.tree_map(np.zeros_like, weights) for _ in range(2)), 0)
        epochs.variant()
        for _ in range(given.epochs):
            with epochs.epoch():
                order = random.permutation(len(split.y)).reshape(steps, given.batch)
                state, loss = epoch(state, x_train[order], y_train[order])
                loss.block_until_ready()
            found = np.asarray(validate(state[0], x_val))
            accuracy[variant["name"]] = float((found == split.y_val).mean())
    seconds = time.perf_counter() - started
    return epochs.measured(steps, seconds, accuracy, f"JAX {jax.__version__}")


if __name__ == "__main__":
    work.tell(train(work.from_arguments(("train",))[1]))
