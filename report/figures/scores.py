"""Test accuracies at the end of training: a dot a seed, over mean and interval."""

from collections.abc import Hashable, Mapping
from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from analysis.results import select
from analysis.results.frames import Results
from analysis.statistics.level import AT_LEVEL
from analysis.study.model import BASE
from report.figures.draw import layout, longform, readings, style
from report.figures.draw.axes import scales
from report.figures.draw.definition import Definition
from report.figures.draw.readings import Point, Sheet
from report.figures.draw.style import INK, VariantStyle
from report.words import counts, numbers
from report.words.metrics import METRICS
from report.words.numbers import PERCENT, PERCENT_DECIMALS

Row = Mapping[Hashable, Any]

ROW_NAME = 18
"""Characters of a variant's name in one line beside its row."""
TEST_ACCURACY = METRICS["test_accuracy"].quantity


def test_accuracy_data(results: Results) -> pd.DataFrame:
    """Return final test accuracies in percent by variant: every seed, and their mean."""
    runs = select.rows(results, "runs", BASE)
    runs = runs.assign(value=runs["test_accuracy"] * PERCENT)
    return longform.joined(
        longform.seeds(runs, "value", ["variant"], TEST_ACCURACY),
        longform.means(runs, "value", ["variant"], TEST_ACCURACY),
    )


def test_accuracy(results: Results, data: pd.DataFrame) -> Sheet:
    """Return every seed's final test accuracy by variant, over its mean and interval."""
    seeds, table = longform.of(data, longform.SEED), longform.of(data, longform.MEAN)
    rows = {str(row["variant"]): row for row in table.to_dict("records")}
    bounds = [
        (np.nanmin([low, least]), np.nanmax([high, most]))
        for low, high, least, most in table[["low", "high", "minimum", "maximum"]].to_numpy(float)
        if np.isfinite(least)
    ]
    ranges = scales.spans(bounds, least=0.4)
    looks = style.looks(results, BASE)
    labels = [_row_label(name, rows.get(name)) for name in looks]
    lines = max(label.count("\n") for label in labels)  # of the longest name
    sheet = layout.new_sheet(0.85 + (0.58 + 0.17 * (lines - 1)) * len(looks))
    grid = sheet.figure.subplots(
        1, len(ranges), sharey=True, squeeze=False, width_ratios=[1, 4.2][-len(ranges) :]
    )[0]
    for axes, span in zip(grid, ranges, strict=True):
        axes.set_xlim(span)
        if axes is grid[-1]:
            axes.xaxis.set_major_locator(MaxNLocator(nbins=5))
        else:
            scales.few_ticks(axes, span)
        for place, (name, look) in enumerate(looks.items()):
            own = seeds[(seeds["variant"] == name) & seeds["value"].between(*span)]
            _draw_seeds(sheet, axes, own, place, look, name)
            if name in rows and span[0] <= rows[name]["value"] <= span[1]:
                _draw_mean(sheet, axes, rows[name], place, name)
    grid[0].set_yticks(range(len(looks)), labels)
    grid[0].set_ylim(len(looks) - 0.45, -0.6)
    for before, after in pairwise(grid):
        after.spines["left"].set_visible(False)
        after.tick_params(left=False)
        scales.mark_break(before, after, vertical=False)
    grid[-1].set_xlabel(TEST_ACCURACY)
    layout.add_notes(sheet.figure, counts.divergences(select.rows(results, "runs", BASE)))
    return sheet


def _draw_seeds(
    sheet: Sheet, axes: Axes, seeds: pd.DataFrame, place: int, look: VariantStyle, name: str
) -> None:
    """One dot a seed; dots that would hide each other are stacked, without chance."""
    values = seeds["value"].to_numpy(dtype=float)
    if not values.size:
        return
    low, high = axes.get_xlim()
    bins = np.round((values - low) / (high - low) * 70).astype(int)
    order = [int((bins[:i] == bins[i]).sum()) for i in range(values.size)]
    step = min(0.075, 0.42 / max(1, *order))
    heights = place - 0.02 - step * np.array(order)
    (dots,) = axes.plot(
        values, heights, linestyle="", marker=look.marker, markersize=4.2, color=look.colour,
        alpha=0.9, mew=0,
    )  # fmt: skip
    layout.tag(dots, name)
    read = [
        Point(x, y, f"Seed {int(seed)}", numbers.percent(x))
        for x, y, seed in sorted(zip(values, heights, seeds["seed"], strict=True))
    ]
    sheet.note(axes, name, TEST_ACCURACY, "one seed", read)


def _draw_mean(sheet: Sheet, axes: Axes, row: Row, place: int, name: str) -> None:
    (interval,) = axes.plot(
        [row["low"], row["high"]], [place + 0.2] * 2, color=INK, linewidth=2, solid_capstyle="butt"
    )
    (mean,) = axes.plot([row["value"]], [place + 0.2], marker="|", markersize=9, mew=2, color=INK)
    layout.tag(interval, name)
    layout.tag(mean, name)
    reach = readings.span(row["low"], row["high"], numbers.percent)
    read = Point(
        row["value"], place + 0.2, readings.middle_of(row["n"]).capitalize(),
        numbers.percent(row["value"]), reach,
    )  # fmt: skip
    sheet.note(axes, name, TEST_ACCURACY, f"{AT_LEVEL} interval" if reach else "", [read])


def _row_label(name: str, row: Row | None) -> str:
    shown = layout.wrapped(name, ROW_NAME)
    if row is None or not row["n"]:
        return f"{shown}\ndiverged"
    same = row["n"] > 1 and row["minimum"] == row["maximum"]
    half = row["high"] - row["value"]
    mean = f"{numbers.fixed(row['value'], PERCENT_DECIMALS)} %, all seeds"
    apart = f"{numbers.plus_minus(row['value'], half, PERCENT_DECIMALS)} %"
    return f"{shown}\n{mean if same else apart}"


def test_accuracy_alt(results: Results, data: pd.DataFrame) -> str:
    """Return the alternative text of the seeds' test accuracies."""
    runs = select.rows(results, "runs", BASE)
    rows = [_score(row) for row in longform.of(data, longform.MEAN).to_dict("records")]
    seeds = runs["seed"].nunique()
    dots = "one seed" if seeds == 1 else f"a dot for each of {seeds} seeds"
    opening = f"Dot plot of final test accuracy by variant, {dots}."
    return " ".join([opening, f"{'; '.join(rows)}.", *counts.divergences(runs)])


def _score(row: Row) -> str:
    name, n = row["variant"], int(row["n"])
    if not n:
        return f"{name} has no result"
    mean, low, high, least, most = (
        numbers.fixed(row[key], PERCENT_DECIMALS)
        for key in ("value", "low", "high", "minimum", "maximum")
    )
    if row["minimum"] == row["maximum"]:
        return f"{name} {mean} % in {'its one seed' if n == 1 else f'all {n} seeds'}"
    interval = f"{AT_LEVEL} interval {low} to {high}"
    return f"{name} mean {mean} % ({interval}), seeds from {least} to {most} %"


FIGURES = {
    "test-accuracy": Definition(BASE, test_accuracy_data, test_accuracy, test_accuracy_alt),
}
