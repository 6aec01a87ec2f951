"""Run → RunResult: one compiled engine, reused for every run of an architecture.

Also the order of the data, and the recording of epochs. Touches no disk but the data.
"""

import math
import time
from functools import lru_cache
from pathlib import Path

import numpy as np
import numpy.typing as npt
import tensorflow as tf

from analysis.data import dataset
from analysis.errors import DataError
from analysis.plan import provenance
from analysis.plan.result import (
    PROBE_ROWS,
    CurvePoint,
    EpochMetrics,
    Histogram,
    LayerStatistics,
    RunResult,
)
from analysis.plan.run import EngineKey, Run, RunSettings, engine_key
from analysis.training import network, probes
from analysis.training.engine import Engine, Part, pixels


def data_order(seed: int, epoch: int, samples: int) -> npt.NDArray[np.int32]:
    """Return the order of the data (samples,) in an epoch, the same for every variant of a seed."""
    stream = np.random.SeedSequence(seed, spawn_key=(network.ORDER_STREAM, epoch))
    generator = np.random.Generator(np.random.PCG64(stream))
    return generator.permutation(samples).astype(np.int32)


@lru_cache(maxsize=2)
def _data(name: str, path: str | None) -> dataset.Dataset:
    return dataset.load(name, Path(path) if path else None)


@lru_cache(maxsize=4)
def _parts(
    name: str, path: str | None, validation_split: float, fraction: float
) -> tuple[Part, Part, Part]:
    """Return training, validation and test rows, the first `fraction` of each.

    The last share of the rows is held out, before any shuffle.
    """
    data = _data(name, path)
    about = data.description
    start = about.validation_start(validation_split)
    train = slice(0, about.training_rows(validation_split, fraction))
    held_out = slice(start, start + about.validation_rows(validation_split, fraction))
    test = slice(0, about.test_rows(fraction))
    return (
        Part(tf.constant(data.x_train[train]), tf.constant(data.y_train[train])),
        Part(tf.constant(data.x_train[held_out]), tf.constant(data.y_train[held_out])),
        Part(tf.constant(data.x_test[test]), tf.constant(data.y_test[test])),
    )


_engines: dict[EngineKey, Engine] = {}
"""The engine of the run before: runs come grouped by engine, and one takes much memory."""


def engine_for(run: Run) -> Engine:
    """Return the engine of a run's architecture, made at its first use. Raises DataError."""
    key = engine_key(run)
    if key not in _engines:
        settings, description = run.settings, _data(run.dataset, run.path).description
        if description.digest != settings.dataset_digest:
            raise DataError(
                f"{run.path or run.dataset}: has changed since the plan was made; build again"
            )
        parts = _parts(run.dataset, run.path, settings.validation_split, settings.data_fraction)
        _engines.clear()
        _engines[key] = Engine(settings, *parts, description.classes)
    return _engines[key]


def start() -> None:
    """Make TensorFlow look for its devices now, where its messages can be held back."""
    tf.zeros(())


class Recorder:
    """Trains one run on an engine and keeps what the run's settings ask for."""

    def __init__(self, engine: Engine, settings: RunSettings) -> None:
        self.engine, self.settings = engine, settings
        self.history: list[EpochMetrics] = []
        self.curve: list[CurvePoint] = []
        self.layers: list[LayerStatistics] = []
        self.histograms: list[Histogram] = []

    def run(self) -> bool:
        """Train and measure all epochs; return whether the loss stayed finite."""
        settings, engine = self.settings, self.engine
        self.begin()
        self.measure(0.0)
        finite = True
        for epoch in range(1, settings.epochs + 1):
            metrics = (*self.epoch(epoch), *engine.evaluate(engine.validation))
            self.history.append(EpochMetrics(epoch, *metrics))
            finite = all(map(math.isfinite, metrics))
            if not finite:
                break
        if self.history:
            self.measure(float(len(self.history)))
        return finite

    def begin(self) -> None:
        """Give the engine the run's own weights and learning rate, and a fresh optimizer."""
        shapes = self.engine.kernel_shapes
        rate = float(dict(self.settings.optimizer_parameters)["learning_rate"])
        kernels = network.initial_kernels(self.settings, shapes)
        self.engine.assign(kernels, network.initial_biases(self.settings, shapes), rate)

    def epoch(self, epoch: int) -> tuple[float, float]:
        """Train on every sample once; return mean loss and accuracy, as Keras reports them.

        The loss is in nats, the accuracy a fraction: means over rows, each measured just before the
        step that it is part of. Epochs count from 1.
        """
        engine = self.engine
        rows = engine.shuffled(data_order(self.settings.seed, epoch, engine.train.samples))
        step_losses, hits = [], 0
        stops = self._stops(epoch)
        for first, last in zip([0, *stops], [*stops, engine.full_steps], strict=True):
            more, right = engine.steps(rows, first, last)
            step_losses.append(more)
            hits += right
            if last < engine.full_steps:
                self.measure(epoch - 1 + last / engine.full_steps)
        all_losses = np.concatenate(step_losses).astype(np.float64)
        total = float(all_losses.sum()) * engine.batch
        if engine.rest:
            loss, right = engine.short_step(rows)
            total += loss * engine.rest
            hits += right
        self._keep_curve(epoch, all_losses)
        return total / engine.train.samples, hits / engine.train.samples

    def measure(self, progress: float) -> None:
        """Keep the statistics that the settings ask for, as the network is now."""
        asked = set(self.settings.measure)
        signals = None
        if asked & {"signals", "histograms"}:
            x, y = self.engine.validation.x[:PROBE_ROWS], self.engine.validation.y[:PROBE_ROWS]
            signals = probes.propagate(self.engine.layers, pixels(x), y)
        if asked & {"weights", "signals", "symmetry"}:
            self.layers += probes.statistics(self.engine.layers, progress, asked, signals)
        if "histograms" in asked and signals is not None:
            shown = probes.shown_layers(len(self.engine.layers))
            self.histograms += probes.histograms(progress, signals, shown)

    def _stops(self, epoch: int) -> list[int]:
        """Return the steps of an epoch before which the run is measured, in order."""
        steps = self.engine.full_steps
        stops = {round((moment - (epoch - 1)) * steps) for moment in self.settings.moments}
        return sorted(stop for stop in stops if 0 < stop < steps or (stop == 0 and epoch > 1))

    def _keep_curve(self, epoch: int, step_losses: npt.NDArray[np.float64]) -> None:
        points = min(self.settings.curve_points, len(step_losses))
        if not points:
            return
        done = 0
        for stretch in np.array_split(step_losses, points):
            done += len(stretch)
            progress = epoch - 1 + done / len(step_losses)
            self.curve.append(CurvePoint(progress, float(stretch.mean())))


def train(run: Run) -> RunResult:
    """Return the measurements of one run, trained from its own weights in its own order of data.

    A loss that is not finite ends the run: it is a result with `diverged_epoch` set. Raises
    DataError.
    """
    _data(run.dataset, run.path)  # read before the clock starts: that is not compilation
    started = time.perf_counter()
    engine = engine_for(run)
    if run.settings.epochs:
        engine.compile()
    compiled = time.perf_counter()
    recorder = Recorder(engine, run.settings)
    finite = recorder.run()
    tested = finite and run.settings.epochs > 0
    test = engine.evaluate(engine.test) if tested else (math.nan, math.nan)
    return RunResult(
        run_id=run.id,
        diverged_epoch=None if finite else recorder.history[-1].epoch,
        epochs=tuple(recorder.history),
        curve=tuple(recorder.curve),
        layers=tuple(recorder.layers),
        histograms=tuple(recorder.histograms),
        test_loss=test[0],
        test_accuracy=test[1],
        train_s=time.perf_counter() - compiled,
        compile_s=compiled - started,
        environment=provenance.training_environment(),
    )
