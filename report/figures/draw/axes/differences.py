"""Where courses nearly coincide: how far each variant is from one of them, seed by seed."""

import math
from collections.abc import Callable, Hashable, Mapping, Sequence
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from analysis.statistics.level import AT_LEVEL
from report.figures.draw import layout, longform, readings
from report.figures.draw.axes import scales
from report.figures.draw.readings import Point, Sheet
from report.figures.draw.style import VariantStyle
from report.words import counts, numbers

REFERENCE = "HeNormal"
"""From which the others differ; where a study lacks it, from the last of its variants."""
DIFFERENCE = "difference"
"""The kind of a row that is a mean of paired differences, with its interval."""


def of(frame: pd.DataFrame, by: Sequence[str], quantity: str) -> pd.DataFrame:
    """Return the mean paired difference of `value` from the reference's, by variant and `by`.

    Pairs are runs of one seed. A lone variant differs from none: there are no rows then.
    """
    names = list(dict.fromkeys(frame["variant"].tolist()))
    reference = REFERENCE if REFERENCE in names else str(names[-1])
    keys = [*by, "seed"]
    base = frame[frame["variant"] == reference].set_index(keys)
    others = frame[frame["variant"] != reference]
    known = base["value"].reindex(pd.MultiIndex.from_frame(others[keys])).to_numpy(dtype=float)
    paired = others.assign(value=others["value"].astype(float) - known)
    named = quantity.replace(" (", f" minus {reference}’s (", 1).replace("(%)", "(points)")
    table = longform.means(paired, "value", ["variant", *by], named)
    return table.assign(kind=DIFFERENCE)


def shown(table: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """Return the differences near zero, and the names of the variants that are too far from it."""
    reach = table.groupby("variant", observed=True, sort=False)[["low", "high", "value"]]
    ends = reach.agg({"low": "min", "high": "max", "value": ["min", "max"]})
    bounds = {
        str(name): (min(row[0], row[2]) if row[0] == row[0] else row[2],
                    max(row[1], row[3]) if row[1] == row[1] else row[3])
        for name, row in zip(ends.index, ends.to_numpy(dtype=float), strict=True)
    }  # fmt: skip
    spans = scales.spans([(0.0, 0.0), *bounds.values()], least=0.0)
    near = next((span for span in spans if span[0] <= 0 <= span[1]), spans[0])
    far = [name for name, (low, high) in bounds.items() if low > near[1] or high < near[0]]
    return table[~table["variant"].isin(far)], far


def title(table: pd.DataFrame) -> str:
    """Return what the panel of differences is called, below that of the values themselves."""
    (quantity,) = longform.quantities(table)
    return f"Difference from {_reference(quantity)} ({quantity.rsplit('(', 1)[1]}"


def _reference(quantity: str) -> str:
    return quantity.split(" minus ")[1].rsplit("’s (", 1)[0]


def draw(
    sheet: Sheet,
    axes: Axes,
    table: pd.DataFrame,
    x: str,
    looks: Mapping[str, VariantStyle],
    write: Callable[[float], str],
) -> None:
    """Draw means of paired differences in the band of their interval, over a line at none."""
    (quantity,) = longform.quantities(table)
    reference = _reference(quantity)
    look = looks[reference]
    level = axes.axhline(0.0, color=look.colour, linestyle=look.dash)
    layout.tag(level, reference)
    for name, own in table.groupby("variant", observed=True, sort=False):
        rows, look = own[own["n"] > 0], looks[str(name)]
        band = axes.fill_between(
            rows[x], rows["low"], rows["high"], color=look.colour, alpha=0.25, lw=0
        )
        (line,) = axes.plot(
            rows[x], rows["value"], color=look.colour, linestyle=look.dash, marker=look.marker,
            markevery=max(1, len(rows) // 3),
        )  # fmt: skip
        layout.tag(band, str(name))
        layout.tag(line, str(name))
        pairs = counts.counted(int(rows["n"].max()), "pair") if len(rows) else ""
        for row in rows.to_dict("records"):
            reach = readings.span(row["low"], row["high"], write)
            told = f"{AT_LEVEL} interval of {pairs}" if reach else f"of {pairs}"
            at = f"{x.capitalize()} {numbers.exact(row[x])}"
            read = [Point(float(row[x]), float(row["value"]), at, write(row["value"]), reach)]
            sheet.note(axes, str(name), quantity, told, read)


def said(table: pd.DataFrame, x: str, write: Callable[[float], str]) -> list[str]:
    """Return a sentence on the differences at the first and the last of `x`, if there are any."""
    parts = []
    for name, own in table[table["n"] > 0].groupby("variant", observed=True, sort=False):
        rows = own.sort_values(x).iloc[[0, -1]].to_dict("records")
        ends = [f"{write(row['value'])}{_interval(row, write)}" for row in rows]
        parts.append(f"{name} {ends[0]} in the first {x}, {ends[1]} in the last")
    if not parts:
        return []
    (quantity,) = longform.quantities(table)
    return [f"{quantity}, with its {AT_LEVEL} interval: {'; '.join(parts)}."]


def _interval(row: Mapping[Hashable, Any], write: Callable[[float], str]) -> str:
    if math.isnan(row["low"]):
        return ""
    return f" ({write(row['low'])} to {write(row['high'])})"
