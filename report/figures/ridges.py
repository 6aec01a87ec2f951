"""Figures of distributions: a ridge a layer or a moment, one above the other."""

import json
from collections.abc import Hashable, Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from analysis.results import select
from analysis.results.frames import Results
from analysis.statistics.estimates import Floats
from report.figures.draw import layout, longform, style
from report.figures.draw.definition import Definition
from report.figures.draw.readings import Point, Sheet
from report.figures.draw.style import PAPER, VariantStyle
from report.words import numbers
from report.words.settings import activation_name, spelled

HEIGHT = 1.3
"""Of the highest ridge, in steps from one ridge to the next."""
HAIR = 0.012
"""Share of a panel's width."""
HEIGHT_OF = "Share of values (of the second fullest bin)"
MOST_LAYERS, MOST_MOMENTS = 5, 3
"""Ridges in a panel: layers differ step by step, moments from the first to the second."""
MOST_COLUMNS, MOST_COLUMNS_NARROW = 4, 3
REACH = 0.9985
"""Share of the widest distribution that a row of panels shows."""


def activations_data(results: Results) -> pd.DataFrame:
    """Return the ridges of activations in deep networks, by activation, variant and layer."""
    return _data(_deep(results), "propagation", "layer", "activation", MOST_LAYERS)


def activations(results: Results, data: pd.DataFrame) -> Sheet:
    """Return the distribution of activations by layer in deep networks, activation by variant."""
    sheet = _grid(results, data, "Activation", "{}, hidden layer")
    layout.add_notes(sheet.figure, _notes(results, "propagation"))
    return sheet


def dynamics_data(results: Results) -> pd.DataFrame:
    """Return the ridges of weighted sums at moments of training, by layer, variant and epochs."""
    return _data(_moving(results), "dynamics", "epoch", "weighted_sum", MOST_MOMENTS)


def dynamics(results: Results, data: pd.DataFrame) -> Sheet:
    """Return the distribution of the weighted sums at moments of training, layer by variant."""
    sheet = _grid(results, data, "Weighted sum", "{}, epochs")
    layout.add_notes(sheet.figure, _notes(results, "dynamics"))
    return sheet


def _data(own: pd.DataFrame, experiment: str, ridge: str, x: str, most: int) -> pd.DataFrame:
    """One row a bin of a ridge: the panel's row, what the ridge is, the bin's middle, its share.

    `own` are histograms by `row` and `ridge`. The column after `panel` is named `ridge`, that of
    the middles `x`; shown_from and shown_to are the ends of the panel's axis.
    """
    parts = []
    for name, of_row in own.groupby("row", sort=False):
        span = _span(of_row)
        chosen = _spread(sorted(select.values(of_row, ridge)), most)
        for variant, rows in of_row.groupby("variant", observed=True):
            by_ridge = {row[ridge]: row for row in rows.to_dict("records")}
            for each in chosen:
                if each in by_ridge:
                    middle, share = _ridge(by_ridge[each], span)
                    at = {"variant": str(variant), "panel": str(name), ridge: spelled(each)}
                    shown = {"shown_from": span[0], "shown_to": span[1], "value": share}
                    parts.append(pd.DataFrame({**at, x: middle, **shown}))
    whole = pd.concat(parts, ignore_index=True).assign(experiment=experiment)
    return longform.joined(whole.assign(quantity=HEIGHT_OF, kind="distribution"))


def _grid(results: Results, data: pd.DataFrame, x_label: str, y_label: str) -> Sheet:
    """One row of panels of a common x axis for each row named, one column a variant.

    More variants than a line has room for go on below, with all rows once more.
    """
    variants, names = select.values(data, "variant"), select.values(data, "panel")
    most = MOST_COLUMNS_NARROW if layout.narrow() else MOST_COLUMNS
    bands = [variants[at : at + most] for at in range(0, len(variants), most)]
    rows = len(bands) * len(names)
    sheet = layout.new_sheet(1.1 + (1.55 if len(bands) == 1 else 1.25) * rows)
    grid = sheet.figure.subplots(
        rows, max(map(len, bands)), sharex="row", sharey="row", squeeze=False
    )
    looks = style.looks(results, str(data["experiment"].iloc[0]))
    for place, band in enumerate(bands):
        own = grid[place * len(names) : (place + 1) * len(names)]
        for row, name in zip(own, names, strict=True):
            label = y_label.format(name)
            row[0].set_ylabel(label if len(bands) == 1 else layout.wrapped(label, 12))
            for axes, variant in zip(row, band, strict=False):
                of_panel = data[(data["panel"] == name) & (data["variant"] == variant)]
                if len(of_panel):
                    _draw_ridges(sheet, axes, of_panel, looks[variant])
            if len(bands) > 1:  # lower panels have room for every other label
                labels = [text.get_text() for text in row[0].get_yticklabels()]
                row[0].set_yticks(row[0].get_yticks()[::2], labels[::2])
            for axes in row[len(band) :]:
                axes.set_visible(False)
        for axes, variant in zip(own[0], band, strict=False):
            # In the middle of narrow panels, names of neighbours do not touch.
            middle = "center" if layout.narrow() else "left"
            axes.set_title(layout.wrapped(variant, 13 if layout.narrow() else 16), loc=middle)
        own[-1, len(band) // 2 if len(band) % 2 else 0].set_xlabel(x_label)
    return sheet


def _draw_ridges(sheet: Sheet, axes: Axes, data: pd.DataFrame, look: VariantStyle) -> None:
    """Ridges from top to bottom; one that is narrower than a hair is a stroke."""
    variant, row = str(data["variant"].iloc[0]), str(data["panel"].iloc[0])
    span = float(data["shown_from"].iloc[0]), float(data["shown_to"].iloc[0])
    kind = "layer" if "layer" in data else "epoch"
    middles = "activation" if "activation" in data else "weighted_sum"
    labels = select.values(data, kind)
    for place, label in enumerate(labels):
        own = data[data[kind] == label]
        x, height = own[middles].to_numpy(dtype=float), own["value"].to_numpy(dtype=float)
        artist = _draw_ridge(axes, x, height, place, look, HAIR * (span[1] - span[0]))
        layout.tag(artist, variant)
        _note_ridge(sheet, axes, variant, row, f"{kind.capitalize()} {label}", x, height, place)
    axes.set_yticks([-float(place) for place in range(len(labels))], labels)
    axes.set_ylim(-len(labels) + 0.8, HEIGHT + 0.1)
    axes.set_xlim(span)
    axes.grid(visible=False, axis="y")
    axes.xaxis.set_major_locator(MaxNLocator(nbins=2 if layout.narrow() else 3))
    axes.spines["left"].set_visible(False)
    axes.tick_params(axis="y", length=0)


def _draw_ridge(
    axes: Axes, x: Floats, height: Floats, place: int, look: VariantStyle, hair: float
) -> Artist:
    base = -float(place)
    if x[-1] - x[0] <= hair:
        middle = [float(x.mean())] * 2
        (stroke,) = axes.plot(middle, [base, base + 1], color=look.colour, linewidth=1.6)
        return stroke
    top = base + HEIGHT * height
    (ridge,) = axes.fill(
        [x[0], *x, x[-1]], [base, *top, base], facecolor=look.colour, edgecolor=PAPER,
        linewidth=0.6, zorder=2 + 0.01 * place,
    )  # fmt: skip
    return ridge


def _note_ridge(
    sheet: Sheet,
    axes: Axes,
    variant: str,
    row: str,
    at: str,
    x: Floats,
    height: Floats,
    place: int,
) -> None:
    """What a ridge says, in its middle: from where to where its values reach, and its mode."""
    mode = f"highest at {_short(x[int(np.argmax(height))], x)}"
    read = Point(float((x[0] + x[-1]) / 2), -place + 0.3, at, _wide(x), mode)
    sheet.note(axes, variant, row, "", [read])


def _deep(results: Results) -> pd.DataFrame:
    """Histograms of activations in deep networks before training, a row an activation."""
    own = select.hidden_layers(_histograms(results, "propagation", "activation"))
    own = own[own["moment"] == "initial"]
    return own.assign(row=own["activation"].map(activation_name))


def _moving(results: Results) -> pd.DataFrame:
    """Histograms of weighted sums in training, a row a layer."""
    own = _histograms(results, "dynamics", "sum").rename(columns={"progress": "epoch"})
    output = own["layer"] > own["depth"]
    names = ("Layer " + own["layer"].astype(str)).mask(output, "Logits")
    return own.assign(row=names)


def _histograms(results: Results, experiment: str, quantity: str) -> pd.DataFrame:
    """Histograms of the first seed, without variants that have one value everywhere."""
    own = select.with_settings(results, select.rows(results, "histograms", experiment))
    own = own[(own["quantity"] == quantity) & (own["seed"] == own["seed"].min())]
    random: pd.DataFrame = own[~own["variant"].isin(_still(results, experiment))]
    return random


def _still(results: Results, experiment: str) -> list[str]:
    """Return the variants whose weights do not differ from each other before training."""
    layers = select.layers(results, experiment, "kernel_sd")
    widest = layers.groupby("variant", observed=True)["kernel_sd"].max()
    return [str(name) for name, sd in widest.items() if sd == 0]


def _spread(known: list[float], most: int) -> list[float]:
    """At most so many of the values, the first and the last among them."""
    places = np.linspace(0, len(known) - 1, min(most, len(known)))
    return [known[round(place)] for place in places]


def _ridge(row: Mapping[Hashable, Any], span: tuple[float, float]) -> tuple[Floats, Floats]:
    """Middles of the filled bins in the span, and their shares as a part of the second highest.

    A spike that stands alone, such as the zeros of a ReLU, is cut there, or it would hide the rest.
    """
    shares = np.array(json.loads(row["shares"]), dtype=float)
    width = (row["high"] - row["low"]) / shares.size
    x = row["low"] + width * (np.arange(shares.size) + 0.5)
    top = float(np.sort(shares)[-2]) or 1.0
    filled = np.flatnonzero((shares > 0.01 * top) & (x > span[0]) & (x < span[1]))
    kept = slice(filled[0], filled[-1] + 1) if filled.size else slice(None)
    return x[kept], np.minimum(shares[kept] / top, 1.0)


def _span(rows: pd.DataFrame) -> tuple[float, float]:
    """From where to where the widest of the distributions reaches."""
    reaches = [_reach(row) for row in rows.to_dict("records")]
    return min(low for low, _ in reaches), max(high for _, high in reaches)


def _reach(row: Mapping[Hashable, Any]) -> tuple[float, float]:
    shares = np.array(json.loads(row["shares"]), dtype=float)
    edges = np.linspace(row["low"], row["high"], shares.size + 1)
    filled = np.flatnonzero(shares > (1 - REACH))
    if not filled.size:
        return float(row["low"]), float(row["high"])
    return float(edges[filled[0]]), float(edges[filled[-1] + 1])


def _notes(results: Results, experiment: str) -> list[str]:
    """Return what the ridges are, and which variants have none."""
    seed = select.rows(results, "histograms", experiment)["seed"].min()
    absent = _still(results, experiment)
    notes = [f"Seed {seed}; every ridge is scaled to one height, a lone spike cut off there."]
    if absent:
        notes.append(f"Left out: {', '.join(absent)}, where all values of a layer are the same.")
    return notes


def activations_alt(results: Results, data: pd.DataFrame) -> str:
    """Return the alternative text of the activations' distributions in deep networks."""
    opening = (
        "Distributions of the activations in hidden layers of deep networks before training, a "
        "ridge a layer, one row of panels an activation."
    )
    return " ".join(
        [opening, *_widths(data, "layer", "activation"), *_notes(results, "propagation")]
    )


def dynamics_alt(results: Results, data: pd.DataFrame) -> str:
    """Return the alternative text of the weighted sums' distributions over training."""
    opening = (
        "Distributions of the weighted sums of the base network at moments of its training, a "
        "ridge a moment, one row of panels a layer."
    )
    return " ".join(
        [opening, *_widths(data, "epoch", "weighted_sum"), *_notes(results, "dynamics")]
    )


def _widths(data: pd.DataFrame, ridge: str, x: str) -> list[str]:
    """How wide the first and the last ridge of every panel are: their visible reach."""
    sentences = []
    for row, of_row in data.groupby("panel", sort=False):
        parts = []
        for variant, own in of_row.groupby("variant", sort=False):
            labels = select.values(own, ridge)
            first, last = (
                _wide(own.loc[own[ridge] == label, x].to_numpy(dtype=float))
                for label in (labels[0], labels[-1])
            )
            parts.append(f"{variant} {first} at {ridge} {labels[0]}, {last} at {labels[-1]}")
        sentences.append(f"{row}, from where to where the values reach: {'; '.join(parts)}.")
    return sentences


def _wide(x: Floats) -> str:
    return " to ".join(_short(each, x) for each in (x[0], x[-1]))


def _short(value: float, x: Floats) -> str:
    # The middle of a symmetric range is zero but for rounding.
    return numbers.magnitude(0.0 if abs(value) < 1e-9 * float(np.abs(x).max()) else value, 2)


FIGURES = {
    "activations": Definition(
        "propagation", activations_data, activations, activations_alt, apart=("activation",)
    ),
    "dynamics": Definition("dynamics", dynamics_data, dynamics, dynamics_alt),
}
