"""Which stored runs are nearest to those that are asked for."""

from dataclasses import fields, replace
from typing import Any

import pytest

from analysis.plan.changes.cells import Cell, cell, nearest
from analysis.plan.run import Convolution, Optimization, Rows, RunInitializer, RunSettings
from tests.analysis.plan.test_run import SETTINGS

OTHER: dict[str, Any] = {
    "dataset_digest": "ff00",
    "rows": Rows(24000, 45000, 6000, 4000),
    "hidden": (64,),
    "activation": "tanh",
    "kernel": RunInitializer("HeNormal", ()),
    "output_kernel": RunInitializer("HeNormal", ()),
    "bias": RunInitializer("Zeros", ()),
    "loss": "another",
    "optimization": Optimization("SGD", (("learning_rate", 1.0),), 64),
    "engine": 2,
    "normalization": "layer",
    "branch": 0.5,
    "dropout": 0.1,
    "convolution": (Convolution(4, 5, 1),),
    "kernel_seed": "shared",
    "bias_fans": "kernel",
}
"""Another value of each field of a run's settings, but for its seed."""
OWN = cell(SETTINGS)


@pytest.mark.parametrize("name", [each.name for each in fields(RunSettings) if each.name != "seed"])
def test_whatever_identifies_a_run_but_its_seed_tells_its_cell(name: str) -> None:
    """A new setting that no cell knows of would never be told as a reason."""
    assert cell(replace(SETTINGS, **{name: OTHER[name]})) != OWN


def test_a_seed_is_none_of_a_cells() -> None:
    """Runs that differ in it alone are one."""
    assert cell(replace(SETTINGS, seed=99)) == OWN


def varied(**values: Any) -> Cell:
    """Return the cell of the settings with other values."""
    return OWN._replace(**values)


HALF, DOUBLE = varied(batch_size=32), varied(batch_size=128)
DEEP = varied(hidden=(8, 8), activation="tanh")
FAR = varied(hidden=(8, 8), activation="tanh", batch_size=32, loss="another")
SEEDS = {0, 1}


@pytest.mark.parametrize(
    ("stored", "here", "elsewhere", "found"),
    [
        ({}, [], {}, None),
        ({FAR: SEEDS}, [], {}, None),
        ({FAR: SEEDS, DEEP: SEEDS}, [], {}, DEEP),
        ({DEEP: SEEDS, DOUBLE: SEEDS}, [], {}, DOUBLE),
        ({DOUBLE: {0}, HALF: SEEDS}, [], {}, HALF),
        ({DOUBLE: SEEDS, HALF: SEEDS}, [HALF], {}, DOUBLE),
        ({DOUBLE: SEEDS, HALF: SEEDS}, [], {HALF: SEEDS}, DOUBLE),
        ({DOUBLE: SEEDS, HALF: {0, 1, 2}}, [], {HALF: SEEDS}, HALF),
        ({DOUBLE: SEEDS, varied(batch_size=100): SEEDS}, [], {}, varied(batch_size=100)),
        ({DOUBLE: SEEDS}, [], {DOUBLE: SEEDS}, DOUBLE),
        ({DEEP: SEEDS}, [], {DEEP: SEEDS}, None),
        ({DEEP: SEEDS}, [DEEP], {DEEP: SEEDS}, DEEP),
        ({OWN: {5}}, [], {}, OWN),
        ({OWN: {5}, DOUBLE: SEEDS}, [], {}, DOUBLE),
        ({OWN: {0, 5}, DOUBLE: {5}}, [], {}, OWN),
    ],
)
def test_the_nearest_differs_least(
    stored: dict[Cell, set[int]],
    here: list[Cell],
    elsewhere: dict[Cell, set[int]],
    found: Cell | None,
) -> None:
    """In fields, then in seeds, then it is one that nobody asks for any more, then in numbers."""
    assert nearest(OWN, SEEDS, stored, here, elsewhere) == found
