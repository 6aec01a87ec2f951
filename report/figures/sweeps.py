"""What training reaches over a swept setting: scale, depth, and learning rate."""

from collections.abc import Sequence
from itertools import pairwise

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator, NullLocator

from analysis.results import select
from analysis.results.frames import Results
from analysis.study.initializers import standard_deviation
from report.figures.draw import layout, longform, readings, style
from report.figures.draw.axes import scales
from report.figures.draw.definition import Definition
from report.figures.draw.readings import Point, Sheet
from report.figures.draw.style import MUTED, VariantStyle
from report.words import counts, numbers
from report.words.metrics import METRICS
from report.words.numbers import PERCENT
from report.words.settings import spelled

TEST_ACCURACY = METRICS["test_accuracy"].quantity
FAINT = 0.4
REFERENCE = "HeNormal"
"""The scheme whose standard deviations the scale figure marks."""
CLOSE = 1.6
"""Factor between two standard deviations whose numbers would touch."""


def scale_data(results: Results) -> pd.DataFrame:
    """Return test accuracies in percent by optimizer and stddev: every seed, and their mean."""
    return _reached(select.swept(results, "scale", "stddev"), ["optimizer", "stddev"])


def scale(results: Results, data: pd.DataFrame) -> Sheet:
    """Return test accuracy over the standard deviation of the weights, every seed, by optimizer."""
    sheet = layout.new_sheet(3.3)
    grid = layout.panels(sheet, select.values(data, "optimizer"), sharex=True, sharey=True)
    looks = style.looks(results, "scale")
    for axes, (_, own) in zip(grid, data.groupby("optimizer", sort=False), strict=True):
        axes.set_xscale("log")
        _mark_reference(axes, results)
        _draw_groups(sheet, axes, own, "stddev", "Standard deviation", looks)
        scales.plain_decades(axes)
    _accuracy_axis(grid, PERCENT * select.guess(results, "scale").chance)
    layout.name_x(grid, "Standard deviation (log scale)")
    layout.add_notes(sheet.figure, _scale_notes(results))
    return sheet


def depth_data(results: Results) -> pd.DataFrame:
    """Return test accuracies in percent by optimizer and depth: every seed, and their mean."""
    return _reached(select.rows(results, "runs", "depth"), ["optimizer", "depth"])


def depth(results: Results, data: pd.DataFrame) -> Sheet:
    """Return test accuracy over depth by initializer, every seed, one panel an optimizer."""
    sheet = layout.new_sheet(3.5)
    grid = layout.panels(sheet, select.values(data, "optimizer"), sharex=True, sharey=True)
    looks = style.looks(results, "depth")
    depths = sorted(select.values(data, "depth"))
    for axes, (_, own) in zip(grid, data.groupby("optimizer", sort=False), strict=True):
        axes.set_xscale("log")
        _draw_groups(sheet, axes, own, "depth", "Hidden layers:", looks)
        axes.xaxis.set_minor_locator(NullLocator())
        axes.set_xticks(depths, [str(each) for each in depths])
    _accuracy_axis(grid, PERCENT * select.guess(results, "depth").chance)
    layout.name_x(grid, "Hidden layers (log scale)")
    layout.add_legend(sheet.figure, layout.handles(looks))
    layout.add_notes(sheet.figure, counts.left_out(select.rows(results, "runs", "depth")))
    return sheet


def rates_data(results: Results) -> pd.DataFrame:
    """Return test accuracies in percent by depth and learning rate: every seed, and their median.

    A diverged run has the accuracy of guessing.
    """
    runs = select.scores(results, "rates").drop(columns="status")
    by = ["variant", "depth", "learning_rate"]
    makes = (longform.medians, longform.seeds)
    return longform.joined(*(make(runs, "value", by, TEST_ACCURACY) for make in makes))


def rates(results: Results, data: pd.DataFrame) -> Sheet:
    """Return test accuracy over the learning rate by initializer, every seed, a panel a depth."""
    sheet = layout.new_sheet(3.5)
    depths = select.values(data, "depth")
    titles = [counts.hidden_layers(depth) for depth in depths]
    grid = layout.panels(sheet, titles, sharex=True, sharey=True)
    looks = style.looks(results, "rates")
    for axes, depth in zip(grid, depths, strict=True):
        axes.set_xscale("log")
        own = data[data["depth"] == depth]
        _draw_groups(sheet, axes, own, "learning_rate", "Learning rate", looks, longform.MEDIAN)
        axes.xaxis.set_minor_locator(NullLocator())
        chosen = sorted(select.values(own, "learning_rate"))
        axes.set_xticks(chosen, [spelled(each) for each in chosen])
    _accuracy_axis(grid, PERCENT * select.guess(results, "rates").chance)
    layout.name_x(grid, "Learning rate (log scale)")
    layout.add_legend(sheet.figure, layout.handles(looks))
    layout.add_notes(sheet.figure, counts.as_guesses(select.rows(results, "runs", "rates")))
    return sheet


def _accuracy_axis(grid: Sequence[Axes], chance: float) -> None:
    """From nothing to all on every panel, with a line at what guessing reaches."""
    grid[0].set_ylim(0, 103)
    grid[0].yaxis.set_major_locator(MaxNLocator(nbins=6))
    for axes in grid:
        scales.mark_level(axes, chance, "guessing" if axes is grid[-1] else "")
    for axes in grid if layout.narrow() else grid[:1]:
        axes.set_ylabel(TEST_ACCURACY)


def _reached(runs: pd.DataFrame, settings: list[str]) -> pd.DataFrame:
    """Seeds and means of test accuracy, the optimizers in the order of the runs."""
    by = ["variant", *settings]
    runs = runs.assign(value=runs["test_accuracy"] * PERCENT)
    return longform.joined(
        *(
            make(own, "value", by, TEST_ACCURACY)
            for _, own in runs.groupby("optimizer", sort=False)
            for make in (longform.means, longform.seeds)
        )
    )


def _draw_groups(
    sheet: Sheet,
    axes: Axes,
    data: pd.DataFrame,
    x: str,
    label: str,
    looks: dict[str, VariantStyle],
    kind: str = longform.MEAN,
) -> None:
    """Every seed as a dot, and means, or medians, as a line, over the values of a setting."""
    panel = axes.get_title(loc="left") if len(sheet.figure.axes) > 1 else ""
    for place, (name, look) in enumerate(looks.items()):
        own = data[data["variant"] == name]
        seeds, mean = longform.of(own, longform.SEED), longform.of(own, kind)
        mean = mean[mean["n"] > 0]
        # A little aside, each variant its own way, so that equal results are all seen.
        aside = 1 + 0.035 * (place - (len(looks) - 1) / 2)
        (dots,) = axes.plot(
            seeds[x] * aside, seeds["value"], linestyle="", marker=look.marker, markersize=3.4,
            color=look.colour, alpha=FAINT, mew=0,
        )  # fmt: skip
        layout.tag(dots, name)
        _draw_mean(axes, mean[x] * aside, mean["value"], look, name)
        places = (mean[x] * aside).tolist()
        read = readings.points(mean, x, label, numbers.percent, at=places)
        sheet.note_middles(axes, mean, read, panel)
        seeds = seeds.sort_values([x, "seed"])
        what = ", ".join(filter(None, [TEST_ACCURACY, panel]))
        sheet.note(axes, name, what, "", _seed_points(seeds, x, label, aside))


def _seed_points(rows: pd.DataFrame, x: str, label: str, aside: float) -> list[Point]:
    """What the dots of a variant say, each one seed."""
    return [
        Point(row[x] * aside, row["value"], f"{label} {spelled(row[x])}, seed {int(row['seed'])}",
              numbers.percent(row["value"]))
        for row in rows.to_dict("records")
    ]  # fmt: skip


def _draw_mean(axes: Axes, x: pd.Series, y: pd.Series, look: VariantStyle, name: str) -> None:
    (line,) = axes.plot(x, y, color=look.colour, linestyle=look.dash, marker=look.marker)
    layout.tag(line, name)


def _mark_reference(axes: Axes, results: Results) -> None:
    """Strokes where the formula of the reference scheme stands for each layer of the network.

    The numbers of two that are close stand outside of the pair.
    """
    found = sorted(_reference_sds(results), key=lambda each: each[1])
    sides = ["center"] * len(found)
    for place, ((_, low), (_, high)) in enumerate(pairwise(found)):
        if high < CLOSE * low:
            sides[place : place + 2] = ["right", "left"]
    for (layer, sd), side in zip(found, sides, strict=True):
        axes.axvline(sd, color=MUTED, linewidth=0.9, linestyle=(0, (4, 3)))
        axes.annotate(
            f"{layer}", (sd, 1), xycoords=("data", "axes fraction"), ha=side, va="bottom",
            xytext=(0, 1), textcoords="offset points",
        )  # fmt: skip


def _reference_sds(results: Results) -> list[tuple[int, float]]:
    """Layer and standard deviation by the reference, where the scale experiment tells the fans."""
    layers = results.layers[results.layers["experiment"] == "scale"].drop_duplicates("layer")
    found = []
    for layer, fan_in, fan_out in layers[["layer", "fan_in", "fan_out"]].to_numpy(dtype=int):
        sd = standard_deviation(REFERENCE, {}, int(fan_in), int(fan_out))
        if sd:
            found.append((int(layer), sd))
    return found


def _scale_notes(results: Results) -> list[str]:
    """What the strokes of the scale figure are, and which runs are missing in it."""
    note = "Dashed, numbered by layer: the standard deviation that He's formula gives it."
    missing = counts.left_out(select.rows(results, "runs", "scale"))
    return [*([note] if _reference_sds(results) else []), *missing]


def scale_alt(results: Results, data: pd.DataFrame) -> str:
    """Return the alternative text of accuracy over the scale of the weights."""
    runs = select.rows(results, "runs", "scale")
    text = [
        "Test accuracy over the standard deviation of the weights, a dot for each of "
        f"{counts.counted(runs['seed'].nunique(), 'seed')}, one panel an optimizer."
    ]
    lone = runs["variant"].nunique() == 1
    for optimizer, own in longform.of(data, longform.MEAN).groupby("optimizer", sort=False):
        courses = [
            f"{'' if lone else f'{name} '}{_course(rows, 'stddev', 'standard deviation {}')}"
            for name, rows in own.groupby("variant", observed=True, sort=False)
        ]
        text.append(f"{optimizer}: {'; '.join(courses)}.")
    return " ".join([*text, *counts.left_out(runs)])


def depth_alt(results: Results, data: pd.DataFrame) -> str:
    """Return the alternative text of accuracy over depth."""
    runs = select.rows(results, "runs", "depth")
    text = [
        f"Test accuracy of networks with {data['depth'].min()} to {data['depth'].max()} hidden "
        f"layers, {counts.over(runs)}, one panel an optimizer."
    ]
    for optimizer, own in longform.of(data, longform.MEAN).groupby("optimizer", sort=False):
        courses = [
            f"{name} {_course(rows, 'depth', 'depth {}')}"
            for name, rows in own.groupby("variant", observed=True, sort=False)
        ]
        text.append(f"{optimizer}: {'; '.join(courses)}.")
    return " ".join([*text, *counts.left_out(runs)])


def rates_alt(results: Results, data: pd.DataFrame) -> str:
    """Return the alternative text of accuracy over the learning rate."""
    runs = select.rows(results, "runs", "rates")
    text = [
        "Test accuracy over the learning rate, a dot for each of "
        f"{counts.counted(runs['seed'].nunique(), 'seed')}, lines through their medians, one panel "
        "a depth."
    ]
    for depth, own in longform.of(data, longform.MEDIAN).groupby("depth", sort=False):
        courses = [
            f"{name} {_course(rows, 'learning_rate', 'a rate of {}')}"
            for name, rows in own.groupby("variant", observed=True, sort=False)
        ]
        text.append(f"{counts.hidden_layers(depth)}: {'; '.join(courses)}.")
    return " ".join([*text, *counts.as_guesses(runs)])


def _course(rows: pd.DataFrame, x: str, label: str) -> str:
    """Mean or median accuracy at each value of a swept setting, the first of which is labelled."""
    parts: list[str] = []
    for row in rows.to_dict("records"):
        value = numbers.percent(row["value"]) if row["n"] else "diverged"
        at = spelled(row[x])
        parts.append(f"{value} at {at if parts else label.format(at)}")
    return ", ".join(parts)


FIGURES = {
    "scale": Definition(
        "scale",
        scale_data,
        scale,
        scale_alt,
        apart=("optimizer", "stddev"),
    ),
    "depth": Definition(
        "depth",
        depth_data,
        depth,
        depth_alt,
        apart=("optimizer", "depth"),
    ),
    "rates": Definition(
        "rates",
        rates_data,
        rates,
        rates_alt,
        apart=("depth", "learning_rate"),
    ),
}
