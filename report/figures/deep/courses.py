"""Deep networks over the course of their training: thin lines are seeds, thick ones the middle."""

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from analysis.claims.deciding import TRAINED
from analysis.results import select
from analysis.results.frames import Results
from report.figures.draw import layout, longform, readings, style
from report.figures.draw.axes import scales
from report.figures.draw.definition import Definition
from report.figures.draw.readings import Sheet
from report.figures.draw.style import VariantStyle
from report.words import counts, numbers
from report.words.metrics import METRICS
from report.words.numbers import PERCENT
from report.words.settings import spelled

CURVE_DEPTH = 30
"""Hidden layers of the network whose loss is followed, or as near as the experiment has them."""
LEARNING = 0.95
"""Share of the first loss below which the last one has left guessing behind."""
LOSS, VALIDATION = METRICS["loss"].quantity, METRICS["val_accuracy"].quantity
FAINT = 0.4
GUESSING = "Accuracy of guessing (%)"
HALF = "Accuracy from which a network counts as trained (%)"


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
    sheet = layout.new_sheet(3.3)
    axes = sheet.figure.subplots()
    chance = _chance(results)
    ends = {"guessing": chance}
    # The dashed ones last: they let a solid one of the same course show through.
    for name, look in sorted(looks.items(), key=lambda each: each[1].dash != "-"):
        own = data[data["variant"] == name]
        for _, run in longform.of(own, longform.SEED).groupby("seed"):
            _draw_seed(axes, run["progress"], run["value"], look, name)
        mean = longform.of(own, longform.MEAN)
        mean = mean[mean["n"] > 0]
        _draw_middle(axes, mean["progress"], mean["value"], look, name, every=3)
        read = readings.points(mean, "progress", "At epoch", numbers.loss)
        sheet.note_middles(axes, mean, read)
        ends.update((name, float(last)) for last in mean["value"].tail(1))
    axes.set_xlim(0, 1.02 * float(data["progress"].max()))
    axes.set_xlabel("Epochs trained")
    depth = counts.hidden_layers(data["depth"].iloc[0])
    axes.set_title(f"{LOSS}, {depth}, {data['optimizer'].iloc[0]}")
    scales.mark_level(axes, chance)
    scales.room_above(axes, 0.05)
    scales.name_ends(axes, ends)
    layout.add_legend(sheet.figure, layout.handles(looks))
    layout.add_notes(sheet.figure, _lost(results, data))
    return sheet


def thirty_layers_say(data: pd.DataFrame) -> str:
    """Return from which variants alone the mean loss falls by more than a twentieth."""
    means = longform.of(data, longform.MEAN).sort_values("progress")
    losses = means[means["n"] > 0].groupby("variant", sort=False, observed=True)["value"]
    learning = losses.last() < LEARNING * losses.first()
    if learning.all() or not learning.any():
        return ""
    names = [str(name) for name in learning.index[learning]]
    leave = "leaves" if len(names) == 1 else "leave"
    depth = counts.hidden_layers(data["depth"].iloc[0])
    return f"In {depth} only {counts.listed(names)} {leave} guessing"


def late_data(results: Results) -> pd.DataFrame:
    """Return validation accuracies in percent by depth and steps: every seed, and their median.

    A run counts as guessing before its first epoch and once it has diverged, as where claims count
    steps. Beside them stand what guessing is worth, and from where on a network counts as trained.
    """
    chance = select.guess(results, "late").chance
    table = _validated(results, chance)
    by = ["variant", "depth", "step"]
    makes = (longform.medians, longform.seeds)
    levels = {GUESSING: PERCENT * chance, HALF: TRAINED.of(chance)}
    return longform.joined(
        *(make(table, "value", by, VALIDATION) for make in makes),
        *(longform.theory(pd.DataFrame({"value": [each]}), "value", [], name)
          for name, each in levels.items()),
    )  # fmt: skip


def _validated(results: Results, chance: float) -> pd.DataFrame:
    """Return variant, depth, seed, step and value (in percent), with a row for every epoch."""
    epochs = select.with_settings(results, select.rows(results, "epochs", "late"))
    wide = epochs.pivot(
        index=["depth", "variant", "seed"], columns="epoch", values="val_accuracy"
    ).astype(float)
    wide[0] = chance
    long = wide.fillna(chance).sort_index(axis=1).melt(ignore_index=False).reset_index()
    steps = _steps_an_epoch(results)
    return long.assign(value=PERCENT * long["value"], step=steps * long["epoch"].astype(int))


def _steps_an_epoch(results: Results) -> int:
    training = select.common(results, "late").training
    about = select.data(results, "late")
    rows = about.training_rows(training.validation_split, training.data_fraction)
    return -(-rows // training.batch_size)


def late(results: Results, data: pd.DataFrame) -> Sheet:
    """Return validation accuracy over the steps of training, seeds faint, a panel a depth."""
    depths = sorted({int(each) for each in data["depth"].dropna()})
    looks = style.looks(results, "late")
    sheet = layout.new_sheet(2.6 if layout.narrow() else 3.3)
    titles = [counts.hidden_layers(depth) for depth in depths]
    grid = layout.panels(sheet, titles, sharex=True, sharey=True)
    half = float(data.loc[data["quantity"] == HALF, "value"].iloc[0])
    for axes, depth in zip(grid, depths, strict=True):
        _draw_courses(sheet, axes, data[data["depth"] == depth], looks)
        axes.set_xlim(0, 1.02 * float(data["step"].max()))
        axes.xaxis.set_major_locator(MaxNLocator(nbins=3, integer=True))
        scales.mark_level(axes, half, "trained" if axes is grid[-1] else "")
    layout.name_x(grid, "Steps")
    grid[0].set_ylim(0, 103)
    grid[0].set_ylabel(VALIDATION)
    layout.add_legend(sheet.figure, layout.handles(looks))
    layout.add_notes(sheet.figure, counts.as_guesses(select.rows(results, "runs", "late")))
    return sheet


def _draw_courses(
    sheet: Sheet, axes: Axes, data: pd.DataFrame, looks: dict[str, VariantStyle]
) -> None:
    """Every seed thin, and the median thick, over the steps."""
    for place, (name, look) in enumerate(looks.items()):
        own = data[data["variant"] == name]
        for _, run in longform.of(own, longform.SEED).groupby("seed"):
            _draw_seed(axes, run["step"], run["value"], look, name)
        middle = longform.of(own, longform.MEDIAN)
        start = 2 * place + 1
        _draw_middle(axes, middle["step"], middle["value"], look, name, (start, 4))
        read = readings.points(middle, "step", "Step", numbers.percent)
        sheet.note_middles(axes, middle, read, counts.hidden_layers(data["depth"].iloc[0]))


def _draw_seed(axes: Axes, x: pd.Series, y: pd.Series, look: VariantStyle, name: str) -> None:
    (line,) = axes.plot(x, y, color=look.colour, alpha=FAINT, linewidth=0.9)
    layout.tag(line, name)


def _draw_middle(
    axes: Axes,
    x: pd.Series,
    y: pd.Series,
    look: VariantStyle,
    name: str,
    every: int | tuple[int, int],
) -> None:
    (line,) = axes.plot(
        x, y, color=look.colour, linestyle=look.dash, marker=look.marker, markevery=every
    )
    layout.tag(line, name)


def _chance(results: Results) -> float:
    """The loss of answers that do not look at the image, in nats."""
    return select.guess(results, "depth").loss


def _lost(results: Results, data: pd.DataFrame) -> list[str]:
    """A sentence on the diverged runs of the depth and the optimizer that are shown."""
    runs = select.rows(results, "runs", "depth")
    shown = [(runs[name] == data[name].iloc[0]) for name in ("depth", "optimizer")]
    return counts.left_out(runs[shown[0] & shown[1]])


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


def late_alt(results: Results, data: pd.DataFrame) -> str:
    """Return the alternative text of validation accuracy over the steps of training."""
    runs = select.rows(results, "runs", "late")
    half = numbers.percent(data.loc[data["quantity"] == HALF, "value"].iloc[0])
    last = numbers.count(int(data["step"].max()))
    text = [
        f"Validation accuracy over {last} steps of training, one panel a depth, a thin line for "
        f"each of {counts.counted(runs['seed'].nunique(), 'seed')} and a thick one for their "
        f"median; dashed the {half} from which a network counts as trained."
    ]
    for depth, own in longform.of(data, longform.MEDIAN).groupby("depth"):
        courses = [
            _passed(str(name), rows, data)
            for name, rows in own.groupby("variant", observed=True, sort=False)
        ]
        text.append(f"{counts.hidden_layers(depth)}: {'; '.join(courses)}.")
    return " ".join([*text, *counts.as_guesses(runs)])


def _passed(name: str, rows: pd.DataFrame, data: pd.DataFrame) -> str:
    """When a median has first been above the level at the end of an epoch, and where it ends."""
    half = data.loc[data["quantity"] == HALF, "value"].iloc[0]
    above = rows.loc[rows["value"] >= half, "step"]
    end = numbers.percent(rows["value"].iloc[-1])
    when = f"is above it by step {numbers.count(int(above.iloc[0]))}" if len(above) else "never is"
    return f"the median of {name} {when} and ends at {end}"


FIGURES = {
    "thirty-layers": Definition(
        "depth",
        thirty_layers_data,
        thirty_layers,
        thirty_layers_alt,
        apart=("optimizer", "depth"),
        says=thirty_layers_say,
    ),
    "late": Definition(
        "late",
        late_data,
        late,
        late_alt,
        apart=("depth",),
    ),
}
