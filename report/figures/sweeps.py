"""What training reaches where initialization is put to the test: over scale, and over depth."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator, NullLocator

from analysis.results import select
from analysis.results.frames import Results
from analysis.study.initializers import standard_deviation
from report.figures.draw import layout, longform, readings, style
from report.figures.draw.definition import Definition
from report.figures.draw.readings import Point, Sheet
from report.figures.draw.style import MUTED, VariantStyle
from report.words import counts, numbers
from report.words.metrics import METRICS
from report.words.numbers import PERCENT
from report.words.settings import spelled

CURVE_DEPTH = 30
"""Hidden layers of the network whose loss is followed, or as near as the experiment has them."""
LOSS, TEST_ACCURACY = METRICS["loss"].quantity, METRICS["test_accuracy"].quantity
FAINT = 0.4
REFERENCE = "HeNormal"
"""The scheme whose standard deviations the scale figure marks."""


def scale_data(results: Results) -> pd.DataFrame:
    """Return test accuracies in percent by optimizer and stddev: every seed, and their mean."""
    return _reached(select.swept(results, "scale", "stddev"), ["optimizer", "stddev"])


def scale(results: Results, data: pd.DataFrame) -> Sheet:
    """Return test accuracy over the standard deviation of the weights, every seed, by optimizer."""
    sheet = layout.new_sheet(3.5)
    grid = layout.side_by_side(sheet, select.values(data, "optimizer"))
    looks = style.looks(results, "scale")
    for axes, (_, own) in zip(grid, data.groupby("optimizer", sort=False), strict=True):
        axes.set_xscale("log")
        _mark_reference(axes, results)
        _draw_groups(sheet, axes, own, "stddev", "Standard deviation", looks)
        layout.plain_decades(axes)
        axes.set_xlabel("Standard deviation")
    layout.error_axis(grid[0], longform.of(data, longform.SEED)["value"])
    layout.add_notes(sheet.figure, _scale_notes(results))
    return sheet


def depth_data(results: Results) -> pd.DataFrame:
    """Return test accuracies in percent by optimizer and depth: every seed, and their mean."""
    return _reached(select.rows(results, "runs", "depth"), ["optimizer", "depth"])


def depth(results: Results, data: pd.DataFrame) -> Sheet:
    """Return test accuracy over depth by initializer, every seed, one panel an optimizer."""
    sheet = layout.new_sheet(3.7)
    grid = layout.side_by_side(sheet, select.values(data, "optimizer"))
    looks = style.looks(results, "depth")
    depths = sorted(select.values(data, "depth"))
    for axes, (_, own) in zip(grid, data.groupby("optimizer", sort=False), strict=True):
        axes.set_xscale("log")
        _draw_groups(sheet, axes, own, "depth", "Hidden layers:", looks)
        axes.xaxis.set_minor_locator(NullLocator())
        axes.set_xticks(depths, [str(each) for each in depths])
        axes.set_xlabel("Hidden layers (log scale)")
    grid[0].set_ylim(0, 103)
    grid[0].yaxis.set_major_locator(MaxNLocator(nbins=6))
    grid[0].set_ylabel(TEST_ACCURACY)
    layout.add_legend(sheet.figure, layout.handles(looks))
    layout.add_notes(sheet.figure, counts.left_out(select.rows(results, "runs", "depth")))
    return sheet


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


def thirty_layers_data(results: Results) -> pd.DataFrame:
    """Return the training loss of deep networks by epochs trained: every seed, and their mean.

    Their depth is that nearest to thirty layers, under plain SGD where the experiment has it.
    """
    curves = select.with_settings(results, select.rows(results, "curves", "depth"))
    depth = select.nearest(select.values(curves, "depth"), CURVE_DEPTH)
    optimizers = select.values(curves, "optimizer")
    optimizer = "SGD" if "SGD" in optimizers else optimizers[0]
    own = curves[(curves["depth"] == depth) & (curves["optimizer"] == optimizer)]
    by = ["variant", "depth", "optimizer", "progress"]
    return longform.joined(*(m(own, "loss", by, LOSS) for m in (longform.means, longform.seeds)))


def thirty_layers(results: Results, data: pd.DataFrame) -> Sheet:
    """Return the training loss of deep networks over an epoch, seeds faint, means strong."""
    looks = style.looks(results, "depth")
    sheet = layout.new_sheet(3.7)
    axes = sheet.figure.subplots()
    # The dashed ones last: they let a solid one of the same course show through.
    for name, look in sorted(looks.items(), key=lambda each: each[1].dash != "-"):
        own = data[data["variant"] == name]
        for _, run in longform.of(own, longform.SEED).groupby("seed"):
            (line,) = axes.plot(
                run["progress"], run["value"], color=look.colour, alpha=FAINT, linewidth=0.9
            )
            layout.tag(line, name)
        mean = longform.of(own, longform.MEAN)
        mean = mean[mean["n"] > 0]
        _draw_mean(axes, mean["progress"], mean["value"], look, name, every=3)
        read = readings.points(mean, "progress", "At epoch", numbers.loss)
        sheet.note_means(axes, mean, read)
    axes.set_xlim(0, 1.02 * float(data["progress"].max()))
    axes.set_xlabel("Epochs trained")
    depth = counts.hidden_layers(data["depth"].iloc[0])
    axes.set_title(f"{LOSS}, {depth}, {data['optimizer'].iloc[0]}")
    chance = _chance(results)
    axes.axhline(chance, color=MUTED, linewidth=0.8, linestyle=(0, (4, 3)))
    axes.annotate(
        "guessing", (1, chance), xycoords=("axes fraction", "data"), ha="right",
        va="bottom", xytext=(0, 3), textcoords="offset points", fontsize=9,
    )  # fmt: skip
    layout.room_above(axes, 0.1)
    layout.add_legend(sheet.figure, layout.handles(looks))
    layout.add_notes(sheet.figure, _lost(results, data))
    return sheet


def _draw_groups(
    sheet: Sheet,
    axes: Axes,
    data: pd.DataFrame,
    x: str,
    label: str,
    looks: dict[str, VariantStyle],
) -> None:
    """Every seed as a dot, and the means as a line, over the values of a swept setting."""
    panel = axes.get_title(loc="left") if len(sheet.figure.axes) > 1 else ""
    for place, (name, look) in enumerate(looks.items()):
        own = data[data["variant"] == name]
        seeds, mean = longform.of(own, longform.SEED), longform.of(own, longform.MEAN)
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
        sheet.note_means(axes, mean, read, panel)
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


def _draw_mean(
    axes: Axes, x: pd.Series, y: pd.Series, look: VariantStyle, name: str, every: int = 1
) -> None:
    (line,) = axes.plot(
        x, y, color=look.colour, linestyle=look.dash, marker=look.marker, markevery=every
    )
    layout.tag(line, name)


def _mark_reference(axes: Axes, results: Results) -> None:
    """Strokes where the formula of the reference scheme stands for each layer of the network."""
    for layer, sd in _reference_sds(results):
        axes.axvline(sd, color=MUTED, linewidth=0.9, linestyle=(0, (4, 3)))
        axes.annotate(
            f"{layer}", (sd, 1), xycoords=("data", "axes fraction"), ha="center", va="bottom",
            xytext=(0, 1), textcoords="offset points", fontsize=9,
        )  # fmt: skip


def _chance(results: Results) -> float:
    """The loss of answers that do not look at the image, in nats."""
    return select.guess(results, "depth").loss


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


def _lost(results: Results, data: pd.DataFrame) -> list[str]:
    """A sentence on the diverged runs of the depth and the optimizer that are shown."""
    runs = select.rows(results, "runs", "depth")
    shown = [(runs[name] == data[name].iloc[0]) for name in ("depth", "optimizer")]
    return counts.left_out(runs[shown[0] & shown[1]])


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


def _course(rows: pd.DataFrame, x: str, label: str) -> str:
    """Mean accuracy at each value of a swept setting, the first of which is labelled."""
    parts: list[str] = []
    for row in rows.to_dict("records"):
        value = numbers.percent(row["value"]) if row["n"] else "diverged"
        at = spelled(row[x])
        parts.append(f"{value} at {at if parts else label.format(at)}")
    return ", ".join(parts)


def thirty_layers_alt(results: Results, data: pd.DataFrame) -> str:
    """Return the alternative text of the loss curves of a deep network."""
    chance = _chance(results)
    means = longform.of(data, longform.MEAN)
    parts = []
    for name, rows in means[means["n"] > 0].groupby("variant", observed=True, sort=False):
        first, last = rows.iloc[0], rows.iloc[-1]
        course = " to ".join(numbers.loss(row["value"]) for row in (first, last))
        reach = " to ".join(numbers.loss(last[end]) for end in ("minimum", "maximum"))
        parts.append(f"{name} from {course} (seeds {reach})")
    length = spelled(float(means["progress"].max()))
    guessing = f"; guessing costs {numbers.loss(chance)}"
    curves = select.rows(results, "curves", "depth")
    text = (
        f"Training loss in nats of networks with {counts.hidden_layers(data['depth'].iloc[0])} "
        f"under {data['optimizer'].iloc[0]} over {length} "
        f"{'epoch' if length == '1' else 'epochs'}, {counts.over(curves)}{guessing}."
    )
    return " ".join([text, f"{'; '.join(parts)}.", *_lost(results, data)])


AT_DEPTH = ("optimizer", "depth")
FIGURES = {
    "scale": Definition("scale", scale_data, scale, scale_alt, apart=("optimizer", "stddev")),
    "depth": Definition("depth", depth_data, depth, depth_alt, apart=AT_DEPTH),
    "thirty-layers": Definition(
        "depth", thirty_layers_data, thirty_layers, thirty_layers_alt, apart=AT_DEPTH
    ),
}
