"""Study → Runs: what a run is, its identity, and which runs are still to be trained."""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from functools import cached_property

from analysis import study as studies
from analysis.dataset import Description
from analysis.errors import StudyError
from analysis.parameters import Value, closest
from analysis.study import Study, Variant

ENGINE_VERSION = 2
"""Raised whenever a change of the engine changes a run's numbers.

Earlier runs then no longer count.
"""

Pairs = tuple[tuple[str, Value], ...]


@dataclass(frozen=True)
class Initializer:
    """A Keras initializer by name, with all its parameters."""

    name: str
    parameters: Pairs


@dataclass(frozen=True)
class Settings:
    """Everything that can change the numbers of a run, and nothing else."""

    dataset_digest: str
    hidden: tuple[int, ...]
    activation: str
    kernel: Initializer
    output_kernel: Initializer
    bias: Initializer
    optimizer: str
    optimizer_parameters: Pairs
    loss: str
    batch_size: int
    epochs: int
    validation_split: float
    data_fraction: float
    seed: int
    measure: tuple[str, ...]
    moments: tuple[float, ...]
    curve_points: int
    engine: int = ENGINE_VERSION

    def canonical(self) -> str:
        """Return the settings as JSON with sorted keys: equal settings give equal text."""
        return json.dumps(asdict(self), sort_keys=True, separators=(",", ":"), allow_nan=False)


@dataclass(frozen=True)
class Run:
    """One network to be trained once, and the names a study gives it."""

    experiment: str
    variant: str
    dataset: str
    settings: Settings
    coordinates: Mapping[str, Value] = field(default_factory=dict)
    """What the experiment's sweep sets for the run, by name."""
    point: int = 0
    """Which point of the sweep, in the order of its values."""

    @property
    def seed(self) -> int:
        """Return the seed that every random draw of the run derives from."""
        return self.settings.seed

    @cached_property
    def id(self) -> str:
        """Return the run's identity: the SHA-256 of its canonical settings, in hexadecimal."""
        return hashlib.sha256(self.settings.canonical().encode()).hexdigest()


EngineKey = tuple[object, ...]


def engine_key(run: Run) -> EngineKey:
    """Return what runs must share to be trained by one compiled engine.

    The initializer, the seed and the learning rate are data to an engine, not code.
    """
    settings = run.settings
    compiled_in = tuple(p for p in settings.optimizer_parameters if p[0] != "learning_rate")
    return (
        run.dataset, settings.dataset_digest, settings.hidden, settings.activation,
        settings.optimizer, compiled_in, settings.loss, settings.batch_size,
        settings.validation_split, settings.data_fraction,
    )  # fmt: skip


def datasets(study: Study) -> tuple[str, ...]:
    """Return the names of the data sets that the study's experiments use, each once."""
    used = [p.settings.dataset for e in study.experiments.values() for p in e.points]
    return tuple(dict.fromkeys(used))


def runs(
    study: Study, data: Mapping[str, Description], only: Collection[str] = ()
) -> tuple[Run, ...]:
    """Return the runs of a study's experiments, or of `only` those named.

    `data` describes every data set by name. Within an experiment the runs go seed by seed, so that
    an interrupted build has whole pairs. Raises StudyError for an unknown experiment, or where a
    batch is larger than the training rows.
    """
    for name in only:
        if name not in study.experiments:
            known = ", ".join(study.experiments)
            hint = closest(name, study.experiments)
            raise StudyError(f"--experiment {name}: no such experiment{hint}; there are {known}")
    planned: list[Run] = []
    for name, experiment in study.experiments.items():
        if not only or name in only:
            planned += _runs(name, experiment, data)
    return tuple(planned)


def _runs(name: str, experiment: studies.Experiment, data: Mapping[str, Description]) -> list[Run]:
    for point in experiment.points:
        _check_sizes(name, point.settings, data[point.settings.dataset])
    seeds = dict.fromkeys(seed for point in experiment.points for seed in point.settings.seeds)
    return [
        Run(
            experiment=name,
            variant=variant.name,
            dataset=point.settings.dataset,
            settings=_settings(point.settings, variant, seed, data[point.settings.dataset].digest),
            coordinates=point.coordinates,
            point=index,
        )
        for seed in seeds
        for index, point in enumerate(experiment.points)
        if seed in point.settings.seeds
        for variant in point.settings.variants
    ]


def pending(planned: Iterable[Run], known: Collection[str]) -> tuple[Run, ...]:
    """Return the planned runs whose identity is not known, each once, in the order planned."""
    new: dict[str, Run] = {}
    for run in planned:
        if run.id not in known:
            new.setdefault(run.id, run)
    return tuple(new.values())


def _settings(point: studies.Settings, variant: Variant, seed: int, digest: str) -> Settings:
    network, training = point.network, point.training
    kernel = _initializer(variant)
    return Settings(
        dataset_digest=digest,
        hidden=network.hidden,
        activation=network.activation,
        kernel=kernel,
        output_kernel=_initializer(variant.output) if variant.output else kernel,
        bias=_initializer(network.bias),
        optimizer=training.optimizer.name,
        optimizer_parameters=_pairs(training.optimizer.parameters),
        loss=training.loss,
        batch_size=training.batch_size,
        epochs=training.epochs,
        validation_split=training.validation_split,
        data_fraction=training.data_fraction,
        seed=seed,
        measure=tuple(sorted(set(point.measure))),
        moments=_within(point.moments, training.epochs),
        curve_points=point.curve_points,
    )


def _initializer(named: Variant | studies.Initializer) -> Initializer:
    return Initializer(named.initializer, _pairs(named.parameters))


def _pairs(parameters: Mapping[str, Value]) -> Pairs:
    return tuple(sorted(parameters.items()))


def _within(moments: Sequence[float], epochs: int) -> tuple[float, ...]:
    """Return the moments strictly between start and end, in order, each once."""
    return tuple(sorted({float(moment) for moment in moments if 0 < moment < epochs}))


def _check_sizes(name: str, point: studies.Settings, data: Description) -> None:
    training = point.training
    rows = data.training_rows(training.validation_split, training.data_fraction)
    held_out = data.validation_rows(training.validation_split, training.data_fraction)
    if rows < 1 or held_out < 1:
        raise StudyError(
            f"experiments.{name}: training.validation_split = {training.validation_split:g}: "
            f"leaves {rows} rows to train on and {held_out} held out, of {data.train_samples}; "
            "at least one row must be on either side"
        )
    if training.batch_size > rows:
        raise StudyError(
            f"experiments.{name}: training.batch_size = {training.batch_size}: must be at most "
            f"{rows}, the rows of {point.dataset!r} that are left to train on"
        )
