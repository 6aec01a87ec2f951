"""How a measured quantity is written in a sentence: its digits, its unit, and what it is called."""

import math
from collections.abc import Mapping
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any

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


SMALL, LARGE = 1e-4, 1e6
EXACT = 12
_WIDE = Context(prec=400)


def fixed(value: float, decimals: int) -> str:
    """Return a number with so many decimals; an en dash for what is not finite.

    With two, -1.005 is "−1.01" and -0.001 is "0.00".
    """
    if not math.isfinite(value):
        return NONE
    return _signed(_rounded(_decimal(value), decimals))


def magnitude(value: float, digits: int = 3) -> str:
    """Return a number of any size in at most so many significant digits.

    1234.5 is "1235", 0.0123 "0.0123", 0.000012 "1.2 × 10⁻⁵", 0 "0"; no digit before the point is
    rounded away.
    """
    if not math.isfinite(value):
        return NONE
    number = _decimal(value)
    rounded = Context(prec=digits, rounding=ROUND_HALF_UP).create_decimal(number)
    if rounded and not SMALL <= abs(float(rounded)) < LARGE:
        exponent = rounded.adjusted()
        return f"{_short(rounded.scaleb(-exponent))}{SPACE}×{SPACE}{ten_to(exponent)}"
    return _short(_rounded(number, max(0, digits - 1 - rounded.adjusted())))


def exact(value: float) -> str:
    """Return a number in as few digits as it needs: 0.1 is "0.1", 3.0 "3", 0.00001 "1 × 10⁻⁵"."""
    return magnitude(value, EXACT)


def percent(value: float, decimals: int = 2) -> str:
    """Return a percentage: 11.35 is "11.35 %"."""
    return with_unit(fixed(value, decimals), "%")


def accuracy(fraction: float) -> str:
    """Return an accuracy in percent: 0.1135 is "11.35 %"."""
    return percent(100.0 * fraction)


def loss(nats: float) -> str:
    """Return a loss without its unit: 0.09314 is "0.0931"; a huge one has a power of ten."""
    return magnitude(nats) if LARGE <= abs(nats) < math.inf else fixed(nats, 4)


def ten_to(exponent: int) -> str:
    """Return a power of ten: of -20 it is "10⁻²⁰"."""
    return "10" + str(exponent).translate(_SUPERSCRIPT)


def with_unit(number: str, unit: str) -> str:
    """Return a number with its unit, if it has one: "3 s"; an en dash stands alone."""
    return f"{number}{SPACE}{unit}" if unit and number != NONE else number


def plus_minus(mean: float, half_width: float, decimals: int) -> str:
    """Return a mean with its interval, such as "97.56 ± 0.07".

    Where there is no half width (one run) the mean stands alone; one of exactly zero is "0".
    """
    text = fixed(mean, decimals)
    if not math.isfinite(half_width) or not math.isfinite(mean):
        return text
    return f"{text} ± {fixed(half_width, decimals) if half_width else 0}"


def _decimal(value: float) -> Decimal:
    return Decimal(f"{value:.{EXACT}g}")


def _rounded(number: Decimal, decimals: int) -> Decimal:
    return number.quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP, _WIDE)


def _short(number: Decimal) -> str:
    """Without zeros at its end."""
    return _signed(number.normalize(_WIDE))


def _signed(number: Decimal) -> str:
    """With a true minus sign, which a zero has not."""
    return f"{number or abs(number):f}".replace("-", MINUS)
