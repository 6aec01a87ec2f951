"""Metric by metric: what it is called, and in which unit and digits it is written.

The one list of them; sentences, tables, figures and the page of runs take theirs from here. The
decimals of accuracies and losses are those of every percentage and loss, in numbers.py.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from analysis.statistics.level import AT_LEVEL, AT_SIDE, QUANTILE
from report.words.numbers import (
    LOSS_DECIMALS,
    PERCENT,
    PERCENT_DECIMALS,
    SPACE,
    fixed,
    magnitude,
    percent,
    with_unit,
)

TARGET = 0.95
"""Validation accuracy, as a fraction, to which epochs are counted."""
THRESHOLDS = {"epochs_to_95": ("val_accuracy", TARGET)}
"""What counts epochs: the column that must reach a value, and this value."""
LEVELS = {
    "interval": AT_LEVEL,
    "test": AT_SIDE,
    "quantile": f"{QUANTILE:g}",
}
"""How sure intervals and tests are, in words, as answers and pages call it."""
REACHED = percent(PERCENT * TARGET, 0).replace(SPACE, " ")
WORDS = {
    "mean": "Mean",
    "sd": "Standard deviation of",
    "min": "Lowest",
    "max": "Highest",
    "low": f"Lower end of the {AT_LEVEL} interval of mean",
    "high": f"Upper end of the {AT_LEVEL} interval of mean",
    "n": "Number of runs with a",
    "half_width": f"Half the width of the {AT_LEVEL} interval of mean",
    "interval": f"{AT_LEVEL} interval of mean",
}
"""How a sentence about a number begins, by statistic."""


@dataclass(frozen=True)
class Metric:
    """How a metric is called and written; what is measured is multiplied by `factor` for its unit.

    `name` is for a sentence, `header` for a column or an axis. `write` takes a number and `digits`:
    these are decimals, or significant ones where it is a magnitude. A `bare` one has no unit in a
    sentence.
    """

    name: str
    header: str = ""
    unit: str = ""
    digits: int = 4
    factor: float = 1.0
    write: Callable[[float, int], str] = magnitude
    bare: bool = False

    @property
    def quantity(self) -> str:
        """Return the header with its unit, as an axis has it: "Test accuracy (%)"."""
        return f"{self.header} ({self.unit})"

    def text(self, value: float) -> str:
        """Return a measured value in the unit, which is left out: an accuracy of 1 is "100.00"."""
        return self.write(self.factor * value, self.digits)


_accuracy = partial(Metric, unit="%", digits=PERCENT_DECIMALS, factor=PERCENT, write=fixed)
_loss = partial(Metric, unit="nats", digits=LOSS_DECIMALS, write=fixed, bare=True)
METRICS: Mapping[str, Metric] = {
    "epochs": Metric("number of epochs", "Epochs done", digits=0, write=fixed),
    "loss": _loss("training loss", "Training loss"),
    "accuracy": _accuracy("training accuracy", "Training accuracy"),
    "train_loss": _loss("final training loss", "Training loss"),
    "train_accuracy": _accuracy("final training accuracy", "Training accuracy"),
    "val_loss": _loss("validation loss", "Validation loss"),
    "val_accuracy": _accuracy("validation accuracy", "Validation accuracy"),
    "test_loss": _loss("test loss", "Test loss"),
    "test_accuracy": _accuracy("test accuracy", "Test accuracy"),
    "train_s": Metric("training time", "Time", "s", 2, write=fixed),
    "compile_s": Metric("compilation time", "Compilation", "s", 2, write=fixed),
    "epochs_to_95": Metric(
        f"number of epochs to a validation accuracy of {REACHED}",
        f"Epochs to {REACHED} validation", "epochs", 1, write=fixed,
    ),
    "kernel_sd": Metric("standard deviation of the kernel"),
    "kernel_gradient_norm": Metric("norm of the kernel's gradient"),
    "mean_square": Metric("mean square of the outputs"),
    "sum_mean_square": Metric("mean square of the sums"),
    "sum_gradient_sd": Metric("standard deviation of the gradient with respect to the sums"),
    "sum_correlation": Metric("correlation of the sums", digits=3, write=fixed),
    "dead_share": Metric("share of dead units"),
    "flat_share": Metric("share of flat slopes"),
}  # fmt: skip
"""By the column of the results; `metric` knows the others too."""
REASONS = {
    "never": "No run reached it.",
    "diverged": "Every run diverged.",
    "not measured": "It was not measured.",
    "not finite": "No run has a finite one.",
}
"""Why there is no value, by what is written in its place."""
MOMENTS = {"initial": "before training", "during": "during training", "final": "after training"}


def metric(column: str) -> Metric:
    """Return how a column is called and written: by its own name where METRICS does not have it."""
    return METRICS.get(column) or Metric(column.replace("_", " "))


def written(
    values: Sequence[float],
    column: str,
    *,
    spread: bool = False,
    digits: int | None = None,
    unit: bool = True,
) -> str:
    """Return the values of a column as text; two values are the ends of an interval.

    written([0.1135], "test_accuracy") is "11.35 %"; a `spread` of accuracies has percentage points.
    """
    own = metric(column)
    chosen = own.digits if digits is None else digits
    shown = [own.write(value * own.factor, chosen) for value in values]
    joined = f"{SPACE}to{SPACE}".join(shown)
    name = "percentage points" if spread and own.unit == "%" else own.unit
    return with_unit(joined, name if unit and not own.bare else "")


def place(where: Mapping[str, Any]) -> str:
    """Return in words at which layer, epoch or moment something was measured: ", epoch 3"."""
    text = "".join(f", {word} {where[word]}" for word in ("layer", "epoch") if word in where)
    return f"{text}, {MOMENTS[where['moment']]}" if "moment" in where else text


def about(
    column: str,
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
    are those of the interval of the mean over `n` runs. Of a `swept` experiment a seed has
    several runs, so that these are what is counted. Where no run has a value, `missing` is a key of
    REASONS.
    """
    noun = "run" if swept else "seed"
    seeds = f" over its one {noun}" if n == 1 else f" over {n} {noun}s" if n else ""
    what, which = metric(column).name, f"{where['variant']}{place(where)}"
    text = f"{WORDS[stat]} {what}{seeds}: {which}, in “{title}”."
    if n == 0:
        text += " No run has one." if stat == "n" else f" {REASONS[missing]}"
    if n > 1 and math.isfinite(ends[0]) and ends[0] < ends[1]:
        text += f" {AT_LEVEL} interval of the mean: {written(ends, column)}."
    return text
