"""What is read, held against what training leaves behind: rows, places and values."""

import itertools
import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from typing import Annotated

import pandas as pd
from pydantic import Field, Json, TypeAdapter

from analysis.errors import StoreError, counted
from analysis.errors.mistakes import checked
from analysis.plan.result import MEASURED
from analysis.plan.run import Run
from analysis.results.frames import (
    ENDS,
    FIRST_STEPS,
    KEYS,
    MEASURED_IN,
    METRICS,
    POINT,
    Results,
    full_steps,
    named_runs,
    settings_of,
)
from analysis.results.published import csvtext
from analysis.study.model import Study

Key = tuple[object, ...]
LARGEST = 3.5e38
"""No float32 is larger, and so no loss."""
LIMITS = {
    **dict.fromkeys(["accuracy", "train_accuracy", "val_accuracy", "test_accuracy"], (0, 1)),
    **dict.fromkeys(["dead_share", "flat_share"], (0, 1)),
    "sum_correlation": (-1 - 1e-3, 1 + 1e-3),
    # A rounding error below nothing is one.
    **dict.fromkeys(["loss", "train_loss", "val_loss", "test_loss"], (-1e-3, LARGEST)),
    **dict.fromkeys(["train_s", "compile_s"], (0, LARGEST)),
    **dict.fromkeys(["progress", "epochs"], (0, 1e6)),
    **dict.fromkeys(["epoch", "step", "layer"], (1, 1e6)),
}
"""What a column of any table may hold, beside what is missing or infinite."""
SHARES: TypeAdapter[object] = TypeAdapter(Json[list[Annotated[float, Field(ge=0, le=1)]]])


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


def _asked(study: Study, run: Run) -> Iterator[tuple[str, int]]:
    """Yield the tables that hold rows of a run that has finished, and of how many places each.

    A place is a moment and a layer, a moment of histograms, or a point of a curve.
    """
    layers = {moment for what, moment in run.asked.measurements if what in MEASURED}
    shown = {moment for what, moment in run.asked.measurements if what == "histograms"}
    points = settings_of(study, run).curve_points
    if layers:
        yield "layers", len(layers) * (run.settings.depth + 1)
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
    # What a run ended with is taken from the epochs: there it is to be named.
    for name in (*MEASURED_IN, "runs"):
        frame: pd.DataFrame = getattr(results, name)
        for column in frame.columns.intersection(list(LIMITS)):
            low, high = LIMITS[str(column)]
            values = pd.to_numeric(frame[column], errors="coerce").astype("float64")
            infinite = (values == math.inf) & (high == LARGEST)
            wrong = (values < low) | ((values > high) & ~infinite)
            if name in MEASURED_IN and column in MEASURED_IN[name][1]:
                wrong |= values.isna()
            where, right = f"{source}: {name}.{column}", f"from {low:g} to {high:g}"
            refuse(frame, wrong, where, right, frame[column])
    runs, epochs = results.runs, results.epochs
    known = runs["status"].isin(["finished", "diverged"])
    refuse(runs, ~known, f"{source}: runs.status", '"finished" or "diverged"', runs["status"])
    finished = runs["status"] == "finished"
    of_one, right = ["experiment", "run_id"], "a number: its run has finished"
    # Of one run an experiment may ask for fewer epochs than another.
    whole = pd.MultiIndex.from_frame(runs.loc[finished, of_one])
    within = pd.MultiIndex.from_frame(epochs[of_one]).isin(whole)
    for column in METRICS:
        unknown = epochs[column].isna() & within
        refuse(epochs, unknown, f"{source}: epochs.{column}", right, epochs[column])
    for column in ENDS:
        unknown = finished & (runs["epochs"] > 0) & runs[column].isna()
        refuse(runs, unknown, f"{source}: runs.{column}", right, runs[column])
    for shares in results.histograms["shares"]:
        checked(SHARES, shares, f"{source}: histograms.shares", error=StoreError)


def refuse(
    frame: pd.DataFrame, wrong: pd.Series, where: str, right: str, values: pd.Series
) -> None:
    """Raise StoreError for the first row that is wrong, with its value and the run's names."""
    if wrong.any():
        row, value = frame[wrong].iloc[0], values[wrong].iloc[0]
        raise StoreError(
            f"{where} = {value} in the run {str(row['run_id'])[:12]} ({row['experiment']}, "
            f"{row['variant']}, seed {row['seed']}): must be {right}; no training leaves this"
        )
