"""Small data sets and plans for the tests of the compute rooms."""

import functools
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from analysis.data import dataset
from analysis.plan import planning, run
from analysis.study.file import build_study
from analysis.study.network import Network

TRAIN_ROWS, TEST_ROWS = 2000, 500
SPLIT = 0.2
"""Of 2,000 rows, 1,600 are trained on and 400 are held out."""

HE = {"name": "HeNormal", "initializer": "HeNormal"}
GLOROT = {"name": "GlorotNormal", "initializer": "GlorotNormal"}
ZEROS = {"name": "Zeros", "initializer": "Zeros"}
ADAM = {"name": "Adam", "learning_rate": 0.001}
MOMENTUM = {"name": "SGD", "learning_rate": 0.01, "momentum": 0.9}

Arrays = dict[str, npt.NDArray[Any]]


@functools.cache
def mnist() -> dataset.Dataset:
    """Return the whole of MNIST, read once."""
    return dataset.load("mnist")


def first_rows() -> Arrays:
    """Return the first rows of MNIST by the names of an .npz: images (rows, 28, 28) as uint8."""
    data = mnist()
    return {
        "x_train": data.x_train[:TRAIN_ROWS].reshape(-1, 28, 28),
        "y_train": data.y_train[:TRAIN_ROWS],
        "x_test": data.x_test[:TEST_ROWS].reshape(-1, 28, 28),
        "y_test": data.y_test[:TEST_ROWS],
    }


def save(path: Path, arrays: Mapping[str, npt.NDArray[Any]]) -> str:
    """Write an .npz and return its name, as a study gives it."""
    np.savez(path, allow_pickle=False, **arrays)
    return str(path)


def runs(
    data: str,
    *variants: Mapping[str, object],
    seeds: list[int] | None = None,
    hidden: tuple[int, ...] = (128, 64),
    **words: Any,
) -> tuple[run.Run, ...]:
    """Return the runs of a study over `data`; by default He with Adam, 2 epochs, batches of 64.

    Other `words` are of the network or of its training.
    """
    network = {key: words.pop(key) for key in words.keys() & Network.model_fields.keys()}
    tables = {
        "title": "Small",
        "dataset": data,
        "seeds": seeds or [0],
        "network": {"hidden": hidden, "activation": "relu", **network},
        "training": {
            "optimizer": ADAM,
            "loss": "sparse_categorical_crossentropy",
            "batch_size": 64,
            "epochs": 2,
            "validation_split": SPLIT,
            **words,
        },
        "variants": variants or (HE,),
    }
    study = build_study(tables, "small.toml")
    return planning.runs(study, planning.data(study))
