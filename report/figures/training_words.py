"""What the figures of scale, depth and symmetry show, in words and numbers."""

from typing import NamedTuple

import numpy as np
import pandas as pd

from analysis.results import select
from analysis.results.frames import Results
from analysis.statistics import comparisons
from analysis.study.initializers import standard_deviation
from report.figures.descriptions import count, over

PERCENT = 100.0
CURVE_DEPTH = 30
"""Hidden layers of the network whose loss is followed, or as near as the experiment has them."""


class Chosen(NamedTuple):
    """The point of the depth experiment whose loss is followed; `chance` in nats."""

    depth: int
    optimizer: str
    chance: float | None


def deep_curves(results: Results) -> tuple[pd.DataFrame, Chosen]:
    """Return the loss curves of the networks nearest to thirty layers, and which those are.

    `chance` is the loss of guessing all classes alike.
    """
    curves = select.with_settings(results, select.rows(results, "curves", "depth"))
    depth = select.nearest(select.values(curves, "depth"), CURVE_DEPTH)
    optimizers = select.values(curves, "optimizer")
    optimizer = "SGD" if "SGD" in optimizers else optimizers[0]
    own = curves[(curves["depth"] == depth) & (curves["optimizer"] == optimizer)]
    classes = select.classes(results, "depth")
    return own, Chosen(depth, optimizer, float(np.log(classes)) if classes else None)


def reference_sds(results: Results, scheme: str) -> list[tuple[int, float]]:
    """Return layer and formula's standard deviation, where the scale experiment tells the fans."""
    layers = results.layers[results.layers["experiment"] == "scale"].drop_duplicates("layer")
    found = []
    for layer, fan_in, fan_out in layers[["layer", "fan_in", "fan_out"]].to_numpy(dtype=int):
        sd = standard_deviation(scheme, {}, int(fan_in), int(fan_out))
        if sd:
            found.append((int(layer), sd))
    return found


def scale_notes(results: Results) -> list[str]:
    """Return what the strokes of the scale figure are, and which runs are missing in it."""
    marks = reference_sds(results, "HeNormal")
    note = "Dashed, numbered by layer: the standard deviation that He's formula gives it."
    return [*([note] if marks else []), *lost(results, "scale")]


def lost(results: Results, experiment: str, chosen: Chosen | None = None) -> list[str]:
    """Return a sentence on the diverged runs of an experiment, or of one point of it."""
    runs = select.rows(results, "runs", experiment)
    if chosen:
        runs = runs[(runs["depth"] == chosen.depth) & (runs["optimizer"] == chosen.optimizer)]
    gone = int((runs["status"] == "diverged").sum())
    return [f"{gone} of {count(len(runs), 'run')} diverged and are left out."] if gone else []


def _percent(value: float) -> str:
    return f"{value:.1f} %"


def scale(results: Results) -> str:
    """Return the alternative text of accuracy over the scale of the weights."""
    runs = select.swept(results, "scale", "stddev")
    text = [
        "Test accuracy over the standard deviation of the weights, a dot for each of "
        f"{count(runs['seed'].nunique(), 'seed')}, one panel an optimizer."
    ]
    for optimizer, own in runs.groupby("optimizer", sort=False):
        table = comparisons.summary(own, "test_accuracy", ["stddev"])
        text.append(f"{optimizer}: {_course(table, 'stddev', 'standard deviation')}.")
    return " ".join([*text, *lost(results, "scale")])


def depth(results: Results) -> str:
    """Return the alternative text of accuracy over depth."""
    runs = select.rows(results, "runs", "depth")
    depths = sorted(select.values(runs, "depth"))
    text = [
        f"Test accuracy of networks with {depths[0]} to {depths[-1]} hidden layers, "
        f"{over(runs['seed'].nunique())}, one panel an optimizer."
    ]
    for optimizer, own in runs.groupby("optimizer", sort=False):
        parts = []
        for name, rows in own.groupby("variant", observed=True):
            table = comparisons.summary(rows, "test_accuracy", ["depth"])
            parts.append(f"{name} {_course(table, 'depth', 'layers', after=True)}")
        text.append(f"{optimizer}: {'; '.join(parts)}.")
    return " ".join([*text, *lost(results, "depth")])


def _course(table: pd.DataFrame, x: str, label: str, after: bool = False) -> str:
    """Mean accuracy at each value of a swept setting."""
    parts: list[str] = []
    for row in table.to_dict("records"):
        value = _percent(PERCENT * row["mean"]) if row["n"] else "diverged"
        at = f"{row[x]:g} {label}" if after else f"{label} {row[x]:g}"
        parts.append(f"{value} at {at if not parts else format(row[x], 'g')}")
    return ", ".join(parts)


def thirty_layers(results: Results) -> str:
    """Return the alternative text of the loss curves of a deep network."""
    curves, chosen = deep_curves(results)
    means = comparisons.summary(curves, "loss", ["variant", "progress"])
    parts = []
    for name, rows in means[means["n"] > 0].groupby("variant", observed=True):
        first, last = rows.iloc[0], rows.iloc[-1]
        parts.append(
            f"{name} from {first['mean']:.2f} to {last['mean']:.2f} "
            f"(seeds {last['minimum']:.2f} to {last['maximum']:.2f})"
        )
    length = f"{means['progress'].max():g}"
    guessing = f"; guessing costs {chosen.chance:.2f}" if chosen.chance else ""
    return " ".join(
        [
            f"Training loss in nats of networks with {chosen.depth} hidden layers under "
            f"{chosen.optimizer} over {length} {'epoch' if length == '1' else 'epochs'}, "
            f"{over(curves['seed'].nunique())}{guessing}.",
            f"{'; '.join(parts)}.",
            *lost(results, "depth", chosen),
        ]
    )


def symmetry(results: Results) -> str:
    """Return the alternative text of distinct units and ranks over training."""
    layers = select.layers(results, "symmetry", "distinct_units", moment=None)
    last = layers["layer"].max()
    text = [
        f"Distinct units and rank of the kernels of {count(int(last), 'layer')} over training, "
        f"{over(layers['seed'].nunique())}."
    ]
    for name, own in layers.groupby("variant", observed=True):
        parts = [_ends(own, value, label) for value, label in _COUNTS]
        text.append(f"{name}: {'; '.join(parts)}.")
    return " ".join(text)


_COUNTS = (("distinct_units", "distinct units"), ("kernel_rank", "ranks"))


def _ends(own: pd.DataFrame, value: str, label: str) -> str:
    """Counts of all layers before training and after it."""
    table = comparisons.summary(own, value, ["moment", "layer"])
    initial, final = (
        ", ".join(f"{mean:.4g}" for mean in table.loc[table["moment"] == moment, "mean"])
        for moment in ("initial", "final")
    )
    if initial == final or not final:
        return f"{label} by layer {initial} throughout"
    return f"{label} by layer {initial} before and {final} after training"
