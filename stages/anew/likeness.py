"""What two measurements of one run have in common, number by number."""

import json
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.results.frames import ENDS, MEASURED_IN, Results
from analysis.results.published import csvtext

Tables = Mapping[str, pd.DataFrame]
Floats = npt.NDArray[np.float64]
KEYS: Mapping[str, tuple[str, ...]] = {
    "runs": (),
    "epochs": ("epoch",),
    "steps": ("epoch",),
    **{name: unique for name, (_, unique) in MEASURED_IN.items()},
}
"""Tables of what was measured within a run, and what makes a row unique there.

Those of a store hold the losses of every step, those of results the few that are published.
"""
APART = ["experiment", "variant", "seed", "run_id", "moment", "train_s"]
"""Columns that say nothing of the network: its names, and what the clock told."""
OPTIONAL = ("layers", "histograms")
"""Tables in which a study leaves empty what others have measured."""
Divergence = tuple[float, float]


@dataclass(frozen=True)
class Column:
    """A column of a table in two measurements, over the rows that both have.

    `own` and `other` are its numbers, (n,); those of a list stand one after the other. `places` has
    the first of the KEYS of each: an epoch, a step, or how many epochs were done.
    """

    table: str
    name: str
    places: Floats
    own: Floats
    other: Floats

    @property
    def equal(self) -> bool:
        """Tell whether the two are the same to the last bit; none where both have none."""
        return np.array_equal(self.own, self.other, equal_nan=True)

    @property
    def gaps(self) -> Floats:
        """Return how far apart the two are, by number; infinite where one alone is finite."""
        if self.own.shape != self.other.shape:
            return np.array([math.inf])
        finite = np.isfinite(self.own) & np.isfinite(self.other)
        same = (self.own == self.other) | (np.isnan(self.own) & np.isnan(self.other))
        with np.errstate(invalid="ignore"):
            apart = np.where(finite, np.abs(self.own - self.other), math.inf)
        return np.where(same, 0.0, apart)

    def at(self, wanted: npt.NDArray[np.bool_]) -> "Column":
        """Return the numbers at some places alone."""
        own, other = self.own[wanted], self.other[wanted]
        return Column(self.table, self.name, self.places[wanted], own, other)


@dataclass(frozen=True)
class Likeness:
    """All columns that both have, and how many rows of each table were compared.

    `divergence` is the epoch in which either diverged, infinite for none, where they differ in it.
    """

    columns: tuple[Column, ...]
    compared: Mapping[str, int]
    divergence: Divergence | None = None

    @property
    def differing(self) -> tuple[Column, ...]:
        """Return the columns that are not the same in both."""
        return tuple(each for each in self.columns if not each.equal)

    @property
    def equal(self) -> bool:
        """Tell whether nothing differs."""
        return not self.differing and self.divergence is None


def of(results: Results, run: str, experiment: str | None = None) -> dict[str, pd.DataFrame]:
    """Return what results have of a run, by its identity: under all of its names, or under one.

    Of several, the ends are those of the longest.
    """
    found = {}
    for name in ("runs", *MEASURED_IN):
        frame: pd.DataFrame = getattr(results, name)
        own = frame[frame["run_id"] == run]
        found[name] = own if experiment is None else own[own["experiment"] == experiment]
    found["runs"] = found["runs"].sort_values("epochs", ascending=False, kind="stable").head(1)
    return found


def compare(anew: Tables, known: Tables, *, rounded: bool = False) -> Likeness:
    """Return how two measurements of a run compare, in what both have.

    Each has "runs", with `epochs` and `diverged_epoch`, and tables of KEYS, as a store or as
    results have them, without rows of other runs. Where what is known is `rounded` to ten digits,
    what is new is rounded likewise; else every bit counts.
    """
    compared: dict[str, int] = {}
    columns: list[Column] = []
    for name in (each for each in KEYS if each in known and each in anew):
        here, there = (_by_row(tables[name], name) for tables in (anew, known))
        rows = here.index.intersection(there.index)
        if rows.empty:
            continue
        for column in here.columns.intersection(there.columns):
            places, own = _numbers(here.loc[rows, column])
            _, other = _numbers(there.loc[rows, column])
            if name != "runs":
                compared[name] = len(own) if name == "steps" else len(rows)
            if rounded:
                own = np.array([float(csvtext.number(each)) for each in own.tolist()])
            both = Column(name, str(column), places, own, other)
            if name in OPTIONAL:
                both = both.at(~(np.isnan(own) | np.isnan(other)))
            columns.append(both)
    return Likeness(tuple(columns), compared, _divergence(anew["runs"], known["runs"]))


def _divergence(anew: pd.DataFrame, known: pd.DataFrame) -> Divergence | None:
    """Return the epochs of divergence where they differ, and the other has gone through one."""
    (here, lost_here), (there, lost_there) = (_end(runs) for runs in (anew, known))
    if lost_here != lost_there and (lost_here <= there or lost_there <= here):
        return lost_here, lost_there
    return None


def _end(runs: pd.DataFrame) -> tuple[int, float]:
    """The epochs of a run, and the one in which it diverged, infinite if in none."""
    row = runs.iloc[0]
    return int(row["epochs"]), math.inf if pd.isna(row["diverged_epoch"]) else row["diverged_epoch"]


def _by_row(frame: pd.DataFrame, name: str) -> pd.DataFrame:
    """A table without what says nothing of the network, each row once, by its keys.

    Of a run that is how it ended, by its epochs: of another number of them the ends are others.
    """
    if name == "runs":
        return frame[["epochs", *frame.columns.intersection(ENDS)]].set_index("epochs")
    own = frame.drop(columns=frame.columns.intersection(APART))
    return own.groupby(list(KEYS[name]), observed=True).first()


def _numbers(column: pd.Series) -> tuple[Floats, Floats]:
    """All numbers of a column, those of lists one after the other, behind the places of them."""
    first = column.index.get_level_values(0).to_numpy(dtype=np.float64)
    if column.name in ("losses", "shares"):
        parts = [*_lists(column)]
        places = np.repeat(first, [len(part) for part in parts])
        return places, np.concatenate(parts) if parts else np.array([])
    return first, column.to_numpy(dtype=np.float64)


def _lists(column: pd.Series) -> Iterator[Floats]:
    for kept in column:
        if column.name == "losses":
            yield np.frombuffer(kept, "<f4").astype(np.float64)
        else:
            yield np.asarray(json.loads(kept), np.float64)
