"""Study → Runs: what a run is, its identity, and which runs are still to be trained."""

import hashlib
import json
from collections.abc import Collection, Iterable
from dataclasses import asdict, dataclass
from functools import cached_property

from analysis.dataset import Description
from analysis.errors import StudyError
from analysis.parameters import Value
from analysis.study import Study, Variant

ENGINE_VERSION = 1
"""Raised when a change of the engine changes a run's numbers: earlier runs then count no more."""

BASE = "base"


@dataclass(frozen=True)
class Settings:
    """Everything that can change the numbers of a run, and nothing else."""

    dataset_digest: str
    hidden: tuple[int, ...]
    activation: str
    initializer: str
    initializer_parameters: tuple[tuple[str, Value], ...]
    optimizer: str
    optimizer_parameters: tuple[tuple[str, Value], ...]
    loss: str
    batch_size: int
    epochs: int
    validation_split: float
    seed: int
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

    @property
    def seed(self) -> int:
        """Return the seed that every random draw of the run derives from."""
        return self.settings.seed

    @cached_property
    def id(self) -> str:
        """Return the run's identity: the SHA-256 of its canonical settings, in hexadecimal."""
        return hashlib.sha256(self.settings.canonical().encode()).hexdigest()


def runs(study: Study, data: Description) -> tuple[Run, ...]:
    """Return the runs of a study, seed by seed, so that an interrupted build has whole pairs.

    Raises StudyError when a batch is larger than the training rows or nothing is held out.
    """
    _check_sizes(study, data)
    return tuple(
        Run(BASE, variant.name, study.dataset, _settings(study, variant, seed, data.digest))
        for seed in study.seeds
        for variant in study.variants
    )


def pending(planned: Iterable[Run], known: Collection[str]) -> tuple[Run, ...]:
    """Return the planned runs of unknown identity, each identity once, in the order planned."""
    new: dict[str, Run] = {}
    for run in planned:
        if run.id not in known:
            new.setdefault(run.id, run)
    return tuple(new.values())


def _settings(study: Study, variant: Variant, seed: int, digest: str) -> Settings:
    training = study.training
    return Settings(
        dataset_digest=digest,
        hidden=study.network.hidden,
        activation=study.network.activation,
        initializer=variant.initializer,
        initializer_parameters=tuple(sorted(variant.parameters.items())),
        optimizer=training.optimizer.name,
        optimizer_parameters=tuple(sorted(training.optimizer.parameters.items())),
        loss=training.loss,
        batch_size=training.batch_size,
        epochs=training.epochs,
        validation_split=training.validation_split,
        seed=seed,
    )


def _check_sizes(study: Study, data: Description) -> None:
    training = study.training
    rows = data.validation_start(training.validation_split)
    if not 0 < rows < data.train_samples:
        raise StudyError(
            f"training.validation_split = {training.validation_split:g}: leaves {rows} of "
            f"{data.train_samples} rows to train on; at least one row must be on either side"
        )
    if training.batch_size > rows:
        raise StudyError(
            f"training.batch_size = {training.batch_size}: must be at most {rows}, the rows of "
            f"{study.dataset!r} that are left to train on"
        )
