"""Every word of a network, trained by the engine and by Keras's own layers and Model.fit."""

from types import ModuleType
from typing import Any

import numpy as np
import pytest

from analysis.results.frames import METRICS
from tests.analysis.training import small
from tests.analysis.training.network import plain

TANH = {"activation": "tanh", "optimizer": small.MOMENTUM}
STEADY = {"optimizer": small.MOMENTUM}
"""Adam divides a gradient by its size: of a bias before a normalization, which has none but
rounding, it makes steps like any other."""
TWO = [{"filters": 4, "size": 3, "pool": 2}, {"filters": 6, "size": 4, "pool": 3}]
BLOCKS = {"hidden": (16, 16, 16, 12), "residual": True}
CASES: dict[str, dict[str, Any]] = {
    "relu, Adam": {},
    "tanh, momentum": TANH,
    "short last batch": {"batch_size": 60, "hidden": (32,)},
    "batch normalization": STEADY | {"normalization": "batch", "batch_size": 60},
    "layer normalization": TANH | {"normalization": "layer"},
    "residual": BLOCKS,
    "residual, scaled, normalized": TANH
    | BLOCKS
    | {"branch": "1/sqrt(depth)", "normalization": "batch"},
    "dropout": {"dropout": 0.25, "batch_size": 60},
    "dropout in branches": STEADY | BLOCKS | {"dropout": 0.5, "branch": 0.3},
    "convolution": TANH | {"convolution": TWO, "hidden": (16,)},
    "everything": STEADY
    | BLOCKS
    | {"convolution": TWO, "normalization": "batch", "dropout": 0.2, "batch_size": 60},
}
QUICK = ("relu, Adam", "residual, scaled, normalized", "dropout in branches", "convolution")
"""Those that between them have every word; the others wait for the slow tests."""


@pytest.mark.parametrize(
    "case",
    [pytest.param(c, marks=() if c in QUICK else pytest.mark.slow, id=c) for c in CASES],
)
def test_training_is_that_of_model_fit(
    training: ModuleType, draws: ModuleType, small_mnist: str, case: str
) -> None:
    """From the same weights, over the same order of data, Model.fit ends where the engine ends."""
    (run,) = small.runs(small_mnist, **CASES[case])
    result = training.train(run)
    engine = training.engine_for(run)
    kernels = draws.initial_kernels(run.settings, engine.kernel_shapes)
    seeds = draws.dropout_seeds(run.settings, len(engine.network.dropouts))
    assert len(seeds) == (run.settings.depth if run.settings.dropout else 0)
    epochs = range(1, run.asked.epochs + 1)
    orders = [training.data_order(run.seed, epoch, 1600) for epoch in epochs]
    theirs, history = plain.fit(run, kernels, orders, seeds)
    for our, their in zip(plain.numbers(engine.model), theirs, strict=True):
        np.testing.assert_allclose(our, their, rtol=1e-4, atol=2e-5)
    for epoch, expected in zip(result.epochs, history, strict=True):
        found = [getattr(epoch, name) for name in METRICS]
        np.testing.assert_allclose(found, [expected[name] for name in METRICS], atol=1e-4)
