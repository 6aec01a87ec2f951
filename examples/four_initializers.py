"""Train one network on MNIST from each of four initializers, and print a table.

python four_initializers.py [EPOCHS SEEDS ROWS]
"""

import platform
import sys
from importlib.metadata import version

import keras
import numpy as np

EPOCHS, SEEDS, ROWS = map(int, sys.argv[1:] or (10, 3, 60_000))
LAYERS = ((128, "relu"), (64, "relu"), (10, "softmax"))
INITIALIZERS = {
    "zero": lambda seed: keras.initializers.Zeros(),
    "random": lambda seed: keras.initializers.RandomNormal(stddev=0.05, seed=seed),
    "Glorot": lambda seed: keras.initializers.GlorotNormal(seed=seed),
    "He": lambda seed: keras.initializers.HeNormal(seed=seed),
}
(x, y), (x_test, y_test) = keras.datasets.mnist.load_data()
x, y, x_test = x[:ROWS].reshape(ROWS, -1) / 255, y[:ROWS], x_test.reshape(len(x_test), -1) / 255
print(f"Keras {keras.version()}, {(name := keras.config.backend())} {version(name)}", end=", ")
print(f"{platform.system()} {platform.machine()}, {EPOCHS} epochs, {SEEDS} seeds, {ROWS} rows")
print("initializer  loss of epoch 1  test accuracy: mean (lowest to highest)")
for name, initializer in INITIALIZERS.items():
    losses, scores = [], []
    for run in range(SEEDS):
        keras.utils.set_random_seed(run)
        model = keras.Sequential()
        for place, layer in enumerate(LAYERS):  # each kernel has a seed of its own
            kernel = initializer(len(LAYERS) * run + place)
            model.add(keras.layers.Dense(*layer, kernel_initializer=kernel))
        model.compile("adam", "sparse_categorical_crossentropy", metrics=["accuracy"])
        history = model.fit(x, y, batch_size=64, epochs=EPOCHS, validation_split=0.2, verbose=0)
        losses.append(history.history["loss"][0])
        scores.append(100 * model.evaluate(x_test, y_test, verbose=0)[1])
    spread = f"{np.mean(scores):.2f} % ({min(scores):.2f} to {max(scores):.2f})"
    print(f"{name:11}  {np.mean(losses):15.4f}  {spread}", flush=True)
