"""What the evidence and the report read: the stored rows of one study as tidy frames."""

import functools
import itertools
import math
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, get_type_hints

import pandas as pd
from pydantic import Field, Json, TypeAdapter

from analysis.data.dataset import Description
from analysis.errors import StoreError
from analysis.errors.mistakes import checked
from analysis.plan.run import Run, RunSettings
from analysis.results import csvtext
from analysis.results.cache import digest
from analysis.results.store import MEASURED, Store
from analysis.study.model import Study

MOMENTS = ("initial", "during", "final")
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
    **dict.fromkeys(["epoch", "layer"], (1, 1e6)),
}
"""What a column of any table may hold, beside what is missing or infinite."""
SHARES: TypeAdapter[object] = TypeAdapter(Json[list[Annotated[float, Field(ge=0, le=1)]]])
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
ASKED: dict[str, Callable[[RunSettings], bool]] = {
    "curves": lambda settings: settings.curve_points > 0 and settings.epochs > 0,
    "layers": lambda settings: len(settings.measure) > 0,
    "histograms": lambda settings: "histograms" in settings.measure,
}
"""Tables that hold rows of every finished run that was asked for them."""


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
            f"{store.path}: {missing} of {len(planned)} runs of this study have not been trained; "
            f"train them with: {command}"
        )
    named = _named(study, planned)
    labels = named[[*KEYS, POINT]]
    epochs = _labelled(labels, store.frame("epochs", planned), ["epoch"])
    ends = _ends(store.frame("runs", planned), epochs)
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
    check(results, planned, str(store.path))
    return results


def categories(study: Study) -> dict[str, list[str]]:
    """Return the values of the ordered categorical columns, by name, in their order."""
    each = [s for e in study.experiments.values() for s in (e, *(p.settings for p in e.points))]
    names = dict.fromkeys(variant.name for own in (study, *each) for variant in own.variants)
    return {
        "experiment": [*study.experiments], "variant": [*names], "moment": [*MOMENTS],
    }  # fmt: skip


def columns(study: Study, planned: Sequence[Run]) -> dict[str, dict[str, tuple[str, ...]]]:
    """Return the columns of every frame, each with the dtypes that it may have."""
    named = {str(name): (str(kind),) for name, kind in _named(study, planned).dtypes.items()}
    found = {"runs": named | OF_ENDS}
    for table, (row, _) in MEASURED.items():
        moment = {"moment": ("category",)} if table in ("layers", "histograms") else {}
        own = {name: DTYPES.get(kind, ("str",)) for name, kind in get_type_hints(row).items()}
        found[table] = {key: named[key] for key in KEYS} | moment | own
    return found


def check(results: Results, planned: Sequence[Run], source: str) -> None:
    """Raise StoreError for what no training leaves behind: `source` is what it was read from."""
    _check_values(results, source)
    _check_measured(results, _in_order(results, planned, source), source)


def _in_order(results: Results, planned: Sequence[Run], source: str) -> list[Run]:
    """Return the planned runs in the order of their rows. Raises StoreError for other rows."""
    named = _named(results.study, planned).drop(columns="run_id")
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
    for table, (_, unique) in MEASURED.items():
        frame: pd.DataFrame = getattr(results, table)
        for key, times in Counter(_keys(frame, *unique)).items():
            if times != copies[key[: len(KEYS)]]:
                raise StoreError(f"{source}: {table}: the row of {_words(key)} is there twice")
    epochs: dict[Key, set[object]] = {}
    for *names, epoch in _keys(results.epochs, "epoch"):
        epochs.setdefault(tuple(names), set()).add(epoch)
    there = {table: set(_keys(getattr(results, table))) for table in ASKED}
    for run, row in zip(runs, results.runs.to_dict("records"), strict=True):
        key, finished = tuple(row[name] for name in KEYS), row["status"] == "finished"
        has, asked = epochs.get(key, set()), run.settings.epochs
        right = asked if finished else min(asked, int(row["epochs"]))
        if row["epochs"] != right or has != {*range(1, right + 1)}:
            raise StoreError(
                f"{source}: epochs: the run of {_words(key)} has {row['status']}, with "
                f"{len(has)} epochs instead of {right}; no training leaves this"
            )
        for table, is_asked in ASKED.items() if finished else ():
            if is_asked(run.settings) and key not in there[table]:
                raise StoreError(f"{source}: {table}: there is no row of {_words(key)}")


def _keys(frame: pd.DataFrame, *more: str) -> Iterator[Key]:
    return frame[[*KEYS, *more]].itertuples(index=False, name=None)


def _words(key: Sequence[object]) -> str:
    experiment, variant, seed, _, *rest = key
    return ", ".join(map(str, [experiment, variant, f"seed {seed}", *rest]))


def _check_values(results: Results, source: str) -> None:
    """Raise StoreError for a value that no training leaves behind."""
    for name in ("runs", "epochs", "curves", "layers", "histograms"):
        frame: pd.DataFrame = getattr(results, name)
        for column in frame.columns.intersection(list(LIMITS)):
            low, high = LIMITS[str(column)]
            values = pd.to_numeric(frame[column], errors="coerce").astype("float64")
            infinite = (values == math.inf) & (high == LARGEST)
            wrong = (values < low) | ((values > high) & ~infinite)
            if name in MEASURED and column in MEASURED[name][1]:
                wrong |= values.isna()
            _refuse(frame, wrong, f"{source}: {name}.{column}", f"from {low:g} to {high:g}", column)
    runs, epochs = results.runs, results.epochs
    known = runs["status"].isin(["finished", "diverged"])
    _refuse(runs, ~known, f"{source}: runs.status", '"finished" or "diverged"', "status")
    finished = runs["status"] == "finished"
    whole, right = set(runs.loc[finished, "run_id"]), "a number: its run has finished"
    for column in ENDS:
        unknown = finished & (runs["epochs"] > 0) & runs[column].isna()
        _refuse(runs, unknown, f"{source}: runs.{column}", right, column)
    for column in ("loss", "accuracy", "val_loss", "val_accuracy"):
        unknown = epochs[column].isna() & epochs["run_id"].isin(whole)
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
    for name, values in categories(study).items():
        if name in frame:
            frame[name] = pd.Categorical(frame[name], values, ordered=True)
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
