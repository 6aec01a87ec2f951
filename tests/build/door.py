"""The front door as a person uses it, in this process or in one of its own."""

import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

import build
from analysis.data import dataset
from analysis.plan import planning
from analysis.plan.result import EpochMetrics, LayerStatistics, RunResult, StepLosses
from analysis.plan.run import Run
from analysis.plan.work import Task
from analysis.results.stored import store
from analysis.training import workers
from build import ROOT
from tests.made.results.studies import load_study
from tests.made.results.synthetic import results_of


def typed(*words: str) -> tuple[int, str, str]:
    """Return exit code, output and error output of a command."""
    done = CliRunner().invoke(build.app, words)
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.exit_code, done.stdout, done.stderr


SMALL = """
title = "Small"
dataset = "mnist"
seeds = 2
measure = ["weights", "signals"]
curve_points = 2
variants = [
  { name = "Zeros", initializer = "Zeros" },
  { name = "RandomNormal", initializer = "RandomNormal" },
  { name = "GlorotNormal", initializer = "GlorotNormal" },
  { name = "HeNormal", initializer = "HeNormal" },
]
network = { hidden = [128, 64], activation = "relu" }
[training]
optimizer = "Adam"
loss = "sparse_categorical_crossentropy"
batch_size = 64
epochs = 2
validation_split = 0.2
"""


def training_by(
    monkeypatch: pytest.MonkeyPatch, train: Callable[[Sequence[Task]], Iterator[RunResult]]
) -> None:
    """Let `train` give the results of tasks: no process is started."""
    monkeypatch.setattr(workers, "started", lambda _: nullcontext(workers.Crew()))
    monkeypatch.setattr(workers.Crew, "train", lambda _, tasks, *__: train(tasks))


def runs_of(study: str | Path) -> tuple[Run, ...]:
    """Return the runs of a study on MNIST."""
    return planning.runs(load_study(study), {"mnist": dataset.describe("mnist")})


def filled(folder: Path, runs: Sequence[Run]) -> None:
    """Store made-up results of the small study under the identities of its runs."""
    measured = results_of(load_study(build.ROOT / "study.toml"))
    names = ["variant", "seed"]
    epochs = measured.epochs.groupby(names, observed=True)
    layers = measured.layers.groupby(names, observed=True)
    with store.open_store(folder / "runs.sqlite") as opened:
        for run in runs:
            key = (run.variant, run.seed)
            opened.add(
                run,
                RunResult(
                    run_id=run.id,
                    start=0,
                    diverged_epoch=None,
                    epochs=_rows(epochs.get_group(key).assign(train_s=0.2), EpochMetrics),
                    steps=_steps(run, epochs.get_group(key)),
                    layers=_rows(layers.get_group(key), LayerStatistics),
                    histograms=(),
                    measurements=run.asked.measurements,
                    state=None,
                    begin_s=0.1,
                    compile_s=0.0,
                    environment=(("tensorflow", "2"), ("python", "3")),
                ),
            )


def _steps(run: Run, epochs: Any) -> tuple[StepLosses, ...]:
    """Return a loss for each full batch, all those of an epoch being its mean."""
    assert run.settings.optimization
    full = run.settings.rows.train // run.settings.optimization.batch_size
    return tuple(
        StepLosses(row.epoch, np.full(full, row.loss, "<f4").tobytes())
        for row in epochs.itertuples()
    )


def _rows(frame: Any, kind: Any) -> tuple[Any, ...]:
    names = [name for name in kind.__dataclass_fields__ if name in frame]
    return tuple(kind(**row) for row in frame[names].to_dict("records"))


WATCH = """
import pathlib
import sys
sys.path.insert(0, {root!r})
import build
build.ROOT = pathlib.Path({project!r})
try:
    build.app({words!r})
except SystemExit as end:
    code = end.code
loaded = {{name.partition(".")[0] for name in sys.modules}}
print("LOADED", " ".join(sorted(loaded)))
sys.exit(code)
"""


def watched(project: Path, *words: str) -> tuple[int, str, set[str]]:
    """Return exit code and output of a command in its own process, and what it has loaded."""
    code = WATCH.format(root=str(ROOT), project=str(project), words=list(words))
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=project, capture_output=True, text=True, check=False
    )
    out, _, loaded = done.stdout.partition("LOADED ")
    return done.returncode, out + done.stderr, set(loaded.split())


HEAVY = {"numpy", "pandas", "scipy", "statsmodels", "matplotlib", "typst", "pikepdf", "jinja2"}
