"""Layers of Keras, computed in steps that XLA compiles to fast code on a CPU."""

from typing import Any

import keras
import tensorflow as tf

Tensor = Any


class Convolution(keras.layers.Conv2D):  # type: ignore[misc]  # Keras has no types
    """A Conv2D of Keras with stride 1 and the padding of "same", computed as one matrix product.

    XLA's own convolutions take ten times as long on a CPU, most of it for the gradients.
    """

    def convolution_op(self, inputs: Tensor, kernel: Tensor) -> Tensor:
        """Return the convolution (batch, side, side, filters) of images with the kernel.

        Shapes: inputs (batch, side, side, channels), kernel (size, size, channels, filters).
        """
        size, _, channels, filters = kernel.shape
        _, rows, columns, _ = inputs.shape
        before = (size - 1) // 2
        margin = (before, size - 1 - before)
        padded = keras.ops.pad(inputs, [(0, 0), margin, margin, (0, 0)])
        shifted = [
            padded[:, down : down + rows, right : right + columns]
            for down in range(size)
            for right in range(size)
        ]
        seen = keras.ops.concatenate(shifted, axis=-1)
        seen = keras.ops.reshape(seen, (-1, size * size * channels))  # (pixel of the batch, weight)
        sums = keras.ops.matmul(seen, keras.ops.reshape(kernel, (-1, filters)))
        return keras.ops.reshape(sums, (-1, rows, columns, filters))


class Pooling(keras.layers.MaxPooling2D):  # type: ignore[misc]  # Keras has no types
    """A MaxPooling2D of Keras, computed as the maximum of shifted images, one for each place.

    Of equal ones the first is taken, as Keras does: its gradient goes to that place alone.
    """

    def call(self, inputs: Tensor) -> Tensor:
        """Return the largest of each square, (batch, side // pool, side // pool, channels)."""
        pool, _ = self.pool_size
        _, rows, columns, _ = inputs.shape
        whole = inputs[:, : rows // pool * pool, : columns // pool * pool]
        largest, *others = (
            whole[:, down::pool, right::pool] for down in range(pool) for right in range(pool)
        )
        for each in others:
            largest = keras.ops.maximum(largest, each)
        return largest


class Dropout(keras.layers.Dropout):  # type: ignore[misc]  # Keras has no types
    """A Dropout of Keras that draws by Philox.

    Keras leaves the generator to the device, and what XLA chooses on a CPU takes a hundred times as
    long.
    """

    def call(self, inputs: Tensor, training: bool = False) -> Tensor:
        """Return the inputs, in training with zeros for those that are dropped, the others scaled.

        Shapes stay. Each call in training draws anew.
        """
        if not training:
            return inputs
        seed = tf.math.floormod(self.seed_generator.next(), tf.int32.max - 1)
        return tf.nn.experimental.stateless_dropout(
            inputs, self.rate, tf.cast(seed, tf.int32), rng_alg="philox"
        )
