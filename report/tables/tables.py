"""From results to rows of text: every table of the report, with units in its headers."""

import math
from collections.abc import Callable, Hashable, Mapping
from typing import Any

import pandas as pd

from analysis import claims
from analysis.results import select
from analysis.results.frames import Results
from analysis.statistics import comparisons
from analysis.study.model import BASE
from report.tables import choosing
from report.tables.rows import RIGHT, Table
from report.words.numbers import NONE, fixed, plus_minus
from report.words.settings import call, spelled

__all__ = ["TABLES", "Table"]

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


def final(results: Results) -> Table:
    """Return one row a variant: last epoch's and test results, epochs to 95 %, training time."""
    runs = select.rows(results, "runs", BASE)
    columns = {header: _means(runs, name, k, d) for header, _, name, k, d in _METRICS}
    columns[f"Epochs to {TARGET:.0%} validation".replace("%", " %")] = _reached(results)
    columns["Training time"] = _means(runs, "train_s", 1.0, 2)
    rows = [
        (variant.name, *(cells.get(variant.name, NONE) for cells in columns.values()))
        for variant in select.variants(results, BASE)
    ]
    return Table(
        columns=("Variant", *columns),
        rows=tuple(rows),
        align=("left", *(RIGHT for _ in columns)),
        units=("", *(unit for _, unit, *_ in _METRICS), "epochs", "s a run"),
        notes=(_interval_note(runs), *_diverged_notes(runs)),
    )


def _means(runs: pd.DataFrame, value: str, factor: float, decimals: int) -> dict[str, str]:
    """Mean ± half-width of the 95 % interval by variant."""
    table = comparisons.summary(runs.assign(scaled=runs[value] * factor), "scaled", ["variant"])
    return {
        str(row["variant"]): plus_minus(row["mean"], row["high"] - row["mean"], decimals)
        for row in table.to_dict("records")
    }


def _reached(results: Results) -> dict[str, str]:
    """Epochs needed, mean ± half-width, over the runs that got there, and how many those are."""
    epochs = select.rows(results, "epochs", BASE)
    runs = comparisons.epochs_to_reach(epochs, "val_accuracy", TARGET)
    table = comparisons.summary(runs, "epochs_to_reach", ["variant"])
    return {str(row["variant"]): _reach(row) for row in table.to_dict("records")}


def _reach(row: Mapping[Hashable, Any]) -> str:
    """The cell of one variant: how soon, and how many of its runs, where not all."""
    if not row["n"]:
        return "never"
    part = f" ({row['n']} of {row['n'] + row['diverged']} runs)" if row["diverged"] else ""
    return plus_minus(row["mean"], row["high"] - row["mean"], 2) + part


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


def settings(results: Results) -> Table:
    """Return the base experiment's hyperparameters, one a row, and its initializers as called."""
    study = results.study.experiments[BASE]
    training = study.training
    rows = [
        ("Data set", study.dataset),
        ("Seeds", f"{len(study.seeds)} ({_spans(study.seeds)})"),
        ("Network", _network(results)),
        ("Hidden activation", study.network.activation),
        ("Optimizer", call(training.optimizer.name, training.optimizer.parameters)),
        ("Loss", training.loss),
        ("Batch size", f"{training.batch_size} samples"),
        ("Epochs", str(training.epochs)),
        ("Validation split", f"the last {100 * training.validation_split:g} % of the rows"),
        *(
            (f"Variant {variant.name}", call(variant.initializer, variant.parameters))
            for variant in study.variants
        ),
    ]
    return _pairs(("Setting", "Value"), rows)


def _network(results: Results) -> str:
    """Widths from input to classes, as the measured layers have them."""
    layers = results.layers[results.layers["experiment"] == BASE]
    layers = layers.drop_duplicates("layer").sort_values("layer")
    if layers.empty:
        return " – ".join(str(units) for units in results.study.experiments[BASE].network.hidden)
    widths = [int(layers["fan_in"].iloc[0]), *(int(units) for units in layers["fan_out"])]
    return " – ".join(str(width) for width in widths) + " (softmax)"


def _spans(seeds: tuple[int, ...]) -> str:
    """Numbers with every unbroken ascending stretch of three or more as first … last."""
    stretches: list[list[int]] = []
    for seed in seeds:
        if stretches and seed == stretches[-1][-1] + 1:
            stretches[-1].append(seed)
        else:
            stretches.append([seed])
    parts = [
        f"{s[0]} … {s[-1]}" if len(s) > 2 else ", ".join(str(seed) for seed in s) for s in stretches
    ]
    return ", ".join(parts)


def environment(results: Results) -> Table:
    """Return versions, machine and data digests as the provenance holds them, one a row."""
    # The study has its own table; identities are in the machine-readable files.
    left_out = {"study", "run_ids"}
    rows = []
    for key, value in results.provenance.items():
        if key not in left_out:
            rows += _flat(_words(key), value)
    return _pairs(("Item", "Value"), rows)


def _flat(name: str, value: object) -> list[tuple[str, str]]:
    """Rows of a nested value, their names joined by commas, in the order given."""
    if isinstance(value, Mapping):
        inner = ((f"{name}, {_words(key)}", item) for key, item in value.items())
        return [row for label, item in inner for row in _flat(label, item)]
    if isinstance(value, list | tuple):
        return [(name, ", ".join(spelled(item) for item in value))]
    return [(name, NONE if value is None else spelled(value))]


def _words(key: object) -> str:
    text = str(key).replace("_", " ")
    return text[:1].upper() + text[1:] if text.islower() and "." not in text else text


def claims_table(results: Results) -> Table:
    """Return one row a claim: its verdict, value with interval, n and method."""
    rows = [
        (
            claim.question,
            claim.statement,
            claim.verdict,
            _evidence(claim),
            str(claim.n) if claim.n else NONE,
            claim.method + (f"; margin {spelled(claim.margin)}" if claim.margin else ""),
            claim.note or NONE,
        )
        for claim in claims.evaluate(results).values()
    ]
    return Table(
        columns=("Question", "Claim", "Verdict", "Value [interval]", "n", "Method", "Further"),
        rows=tuple(rows),
        align=("left", "left", "left", "right", "right", "left", "left"),
        units=("", "", "", "", "seeds", "", ""),
        notes=(
            "Inconclusive means too few seeds, or an interval that straddles the margin; "
            "it is never counted as support.",
        ),
    )


def _evidence(claim: claims.Claim) -> str:
    """Value, interval and unit, with digits that fit the interval's width."""
    if not math.isfinite(claim.value):
        return NONE
    width = claim.high - claim.low
    scale = width / 10 if math.isfinite(width) and width > 0 else abs(claim.value) / 100
    decimals = min(5, max(0, 1 - math.floor(math.log10(scale)))) if scale else 0
    text = fixed(claim.value, decimals)
    if math.isfinite(width) and width > 0:
        text += f" [{fixed(claim.low, decimals)}, {fixed(claim.high, decimals)}]"
    return f"{text} {claim.unit}".rstrip()


def _pairs(columns: tuple[str, str], rows: list[tuple[str, str]]) -> Table:
    return Table(columns, tuple(rows), ("left", "left"), ("", ""))


TABLES: dict[str, Callable[[Results], Table]] = {
    "final": final,
    "settings": settings,
    "environment": environment,
    "claims": claims_table,
    "costs": choosing.costs,
    "choosing": choosing.choosing,
}
"""Every table that an answer may show, by name."""
