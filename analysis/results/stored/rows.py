"""The stored rows of one study, under the names it gives its runs and as far as it asks."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Protocol

import numpy as np
import pandas as pd

from analysis.data.dataset import Description
from analysis.errors import StoreError, counted
from analysis.plan.result import MEASURED
from analysis.plan.run import Run
from analysis.plan.work import Done, tasks
from analysis.results.frames import (
    FIRST_STEPS,
    KEYS,
    METRICS,
    MOMENTS,
    POINT,
    Results,
    named_runs,
    settings_of,
)
from analysis.results.stored.checks import check, refuse
from analysis.study.model import Study


class Source(Protocol):
    """What holds runs: a store, or published results."""

    @property
    def path(self) -> Path:
        """Where it is, for messages."""

    def done(self, runs: Sequence[Run]) -> Mapping[str, Done]:
        """Return what it has of these runs, by their identity."""

    def frame(self, table: str, runs: Sequence[Run]) -> pd.DataFrame:
        """Return these runs' rows of a table of the schema, those of `steps` apart."""

    def curves(self, runs: Sequence[Run], points: int) -> pd.DataFrame:
        """Return run_id, progress and the mean loss over so many stretches of each epoch."""

    def first_steps(self, runs: Sequence[Run], count: int) -> pd.DataFrame:
        """Return run_id, step and loss of so many first steps."""


def read(
    study: Study,
    data: Mapping[str, Description],
    planned: Sequence[Run],
    sources: Sequence[Source],
    provenance: Mapping[str, object],
    command: str = "make report",
) -> Results:
    """Return the rows of the planned runs, each from the source at its place in `sources`.

    `data` describes every data set by name. Raises StoreError when a run has not been trained,
    which `command` does, or for what no training leaves behind.
    """
    named = named_runs(study, planned)
    parts: dict[Source, list[int]] = {}
    for place, source in enumerate(sources):
        parts.setdefault(source, []).append(place)
    frames = []
    for source, own in parts.items():
        of_it = [planned[each] for each in own]
        _check_trained(source, of_it, command)
        frames.append(_frames(study, source, of_it, named.iloc[own]))
    runs, epochs, curves, layers, histograms, first = (
        pd.concat(each, ignore_index=True) for each in zip(*frames, strict=True)
    )
    results = Results(
        study=study,
        data=data,
        runs=_tidy(runs, []),
        epochs=_within(epochs, ["epoch"]),
        curves=_within(curves, ["progress"]),
        layers=_within(layers, ["progress", "layer"]),
        histograms=_within(histograms, ["progress", "layer", "quantity"]),
        first_steps=_within(first, ["step"]),
        provenance=provenance,
    )
    check(results, planned, " and ".join(str(source.path) for source in parts))
    return results


def _check_trained(source: Source, planned: Sequence[Run], command: str) -> None:
    """Raise StoreError where runs have not been trained as far as is asked."""
    if left := len(tasks(planned, source.done(planned))):
        count = counted(len({run.id for run in planned}), "run")
        raise StoreError(
            f"{source.path}: {left} of {count} of this study have not been trained; train them "
            f"with: {command}"
        )


def _frames(
    study: Study, source: Source, planned: Sequence[Run], named: pd.DataFrame
) -> tuple[pd.DataFrame, ...]:
    """Return runs and all that was measured within the planned runs, from one source."""
    named = named.reset_index(drop=True)
    ends = _ends(planned, named, source.frame("runs", planned))
    # Only here it stands by itself: the report tells it as a part of train_s.
    refuse(
        named, ends["begin_s"] < 0, f"{source.path}: runs.begin_s", "at least 0", ends["begin_s"]
    )
    labels = named[[*KEYS, POINT]].join(ends[["end"]])
    epochs = labels.merge(source.frame("epochs", planned), on="run_id")
    epochs = epochs[epochs["epoch"] <= epochs["end"]]
    moments = _moments(planned, labels)
    layers = moments.merge(source.frame("layers", planned), on=["run_id", "progress"])
    histograms = moments[moments["histograms"]].merge(
        source.frame("histograms", planned), on=["run_id", "progress"]
    )
    begun = labels[labels["end"] > 0]  # of a run that others have trained, this study may ask none
    return (
        _runs(named, ends, epochs),
        epochs,
        _curves(study, planned, labels, source),
        _asked_for(layers),
        histograms,
        begun.merge(source.first_steps(planned, FIRST_STEPS), on="run_id"),
    )


def _tidy(frame: pd.DataFrame, order: list[str]) -> pd.DataFrame:
    """Return a frame in a fixed order of rows: that of the study, then `order` within a run."""
    keys = ["experiment", POINT, "variant", "seed", *order]
    return frame.sort_values(keys, kind="stable", ignore_index=True)


def _within(frame: pd.DataFrame, order: list[str]) -> pd.DataFrame:
    """Return what was measured within runs, likewise; the place in the sweep is in `runs` alone."""
    aside = frame.columns.intersection([POINT, "end", *MEASURED, "histograms"])
    return _tidy(frame, order).drop(columns=aside)


def _ends(planned: Sequence[Run], named: pd.DataFrame, runs: pd.DataFrame) -> pd.DataFrame:
    """Return one row a planned run, in order: `end`, its last epoch, and what is stored of it.

    A run may have been trained for more epochs than this study asks for, and diverge in one of
    them: in this study it has finished.
    """
    stored = named[["run_id"]].merge(runs, on="run_id", how="left")
    asked = pd.Series([run.asked.epochs for run in planned], index=stored.index)
    lost = stored["diverged_epoch"].astype("Int64")
    stored["diverged_epoch"] = lost.where(lost <= asked)
    stored["end"] = stored["epochs"].where(stored["epochs"] < asked, asked)
    return stored.drop(columns="epochs")


def _runs(named: pd.DataFrame, ends: pd.DataFrame, epochs: pd.DataFrame) -> pd.DataFrame:
    """Return the planned runs and how each ended: the metrics of its last epoch, and its times."""
    names = {"end": "epochs", "loss": "train_loss", "accuracy": "train_accuracy"}
    keys = [*KEYS, POINT]
    last = epochs[epochs["epoch"] == epochs["end"]].set_index(keys)
    seconds = epochs.groupby(keys, observed=True)["train_s"].sum()
    runs = named.assign(
        status=ends["diverged_epoch"].isna().map({True: "finished", False: "diverged"}),
        diverged_epoch=ends["diverged_epoch"],
        end=ends["end"],
    )
    runs = runs.join(last[list(METRICS)], on=keys).join(seconds, on=keys)
    runs["train_s"] = ends["begin_s"] + runs["train_s"].fillna(0)
    return runs.assign(compile_s=ends["compile_s"]).rename(columns=names)


def _curves(
    study: Study, planned: Sequence[Run], labels: pd.DataFrame, source: Source
) -> pd.DataFrame:
    """Return the mean training loss over as many stretches of each epoch as the study draws."""
    parts = [labels.iloc[:0].assign(progress=0.0, loss=0.0)]
    drawn: dict[int, list[int]] = {}
    for place, run in enumerate(planned):
        drawn.setdefault(settings_of(study, run).curve_points, []).append(place)
    for points, own in drawn.items():
        if points:
            curves = source.curves([planned[place] for place in own], points)
            curves = labels.iloc[own].merge(curves, on="run_id")
            parts.append(curves[curves["progress"] <= curves["end"]])
    return pd.concat(parts, ignore_index=True)


def _moments(planned: Sequence[Run], labels: pd.DataFrame) -> pd.DataFrame:
    """Return one row a planned run and moment that is asked for: its name, and what was measured.

    A run that diverged has its last moments, all that were still to come, where it ended.
    """
    places: list[int] = []
    progress: list[float] = []
    for place, (run, end) in enumerate(zip(planned, labels["end"], strict=True)):
        for moment in sorted({min(when, float(end)) for _, when in run.asked.measurements}):
            places.append(place)
            progress.append(moment)
    kinds = [{what for what, _ in run.asked.measurements} for run in planned]
    own = labels.iloc[places].reset_index(drop=True)
    when = np.array(progress, dtype="float64")
    names = np.select([when == 0, when == own["end"].to_numpy()], ["initial", "final"], "during")
    own["moment"] = pd.Categorical(names.tolist(), MOMENTS, ordered=True)
    own["progress"] = when
    for what in (*MEASURED, "histograms"):
        own[what] = np.array([what in kinds[place] for place in places], dtype=bool)
    return own


def _asked_for(layers: pd.DataFrame) -> pd.DataFrame:
    """Return the layers without what other studies, or other experiments, have measured of them."""
    kept = layers[layers[list(MEASURED)].any(axis="columns")].copy()
    for what, columns in MEASURED.items():
        kept.loc[~kept[what], list(columns)] = np.nan
    return kept
