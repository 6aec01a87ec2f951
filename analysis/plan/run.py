"""What a run is: everything that can change its numbers, the identity made of it, and its names."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from functools import cached_property

from analysis.study.parameters import Value

ENGINE_VERSION = 2
"""Raised whenever a change of the engine changes a run's numbers.

Earlier runs then no longer count.
"""
Pairs = tuple[tuple[str, Value], ...]


@dataclass(frozen=True)
class RunInitializer:
    """A Keras initializer by name, with all its parameters."""

    name: str
    parameters: Pairs


@dataclass(frozen=True)
class RunSettings:
    """Everything that can change the numbers of a run, and nothing else."""

    dataset_digest: str
    hidden: tuple[int, ...]
    activation: str
    kernel: RunInitializer
    output_kernel: RunInitializer
    bias: RunInitializer
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
    """The name of its data."""
    settings: RunSettings
    coordinates: Mapping[str, Value] = field(default_factory=dict)
    """What the experiment's sweep sets for the run, by name."""
    point: int = 0
    """Which point of the sweep, in the order of its values."""
    path: str | None = None
    """The file of its data, where the project does not carry them."""

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
