"""What is told of two measurements of a run: which columns differ, and by how much at most."""

import math
from collections.abc import Iterator, Mapping

import numpy as np

from analysis.errors import counted
from analysis.plan.provenance import INSTRUCTIONS, TRAINED_BY
from report.words.metrics import metric
from report.words.numbers import SPACE, magnitude, with_unit
from stages.anew.likeness import Column, Likeness

THINGS = {
    "epochs": "epoch", "steps": "step", "layers": "measured layer", "histograms": "histogram",
    "curves": "point of the curve", "first_steps": "first step",
}  # fmt: skip
PLURALS = {"point of the curve": "points of the curve"}
FIRST = 10
"""Steps whose losses are told of apart: rounding has hardly grown in them."""


def extent(likeness: Likeness) -> str:
    """Return how much was compared: "2 epochs, 10 steps"."""
    told = []
    for name, count in likeness.compared.items():
        thing = THINGS[name]
        several = count != 1 and thing in PLURALS
        told.append(f"{count:,} {PLURALS[thing]}" if several else counted(count, thing))
    return ", ".join(told) or "no row in common"


def differences(likeness: Likeness) -> Iterator[str]:
    """Yield a line for each thing that differs, with the largest difference in it."""
    if likeness.divergence is not None:
        words = (
            f"diverged in epoch {lost:g}" if math.isfinite(lost) else "did not diverge"
            for lost in likeness.divergence
        )
        yield "divergence: {} here, {} there".format(*words)
    for column in likeness.differing:
        yield from _told(column)


def _told(column: Column) -> Iterator[str]:
    about, gaps = metric(column.name), column.gaps
    if column.table in ("steps", "first_steps"):
        yield f"loss of the first {counted(FIRST, 'step')}: {_gap(gaps[:FIRST], 'nats')}"
        yield f"loss of any step: {_gap(gaps, 'nats')}"
    elif column.table in ("epochs", "runs"):
        unit = "percentage points" if about.unit == "%" else about.unit
        gaps = about.factor * gaps
        name = about.name if column.table == "epochs" else f"{about.name}, as in runs.csv"
        yield f"{name}: {_gap(gaps[-1:], unit)} in the last epoch, {_gap(gaps, unit)} in any"
    else:
        size = float(np.max(np.abs(column.other), initial=0.0)) or 1.0
        yield f"{about.name}: {_gap(gaps / size)} of the largest"


def _gap(gaps: "np.ndarray", unit: str = "") -> str:
    """The largest difference, in three digits; where only one is finite, that."""
    largest = float(np.max(gaps, initial=0.0))
    if not math.isfinite(largest):
        return "finite in one only"
    return with_unit(magnitude(largest), unit).replace(SPACE, " ")


def spelled(environment: Mapping[str, str]) -> str:
    """Name a machine, the versions on it and, where it is recorded, what its processor can do."""
    machine = [environment.get(name, "unknown") for name in ("processor", "system")]
    versions = [f"{name} {environment.get(name, 'unknown')}" for name in ("python", *TRAINED_BY)]
    able = [environment[INSTRUCTIONS]] if INSTRUCTIONS in environment else []
    return ", ".join([*machine, *versions, *able])
