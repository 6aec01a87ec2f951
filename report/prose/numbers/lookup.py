"""The numbers an answer may call, looked up in the results and written with their units."""

import functools
import json
import math
from collections.abc import Callable, Iterator, Mapping
from itertools import product
from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis.results.cache import Cache, digest
from analysis.study import initializers
from report.prose.locations import Misplaced, unknown
from report.prose.numbers import depths
from report.prose.uses import NumberUse, TheoryUse
from report.words import metrics
from report.words.metrics import THRESHOLDS
from report.words.numbers import magnitude

if TYPE_CHECKING:
    from analysis.results.frames import Results
    from analysis.study.model import Experiment
    from analysis.study.network import Initializer

COLUMNS = {
    "mean": "mean",
    "sd": "sd",
    "min": "minimum",
    "max": "maximum",
    "low": "low",
    "high": "high",
    "n": "n",
}
STATISTICS = (*COLUMNS, "half_width", "interval")
KEYS = {
    "runs": ("experiment", "variant"),
    "epochs": ("experiment", "variant", "epoch"),
    "layers": ("experiment", "variant", "moment", "layer"),
}
NOT_METRICS = {"seed", "point", "diverged_epoch", "epochs", "epoch", "layer"}
Row = Mapping[str, float]
"""A group of a summary: n, mean, sd, low, high, minimum and maximum."""


class Numbers:
    """Numbers of one set of results; every method returns what an answer shows of them."""

    def __init__(self, results: "Results", cache: Cache, inputs: str) -> None:
        """`inputs` is the digest of the results and of the code that summarises them."""
        self.results = results
        self.cache = cache
        self.inputs = inputs
        self.summary = functools.cache(self._summary)

    def number(
        self,
        metric: str,
        variant: str,
        *,
        stat: str = "mean",
        experiment: str = "base",
        epoch: int | None = None,
        layer: int | None = None,
        moment: str = "final",
        digits: int | None = None,
        unit: bool = True,
    ) -> NumberUse:
        """Return a statistic over the seeds of one variant, written with its unit.

        `metric` is a column of the runs; with `epoch` a column of the epochs; with `layer` (and
        `moment`) a column of the layers. Accuracies are written in percent, their spread in
        percentage points. Raises ReportError for anything that the results do not hold.
        """
        if stat not in STATISTICS:
            raise unknown("statistic", stat, STATISTICS)
        table, place = "runs", dict[str, Any]()
        if epoch is not None:
            table, place = "epochs", {"epoch": epoch}
        elif layer is not None:
            table, place = "layers", {"moment": moment, "layer": layer}
        where = {"experiment": experiment, "variant": variant, **place}
        row = self._row(table, metric, where)
        values = _values(row, stat)
        lacks = not all(map(math.isfinite, values))
        missing = self._missing(table, metric, row, where) if lacks else ""
        spread = stat in ("sd", "half_width")
        if stat == "n":
            text = str(int(row["n"]))
        else:
            text = missing or metrics.written(
                values, metric, spread=spread, digits=digits, unit=unit
            )
        own = self.results.study.experiments[experiment]
        n, ends = int(row["n"]), (row["low"], row["high"])
        swept = len(own.points) > 1
        about = metrics.about(metric, stat, where, own.title, n, ends, swept=swept, missing=missing)
        return NumberUse(
            metric, experiment, variant, stat, tuple(values),
            n, row["mean"], row["sd"], *ends, about, text, **place,
        )  # fmt: skip

    def theory(
        self,
        metric: str,
        variant: str,
        *,
        layer: int,
        experiment: str = "base",
        digits: int | None = None,
    ) -> TheoryUse:
        """Return the closed-form standard deviation or variance of one weight of a layer.

        `metric` is "kernel_sd" or "kernel_variance"; `layer` counts from 1, the last is the output
        layer. Raises ReportError where the initializer has no closed form, or where it is another
        one at another point of the experiment's sweep.
        """
        known = {
            "kernel_sd": initializers.standard_deviation,
            "kernel_variance": initializers.variance,
        }
        if metric not in known:
            raise unknown("theoretical value", metric, known)
        experiments = self.results.study.experiments
        if experiment not in experiments:
            raise unknown("experiment", experiment, experiments)
        if any(point.settings.network.convolution for point in experiments[experiment].points):
            raise Misplaced(
                f"{experiment!r} has convolutions, whose kernels no theory here tells of"
            )
        self._matching("layers", {"experiment": experiment, "layer": layer})
        kernels = list(self._kernels(experiments[experiment], experiment, variant, layer))
        values = {known[metric](k.initializer, k.parameters, *fans) for k, fans in kernels}
        if len(values) > 1:
            raise Misplaced(f"{metric} of {variant} differs over the sweep of {experiment!r}")
        value = values.pop()
        if value is None:
            raise Misplaced(f"{kernels[0][0].initializer} has no closed-form variance")
        text = magnitude(value, 4 if digits is None else digits)
        return TheoryUse(metric, variant, value, text)

    def reached(self, experiment: str, variant: str, *, depth: int) -> dict[str, Any]:
        """Return how many runs of a depth ever learn, have at the end, or diverge.

        See `depths.reached`.
        """
        return self._depth(depths.reached, experiment, variant, depth=depth)

    def versus(self, experiment: str, a: str, b: str, *, depth: int) -> dict[str, Any]:
        """Return how networks of two variants end at a depth, and how many of them ever learn.

        See `depths.versus`.
        """
        return self._depth(depths.versus, experiment, a, b, depth=depth)

    def _depth(
        self, count: Callable[..., dict[str, Any]], experiment: str, *variants: str, depth: int
    ) -> dict[str, Any]:
        key = digest(count.__name__, self.inputs, experiment, *variants, str(depth))
        made = self.cache.text(
            key, lambda: json.dumps(count(self.results, experiment, *variants, depth=depth))
        )
        return dict(json.loads(made))

    def setting(self, key: str) -> Any:
        """Return a value of the study by its dotted key, such as "training.optimizer.name"."""
        value: Any = self.results.study
        for part in key.split("."):
            value = _child(value, part, key)
        return value

    def _kernels(
        self, experiment: "Experiment", name: str, variant: str, layer: int
    ) -> "Iterator[tuple[Initializer, tuple[int, int]]]":
        """Yield initializer and fans of a layer's kernel at each point that has the layer."""
        frame = self.results.layers[self.results.layers["experiment"] == name]
        # Features and classes of the data, of which the layers know.
        features = frame.loc[frame["layer"] == 1, "fan_in"].unique()
        classes = frame.loc[frame["layer"] == frame["layer"].max(), "fan_out"].unique()
        for point, first, last in product(experiment.points, features, classes):
            variants = {each.name: each for each in point.settings.variants}
            if variant not in variants:
                raise unknown("variant", variant, variants)
            units = (int(first), *point.settings.network.hidden, int(last))
            if layer < len(units):
                kernel = variants[variant].kernel(layer, len(units) - 1)
                yield kernel, (units[layer - 1], units[layer])

    def _summary(self, table: str, metric: str) -> dict[tuple[Any, ...], Row]:
        """Return the summary of one column by its keys; it is computed once per set of results."""
        key = digest("summary", self.inputs, table, metric)
        text = self.cache.text(key, lambda: json.dumps(_computed(self.results, table, metric)))
        return {tuple(row[name] for name in KEYS[table]): row for row in json.loads(text)}

    def _row(self, table: str, metric: str, where: Mapping[str, Any]) -> Row:
        frame = getattr(self.results, table)
        extra = set(THRESHOLDS) if table == "runs" else set()
        known = (set(frame.select_dtypes("number").columns) | extra) - NOT_METRICS
        if metric not in known:
            raise unknown(f"metric of the {table}", metric, known)
        self._matching(table, where)
        row = self.summary(table, metric).get(tuple(where[name] for name in KEYS[table]))
        if row is None:
            raise Misplaced(f"no run has a {metric} for {_words(where)}")
        return row

    def _matching(self, table: str, where: Mapping[str, Any]) -> pd.DataFrame:
        """Return the rows of a table with the given keys, naming the first key that has none."""
        frame: pd.DataFrame = getattr(self.results, table)
        for column, value in where.items():
            rows = frame[frame[column] == value]
            if rows.empty:
                raise unknown(column, value, [str(known) for known in frame[column].unique()])
            frame = rows
        return frame

    def _missing(self, table: str, metric: str, row: Row, where: Mapping[str, Any]) -> str:
        """Return what stands where there is no number: it says why."""
        if row["n"] == 1:
            return "not defined for a single run"
        if row["n"]:
            raise Misplaced(f"{metric} of {_words(where)} is not a finite number")
        if metric in THRESHOLDS:
            return "never"
        runs = self._matching("runs", {key: where[key] for key in KEYS["runs"]})
        if (runs["status"] == "diverged").all():
            return "diverged"
        measured = self._matching(table, where)[metric].notna().any()
        return "not finite" if measured else "not measured"


def _computed(results: "Results", table: str, metric: str) -> list[dict[str, Any]]:
    # SciPy takes longer to import than a page takes to render: only when there is work for it.
    from analysis.statistics import summaries

    if metric in THRESHOLDS:
        frame = summaries.epochs_to_reach(results.epochs, *THRESHOLDS[metric])
        summary = summaries.summary(frame, "epochs_to_reach", KEYS[table])
    else:
        summary = summaries.summary(getattr(results, table), metric, KEYS[table])
    return [{str(name): value for name, value in row.items()} for row in summary.to_dict("records")]


def _values(row: Row, stat: str) -> list[float]:
    if stat == "half_width":
        return [(row["high"] - row["low"]) / 2]
    if stat == "interval":
        return [row["low"], row["high"]]
    return [row[COLUMNS[stat]]]


def _words(where: Mapping[str, Any]) -> str:
    return ", ".join(f"{key} {value!r}" for key, value in where.items())


def _child(value: Any, part: str, key: str) -> Any:
    if isinstance(value, tuple) and part.isdecimal() and int(part) < len(value):
        return value[int(part)]
    if isinstance(value, Mapping):
        known = dict(value)
    elif hasattr(type(value), "model_fields"):
        known = {name: getattr(value, name) for name in type(value).model_fields}
    else:
        known = {}
    if part not in known:
        raise unknown(f"setting {key!r}: no key", part, list(known))
    return known[part]
