"""The notebook's cell as it is written, and the same through Model.fit at its best.

`plain`: float64 images / 255.0, Flatten, fit's defaults (but verbose=0: no bar is drawn).
`tuned`: float32 rows, jit_compile, the given steps_per_execution, large validation batches.
`tune`: what that steps_per_execution should be, found by trial.
"""

from analysis.training.surroundings import quiet

if __name__ == "__main__":
    quiet.without_jax()

import time
from collections.abc import Callable, Mapping
from typing import Any

import keras
import numpy as np
import numpy.typing as npt

from analysis.data import dataset
from benchmarks import work
from benchmarks.work import HIDDEN, SPLIT, VARIANTS, Epochs, Measurement, Work, source

STEPS_PER_EXECUTION = (10, 75, 250, 750)
VALIDATION_BATCH = 2000

Images = npt.NDArray[np.floating[Any]]
Options = Mapping[str, Any]


class Stopwatch(keras.callbacks.Callback):  # type: ignore[misc]  # Keras has no types
    """Times the training part of each epoch: from its start to the start of its validation."""

    def __init__(self, epochs: Epochs) -> None:
        super().__init__()
        self.epochs = epochs
        self.stop: Callable[[], None] = lambda: None

    def on_train_begin(self, logs: Any = None) -> None:  # noqa: ARG002 - Keras fixes the signature
        """Begin a variant."""
        self.epochs.variant()

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:  # noqa: ARG002
        """Start the clock."""
        self.stop = self.epochs.start()

    def on_test_begin(self, logs: Any = None) -> None:  # noqa: ARG002
        """Stop the clock."""
        self.stop()


def network(variant: Options, classes: int) -> keras.Model:
    """Return the notebook's network: one initializer for the hidden layers, softmax at the end."""
    parameters = {key: variant[key] for key in variant.keys() - {"name", "initializer"}}
    initializer = getattr(keras.initializers, variant["initializer"])(**parameters)
    hidden = [keras.layers.Dense(n, "relu", kernel_initializer=initializer) for n in HIDDEN]
    output = keras.layers.Dense(classes, activation="softmax")
    return keras.Sequential([keras.layers.Flatten(), *hidden, output])


def fit(
    given: Work, images: Images, labels: work.Labels, compiled: Options, fitted: Options
) -> Measurement:
    """Return the measurement of training every variant, one after the other."""
    epochs, accuracy, started = Epochs(), {}, time.perf_counter()
    for variant in VARIANTS:
        model = network(variant, int(labels.max()) + 1)
        model.compile(
            optimizer="adam",
            loss="sparse_categorical_crossentropy",
            metrics=["accuracy"],
            **compiled,
        )
        history = model.fit(
            images,
            labels,
            validation_split=SPLIT,
            epochs=given.epochs,
            batch_size=given.batch,
            verbose=0,
            callbacks=[Stopwatch(epochs)],
            **fitted,
        )
        accuracy[variant["name"]] = float(history.history["val_accuracy"][-1])
    return epochs.measured(given.steps(), time.perf_counter() - started, accuracy)


def images(data: dataset.Dataset) -> Images:
    """Return the training images, (samples, 1, features), as float64: bytes / 255, floats as is.

    Which rows and columns an image has makes no difference to Flatten, which comes first.
    """
    rows = data.x_train.reshape(len(data.x_train), 1, -1)
    return rows.astype(np.float64) / work.largest(data)


def plain(given: Work) -> Measurement:
    """Return the measurement of the notebook's cell as it is written."""
    data = dataset.load(*source(given.data))
    return fit(given, images(data), data.y_train, {}, {})


def tuned(given: Work, steps_per_execution: int) -> Measurement:
    """Return the measurement of Model.fit with what its options offer."""
    data = dataset.load(*source(given.data))
    compiled = {"jit_compile": True, "steps_per_execution": steps_per_execution}
    fitted = {"validation_batch_size": VALIDATION_BATCH}
    return fit(given, work.pixels(data), data.y_train, compiled, fitted)


def best_steps_per_execution(given: Work) -> int:
    """Return the steps_per_execution with the fastest step, in a trial of two epochs each."""
    candidates = [steps for steps in STEPS_PER_EXECUTION if steps <= given.steps()]
    trial = Work(given.data, 2, given.batch)
    return min(candidates, key=lambda steps: tuned(trial, steps).step_us or 0.0, default=1)


if __name__ == "__main__":
    mode, asked, number = work.from_arguments(("plain", "tuned", "tune"))
    if mode == "tune":
        work.tell({"tuned": best_steps_per_execution(asked)})
    else:
        work.tell(plain(asked) if mode == "plain" else tuned(asked, number))
