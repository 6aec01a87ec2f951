"""The networks of a study as a notebook would write them, trained by Model.fit."""

import math
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from analysis.data import dataset
from analysis.plan.run import Run, RunSettings

Array = npt.NDArray[np.float32]
History = list[dict[str, float]]


def model(settings: RunSettings, features: int, dropout_seeds: list[int]) -> Any:
    """Return the network with a softmax at its end, of Keras's layers as they are."""
    import keras

    seeds = iter(dropout_seeds)

    def hidden(sums: Any) -> Any:
        if settings.normalization == "batch":
            sums = keras.layers.BatchNormalization()(sums)
        if settings.normalization == "layer":
            sums = keras.layers.LayerNormalization()(sums)
        h = keras.layers.Activation(settings.activation)(sums)
        return dropout(settings.dropout, next(seeds))(h) if dropout_seeds else h

    rows = h = keras.Input((features,))
    if settings.convolution:
        side = math.isqrt(features)
        h = keras.layers.Reshape((side, side, 1))(h)
        for each in settings.convolution:
            h = hidden(keras.layers.Conv2D(each.filters, each.size, padding="same")(h))
            h = keras.layers.MaxPooling2D(each.pool)(h)
        h = keras.layers.Flatten()(h)
    for units in settings.hidden:
        inner = hidden(keras.layers.Dense(units)(h))
        same = settings.branch is not None and h.shape[-1] == units
        h = h + settings.branch * inner if same else inner
    return keras.Model(rows, keras.layers.Dense(10, "softmax")(h))


def dropout(rate: float, seed: int) -> Any:
    """Return a layer that drops a share of its inputs in training, by the formula.

    It draws with the seed and the count of its steps, by the generator that the engine names.
    """
    import keras
    import tensorflow as tf

    class Dropped(keras.layers.Layer):  # type: ignore[misc]  # Keras has no types
        def __init__(self) -> None:
            super().__init__()
            self.steps = keras.random.SeedGenerator(seed)

        def call(self, h: Any, training: bool = False) -> Any:
            if not training:
                return h
            at = tf.cast(self.steps.next() % (2**31 - 2), tf.int32)
            drawn = tf.random.stateless_uniform(tf.shape(h), at, alg="philox")
            return tf.where(drawn >= rate, h / (1 - rate), 0.0)

    return Dropped()


def numbers(network: Any) -> list[Array]:
    """Return all weights and moving statistics, kind of layer by kind, in order."""
    import keras

    kinds = ("Conv2D", "Dense", "BatchNormalization", "LayerNormalization")
    return [
        array
        for kind in kinds
        for layer in network.layers
        if isinstance(layer, getattr(keras.layers, kind))
        for array in layer.get_weights()
    ]


def fit(
    run: Run,
    kernels: list[Array],
    orders: Iterable[npt.NDArray[np.int32]],
    dropout_seeds: list[int],
) -> tuple[list[Array], History]:
    """Return `numbers` and history, with test metrics, after an epoch over each order of data.

    Biases begin at zero.
    """
    import keras

    data, settings = dataset.load(run.dataset, Path(run.path) if run.path else None), run.settings
    x, x_test = data.x_train / 255.0, data.x_test / 255.0
    start, steps = settings.rows.train, settings.optimization
    assert steps is not None
    network = model(settings, x.shape[1], dropout_seeds)
    drawn = iter(kernels)
    for layer in network.layers:
        if hasattr(layer, "kernel"):
            layer.kernel.assign(next(drawn))
    network.compile(
        optimizer=getattr(keras.optimizers, steps.optimizer)(**dict(steps.parameters)),
        loss=settings.loss,
        metrics=["accuracy"],
        jit_compile=True,
    )
    history = []
    for order in orders:
        fitted = network.fit(
            x[:start][order],
            data.y_train[:start][order],
            batch_size=steps.batch_size,
            validation_data=(x[start:], data.y_train[start:]),
            shuffle=False,
            verbose=0,
        )
        metrics = {name: values[0] for name, values in fitted.history.items()}
        test = network.evaluate(x_test, data.y_test, verbose=0)
        history.append({**metrics, "test_loss": test[0], "test_accuracy": test[1]})
    return numbers(network), history
