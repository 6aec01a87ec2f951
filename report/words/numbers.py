"""How a measured quantity is written in a sentence: its digits, its unit, and what it is called."""

import math
from collections.abc import Callable, Mapping
from typing import Any

from analysis.claims.claim import Quantity, QuantityKind

SPACE = "\u00a0"
MINUS = "\u2212"
THRESHOLDS = {"epochs_to_95": ("val_accuracy", 0.95)}
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
MOMENTS = {"initial": "before training", "during": "during training", "final": "after training"}


def about(
    metric: str,
    stat: str,
    where: Mapping[str, Any],
    title: str,
    n: int,
    ends: tuple[float, float],
    *,
    swept: bool = False,
) -> str:
    """Return in words what a number is, over how many seeds, and how sure its mean is.

    `where` has its variant, and layer, moment or epoch; `title` is that of its experiment, `ends`
    are those of the 95 % interval of the mean over `n` runs. Of a `swept` experiment a seed has
    several runs, so that these are what is counted.
    """
    place = "".join(f", {word} {where[word]}" for word in ("layer", "epoch") if word in where)
    if "moment" in where:
        place += f", {MOMENTS[where['moment']]}"
    noun = "run" if swept else "seed"
    seeds = f" over its one {noun}" if n == 1 else f" over {n} {noun}s" if n else ""
    name = METRICS.get(metric, metric.replace("_", " "))
    text = f"{WORDS[stat]} {name}{seeds}: {where['variant']}{place}, in “{title}”."
    if n == 0:
        text += f" {_none(metric, stat)}"
    if n > 1 and math.isfinite(ends[0]) and ends[0] < ends[1]:
        text += f" 95 % interval of the mean: {written(list(ends), metric)}."
    return text


def _none(metric: str, stat: str) -> str:
    """Why there is no value."""
    if stat == "n":
        return "No run has one."
    return "No run reached it." if metric in THRESHOLDS else "Every run diverged."


def written(
    values: list[float],
    metric: str,
    *,
    spread: bool = False,
    digits: int | None = None,
    unit: bool = True,
) -> str:
    """Return the values of a metric as text; two values are the ends of an interval."""
    suffix, scale, places, significant = _format(metric, spread)
    shown = [
        plain(value * scale, places if digits is None else digits, significant=significant)
        for value in values
    ]
    joined = f"{SPACE}to{SPACE}".join(shown)
    return joined + (f"{SPACE}{suffix}" if unit and suffix else "")


def _format(metric: str, spread: bool) -> tuple[str, float, int, bool]:
    """Return unit, factor, digits, and whether the digits are significant ones, of a metric."""
    if metric.endswith("accuracy"):
        return ("percentage points" if spread else "%"), 100.0, 2, False
    if metric.endswith("loss"):
        return "", 1.0, 4, False
    if metric in THRESHOLDS:
        return "epochs", 1.0, 1, False
    if metric.endswith("_s"):
        return "s", 1.0, 2, False
    return "", 1.0, 4, True


def plain(value: float, digits: int, *, significant: bool) -> str:
    """Return a number with a true minus sign, to decimals or to significant digits."""
    if significant and value != 0:
        digits = max(0, digits - 1 - math.floor(math.log10(abs(value))))
    text = f"{0.0 if significant and value == 0 else value:.{digits}f}"
    if significant and value == 0:
        return "0"
    # A negative value that rounds to zero would read −0.00.
    if float(text) == 0:
        text = text.lstrip("-")
    return text.replace("-", MINUS)


NONE = "\u2013"


def number(value: float, decimals: int) -> str:
    """Return the number with fixed decimals, a true minus sign, and an en dash for NaN."""
    if not math.isfinite(value):
        return NONE
    return f"{value:.{decimals}f}".replace("-", MINUS)


def with_interval(mean: float, half_width: float, decimals: int) -> str:
    """Return "mean ± half-width"; without the latter where it does not exist."""
    text = number(mean, decimals)
    if not math.isfinite(half_width) or not math.isfinite(mean):
        return text
    return f"{text} ± {number(half_width, decimals) if half_width else 0}"


_SUPERSCRIPT = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


def power(value: float) -> str:
    """A positive number as text: plain near one, else as the nearest power of ten, 10⁻²⁰."""
    exponent = round(math.log10(value))
    if -2 <= exponent <= 3:
        return f"{value:.3g}"
    return "10" + str(exponent).translate(_SUPERSCRIPT)


def _magnitude(value: float, digits: int) -> str:
    """A number to significant digits, with a power of ten where it is far from one."""
    if value == 0 or 1e-4 <= abs(value) < 1e6:
        return plain(value, digits, significant=True)
    mantissa, exponent = f"{value:.{digits - 1}e}".split("e")
    power_of_ten = str(int(exponent)).translate(_SUPERSCRIPT)
    return f"{mantissa.replace('-', MINUS)}{SPACE}×{SPACE}10{power_of_ten}"


def _rounded(decimals: int, unit: str = "") -> Callable[[float], str]:
    return lambda value: plain(value, decimals, significant=False) + unit


def _whole(value: float) -> str:
    return f"{value:,.0f}".replace("-", MINUS)


WRITERS: Mapping[QuantityKind, Callable[[float], str]] = {
    "accuracy": _rounded(2, f"{SPACE}%"),
    "percent": _rounded(2, f"{SPACE}%"),
    "points": _rounded(2),
    "correlation": _rounded(2),
    "loss": _rounded(4),
    "depth": _whole,
    "count": _whole,
    "p": lambda value: _magnitude(value, 2),
    "factor": lambda value: _magnitude(value, 3),
    "magnitude": lambda value: _magnitude(value, 3),
    "setting": lambda value: f"{value:g}".replace("-", MINUS),
}


def quantity(given: Quantity) -> str:
    """Return a quantity of a claim's note as text, as its kind is written everywhere."""
    return WRITERS[given.kind](given.value) if math.isfinite(given.value) else NONE
