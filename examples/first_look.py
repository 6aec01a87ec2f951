"""What a network reads before its first step: its loss, and a line for each layer."""

import keras
import numpy as np
import tensorflow as tf


def first_look(model: keras.Model, x: np.ndarray, y: np.ndarray) -> None:
    """Print the loss beside ln K, and of each layer: signal, silent units, gradient.

    The model is a Sequential of layers with kernels, the last one giving logits; x has a row for
    each sample, y a class from 0 to K - 1.
    """
    cost = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    look = keras.Model(model.inputs, [layer.output for layer in model.layers])
    with tf.GradientTape() as tape:
        signals = look([x])
        loss = cost(y, signals[-1])
    slopes = tape.gradient(loss, [layer.kernel for layer in model.layers])
    print(f"loss {loss:.3f}, ln K {np.log(signals[-1].shape[-1]):.3f}")
    print("layer  mean square  silent units  gradient of the kernel")
    for number, (signal, slope) in enumerate(zip(signals, slopes, strict=True), start=1):
        silent = 100 * np.mean(np.all(signal <= 0, axis=0))
        size = np.linalg.norm(slope)
        print(f"{number:5}  {np.mean(signal**2):11.2e}  {silent:10.0f} %  {size:.2e}")
