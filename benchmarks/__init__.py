"""The notebook's own work, on MNIST, by Model.fit, this engine and others, side by side."""

import importlib.util
import sys

if importlib.util.find_spec("tensorflow"):
    # TensorFlow and Keras import JAX wherever it is, as build.py says; a rival has no TensorFlow.
    sys.modules.setdefault("jax", None)  # type: ignore[arg-type]  # as Python documents it
