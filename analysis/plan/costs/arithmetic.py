"""Seconds by the arithmetic of a run, on the machine that the constants were measured on.

Another machine, or this one today, takes a multiple of them: that is the affair of `times`.
"""

import math
from itertools import pairwise

from analysis.data.dataset import Description
from analysis.plan.costs.memory import averages
from analysis.plan.run import Measurements, RunSettings

START_S = 6.0
"""Until a worker has imported TensorFlow and loaded the data."""
COMPILE_S, COMPILE_LAYER_S = 1.0, 0.09
"""To compile an engine, and more for every layer and copy of its weights."""
FLOPS = 1.3e11
"""Floating-point operations of a matrix product in a second, on one core."""
STEP_S, LAYER_STEP_S = 30e-6, 25e-6
"""Of a step, and of every layer in it, that go to other things than arithmetic."""
WEIGHT_S = {"SGD": 0.2e-9}
"""That the optimizer takes for a weight and step; other optimizers keep averages."""
AVERAGING_WEIGHT_S = 0.9e-9
BEGIN_S, BEGIN_LAYER_S = 2e-3, 1.5e-3
"""To draw the first weights."""
PROBE_S = 0.05
"""To measure signals once, and a tenth more for every layer."""


def begin_s(settings: RunSettings, measured: Measurements) -> float:
    """Return the seconds before the first epoch; what of `measured` is measured then, included."""
    layers = len(settings.hidden) + 1
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
    forward_and_back = 3 * weights - widths[0] * widths[1]  # no gradient for the inputs
    products = 2 * (forward_and_back * rows.train + weights * (rows.held_out + rows.test)) / FLOPS
    upkeep = WEIGHT_S.get(steps.optimizer, AVERAGING_WEIGHT_S) * weights
    step = STEP_S + LAYER_STEP_S * len(widths) + upkeep
    epoch = products + math.ceil(rows.train / steps.batch_size) * step
    return (last - first) * epoch + _probes(len(widths) - 1, measured, first, last)


def compile_s(settings: RunSettings) -> float:
    """Return the seconds to compile the engine of a run that is trained."""
    steps = settings.optimization
    copies = 1 + (averages(steps) if steps else 0)
    return COMPILE_S + COMPILE_LAYER_S * len(settings.hidden) * copies


def _probes(layers: int, measured: Measurements, after: float, until: float) -> float:
    probed = {when for what, when in measured if what != "weights" and after < when <= until}
    return len(probed) * PROBE_S * (1.1 + layers / 10)
