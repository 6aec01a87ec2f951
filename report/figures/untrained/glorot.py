"""The figure of Glorot and Bengio's network at initialization, by layer."""

import pandas as pd

from analysis.results import select
from analysis.results.frames import Results
from report.figures.draw import layout, longform, style
from report.figures.draw.axes import scales
from report.figures.draw.definition import Definition
from report.figures.draw.readings import Sheet
from report.figures.untrained.layers import by_layer, draw, finish, short
from report.words import counts

GLOROT = (
    ("rms", "Activations", "rms"),
    ("sum_gradient_sd", "Gradient", "sd"),
    ("kernel_gradient_sd", "Weight gradient", "sd"),
)
"""What the panels of Glorot and Bengio's network show: column, name, and measure of its size."""


def glorot_data(results: Results) -> pd.DataFrame:
    """Return rms activation, gradient and weight gradient by variant and layer, and theory."""
    shown = [(value, f"{what} ({measure})") for value, what, measure in GLOROT]
    return by_layer(results, "glorot", shown)


def glorot(results: Results, data: pd.DataFrame) -> Sheet:
    """Return rms activation, gradient and weight gradient by layer of Glorot and Bengio's network.

    Activations and gradients stand beside their recursion.
    """
    looks = style.looks(results, "glorot")
    sheet = layout.new_sheet(2.9 if layout.narrow() else 3.3)
    apart = ", " if layout.narrow() else ",\n"
    titles = [f"{what}{apart}{measure} (log scale)" for _, what, measure in GLOROT]
    grid = layout.panels(sheet, titles)
    for axes, quantity in zip(grid, longform.quantities(data), strict=True):
        draw(sheet, axes, data[data["quantity"] == quantity], looks)
        scales.log_axis(axes)
    layout.name_x(grid, "Hidden layer")
    finish(sheet.figure, looks, [])
    return sheet


def glorot_alt(results: Results, data: pd.DataFrame) -> str:
    """Return the alternative text of Glorot and Bengio's network at initialization."""
    runs = select.rows(results, "runs", "glorot")
    text = [
        f"Three line charts by layer of a network with {counts.hidden_layers(data['layer'].max())} "
        f"of {counts.counted(runs['width'].iloc[0], 'unit')} before training, on log axes, "
        f"{counts.over(runs)}."
    ]
    for quantity, (_, what, measure) in zip(longform.quantities(data), GLOROT, strict=True):
        table = longform.of(data, longform.MEAN, quantity=quantity)
        parts = [
            f"{name} from {short(rows['value'].iloc[0])} to {short(rows['value'].iloc[-1])}"
            for name, rows in table.groupby("variant", observed=True, sort=False)
        ]
        text.append(f"{what}, {measure}: {', '.join(parts)}.")
    return " ".join(text)


FIGURES = {"glorot": Definition("glorot", glorot_data, glorot, glorot_alt)}
