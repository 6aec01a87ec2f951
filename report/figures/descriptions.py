"""What the figures' data show, in words and numbers: alternative texts and notes."""

from collections.abc import Callable, Hashable, Mapping
from typing import Any

import pandas as pd

from analysis.results import select
from analysis.results.frames import Results
from analysis.statistics import comparisons
from analysis.study.initializers import standard_deviation
from analysis.study.model import BASE

FEW_LAYERS = 6


def accuracy(results: Results, only: str = "") -> str:
    """Return the alternative text of the accuracy curves, or of those of `only` these rows."""
    metrics = {"training": "accuracy", "validation": "val_accuracy"}
    return _courses(results, "accuracy", metrics, _percent, only)


def loss(results: Results, only: str = "") -> str:
    """Return the alternative text of the loss curves, or of those of `only` these rows."""
    return _courses(results, "loss", {"training": "loss", "validation": "val_loss"}, _nats, only)


def _courses(
    results: Results,
    what: str,
    metrics: Mapping[str, str],
    written: Callable[[float], str],
    only: str,
) -> str:
    epochs = select.rows(results, "epochs", BASE)
    last, seeds = int(epochs["epoch"].max()), epochs["seed"].nunique()
    opening, sides = (
        (f"Line chart of {only} {what}", "")
        if only
        else (f"Two line charts of {what}", ", training left and validation right")
    )
    text = [f"{opening} over {count(last, 'epoch')}{sides}, {over(seeds)}."]
    for label, metric in metrics.items():
        if only not in ("", label):
            continue
        table = comparisons.summary(epochs, metric, ["variant", "epoch"])
        courses = [
            _course(str(name), rows[rows["n"] > 0], written)
            for name, rows in table.groupby("variant", observed=True)
        ]
        text.append(f"{label.capitalize()} {what}: {'; '.join(courses)}.")
    return " ".join([*text, *divergences(results, BASE)])


def _course(name: str, rows: pd.DataFrame, written: Callable[[float], str]) -> str:
    """One variant's way from its first to its last epoch."""
    if rows.empty:
        return f"{name} has no finite value"
    first, last = float(rows["mean"].iloc[0]), float(rows["mean"].iloc[-1])
    if written(first) == written(last):
        word = "is at" if len(rows) == 1 else "ends where it began, at"
        return f"{name} {word} {written(last)}"
    verb = "rises" if last > first else "falls"
    return f"{name} {verb} from {written(first)} to {written(last)}"


def test_accuracy(results: Results) -> str:
    """Return the alternative text of the seeds' test accuracies."""
    runs = select.rows(results, "runs", BASE)
    runs = runs.assign(value=runs["test_accuracy"] * 100)
    table = comparisons.summary(runs, "value", ["variant"])
    rows = [_scores(row) for row in table.to_dict("records")]
    seeds = runs["seed"].nunique()
    dots = "one seed" if seeds == 1 else f"a dot for each of {seeds} seeds"
    opening = f"Dot plot of final test accuracy by variant, {dots}."
    return " ".join([opening, f"{'; '.join(rows)}.", *divergences(results, BASE)])


def _scores(row: Mapping[Hashable, Any]) -> str:
    name, n = row["variant"], int(row["n"])
    if not n:
        return f"{name} has no result"
    if row["minimum"] == row["maximum"]:
        return f"{name} {row['mean']:.2f} % in {'its one seed' if n == 1 else f'all {n} seeds'}"
    return (
        f"{name} mean {row['mean']:.2f} % (95 % interval {row['low']:.2f} to {row['high']:.2f}), "
        f"seeds from {row['minimum']:.2f} to {row['maximum']:.2f} %"
    )


def weight_sd(results: Results) -> str:
    """Return the alternative text of the sampled standard deviations."""
    layers = select.layers(results, BASE, "kernel_sd")
    table = comparisons.summary(layers, "kernel_sd", ["variant", "layer", "fan_in", "fan_out"])
    depth = int(table["layer"].nunique())
    text = [
        f"Standard deviation of the sampled weights in {count(depth, 'layer')} on a log axis, "
        f"{over(layers['seed'].nunique())}, beside its formula."
    ]
    for variant in select.variants(results, BASE):
        rows = table[table["variant"] == variant.name].to_dict("records")
        shown = rows if len(rows) <= FEW_LAYERS else [rows[0], rows[-1]]
        if rows and any(row["mean"] > 0 for row in rows):
            parts = []
            for row in shown:
                fans = int(row["fan_in"]), int(row["fan_out"])
                formula = standard_deviation(variant.initializer, variant.parameters, *fans)
                known = "no closed form" if formula is None else f"formula {formula:.4f}"
                parts.append(f"layer {row['layer']} {row['mean']:.4f} ({known})")
            text.append(f"{variant.name}: {', '.join(parts)}.")
    return " ".join([*text, *zero_sd(results, BASE)])


def zero_sd(results: Results, experiment: str, mark: str = "") -> list[str]:
    """Return a sentence for each variant whose weights are all equal, and so have no spread."""
    layers = select.layers(results, experiment, "kernel_sd")
    widest = layers.groupby("variant", observed=True)["kernel_sd"].max()
    return [
        f"{mark}{name}: standard deviation 0 in every layer, which a log axis cannot show."
        for name, sd in widest.items()
        if sd == 0
    ]


def divergences(results: Results, experiment: str, mark: str = "") -> list[str]:
    """Return a sentence for each variant with diverged runs: how many, and from which epoch."""
    runs = select.rows(results, "runs", experiment)
    sentences = []
    for name, rows in runs.groupby("variant", observed=True):
        lost = rows.loc[rows["status"] == "diverged", "diverged_epoch"].dropna().astype(int)
        if len(lost):
            first, latest = lost.min(), lost.max()
            when = f"epoch {first}" if first == latest else f"epochs {first} to {latest}"
            sentences.append(f"{mark}{name}: diverged at {when} ({len(lost)} of {len(rows)} runs).")
    return sentences


def mean_text(row: Mapping[Hashable, Any], decimals: int) -> str:
    """Return "mean ± half-width" of a summary's row, without the latter for a single seed."""
    half = row["high"] - row["value"]
    text = f"{row['value']:.{decimals}f}"
    return text if pd.isna(half) else f"{text} ± {half:.{decimals}f}"


def _percent(value: float) -> str:
    return f"{100 * value:.1f} %"


def _nats(value: float) -> str:
    return f"{value:.3g}"


def over(seeds: int) -> str:
    """Return over how many seeds something is a mean."""
    return "one seed" if seeds == 1 else f"means over {seeds} seeds"


def count(number: int, thing: str) -> str:
    """Return a number with its thing, "1 layer" or "3 layers"."""
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
