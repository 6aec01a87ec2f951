"""Results as a training would leave them, made up without training: quick, seeded, of any size."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

import pandas as pd

from analysis.data.dataset import Description
from analysis.results.frames import KEYS, MOMENTS, Results
from analysis.study.file import build_study
from analysis.study.model import Point, Study, Variant
from tests.made.results.synthetic_course import (
    course_of,
    curve_of,
    end_of,
    first_steps_of,
    lost_at,
    tested,
)
from tests.made.results.synthetic_layers import histogram_rows, layer_rows

BASE_VARIANTS: tuple[Mapping[str, object], ...] = (
    {"name": "Zeros", "initializer": "Zeros"},
    {"name": "RandomNormal", "initializer": "RandomNormal", "stddev": 0.05},
    {"name": "GlorotNormal", "initializer": "GlorotNormal"},
    {"name": "HeNormal", "initializer": "HeNormal"},
)


def synthetic_study(
    variants: Sequence[Mapping[str, object]] = BASE_VARIANTS,
    seeds: int = 20,
    epochs: int = 10,
    hidden: Sequence[int] = (128, 64),
    experiments: Mapping[str, object] | None = None,
) -> Study:
    """Return the base study with these variants, seeds, epochs and hidden layers.

    `experiments` are what stands in a study file under that name: each takes over the rest.
    """
    return build_study(
        {
            "title": "A synthetic study",
            "dataset": "mnist",
            "seeds": seeds,
            "variants": [dict(variant) for variant in variants],
            "measure": ["weights", "signals"],
            "network": {"hidden": list(hidden), "activation": "relu"},
            "training": {
                "optimizer": {"name": "Adam", "learning_rate": 0.001},
                "loss": "sparse_categorical_crossentropy",
                "batch_size": 64,
                "epochs": epochs,
                "validation_split": 0.2,
            },
        }
        | ({"experiments": experiments} if experiments else {}),
        "synthetic",
    )


def synthetic_results(
    variants: Sequence[Mapping[str, object]] = BASE_VARIANTS,
    seeds: int = 20,
    epochs: int = 10,
    hidden: Sequence[int] = (128, 64),
    classes: int = 10,
    diverged: Mapping[tuple[str, int], int] | None = None,
) -> Results:
    """Return results of the base experiment; equal arguments give equal frames.

    `diverged` maps (variant, seed) to the epoch at which that run's loss stops being finite. A
    variant whose initializer is not random never learns, the others follow MNIST's usual course.
    """
    return results_of(synthetic_study(variants, seeds, epochs, hidden), classes, diverged)


Law = Callable[[Mapping[str, Any]], float | None]
"""Final test accuracy (a fraction) by the columns of a run; None where the run diverges."""


def results_of(
    study: Study,
    classes: int = 10,
    diverged: Mapping[tuple[str, int], int] | None = None,
    law: Law | None = None,
    features: int = 784,
) -> Results:
    """Return results of every experiment of a study, with the columns of the store.

    `classes` and `features` are those of its data. `law` gives the final test accuracies; without
    it they follow the course of the training.
    """
    parts: dict[str, list[dict[str, Any]]] = {name: [] for name in ORDERS}
    for experiment, declared in study.experiments.items():
        for index, point in enumerate(declared.points):
            for variant in point.settings.variants:
                for seed in point.settings.seeds:
                    key = _key(experiment, index, point, variant, seed)
                    lost = (diverged or {}).get((variant.name, seed))
                    whole = _run(key, point, variant, (features, classes), lost, law)
                    for name, rows in whole.items():
                        parts[name] += rows
    frames = {name: _tidy(name, rows, study) for name, rows in parts.items()}
    return Results(study, _data(study, classes, features), **frames, provenance=_provenance(study))


def without(results: Results, *experiments: str) -> Results:
    """Return the results without the rows of some experiments, which the study still names."""
    frames = {name: getattr(results, name) for name in ORDERS}
    kept = {name: each[~each["experiment"].isin(experiments)] for name, each in frames.items()}
    return replace(results, **kept)


ORDERS: dict[str, list[str]] = {
    "runs": [],
    "epochs": ["epoch"],
    "curves": ["progress"],
    "layers": ["progress", "layer"],
    "histograms": ["progress", "layer", "quantity"],
    "first_steps": ["step"],
}


def _key(experiment: str, index: int, point: Point, variant: Variant, seed: int) -> dict[str, Any]:
    """What the run is called, what it was set to, and its place in the sweep."""
    network, optimizer = point.settings.network, point.settings.training.optimizer
    place = f"{experiment}-{index}-" if point.coordinates or index else ""
    where = place or ("" if experiment == "base" else f"{experiment}-")
    return {
        "experiment": experiment,
        "variant": variant.name,
        "seed": seed,
        "run_id": f"{where}{variant.name}-{seed}",
        "point": index,
        "depth": len(network.hidden),
        "width": network.hidden[0],
        "activation": network.activation,
        "optimizer": optimizer.name,
        "learning_rate": optimizer.parameters["learning_rate"],
        **point.coordinates,
    }


def _run(
    key: dict[str, Any],
    point: Point,
    variant: Variant,
    ends: tuple[int, int],
    lost: int | None,
    law: Law | None,
) -> dict[str, list[dict[str, Any]]]:
    """Rows of every table that one run leaves; `lost` is the epoch in which it diverges, if any.

    `ends` are the features and the classes of the data.
    """
    settings, seed, classes = point.settings, key["seed"], ends[1]
    epochs = settings.training.epochs
    score = law(key) if law else None
    if law and score is None and epochs:
        lost = 1
    own = lost_at(course_of(variant.initializer, variant.name, seed, epochs, classes), lost)
    end = end_of(own, variant.initializer, seed, classes)
    if score is not None and epochs:
        end |= {"test_accuracy": round(score, 4)}
    own = tested(own, end)
    layers = _layers(point, variant, seed, ends, lost)
    measured = "histograms" in settings.measure
    label = {name: key[name] for name in (*KEYS, "point")}
    rows: dict[str, list[dict[str, Any]]] = {
        "epochs": [{str(k): v for k, v in row.items()} for row in own.to_dict("records")],
        "curves": curve_of(own, settings.curve_points),
        "layers": layers,
        "histograms": [bins for row in layers for bins in histogram_rows(row)] if measured else [],
        "first_steps": first_steps_of(own),
    }
    labelled = {name: [label | row for row in table] for name, table in rows.items()}
    return {"runs": [key | end], **labelled}


def _layers(
    point: Point, variant: Variant, seed: int, ends: tuple[int, int], lost: int | None
) -> list[dict[str, Any]]:
    """Layers at the beginning, at the moments asked for and at the end, as far as the run got."""
    settings, epochs = point.settings, float(point.settings.training.epochs)
    end = epochs if lost is None else float(lost)
    moments = sorted({0.0, *(moment for moment in settings.moments if moment < end), end})
    widths = (ends[0], *settings.network.hidden, ends[1])
    kind, measured = settings.network.activation, {str(each) for each in settings.measure}
    return [
        {"moment": _moment(moment, end)} | row
        for moment in moments
        for row in layer_rows(variant, seed, widths, kind, moment, measured)
    ]


def _moment(progress: float, end: float) -> str:
    return "initial" if progress == 0 else "final" if progress == end else "during"


def _tidy(name: str, rows: list[dict[str, Any]], study: Study) -> pd.DataFrame:
    """One frame in the store's order of rows, its names as categories in the study's order."""
    frame = pd.DataFrame(rows) if rows else pd.DataFrame(columns=[*EMPTY[name], "point"])
    variants = [v.name for e in study.experiments.values() for v in e.variants]
    names = dict.fromkeys([v.name for v in study.variants] + variants)
    frame["experiment"] = pd.Categorical(frame["experiment"], list(study.experiments), ordered=True)
    frame["variant"] = pd.Categorical(frame["variant"], list(names), ordered=True)
    if "moment" in frame:
        frame["moment"] = pd.Categorical(frame["moment"], MOMENTS, ordered=True)
    if name == "runs":
        frame = frame.astype({"diverged_epoch": "Int64"})
    order = ["experiment", "point", "variant", "seed", *ORDERS[name]]
    frame = frame.sort_values(order, kind="stable")
    if name != "runs":
        frame = frame.drop(columns="point")
    first = [*KEYS, *(["moment"] if "moment" in frame else [])]
    return frame[first + [c for c in frame.columns if c not in first]].reset_index(drop=True)


EMPTY = {
    "curves": [*KEYS, "progress", "loss"],
    "first_steps": [*KEYS, "step", "loss"],
    "histograms": [*KEYS, "moment", "progress", "layer", "quantity", "low", "high", "shares"],
    "epochs": [
        *KEYS,
        "epoch",
        "loss",
        "accuracy",
        "val_loss",
        "val_accuracy",
        "test_loss",
        "test_accuracy",
        "train_s",
    ],
    "layers": [*KEYS, "moment", "progress", "layer", "fan_in", "fan_out"],
    "runs": KEYS,
}


def _data(study: Study, classes: int, features: int) -> dict[str, Description]:
    names = [p.settings.dataset.name for e in study.experiments.values() for p in e.points]
    return {name: Description(name, "0" * 64, 60_000, 10_000, features, classes) for name in names}


def _provenance(study: Study) -> dict[str, object]:
    return {
        "study": study.model_dump(mode="json"),
        "dataset": {"name": study.dataset.name, "sha256": "0" * 64, "test samples": 10_000},
        "commit": None,
        "engine_version": 1,
        "trained_with": {"python": "3.12.0", "tensorflow": "2.21.0", "cores": "2"},
        "rendered_with": {"pandas": "3.1.1", "matplotlib": "3.11.0"},
        "run_ids": ["a", "b"],
    }
