"""What the evidence and the report read: the measurements of one study as tidy frames."""

import functools
import itertools
import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, get_type_hints

import pandas as pd
from pydantic import Field, Json, TypeAdapter

from analysis.data.dataset import Description
from analysis.errors import StoreError, counted
from analysis.errors.mistakes import checked
from analysis.plan.result import MEASURED, EpochMetrics, Histogram, LayerStatistics
from analysis.plan.run import Run
from analysis.results.cache import digest
from analysis.results.published import csvtext
from analysis.study.model import Settings, Study

MOMENTS = ("initial", "during", "final")
FIRST_STEPS = 20
"""Steps of a run, on whole batches of its first epoch, whose losses are kept apart."""
KEYS = ["experiment", "variant", "seed", "run_id"]
POINT = "point"
Key = tuple[object, ...]
LARGEST = 3.5e38
"""No float32 is larger, and so no loss."""
LIMITS = {
    **dict.fromkeys(["accuracy", "train_accuracy", "val_accuracy", "test_accuracy"], (0, 1)),
    **dict.fromkeys(["dead_share", "flat_share"], (0, 1)),
    # A rounding error below nothing is one.
    **dict.fromkeys(["loss", "train_loss", "val_loss", "test_loss"], (-1e-3, LARGEST)),
    **dict.fromkeys(["train_s", "compile_s"], (0, LARGEST)),
    **dict.fromkeys(["progress", "epochs"], (0, 1e6)),
    **dict.fromkeys(["epoch", "step", "layer"], (1, 1e6)),
}
"""What a column of any table may hold, beside what is missing or infinite."""
SHARES: TypeAdapter[object] = TypeAdapter(Json[list[Annotated[float, Field(ge=0, le=1)]]])
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


@dataclass(frozen=True)
class Results:
    """What has been measured of one study, in tidy frames sorted by experiment, variant and seed.

    Every frame starts with experiment, variant, seed and run_id. `variant` is an ordered
    categorical in the study's order. Losses are in nats, accuracies are fractions, times are in
    seconds; what a run has not measured, or did not reach because it diverged, is NaN.

    data: what every data set is, by the name that the study gives it; the data need not be there.
    runs: point (the place in the experiment's sweep, from 0: `study.experiments[…].points[point]`),
    depth, width, activation, optimizer, learning_rate (of the run's settings), one column for
    every other swept key (such as stddev), status, diverged_epoch, epochs, train_loss,
    train_accuracy, val_loss, val_accuracy (all four of the last epoch), test_loss, test_accuracy,
    train_s, compile_s.
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
        texts = (getattr(self, name).to_csv(index=False) for name in ("runs", *MEASURED_IN))
        return digest(self.study.model_dump_json(), str(self.data), *texts)


def named_runs(study: Study, planned: Sequence[Run]) -> pd.DataFrame:
    """Return one row a planned run: its names, its place in the sweep, and what it was set to."""
    frame = pd.DataFrame(
        {
            "experiment": run.experiment,
            "variant": run.variant,
            "seed": run.seed,
            "run_id": run.id,
            POINT: run.point,
            "depth": len(run.settings.hidden),
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


def check(results: Results, planned: Sequence[Run], source: str) -> None:
    """Raise StoreError for what no training leaves behind: `source` is what it was read from."""
    _check_measured(results, _in_order(results, planned, source), source)
    _check_values(results, source)


def _in_order(results: Results, planned: Sequence[Run], source: str) -> list[Run]:
    """Return the planned runs in the order of their rows. Raises StoreError for other rows."""
    named = named_runs(results.study, planned).drop(columns="run_id")
    named = named.sort_values(["experiment", POINT, "variant", "seed"], kind="stable")
    both = (csvtext.text(each[named.columns]) for each in (named, results.runs))
    for place, rows in enumerate(itertools.zip_longest(*map(str.splitlines, both))):
        right, found = (row or "no row" for row in rows)
        if right != found:
            raise StoreError(f"{source}: runs, row {place}: {found}; the study has {right}")
    return [planned[place] for place in named.index.to_list()]


def _check_measured(results: Results, runs: Sequence[Run], source: str) -> None:
    """Raise StoreError where a row is there twice, or not at all; `runs` are those of the rows."""
    copies = Counter(_keys(results.runs))
    for table, (_, unique) in MEASURED_IN.items():
        frame: pd.DataFrame = getattr(results, table)
        for key, times in Counter(_keys(frame, *unique)).items():
            if times != copies[key[: len(KEYS)]]:
                raise StoreError(f"{source}: {table}: the row of {_words(key)} is there twice")
    epochs = _within(results.epochs, "epoch")
    there = {
        "layers": _within(results.layers, "progress", "layer"),
        "histograms": _within(results.histograms, "progress"),
        "curves": _within(results.curves, "progress"),
        "first_steps": _within(results.first_steps, "step"),
    }
    for run, row in zip(runs, results.runs.to_dict("records"), strict=True):
        key, finished = tuple(row[name] for name in KEYS), row["status"] == "finished"
        has, asked = epochs[key], run.asked.epochs
        right = asked if finished else min(asked, int(row["epochs"]))
        if row["epochs"] != right or has != {(epoch,) for epoch in range(1, right + 1)}:
            raise StoreError(
                f"{source}: epochs: the run of {_words(key)} has {row['status']}, with "
                f"{counted(len(has), 'epoch')} instead of {right}; no training leaves this"
            )
        begun = ("first_steps", min(FIRST_STEPS, full_steps(run)) if right else 0)
        for table, wanted in (begun, *(_asked(results.study, run) if finished else ())):
            if wanted and not there[table][key]:
                raise StoreError(f"{source}: {table}: there is no row of {_words(key)}")
            if (number := len(there[table][key])) != wanted:
                raise StoreError(
                    f"{source}: {table}: of {_words(key)} there is what was measured at "
                    f"{counted(number, 'place')} instead of {wanted}; no training leaves this"
                )


def full_steps(run: Run) -> int:
    """Return the steps of an epoch that are done on a whole batch; 0 where nothing is trained."""
    steps = run.settings.optimization
    return run.settings.rows.train // steps.batch_size if steps else 0


def _asked(study: Study, run: Run) -> Iterator[tuple[str, int]]:
    """Yield the tables that hold rows of a run that has finished, and of how many places each.

    A place is a moment and a layer, a moment of histograms, or a point of a curve.
    """
    layers = {moment for what, moment in run.asked.measurements if what in MEASURED}
    shown = {moment for what, moment in run.asked.measurements if what == "histograms"}
    points = settings_of(study, run).curve_points
    if layers:
        yield "layers", len(layers) * (len(run.settings.hidden) + 1)
    if shown:
        yield "histograms", len(shown)
    if points and run.asked.epochs:
        yield "curves", min(points, full_steps(run)) * run.asked.epochs


def _within(frame: pd.DataFrame, *place: str) -> defaultdict[Key, set[Key]]:
    """Return the places in a run of which a frame has rows, by the names of the run."""
    found: defaultdict[Key, set[Key]] = defaultdict(set)
    for names in _keys(frame, *place):
        found[names[: len(KEYS)]].add(names[len(KEYS) :])
    return found


def _keys(frame: pd.DataFrame, *more: str) -> Iterator[Key]:
    return frame[[*KEYS, *more]].itertuples(index=False, name=None)


def _words(key: Sequence[object]) -> str:
    experiment, variant, seed, _, *rest = key
    return ", ".join(map(str, [experiment, variant, f"seed {seed}", *rest]))


def _check_values(results: Results, source: str) -> None:
    """Raise StoreError for a value that no training leaves behind."""
    for name in ("runs", *MEASURED_IN):
        frame: pd.DataFrame = getattr(results, name)
        for column in frame.columns.intersection(list(LIMITS)):
            low, high = LIMITS[str(column)]
            values = pd.to_numeric(frame[column], errors="coerce").astype("float64")
            infinite = (values == math.inf) & (high == LARGEST)
            wrong = (values < low) | ((values > high) & ~infinite)
            if name in MEASURED_IN and column in MEASURED_IN[name][1]:
                wrong |= values.isna()
            _refuse(frame, wrong, f"{source}: {name}.{column}", f"from {low:g} to {high:g}", column)
    runs, epochs = results.runs, results.epochs
    known = runs["status"].isin(["finished", "diverged"])
    _refuse(runs, ~known, f"{source}: runs.status", '"finished" or "diverged"', "status")
    finished = runs["status"] == "finished"
    of_one, right = ["experiment", "run_id"], "a number: its run has finished"
    # Of one run an experiment may ask for fewer epochs than another.
    whole = pd.MultiIndex.from_frame(runs.loc[finished, of_one])
    within = pd.MultiIndex.from_frame(epochs[of_one]).isin(whole)
    for column in ENDS:
        unknown = finished & (runs["epochs"] > 0) & runs[column].isna()
        _refuse(runs, unknown, f"{source}: runs.{column}", right, column)
    for column in METRICS:
        unknown = epochs[column].isna() & within
        _refuse(epochs, unknown, f"{source}: epochs.{column}", right, column)
    for shares in results.histograms["shares"]:
        checked(SHARES, shares, f"{source}: histograms.shares", error=StoreError)


def _refuse(frame: pd.DataFrame, wrong: pd.Series, where: str, right: str, column: str) -> None:
    """Raise StoreError for the first row that is wrong."""
    if wrong.any():
        row = frame[wrong].iloc[0]
        raise StoreError(
            f"{where} = {row[column]} in the run {str(row['run_id'])[:12]} ({row['experiment']}, "
            f"{row['variant']}, seed {row['seed']}): must be {right}; no training leaves this"
        )
