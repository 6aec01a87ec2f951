"""What the evidence and the report read: the measurements of one study as tidy frames."""

import functools
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated

import pandas as pd
from pydantic import Field, Json, TypeAdapter

from analysis.data.dataset import Description
from analysis.errors import StoreError
from analysis.errors.mistakes import checked
from analysis.results.cache import digest
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
METRICS = ("loss", "accuracy", "val_loss", "val_accuracy", "test_loss", "test_accuracy")
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
    epochs: epoch, loss, accuracy, val_loss, val_accuracy, test_loss, test_accuracy.
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
    of_one = ["experiment", "run_id"]  # an experiment may ask for fewer epochs of a run
    whole = pd.MultiIndex.from_frame(runs.loc[finished, of_one])
    within = pd.MultiIndex.from_frame(epochs[of_one]).isin(whole)
    for column in METRICS:
        _refuse(
            epochs, epochs[column].isna() & within, f"{source}: epochs.{column}",
            "a number: its run has finished", column,
        )  # fmt: skip
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
