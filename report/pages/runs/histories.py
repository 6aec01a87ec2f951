"""What a run left on its way: losses and accuracies by epoch, or signals layer by layer."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import pandas as pd

from analysis.results.frames import Results
from report.pages.runs import sparklines
from report.words.numbers import loss, magnitude

History = tuple[tuple[float, ...], ...]
"""Of a trained run loss, accuracy, val_loss and val_accuracy by epoch, then the loss along the
grid, if recorded; of an untrained one mean square and gradient by hidden layer."""
Text = Callable[[float], str]
EPOCHS = ("loss", "accuracy", "val_loss", "val_accuracy")
LAYERS = ("mean_square", "sum_gradient_sd")
SIGNALS = (
    ("Mean square of the activations", "mean square"),
    ("Gradient’s standard deviation", "gradient with respect to the sums"),
)
"""Header of each chart of `LAYERS`, and what a sentence calls it."""
Line = tuple[Sequence[float], Sequence[float]]


@dataclass(frozen=True)
class Histories:
    """The histories of an experiment by run, and the scale of each of their small charts.

    `grid` holds the progress, in epochs, at which training losses were recorded within an epoch.
    `shown` are the places of the charts that have a value in any run.
    """

    runs: Mapping[str, History]
    grid: tuple[float, ...]
    trained: bool
    shown: tuple[int, ...]
    names: tuple[str, ...]
    scales: tuple[sparklines.Scale, ...]
    note: str
    text: Text

    @property
    def ends_with_the_epoch(self) -> bool:
        """Tell whether the last value of the chart is the training loss of the last epoch."""
        return self.trained and not self.grid

    def lines(self, history: History) -> list[Line]:
        """Return places and values of each small chart of a run."""
        lines = _lines(history, self.grid, self.trained)
        return [lines[index] for index in self.shown]


def of(results: Results, experiment: str, *, trained: bool) -> Histories:
    """Return the histories of the runs of an experiment."""
    if trained:
        runs = _table(results.epochs, experiment, "epoch", EPOCHS)
        grid, curves = _curves(results.curves, experiment)
        runs = {name: (*own, *curves.get(name, ())) for name, own in runs.items()}
    else:
        runs, grid = _table(_hidden(results), experiment, "layer", LAYERS), ()
    lines = [_lines(history, grid, trained) for history in runs.values()]
    count = 1 if trained else len(LAYERS)
    shown = tuple(index for index in range(count) if _known(lines, index))
    scales = tuple(
        sparklines.scale(
            (place for line in lines for place in line[index][0]),
            (value for line in lines for value in line[index][1]),
        )
        for index in shown
    )
    names, note = _words(dict(zip(shown, scales, strict=True)), grid, trained)
    text = loss if trained else magnitude
    return Histories(runs, grid, trained, shown, names, scales, note, text)


def _known(lines: Sequence[Sequence[Line]], index: int) -> bool:
    """Tell whether a chart has a value in any run."""
    return any(math.isfinite(value) for line in lines for value in line[index][1])


def _table(
    frame: pd.DataFrame, experiment: str, order: str, columns: Sequence[str]
) -> dict[str, History]:
    """The columns of a frame by run, each from its first row to its last."""
    own = frame[frame["experiment"] == experiment]
    found: dict[str, list[tuple[float, ...]]] = {}
    last: dict[str, float] = {}
    table = (own["run_id"], own[order], *(own[name] for name in columns))
    for run, place, *values in zip(*(column.tolist() for column in table), strict=True):
        # A run that stands at two points of a sweep has its rows twice.
        if place > last.get(run, -1):
            found.setdefault(run, []).append(tuple(values))
            last[run] = place
    return {run: tuple(zip(*rows, strict=True)) for run, rows in found.items()}


def _curves(frame: pd.DataFrame, experiment: str) -> tuple[tuple[float, ...], dict[str, History]]:
    """The grid of all recorded curves of an experiment, and the losses along it."""
    both = _table(frame, experiment, "progress", ("progress", "loss"))
    grid = tuple(sorted({place for places, _ in both.values() for place in places}))
    curves: dict[str, History] = {}
    for run, (places, values) in both.items():
        known = dict(zip(places, values, strict=True))
        reached = [place for place in grid if place <= places[-1]]
        curves[run] = (tuple(known.get(place, float("nan")) for place in reached),)
    return grid, curves


def _hidden(results: Results) -> pd.DataFrame:
    """The hidden layers at initialization."""
    layers = results.layers[results.layers["moment"] == "initial"]
    depths = dict(zip(results.runs["run_id"], results.runs["depth"], strict=True))
    depth = layers["run_id"].map(depths)
    return layers[layers["layer"] <= depth]


def _lines(history: History, grid: tuple[float, ...], trained: bool) -> list[Line]:
    if not history:
        return [((), ())] * (1 if trained else len(LAYERS))
    if trained:
        values = history[-1] if len(history) > len(EPOCHS) else history[0]
        places = grid if len(history) > len(EPOCHS) else range(1, len(values) + 1)
        return [(places[: len(values)], values)]
    return [(range(1, len(values) + 1), values) for values in history]


def _words(
    scales: Mapping[int, sparklines.Scale], grid: tuple[float, ...], trained: bool
) -> tuple[tuple[str, ...], str]:
    """Headers of the small charts, and what they show; nothing of one without a value."""
    if not scales:
        return (), ""
    if not trained:
        spans = ", ".join(
            f"{SIGNALS[index][1]} from {magnitude(s.low)} to {magnitude(s.high)}"
            for index, s in scales.items()
        )
        return tuple(SIGNALS[index][0] for index in scales), (
            "The charts run from the first hidden layer to the last, on logarithmic scales that "
            f"all rows share: {spans}; what is smaller lies on the foot. Beside them stand the "
            "first and the last value."
        )
    way = "within the epochs" if grid else "by epoch"
    return (f"Training loss {way}",), (
        f"The chart shows the training loss {way}, on a logarithmic scale from "
        f"{loss(scales[0].low)} to {loss(scales[0].high)} nats that all rows share; beside it "
        "stand its first and its last value."
    )
