"""Keras model of an architecture, and the initial weights of a run."""

from typing import Any

import keras
import numpy as np
import numpy.typing as npt

from analysis.plan.run import Optimization, RunInitializer, RunSettings
from analysis.study.initializers import SCHEMES

Array = npt.NDArray[np.float32]

ORDER_STREAM, KERNEL_STREAM, BIAS_STREAM = 0, 1, 2
"""Independent random streams of a seed: the order of the data, the kernels, the biases."""


def build(features: int, classes: int, hidden: tuple[int, ...], activation: str) -> keras.Model:
    """Return a dense network from (batch, features) to (batch, classes) logits.

    The softmax is part of the loss, where it can be computed without overflow.
    """
    return keras.Sequential(
        [
            keras.Input((features,)),
            *(keras.layers.Dense(units, activation=activation) for units in hidden),
            keras.layers.Dense(classes),
        ]
    )


def layer_seed(seed: int, layer: int, stream: int = KERNEL_STREAM) -> int:
    """Return the initializer seed of a layer (counted from 1): another for every (seed, layer).

    Two layers that shared a seed would start from the same random numbers.
    """
    sequence = np.random.SeedSequence(seed, spawn_key=(stream, layer))
    return int(sequence.generate_state(1)[0])


def draw(initializer: RunInitializer, shape: tuple[int, ...], seed: int) -> Array:
    """Return freshly drawn weights of a shape, by a Keras initializer with its own seed."""
    own_seed = {"seed": seed} if SCHEMES[initializer.name].random else {}
    make = getattr(keras.initializers, initializer.name)
    return np.asarray(make(**dict(initializer.parameters), **own_seed)(shape, dtype="float32"))


def initial_kernels(settings: RunSettings, shapes: list[tuple[int, int]]) -> list[Array]:
    """Return one kernel for each shape (fan_in, fan_out), drawn as the run's settings say."""
    schemes = [settings.kernel] * (len(shapes) - 1) + [settings.output_kernel]
    return [
        draw(scheme, shape, layer_seed(settings.seed, layer))
        for layer, (scheme, shape) in enumerate(zip(schemes, shapes, strict=True), start=1)
    ]


def initial_biases(settings: RunSettings, shapes: list[tuple[int, int]]) -> list[Array]:
    """Return one bias (fan_out,) for each kernel shape, drawn as the run's settings say."""
    return [
        draw(settings.bias, (fan_out,), layer_seed(settings.seed, layer, BIAS_STREAM))
        for layer, (_, fan_out) in enumerate(shapes, start=1)
    ]


def optimizer(steps: Optimization) -> keras.Optimizer:
    """Return a run's Keras optimizer."""
    parameters: dict[str, Any] = dict(steps.parameters)
    return getattr(keras.optimizers, steps.optimizer)(**parameters)
