"""What the figures of distributions show: their panels from the histograms, and words for them."""

import json
from collections.abc import Hashable, Mapping
from typing import Any, NamedTuple

import numpy as np
import pandas as pd

from analysis.results import select
from analysis.results.frames import Results
from analysis.statistics.estimates import Floats
from report.words.settings import NAMES

MOST_RIDGES = 5
REACH = 0.9985
"""Share of the widest distribution that a row of panels shows."""


class Panel(NamedTuple):
    """Ridges of one variant, top to bottom: x, and height as a share of what the panel gives."""

    experiment: str
    row: str
    variant: str
    labels: list[str]
    ridges: list[tuple[Floats, Floats]]
    span: tuple[float, float]


def deep_panels(results: Results) -> list[Panel]:
    """Return the panels of activations in deep networks: one an activation and random variant."""
    own = _histograms(results, "propagation", "activation")
    own = select.hidden(own)
    own = own[own["moment"] == "initial"]
    named = own.assign(row=own["activation"].map(lambda name: NAMES.get(name, name)))
    return _panels(named, "propagation", "layer")


def moving_panels(results: Results) -> list[Panel]:
    """Return the panels of weighted sums in training: one a layer and variant."""
    own = _histograms(results, "dynamics", "sum")
    output = own["layer"] > own["depth"]
    names = ("Layer " + own["layer"].astype(str)).mask(output, "Logits")
    return _panels(own.assign(row=names), "dynamics", "progress")


def _histograms(results: Results, experiment: str, quantity: str) -> pd.DataFrame:
    """Histograms of the first seed, without variants that have one value everywhere."""
    own = select.with_settings(results, select.rows(results, "histograms", experiment))
    own = own[(own["quantity"] == quantity) & (own["seed"] == own["seed"].min())]
    random: pd.DataFrame = own[~own["variant"].isin(still(results, experiment))]
    return random


def still(results: Results, experiment: str) -> list[str]:
    """Return the variants whose weights do not differ from each other before training."""
    layers = select.layers(results, experiment, "kernel_sd")
    widest = layers.groupby("variant", observed=True)["kernel_sd"].max()
    return [str(name) for name, sd in widest.items() if sd == 0]


def _panels(own: pd.DataFrame, experiment: str, ridge: str) -> list[Panel]:
    found = []
    for name, of_row in own.groupby("row", sort=False):
        span = _span(of_row)
        chosen = _spread(sorted(select.values(of_row, ridge)))
        for variant, rows in of_row.groupby("variant", observed=True):
            by_ridge = {row[ridge]: row for row in rows.to_dict("records")}
            kept = [each for each in chosen if each in by_ridge]
            ridges = [_ridge(by_ridge[each], span) for each in kept]
            labels = [f"{each:g}" for each in kept]
            found.append(Panel(experiment, str(name), str(variant), labels, ridges, span))
    return found


def _spread(known: list[float]) -> list[float]:
    """At most MOST_RIDGES of the values, the first and the last among them."""
    places = np.linspace(0, len(known) - 1, min(MOST_RIDGES, len(known)))
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


def notes(results: Results, experiment: str) -> list[str]:
    """Return what the ridges are, and which variants have none."""
    seed = select.rows(results, "histograms", experiment)["seed"].min()
    absent = still(results, experiment)
    notes = [f"Seed {seed}; every ridge is scaled to one height, a lone spike cut off there."]
    if absent:
        notes.append(f"Left out: {', '.join(absent)}, where all values of a layer are one.")
    return notes


def activations(results: Results) -> str:
    """Return the alternative text of the activations' distributions in deep networks."""
    shown = deep_panels(results)
    opening = (
        "Distributions of the activations in hidden layers of deep networks before training, a "
        "ridge a layer, one row of panels an activation."
    )
    return " ".join([opening, *_widths(shown, "layer"), *notes(results, "propagation")])


def dynamics(results: Results) -> str:
    """Return the alternative text of the weighted sums' distributions over training."""
    shown = moving_panels(results)
    opening = (
        "Distributions of the weighted sums of the base network at moments of its training, a "
        "ridge a moment, one row of panels a layer."
    )
    return " ".join([opening, *_widths(shown, "epoch"), *notes(results, "dynamics")])


def _widths(shown: list[Panel], ridge: str) -> list[str]:
    """How wide the first and the last ridge of every panel are: their visible reach."""
    sentences = []
    for row in dict.fromkeys(panel.row for panel in shown):
        parts = [
            f"{panel.variant} {_wide(panel.ridges[0])} at {ridge} {panel.labels[0]}, "
            f"{_wide(panel.ridges[-1])} at {panel.labels[-1]}"
            for panel in shown
            if panel.row == row
        ]
        sentences.append(f"{row}, from where to where the values reach: {'; '.join(parts)}.")
    return sentences


def _wide(ridge: tuple[Floats, Floats]) -> str:
    x = ridge[0]
    # The middle of a symmetric range is zero but for rounding.
    ends = [0.0 if abs(end) < 1e-9 * float(np.abs(x).max()) else end for end in (x[0], x[-1])]
    return " to ".join(f"{end:.2g}" for end in ends).replace("-", "\u2212")
