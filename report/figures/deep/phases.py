"""Phase diagrams: accuracy over weight variance and depth, and theory drawn on it."""

from collections.abc import Sequence
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from analysis.errors import ReportError
from analysis.results import select
from analysis.results.frames import Results
from analysis.statistics import predictions, theory
from analysis.statistics.estimates import Floats
from report.figures.draw import layout, longform
from report.figures.draw.axes import cells, maps
from report.figures.draw.axes.maps import TEST_ACCURACY
from report.figures.draw.definition import Definition
from report.figures.draw.readings import Sheet
from report.figures.draw.style import INK, PAPER
from report.words import counts, numbers
from report.words.settings import activation_name, spelled

SCALES = 6.0
"""Depth scales to which a network trains, as Schoenholz et al. 2016 found."""
DEPTH_LABEL = "six depth scales, 6 ξ"
REACH = "Six depth scales (hidden layers)"
EDGE = "Critical variance of a weight × fan_in"
NO_THEORY = "Theory has no lines here: these networks are more than dense layers."


class Edge(NamedTuple):
    """The edge of chaos of an experiment's networks."""

    activation: str
    bias_variance: float
    critical: float


def chaos_data(results: Results) -> pd.DataFrame:
    """Return accuracies in percent by σ_w² and depth of tanh networks, and theory's two lines."""
    return _phase_data(results, "chaos")


def chaos(results: Results, data: pd.DataFrame) -> Sheet:
    """Return accuracy over weight variance and depth of tanh networks, with the edge of chaos."""
    return _phases(results, data, "chaos")


def gain_data(results: Results) -> pd.DataFrame:
    """Return accuracies in percent by σ_w² and depth of ReLU networks, and theory's two lines."""
    return _phase_data(results, "gain")


def gain(results: Results, data: pd.DataFrame) -> Sheet:
    """Return accuracy over weight variance and depth of ReLU networks, with the critical gain."""
    return _phases(results, data, "gain")


def _phase_data(results: Results, experiment: str) -> pd.DataFrame:
    """Cells, and theory if it has lines: how deep signals reach by σ_w², and the critical σ_w²."""
    table = maps.in_percent(_by_gain(results, experiment))
    edge = _edge_of(results, experiment)
    if edge is None:
        return table
    across = cells.edges(sorted(select.values(table, "scale")))
    curve = _reach(edge, np.geomspace(across[0], across[-1], 241))
    reach = curve.rename(columns={"gain": "scale", "depth": "value"})
    critical = pd.DataFrame({"value": [edge.critical]})
    return longform.joined(
        table,
        longform.theory(reach, "value", ["scale"], REACH),
        longform.theory(critical, "value", [], EDGE),
    )


def _phases(results: Results, data: pd.DataFrame, experiment: str) -> Sheet:
    """A cell for each pair of values, all of one size; the critical line and depth scale on top."""
    table = longform.of(data, longform.MEAN).astype({"depth": int})
    gains, depths = (sorted(select.values(table, name)) for name in ("scale", "depth"))
    sheet = layout.new_sheet(1.7 + 0.42 * max(4, len(depths)))
    axes = sheet.figure.subplots()
    name = _called(results, experiment)
    for row in table.sort_values(["depth", "scale"]).to_dict("records"):
        x, y = gains.index(row["scale"]), depths.index(row["depth"])
        cells.draw(axes, (x - 0.5, y - 0.5, x + 0.5, y + 0.5), row, (x, y))
        of = f"{TEST_ACCURACY}, {name} networks of {counts.hidden_layers(row['depth'])}"
        cells.note(sheet, axes, row, (x, y), f"At σ_w² = {spelled(row['scale'])}", of)
    axes.set_xticks(range(len(gains)), [spelled(each) for each in gains])
    axes.set_yticks(range(len(depths)), [str(each) for each in depths])
    cells.bare(axes, (-0.5, len(gains) - 0.5), (-0.5, len(depths) - 0.5))
    axes.set_xlabel("Variance of a weight × fan_in")
    axes.set_ylabel("Hidden layers")
    axes.set_title(f"{TEST_ACCURACY} of {name} networks")
    notes = maps.notes(results, experiment, table)
    if (data["quantity"] == EDGE).any():
        _draw_edge(sheet.figure, axes, data, gains, depths)
    else:
        notes.append(NO_THEORY)
    layout.add_notes(sheet.figure, notes)
    return sheet


def _draw_edge(
    figure: Figure,
    axes: Axes,
    data: pd.DataFrame,
    gains: Sequence[float],
    depths: Sequence[float],
) -> None:
    """The critical variance and the depth to which signals reach, legible on every cell."""
    critical = float(data.loc[data["quantity"] == EDGE, "value"].iloc[0])
    curve = data[data["quantity"] == REACH]
    shown = curve[curve["value"] <= 4 * depths[-1]]
    handles = []
    for part in (shown[shown["scale"] < critical], shown[shown["scale"] > critical]):
        x = cells.places(part["scale"].to_numpy(), gains)
        _outlined(axes, x, cells.places(part["value"].to_numpy(), depths), "-")
    handles.append(Line2D([], [], color=INK, linewidth=2, label=DEPTH_LABEL))
    (x,) = cells.places([critical], gains)
    if -0.5 < x < len(gains) - 0.5:
        _outlined(axes, [x] * 2, list(axes.get_ylim()), (0, (2, 1.4)))
        label = f"critical: {numbers.magnitude(critical)}"
        handles.append(Line2D([], [], color=INK, linewidth=2, linestyle=(0, (2, 1.4)), label=label))
    layout.add_legend(figure, handles)


def _outlined(
    axes: Axes, x: Sequence[float] | Floats, y: Sequence[float] | Floats, dash: Any
) -> None:
    """A line in ink with a hem of paper, so that it stands out on light and dark cells."""
    axes.plot(x, y, color=PAPER, linewidth=4.5, solid_capstyle="butt")
    axes.plot(x, y, color=INK, linewidth=2, linestyle=dash, solid_capstyle="butt")


def _by_gain(results: Results, experiment: str) -> pd.DataFrame:
    """The summary of test accuracy by variant, scale and depth; a cell has room for one variant."""
    runs = select.swept(results, experiment, "scale")
    names = select.values(runs, "variant")
    if len(names) > 1:
        raise ReportError(
            f"the experiment {experiment!r} has the variants {counts.listed(names)}, and its map "
            "has cells for one: leave it only that whose scale is swept"
        )
    return maps.summary(results, runs, experiment, ["variant", "scale", "depth"])


def _called(results: Results, experiment: str) -> str:
    """What the networks of an experiment are called by: their activation."""
    return activation_name(select.common(results, experiment).network.activation)


def _edge_of(results: Results, experiment: str) -> Edge | None:
    """Activation, bias variance and critical σ_w²; None of networks beyond dense layers."""
    settings = select.common(results, experiment)
    network, width = settings.network, settings.network.hidden[0]
    if network.beyond_dense:
        return None
    bias = settings.variants[0].bias_in(network).variance(width, width) or 0.0
    return Edge(network.activation, bias, theory.critical_gain(bias, network.activation))


def _reach(edge: Edge, gains: Sequence[float] | Floats) -> pd.DataFrame:
    """Gain and depth of six depth scales for each σ_w² of `gains`."""
    return predictions.trainable_depths(gains, edge.bias_variance, edge.activation, SCALES)


def says(data: pd.DataFrame) -> str:
    """Return at which depths the cell next to the critical variance is the highest, as shown."""
    critical = data.loc[data["quantity"] == EDGE, "value"]
    if critical.empty:
        return ""
    table = longform.of(data, longform.MEAN).astype({"depth": int, "scale": float})
    shown = table.assign(value=table["value"].round()).pivot(
        index="depth", columns="scale", values="value"
    )
    edge = float(critical.iloc[0])
    nearest = min(map(float, shown.columns), key=lambda scale: abs(np.log(scale / edge)))
    others = shown.drop(columns=nearest).max(axis="columns")
    depths = [str(depth) for depth in shown.index[shown[nearest] > others]]
    layers = f"At {counts.listed(depths)} layers accuracy is highest next to the critical variance"
    return layers if depths else ""


def chaos_alt(results: Results, data: pd.DataFrame) -> str:
    """Return the alternative text of the heat map of tanh networks."""
    return _phase_alt(results, data, "chaos")


def gain_alt(results: Results, data: pd.DataFrame) -> str:
    """Return the alternative text of the heat map of ReLU networks."""
    return _phase_alt(results, data, "gain")


def _phase_alt(results: Results, data: pd.DataFrame, experiment: str) -> str:
    table = longform.of(data, longform.MEAN).astype({"depth": int})
    edge, name = _edge_of(results, experiment), _called(results, experiment)
    runs = select.rows(results, "runs", experiment)
    lines = [_line(rows, counts.hidden_layers(depth)) for depth, rows in table.groupby("depth")]
    return (
        f"Heat map of the test accuracy of {name} networks over the variance of a weight "
        f"times fan_in and {table['depth'].min()} to {table['depth'].max()} hidden layers, "
        f"{counts.over(runs)}. {' '.join(lines)} {_predicted(edge, table) if edge else NO_THEORY}"
    )


def _line(rows: pd.DataFrame, opening: str) -> str:
    """One row of a map: where accuracy is highest, and what it is at either end."""
    known = rows[rows["n"] > 0]
    if known.empty:
        return f"{opening}: every run diverged."
    best = known.sort_values("value", ascending=False, kind="stable").iloc[0]
    highest, first, last = (
        f"{numbers.percent(row['value'])} at {spelled(row['scale'])}"
        for row in (best, known.iloc[0], known.iloc[-1])
    )
    lost = int((rows["n"] == 0).sum())
    more = f", {counts.counted(lost, 'cell')} diverged" if lost else ""
    return f"{opening}: highest {highest}, {first} and {last}{more}."


def _predicted(edge: Edge, table: pd.DataFrame) -> str:
    """Where theory puts the critical variance, and how deep six depth scales are at the ends."""
    curve = _reach(edge, [table["scale"].min(), table["scale"].max()])
    ends = curve[["gain", "depth"]].to_numpy()
    reached = " and ".join(f"{_layers(depth)} at {spelled(gain)}" for gain, depth in ends)
    critical = numbers.fixed(edge.critical, 3)
    return f"Theory puts the critical variance at {critical}; six depth scales are {reached}."


def _layers(depth: float) -> str:
    """A depth in words; at the critical variance it has no end."""
    return counts.counted(round(depth), "layer") if np.isfinite(depth) else "any number of layers"


FIGURES = {
    "chaos": Definition("chaos", chaos_data, chaos, chaos_alt, apart=("scale", "depth"), says=says),
    "gain": Definition("gain", gain_data, gain, gain_alt, apart=("scale", "depth"), says=says),
}
