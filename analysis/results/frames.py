"""What the evidence and the report read: the stored rows of one study as tidy frames."""

import functools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

import pandas as pd
from pydantic import Field, Json, TypeAdapter

from analysis.data.dataset import Description
from analysis.errors import StoreError, counted
from analysis.errors.mistakes import checked
from analysis.plan.run import Run
from analysis.results.cache import digest
from analysis.results.store import Store
from analysis.study.model import Study

MOMENTS = ("initial", "during", "final")
KEYS = ["experiment", "variant", "seed", "run_id"]
POINT = "point"
LARGEST = 3.5e38
"""No float32 is larger, and so no loss."""
LIMITS = {
    **dict.fromkeys(["accuracy", "train_accuracy", "val_accuracy", "test_accuracy"], (0, 1)),
    **dict.fromkeys(["dead_share", "flat_share"], (0, 1)),
    # A rounding error below nothing is one.
    **dict.fromkeys(["loss", "train_loss", "val_loss", "test_loss"], (-1e-3, LARGEST)),
    **dict.fromkeys(["train_s", "compile_s"], (0, LARGEST)),
    **dict.fromkeys(["progress", "epochs"], (0, 1e6)),
    **dict.fromkeys(["epoch", "layer"], (1, 1e6)),
}
"""What a column of any table may hold, beside what is missing or infinite."""
SHARES: TypeAdapter[object] = TypeAdapter(Json[list[Annotated[float, Field(ge=0, le=1)]]])
ENDS = ["train_loss", "train_accuracy", "val_loss", "val_accuracy", "test_loss", "test_accuracy"]


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
    epochs: epoch, loss, accuracy, val_loss, val_accuracy.
    curves: progress (epochs done), loss (mean over the stretch that ends there).
    layers: moment ("initial", "during" or "final"), progress, layer, and the columns of
    `plan.result.LayerStatistics`. histograms: likewise, those of `plan.result.Histogram`.
    """

    study: Study
    data: Mapping[str, Description]
    runs: pd.DataFrame
    epochs: pd.DataFrame
    curves: pd.DataFrame
    layers: pd.DataFrame
    histograms: pd.DataFrame
    provenance: Mapping[str, object]

    @functools.cached_property
    def digest(self) -> str:
        """Return the digest of the study and of all that was measured, whoever measured it."""
        frames = (self.runs, self.epochs, self.curves, self.layers, self.histograms)
        texts = (frame.to_csv(index=False) for frame in frames)
        return digest(self.study.model_dump_json(), str(self.data), *texts)


def read(
    store: Store,
    study: Study,
    data: Mapping[str, Description],
    planned: Sequence[Run],
    provenance: Mapping[str, object],
    command: str = "make report",
) -> Results:
    """Return the stored rows of the planned runs; `data` describes every data set by name.

    Raises StoreError when a run has not been trained, which `command` does, or for what no training
    leaves behind.
    """
    missing = len({run.id for run in planned} - store.known())
    if missing:
        raise StoreError(
            f"{store.path}: {missing} of {counted(len(planned), 'run')} of this study have not "
            f"been trained; train them with: {command}"
        )
    named = _named(study, planned)
    labels = named[[*KEYS, POINT]]
    epochs = _labelled(labels, store.frame("epochs", planned), ["epoch"])
    ends = _ends(store.frame("runs", planned), epochs)
    _check_epochs(ends, planned, store)
    last = ends.set_index("run_id")["epochs"]
    by_layer = ["progress", "layer"]
    results = Results(
        study=study,
        data=data,
        runs=_tidy(named, ends, []),
        epochs=epochs,
        curves=_labelled(labels, store.frame("curves", planned), ["progress"]),
        layers=_labelled(labels, _moments(store.frame("layers", planned), last), by_layer),
        histograms=_labelled(
            labels, _moments(store.frame("histograms", planned), last), [*by_layer, "quantity"]
        ),
        provenance=provenance,
    )
    check(results, str(store.path))
    return results


def check(results: Results, source: str) -> None:
    """Raise StoreError for what no training leaves behind: `source` is what it was read from."""
    for name in ("runs", "epochs", "curves", "layers", "histograms"):
        frame: pd.DataFrame = getattr(results, name)
        for column in frame.columns.intersection(list(LIMITS)):
            low, high = LIMITS[str(column)]
            values = pd.to_numeric(frame[column], errors="coerce").astype("float64")
            infinite = (values == math.inf) & (high == LARGEST)
            wrong = (values < low) | ((values > high) & ~infinite)
            _refuse(frame, wrong, f"{source}: {name}.{column}", f"from {low:g} to {high:g}", column)
    runs, epochs = results.runs, results.epochs
    known = runs["status"].isin(["finished", "diverged"])
    _refuse(runs, ~known, f"{source}: runs.status", '"finished" or "diverged"', "status")
    finished = runs["status"] == "finished"
    for column in ENDS:
        unknown = finished & (runs["epochs"] > 0) & runs[column].isna()
        _refuse(runs, unknown, f"{source}: runs.{column}", "a number: its run has finished", column)
    whole = set(runs.loc[finished, "run_id"])
    for column in ("loss", "accuracy", "val_loss", "val_accuracy"):
        unknown = epochs[column].isna() & epochs["run_id"].isin(whole)
        _refuse(
            epochs, unknown, f"{source}: epochs.{column}", "a number: its run has finished", column
        )
    for shares in results.histograms["shares"]:
        checked(SHARES, shares, f"{source}: histograms.shares", error=StoreError)


def _check_epochs(ends: pd.DataFrame, planned: Sequence[Run], store: Store) -> None:
    """Raise StoreError for a finished run that has not the epochs it was asked for."""
    asked = ends["run_id"].map({run.id: run.settings.epochs for run in planned})
    short = ends[(ends["status"] == "finished") & (ends["epochs"] != asked)]
    for run, found in zip(short["run_id"], short["epochs"], strict=True):
        raise StoreError(
            f"{store.path}: epochs: the run {run[:12]} has finished, with "
            f"{counted(found, 'epoch')} instead of {asked[short.index[0]]}; no training leaves this"
        )


def _refuse(frame: pd.DataFrame, wrong: pd.Series, where: str, right: str, column: str) -> None:
    """Raise StoreError for the first row that is wrong."""
    if wrong.any():
        row = frame[wrong].iloc[0]
        raise StoreError(
            f"{where} = {row[column]} in the run {str(row['run_id'])[:12]} ({row['experiment']}, "
            f"{row['variant']}, seed {row['seed']}): must be {right}; no training leaves this"
        )


def _tidy(labels: pd.DataFrame, frame: pd.DataFrame, order: list[str]) -> pd.DataFrame:
    """Return a stored frame under the names a study gives its runs, in a fixed order of rows."""
    keys = ["experiment", POINT, "variant", "seed", *order]
    return labels.merge(frame, on="run_id").sort_values(keys, kind="stable", ignore_index=True)


def _labelled(labels: pd.DataFrame, frame: pd.DataFrame, order: list[str]) -> pd.DataFrame:
    """Return what was measured within runs, likewise; the place in the sweep is in `runs` alone."""
    return _tidy(labels, frame, order).drop(columns=POINT)


def _named(study: Study, planned: Sequence[Run]) -> pd.DataFrame:
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
            "optimizer": run.settings.optimizer,
            "learning_rate": dict(run.settings.optimizer_parameters)["learning_rate"],
            **run.coordinates,
        }
        for run in planned
    )
    variants = [v.name for e in study.experiments.values() for v in e.variants]
    names = dict.fromkeys([v.name for v in study.variants] + variants)
    frame["experiment"] = pd.Categorical(frame["experiment"], list(study.experiments), ordered=True)
    frame["variant"] = pd.Categorical(frame["variant"], list(names), ordered=True)
    return frame


def _ends(runs: pd.DataFrame, epochs: pd.DataFrame) -> pd.DataFrame:
    """Return one row a run: how it ended, with the metrics of its last epoch."""
    last = epochs.drop_duplicates("run_id", keep="last").set_index("run_id")
    names = {"epoch": "epochs", "loss": "train_loss", "accuracy": "train_accuracy"}
    metrics = last[["epoch", "loss", "accuracy", "val_loss", "val_accuracy"]].rename(columns=names)
    typed = runs.astype({"diverged_epoch": "Int64"})
    joined = typed.join(metrics, on="run_id", how="left")
    joined["epochs"] = joined["epochs"].fillna(0).astype("int64")
    ends = ["test_loss", "test_accuracy", "train_s", "compile_s"]
    return joined[["run_id", "status", "diverged_epoch", *metrics.columns, *ends]]


def _moments(frame: pd.DataFrame, last: pd.Series) -> pd.DataFrame:
    """Return the frame with its moments named: before, during, and at the end of the training."""
    own = frame[frame["run_id"].isin(last.index)].copy()
    progress = own["progress"]
    names = pd.Series("during", index=own.index).mask(progress == own["run_id"].map(last), "final")
    own["moment"] = pd.Categorical(names.mask(progress == 0, "initial"), MOMENTS, ordered=True)
    return own[["run_id", "moment", *own.columns.drop(["run_id", "moment"])]]
