"""What the laboratory works with: real images, presets, and the trained runs to lay beside it."""

import base64
import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from analysis.data import dataset
from analysis.results.cache import Cache, code_digest, digest
from analysis.study import initializers
from report.document.document import Document
from report.document.outline import Label
from report.words import addresses

if TYPE_CHECKING:
    from analysis.results.frames import Results
    from analysis.study.model import Settings, Variant

PAGE = "laboratory"
IMAGES = 32
"""Held-out images that the browser computes with: the first of those that the report probes."""
VALIDATION_SPLIT = 0.2
"""Where the held-out images begin, as in the report's own study."""
POINTS = 24
"""Most points of a training curve: as many as can be told apart in a small chart."""
FIGURES = ("propagation", "gradients", "activations")
"""Figures of the report that show what the laboratory shows, for readers without JavaScript."""


@dataclass(frozen=True)
class Preset:
    """A setting of the laboratory that reproduces a figure; `shows` are labels, the best first."""

    name: str
    setting: str
    shows: tuple[str, ...]


def _preset(name: str, initializer: str, activation: str, size: str, *shows: str) -> Preset:
    kind, _, sd = initializer.partition(" ")
    depth, width = size.split(" x ")
    drawn = f"initializer={kind}" + (f"&sd={sd}" if sd else "")
    return Preset(name, f"{drawn}&activation={activation}&width={width}&depth={depth}", shows)


PRESETS = (
    _preset("Glorot, 30 ReLU layers", "GlorotNormal", "relu", "30 x 128",
            "fig:thirty-layers", "q1a"),
    _preset("He, 30 ReLU layers", "HeNormal", "relu", "30 x 128", "fig:depth", "q2d"),
    _preset("Normal(0.05), 50 ReLU", "RandomNormal 0.05", "relu", "50 x 128",
            "fig:gradients", "q1b"),
    _preset("He, 50 ReLU: one draw", "HeNormal", "relu", "50 x 128", "eq:lengths", "q2d"),
    _preset("Glorot, 50 tanh: the edge", "GlorotNormal", "tanh", "50 x 128",
            "fig:propagation", "q1c"),
    _preset("He, 50 tanh: chaos", "HeNormal", "tanh", "50 x 128",
            "fig:activations", "q2c"),
    _preset("standard, 5 × 256 tanh", "Standard", "tanh", "5 x 256", "fig:glorot", "q2c"),
    _preset("Glorot, 5 × 256 tanh", "GlorotUniform", "tanh", "5 x 256", "fig:glorot", "q2c"),
    _preset("Glorot, 20 sigmoid: stall", "GlorotNormal", "sigmoid", "20 x 128",
            "fig:activation-heatmap", "q3b"),
    _preset("Normal(1), 2 ReLU", "RandomNormal 1", "relu", "2 x 128",
            "fig:scale", "q2b"),
    _preset("Zeros", "Zeros", "relu", "2 x 128", "eq:zero", "q2a"),
)  # fmt: skip


@dataclass(frozen=True)
class Example:
    """A preset with the place in the report that it belongs to."""

    name: str
    setting: str
    address: str
    place: str


@dataclass(frozen=True)
class Laboratory:
    """What the page's template shows: the presets, and the data of its script as JSON."""

    examples: tuple[Example, ...]
    data: str
    figures: tuple[tuple[str, Label], ...]
    """Figures of the report by name, each with where it stands."""


def laboratory(
    results: "Results", document: Document, cache: Cache, evidence: str, root: Path
) -> Laboratory:
    """Return what the page needs; `evidence` is the digest of the results and of the code.

    Raises DataError where the project's MNIST is damaged. The JSON has no "<": it may stand in an
    element of HTML.
    """
    code = code_digest(Path(dataset.__file__), Path(__file__))
    recorded = dataset.describe("mnist").digest
    images = cache.text(digest("images", recorded, code), lambda: _json(batch()))
    groups = cache.text(digest("groups", evidence), lambda: _json(groups_of(results)))
    return Laboratory(
        examples=tuple(_example(document, preset) for preset in PRESETS),
        data=f'{{"batch": {images},\n"groups": {groups}}}'.replace("<", "\\u003c"),
        figures=tuple(
            (name, document.labels[f"fig:{name}"]) for name in FIGURES if name in document.figures
        ),
    )


def _json(value: Any) -> str:
    return json.dumps(value, separators=(",", ":"), allow_nan=False)


def _example(document: Document, preset: Preset) -> Example:
    """Name the first place of a preset that this report has: a study may lack a figure."""
    label = next(document.labels[each] for each in preset.shows if each in document.labels)
    return Example(preset.name, preset.setting, label.seen_from(PAGE), label.text)


def batch() -> dict[str, Any]:
    """Return the first held-out images of MNIST: pixels (images, features) as base64 and labels.

    It is always the project's MNIST, whatever a study trains on. Raises DataError.
    """
    data = dataset.load("mnist")
    start = data.description.validation_start(VALIDATION_SPLIT)
    pixels = data.x_train[start : start + IMAGES]
    return {
        "features": data.description.features,
        "classes": data.description.classes,
        "labels": [int(label) for label in data.y_train[start : start + IMAGES]],
        "pixels": base64.b64encode(pixels.tobytes()).decode("ascii"),
    }


def groups_of(results: "Results") -> list[dict[str, Any]]:
    """Return one entry a group of trained runs that differ in their seed alone, in order.

    experiment, variant, initializer, data (its name), classes (count), activation, hidden (units a
    layer), optimizer, rate (learning rate), gain (σ_w² = fan_in · Var(W) of the hidden layers),
    bias (variance), epochs, share (of the rows), seeds and diverged (counts), accuracy (mean final
    test accuracy, null where every run diverged), curve (pairs of progress in epochs and mean
    training loss) and address (of its runs). Runs from equal weights other than zero, from a kernel
    without a variance, or with another initializer in the output layer are left out.
    """
    found = []
    for experiment, settings, variant, own in _groups(results):
        data = results.data[settings.dataset]
        gain = _gain(settings, variant, data.features)
        if gain is not None and settings.training.epochs:
            names = {"experiment": experiment, "variant": variant.name}
            drawn = {"initializer": variant.initializer, "gain": gain}
            described = _described(settings, data.classes)
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
    other = variant.output is not None
    if other or variant.initializer in {"Ones", "Constant"}:
        return None
    hidden = settings.network.hidden
    first = (features,) if len(hidden) == 1 else ()
    fans = (*first, *hidden)
    value = initializers.variance(variant.initializer, variant.parameters, fans[0], fans[1])
    return None if value is None else float(f"{fans[0] * value:.6g}")


def _described(settings: "Settings", classes: int) -> dict[str, Any]:
    network, training = settings.network, settings.training
    bias = initializers.variance(network.bias.initializer, network.bias.parameters, 1, 1)
    return {
        "data": Path(settings.dataset).name,
        "classes": classes,
        "activation": network.activation,
        "hidden": list(network.hidden),
        "bias": float(f"{bias or 0.0:.6g}"),
        "optimizer": training.optimizer.name,
        "rate": training.optimizer.parameters["learning_rate"],
        "epochs": training.epochs,
        "share": training.data_fraction,
    }


def _measured(results: "Results", own: pd.DataFrame) -> dict[str, Any]:
    whole = own[own["status"] != "diverged"]
    first = own.iloc[0]
    accuracy = float(whole["test_accuracy"].mean())
    return {
        "seeds": len(own),
        "diverged": len(own) - len(whole),
        "accuracy": None if math.isnan(accuracy) else round(accuracy, 4),
        "curve": _curve(results, whole),
        "address": addresses.address(str(first["experiment"]), str(first["variant"])),
    }


def _curve(results: "Results", whole: pd.DataFrame) -> list[list[float]]:
    """Return the mean training loss of the runs that did not diverge, at most POINTS points.

    Where a run kept no points within an epoch, the mean over each epoch stands at its end.
    """
    names = {"epoch": "progress"}
    for frame in (results.curves, results.epochs.rename(columns=names)):
        rows = frame[frame["run_id"].isin(whole["run_id"])]
        if len(rows):
            mean = rows.groupby("progress", sort=True)["loss"].mean()
            step = -(-len(mean) // POINTS)
            # Counted from the end, so that the last point is always there.
            kept = mean.iloc[::-step].iloc[::-1]
            return [[float(f"{x:.4g}"), float(f"{y:.3g}")] for x, y in kept.items()]
    return []
