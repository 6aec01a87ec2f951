"""What memory a run needs, and that no plan asks for more than there is."""

import os
from collections.abc import Iterable, Mapping

from analysis.data.dataset import Description
from analysis.errors import StudyError, counted
from analysis.plan.costs import sizes
from analysis.plan.run import Optimization, Run
from analysis.plan.work import Task

AVERAGES = {"SGD": 0, "RMSprop": 1}
"""Numbers that an optimizer keeps for each weight; the others keep two, as Adam does."""
NUMBER = 4
"""Bytes of a float32."""


def averages(steps: Optimization) -> int:
    """Return how many numbers the optimizer keeps for each weight."""
    return AVERAGES.get(steps.optimizer, 2)


def run_bytes(run: Run, data: Description) -> int:
    """Return how many bytes a run needs at the least.

    These are weights, gradients, averages and data, and what the units give for the rows of a
    batch.
    """
    settings = run.settings
    layers, steps = sizes.layers(settings, data), settings.optimization
    weights, units = (sum(each.weights for each in layers), sum(each.units for each in layers))
    copies, rows = (2 + averages(steps), steps.batch_size) if steps else (1, 0)
    return NUMBER * (weights * copies + units * rows + data.train_samples * data.features)


def refuse_too_large(
    tasks: Iterable[Task], data: Mapping[str, Description], memory: int | None = None
) -> None:
    """Raise StudyError for a run that needs more memory than a machine has, by default this one.

    `memory` is in bytes. TensorFlow would say so in a wall of text, hours later.
    """
    memory = memory or os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    sized = ((run_bytes(task.run, data[task.run.dataset]), task.run) for task in tasks)
    size, run = max(sized, key=lambda each: each[0], default=(0, None))
    if run is not None and size > memory:
        *hidden, _ = sizes.layers(run.settings, data[run.dataset])
        most = max(each.units for each in hidden)
        key = "convolution" if most > max(run.settings.hidden) else "hidden"
        raise StudyError(
            f"experiments.{run.experiment}: network.{key}: {counted(len(hidden), 'layer')} of "
            f"up to {counted(most, 'unit')} need at least {_bytes(size)} of memory; this "
            f"machine has {_bytes(memory)}"
        )


def _bytes(size: int) -> str:
    return f"{size / 1e12:,.1f} TB" if size >= 1e12 else f"{size / 1e9:.1f} GB"
