"""What a plan will cost, estimated before it starts from the arithmetic of its runs."""

import math
import os
from collections.abc import Iterable, Mapping, Sequence
from itertools import pairwise

from analysis.data.dataset import Description
from analysis.errors import StudyError, counted
from analysis.plan.run import Run, engine_key
from analysis.plan.work import Task

START_S = 6.0
"""Seconds until a worker has imported TensorFlow and loaded the data."""
COMPILE_S, COMPILE_LAYER_S = 1.0, 0.09
"""Seconds to compile an engine, and more of them for every layer."""
FLOPS = 1.3e11
"""Floating-point operations of a matrix product in a second, on one core."""
STEP_S, LAYER_STEP_S = 30e-6, 25e-6
"""Seconds of a step, and of every layer in it, that go to other things than arithmetic."""
WEIGHT_S = {"SGD": 0.2e-9}
"""Seconds that the optimizer takes for a weight and step; other optimizers keep averages."""
AVERAGING_WEIGHT_S = 0.9e-9
PROBE_S = 0.05
AVERAGES = {"SGD": 0, "RMSprop": 1}
"""Numbers that an optimizer keeps for each weight; the others keep two."""
NUMBER = 4
"""Bytes of a float32."""
HOUR, DAY = 60, 24 * 60
"""In minutes."""


def seconds(tasks: Iterable[Task], data: Mapping[str, Description], workers: int) -> float:
    """Return about how many seconds of wall time the tasks take on this many workers.

    A run is trained by one worker: more workers than tasks make nothing faster.
    """
    planned = list(tasks)
    if not planned:
        return 0.0
    training = sum(task_seconds(task, data[task.run.dataset]) for task in planned)
    runs = [task.run for task in planned]
    depths = {engine_key(run): len(run.settings.hidden) for run in runs if run.asked.epochs}
    compiling = sum(COMPILE_S + COMPILE_LAYER_S * depth for depth in depths.values())
    return START_S + (training + compiling) / min(workers, len(planned))


def task_seconds(task: Task, data: Description) -> float:
    """Return about how many seconds one worker trains and measures a run, compilation apart."""
    settings, rows = task.run.settings, task.run.settings.rows
    widths = (data.features, *settings.hidden, data.classes)
    probed = {
        when
        for what, when in task.run.asked.measurements
        if what != "weights" and (when > task.start or not task.start)
    }
    measuring = len(probed) * PROBE_S * (1 + len(widths) / 10)
    if settings.optimization is None:
        return measuring
    optimizer, batch = settings.optimization.optimizer, settings.optimization.batch_size
    epochs = task.run.asked.epochs - task.start
    weights = sum(a * b for a, b in pairwise(widths))
    steps = math.ceil(rows.train / batch) * epochs
    forward_and_back = 3 * weights - widths[0] * widths[1]  # no gradient for the inputs
    evaluated = weights * (rows.held_out + rows.test)
    products = 2 * (forward_and_back * rows.train + evaluated) * epochs / FLOPS
    upkeep = WEIGHT_S.get(optimizer, AVERAGING_WEIGHT_S) * weights
    return products + steps * (STEP_S + LAYER_STEP_S * len(widths) + upkeep) + measuring


def run_bytes(run: Run, data: Description) -> int:
    """Return how many bytes a run needs at the least: weights, gradients, averages and data."""
    settings = run.settings
    weights = sum(a * b for a, b in pairwise((data.features, *settings.hidden, data.classes)))
    steps = settings.optimization
    copies = 2 + AVERAGES.get(steps.optimizer, 2) if steps else 1
    return NUMBER * (weights * copies + data.train_samples * data.features)


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
        hidden = run.settings.hidden
        raise StudyError(
            f"experiments.{run.experiment}: network.hidden: {counted(len(hidden), 'layer')} of "
            f"up to {counted(max(hidden), 'unit')} need at least {_bytes(size)} of memory; this "
            f"machine has {_bytes(memory)}"
        )


def _bytes(size: int) -> str:
    return f"{size / 1e12:,.1f} TB" if size >= 1e12 else f"{size / 1e9:.1f} GB"


def in_words(total: float) -> str:
    """Return seconds as a person says them: "about 40 s", "about 3 min", "about 9 hours"."""
    minutes = total / 60
    if total < 90:
        return f"about {max(5, round(total / 5) * 5)} s"
    if minutes < 2 * HOUR:
        return f"about {max(2, round(minutes))} min"
    if minutes < 2 * DAY:
        return f"about {round(minutes / HOUR)} hours"
    return f"about {round(minutes / DAY):,} days"


def announcement(
    pending: Sequence[Task], planned: int, data: Mapping[str, Description], workers: int
) -> str:
    """Return what is told before `pending` of the `planned` runs begin on `workers` workers."""
    time = in_words(seconds(pending, data, workers))
    share = f"{len(pending)} of {counted(planned, 'run')}"
    return f"Training {share} on {counted(workers, 'worker')}: {time}."
