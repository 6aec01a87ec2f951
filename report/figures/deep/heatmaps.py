"""Heat maps of accuracy over two settings, a cell for each pair of values."""

from collections.abc import Hashable, Mapping
from typing import Any

import pandas as pd

from analysis.results import select
from analysis.results.frames import Results
from report.figures.draw import layout, style
from report.figures.draw.axes import cells, maps
from report.figures.draw.axes.maps import TEST_ACCURACY
from report.figures.draw.definition import Definition
from report.figures.draw.readings import Sheet
from report.words import counts, numbers
from report.words.settings import activation_name


def activation_heatmap_data(results: Results) -> pd.DataFrame:
    """Return accuracies in percent by depth, activation and initializer, means over seeds."""
    return maps.in_percent(_by_activation(results))


def activation_heatmap(results: Results, data: pd.DataFrame) -> Sheet:
    """Return accuracy by activation and initializer, one map a depth."""
    depths, activations = (select.values(data, name) for name in ("depth", "activation"))
    looks = style.looks(results, "activation")
    sheet = layout.new_sheet(1.4 + 0.38 * len(looks))
    titles = [f"{TEST_ACCURACY}, {counts.hidden_layers(depth)}" for depth in depths]
    grid = layout.panels(sheet, titles, sharey=True)
    for axes, depth in zip(grid, depths, strict=True):
        for row in data[data["depth"] == depth].sort_values("variant").to_dict("records"):
            x, y = activations.index(row["activation"]), list(looks).index(str(row["variant"]))
            cells.draw(axes, (x - 0.5, y - 0.5, x + 0.5, y + 0.5), row, (x, y))
            at = f"{counts.hidden_layers(depth)}, {activation_name(row['activation'])}"
            cells.note(sheet, axes, row, (x, y), at, TEST_ACCURACY)
        names = [activation_name(each) for each in activations]
        axes.set_xticks(range(len(names)), names)
        cells.bare(axes, (-0.5, len(names) - 0.5), (len(looks) - 0.5, -0.5))
    grid[0].set_yticks(range(len(looks)), [layout.wrapped(name, 18) for name in looks])
    layout.add_notes(sheet.figure, maps.notes(results, "activation", data))
    return sheet


def _by_activation(results: Results) -> pd.DataFrame:
    """The summary of test accuracy by depth, activation and variant, in swept order."""
    runs = select.rows(results, "runs", "activation")
    return maps.summary(results, runs, "activation", ["depth", "activation", "variant"])


def activation_heatmap_alt(results: Results, data: pd.DataFrame) -> str:
    """Return the alternative text of accuracy by activation and initializer."""
    runs = select.rows(results, "runs", "activation")
    text = [f"Heat maps of test accuracy by activation and initializer, {counts.over(runs)}."]
    for depth, deep in data.groupby("depth", sort=False):
        parts = [
            f"{activation_name(str(name))} {', '.join(map(_score, rows.to_dict('records')))}"
            for name, rows in deep.groupby("activation", sort=False)
        ]
        text.append(f"{counts.hidden_layers(depth)}: {'; '.join(parts)}.")
    return " ".join(text)


def _score(row: Mapping[Hashable, Any]) -> str:
    return f"{row['variant']} {numbers.percent(row['value']) if row['n'] else 'lost'}"


FIGURES = {
    "activation-heatmap": Definition(
        "activation",
        activation_heatmap_data,
        activation_heatmap,
        activation_heatmap_alt,
        apart=("depth", "activation"),
    ),
}
