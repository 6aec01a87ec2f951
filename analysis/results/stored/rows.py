"""The stored rows of one study, under the names it gives its runs and as far as it asks."""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from analysis.data.dataset import Description
from analysis.errors import StoreError, counted
from analysis.plan.result import MEASURED
from analysis.plan.run import Run
from analysis.plan.work import tasks
from analysis.results.frames import (
    KEYS,
    MOMENTS,
    POINT,
    Results,
    check,
    named_runs,
    settings_of,
)
from analysis.results.stored.store import Store
from analysis.study.model import Study


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
    left = len(tasks(planned, store.done(planned)))
    if left:
        count = counted(len({run.id for run in planned}), "run")
        raise StoreError(
            f"{store.path}: {left} of {count} of this study have not been trained; train them "
            f"with: {command}"
        )
    named = named_runs(study, planned)
    ends = _ends(planned, named, store.frame("runs", planned))
    labels = named[[*KEYS, POINT]].join(ends[["end"]])
    epochs = labels.merge(store.frame("epochs", planned), on="run_id")
    epochs = epochs[epochs["epoch"] <= epochs["end"]]
    moments = _moments(planned, labels)
    layers = moments.merge(store.frame("layers", planned), on=["run_id", "progress"])
    histograms = moments[moments["histograms"]].merge(
        store.frame("histograms", planned), on=["run_id", "progress"]
    )
    results = Results(
        study=study,
        data=data,
        runs=_tidy(_runs(named, ends, epochs), []),
        epochs=_within(epochs.drop(columns="train_s"), ["epoch"]),
        curves=_within(_curves(study, planned, labels, store), ["progress"]),
        layers=_within(_asked_for(layers), ["progress", "layer"]),
        histograms=_within(histograms, ["progress", "layer", "quantity"]),
        provenance=provenance,
    )
    check(results, planned, str(store.path))
    return results


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
    metrics = ["loss", "accuracy", "val_loss", "val_accuracy", "test_loss", "test_accuracy"]
    runs = runs.join(last[metrics], on=keys).join(seconds, on=keys)
    runs["train_s"] = ends["begin_s"] + runs["train_s"].fillna(0)
    return runs.assign(compile_s=ends["compile_s"]).rename(columns=names)


def _curves(
    study: Study, planned: Sequence[Run], labels: pd.DataFrame, store: Store
) -> pd.DataFrame:
    """Return the mean training loss over as many stretches of each epoch as the study draws."""
    drawn = [settings_of(study, run).curve_points for run in planned]
    steps = store.frame(
        "steps", [run for run, points in zip(planned, drawn, strict=True) if points]
    )
    losses = dict(iter(steps.groupby("run_id")))
    parts = [labels.iloc[:0].assign(progress=0.0, loss=0.0)]
    for place, (run, points) in enumerate(zip(planned, drawn, strict=True)):
        if not points or run.id not in losses or run.settings.optimization is None:
            continue
        full = run.settings.rows.train // run.settings.optimization.batch_size
        label, own = labels.iloc[[place]], losses[run.id].sort_values("epoch")
        rows = [
            (epoch - 1 + progress, loss)
            for epoch, kept in zip(own["epoch"], own["losses"], strict=True)
            if epoch <= label["end"].iloc[0]
            for progress, loss in _stretches(np.frombuffer(kept, "<f4")[:full], points)
        ]
        curve = pd.DataFrame(rows, columns=["progress", "loss"])
        parts.append(label.merge(curve, how="cross"))
    return pd.concat(parts, ignore_index=True)


def _stretches(losses: npt.NDArray[np.float32], points: int) -> list[tuple[float, float]]:
    """Return where each stretch of an epoch ends, as a share of it, and the mean loss over it."""
    parts = np.array_split(losses.astype(np.float64), min(points, len(losses)))
    ends = np.cumsum([len(part) for part in parts]) / len(losses)
    return [(float(end), float(part.mean())) for end, part in zip(ends, parts, strict=True)]


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
