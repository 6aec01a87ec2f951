"""Heat maps of accuracy over two settings, a rectangle and a number a cell; theory drawn on them.

Colours of a cell are the same on a light and a dark page; curves and ticks follow the page.
"""

from collections.abc import Hashable, Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib import colormaps
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle
from matplotlib.ticker import NullLocator

from analysis.results import select
from analysis.results.frames import Results
from analysis.statistics.estimates import Floats
from report.figures import map_words
from report.figures.draw import panels, readings, style, tidy
from report.figures.draw.readings import Point
from report.figures.draw.style import INK, MUTED, PAPER
from report.figures.map_words import PERCENT
from report.words.settings import NAMES

TEST_ACCURACY = "Test accuracy (%)"
REACH = "Six depth scales (hidden layers)"
EDGE = "Critical variance of a weight × fan_in"
COLOURS = "cividis"
"""Even steps of lightness, the same to every eye, blue for what is stuck, yellow for what works."""
ON_DARK, ON_LIGHT = "#f6f6f4", "#14151a"
DARK_BELOW = 47.0
"""Percent below which a cell is so dark that light figures stand out more."""
Box = tuple[float, float, float, float]
"""Left, lower, right and upper edge of a cell."""


def chaos_data(results: Results) -> pd.DataFrame:
    """Return accuracies in percent by σ_w² and depth of tanh networks, and theory's two lines."""
    return _phase_data(results, "chaos")


def chaos(results: Results, data: pd.DataFrame) -> Figure:
    """Return accuracy over weight variance and depth of tanh networks, with the edge of chaos."""
    return _phases(results, data, "chaos")


def gain_data(results: Results) -> pd.DataFrame:
    """Return accuracies in percent by σ_w² and depth of ReLU networks, and theory's two lines."""
    return _phase_data(results, "gain")


def gain(results: Results, data: pd.DataFrame) -> Figure:
    """Return accuracy over weight variance and depth of ReLU networks, with the critical gain."""
    return _phases(results, data, "gain")


def activation_heatmap_data(results: Results) -> pd.DataFrame:
    """Return accuracies in percent by depth, activation and initializer, means over seeds."""
    return _cells(map_words.by_activation(results))


def activation_heatmap(results: Results, data: pd.DataFrame) -> Figure:
    """Return accuracy by activation and initializer, one map a depth."""
    depths, activations = (select.values(data, name) for name in ("depth", "activation"))
    looks = style.looks(results, "activation")
    figure = panels.new_figure(1.5 + 0.42 * len(looks))
    grid = figure.subplots(1, len(depths), sharey=True, squeeze=False)[0]
    for axes, depth in zip(grid, depths, strict=True):
        axes.set_title(f"{depth} hidden layers")
        for row in data[data["depth"] == depth].sort_values("variant").to_dict("records"):
            x, y = activations.index(row["activation"]), list(looks).index(str(row["variant"]))
            _draw_cell(axes, (x - 0.5, y - 0.5, x + 0.5, y + 0.5), row, (x, y))
            at = f"{depth} hidden layers, {NAMES.get(row['activation'], row['activation'])}"
            _note_cell(axes, row, (x, y), at)
        names = [NAMES.get(each, each) for each in activations]
        axes.set_xticks(range(len(names)), names)
        _bare(axes, (-0.5, len(names) - 0.5), (len(looks) - 0.5, -0.5))
    figure.suptitle(TEST_ACCURACY, x=0.01, ha="left", fontsize=10)
    grid[0].set_yticks(range(len(looks)), [panels.wrapped(name, 18) for name in looks])
    panels.add_notes(figure, map_words.notes(results, "activation", data))
    return figure


def _cells(table: pd.DataFrame) -> pd.DataFrame:
    """A summary of accuracies in percent, in the shape of all figures' data."""
    numbers = ["mean", "sd", "low", "high", "minimum", "maximum"]
    shown = table.assign(**{name: PERCENT * table[name] for name in numbers})
    named = shown.rename(columns={"mean": "value"})
    return tidy.joined(named.assign(quantity=TEST_ACCURACY, kind=tidy.MEAN))


def _phase_data(results: Results, experiment: str) -> pd.DataFrame:
    """Cells, and theory: the depth to which signals reach by σ_w², and the critical σ_w²."""
    cells = _cells(map_words.by_gain(results, experiment))
    edge = map_words.edge(results, experiment)
    across = _edges(sorted(select.values(cells, "scale")))
    curve = map_words.reach(edge, np.geomspace(across[0], across[-1], 241))
    reach = curve.rename(columns={"gain": "scale", "depth": "value"})
    critical = pd.DataFrame({"value": [edge.critical]})
    return tidy.joined(
        cells,
        tidy.theory(reach, "value", ["scale"], REACH),
        tidy.theory(critical, "value", [], EDGE),
    )


def _phases(results: Results, data: pd.DataFrame, experiment: str) -> Figure:
    """Cells at their values on two log axes; the critical line and the depth scale on top."""
    table = tidy.of(data, tidy.MEAN).astype({"depth": int})
    gains, depths = (sorted(select.values(table, name)) for name in ("scale", "depth"))
    figure = panels.new_figure(1.7 + 0.42 * max(4, len(depths)))
    axes = figure.subplots()
    axes.set_xscale("log")
    axes.set_yscale("log")
    name = map_words.edge(results, experiment).name
    across, up = _edges(gains), _edges(depths)
    for row in table.sort_values(["depth", "scale"]).to_dict("records"):
        x, y = gains.index(row["scale"]), depths.index(row["depth"])
        box = (across[x], up[y], across[x + 1], up[y + 1])
        middle = float(np.sqrt(box[0] * box[2])), float(np.sqrt(box[1] * box[3]))
        _draw_cell(axes, box, row, middle)
        of = f", {name} networks of {row['depth']} hidden layers"
        _note_cell(axes, row, middle, f"At σ_w² = {row['scale']:g}", of)
    axes.set_xticks(gains, [f"{each:g}" for each in gains])
    axes.set_yticks(depths, [str(each) for each in depths])
    _bare(axes, (across[0], across[-1]), (up[0], up[-1]))
    axes.set_xlabel(r"Variance of a weight × fan_in, $\sigma_w^2$ (log scale)")
    axes.set_ylabel("Hidden layers (log scale)")
    axes.set_title(f"{TEST_ACCURACY} of {name} networks")
    _draw_edge(figure, axes, data, (across[0], across[-1]))
    panels.add_notes(figure, map_words.notes(results, experiment, table))
    return figure


def _note_cell(
    axes: Axes, row: Mapping[Hashable, Any], middle: tuple[float, float], at: str, panel: str = ""
) -> None:
    """What a cell says, whose number is rounded to a percent in the drawing."""
    known = bool(row["n"])
    says = readings.percent(row["value"]) if known else "diverged"
    reach = readings.span(row["minimum"], row["maximum"], readings.percent)
    lost = f"{int(row['diverged'])} diverged" if known and row["diverged"] else ""
    seeds = f"seeds from {reach}" if reach else ""
    beside = [readings.mean_of(row["n"]) if known else "in every run", seeds, lost]
    read = Point(*middle, at, says, ", ".join(filter(None, beside)))
    readings.note(axes, str(row["variant"]), f"{TEST_ACCURACY}{panel}", "", [read])


def _draw_edge(figure: Figure, axes: Axes, data: pd.DataFrame, span: panels.Span) -> None:
    """The critical variance and the depth to which signals reach, legible on every cell."""
    critical = float(data.loc[data["quantity"] == EDGE, "value"].iloc[0])
    curve = data[data["quantity"] == REACH]
    shown = curve[curve["value"] <= 4 * axes.get_ylim()[1]]
    handles = []
    for part in (shown[shown["scale"] < critical], shown[shown["scale"] > critical]):
        _outlined(axes, part["scale"].tolist(), part["value"].tolist(), "-")
    handles.append(Line2D([], [], color=INK, linewidth=2, label=map_words.DEPTH_LABEL))
    if span[0] < critical < span[1]:
        _outlined(axes, [critical] * 2, list(axes.get_ylim()), (0, (2, 1.4)))
        label = f"critical: {critical:.3g}"
        handles.append(Line2D([], [], color=INK, linewidth=2, linestyle=(0, (2, 1.4)), label=label))
    panels.add_legend(figure, handles)


def _outlined(axes: Axes, x: Sequence[float], y: Sequence[float], dash: Any) -> None:
    """A line in ink with a hem of paper, so that it stands out on light and dark cells."""
    axes.plot(x, y, color=PAPER, linewidth=4.5, solid_capstyle="butt")
    axes.plot(x, y, color=INK, linewidth=2, linestyle=dash, solid_capstyle="butt")


def _draw_cell(
    axes: Axes, box: Box, row: Mapping[Hashable, Any], middle: tuple[float, float]
) -> None:
    """A rectangle in the colour of the mean, with its number; a cross where every run diverged."""
    known = bool(row["n"])
    value = row["value"] if known else np.nan
    fill = to_hex(colormaps[COLOURS](value / PERCENT)) if known else "none"
    left, low, right, high = box
    cell = axes.add_patch(
        Rectangle((left, low), right - left, high - low, facecolor=fill, edgecolor=PAPER, lw=1)
    )
    ink = INK if not known else ON_LIGHT if value > DARK_BELOW else ON_DARK
    # The number has a ground of its own, where a curve would run through it.
    ground = {"facecolor": fill if known else PAPER, "edgecolor": "none", "pad": 1.2}
    text = axes.text(
        *middle, _number(row, value), color=ink, ha="center", va="center_baseline", fontsize=9,
        bbox=ground, zorder=8,
    )  # fmt: skip
    for artist in (cell, text):
        panels.tag(artist, str(row["variant"]))


def _number(row: Mapping[Hashable, Any], value: float) -> str:
    if not row["n"]:
        return "×"
    return f"{value:.0f}" + ("*" if row["diverged"] else "")


def _edges(values: Sequence[float]) -> Floats:
    """Edges of cells on a log axis, halfway between neighbours; a lone value gets a factor of two.

    Returns one more than there are values.
    """
    places = np.log(np.asarray(values, dtype=float))
    if places.size == 1:
        places = places[0] + np.log(2) * np.array([-1.0, 0.0, 1.0])
        return np.asarray(np.exp((places[1:] + places[:-1]) / 2))
    inner = (places[1:] + places[:-1]) / 2
    first, last = 2 * places[0] - inner[0], 2 * places[-1] - inner[-1]
    return np.asarray(np.exp(np.concatenate([[first], inner, [last]])))


def _bare(axes: Axes, x: panels.Span, y: panels.Span) -> None:
    """Axes without grid, spines and small ticks: the cells are the drawing."""
    axes.set_xlim(x)
    axes.set_ylim(y)
    axes.grid(visible=False)
    for axis in (axes.xaxis, axes.yaxis):
        axis.set_minor_locator(NullLocator())
    axes.spines[["left", "bottom"]].set_visible(False)
    axes.tick_params(length=2, color=MUTED)
