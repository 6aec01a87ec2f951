"""Groups of trained runs, to lay beside a network of the laboratory."""

import math
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis.study import initializers
from report.words import addresses
from report.words.numbers import PERCENT_DECIMALS, rounded

if TYPE_CHECKING:
    from analysis.data.dataset import Description
    from analysis.results.frames import Results
    from analysis.study.model import Settings, Training, Variant

POINTS = 24
"""Most points of a training curve: as many as can be told apart in a small chart."""


def groups_of(results: "Results") -> list[dict[str, Any]]:
    """Return one entry a group of trained runs that differ in their seed alone, in order.

    experiment, variant, initializer, data (its name), classes (count), activation, hidden (units a
    layer), gain (σ_w² = fan_in · Var(W) of the hidden layers), bias (variance), epochs, share (of
    the rows), steps (an epoch), all that `recipe` returns, seeds and diverged (counts), accuracy
    (mean final test accuracy, null where every run diverged), curve (pairs of progress in epochs
    and mean training loss), span (epochs that each of its points is the mean of, up to its
    progress) and address (of its runs). Runs from equal weights other than zero, from a kernel
    without a variance, with other initializers in the output layer or for the biases, with biases
    that follow fans, or of networks that are more than dense layers, are left out.
    """
    found = []
    for experiment, settings, variant, own in _groups(results):
        data = results.data[settings.dataset.name]
        gain = _gain(settings, variant, data.features)
        if gain is not None and settings.training.epochs:
            names = {"experiment": experiment, "variant": variant.name}
            drawn = {"initializer": variant.initializer, "gain": gain}
            described = _described(settings, data)
            found.append(names | drawn | described | _measured(results, own))
    return found


def _groups(
    results: "Results",
) -> Iterator[tuple[str, "Settings", "Variant", pd.DataFrame]]:
    """Yield the runs of each variant at each point of each sweep that has any, in study order."""
    for name, experiment in results.study.experiments.items():
        runs = results.runs[results.runs["experiment"] == name]
        for index, point in enumerate(experiment.points):
            for variant in point.settings.variants:
                own = runs[(runs["point"] == index) & (runs["variant"] == variant.name)]
                if len(own):
                    yield name, point.settings, variant, own


def _gain(settings: "Settings", variant: "Variant", features: int) -> float | None:
    """Return σ_w², that of the second hidden layer where there is one; None to leave it out."""
    network, bias = settings.network, settings.network.bias
    by_fans = initializers.scaling(bias.initializer, bias.parameters) is not None
    other = variant.output is not None or variant.bias is not None
    if network.beyond_dense or by_fans or other or variant.initializer in {"Ones", "Constant"}:
        return None
    hidden = network.hidden
    fans = (features, *hidden) if len(hidden) == 1 else hidden
    value = initializers.variance(variant.initializer, variant.parameters, fans[0], fans[1])
    return None if value is None else float(f"{fans[0] * value:.6g}")


def recipe(training: "Training") -> dict[str, Any]:
    """Return how weights are changed: optimizer, parameters, rate (learning rate) and batch."""
    parameters = dict(training.optimizer.parameters)
    return {
        "optimizer": training.optimizer.name,
        "parameters": parameters,
        "rate": parameters["learning_rate"],
        "batch": training.batch_size,
    }


def _described(settings: "Settings", data: "Description") -> dict[str, Any]:
    network, training = settings.network, settings.training
    bias = network.bias.variance(1, 1)
    rows = data.training_rows(training.validation_split, training.data_fraction)
    return {
        "data": settings.dataset.name,
        "classes": data.classes,
        "activation": network.activation,
        "hidden": list(network.hidden),
        "bias": float(f"{bias or 0.0:.6g}"),
        "epochs": training.epochs,
        "share": training.data_fraction,
        "steps": math.ceil(rows / training.batch_size),
        **recipe(training),
    }


def _measured(results: "Results", own: pd.DataFrame) -> dict[str, Any]:
    whole = own[own["status"] != "diverged"]
    first = own.iloc[0]
    mean = float(whole["test_accuracy"].mean())
    accuracy = None if math.isnan(mean) else float(rounded(mean, PERCENT_DECIMALS + 2))
    return {
        "seeds": len(own),
        "diverged": len(own) - len(whole),
        "accuracy": accuracy,
        **_curve(results, whole),
        "address": addresses.address(str(first["experiment"]), str(first["variant"])),
    }


def _curve(results: "Results", whole: pd.DataFrame) -> dict[str, Any]:
    """Return curve and span: the mean training loss of the runs that did not diverge.

    At most POINTS points. Where a run kept none within an epoch, the mean over each epoch stands at
    its end. A first point is the mean from the beginning on, and all others are of as many epochs.
    """
    names = {"epoch": "progress"}
    for frame in (results.curves, results.epochs.rename(columns=names)):
        rows = frame[frame["experiment"].isin(whole["experiment"])]
        rows = rows[rows["run_id"].isin(whole["run_id"])]
        if len(rows):
            mean = rows.groupby("progress", sort=True)["loss"].mean()
            step = -(-len(mean) // POINTS)
            # Counted from the end, so that the last point is always there.
            kept = mean.iloc[::-step].iloc[::-1]
            points = [[float(f"{x:.4g}"), float(f"{y:.3g}")] for x, y in kept.items()]
            return {"curve": points, "span": float(f"{mean.index[0]:.4g}")}
    return {"curve": [], "span": 1.0}
