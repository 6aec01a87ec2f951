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
    MEASURED,
    PROBE_ROWS,
    EpochMetrics,
    Histogram,
    LayerStatistics,
    RunResult,
    StepLosses,
)
from analysis.plan.run import EngineKey, Rows, Run, engine_key
from analysis.training import checkpoints, probes
from analysis.training.engine import Engine, Part, pixels
from analysis.training.network import draws


def data_order(seed: int, epoch: int, samples: int) -> npt.NDArray[np.int32]:
    """Return the order of the data (samples,) in an epoch, the same for every variant of a seed."""
    stream = np.random.SeedSequence(seed, spawn_key=(draws.ORDER_STREAM, epoch))
    generator = np.random.Generator(np.random.PCG64(stream))
    return generator.permutation(samples).astype(np.int32)


@lru_cache(maxsize=2)
def _data(name: str, path: str | None) -> dataset.Dataset:
    return dataset.load(name, Path(path) if path else None)


@lru_cache(maxsize=4)
def _parts(name: str, path: str | None, rows: Rows) -> tuple[Part, Part, Part]:
    """Return training, validation and test rows; those held out are cut off before any shuffle."""
    data = _data(name, path)
    held_out = slice(rows.held_out_start, rows.held_out_start + rows.held_out)
    return (
        Part(tf.constant(data.x_train[: rows.train]), tf.constant(data.y_train[: rows.train])),
        Part(tf.constant(data.x_train[held_out]), tf.constant(data.y_train[held_out])),
        Part(tf.constant(data.x_test[: rows.test]), tf.constant(data.y_test[: rows.test])),
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
        parts = _parts(run.dataset, run.path, settings.rows)
        _engines.clear()
        _engines[key] = Engine(settings, *parts, description.classes)
    return _engines[key]


def has_other_engine(run: Run) -> bool:
    """Tell whether there is an engine, and it is not that of the run."""
    return bool(_engines) and engine_key(run) not in _engines


def start() -> None:
    """Make TensorFlow look for its devices now, where its messages can be held back."""
    tf.zeros(())


class Recorder:
    """Trains one run on an engine, from its beginning or from a checkpoint, and keeps the numbers.

    What is measured after whole epochs is measured at their end, what comes between when the
    nearest step has been done.
    """

    def __init__(self, engine: Engine, run: Run) -> None:
        self.engine, self.settings, self.asked = engine, run.settings, run.asked
        self.start = 0
        self.begin_s = 0.0
        self.epochs: list[EpochMetrics] = []
        self.steps: list[StepLosses] = []
        self.layers: list[LayerStatistics] = []
        self.histograms: list[Histogram] = []
        self.taken: set[tuple[str, float]] = set()

    def run(self, start: int, state: bytes | None) -> bool:
        """Train and measure what is left of the epochs; return whether the loss stayed finite.

        From `state`, a checkpoint after `start` epochs, if it is one; else from the beginning.
        """
        began = time.perf_counter()
        self.begin()
        if start and state is not None and checkpoints.restore(self.engine, state):
            self.start = start
        else:
            self.measure(0.0)
        self.begin_s = time.perf_counter() - began
        return all(self.epoch(each) for each in range(self.start + 1, self.asked.epochs + 1))

    def begin(self) -> None:
        """Give the engine the run's own weights and learning rate, and a fresh optimizer."""
        shapes, steps = self.engine.kernel_shapes, self.settings.optimization
        kernels = draws.initial_kernels(self.settings, shapes)
        biases = draws.initial_biases(self.settings, shapes)
        seeds = draws.dropout_seeds(self.settings, len(self.engine.network.dropouts))
        self.engine.assign(kernels, biases, steps.learning_rate if steps else None, seeds)

    def epoch(self, epoch: int) -> bool:
        """Train on every sample once, evaluate and measure; return whether all losses are finite.

        Losses are in nats, accuracies fractions; those of the training are means over rows, each
        measured just before the step that it is part of. Epochs count from 1.
        """
        began, engine = time.perf_counter(), self.engine
        metrics = (*self._train(epoch), *engine.evaluate(engine.validation))
        finite = all(map(math.isfinite, metrics))
        test = engine.evaluate(engine.test) if finite else (math.nan, math.nan)
        self.measure(float(epoch), last=not finite)
        self.epochs.append(EpochMetrics(epoch, *metrics, *test, time.perf_counter() - began))
        return finite

    def _train(self, epoch: int) -> tuple[float, float]:
        """Do the steps of an epoch; return mean loss and accuracy, as Keras reports them."""
        engine = self.engine
        rows = engine.shuffled(data_order(self.settings.seed, epoch, engine.train.samples))
        parts, hits = [], 0
        stops = self._stops(epoch)
        for first, last in zip([0, *stops], [*stops, engine.full_steps], strict=True):
            more, right = engine.steps(rows, first, last)
            parts.append(more)
            hits += right
            if last < engine.full_steps:
                self.measure(epoch - 1 + last / engine.full_steps)
        losses = np.concatenate(parts)
        total = float(losses.astype(np.float64).sum()) * engine.batch
        if engine.rest:
            loss, right = engine.short_step(rows)
            total += loss * engine.rest
            hits += right
            losses = np.append(losses, np.float32(loss))
        self.steps.append(StepLosses(epoch, losses.astype("<f4").tobytes()))
        return total / engine.train.samples, hits / engine.train.samples

    def measure(self, progress: float, *, last: bool = False) -> None:
        """Keep what is to be measured of the network as it is now, after `progress` epochs.

        At the `last` moment of a run that diverges, that is all that was still to come.
        """
        asked = {
            what
            for what, when in self.asked.measurements
            if when == progress or (last and when > progress)
        }
        self.taken |= {(what, progress) for what in asked}
        signals, network = None, self.engine.network
        if asked & {"signals", "correlation", "histograms"}:
            x, y = self.engine.validation.x[:PROBE_ROWS], self.engine.validation.y[:PROBE_ROWS]
            signals = probes.propagate(network, pixels(x), y)
        if asked & set(MEASURED):
            self.layers += probes.statistics(network, progress, asked, signals)
        if "histograms" in asked and signals is not None:
            shown = probes.shown_layers(len(network.layers))
            self.histograms += probes.histograms(progress, signals, shown)

    def _stops(self, epoch: int) -> list[int]:
        """Return the steps within an epoch before which the run is measured, in order."""
        done, steps = epoch - 1, self.engine.full_steps
        within = {when for _, when in self.asked.measurements if done < when < epoch}
        return sorted({round((when - done) * steps) for when in within})


def train(run: Run, start: int = 0, state: bytes | None = None) -> RunResult:
    """Return the measurements of one run, trained from its own weights in its own order of data.

    From a checkpoint `state` after `start` epochs only what comes after is trained and returned; a
    checkpoint that is missing or of another network costs the time from the beginning. A loss that
    is not finite ends the run: it is a result with `diverged_epoch` set. Raises DataError.
    """
    _data(run.dataset, run.path)  # read before the clock starts: that is not compilation
    started = time.perf_counter()
    engine = engine_for(run)
    if run.asked.epochs:
        engine.compile()
    compiled = time.perf_counter()
    recorder = Recorder(engine, run)
    finite = recorder.run(start, state)
    is_kept = finite and run.asked.keep_state and run.asked.epochs > 0
    return RunResult(
        run_id=run.id,
        start=recorder.start,
        diverged_epoch=None if finite else recorder.epochs[-1].epoch,
        epochs=tuple(recorder.epochs),
        steps=tuple(recorder.steps),
        layers=tuple(recorder.layers),
        histograms=tuple(recorder.histograms),
        measurements=frozenset(recorder.taken),
        state=checkpoints.kept(engine) if is_kept else None,
        begin_s=recorder.begin_s,
        compile_s=compiled - started,
        environment=provenance.trained_now(),
    )
