"""A data set and a study so small that a network is trained on them in milliseconds."""

import math
from collections.abc import Collection, Sequence
from pathlib import Path

import numpy as np

from analysis.plan import planning, provenance, work
from analysis.plan.result import (
    MEASURED,
    EpochMetrics,
    Histogram,
    LayerStatistics,
    RunResult,
    StepLosses,
)
from analysis.plan.run import Run
from analysis.results.frames import Results
from analysis.results.stored import rows, store
from analysis.study.model import Study
from build import ROOT
from tests.made.results.studies import load_study

CLASSES, FEATURES, TRAIN, TEST = 3, 6, 200, 60
SWEEP = """
[experiments.base]
measure = ["weights", "signals"]
[experiments.deep]
title = "Deep, with a comma"
seeds = [3, 1]
measure = ["weights", "symmetry", "histograms"]
moments = [0.5, 1]
curve_points = 2
sweep = { "network.hidden" = ["3 x 4", "2 x 4"], "variants.Small.stddev" = [0.1, 0.01] }
variants = [
  { name = "Small", initializer = "RandomNormal", stddev = 0.1 },
  { name = "He, zero output", initializer = "HeNormal", output = "Zeros" },
]
[experiments.start]
training.epochs = 0
seeds = 1
measure = ["signals"]
sweep = { "network.activation" = ["relu", "tanh"], "network.bias" = ["Zeros", "Ones"] }
"""
"""Three experiments: the study's own, one with a sweep over sizes and scales, one untrained."""

DAY = "2026-11-24"
"""When all was trained that is made up here."""


def write_npz(path: Path, seed: int = 0) -> Path:
    """Write three separable clouds of points as an .npz data set; return its path."""
    draw = np.random.default_rng(seed)
    labels = draw.integers(0, CLASSES, TRAIN + TEST).astype(np.uint8)
    centres = draw.normal(size=(CLASSES, FEATURES))
    rows = (centres[labels] + 0.3 * draw.normal(size=(TRAIN + TEST, FEATURES))).astype(np.float32)
    np.savez(
        path,
        x_train=rows[:TRAIN], y_train=labels[:TRAIN], x_test=rows[TRAIN:], y_test=labels[TRAIN:],
    )  # fmt: skip
    return path


def write_study(folder: Path, seeds: int = 2, epochs: int = 2, experiments: str = "") -> Path:
    """Write a tiny study and its data into `folder`; return the path of the study."""
    data = write_npz(folder / "tiny.npz")
    path = folder / "tiny.toml"
    path.write_text(
        f"""
title = "Tiny"
dataset = '{data}'
seeds = {seeds}
variants = [
  {{ name = "Zeros", initializer = "Zeros" }},
  {{ name = "HeNormal", initializer = "HeNormal" }},
]
[network]
hidden = [8]
activation = "relu"
[training]
optimizer = {{ name = "Adam", learning_rate = 0.01 }}
loss = "sparse_categorical_crossentropy"
batch_size = 32
epochs = {epochs}
validation_split = 0.2
{experiments}""",
        encoding="utf-8",
    )
    return path


def planned(path: Path, overrides: Sequence[str] = ()) -> tuple[Study, tuple[Run, ...]]:
    """Return the study of a file and its runs."""
    study = load_study(path, overrides)
    data = planning.data(study)
    return study, planning.runs(study, data)


def measured(run: Run, diverged: bool = False) -> RunResult:
    """Return what a run might leave behind, made up from its identity without any training.

    Its numbers need all of their 17 digits. A run that diverged did so in its last epoch.
    """
    draw = np.random.default_rng(int(run.id[:8], 16))
    settings, asked, number = run.settings, run.asked, draw.random
    last, diverged = asked.epochs, diverged and asked.epochs > 0
    epochs = [EpochMetrics(n, *(float(each) for each in number(7))) for n in range(1, last + 1)]
    if diverged:
        nothing = math.nan
        epochs[-1] = EpochMetrics(last, nothing, 0.1, math.inf, 0.1, nothing, nothing, number())
    steps = (
        -(-settings.rows.train // settings.optimization.batch_size) if settings.optimization else 0
    )
    widths = (FEATURES, *settings.hidden, CLASSES)
    kinds: dict[float, set[str]] = {}
    for what, moment in asked.measurements:
        kinds.setdefault(moment, set()).add(what)
    layers, histograms = [], []
    for moment, own in sorted(kinds.items()):
        for layer in range(1, len(widths)):
            if own & MEASURED.keys():
                layers.append(_layer(own, moment, layer, widths, draw))
            if "histograms" in own:
                shares = tuple(number(4).round(5))
                histograms.append(Histogram(moment, layer, "sum", -number(), number(), shares))
    return RunResult(
        run_id=run.id,
        start=0,
        diverged_epoch=last if diverged else None,
        epochs=tuple(epochs),
        steps=tuple(
            StepLosses(n, number(steps).astype("<f4").tobytes()) for n in range(1, last + 1)
        ),
        layers=tuple(layers),
        histograms=tuple(histograms),
        measurements=asked.measurements,
        state=number(10).tobytes() if asked.keep_state and last and not diverged else None,
        begin_s=number(),
        compile_s=0.0,
        environment=(("cores", "2"), ("day", DAY), ("keras", "3")),
    )


def _layer(
    measure: Collection[str],
    moment: float,
    layer: int,
    widths: tuple[int, ...],
    draw: np.random.Generator,
) -> LayerStatistics:
    number = draw.random
    values: dict[str, float] = {}
    if "weights" in measure:
        values |= {"kernel_mean": -number() * 1e-300, "kernel_sd": number()}
        values |= {"kernel_max_abs": 5e-324, "bias_max_abs": 0.0}
    if "signals" in measure:
        values |= {"mean_square": number() * 1e30, "dead_share": number()}
    if "symmetry" in measure:
        values |= {"kernel_rank": layer, "distinct_units": layer + 1}
    if "correlation" in measure:
        values |= {"sum_correlation": 2 * number() - 1}
    return LayerStatistics(moment, layer, widths[layer - 1], widths[layer], **values)  # type: ignore[arg-type]


def store_results(path: Path, runs: Sequence[Run], diverged: Collection[int] = ()) -> None:
    """Store a made-up result of each run; those at the places in `diverged` diverge."""
    with store.open_store(path) as opened:
        for place, task in enumerate(work.tasks(runs, opened.done(runs))):
            opened.add(task.run, measured(task.run, place in diverged))


def environments(opened: store.Store, runs: Sequence[Run]) -> dict[str, list[dict[str, str]]]:
    """By experiment, where and when its runs were trained."""
    names = dict.fromkeys(run.experiment for run in runs)
    return {
        name: opened.environments([run for run in runs if run.experiment == name]) for name in names
    }


def stored_results(
    folder: Path, overrides: Sequence[str] = (), diverged: Collection[int] = ()
) -> Results:
    """Return made-up results of a study with sweeps, as the report would read them."""
    study, runs = planned(write_study(folder, experiments=SWEEP), overrides)
    store_results(folder / "runs.sqlite", runs, diverged)
    data = planning.data(study)
    with store.open_store(folder / "runs.sqlite") as opened:
        described = provenance.describe(study, data, runs, environments(opened, runs), ROOT)
        return rows.read(study, data, runs, [opened] * len(runs), described)
