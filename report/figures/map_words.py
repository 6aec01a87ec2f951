"""What the heat maps show, in words and numbers, and the theory that is drawn on them."""

from collections.abc import Sequence
from typing import NamedTuple

import pandas as pd

from analysis.results import select
from analysis.results.frames import Results
from analysis.statistics import comparisons, summaries, theory
from analysis.statistics.estimates import Floats
from analysis.study import initializers
from report.figures.descriptions import count, over
from report.words.settings import NAMES

PERCENT = 100.0
SCALES = 6.0
"""Depth scales to which a network trains, as Schoenholz et al. 2016 found."""
DEPTH_LABEL = "six depth scales, 6 ξ"


class Edge(NamedTuple):
    """The edge of chaos of an experiment's networks."""

    activation: str
    name: str
    bias_variance: float
    critical: float


def by_gain(results: Results, experiment: str) -> pd.DataFrame:
    """Return the summary of test accuracy by variant, scale and depth."""
    runs = select.swept(results, experiment, "scale")
    return comparisons.summary(runs, "test_accuracy", ["variant", "scale", "depth"])


def by_activation(results: Results) -> pd.DataFrame:
    """Return the summary of test accuracy by depth, activation and variant, in swept order."""
    runs = select.rows(results, "runs", "activation")
    return summaries.ordered(runs, "test_accuracy", ["depth", "activation", "variant"])


def edge(results: Results, experiment: str) -> Edge:
    """Return activation and bias variance of an experiment, and the critical σ_w² of the two."""
    network = results.study.experiments[experiment].network
    width = network.hidden[0]
    bias = (
        initializers.variance(network.bias.initializer, network.bias.parameters, width, width)
        or 0.0
    )
    critical = theory.critical_gain(bias, network.activation)
    name = NAMES.get(network.activation, network.activation)
    return Edge(network.activation, name, bias, critical)


def reach(edge: Edge, gains: Sequence[float] | Floats) -> pd.DataFrame:
    """Return gain and depth of six depth scales for each σ_w² of `gains`."""
    return summaries.trainable_depths(gains, edge.bias_variance, edge.activation, SCALES)


def notes(results: Results, experiment: str, table: pd.DataFrame) -> list[str]:
    """Return over how many seeds the numbers are means, and what stands for diverged runs."""
    seeds = select.rows(results, "runs", experiment)["seed"].nunique()
    text = [f"{over(seeds).capitalize()}."]
    if ((table["diverged"] > 0) & (table["n"] > 0)).any():
        text.append("* without the runs that diverged.")
    if (table["n"] == 0).any():
        text.append("× every run diverged.")
    return [" ".join(text)]


def chaos(results: Results) -> str:
    """Return the alternative text of the heat map of tanh networks."""
    return _phases(results, "chaos")


def gain(results: Results) -> str:
    """Return the alternative text of the heat map of ReLU networks."""
    return _phases(results, "gain")


def _phases(results: Results, experiment: str) -> str:
    table, found = by_gain(results, experiment), edge(results, experiment)
    seeds = select.rows(results, "runs", experiment)["seed"].nunique()
    depths = sorted(select.values(table, "depth"))
    lines = [_line(rows, "scale", f"{depth} layers") for depth, rows in table.groupby("depth")]
    return (
        f"Heat map of the test accuracy of {found.name} networks over the variance of a weight "
        f"times fan_in and {depths[0]} to {depths[-1]} hidden layers, {over(seeds)}. "
        f"{' '.join(lines)} Theory puts the critical variance at {found.critical:.3f}; "
        f"six depth scales are {_reached(found, table)}."
    )


def _line(rows: pd.DataFrame, x: str, opening: str) -> str:
    """One row of a map: where accuracy is highest, and what it is at either end."""
    known = rows[rows["n"] > 0]
    if known.empty:
        return f"{opening}: every run diverged."
    best = known.sort_values("mean", ascending=False, kind="stable").iloc[0]
    ends = [known.iloc[0], known.iloc[-1]]
    parts = [f"{PERCENT * end['mean']:.0f} % at {end[x]:g}" for end in ends]
    lost = int((rows["n"] == 0).sum())
    more = f", {count(lost, 'cell')} diverged" if lost else ""
    return (
        f"{opening}: highest {PERCENT * best['mean']:.0f} % at {best[x]:g}, "
        f"{' and '.join(parts)}{more}."
    )


def _reached(found: Edge, table: pd.DataFrame) -> str:
    """How deep six depth scales are at the ends of the map."""
    gains = sorted(select.values(table, "scale"))
    curve = reach(found, [gains[0], gains[-1]])
    return " and ".join(
        f"{depth:.0f} layers at {gain:g}" for gain, depth in curve[["gain", "depth"]].to_numpy()
    )


def activation_heatmap(results: Results) -> str:
    """Return the alternative text of accuracy by activation and initializer."""
    table = by_activation(results)
    seeds = select.rows(results, "runs", "activation")["seed"].nunique()
    text = [f"Heat maps of test accuracy by activation and initializer, {over(seeds)}."]
    for depth, deep in table.groupby("depth", sort=False):
        parts = [
            f"{NAMES.get(str(name), str(name))} {_listed(rows)}"
            for name, rows in deep.groupby("activation", sort=False)
        ]
        text.append(f"{depth} hidden layers: {'; '.join(parts)}.")
    return " ".join(text)


def _listed(rows: pd.DataFrame) -> str:
    return ", ".join(
        f"{row['variant']} {PERCENT * row['mean']:.0f} %" if row["n"] else f"{row['variant']} lost"
        for row in rows.to_dict("records")
    )
