"""Whether a run trained anew has the numbers that are known of it, and what differs if not."""

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.errors import counted
from analysis.results.published import csvtext
from report.words.metrics import metric
from report.words.numbers import SPACE, magnitude, with_unit

Tables = Mapping[str, pd.DataFrame]
Floats = npt.NDArray[np.float64]
KEYS: Mapping[str, tuple[str, ...]] = {
    "epochs": ("epoch",),
    "steps": ("epoch",),
    "layers": ("progress", "layer"),
    "histograms": ("progress", "layer", "quantity"),
}
"""Tables of what was measured within a run, and what makes a row unique there."""
APART = ["run_id", "train_s"]
"""Columns that say nothing of the network: its name, and what the clock told."""
OPTIONAL = ("layers", "histograms")
"""Tables in which a study leaves empty what others have measured."""
FIRST = 10
"""Steps whose losses are told of apart: rounding has hardly grown in them."""


@dataclass(frozen=True)
class Likeness:
    """How many rows of each table were compared, and what differs, a line each."""

    compared: Mapping[str, int]
    differences: tuple[str, ...]


def compare(anew: Tables, known: Tables, *, rounded: bool = False) -> Likeness:
    """Return how two measurements of a run compare, in what both have.

    Each has "runs", with `epochs` and `diverged_epoch`, and tables of KEYS as a store has them,
    without rows of other runs. Where what is known is `rounded` to ten digits, what is new is
    rounded likewise; else every bit counts.
    """
    compared: dict[str, int] = {}
    differences = [*_ends(anew["runs"], known["runs"])]
    for name in (each for each in KEYS if each in known):
        here, there = (_by_row(tables[name], KEYS[name]) for tables in (anew, known))
        rows = here.index.intersection(there.index)
        if rows.empty:
            continue
        for column in here.columns.intersection(there.columns):
            own, other = (_numbers(frame.loc[rows, column]) for frame in (here, there))
            compared[name] = len(own) if name == "steps" else len(rows)
            if rounded:
                own = np.array([float(csvtext.number(each)) for each in own.tolist()])
            if name in OPTIONAL:
                both = ~(np.isnan(own) | np.isnan(other))
                own, other = own[both], other[both]
            if not np.array_equal(own, other, equal_nan=True):
                differences += _told(name, str(column), own, other)
    return Likeness(compared, tuple(differences))


def _ends(anew: pd.DataFrame, known: pd.DataFrame) -> Iterator[str]:
    """Tell of a divergence in an epoch that the other has gone through."""
    (here, lost_here), (there, lost_there) = (_end(runs) for runs in (anew, known))
    if lost_here != lost_there and (lost_here <= there or lost_there <= here):
        words = (
            f"diverged in epoch {lost:g}" if math.isfinite(lost) else "did not diverge"
            for lost in (lost_here, lost_there)
        )
        yield "divergence: {} here, {} there".format(*words)


def _end(runs: pd.DataFrame) -> tuple[int, float]:
    """The epochs of a run, and the one in which it diverged, infinite if in none."""
    row = runs.iloc[0]
    return int(row["epochs"]), math.inf if pd.isna(row["diverged_epoch"]) else row["diverged_epoch"]


def _by_row(frame: pd.DataFrame, keys: tuple[str, ...]) -> pd.DataFrame:
    """A table without what says nothing of the network, each row once, by its keys."""
    own = frame.drop(columns=frame.columns.intersection(APART))
    return own.groupby(list(keys), observed=True).first()


def _numbers(column: pd.Series) -> Floats:
    """All numbers of a column, those of lists one after the other."""
    if column.name == "losses":
        return np.concatenate([np.frombuffer(kept, "<f4") for kept in column]).astype(np.float64)
    if column.name == "shares":
        return np.concatenate([np.asarray(json.loads(text), np.float64) for text in column])
    return column.to_numpy(dtype=np.float64)


def _told(table: str, column: str, own: Floats, other: Floats) -> Iterator[str]:
    """Tell the largest difference in a column, which the two do not share."""
    about = metric(column)
    if table == "steps":
        first = _gap(own[:FIRST], other[:FIRST], "nats")
        yield f"loss of the first {counted(FIRST, 'step')}: {first}"
        yield f"loss of any step: {_gap(own, other, 'nats')}"
    elif table == "epochs":
        unit = "percentage points" if about.unit == "%" else about.unit
        own, other = about.factor * own, about.factor * other
        last = _gap(own[-1:], other[-1:], unit)
        yield f"{about.name}: {last} in the last epoch, {_gap(own, other, unit)} in any"
    else:
        size = float(np.max(np.abs(other), initial=0.0)) or 1.0
        yield f"{about.name}: {_gap(own / size, other / size)} of the largest"


def _gap(own: Floats, other: Floats, unit: str = "") -> str:
    """The largest difference, in three digits; where only one is finite, that."""
    if own.shape != other.shape or (np.isfinite(own) != np.isfinite(other)).any():
        return "finite in one only"
    finite = np.isfinite(own)
    largest = float(np.max(np.abs(own[finite] - other[finite]), initial=0.0))
    return with_unit(magnitude(largest), unit).replace(SPACE, " ")
