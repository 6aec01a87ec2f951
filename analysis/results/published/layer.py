"""Published results as a layer below a store: a run that is there need not be trained."""

import functools
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd

from analysis.plan.result import Record
from analysis.plan.run import Curves, Run
from analysis.plan.work import Done
from analysis.results.frames import MEASURED_IN, POINT, Results
from analysis.results.published import archive, manifest

NAMES = ["experiment", "variant", "seed", "moment"]
POINTS = "points"
"""Column of how many points an epoch has in a curve: two experiments may draw one run unlike."""
UNIQUE = {table: ["run_id", *unique] for table, (_, unique) in MEASURED_IN.items()}
UNIQUE |= {"curves": ["run_id", POINTS, "progress"]}
"""What makes a row of a table unique, whatever the names of its run."""


class Layer:
    """The runs of a folder of published results, which are read when they are first asked for.

    Where nothing is published, there are none. Raises StoreError as `archive.read` does.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder

    @functools.cached_property
    def _read(self) -> tuple[Results, Sequence[Run]] | None:
        return archive.with_runs(self.path) if manifest.read(self.path) else None

    @property
    def results(self) -> Results | None:
        """Return all that is published, or None where nothing is."""
        return self._read[0] if self._read else None

    @property
    def environment(self) -> Mapping[str, str]:
        """Return what the runs were trained with; where several were, their names are joined."""
        trained = self.results.provenance.get("trained_with") if self.results else None
        return dict(trained) if isinstance(trained, Mapping) else {}

    def recorded(self, what: str, runs: Sequence[Run]) -> dict[str, Sequence[str]]:
        """Return what is recorded under a key of the experiments of runs, of those where it is.

        The key is one of `archive.BY_EXPERIMENT`.
        """
        known = self.results.provenance.get(what) if self.results else None
        names = {run.experiment for run in runs}
        found = known if isinstance(known, Mapping) else {}
        return {name: days for name, days in found.items() if name in names}

    @property
    def commit(self) -> str | None:
        """Return the commit that has published them, if it is known."""
        known = self.results.provenance.get("published_commit") if self.results else None
        return str(known) if known else None

    @functools.cached_property
    def _rows(self) -> Sequence[tuple[Run, Mapping[Any, Any]]]:
        """Each row of the runs with the run that it is of. A run of another engine is none."""
        if self._read is None:
            return ()
        results, runs = self._read
        planned = {(run.experiment, run.point, run.variant, run.seed): run for run in runs}
        names = ["experiment", POINT, "variant", "seed"]
        rows = results.runs.to_dict("records")
        both = ((planned[tuple(row[name] for name in names)], row) for row in rows)
        return tuple((run, row) for run, row in both if run.id == row["run_id"])

    @functools.cached_property
    def _known(self) -> Mapping[str, Done]:
        """What is published of each run, whatever its names."""
        found: dict[str, Done] = {}
        for run, row in self._rows:
            lost = None if pd.isna(row["diverged_epoch"]) else int(row["diverged_epoch"])
            end = int(row["epochs"])
            curves = frozenset((points, end) for points, _ in run.asked.curves)
            own = Done(end, lost, run.asked.until(lost), curves=curves)
            found[run.id] = _both(found[run.id], own) if run.id in found else own
        return found

    def records(self) -> list[Record]:
        """Return what is told of all runs, which were trained elsewhere."""
        return [
            Record(
                run.id, run.settings, known.epochs, known.measurements,
                row["train_s"], 0.0, row["compile_s"], here=False,
            )
            for run, row in self._rows
            for known in (self._known[run.id],)
        ]  # fmt: skip

    def done(self, runs: Sequence[Run]) -> dict[str, Done]:
        """Return what is published of these runs, by their identity."""
        return {run.id: self._known[run.id] for run in runs if run.id in self._known}

    def frame(self, table: str, runs: Sequence[Run]) -> pd.DataFrame:
        """Return these runs' rows of a table as a store has them, those of `steps` apart."""
        return _of(self._tables[table], runs)

    def curves(self, runs: Sequence[Run], points: int) -> pd.DataFrame:
        """Return the training loss of these runs at so many points an epoch, as published."""
        curves = self._tables["curves"]
        return _of(curves[curves[POINTS] == points], runs).drop(columns=POINTS)

    def first_steps(self, runs: Sequence[Run], count: int) -> pd.DataFrame:
        """Return the training loss of so many first steps, of as many as are published."""
        steps = self._tables["first_steps"]
        return _of(steps[steps["step"] <= count], runs)

    @functools.cached_property
    def _tables(self) -> Mapping[str, pd.DataFrame]:
        """The tables of a store: of a run that has several names, all that is known under any."""
        results = self.results
        assert results is not None, "asked for rows of runs that are not there"
        frames = {name: getattr(results, name) for name in UNIQUE}
        frames["curves"] = self._with_points(results.curves)
        tables = {name: _raw(frames[name], unique) for name, unique in UNIQUE.items()}
        longest = results.runs.sort_values("epochs", kind="stable")
        runs = longest.drop_duplicates("run_id", keep="last").reset_index(drop=True)
        trained = tables["epochs"].groupby("run_id")["train_s"].sum()
        within = runs["run_id"].map(trained).fillna(0.0)
        return tables | {"runs": runs.assign(begin_s=runs["train_s"] - within)}

    def _with_points(self, curves: pd.DataFrame) -> pd.DataFrame:
        """Curves with the points an epoch that the experiment of each row draws of its run."""
        drawn = {
            (run.experiment, run.id): points
            for run, _ in self._rows
            for points, _ in run.asked.curves
        }
        names = zip(curves["experiment"], curves["run_id"], strict=True)
        return curves.assign(**{POINTS: [drawn.get(each, 0) for each in names]})


def _both(one: Done, other: Done) -> Done:
    """What is known of a run from two of its names."""
    longer = max(one, other, key=lambda done: done.epochs)
    curves: Curves = (one.curves or frozenset()) | (other.curves or frozenset())
    return replace(longer, measurements=one.measurements | other.measurements, curves=curves)


def _raw(frame: pd.DataFrame, unique: list[str]) -> pd.DataFrame:
    """The rows by run alone; what one of its names has not measured, another may have."""
    own = frame.drop(columns=frame.columns.intersection(NAMES))
    return own.groupby(unique, sort=False, as_index=False).first()


def _of(table: pd.DataFrame, runs: Sequence[Run]) -> pd.DataFrame:
    return table[table["run_id"].isin({run.id for run in runs})].reset_index(drop=True)
