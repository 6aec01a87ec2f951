"""Test accuracies of networks that may not train: a dot a seed, and a stroke at the median."""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import pandas as pd
from matplotlib.axes import Axes

from analysis.results import select
from analysis.results.frames import Results
from analysis.study.initializers import variance
from analysis.study.model import Variant
from report.figures.draw import layout, longform, readings, style
from report.figures.draw.definition import Definition
from report.figures.draw.readings import Point, Sheet
from report.figures.draw.style import INK, VariantStyle
from report.words import counts, numbers
from report.words.metrics import METRICS
from report.words.settings import AND_SKIPS, stack

TEST_ACCURACY = METRICS["test_accuracy"].quantity
LANE = 0.62
"""Share of a row that its dots fill."""
ROW_NAME = 22
"""Characters of a name in one line beside its row."""
WIDTH_NOTE = "n: the units of a hidden layer, whose kernels have these variances."
CLEARLY = 5
"""Percentage points by which networks must be ahead of all others to be named in the title."""


def fair_data(results: Results) -> pd.DataFrame:
    """Return test accuracies in percent by depth and variant: every seed, and their median.

    A diverged run has the accuracy of guessing.
    """
    return _data(select.scores(results, "fair"), "depth")


def fair(results: Results, data: pd.DataFrame) -> Sheet:
    """Return every seed's test accuracy, a row a variant, a panel a depth."""
    looks = style.looks(results, "fair")
    depths = select.values(data, "depth")
    sheet = layout.new_sheet(1.2 + (0.7 if layout.narrow() else 0.5) * len(looks))
    titles = [counts.hidden_layers(depth) for depth in depths]
    grid = layout.panels(sheet, titles, sharex=True, sharey=True)
    for axes, depth in zip(grid, depths, strict=True):
        title = counts.hidden_layers(depth)
        for place, (name, look) in enumerate(looks.items()):
            own = data[(data["depth"] == depth) & (data["variant"] == name)]
            _draw_lane(sheet, axes, own, (place, LANE), look, title)
    width = int(select.rows(results, "runs", "fair")["width"].iloc[0])
    names = [_row_name(variant, width) for variant in select.variants(results, "fair")]
    lost = counts.as_guesses(select.rows(results, "runs", "fair"))
    _finish(sheet, grid, names, [WIDTH_NOTE, *lost])
    return sheet


def _row_name(variant: Variant, width: int) -> str:
    """A variant's name over its variance in a layer of so many units, where it has one."""
    name = layout.wrapped(variant.name, ROW_NAME)
    drawn = variant.kernel(2, 3)
    found = variance(drawn.initializer, drawn.parameters, width, width)
    return name if found is None else f"{name}\nvariance {numbers.magnitude(width * found, 2)} / n"


def stacks_data(results: Results) -> pd.DataFrame:
    """Return test accuracies in percent by network and variant: every seed, and their median.

    A diverged run has the accuracy of guessing.
    """
    runs = select.scores(results, "stacks")
    paths = zip(*(runs[name] for name in _swept(runs)), strict=True)
    return _data(runs.assign(network=[stack(*each) for each in paths]), "network")


def _swept(runs: pd.DataFrame) -> tuple[str, str]:
    """The columns of a network's paths; of one that is not swept all runs have the first value."""
    for name, value in (("normalization", "none"), ("residual", False)):
        if name not in runs:
            runs[name] = value
    return "normalization", "residual"


def stacks(results: Results, data: pd.DataFrame) -> Sheet:
    """Return every seed's test accuracy, a row a network, the variants above each other."""
    looks = style.looks(results, "stacks")
    networks = select.values(data, "network")
    sheet = layout.new_sheet(1.4 + 0.26 * len(looks) * len(networks))
    axes = sheet.figure.subplots()
    height = 0.86 / len(looks)
    for place, network in enumerate(networks):
        for lane, (name, look) in enumerate(looks.items()):
            own = data[(data["network"] == network) & (data["variant"] == name)]
            at = place + height * (lane - (len(looks) - 1) / 2)
            _draw_lane(sheet, axes, own, (at, 0.78 * height), look, network)
    axes.set_title(_length(results))
    layout.add_legend(sheet.figure, layout.handles(looks, line=False))
    lost = counts.as_guesses(select.rows(results, "runs", "stacks"))
    _finish(sheet, [axes], [layout.wrapped(name, ROW_NAME) for name in networks], lost)
    return sheet


def stacks_say(data: pd.DataFrame) -> str:
    """Return which networks score higher from every start than all others do from any."""
    medians = longform.of(data, longform.MEDIAN)
    reach = medians.groupby("network", sort=False)["value"].agg(["min", "max"])
    reach = reach.sort_values("min", ascending=False, kind="stable")
    ahead = [
        reach["min"].iloc[count - 1] - reach["max"].iloc[count:].max()
        for count in range(1, len(reach))
    ]
    if max(ahead, default=0.0) < CLEARLY:
        return ""
    best = 1 + ahead.index(max(ahead))
    names = list(reach.index[:best])
    together = sorted(names) == sorted(each for each in reach.index if each.endswith(AND_SKIPS))
    what = "normalization and skips together" if together else counts.listed(names)
    least = int(reach["min"].iloc[best - 1])
    starts = counts.listed(select.values(data, "variant"))
    verb = "reach" if best > 1 else "reaches"
    return f"From {starts} alike, only {what} {verb} {least}\u00a0%"


def _length(results: Results) -> str:
    """How deep the networks are, and by what they were trained."""
    settings = select.common(results, "stacks")
    depth = counts.hidden_layers(len(settings.network.hidden))
    return f"{depth}, {settings.training.optimizer.name}"


def _data(runs: pd.DataFrame, setting: str) -> pd.DataFrame:
    """Medians and seeds by variant and a setting, in the order of the runs."""
    known = runs.drop(columns="status")
    makes = (longform.medians, longform.seeds)
    by = ["variant", setting]
    return longform.joined(*(make(known, "value", by, TEST_ACCURACY) for make in makes))


def _draw_lane(
    sheet: Sheet,
    axes: Axes,
    data: pd.DataFrame,
    lane: tuple[float, float],
    look: VariantStyle,
    panel: str,
) -> None:
    """The dots of a variant, each seed at a height of its own, and the stroke of their median.

    `lane` is its middle and its height.
    """
    middle, height = lane
    seeds, median = longform.of(data, longform.SEED), longform.of(data, longform.MEDIAN)
    name = str(data["variant"].iloc[0])
    step = height / max(1, len(seeds) - 1) if len(seeds) > 1 else 0.0
    heights = [middle + step * (place - (len(seeds) - 1) / 2) for place in range(len(seeds))]
    x = float(median["value"].iloc[0])
    (dots,) = axes.plot(
        seeds["value"], heights, linestyle="", marker=look.marker, markersize=3.8,
        color=look.colour, alpha=0.85, mew=0,
    )  # fmt: skip
    ends = [middle - 0.6 * height, middle + 0.6 * height]
    (stroke,) = axes.plot([x] * 2, ends, color=INK, solid_capstyle="butt")
    layout.tag(dots, name)
    layout.tag(stroke, name)
    row = median.to_dict("records")[0]
    reach = readings.span(row["minimum"], row["maximum"], numbers.percent)
    read = Point(x, middle, "Median", numbers.percent(x), reach)
    quantity = f"{TEST_ACCURACY}, {panel}"
    sheet.note(axes, name, quantity, readings.middle_of(row["n"], longform.MEDIAN), [read])
    sheet.note(axes, name, quantity, "one seed", _seeds(seeds, heights))


def _seeds(seeds: pd.DataFrame, heights: Sequence[float]) -> list[Point]:
    rows = zip(seeds["value"], heights, seeds["seed"], strict=True)
    return [Point(x, y, f"Seed {int(seed)}", numbers.percent(x)) for x, y, seed in sorted(rows)]


def _finish(sheet: Sheet, grid: Sequence[Axes], rows: Sequence[str], lost: list[str]) -> None:
    """Names of the rows from above, and one scale from nothing to all for every panel."""
    grid[0].set_yticks(range(len(rows)), rows)
    grid[0].set_ylim(len(rows) - 0.45, -0.55)
    layout.name_x(grid, TEST_ACCURACY)
    for axes in grid:
        axes.set_xlim(0, 103)
        axes.set_xticks(range(0, 101, 20))
        axes.tick_params(left=False)
    layout.add_notes(sheet.figure, lost)


def fair_alt(results: Results, data: pd.DataFrame) -> str:
    """Return the alternative text of the competitors' test accuracies."""
    opening = "Dot plot of test accuracy by initializer, one panel a depth"
    return _alt(results, "fair", opening, data, "depth")


def stacks_alt(results: Results, data: pd.DataFrame) -> str:
    """Return the alternative text of the test accuracies with and without other paths."""
    opening = f"Dot plot of test accuracy by network and initializer, {_length(results)}"
    return _alt(results, "stacks", opening, data, "network")


def _alt(results: Results, experiment: str, opening: str, data: pd.DataFrame, setting: str) -> str:
    """Median and reach of every variant, setting by setting."""
    runs = select.rows(results, "runs", experiment)
    seeds = counts.counted(runs["seed"].nunique(), "seed")
    text = [f"{opening}, a dot for each of {seeds}, a stroke at their median."]
    for value, own in longform.of(data, longform.MEDIAN).groupby(setting, sort=False):
        of = str(value) if setting == "network" else counts.hidden_layers(value)
        text.append(f"{of}: {'; '.join(map(_score, own.to_dict('records')))}.")
    return " ".join([*text, *counts.as_guesses(runs)])


def _score(row: Mapping[Hashable, Any]) -> str:
    reach = readings.span(row["minimum"], row["maximum"], numbers.percent)
    told = f" (seeds from {reach})" if reach else ""
    return f"{row['variant']} {numbers.percent(row['value'])}{told}"


FIGURES = {
    "fair": Definition("fair", fair_data, fair, fair_alt, apart=("depth",)),
    "stacks": Definition(
        "stacks",
        stacks_data,
        stacks,
        stacks_alt,
        apart=("normalization", "residual"),
        says=stacks_say,
    ),
}
