"""Keras model of an architecture, and the initial weights of a run."""

import keras
import numpy as np

from analysis.plan import Settings
from analysis.probes import Array
from analysis.schemes import SCHEMES

ORDER_STREAM, LAYER_STREAM = 0, 1
"""Independent random streams of a seed: the order of the data, and the weights of the layers."""


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


def layer_seed(seed: int, layer: int) -> int:
    """Return the initializer seed of a layer (counted from 1): different for every (seed, layer).

    Two layers that shared a seed would start from the same random numbers.
    """
    sequence = np.random.SeedSequence(seed, spawn_key=(LAYER_STREAM, layer))
    return int(sequence.generate_state(1)[0])


def initial_kernels(settings: Settings, shapes: list[tuple[int, int]]) -> list[Array]:
    """Return a fresh kernel for each shape (fan_in, fan_out), drawn by the run's initializer."""
    make = getattr(keras.initializers, settings.initializer)
    parameters = dict(settings.initializer_parameters)
    random = SCHEMES[settings.initializer].random
    kernels = []
    for layer, shape in enumerate(shapes, start=1):
        own_seed = {"seed": layer_seed(settings.seed, layer)} if random else {}
        kernels.append(np.asarray(make(**parameters, **own_seed)(shape, dtype="float32")))
    return kernels


def optimizer(settings: Settings) -> keras.Optimizer:
    """Return the run's Keras optimizer."""
    return getattr(keras.optimizers, settings.optimizer)(**dict(settings.optimizer_parameters))
