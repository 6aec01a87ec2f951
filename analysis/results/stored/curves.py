"""The training loss of every step: drawn as a curve of few points, and of the first steps alone."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.plan.run import Run
from analysis.results.frames import full_steps


def drawn(steps: pd.DataFrame, runs: Sequence[Run], points: int) -> pd.DataFrame:
    """Return run_id, progress in epochs and loss in nats, at most `points` an epoch.

    Each is the mean over a stretch of the full batches of an epoch, which ends there; all are of
    equal length, or differ by a step. `steps` are the rows of a store: run_id, epoch, losses.
    Raises ValueError where an epoch has not the losses of all its steps.
    """
    full = {run.id: full_steps(run) for run in runs}
    rows = [
        (run, epoch - 1 + progress, loss)
        for run, epoch, kept in zip(steps["run_id"], steps["epoch"], steps["losses"], strict=True)
        for progress, loss in stretches(_losses(kept, full[run], run), points)
    ]
    frame = pd.DataFrame(rows, columns=["run_id", "progress", "loss"])
    return frame.astype({"run_id": "str", "progress": "float64", "loss": "float64"})


def first(steps: pd.DataFrame, runs: Sequence[Run], count: int) -> pd.DataFrame:
    """Return run_id, step and loss in nats of the first `count` steps on full batches.

    Steps count from 1. `steps` are the rows of a store. Raises ValueError as `drawn` does.
    """
    full = {run.id: full_steps(run) for run in runs}
    begun = steps[steps["epoch"] == 1]
    rows = [
        (run, step, float(loss))
        for run, kept in zip(begun["run_id"], begun["losses"], strict=True)
        for step, loss in enumerate(_losses(kept, full[run], run)[:count], start=1)
    ]
    frame = pd.DataFrame(rows, columns=["run_id", "step", "loss"])
    return frame.astype({"run_id": "str", "step": "int64", "loss": "float64"})


def _losses(kept: object, full: int, run: str) -> npt.NDArray[np.float32]:
    """The losses of the full batches."""
    if not isinstance(kept, bytes) or len(kept) < 4 * full:
        raise ValueError(f"an epoch of the run {run[:12]} has not the losses of its {full} steps")
    return np.frombuffer(kept[: 4 * full], "<f4")


def stretches(losses: npt.NDArray[np.float32], points: int) -> list[tuple[float, float]]:
    """Return where each stretch of an epoch ends, as a share of it, and the mean loss over it."""
    parts = np.array_split(losses.astype(np.float64), min(points, len(losses)))
    ends = np.cumsum([len(part) for part in parts]) / len(losses)
    return [(float(end), float(part.mean())) for end, part in zip(ends, parts, strict=True)]
