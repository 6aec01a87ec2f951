"""Layers of made-up runs: weights, signals, gradients and histograms at one moment."""

import json
import math
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import numpy as np

from analysis.study.initializers import SCHEMES, standard_deviation
from analysis.study.model import Variant


def layer_rows(
    variant: Variant,
    seed: int,
    widths: Sequence[int],
    activation: str,
    progress: float,
    measured: set[str],
) -> list[dict[str, Any]]:
    """Rows of one moment: weights as drawn, and signals as the recursion of ReLU has them."""
    draw = np.random.default_rng([seed, 3, *variant.name.encode()])
    still = not SCHEMES[variant.initializer].random
    growth, wander, rows, received = 1.0 if progress == 0 else 1.2, 1.0, [], 0.12
    shapes = list(pairwise(widths))
    for layer, (fan_in, fan_out) in enumerate(shapes, start=1):
        kernel = variant.kernel(layer, len(shapes))
        sd = standard_deviation(kernel.initializer, kernel.parameters, fan_in, fan_out) or 0.0
        sampled = sd * (1 + draw.standard_normal() / np.sqrt(2 * fan_in * fan_out))
        last = layer == len(shapes)
        bias = 0.0 if progress == 0 else 0.4 if last else (0.0 if still else 0.2)
        wander = float(np.exp(draw.normal(0, np.sqrt(5 / fan_out))))
        summed = fan_in * sd**2 * received
        passed = summed if last else summed / 2 * wander
        row: dict[str, Any] = {
            "progress": progress, "layer": layer, "fan_in": fan_in, "fan_out": fan_out,
            "kernel_mean": 0.0, "kernel_sd": sampled * growth,
            "kernel_max_abs": 3 * sampled * growth, "bias_max_abs": bias,
            "input_mean_square": received, "sum_mean_square": summed, "mean_square": passed,
            "dead_share": 0.0, "flat_share": 0.5 if activation == "relu" else 0.1,
            "sum_gradient_sd": 0.3, "kernel_rank": 1 if still else min(fan_in, fan_out),
            "distinct_units": fan_out if last or not still else 1,
            "sum_correlation": 1 - 0.5**layer,
        }  # fmt: skip
        received = passed
        rows.append(row)
    _backward(rows)
    kept = _asked(measured)
    return [{k: v if k in kept else np.nan for k, v in row.items()} for row in rows] if kept else []


def _backward(rows: list[dict[str, Any]]) -> None:
    """Gradients from the logits down: half of the units pass on, as ReLU's do."""
    delta = 0.3
    for row, above in zip(reversed(rows), [None, *reversed(rows)], strict=False):
        if above is not None:
            delta *= math.sqrt(above["fan_out"] / 2) * above["kernel_sd"]
        entries = math.sqrt(row["fan_in"] * row["fan_out"])
        spread = delta * math.sqrt(row["input_mean_square"] / 10)
        row |= {"sum_gradient_sd": delta, "kernel_gradient_sd": spread}
        row["kernel_gradient_norm"] = spread * entries


PLACE = {"progress", "layer", "fan_in", "fan_out"}
WEIGHTS = {"kernel_mean", "kernel_sd", "kernel_max_abs", "bias_max_abs"}
SYMMETRY = {"kernel_rank", "distinct_units"}
SIGNALS = {
    "input_mean_square", "sum_mean_square", "mean_square", "dead_share", "flat_share",
    "sum_gradient_sd", "kernel_gradient_sd", "kernel_gradient_norm",
}  # fmt: skip


def _asked(measured: set[str]) -> set[str]:
    """Columns of the layers that an experiment measures."""
    groups = {
        "weights": WEIGHTS, "signals": SIGNALS, "symmetry": SYMMETRY,
        "correlation": {"sum_correlation"},
    }  # fmt: skip
    found = set().union(*(columns for name, columns in groups.items() if name in measured))
    return found | PLACE if found else set()


def histogram_rows(layer: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Normal shapes of the three quantities of a layer, in 41 bins over four spreads."""
    edges = np.linspace(-4, 4, 42)
    shares = np.diff(1 / (1 + np.exp(-1.702 * edges)))
    text = json.dumps([round(float(share), 5) for share in shares / shares.sum()])
    spreads = {
        "activation": math.sqrt(max(layer["mean_square"], 0.0)),
        "sum": math.sqrt(max(layer["sum_mean_square"], 0.0)),
        "sum_gradient": layer["sum_gradient_sd"],
    }
    place = {name: layer[name] for name in ("moment", "progress", "layer")}
    reach = {quantity: 4 * (spread or 0.25) for quantity, spread in spreads.items()}
    return [
        place | {"quantity": quantity, "low": -far, "high": far, "shares": text}
        for quantity, far in reach.items()
    ]
