"""The numbers of the text, as the page of runs tells of each to who comes from it."""

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from report.prose.uses import NumberUse
from report.words import metrics
from report.words.metrics import LEVELS, THRESHOLDS
from report.words.numbers import NONE

if TYPE_CHECKING:
    from analysis.results.frames import Results


@dataclass(frozen=True)
class Behind:
    """What stands behind a number: which runs, what was measured of them, and its statistics.

    `query` is what the address of the page asks for, and `title` what that is in words. `header`,
    with `unit`, is that of the column it was measured in, `values` what it says of each of the
    variant's runs, in their order, as measured and as `texts`. `told` has the statistics by their
    names, written as the text writes them; `method` says how they came about, and `file` holds the
    rows.
    """

    query: Mapping[str, str]
    title: str
    header: str
    unit: str
    told: Mapping[str, str]
    method: str
    file: str
    values: tuple[float, ...]
    texts: tuple[str, ...]


def behind(results: "Results", uses: Iterable[NumberUse]) -> tuple[Behind, ...]:
    """Return what stands behind the numbers, each once, in their order."""
    asked = {tuple(sorted(use.query.items())): use for use in uses}
    return tuple(_behind(results, use) for use in asked.values())


def _behind(results: "Results", use: NumberUse) -> Behind:
    own = metrics.metric(use.metric)
    table, where = _place(use)
    values = tuple(map(float, _values(results, use, table, where)))
    place = metrics.place(where)
    header = own.header or own.name.capitalize()
    return Behind(
        query=use.query,
        title=f"{own.name[0].upper()}{own.name[1:]}: {use.variant}{place}",
        header=f"{header}{place}",
        unit=own.unit,
        told=_told(use),
        method=_method(use, len(values)),
        file=f"{table}.csv",
        values=values,
        texts=tuple(own.text(value) if math.isfinite(value) else NONE for value in values),
    )


def _place(use: NumberUse) -> tuple[str, dict[str, Any]]:
    """The table a number was taken from, and which rows of it, beside those of its variant."""
    if use.epoch is not None:
        return "epochs", {"epoch": use.epoch}
    if use.layer is not None:
        return "layers", {"layer": use.layer, "moment": use.moment}
    return ("epochs" if use.metric in THRESHOLDS else "runs"), {}


def _values(
    results: "Results", use: NumberUse, table: str, where: Mapping[str, Any]
) -> Iterable[float]:
    """What was measured of each run of the variant, NaN where nothing was."""
    runs = _rows(results.runs, use)
    if table == "runs":
        return [float(value) for value in runs[use.metric]]
    frame, column = _rows(getattr(results, table), use), use.metric
    if use.metric in THRESHOLDS:
        # SciPy takes long to import, and few reports count epochs.
        from analysis.statistics import summaries

        frame, column = summaries.epochs_to_reach(frame, *THRESHOLDS[column]), "epochs_to_reach"
    for name, value in where.items():
        frame = frame[frame[name] == value]
    known = dict(zip(frame["run_id"].tolist(), frame[column].tolist(), strict=True))
    return [known.get(run, math.nan) for run in runs["run_id"].tolist()]


def _rows(frame: pd.DataFrame, use: NumberUse) -> pd.DataFrame:
    return frame[(frame["experiment"] == use.experiment) & (frame["variant"] == use.variant)]


def _told(use: NumberUse) -> dict[str, str]:
    """The statistics that exist, as the text writes them."""
    several = use.n > 1
    found = {
        "Mean" if several else "Value": ([use.mean], False),
        "Standard deviation": ([use.sd] if several else [], True),
        f"{LEVELS['interval']} interval of the mean": ([use.low, use.high], False),
    }
    written = {
        label: metrics.written(values, use.metric, spread=spread)
        for label, (values, spread) in found.items()
        if values and all(map(math.isfinite, values))
    }
    return {**written, "Runs": str(use.n)}


def _method(use: NumberUse, count: int) -> str:
    """How the interval is made, and how many of the variant's runs are left out."""
    left = count - use.n
    parts = []
    if use.n > 1 and use.low < use.high:
        parts.append("The interval is Student’s t over the runs.")
    if use.n > 1 and use.low == use.high:
        parts.append("All of them are equal.")
    if left:
        parts.append(f"{left} of {count} diverged or have no such value, and are left out.")
    return " ".join(parts)
