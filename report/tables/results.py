"""What the runs have come to, and what they have cost."""

from collections.abc import Hashable, Mapping
from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis.results import select
from analysis.results.frames import Results
from analysis.statistics import summaries
from analysis.study.model import BASE
from report.tables.table import LEFT, RIGHT, Cell, Number, Table, Text, WithInterval
from report.words.numbers import NONE, percent

if TYPE_CHECKING:
    from analysis.claims.claim import Claim

TARGET = 0.95
"""Validation accuracy, as a fraction, whose first epoch is tabulated."""

# Header, unit, column of the runs, factor to the unit, decimals.
_METRICS = (
    ("Training accuracy", "%", "train_accuracy", 100.0, 2),
    ("Validation accuracy", "%", "val_accuracy", 100.0, 2),
    ("Test accuracy", "%", "test_accuracy", 100.0, 2),
    ("Training loss", "nats", "train_loss", 1.0, 4),
    ("Validation loss", "nats", "val_loss", 1.0, 4),
    ("Test loss", "nats", "test_loss", 1.0, 4),
)
_TOTAL = "all, every run once"


def final(results: Results, _: "Mapping[str, Claim]") -> Table:
    """Return one row a variant: last epoch's and test results, epochs to 95 %, training time."""
    runs = select.rows(results, "runs", BASE)
    columns = {header: _means(runs, name, k, d) for header, _, name, k, d in _METRICS}
    target = percent(100 * TARGET, 0).replace("\u00a0", " ")
    columns[f"Epochs to {target} validation"] = _reached(results)
    columns["Training time"] = _means(runs, "train_s", 1.0, 2)
    rows = [
        (Text(variant.name), *(cells.get(variant.name, Text(NONE)) for cells in columns.values()))
        for variant in select.variants(results, BASE)
    ]
    return Table(
        columns=("Variant", *columns),
        rows=tuple(rows),
        align=(LEFT, *(RIGHT for _ in columns)),
        units=("", *(unit for _, unit, *_ in _METRICS), "epochs", "s a run"),
        notes=(_interval_note(runs), *_diverged_notes(runs)),
    )


def _means(runs: pd.DataFrame, value: str, factor: float, decimals: int) -> dict[str, Cell]:
    """Mean ± half-width of the 95 % interval by variant."""
    table = summaries.summary(runs.assign(scaled=runs[value] * factor), "scaled", ["variant"])
    return {
        str(row["variant"]): WithInterval(row["mean"], row["high"] - row["mean"], decimals)
        for row in table.to_dict("records")
    }


def _reached(results: Results) -> dict[str, Cell]:
    """Epochs needed, mean ± half-width, over the runs that got there, and how many those are."""
    epochs = select.rows(results, "epochs", BASE)
    runs = summaries.epochs_to_reach(epochs, "val_accuracy", TARGET)
    table = summaries.summary(runs, "epochs_to_reach", ["variant"])
    return {str(row["variant"]): _reach(row) for row in table.to_dict("records")}


def _reach(row: Mapping[Hashable, Any]) -> Cell:
    """The cell of one variant: how soon, and how many of its runs, where not all."""
    if not row["n"]:
        return Text("never")
    part = f"({row['n']} of {row['n'] + row['diverged']} runs)" if row["diverged"] else ""
    return WithInterval(row["mean"], row["high"] - row["mean"], 2, part)


def _interval_note(runs: pd.DataFrame) -> str:
    seeds = runs["seed"].nunique()
    if seeds < 2:
        return "One seed: no interval can be given."
    return f"Mean over {seeds} seeds ± half the width of its 95 % interval (Student)."


def _diverged_notes(runs: pd.DataFrame) -> list[str]:
    notes = []
    for name, rows in runs.groupby("variant", observed=True):
        lost = rows.loc[rows["status"] == "diverged", "diverged_epoch"]
        if len(lost):
            first = int(lost.min())
            notes.append(
                f"{name}: {len(lost)} of {len(rows)} runs diverged, the first at epoch {first}; "
                "they are left out of its means."
            )
    return notes


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
