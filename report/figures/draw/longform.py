"""The rows that a figure shows, one number a row: what is drawn is what is written.

Every frame has `quantity` (what is measured, with its unit), `kind` ("mean", "median", "seed" or
the name of a theory), the settings that tell its rows apart, and `value`. Means over seeds also
have n, diverged, sd, low and high (interval of the mean) and minimum and maximum over the seeds;
medians have n, minimum and maximum.
"""

from collections.abc import Sequence

import pandas as pd

from analysis.statistics import summaries

FIRST = ["quantity", "kind", "variant", "seed"]
LAST = ["value", "low", "high", "minimum", "maximum", "sd", "n", "diverged"]
MEAN, MEDIAN, SEED, THEORY = "mean", "median", "seed", "closed form"
TYPICAL = "closed form, median"
"""Where a closed form is a mean, and the median is another number."""


def means(frame: pd.DataFrame, value: str, by: Sequence[str], quantity: str) -> pd.DataFrame:
    """Return the summary of a column by `by`; a group that only diverged has n = 0 and no value."""
    table = summaries.summary(frame, value, by).rename(columns={"mean": "value"})
    return table.assign(quantity=quantity, kind=MEAN)


def medians(frame: pd.DataFrame, value: str, by: Sequence[str], quantity: str) -> pd.DataFrame:
    """Return the median of a column by `by`, of rows that all have a value, in their order."""
    groups = frame.groupby([*by], observed=True, sort=False)[value]
    table = groups.agg(["median", "min", "max", "count"]).reset_index()
    named = {"median": "value", "min": "minimum", "max": "maximum", "count": "n"}
    table = table.rename(columns=named)
    return table.assign(quantity=quantity, kind=MEDIAN)


def seeds(frame: pd.DataFrame, value: str, by: Sequence[str], quantity: str) -> pd.DataFrame:
    """Return the values of a column seed by seed, without those of diverged runs and epochs."""
    known = summaries.measured(frame, value)
    chosen = known[[*by, "seed"]].assign(value=known[value], quantity=quantity, kind=SEED)
    return chosen.dropna(subset="value")


def theory(frame: pd.DataFrame, value: str, by: Sequence[str], quantity: str) -> pd.DataFrame:
    """Return the values of a closed form, without the rows where it has none."""
    chosen: pd.DataFrame = frame[list(by)].assign(
        value=frame[value].astype(float), quantity=quantity
    )
    return chosen.assign(kind=THEORY).dropna(subset="value")


def joined(*parts: pd.DataFrame) -> pd.DataFrame:
    """Return the parts below each other, keys first, then settings, then numbers."""
    filled = [part for part in parts if len(part)]
    whole = pd.concat(filled or list(parts[:1]), ignore_index=True)
    names = dict.fromkeys(name for part in parts for name in part.columns)
    settings = [name for name in names if name not in {*FIRST, *LAST}]
    # A column that only an empty part has stays: whoever draws asks for it.
    return whole.reindex(columns=[n for n in (*FIRST, *settings, *LAST) if n in names])


def of(data: pd.DataFrame, kind: str, **values: object) -> pd.DataFrame:
    """Return the rows of a kind at these values of the settings."""
    chosen = data["kind"] == kind
    for name, value in values.items():
        chosen &= data[name] == value
    return data[chosen]


def quantities(data: pd.DataFrame) -> list[str]:
    """Return the quantities of a frame in the order of its rows."""
    return list(dict.fromkeys(data["quantity"].tolist()))
