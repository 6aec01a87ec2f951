"""Results as a training would leave them, made up without training: quick, seeded, of any size."""

from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd

from analysis import study as studies
from analysis.schemes import SCHEMES, standard_deviation
from analysis.results import Results
from analysis.study import Study

BASE_VARIANTS: tuple[Mapping[str, object], ...] = (
    {"name": "Zeros", "initializer": "Zeros"},
    {"name": "RandomNormal", "initializer": "RandomNormal", "stddev": 0.05},
    {"name": "GlorotNormal", "initializer": "GlorotNormal"},
    {"name": "HeNormal", "initializer": "HeNormal"},
)
# Start and end of training loss, and final validation and test accuracy, roughly those of MNIST.
LEARNING = {
    "RandomNormal": (0.391, 0.020, 0.9745, 0.9751),
    "GlorotNormal": (0.311, 0.017, 0.9752, 0.9757),
    "HeNormal": (0.302, 0.016, 0.9752, 0.9756),
}
UNKNOWN = (0.350, 0.018, 0.9748, 0.9753)


def synthetic_study(
    variants: Sequence[Mapping[str, object]] = BASE_VARIANTS,
    seeds: int = 20,
    epochs: int = 10,
    hidden: Sequence[int] = (128, 64),
) -> Study:
    """Return the base study with these variants, seeds, epochs and hidden layers."""
    return studies.build(
        {
            "title": "A synthetic study",
            "dataset": "mnist",
            "seeds": seeds,
            "variants": [dict(variant) for variant in variants],
            "network": {"hidden": list(hidden), "activation": "relu"},
            "training": {
                "optimizer": {"name": "Adam", "learning_rate": 0.001},
                "loss": "sparse_categorical_crossentropy",
                "batch_size": 64,
                "epochs": epochs,
                "validation_split": 0.2,
            },
        },
        "synthetic",
    )


def synthetic_results(
    variants: Sequence[Mapping[str, object]] = BASE_VARIANTS,
    seeds: int = 20,
    epochs: int = 10,
    hidden: Sequence[int] = (128, 64),
    classes: int = 10,
    diverged: Mapping[tuple[str, int], int] | None = None,
) -> Results:
    """Return results with the columns of the store; equal arguments give equal frames.

    `diverged` maps (variant, seed) to the epoch at which that run's loss stops being finite. A
    variant whose initializer is not random never learns, the others follow MNIST's usual course.
    """
    study = synthetic_study(variants, seeds, epochs, hidden)
    widths = (784, *hidden, classes)
    lost = dict(diverged or {})
    runs, course, layers = [], [], []
    for variant in study.variants:
        for seed in study.seeds:
            key: dict[str, Any] = {
                "experiment": "base",
                "variant": variant.name,
                "seed": seed,
                "run_id": f"{variant.name}-{seed}",
            }
            whole = _course(variant.initializer, variant.name, seed, epochs, classes)
            own = _lose(whole, lost.get((variant.name, seed)))
            course.append(own.assign(**key))
            runs.append(key | _last(own, variant.initializer, seed, classes))
            layers.append(_layers(variant, seed, widths).assign(**key))
    frames = (pd.DataFrame(runs), pd.concat(course), pd.concat(layers))
    orders = (["seed"], ["seed", "epoch"], ["seed", "moment", "layer"])
    keys = ["experiment", "variant", "seed", "run_id"]
    names = [variant.name for variant in study.variants]
    tidy = [_tidy(f, names, keys, order) for f, order in zip(frames, orders, strict=True)]
    return Results(study, tidy[0], tidy[1], tidy[2], _provenance(study))


def _tidy(frame: pd.DataFrame, names: list[str], keys: list[str], order: list[str]) -> pd.DataFrame:
    frame["variant"] = pd.Categorical(frame["variant"], categories=names, ordered=True)
    frame = frame[keys + [column for column in frame.columns if column not in keys]]
    return frame.sort_values(["experiment", "variant", *order]).reset_index(drop=True)


def _generator(name: str, seed: int, purpose: int) -> np.random.Generator:
    return np.random.default_rng([seed, purpose, *name.encode()])


def _course(initializer: str, name: str, seed: int, epochs: int, classes: int) -> pd.DataFrame:
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


def _lose(course: pd.DataFrame, epoch: int | None) -> pd.DataFrame:
    """The course up to the epoch in which the run diverges, whose accuracies are still numbers."""
    if epoch is None:
        return course
    course.loc[course["epoch"] == epoch, ["loss", "val_loss"]] = np.nan
    course.loc[course["epoch"] == epoch, ["accuracy", "val_accuracy"]] = 0.098
    return course[course["epoch"] <= epoch]


def _last(course: pd.DataFrame, initializer: str, seed: int, classes: int) -> dict[str, object]:
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


def _layers(variant: studies.Variant, seed: int, widths: Sequence[int]) -> pd.DataFrame:
    draw = _generator(variant.name, seed, 3)
    still = not SCHEMES[variant.initializer].random
    rows = []
    for layer, (fan_in, fan_out) in enumerate(pairwise(widths), start=1):
        sd = standard_deviation(variant.initializer, variant.parameters, fan_in, fan_out) or 0.0
        sampled = sd * (1 + draw.standard_normal() / np.sqrt(2 * fan_in * fan_out))
        bias = 0.4 if layer == len(widths) - 1 else (0.0 if still else 0.2)
        for moment, growth, offset in (("initial", 1.0, 0.0), ("final", 1.2, bias)):
            rows.append(
                {
                    "moment": moment,
                    "layer": layer,
                    "fan_in": fan_in,
                    "fan_out": fan_out,
                    "kernel_mean": 0.0,
                    "kernel_sd": sampled * growth,
                    "kernel_max_abs": 3 * sampled * growth,
                    "bias_max_abs": offset,
                }
            )
    frame = pd.DataFrame(rows)
    frame["moment"] = pd.Categorical(frame["moment"], ["initial", "final"], ordered=True)
    return frame


def _provenance(study: Study) -> dict[str, object]:
    return {
        "study": study.model_dump(mode="json"),
        "dataset": {"name": study.dataset, "sha256": "0" * 64, "test samples": 10_000},
        "commit": None,
        "engine_version": 1,
        "trained_with": {"python": "3.12.0", "tensorflow": "2.21.0", "cores": "2"},
        "rendered_with": {"pandas": "3.1.1", "matplotlib": "3.11.0"},
        "run_ids": ["a", "b"],
    }
