"""What the evidence and the report read: the measurements of one study as tidy frames."""

import dataclasses
import functools
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import get_type_hints

import numpy as np
import pandas as pd

from analysis.data.dataset import Description
from analysis.plan.result import EpochMetrics, Histogram, LayerStatistics
from analysis.plan.run import Run
from analysis.results.cache import digest
from analysis.study.model import Settings, Study

MOMENTS = ("initial", "during", "final")
FIRST_STEPS = 20
"""Steps of a run, on whole batches of its first epoch, whose losses are kept apart."""
KEYS = ["experiment", "variant", "seed", "run_id"]
POINT = "point"
METRICS = ("loss", "accuracy", "val_loss", "val_accuracy", "test_loss", "test_accuracy")
ENDS = ["train_loss", "train_accuracy", "val_loss", "val_accuracy", "test_loss", "test_accuracy"]
OF_ENDS: dict[str, tuple[str, ...]] = {
    "status": ("str",), "diverged_epoch": ("Int64",), "epochs": ("int64",),
    **dict.fromkeys([*ENDS, "train_s", "compile_s"], ("float64",)),
}  # fmt: skip
"""Columns of runs that tell how they ended, with their dtypes."""
DTYPES: dict[object, tuple[str, ...]] = {
    int: ("int64",), int | None: ("float64", "int64"),
    float: ("float64",), float | None: ("float64",),
}  # fmt: skip
"""Those of a field of what was measured; where a whole number may lack, it is one of floats."""
MEASURED_IN: dict[str, tuple[Mapping[str, object], tuple[str, ...]]] = {
    "epochs": (get_type_hints(EpochMetrics), ("epoch",)),
    "curves": ({"progress": float, "loss": float}, ("progress",)),
    "layers": (get_type_hints(LayerStatistics), ("progress", "layer")),
    "histograms": (get_type_hints(Histogram), ("progress", "layer", "quantity")),
    "first_steps": ({"step": int, "loss": float}, ("step",)),
}
"""Tables of what was measured within runs: their fields, and what makes a row unique in its run."""
TABLES = ("runs", *MEASURED_IN)


@dataclass(frozen=True)
class Results:
    """What has been measured of one study, in tidy frames sorted by experiment, variant and seed.

    Every frame starts with experiment, variant, seed and run_id. `variant` is an ordered
    categorical in the study's order. Losses are in nats, accuracies are fractions, times are in
    seconds; what a run has not measured, or did not reach because it diverged, is NaN.

    data: what every data set is, by the name that the study gives it; the data need not be there.
    runs: point (the place in the experiment's sweep, from 0: `study.experiments[…].points[point]`),
    depth (hidden layers), width (of the first dense one), activation, optimizer, learning_rate (of
    the run's settings), one column for every other swept key (such as stddev), status,
    diverged_epoch, epochs, train_loss, train_accuracy, val_loss, val_accuracy (all four of the last
    epoch), test_loss, test_accuracy, train_s, compile_s.
    epochs: epoch, loss, accuracy, val_loss, val_accuracy, test_loss, test_accuracy, train_s.
    curves: progress (epochs done), loss (mean over the stretch that ends there).
    layers: moment ("initial", "during" or "final"), progress, layer, and the columns of
    `plan.result.LayerStatistics`. histograms: likewise, those of `plan.result.Histogram`.
    first_steps: step (from 1), loss (of its batch, before the step): those of `FIRST_STEPS`.
    """

    study: Study
    data: Mapping[str, Description]
    runs: pd.DataFrame
    epochs: pd.DataFrame
    curves: pd.DataFrame
    layers: pd.DataFrame
    histograms: pd.DataFrame
    first_steps: pd.DataFrame
    provenance: Mapping[str, object]

    @functools.cached_property
    def digest(self) -> str:
        """Return the digest of the study and of all that was measured, whoever measured it."""
        tables = (_digest(getattr(self, name)) for name in TABLES)
        return digest(self.study.model_dump_json(), str(self.data), *tables)

    def csv(self, table: str) -> str:
        """Return a table as CSV in full: reading it back gives the same values."""
        frame: pd.DataFrame = getattr(self, table)
        return frame.to_csv(index=False, lineterminator="\n")

    def of(self, experiment: str) -> "Results":
        """Return what is known of one experiment and of no other; all where it has none.

        What follows from it can change with the runs and the settings of that experiment alone,
        and with which variants the whole study has, in their order.
        """
        if experiment not in self._parts:
            self._parts[experiment] = self._part(experiment)
        return self._parts[experiment]

    def _part(self, experiment: str) -> "Results":
        known = experiment in self.study.experiments
        if not known or not (self.runs["experiment"] == experiment).any():
            return self
        study = self.study.of(experiment)
        points = study.experiments[experiment].points
        data = {name: self.data[name] for name in {p.settings.dataset.name: 0 for p in points}}
        frames = {name: _rows_of(getattr(self, name), experiment) for name in TABLES}
        return Results(study, data, **frames, provenance={})

    @functools.cached_property
    def _parts(self) -> "dict[str, Results]":
        return {}

    def __getstate__(self) -> dict[str, object]:
        """Return what another process is sent: nothing that it can find out itself."""
        return {each.name: getattr(self, each.name) for each in dataclasses.fields(self)}


def _digest(frame: pd.DataFrame) -> str:
    """Return the digest of a table's columns: names, dtypes and values, in the order of its rows.

    It is taken of the numbers as they are held, since to write them takes a quarter of a second.
    """
    parts = list[str | bytes]()
    for name, column in frame.items():
        values, kind = column, str(column.dtype)
        if isinstance(column.dtype, pd.CategoricalDtype):
            parts.append(json.dumps(column.cat.categories.tolist()))
            values = column.cat.codes
        numbers = isinstance(values.dtype, np.dtype) and values.dtype.kind in "iufb"
        held = values.to_numpy().tobytes() if numbers else json.dumps(values.tolist(), default=str)
        parts += [str(name), kind, held]
    return digest(*parts)


def _rows_of(frame: pd.DataFrame, experiment: str) -> pd.DataFrame:
    """Return the rows of one experiment, whose categories are those that it has."""
    own = frame[frame["experiment"] == experiment].reset_index(drop=True)
    for name in ("experiment", "variant"):
        if isinstance(own[name].dtype, pd.CategoricalDtype):
            own[name] = own[name].cat.remove_unused_categories()
    return own


def named_runs(study: Study, planned: Sequence[Run]) -> pd.DataFrame:
    """Return one row a planned run: its names, its place in the sweep, and what it was set to."""
    frame = pd.DataFrame(
        {
            "experiment": run.experiment,
            "variant": run.variant,
            "seed": run.seed,
            "run_id": run.id,
            POINT: run.point,
            "depth": run.settings.depth,
            "width": run.settings.hidden[0],
            "activation": run.settings.activation,
            "optimizer": optimizer.name,
            "learning_rate": optimizer.parameters["learning_rate"],
            **run.coordinates,
        }
        for run in planned
        for optimizer in (settings_of(study, run).training.optimizer,)
    )
    for name, values in categories(study).items():
        if name in frame:
            frame[name] = pd.Categorical(frame[name], values, ordered=True)
    return frame


def full_steps(run: Run) -> int:
    """Return the steps of an epoch that are done on a whole batch; 0 where nothing is trained."""
    steps = run.settings.optimization
    return run.settings.rows.train // steps.batch_size if steps else 0


def settings_of(study: Study, run: Run) -> Settings:
    """Return the settings of a planned run, those of its point in the sweep."""
    return study.experiments[run.experiment].points[run.point].settings


def categories(study: Study) -> dict[str, list[str]]:
    """Return the values of the ordered categorical columns, by name, in their order."""
    each = [s for e in study.experiments.values() for s in (e, *(p.settings for p in e.points))]
    names = dict.fromkeys(variant.name for own in (study, *each) for variant in own.variants)
    return {
        "experiment": [*study.experiments], "variant": [*names], "moment": [*MOMENTS],
    }  # fmt: skip


def columns(study: Study, planned: Sequence[Run]) -> dict[str, dict[str, tuple[str, ...]]]:
    """Return the columns of every frame, each with the dtypes that it may have."""
    named = {str(name): (str(kind),) for name, kind in named_runs(study, planned).dtypes.items()}
    found = {"runs": named | OF_ENDS}
    for table, (fields, _) in MEASURED_IN.items():
        moment = {"moment": ("category",)} if table in ("layers", "histograms") else {}
        own = {name: DTYPES.get(kind, ("str",)) for name, kind in fields.items()}
        found[table] = {key: named[key] for key in KEYS} | moment | own
    return found
