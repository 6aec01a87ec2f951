"""One XLA-compiled epoch, reused for every run of an architecture: Run → RunResult.

Touches no disk but to read the data.
"""

import math
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf

from analysis import dataset, network, provenance
from analysis.errors import DataError
from analysis.plan import Run, Settings
from analysis.probes import Array, weight_statistics
from analysis.runresult import EpochMetrics, LayerStatistics, RunResult

PIXEL_MAX = 255
EVALUATION_ROWS = 2000
Tensor = Any


@dataclass(frozen=True)
class Part:
    """Rows of a data set in memory: x (samples, features) uint8 or float32, y (samples,) int32."""

    x: Tensor
    y: Tensor

    @property
    def samples(self) -> int:
        """Return the number of rows."""
        return int(self.y.shape[0])


def pixels(rows: Tensor) -> Tensor:
    """Return rows as float32: bytes divided by 255, floats as they are."""
    if rows.dtype == tf.uint8:
        return tf.cast(rows, tf.float32) * (1 / PIXEL_MAX)
    return rows


def losses(logits: Tensor, labels: Tensor) -> Tensor:
    """Return the cross-entropy of each sample in nats, from logits (batch, classes)."""
    return tf.nn.sparse_softmax_cross_entropy_with_logits(labels=labels, logits=logits)


def correct(logits: Tensor, labels: Tensor) -> Tensor:
    """Return how many rows have their largest logit at the label."""
    hits = tf.equal(tf.argmax(logits, axis=-1, output_type=tf.int32), labels)
    return tf.reduce_sum(tf.cast(hits, tf.int32))


def train_step(model: keras.Model, optimizer: keras.Optimizer, x: Tensor, y: Tensor) -> Tensor:
    """Update the weights on one batch; return its mean loss and its count of correct rows."""
    with tf.GradientTape() as tape:
        logits = model(x, training=True)
        loss = tf.reduce_mean(losses(logits, y))
    gradients = tape.gradient(loss, model.trainable_variables)
    optimizer.apply(gradients, model.trainable_variables)
    return loss, correct(logits, y)


class Engine:
    """A network and its optimizer, compiled once; `assign` sets new weights for the next run.

    The epoch takes the number of full batches as a tensor, so that it can be compiled without being
    run.
    """

    def __init__(
        self, settings: Settings, train: Part, validation: Part, test: Part, classes: int
    ) -> None:
        features = int(train.x.shape[1])
        self.model = network.build(features, classes, settings.hidden, settings.activation)
        self.optimizer = network.optimizer(settings)
        self.optimizer.build(self.model.trainable_variables)
        self._fresh_state = [np.asarray(variable) for variable in self.optimizer.variables]
        self.train, self.validation, self.test = train, validation, test
        self.batch = settings.batch_size
        self._epoch = tf.function(self._run_epoch, jit_compile=True, reduce_retracing=False)
        self._evaluate = tf.function(self._run_evaluation, jit_compile=True)
        self._compile()

    def assign(self, kernels: list[Array]) -> None:
        """Set every kernel, zero every bias, and reset the optimizer's state."""
        for layer, kernel in zip(self.layers, kernels, strict=True):
            layer.kernel.assign(kernel)
            layer.bias.assign(tf.zeros_like(layer.bias))
        for variable, value in zip(self.optimizer.variables, self._fresh_state, strict=True):
            variable.assign(value)

    @property
    def layers(self) -> list[keras.layers.Dense]:
        """Return the dense layers, first to last."""
        return [layer for layer in self.model.layers if isinstance(layer, keras.layers.Dense)]

    @property
    def kernel_shapes(self) -> list[tuple[int, int]]:
        """Return (fan_in, fan_out) of each layer."""
        return [tuple(layer.kernel.shape) for layer in self.layers]

    def epoch(self, order: npt.NDArray[np.int32]) -> tuple[float, float]:
        """Train on every sample once, in this order; return Keras' mean loss and accuracy."""
        full = self.train.samples // self.batch
        x, y = tf.gather(self.train.x, order), tf.gather(self.train.y, order)
        step_losses, hits = self._epoch(x, y, tf.constant(full))
        sizes = np.full(len(step_losses), self.batch)
        sizes[full:] = self.train.samples % self.batch
        loss = float(np.dot(step_losses.numpy().astype(np.float64), sizes)) / self.train.samples
        return loss, int(hits) / self.train.samples

    def evaluate(self, part: Part) -> tuple[float, float]:
        """Return the mean loss and the accuracy over all rows of a part."""
        loss, hits = self._evaluate(part.x, part.y)
        return float(loss) / part.samples, int(hits) / part.samples

    def weight_statistics(self, moment: str) -> tuple[LayerStatistics, ...]:
        """Return the statistics of the weights as they are now."""
        kernels = [np.asarray(layer.kernel) for layer in self.layers]
        biases = [np.asarray(layer.bias) for layer in self.layers]
        return weight_statistics(moment, kernels, biases)

    def _compile(self) -> None:
        """Compile by running an epoch of no full batch and both evaluations.

        What this does to the weights is undone by `assign`.
        """
        self._epoch(self.train.x, self.train.y, tf.constant(0))
        for part in (self.validation, self.test):
            self.evaluate(part)

    def _run_epoch(self, x: Tensor, y: Tensor, full: Tensor) -> Tensor:
        """Return the loss of each step and the count of correct rows, the rows being in order."""
        full_batches, rest = divmod(self.train.samples, self.batch)
        step_losses = tf.TensorArray(tf.float32, full_batches + (rest > 0), element_shape=())
        hits, step = tf.constant(0), tf.constant(0)
        while step < full:  # tf.range(full) would be compiled anew for every value of `full`
            loss, right = self._step(*_rows(x, y, step * self.batch, self.batch))
            step_losses = step_losses.write(step, loss)
            hits += right
            step += 1
        if rest:
            loss, right = self._step(*_rows(x, y, full_batches * self.batch, rest))
            step_losses = step_losses.write(full_batches, loss)
            hits += right
        return step_losses.stack(), hits

    def _step(self, x: Tensor, y: Tensor) -> Tensor:
        return train_step(self.model, self.optimizer, pixels(x), y)

    def _run_evaluation(self, x: Tensor, y: Tensor) -> Tensor:
        chunk = min(EVALUATION_ROWS, int(y.shape[0]))
        full, rest = divmod(int(y.shape[0]), chunk)
        loss, hits = tf.constant(0.0), tf.constant(0)
        for index in tf.range(full):
            more = self._sums(*_rows(x, y, index * chunk, chunk))
            loss, hits = loss + more[0], hits + more[1]
        if rest:
            more = self._sums(*_rows(x, y, full * chunk, rest))
            loss, hits = loss + more[0], hits + more[1]
        return loss, hits

    def _sums(self, x: Tensor, y: Tensor) -> Tensor:
        logits = self.model(pixels(x), training=False)
        return tf.reduce_sum(losses(logits, y)), correct(logits, y)


def _rows(x: Tensor, y: Tensor, start: Tensor, rows: int) -> tuple[Tensor, Tensor]:
    """Return `rows` rows from `start`; the number is static, so that XLA knows every shape."""
    return tf.slice(x, (start, 0), (rows, int(x.shape[1]))), tf.slice(y, (start,), (rows,))


def data_order(seed: int, epochs: int, samples: int) -> Iterator[npt.NDArray[np.int32]]:
    """Yield each epoch's order of the data, (samples,): the same for every variant of a seed."""
    stream = np.random.SeedSequence(seed, spawn_key=(network.ORDER_STREAM,))
    generator = np.random.Generator(np.random.PCG64(stream))
    for _ in range(epochs):
        yield generator.permutation(samples).astype(np.int32)


@lru_cache(maxsize=1)
def _data(name: str) -> dataset.Dataset:
    return dataset.load(name)


@lru_cache(maxsize=2)
def _parts(name: str, validation_split: float) -> tuple[Part, Part, Part]:
    """Return training, validation and test rows; the last rows are held out, before any shuffle."""
    data = _data(name)
    start = data.description.validation_start(validation_split)
    return (
        Part(tf.constant(data.x_train[:start]), tf.constant(data.y_train[:start])),
        Part(tf.constant(data.x_train[start:]), tf.constant(data.y_train[start:])),
        Part(tf.constant(data.x_test), tf.constant(data.y_test)),
    )


_engines: dict[tuple[object, ...], Engine] = {}


def engine_for(run: Run) -> Engine:
    """Return the compiled engine of a run's architecture, made at its first use in this process."""
    settings = run.settings
    key = (
        run.dataset, settings.dataset_digest, settings.hidden, settings.activation,
        settings.optimizer, settings.optimizer_parameters, settings.batch_size,
        settings.validation_split,
    )  # fmt: skip
    if key not in _engines:
        description = _data(run.dataset).description
        if description.digest != settings.dataset_digest:
            raise DataError(
                f"{run.dataset}: has changed since the plan was made; start the build again"
            )
        _engines.clear()
        parts = _parts(run.dataset, settings.validation_split)
        _engines[key] = Engine(settings, *parts, description.classes)
    return _engines[key]


def start() -> None:
    """Make TensorFlow look for its devices now, where its messages can be held back."""
    tf.zeros(())


def train(run: Run) -> RunResult:
    """Return the measurements of one run, trained from its own weights in its own order of data.

    A loss that is not finite ends the run: it is a result with `diverged_epoch` set. Raises
    DataError.
    """
    _data(run.dataset)  # read before the clock starts: that is not compilation
    started = time.perf_counter()
    engine = engine_for(run)
    compiled = time.perf_counter()
    engine.assign(network.initial_kernels(run.settings, engine.kernel_shapes))
    initial = engine.weight_statistics("initial")
    history: list[EpochMetrics] = []
    diverged = False
    for order in data_order(run.seed, run.settings.epochs, engine.train.samples):
        metrics = (*engine.epoch(order), *engine.evaluate(engine.validation))
        history.append(EpochMetrics(len(history) + 1, *metrics))
        diverged = not all(map(math.isfinite, metrics))
        if diverged:
            break
    test = (math.nan, math.nan) if diverged else engine.evaluate(engine.test)
    return RunResult(
        run_id=run.id,
        diverged_epoch=history[-1].epoch if diverged else None,
        epochs=tuple(history),
        layers=initial + engine.weight_statistics("final"),
        test_loss=test[0],
        test_accuracy=test[1],
        train_s=time.perf_counter() - compiled,
        compile_s=compiled - started,
        environment=provenance.training_environment(),
    )
