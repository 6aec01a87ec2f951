"""Courses of made-up trainings: their epochs, how they end, and the loss along the way."""

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from analysis.study.initializers import SCHEMES

# Start and end of training loss, and final validation and test accuracy, roughly those of MNIST.
LEARNING = {
    "RandomNormal": (0.391, 0.020, 0.9745, 0.9751),
    "GlorotNormal": (0.311, 0.017, 0.9752, 0.9757),
    "HeNormal": (0.302, 0.016, 0.9752, 0.9756),
}
UNKNOWN = (0.350, 0.018, 0.9748, 0.9753)


def _generator(name: str, seed: int, purpose: int) -> np.random.Generator:
    return np.random.default_rng([seed, purpose, *name.encode()])


def course_of(initializer: str, name: str, seed: int, epochs: int, classes: int) -> pd.DataFrame:
    """Epochs of one run; a part of its noise is the seed's alone, so that seeds are paired."""
    epoch = np.arange(1, epochs + 1)
    if not SCHEMES[initializer].random:
        columns = _still(classes, epochs, seed)
    else:
        columns = _learning(name, seed, epoch, 1 - 1 / classes)
    return pd.DataFrame({"epoch": epoch, **columns})


def _still(classes: int, epochs: int, seed: int) -> dict[str, np.ndarray]:
    noise = 1e-4 * np.random.default_rng([seed, 9]).random(epochs)
    level, share = np.full(epochs, np.log(classes) - 0.0015), np.full(epochs, 1.06 / classes)
    return {
        "loss": level + noise,
        "accuracy": share + 0.007,
        "val_loss": level + 0.001 + noise,
        "val_accuracy": share,
    }


def _learning(name: str, seed: int, epoch: np.ndarray, room: float) -> dict[str, np.ndarray]:
    start, end, val, _ = LEARNING.get(name, UNKNOWN)
    shared, own = np.random.default_rng([seed, 1]), _generator(name, seed, 2)
    jitter = 0.6 * shared.standard_normal() + 0.8 * own.standard_normal(epoch.size)
    loss = start * epoch**-1.3 * (1 + 0.02 * jitter) + end * (1 - 1 / epoch)
    val_accuracy = val - 0.035 * epoch**-1.2 + 0.035 * 0.06 + 0.001 * jitter
    return {
        "loss": loss,
        "accuracy": np.clip(1 - room * 0.32 * loss, 0, 1),
        "val_loss": 0.085 + 0.11 * epoch**-1.2 + 0.002 * jitter,
        "val_accuracy": np.clip(val_accuracy, 0, 1),
    }


def lost_at(course: pd.DataFrame, epoch: int | None) -> pd.DataFrame:
    """The course up to the epoch in which the run diverges, whose accuracies are still numbers."""
    if epoch is None:
        return course
    course.loc[course["epoch"] == epoch, ["loss", "val_loss"]] = np.nan
    course.loc[course["epoch"] == epoch, ["accuracy", "val_accuracy"]] = 0.098
    return course[course["epoch"] <= epoch]


def end_of(course: pd.DataFrame, initializer: str, seed: int, classes: int) -> dict[str, object]:
    """Columns of a run that say how it ended."""
    if course.empty:
        return _UNTRAINED
    last = course.iloc[-1]
    lost = course.loc[course["loss"].isna(), "epoch"]
    finished = lost.empty
    random = SCHEMES[initializer].random
    test = last["val_accuracy"] + 0.0005 if random else 1.135 / classes
    return {
        "status": "finished" if finished else "diverged",
        "diverged_epoch": pd.NA if finished else int(lost.min()),
        "epochs": int(course["epoch"].max()),
        "train_loss": last["loss"],
        "train_accuracy": last["accuracy"],
        "val_loss": last["val_loss"],
        "val_accuracy": last["val_accuracy"],
        "test_loss": last["val_loss"] - 0.001 if finished else np.nan,
        "test_accuracy": round(test, 4) if finished else np.nan,
        "train_s": 1.8 + 0.01 * (seed % 7),
        "compile_s": 1.2 if seed == 0 else 0.0,
    }


def tested(course: pd.DataFrame, end: Mapping[str, Any]) -> pd.DataFrame:
    """The course with test metrics of every epoch; those of the last are the run's own."""
    if course.empty:
        return course.assign(test_loss=[], test_accuracy=[], train_s=[])
    accuracies = (course["val_accuracy"] + 0.0005).where(course["loss"].notna())
    own = course.assign(
        test_loss=course["val_loss"] - 0.001, test_accuracy=accuracies.round(4), train_s=0.1
    )
    for name in ("test_loss", "test_accuracy"):
        own.loc[own.index[-1], name] = end[name]
    return own


def curve_of(course: pd.DataFrame, points: int) -> list[dict[str, Any]]:
    """Training loss over each stretch: its epochs' losses, joined by lines from ln 10 on."""
    progress = np.arange(1, points * len(course) + 1) / max(points, 1)
    ends, losses = np.array([0, *course["epoch"]]), np.array([math.log(10), *course["loss"]])
    values = np.interp(progress, ends, losses)
    return [
        {"progress": float(at), "loss": float(loss)}
        for at, loss in zip(progress, values, strict=True)
    ]


def first_steps_of(course: pd.DataFrame) -> list[dict[str, Any]]:
    """Training loss of twenty steps, on a line from ln 10 towards that of the first epoch."""
    losses = course["loss"].tolist()[:1]
    return [
        {"step": step, "loss": math.log(10) + (float(loss) - math.log(10)) * step / 750}
        for loss in losses
        for step in range(1, 21)
    ]


_UNTRAINED: dict[str, object] = {
    "status": "finished", "diverged_epoch": pd.NA, "epochs": 0,
    **dict.fromkeys(("train_loss", "train_accuracy", "val_loss", "val_accuracy"), np.nan),
    "test_loss": np.nan, "test_accuracy": np.nan, "train_s": 0.4, "compile_s": 0.0,
}  # fmt: skip
