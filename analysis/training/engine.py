"""A network and its optimizer, compiled by XLA: full batches, a short one, and evaluation."""

import functools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
import tensorflow as tf

from analysis.plan.run import RunSettings
from analysis.training.network import layers
from analysis.training.network.draws import Array, Shape

PIXEL_MAX = 255
EVALUATION_ROWS = 2000
"""So many rows are evaluated at once, or all where they are fewer, and their losses summed."""
CONVOLVED_ROWS = 200
"""As many are where there are convolutions, whose images of more rows would leave the caches."""
NO_LABEL = -1
"""The label of a row that only fills up the last of these."""
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
        self, settings: RunSettings, train: Part, validation: Part, test: Part, classes: int
    ) -> None:
        features = int(train.x.shape[1])
        self.network = layers.build(features, classes, settings.architecture)
        self.model = self.network.model
        steps = settings.optimization
        self.optimizer = layers.optimizer(steps) if steps else None
        if self.optimizer:
            self.optimizer.build(self.model.trainable_variables)
        self._fresh_state = [np.asarray(each) for each in self._undrawn()]
        self.train, self.validation, self.test = train, validation, test
        self.batch = steps.batch_size if steps else train.samples
        self.full_steps, self.rest = divmod(train.samples, self.batch)
        most = CONVOLVED_ROWS if settings.convolution else EVALUATION_ROWS
        self.evaluated_rows = min(most, max(validation.samples, test.samples))
        self.programs: dict[str, Any] = {}

    def compile(self) -> None:
        """Compile whatever training needs, unless that is done; weights are assigned anew later.

        XLA compiles at the first call: the calls here do no step, or one on weights of no use.
        """
        if self.programs:
            return
        train, programs = self.train, self.programs
        count = tf.TensorSpec((), tf.int32)
        programs["full"] = _compiled(self._run_steps, *train.specs(), count, count)
        self.steps(train, 0, 0)
        if self.rest:
            short = Part(train.x[: self.rest], train.y[: self.rest])
            programs["short"] = _compiled(self._run_short_step, *short.specs())
            self.short_step(train)
        chunk = self.evaluated_rows
        rows = tf.TensorSpec((chunk, train.x.shape[1]), train.x.dtype)
        programs["evaluation"] = _compiled(
            self._run_evaluation, rows, tf.TensorSpec((chunk,), tf.int32)
        )
        self.evaluate(self.test)

    def assign(
        self,
        kernels: Sequence[Array],
        biases: Sequence[Array],
        rate: float | None,
        dropout_seeds: Sequence[int] = (),
    ) -> None:
        """Set all that a run begins with: its weights, its learning rate, if it trains, its seeds.

        What it does not draw, as the optimizer's state, is as at first. One array a layer: kernels
        of `kernel_shapes`, biases (units,). `dropout_seeds` has one for each layer of dropout.
        """
        for layer, kernel, bias in zip(self.layers, kernels, biases, strict=True):
            layer.kernel.assign(kernel)
            layer.bias.assign(bias)
        for variable, value in zip(self._undrawn(), self._fresh_state, strict=True):
            variable.assign(value)
        for dropout, seed in zip(self.network.dropouts, dropout_seeds, strict=True):
            dropout.seed_generator.state.assign([seed, 0])
        if self.optimizer is not None:
            self.optimizer.learning_rate.assign(rate)

    def state(self) -> list[npt.NDArray[Any]]:
        """Return all that a step depends on beside its batch, in order.

        These are weights, moving statistics and seeds of the network, and the optimizer's state.
        """
        return [np.asarray(variable) for variable in self._variables()]

    def restore(self, state: Sequence[npt.NDArray[Any]]) -> None:
        """Set what `state` has returned. Raises ValueError where it was another network's."""
        for variable, value in zip(self._variables(), state, strict=True):
            variable.assign(value)

    def _variables(self) -> list[keras.Variable]:
        own = self.model.trainable_variables + self.model.non_trainable_variables
        return [*own, *(self.optimizer.variables if self.optimizer else [])]

    def _undrawn(self) -> list[keras.Variable]:
        """Return the variables that begin alike in every run: all but kernels and biases."""
        drawn = {id(each) for layer in self.layers for each in (layer.kernel, layer.bias)}
        return [each for each in self._variables() if id(each) not in drawn]

    @property
    def layers(self) -> list[Any]:
        """Return the Keras layers that have a kernel, first to last."""
        return self.network.weighted

    @property
    def kernel_shapes(self) -> list[Shape]:
        """Return the shape of each kernel; see `draws.fans`."""
        return [tuple(layer.kernel.shape) for layer in self.layers]

    def shuffled(self, order: npt.NDArray[np.int32]) -> Part:
        """Return the training rows in this order (samples,)."""
        return Part(tf.gather(self.train.x, order), tf.gather(self.train.y, order))

    def steps(self, rows: Part, first: int, last: int) -> tuple[Array, int]:
        """Train on the full batches `first` to `last` - 1; return their losses and correct rows.

        The losses (last - first,) are means over a batch, in nats; the correct rows are a count.
        """
        bounds = tf.constant(first), tf.constant(last)
        step_losses, hits = self.programs["full"](rows.x, rows.y, *bounds)
        return step_losses.numpy()[first:last], int(hits)

    def short_step(self, rows: Part) -> tuple[float, int]:
        """Train on the rows after the last full batch; return their mean loss and correct rows.

        The loss is in nats, the correct rows are a count.
        """
        start = self.full_steps * self.batch
        loss, hits = self.programs["short"](rows.x[start:], rows.y[start:])
        return float(loss), int(hits)

    def evaluate(self, part: Part) -> tuple[float, float]:
        """Return the mean loss, in nats, and the accuracy, a fraction, over all rows of a part."""
        loss, hits = np.float32(0), 0
        for start in range(0, part.samples, self.evaluated_rows):
            stop = min(start + self.evaluated_rows, part.samples)
            batch = _filled(part.x[start:stop], part.y[start:stop], self.evaluated_rows)
            each, right = self.programs["evaluation"](*batch)
            loss += _summing(stop - start)(each[: stop - start]).numpy()
            hits += int(right)
        return float(loss) / part.samples, hits / part.samples

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
        logits = self.model(pixels(x), training=False)
        return losses(logits, y), correct(logits, y)


def _compiled(function: Any, *specs: Tensor) -> Any:
    """Return a function of tensors of these shapes, which XLA compiles when it is first called."""
    return tf.function(function, jit_compile=True).get_concrete_function(*specs)


@functools.cache
def _summing(rows: int) -> Any:
    """Return a compiled function that sums numbers (rows,).

    It is apart from evaluation as it depends on the rows, and on nothing of a network: XLA adds
    numbers in an order that follows from how many there are.
    """
    return _compiled(tf.reduce_sum, tf.TensorSpec((rows,), tf.float32))


def _filled(x: Tensor, y: Tensor, rows: int) -> tuple[Tensor, Tensor]:
    """Return x and y with as many rows as asked for: those that are missing have no label."""
    missing = rows - int(y.shape[0])
    if not missing:
        return x, y
    return tf.pad(x, [[0, missing], [0, 0]]), tf.pad(y, [[0, missing]], constant_values=NO_LABEL)


def _rows(x: Tensor, y: Tensor, start: Tensor, rows: int) -> tuple[Tensor, Tensor]:
    """Return `rows` rows from `start`; the number is static, so that XLA knows every shape."""
    return tf.slice(x, (start, 0), (rows, int(x.shape[1]))), tf.slice(y, (start,), (rows,))
