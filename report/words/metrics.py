"""How what was measured is called, and written with the digits and the unit of its kind."""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

from report.words.numbers import SPACE, fixed, magnitude, with_unit

THRESHOLDS = {"epochs_to_95": ("val_accuracy", 0.95)}
"""What counts epochs: the column that must reach a value, and this value."""
WORDS = {
    "mean": "Mean",
    "sd": "Standard deviation of",
    "min": "Lowest",
    "max": "Highest",
    "low": "Lower end of the 95 % interval of mean",
    "high": "Upper end of the 95 % interval of mean",
    "n": "Number of runs with a",
    "half_width": "Half the width of the 95 % interval of mean",
    "interval": "95 % interval of mean",
}
"""How a sentence about a number begins, by statistic."""
METRICS = {
    "loss": "training loss",
    "accuracy": "training accuracy",
    "train_loss": "final training loss",
    "train_accuracy": "final training accuracy",
    "val_loss": "validation loss",
    "val_accuracy": "validation accuracy",
    "train_s": "training time",
    "compile_s": "compilation time",
    "epochs_to_95": "number of epochs to a validation accuracy of 95 %",
    "kernel_sd": "standard deviation of the kernel",
    "kernel_gradient_norm": "norm of the kernel's gradient",
    "mean_square": "mean square of the outputs",
    "sum_mean_square": "mean square of the sums",
    "sum_gradient_sd": "standard deviation of the gradient with respect to the sums",
    "dead_share": "share of dead units",
    "flat_share": "share of flat slopes",
}
"""What a column is called in a sentence, where that is not its name."""
REASONS = {
    "never": "No run reached it.",
    "diverged": "Every run diverged.",
    "not measured": "It was not measured.",
    "not finite": "No run has a finite one.",
}
"""Why there is no value, by what is written in its place."""
MOMENTS = {"initial": "before training", "during": "during training", "final": "after training"}


class Format(NamedTuple):
    """How a metric is written: number and digits to text, digits, factor to the unit, unit."""

    write: Callable[[float, int], str]
    digits: int
    factor: float
    unit: str


def written(
    values: Sequence[float],
    metric: str,
    *,
    spread: bool = False,
    digits: int | None = None,
    unit: bool = True,
) -> str:
    """Return the values of a metric as text; two values are the ends of an interval.

    written([0.1135], "test_accuracy") is "11.35 %"; a `spread` of accuracies has percentage points.
    """
    own = _format(metric)
    chosen = own.digits if digits is None else digits
    shown = [own.write(value * own.factor, chosen) for value in values]
    joined = f"{SPACE}to{SPACE}".join(shown)
    name = "percentage points" if spread and own.unit == "%" else own.unit
    return with_unit(joined, name if unit else "")


def _format(metric: str) -> Format:
    """How a metric is written, by what its name ends in."""
    if metric.endswith("accuracy"):
        return Format(fixed, 2, 100.0, "%")
    if metric.endswith("loss"):
        return Format(fixed, 4, 1.0, "")
    if metric in THRESHOLDS:
        return Format(fixed, 1, 1.0, "epochs")
    if metric.endswith("_s"):
        return Format(fixed, 2, 1.0, "s")
    return Format(magnitude, 4, 1.0, "")


def about(
    metric: str,
    stat: str,
    where: Mapping[str, Any],
    title: str,
    n: int,
    ends: tuple[float, float],
    *,
    swept: bool = False,
    missing: str = "diverged",
) -> str:
    """Return in words what a number is, over how many seeds, and how sure its mean is.

    `where` has its variant, and layer, moment or epoch; `title` is that of its experiment, `ends`
    are those of the 95 % interval of the mean over `n` runs. Of a `swept` experiment a seed has
    several runs, so that these are what is counted. Where no run has a value, `missing` is a key of
    REASONS.
    """
    place = "".join(f", {word} {where[word]}" for word in ("layer", "epoch") if word in where)
    if "moment" in where:
        place += f", {MOMENTS[where['moment']]}"
    noun = "run" if swept else "seed"
    seeds = f" over its one {noun}" if n == 1 else f" over {n} {noun}s" if n else ""
    name = METRICS.get(metric, metric.replace("_", " "))
    text = f"{WORDS[stat]} {name}{seeds}: {where['variant']}{place}, in “{title}”."
    if n == 0:
        text += " No run has one." if stat == "n" else f" {REASONS[missing]}"
    if n > 1 and math.isfinite(ends[0]) and ends[0] < ends[1]:
        text += f" 95 % interval of the mean: {written(ends, metric)}."
    return text
