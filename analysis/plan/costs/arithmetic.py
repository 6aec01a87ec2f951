"""Seconds by the arithmetic of a run, on the machine that the constants were measured on.

Another machine, or this one today, takes a multiple of them: that is the affair of `times`.
"""

import math
from itertools import pairwise

from analysis.data.dataset import Description
from analysis.plan.costs.memory import averages
from analysis.plan.run import Measurements, RunSettings

START_S = 5.0
"""Until a worker has imported TensorFlow, loaded the data, and traced a first function."""
COMPILE_S, COMPILE_LAYER_S = 1.6, 0.065
"""To compile an engine, and more for every layer and copy of its weights."""
FLOPS = 1.56e11
"""Floating-point operations of a matrix product in a second, on one core."""
FEATURE_S, UNIT_S = 0.5e-9, 3.7e-9
"""Of a row, for every feature and every unit: what is done to it beside products."""
EVALUATED = 1 / 3
"""Share of that for a row which is evaluated and not trained on."""
EPOCH_S, STEP_S, LAYER_STEP_S = 12e-3, 32e-6, 20e-6
"""Of an epoch, of a step, and of every hidden layer in it, however many rows it has."""
AVERAGING_WEIGHT_S = 0.43e-9
"""That an optimizer which keeps averages takes for a weight and step; others take next to none."""
BEGIN_S, BEGIN_LAYER_S = 2e-3, 1.5e-3
"""To draw the first weights."""
PROBE_S = 0.03
"""To measure signals once, and a tenth more for every layer."""


def begin_s(settings: RunSettings, measured: Measurements) -> float:
    """Return the seconds before the first epoch; what of `measured` is measured then, included."""
    layers = settings.depth + 1
    return BEGIN_S + BEGIN_LAYER_S * layers + _probes(layers, measured, -1.0, 0.0)


def epochs_s(
    settings: RunSettings, data: Description, first: int, last: int, measured: Measurements
) -> float:
    """Return the seconds from the end of the epoch `first` to that of the epoch `last`.

    Evaluation is included, and what of `measured` is measured in between.
    """
    if settings.optimization is None:
        return 0.0
    rows, steps = settings.rows, settings.optimization
    widths = (data.features, *settings.hidden, data.classes)
    weights = sum(a * b for a, b in pairwise(widths))
    seen = rows.held_out + rows.test
    forward_and_back = 3 * weights - widths[0] * widths[1]  # no gradient for the inputs
    products = 2 * (forward_and_back * rows.train + weights * seen) / FLOPS
    a_row = FEATURE_S * widths[0] + UNIT_S * sum(widths[1:])
    a_step = STEP_S + LAYER_STEP_S * len(settings.hidden)
    if averages(steps):
        a_step += AVERAGING_WEIGHT_S * weights
    epoch = EPOCH_S + products + a_row * (rows.train + EVALUATED * seen)
    epoch += math.ceil(rows.train / steps.batch_size) * a_step
    return (last - first) * epoch + _probes(len(widths) - 1, measured, first, last)


def compile_s(settings: RunSettings) -> float:
    """Return the seconds to compile the engine of a run that is trained."""
    steps = settings.optimization
    copies = 1 + (averages(steps) if steps else 0)
    return COMPILE_S + COMPILE_LAYER_S * settings.depth * copies


def _probes(layers: int, measured: Measurements, after: float, until: float) -> float:
    probed = {when for what, when in measured if what != "weights" and after < when <= until}
    return len(probed) * PROBE_S * (1.1 + layers / 10)
