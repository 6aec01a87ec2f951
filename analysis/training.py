"""One XLA-compiled epoch, reused for every run of an architecture; Run → RunResult.

Touches no disk but the data.
"""

import math
import time
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf

from analysis import dataset, network, probes, provenance
from analysis.errors import DataError
from analysis.network import Array
from analysis.plan import EngineKey, Run, Settings, engine_key
from analysis.runresult import (
    CurvePoint,
    EpochMetrics,
    Histogram,
    LayerStatistics,
    RunResult,
)

PIXEL_MAX = 255
EVALUATION_ROWS = 2000
PROBE_ROWS = 1000
"""Rows, the first of the validation rows, on which signals are measured."""
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

    def specs(self) -> tuple[Tensor, Tensor]:
        """Return the shapes and types of x and y, as a compiled function takes them."""
        return tf.TensorSpec(self.x.shape, self.x.dtype), tf.TensorSpec(self.y.shape, self.y.dtype)


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
    """A network and its optimizer, compiled once; `assign` gives it the weights of another run.

    Steps are compiled for full batches and, where the batch size does not divide the rows, once
    more for the short one that ends an epoch.
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
        self.full_steps, self.rest = divmod(train.samples, self.batch)
        self._step_functions: dict[str, Any] = {}
        self._evaluations: dict[int, Any] = {}

    def compile(self) -> None:
        """Compile whatever training needs, unless that is done; weights are assigned anew later.

        XLA compiles at the first call: the calls here do no step, or one on weights of no use.
        """
        if self._step_functions:
            return
        train, functions = self.train, self._step_functions
        count = tf.TensorSpec((), tf.int32)
        functions["full"] = _compiled(self._run_steps, *train.specs(), count, count)
        self.steps(train, 0, 0)
        if self.rest:
            short = Part(train.x[: self.rest], train.y[: self.rest])
            functions["short"] = _compiled(self._run_short_step, *short.specs())
            self.short_step(train)
        for part in (self.validation, self.test):
            self.evaluate(part)

    def assign(self, kernels: Sequence[Array], biases: Sequence[Array], rate: float) -> None:
        """Set every weight and the learning rate, and reset the optimizer's state."""
        for layer, kernel, bias in zip(self.layers, kernels, biases, strict=True):
            layer.kernel.assign(kernel)
            layer.bias.assign(bias)
        for variable, value in zip(self.optimizer.variables, self._fresh_state, strict=True):
            variable.assign(value)
        self.optimizer.learning_rate.assign(rate)

    @property
    def layers(self) -> list[keras.layers.Dense]:
        """Return the dense layers, first to last."""
        return [layer for layer in self.model.layers if isinstance(layer, keras.layers.Dense)]

    @property
    def kernel_shapes(self) -> list[tuple[int, int]]:
        """Return (fan_in, fan_out) of each layer."""
        return [tuple(layer.kernel.shape) for layer in self.layers]

    def shuffled(self, order: npt.NDArray[np.int32]) -> Part:
        """Return the training rows in this order."""
        return Part(tf.gather(self.train.x, order), tf.gather(self.train.y, order))

    def steps(self, rows: Part, first: int, last: int) -> tuple[Array, int]:
        """Train on the full batches `first` to `last` - 1; return their losses and correct rows."""
        bounds = tf.constant(first), tf.constant(last)
        step_losses, hits = self._step_functions["full"](rows.x, rows.y, *bounds)
        return step_losses.numpy()[first:last], int(hits)

    def short_step(self, rows: Part) -> tuple[float, int]:
        """Train on the rows after the last full batch; return their mean loss and correct rows."""
        start = self.full_steps * self.batch
        loss, hits = self._step_functions["short"](rows.x[start:], rows.y[start:])
        return float(loss), int(hits)

    def evaluate(self, part: Part) -> tuple[float, float]:
        """Return the mean loss and the accuracy over all rows of a part."""
        if part.samples not in self._evaluations:
            function = _compiled(self._run_evaluation, *part.specs())
            self._evaluations[part.samples] = function
        loss, hits = self._evaluations[part.samples](part.x, part.y)
        return float(loss) / part.samples, int(hits) / part.samples

    def _run_steps(self, x: Tensor, y: Tensor, first: Tensor, last: Tensor) -> Tensor:
        step_losses = tf.TensorArray(tf.float32, self.full_steps, element_shape=())
        hits = tf.constant(0)
        step = first
        while step < last:  # not `for … in tf.range`, whose bounds XLA would compile in
            batch, labels = _rows(x, y, step * self.batch, self.batch)
            loss, right = train_step(self.model, self.optimizer, pixels(batch), labels)
            step_losses = step_losses.write(step, loss)
            hits += right
            step += 1
        return step_losses.stack(), hits

    def _run_short_step(self, x: Tensor, y: Tensor) -> Tensor:
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


def _compiled(function: Any, *specs: Tensor) -> Any:
    """Return a function of tensors of these shapes, which XLA compiles when it is first called."""
    return tf.function(function, jit_compile=True).get_concrete_function(*specs)


def _rows(x: Tensor, y: Tensor, start: Tensor, rows: int) -> tuple[Tensor, Tensor]:
    """Return `rows` rows from `start`; the number is static, so that XLA knows every shape."""
    return tf.slice(x, (start, 0), (rows, int(x.shape[1]))), tf.slice(y, (start,), (rows,))


def data_order(seed: int, epoch: int, samples: int) -> npt.NDArray[np.int32]:
    """Return the order of the data (samples,) in an epoch, the same for every variant of a seed."""
    stream = np.random.SeedSequence(seed, spawn_key=(network.ORDER_STREAM, epoch))
    generator = np.random.Generator(np.random.PCG64(stream))
    return generator.permutation(samples).astype(np.int32)


@lru_cache(maxsize=2)
def _data(name: str) -> dataset.Dataset:
    return dataset.load(name)


@lru_cache(maxsize=4)
def _parts(name: str, validation_split: float, fraction: float) -> tuple[Part, Part, Part]:
    """Return training, validation and test rows, the first `fraction` of each.

    The last share of the rows is held out, before any shuffle.
    """
    data = _data(name)
    about = data.description
    start = about.validation_start(validation_split)
    train = slice(0, about.training_rows(validation_split, fraction))
    held_out = slice(start, start + about.validation_rows(validation_split, fraction))
    test = slice(0, about.test_rows(fraction))
    return (
        Part(tf.constant(data.x_train[train]), tf.constant(data.y_train[train])),
        Part(tf.constant(data.x_train[held_out]), tf.constant(data.y_train[held_out])),
        Part(tf.constant(data.x_test[test]), tf.constant(data.y_test[test])),
    )


_engines: dict[EngineKey, Engine] = {}
"""The engine of the run before: runs come grouped by engine, and one takes much memory."""


def engine_for(run: Run) -> Engine:
    """Return the engine of a run's architecture, made at its first use. Raises DataError."""
    key = engine_key(run)
    if key not in _engines:
        settings, description = run.settings, _data(run.dataset).description
        if description.digest != settings.dataset_digest:
            raise DataError(f"{run.dataset}: has changed since the plan was made; build again")
        parts = _parts(run.dataset, settings.validation_split, settings.data_fraction)
        _engines.clear()
        _engines[key] = Engine(settings, *parts, description.classes)
    return _engines[key]


def start() -> None:
    """Make TensorFlow look for its devices now, where its messages can be held back."""
    tf.zeros(())


class Recorder:
    """Trains one run on an engine and keeps what the run's settings ask for."""

    def __init__(self, engine: Engine, settings: Settings) -> None:
        self.engine, self.settings = engine, settings
        self.history: list[EpochMetrics] = []
        self.curve: list[CurvePoint] = []
        self.layers: list[LayerStatistics] = []
        self.histograms: list[Histogram] = []

    def run(self) -> bool:
        """Train and measure all epochs; return whether the loss stayed finite."""
        settings, engine = self.settings, self.engine
        self.begin()
        self.measure(0.0)
        finite = True
        for epoch in range(1, settings.epochs + 1):
            metrics = (*self.epoch(epoch), *engine.evaluate(engine.validation))
            self.history.append(EpochMetrics(epoch, *metrics))
            finite = all(map(math.isfinite, metrics))
            if not finite:
                break
        if self.history:
            self.measure(float(len(self.history)))
        return finite

    def begin(self) -> None:
        """Give the engine the run's own weights and learning rate, and a fresh optimizer."""
        shapes = self.engine.kernel_shapes
        rate = float(dict(self.settings.optimizer_parameters)["learning_rate"])
        kernels = network.initial_kernels(self.settings, shapes)
        self.engine.assign(kernels, network.initial_biases(self.settings, shapes), rate)

    def epoch(self, epoch: int) -> tuple[float, float]:
        """Train on every sample once; return mean loss and accuracy, as Keras reports them."""
        engine = self.engine
        rows = engine.shuffled(data_order(self.settings.seed, epoch, engine.train.samples))
        step_losses, hits = [], 0
        stops = self._stops(epoch)
        for first, last in zip([0, *stops], [*stops, engine.full_steps], strict=True):
            more, right = engine.steps(rows, first, last)
            step_losses.append(more)
            hits += right
            if last < engine.full_steps:
                self.measure(epoch - 1 + last / engine.full_steps)
        all_losses = np.concatenate(step_losses).astype(np.float64)
        total = float(all_losses.sum()) * engine.batch
        if engine.rest:
            loss, right = engine.short_step(rows)
            total += loss * engine.rest
            hits += right
        self._keep_curve(epoch, all_losses)
        return total / engine.train.samples, hits / engine.train.samples

    def measure(self, progress: float) -> None:
        """Keep the statistics that the settings ask for, as the network is now."""
        asked = set(self.settings.measure)
        signals = None
        if asked & {"signals", "histograms"}:
            x, y = self.engine.validation.x[:PROBE_ROWS], self.engine.validation.y[:PROBE_ROWS]
            signals = probes.propagate(self.engine.layers, pixels(x), y)
        if asked & {"weights", "signals", "symmetry"}:
            self.layers += probes.statistics(self.engine.layers, progress, asked, signals)
        if "histograms" in asked and signals is not None:
            shown = probes.shown_layers(len(self.engine.layers))
            self.histograms += probes.histograms(progress, signals, shown)

    def _stops(self, epoch: int) -> list[int]:
        """Return the steps of an epoch before which the run is measured, in order."""
        steps = self.engine.full_steps
        stops = {round((moment - (epoch - 1)) * steps) for moment in self.settings.moments}
        return sorted(stop for stop in stops if 0 < stop < steps or (stop == 0 and epoch > 1))

    def _keep_curve(self, epoch: int, step_losses: npt.NDArray[np.float64]) -> None:
        points = min(self.settings.curve_points, len(step_losses))
        if not points:
            return
        done = 0
        for stretch in np.array_split(step_losses, points):
            done += len(stretch)
            progress = epoch - 1 + done / len(step_losses)
            self.curve.append(CurvePoint(progress, float(stretch.mean())))


def train(run: Run) -> RunResult:
    """Return the measurements of one run, trained from its own weights in its own order of data.

    A loss that is not finite ends the run: it is a result with `diverged_epoch` set. Raises
    DataError.
    """
    _data(run.dataset)  # read before the clock starts: that is not compilation
    started = time.perf_counter()
    engine = engine_for(run)
    if run.settings.epochs:
        engine.compile()
    compiled = time.perf_counter()
    recorder = Recorder(engine, run.settings)
    finite = recorder.run()
    tested = finite and run.settings.epochs > 0
    test = engine.evaluate(engine.test) if tested else (math.nan, math.nan)
    return RunResult(
        run_id=run.id,
        diverged_epoch=None if finite else recorder.history[-1].epoch,
        epochs=tuple(recorder.history),
        curve=tuple(recorder.curve),
        layers=tuple(recorder.layers),
        histograms=tuple(recorder.histograms),
        test_loss=test[0],
        test_accuracy=test[1],
        train_s=time.perf_counter() - compiled,
        compile_s=compiled - started,
        environment=provenance.training_environment(),
    )
