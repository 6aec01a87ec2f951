"""The numbers an answer may call, looked up in the results and written with their units."""

import functools
import math
from collections.abc import Mapping
from html import escape
from io import StringIO
from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis.results.cache import Cache, digest
from analysis.study import initializers
from report.prose.places import Misplaced, unknown
from report.words import metrics
from report.words.metrics import THRESHOLDS
from report.words.numbers import magnitude

if TYPE_CHECKING:
    from analysis.results.frames import Results

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
    "runs": ["experiment", "variant"],
    "epochs": ["experiment", "variant", "epoch"],
    "layers": ["experiment", "variant", "moment", "layer"],
}
NOT_METRICS = {"seed", "diverged_epoch", "epochs", "epoch", "layer"}


class Numbers:
    """Numbers of one set of results; every method returns HTML ready for a sentence."""

    def __init__(self, results: "Results", cache: Cache, evidence: str) -> None:
        """`evidence` is the digest of the results and of the code that summarises them."""
        self.results = results
        self.cache = cache
        self.evidence = evidence
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
    ) -> str:
        """Return a statistic over the seeds of one variant as a marked span, with its unit.

        `metric` is a column of the runs; with `epoch` a column of the epochs; with `layer` (and
        `moment`) a column of the layers. Accuracies are written in percent, their spread in
        percentage points. Raises ReportError for anything that the results do not hold.
        """
        if stat not in STATISTICS:
            raise unknown("statistic", stat, STATISTICS)
        where: dict[str, Any] = {"experiment": experiment, "variant": variant}
        table = "runs"
        if epoch is not None:
            table, where = "epochs", where | {"epoch": epoch}
        elif layer is not None:
            table, where = "layers", where | {"moment": moment, "layer": layer}
        row = self._row(table, metric, where)
        text = self._text(row, metric, stat, digits, unit, where)
        keys = {"metric": metric, **where, "stat": stat}
        own = self.results.study.experiments[experiment]
        ends = float(row["low"]), float(row["high"])
        swept = len(own.points) > 1
        about = metrics.about(metric, stat, where, own.title, int(row["n"]), ends, swept=swept)
        return _span(text, keys, row, about)

    def theory(
        self,
        metric: str,
        variant: str,
        *,
        layer: int,
        experiment: str = "base",
        digits: int | None = None,
    ) -> str:
        """Return the closed-form standard deviation or variance of one weight of a layer.

        `metric` is "kernel_sd" or "kernel_variance". Raises ReportError where the initializer
        has no closed form.
        """
        known = ("kernel_sd", "kernel_variance")
        if metric not in known:
            raise unknown("theoretical value", metric, known)
        chosen = {v.name: v for v in self.results.study.variants}
        if variant not in chosen:
            raise unknown("variant", variant, chosen)
        where = {"experiment": experiment, "layer": layer}
        fans = self._matching("layers", where)
        scheme = chosen[variant]
        function = (
            initializers.standard_deviation if metric == "kernel_sd" else initializers.variance
        )
        fan_in, fan_out = int(fans["fan_in"].iloc[0]), int(fans["fan_out"].iloc[0])
        value = function(scheme.initializer, scheme.parameters, fan_in, fan_out)
        if value is None:
            raise Misplaced(f"{scheme.initializer} has no closed-form variance")
        return magnitude(value, 4 if digits is None else digits)

    def setting(self, key: str) -> Any:
        """Return a value of the study by its dotted key, such as "training.optimizer.name"."""
        value: Any = self.results.study
        for part in key.split("."):
            value = _child(value, part, key)
        return value

    def _summary(self, table: str, metric: str) -> pd.DataFrame:
        """Return the summary of one column by its keys; it is computed once per set of results."""
        key = digest("summary", self.evidence, table, metric)
        text = self.cache.text(key, lambda: _computed(self.results, table, metric))
        return pd.read_csv(StringIO(text))

    def _row(self, table: str, metric: str, where: Mapping[str, Any]) -> pd.Series:
        frame = getattr(self.results, table)
        extra = set(THRESHOLDS) if table == "runs" else set()
        known = (set(frame.select_dtypes("number").columns) | extra) - NOT_METRICS
        if metric not in known:
            raise unknown(f"metric of the {table}", metric, known)
        self._matching(table, where)
        summary = self.summary(table, metric)
        mask = pd.Series(True, index=summary.index)
        for column, value in where.items():
            mask &= summary[column] == value
        if not mask.any():
            raise Misplaced(f"no run has a {metric} for {_words(where)}")
        return summary[mask].iloc[0]

    def _matching(self, table: str, where: Mapping[str, Any]) -> pd.DataFrame:
        """Return the rows of a table with the given keys, naming the first key that has none."""
        frame: pd.DataFrame = getattr(self.results, table)
        for column, value in where.items():
            rows = frame[frame[column] == value]
            if rows.empty:
                raise unknown(column, value, [str(known) for known in frame[column].unique()])
            frame = rows
        return frame

    def _text(
        self,
        row: pd.Series,
        metric: str,
        stat: str,
        digits: int | None,
        unit: bool,
        where: Mapping[str, Any],
    ) -> str:
        if stat == "n":
            return str(int(row["n"]))
        if stat == "half_width":
            values = [(row["high"] - row["low"]) / 2]
        elif stat == "interval":
            values = [row["low"], row["high"]]
        else:
            values = [row[COLUMNS[stat]]]
        if any(not math.isfinite(value) for value in values):
            return self._missing(metric, row, where)
        return metrics.written(
            values, metric, spread=stat in ("sd", "half_width"), digits=digits, unit=unit
        )

    def _missing(self, metric: str, row: pd.Series, where: Mapping[str, Any]) -> str:
        """Return what stands where there is no number: the runs diverged, or it never happened."""
        if metric in THRESHOLDS and not row["n"]:
            return "never"
        keys = {key: where[key] for key in ("experiment", "variant")}
        runs = self._matching("runs", keys)
        if (runs["status"] == "diverged").all():
            return "diverged"
        if row["n"] < 2:
            return "not defined for a single run"
        raise Misplaced(f"{metric} of {_words(where)} is not a finite number")


def _computed(results: "Results", table: str, metric: str) -> str:
    # SciPy takes longer to import than a page takes to render: only when there is work for it.
    from analysis.statistics import comparisons

    if metric in THRESHOLDS:
        frame = comparisons.epochs_to_reach(results.epochs, *THRESHOLDS[metric])
        summary = comparisons.summary(frame, "epochs_to_reach", KEYS[table])
    else:
        summary = comparisons.summary(getattr(results, table), metric, KEYS[table])
    return summary.to_csv(index=False)


def _span(text: str, keys: Mapping[str, Any], row: pd.Series, about: str) -> str:
    """Return the number with all that identifies it, for whoever wants to follow it to its runs."""
    data = {**keys, "n": int(row["n"]), "low": row["low"], "high": row["high"], "about": about}
    attributes = "".join(
        f' data-{name}="{escape(_datum(value))}"'
        for name, value in data.items()
        if _datum(value) != "nan"
    )
    return f'<span class="number"{attributes}>{text}</span>'


def _datum(value: Any) -> str:
    return f"{value:.8g}" if isinstance(value, float) else str(value)


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
