"""Seconds by the arithmetic of a run, on the machine that the constants were measured on.

Another machine, or this one today, takes a multiple of them: that is the affair of `times`.
"""

import math
from collections.abc import Sequence

from analysis.data.dataset import Description
from analysis.plan.costs import sizes
from analysis.plan.costs.memory import averages
from analysis.plan.run import Measurements, RunSettings

START_S = 5.0
"""Until a worker has imported TensorFlow, loaded the data, and traced a first function."""
COMPILE_S, COMPILE_LAYER_S = 1.6, 0.065
"""To compile an engine, and more for every layer and copy of its weights."""
COMPILE_CONVOLUTION_S = 1.1
"""More for every layer that is a convolution."""
FLOPS = 1.56e11
"""Floating-point operations of a matrix product in a second, on one core."""
FEATURE_S, UNIT_S = 0.5e-9, 3.7e-9
"""Of a row, for every feature and every unit: what is done to it beside products."""
GATHERED_S, NORMALIZED_S, DROPPED_S = 3.2e-9, 4e-9, 17e-9
"""Of a row: for every number that a convolution gathers, and every unit of a hidden layer that is
normalized, or that dropout draws for."""
GATHERED_EVALUATED_S = 2e-9
"""The first of these for a row which is evaluated and not trained on."""
EVALUATED = 1 / 3
"""Share of that for a row which is evaluated and not trained on."""
EPOCH_S, STEP_S, LAYER_STEP_S = 12e-3, 32e-6, 20e-6
"""Of an epoch, of a step, and of every hidden layer in it, however many rows it has."""
AVERAGING_WEIGHT_S = 0.43e-9
"""That an optimizer which keeps averages takes for a weight and step; others take next to none."""
BEGIN_S, BEGIN_LAYER_S = 2e-3, 1.5e-3
"""To draw the first weights."""
PROBE_S, PROBE_CONVOLUTION_S = 0.03, 0.7
"""To measure signals once, and a tenth more for every layer; and more for every convolution."""


def begin_s(settings: RunSettings, measured: Measurements) -> float:
    """Return the seconds before the first epoch; what of `measured` is measured then, included."""
    drawn = BEGIN_LAYER_S * (settings.depth + 1)
    return BEGIN_S + drawn + _probes(settings, measured, -1.0, 0.0)


def epochs_s(
    settings: RunSettings, data: Description, first: int, last: int, measured: Measurements
) -> float:
    """Return the seconds from the end of the epoch `first` to that of the epoch `last`.

    Evaluation is included, and what of `measured` is measured in between.
    """
    if settings.optimization is None:
        return 0.0
    rows, steps = settings.rows, settings.optimization
    layers = sizes.layers(settings, data)
    weights = sum(each.weights for each in layers)
    products = sum(each.products for each in layers)
    gathered = sum(each.gathered for each in layers)
    seen = rows.held_out + rows.test
    forward_and_back = 3 * products - layers[0].products  # no gradient for the inputs
    multiplied = 2 * (forward_and_back * rows.train + products * seen) / FLOPS
    multiplied += GATHERED_S * gathered * rows.train + GATHERED_EVALUATED_S * gathered * seen
    a_row = FEATURE_S * data.features + UNIT_S * sum(each.units for each in layers)
    a_step = STEP_S + LAYER_STEP_S * settings.depth
    if averages(steps):
        a_step += AVERAGING_WEIGHT_S * weights
    epoch = EPOCH_S + multiplied + a_row * (rows.train + EVALUATED * seen)
    epoch += _beyond_dense_s(settings, layers) * rows.train
    epoch += math.ceil(rows.train / steps.batch_size) * a_step
    return (last - first) * epoch + _probes(settings, measured, first, last)


def _beyond_dense_s(settings: RunSettings, layers: Sequence[sizes.Size]) -> float:
    """Return the seconds of a row in training that normalization and dropout take."""
    units = sum(each.units for each in layers[:-1])
    normalized = NORMALIZED_S * (settings.normalization != "none")
    return units * (normalized + DROPPED_S * (settings.dropout > 0))


def compile_s(settings: RunSettings) -> float:
    """Return the seconds to compile the engine of a run that is trained."""
    steps = settings.optimization
    copies = 1 + (averages(steps) if steps else 0)
    convolved = COMPILE_CONVOLUTION_S * len(settings.convolution)
    return COMPILE_S + COMPILE_LAYER_S * settings.depth * copies + convolved


def _probes(settings: RunSettings, measured: Measurements, after: float, until: float) -> float:
    probed = {when for what, when in measured if what != "weights" and after < when <= until}
    convolved = PROBE_CONVOLUTION_S * len(settings.convolution)
    return len(probed) * (PROBE_S * (1.1 + (settings.depth + 1) / 10) + convolved)
