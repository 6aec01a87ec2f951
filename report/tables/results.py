"""What the runs have come to, and what they have cost."""

from collections.abc import Hashable, Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis.errors import ReportError
from analysis.results import select
from analysis.results.frames import Results
from analysis.statistics import summaries
from analysis.statistics.level import AT_LEVEL
from analysis.study.model import BASE
from report.tables.table import LEFT, RIGHT, Cell, Number, Table, Text, WithInterval
from report.words import counts
from report.words.metrics import METRICS, THRESHOLDS
from report.words.numbers import NONE

if TYPE_CHECKING:
    from analysis.claims.claim import Claim

_COLUMNS = (
    "train_accuracy",
    "val_accuracy",
    "test_accuracy",
    "train_loss",
    "val_loss",
    "test_loss",
)
_REACHED_DECIMALS = 2
"""One more than a sentence has: beside its interval a mean over seeds is not as coarse."""
_TOTAL = "all, every run once"


COMPARED = (BASE, "notebook", "output", "fashion", "convolution")
"""Experiments whose accuracies at the end stand in one table, from the base network on."""
READS = {"final": (BASE,), "ends": COMPARED, "costs": None}
"""The experiments that each table shows; None: all, or none."""


def final(results: Results, _: "Mapping[str, Claim]") -> Table:
    """Return one row a variant: last epoch's and test results, epochs to 95 %, training time."""
    runs = select.rows(results, "runs", BASE)
    columns = {METRICS[name].header: _means(runs, name) for name in _COLUMNS}
    columns[METRICS["epochs_to_95"].header] = _reached(results)
    columns["Training time"] = _means(runs, "train_s")
    rows = [
        (Text(variant.name), *(cells.get(variant.name, Text(NONE)) for cells in columns.values()))
        for variant in select.variants(results, BASE)
    ]
    return Table(
        columns=("Variant", *columns),
        rows=tuple(rows),
        align=(LEFT, *(RIGHT for _ in columns)),
        units=("", *(METRICS[name].unit for name in _COLUMNS), "epochs", "s a run"),
        notes=(_interval_note(runs), *counts.not_in_means(runs)),
    )


def _means(runs: pd.DataFrame, column: str) -> dict[str, Cell]:
    """Mean ± half-width of the interval by variant."""
    own = METRICS[column]
    table = summaries.summary(runs.assign(scaled=runs[column] * own.factor), "scaled", ["variant"])
    return {
        str(row["variant"]): WithInterval(row["mean"], row["high"] - row["mean"], own.digits)
        for row in table.to_dict("records")
    }


def _reached(results: Results) -> dict[str, Cell]:
    """Epochs needed, mean ± half-width, over the runs that got there, and how many those are."""
    epochs = select.rows(results, "epochs", BASE)
    runs = summaries.epochs_to_reach(epochs, *THRESHOLDS["epochs_to_95"])
    table = summaries.summary(runs, "epochs_to_reach", ["variant"])
    return {str(row["variant"]): _reach(row) for row in table.to_dict("records")}


def _reach(row: Mapping[Hashable, Any]) -> Cell:
    """The cell of one variant: how soon, and how many of its runs, where not all."""
    if not row["n"]:
        return Text("never")
    part = f"({row['n']} of {row['n'] + row['diverged']} runs)" if row["diverged"] else ""
    return WithInterval(row["mean"], row["high"] - row["mean"], _REACHED_DECIMALS, part)


def _interval_note(runs: pd.DataFrame) -> str:
    seeds = runs["seed"].nunique()
    if seeds < 2:
        return "One seed: no interval can be given."
    return f"Mean over {seeds} seeds ± half the width of its {AT_LEVEL} interval (Student)."


def ends(results: Results, _: "Mapping[str, Claim]") -> Table:
    """Return one row a variant of each experiment compared: its seeds and its test accuracy.

    Experiments that the study lacks are left out; ReportError where it has none of them.
    """
    runs = results.runs[results.runs["experiment"].isin(COMPARED)]
    if runs.empty:
        names = ", ".join(COMPARED)
        raise ReportError(f"there are no results of the experiments {names} to compare")
    rows = [row for name in COMPARED for row in _ends(results, runs, name)]
    return Table(
        columns=("Experiment", "Variant", "n", METRICS["test_accuracy"].header),
        rows=tuple(rows),
        align=(LEFT, LEFT, RIGHT, RIGHT),
        units=("", "", "seeds", METRICS["test_accuracy"].unit),
        notes=(
            f"Mean over the seeds ± half the width of its {AT_LEVEL} interval (Student).",
            *counts.not_in_means(runs),
        ),
    )


def _ends(results: Results, runs: pd.DataFrame, experiment: str) -> list[tuple[Cell, ...]]:
    """The rows of an experiment, none where it has no run."""
    own = runs[runs["experiment"] == experiment]
    if own.empty:
        return []
    title, means = results.study.experiments[experiment].title, _means(own, "test_accuracy")
    finished = own[own["status"] != "diverged"]["variant"].value_counts()
    return [
        (Text(title), Text(each.name), Number(int(finished.get(each.name, 0)), 0), means[each.name])
        for each in select.variants(results, experiment)
    ]


def costs(results: Results, _: "Mapping[str, Claim]") -> Table:
    """Return one row an experiment: runs, epochs, core-seconds of training and of compilation."""
    table = summaries.costs(results.runs)
    titles = {name: each.title for name, each in results.study.experiments.items()}
    rows = [
        (
            Text(str(row["experiment"]) or _TOTAL),
            Text(titles.get(str(row["experiment"]), NONE)),
            Number(row["runs"], 0),
            Number(row["epochs"], 0),
            Number(row["train_s"], 1),
            Number(row["compile_s"], 1),
        )
        for row in table.to_dict("records")
    ]
    return Table(
        columns=("Experiment", "Title", "Runs", "Epochs trained", "Training", "Compilation"),
        rows=tuple(rows),
        align=(LEFT, LEFT, RIGHT, RIGHT, RIGHT, RIGHT),
        units=("", "", "", "", "core-seconds", "core-seconds"),
        notes=(
            "As measured when each run was trained, with its validation and measurements; another "
            "machine needs other times. A network that several runs share is compiled once.",
        ),
    )
