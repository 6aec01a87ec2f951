"""A data set and a study so small that a network is trained on them in milliseconds."""

from pathlib import Path

import numpy as np

from analysis import dataset, plan
from analysis import study as studies
from analysis.plan import Run
from analysis.study import Study

CLASSES, FEATURES, TRAIN, TEST = 3, 6, 200, 60


def write_npz(path: Path, seed: int = 0) -> Path:
    """Write three separable clouds of points as an .npz data set; return its path."""
    draw = np.random.default_rng(seed)
    labels = draw.integers(0, CLASSES, TRAIN + TEST).astype(np.uint8)
    centres = draw.normal(size=(CLASSES, FEATURES))
    rows = (centres[labels] + 0.3 * draw.normal(size=(TRAIN + TEST, FEATURES))).astype(np.float32)
    np.savez(
        path,
        x_train=rows[:TRAIN], y_train=labels[:TRAIN], x_test=rows[TRAIN:], y_test=labels[TRAIN:],
    )  # fmt: skip
    return path


def write_study(folder: Path, seeds: int = 2, epochs: int = 2) -> Path:
    """Write a tiny study and its data into `folder`; return the path of the study."""
    data = write_npz(folder / "tiny.npz")
    path = folder / "tiny.toml"
    path.write_text(
        f"""
title = "Tiny"
dataset = '{data}'
seeds = {seeds}
variants = [
  {{ name = "Zeros", initializer = "Zeros" }},
  {{ name = "HeNormal", initializer = "HeNormal" }},
]
[network]
hidden = [8]
activation = "relu"
[training]
optimizer = {{ name = "Adam", learning_rate = 0.01 }}
loss = "sparse_categorical_crossentropy"
batch_size = 32
epochs = {epochs}
validation_split = 0.2
""",
        encoding="utf-8",
    )
    return path


def planned(path: Path) -> tuple[Study, tuple[Run, ...]]:
    """Return the study of a file and its runs."""
    study = studies.load(path)
    return study, plan.runs(study, dataset.describe(study.dataset))
