"""How far rounding may take two trainings of one run, as measured between processors' instructions.

`python -m benchmarks.rounding` measures it: 62 runs of all experiments, trained as they are and
with the instructions of older processors (SSE4.2, and AVX without AVX2). A sample of 28 published
runs, verified with the instructions of AVX: 1 in bits, 21 in tolerance, 3 in spread and 3 in start,
their ends at most 0.13 percentage points apart.
"""

import numpy as np

from stages.anew.likeness import Column, Floats

UNTRAINED = 2e-2
"""Of the largest number in a column, before training. Measured: at most 3e-3, in a histogram.

Nearly all lie within 1e-4; the largest are those of gradients that all but vanish.
"""
FIRST_STEP = 1e-3
"""Of the loss of the first step, before any weight has moved. Measured: at most 4e-5."""
GROWTH = 1e5
"""By which factor the losses of a step may lie farther apart than those of any step before it.

Measured: at most 4e3, in the most chaotic of networks; in most, next to none in twenty steps. So a
quiet network must stay quiet, and what has once come apart may go anywhere.
"""
FLOOR = 1e-7
"""Of a loss: the rounding of a float32, from which a difference grows at least."""
END_LOSS, END_ACCURACY = 1e-2, 1e-3
"""Within these the ends of two runs are told as equal but for rounding.

A share of the loss, and of the rows: what has grown farther apart is held against other seeds.
"""


def of_untrained(column: Column) -> float:
    """Return how far apart a column is that was measured before training, as a share of its bound.

    The numbers are those of one column of layers, or of histograms.
    """
    size = float(np.max(np.abs(column.other), initial=0.0)) or 1.0
    return float(np.max(column.gaps, initial=0.0)) / size / UNTRAINED


def of_first_steps(column: Column) -> float:
    """Return how far apart the losses of the first steps are, as a share of their bound."""
    apart = relative(column)
    before = np.maximum.accumulate(np.concatenate([[FLOOR], apart[:-1]]))
    bounds = np.where(np.arange(len(apart)) == 0, FIRST_STEP, GROWTH * before)
    return float(np.max(apart / bounds, initial=0.0))


def relative(column: Column) -> Floats:
    """Return the gaps of a column as shares of what is known; infinite where one is not finite."""
    with np.errstate(invalid="ignore"):
        sizes = np.where(np.isfinite(column.other), np.abs(column.other), 1.0)
    return column.gaps / np.maximum(sizes, 1e-12)
