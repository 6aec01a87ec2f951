"""One row a group of runs: mean, spread, interval and order, and what a run took to get there.

What a diverged run left behind never enters an estimate: it is left out, as NaN is, and the count
of what remains is always part of the answer.
"""

from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import pandas as pd

from analysis.statistics.estimates import Floats, constant, finite, mean_interval


def summary(frame: pd.DataFrame, value: str, by: Sequence[str]) -> pd.DataFrame:
    """One row a group: `by`, n, diverged, mean, sd, low, high, minimum, maximum.

    low and high bound the mean over seeds at LEVEL (Student). Rows of a diverged run or epoch, and
    rows whose value is not finite, are counted in `diverged` and in nothing else. Groups follow the
    order of `by`'s categories, or are sorted.
    """
    groups = measured(frame, value).groupby(list(by), observed=True, sort=True)[value]
    rows = [
        {
            **dict(zip(by, _key(key), strict=True)),
            **_describe(part.to_numpy(dtype=float)),
        }
        for key, part in groups
    ]
    table = pd.DataFrame(rows, columns=[*by, *_DESCRIPTION])
    for name in by:
        table[name] = table[name].astype(frame[name].dtype)
    return table


_DESCRIPTION = ("n", "diverged", "mean", "sd", "low", "high", "minimum", "maximum")


def _describe(values: Floats) -> dict[str, float]:
    sample = finite(values)
    interval = mean_interval(sample)
    spread = float(sample.std(ddof=1)) if sample.size > 1 else np.nan
    if sample.size > 1 and constant(sample):
        spread = 0.0
    bounds = (float(sample.min()), float(sample.max())) if sample.size else (np.nan, np.nan)
    numbers = (interval.n, values.size - sample.size, interval.value, spread)
    return dict(zip(_DESCRIPTION, (*numbers, interval.low, interval.high, *bounds), strict=True))


def measured(frame: pd.DataFrame, value: str) -> pd.DataFrame:
    """Return the frame with NaN for `value` where its run, or its epoch, has diverged.

    A network with a loss that is not finite may still score an accuracy: that of a constant answer.
    """
    column = frame[value].astype(float)
    if "status" in frame:
        column = column.where(frame["status"] != "diverged")
    if "loss" in frame:
        column = column.where(np.isfinite(frame["loss"].astype(float)))
    return frame.assign(**{value: column})


def ranking(runs: pd.DataFrame, value: str, by: Sequence[str]) -> pd.DataFrame:
    """The summary of `value` by `by` and variant, within `by` from the highest mean to the lowest.

    Groups keep the order of the rows; a variant without a finished run comes last.
    """
    table = summary(runs, value, [*by, "variant"])
    placed = table.assign(place=_places(runs, table, by))
    keys = ["place", "mean", "variant"]
    placed = placed.sort_values(keys, ascending=[True, False, True], kind="stable")
    return placed.drop(columns="place").reset_index(drop=True)


def ordered(runs: pd.DataFrame, value: str, by: Sequence[str]) -> pd.DataFrame:
    """The summary of `value` by `by`, its groups in the order in which the rows have them."""
    table = summary(runs, value, by)
    placed = table.assign(place=_places(runs, table, by)).sort_values("place", kind="stable")
    return placed.drop(columns="place").reset_index(drop=True)


def epochs_to_reach(epochs: pd.DataFrame, metric: str, threshold: float) -> pd.DataFrame:
    """One row a run: its keys and `epochs_to_reach`, the first epoch with metric >= threshold.

    NaN where the run never got there. The order of runs is that of `epochs`.
    """
    keys = ["experiment", "variant", "seed", "run_id"]
    runs = epochs[keys].drop_duplicates()
    known = measured(epochs, metric)
    reached = known[known[metric] >= threshold]
    first = reached.groupby(keys, sort=False, observed=True)["epoch"].min().astype(float)
    return runs.join(first.rename("epochs_to_reach"), on=keys).reset_index(drop=True)


_RUN = ["variant", "seed", "depth"]


def crossings(epochs: pd.DataFrame, metric: str, threshold: float, *, start: float) -> pd.DataFrame:
    """One row a run: variant, seed, depth and `epochs`, after which a metric reaches a threshold.

    Linear between the ends of epochs, from `start` before the first; a run that never gets there,
    such as one that diverges, has the last epoch of the longest. Depth is that of the rows.
    """
    longest = float(epochs["epoch"].max())
    rows = [
        dict(zip(_RUN, key, strict=True))
        | {"epochs": min(_crossing(own, metric, threshold, start), longest)}
        for key, own in epochs.sort_values("epoch").groupby(_RUN, observed=True, sort=True)
    ]
    return pd.DataFrame(rows, columns=[*_RUN, "epochs"])


def _crossing(own: pd.DataFrame, metric: str, threshold: float, start: float) -> float:
    values = [start, *own[metric].astype(float)]
    for at, (before, now) in enumerate(pairwise(values)):
        if now >= threshold:
            return at + max(0.0, threshold - before) / (now - before) if now > before else float(at)
    return np.inf


def attainments(
    runs: pd.DataFrame, epochs: pd.DataFrame, metric: str, threshold: float
) -> pd.DataFrame:
    """One row a depth and variant: depth, variant, runs, ever, last, diverged, all of them counts.

    `ever` are the runs with metric >= threshold at the end of some epoch, `last` those at the end
    of the last epoch of the longest run, which one that diverged does not see. Depths ascend.
    """
    final = epochs["epoch"].max()
    known = measured(epochs, metric)
    there = known[known[metric] >= threshold]
    rows = []
    for key, own in runs.groupby(["depth", "variant"], observed=True, sort=True):
        depth, variant = _key(key)
        seen = there[(there["depth"] == depth) & (there["variant"] == variant)]
        counts = {
            "runs": len(own),
            "ever": seen["seed"].nunique(),
            "last": seen.loc[seen["epoch"] == final, "seed"].nunique(),
            "diverged": int((own["status"] == "diverged").sum()),
        }
        rows.append({"depth": depth, "variant": variant} | counts)
    return pd.DataFrame(rows, columns=["depth", "variant", "runs", "ever", "last", "diverged"])


def costs(runs: pd.DataFrame) -> pd.DataFrame:
    """One row an experiment, in order: runs, epochs trained, train_s and compile_s.

    The seconds are those of a worker, which is one core.
    A last row, experiment "", counts every run once, also one that several experiments share: as
    far as one of them has it trained.
    """
    longest = runs.sort_values("epochs", kind="stable").drop_duplicates("run_id", keep="last")
    whole = longest.assign(experiment="")
    parts = [own for _, own in runs.groupby("experiment", observed=True)]
    return pd.DataFrame([_cost(own) for own in (*parts, whole)])


def _cost(own: pd.DataFrame) -> dict[str, object]:
    return {
        "experiment": str(own["experiment"].iloc[0]),
        "runs": len(own),
        "epochs": int(own["epochs"].sum()),
        "train_s": float(own["train_s"].sum()),
        "compile_s": float(own["compile_s"].sum()),
    }


def _places(runs: pd.DataFrame, table: pd.DataFrame, by: Sequence[str]) -> pd.Series:
    """Where the group of each row of a table first stands in the runs."""
    order = {key: place for place, key in enumerate(dict.fromkeys(_tuples(runs, by)))}
    return pd.Series([order[key] for key in _tuples(table, by)], index=table.index)


def _tuples(frame: pd.DataFrame, by: Sequence[str]) -> list[tuple[object, ...]]:
    return list(zip(*(frame[name].tolist() for name in by), strict=True))


def _key(key: object) -> tuple[object, ...]:
    return key if isinstance(key, tuple) else (key,)
