"""What a run is: what can change its numbers, the identity made of it, its names, what is asked."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from functools import cached_property

from analysis.study.parameters import Value

ENGINE_VERSION = 3
"""Raised whenever a change of the engine changes a run's numbers.

Earlier runs then no longer count.
"""
Pairs = tuple[tuple[str, Value], ...]
Measurements = frozenset[tuple[str, float]]
"""What is measured, such as "weights", and after how many epochs."""
Curves = frozenset[tuple[int, int]]
"""Curves of the training loss: points drawn from an epoch, and from how many epochs."""


@dataclass(frozen=True)
class RunInitializer:
    """A Keras initializer by name, with all its parameters."""

    name: str
    parameters: Pairs


@dataclass(frozen=True)
class Convolution:
    """A convolutional layer: its filters, and the sides in pixels of kernels and pooling."""

    filters: int
    size: int
    pool: int


@dataclass(frozen=True)
class Architecture:
    """The layers of a network and what happens in them: all but its weights."""

    hidden: tuple[int, ...]
    activation: str
    normalization: str = "none"
    branch: float | None = None
    """What the branch of a residual layer is multiplied by; None: no layer is one."""
    dropout: float = 0.0
    convolution: tuple[Convolution, ...] = ()

    def sides(self, side: int) -> list[int]:
        """Return the side of the image before the first convolution, in pixels, and after each."""
        found = [side]
        for layer in self.convolution:
            found.append(found[-1] // layer.pool)
        return found

    def residual(self, layer: int, received: int) -> bool:
        """Tell whether a dense hidden layer, counted from 1, has a branch, by what it receives."""
        return self.branch is not None and self.hidden[layer - 1] == received


@dataclass(frozen=True)
class Rows:
    """Which rows of a data set a run uses: the first ones to train and to test on, some held out.

    Those held out are `held_out` rows from the place `held_out_start` on, counted from 0.
    """

    train: int
    held_out_start: int
    held_out: int
    test: int


@dataclass(frozen=True)
class Optimization:
    """How the weights are changed, step by step: a Keras optimizer, and samples a step."""

    optimizer: str
    parameters: Pairs
    batch_size: int

    @property
    def learning_rate(self) -> float:
        """Return the step size that the optimizer is given."""
        return float(dict(self.parameters)["learning_rate"])


@dataclass(frozen=True)
class RunSettings:
    """Everything that can change the numbers of a run from its first step on, and nothing else.

    So not for how many epochs it is trained, nor what is measured of it, nor when.
    """

    dataset_digest: str
    rows: Rows
    hidden: tuple[int, ...]
    activation: str
    kernel: RunInitializer
    output_kernel: RunInitializer
    bias: RunInitializer
    loss: str
    optimization: Optimization | None
    """None for a network that is never trained."""
    seed: int
    engine: int = ENGINE_VERSION
    normalization: str = "none"
    branch: float | None = None
    dropout: float = 0.0
    convolution: tuple[Convolution, ...] = ()
    kernel_seed: str = "own"
    bias_fans: str = "bias"

    @property
    def depth(self) -> int:
        """Return the count of hidden layers; with the output layer, one more has a kernel."""
        return len(self.convolution) + len(self.hidden)

    @property
    def architecture(self) -> Architecture:
        """Return what of them is the network, its weights aside."""
        return Architecture(
            **{each.name: getattr(self, each.name) for each in fields(Architecture)}
        )

    def canonical(self) -> str:
        """Return the settings as JSON with sorted keys: equal settings give equal text.

        What a run of an earlier vocabulary could not have is left out where it is not used, so that
        such a run has the text that it had.
        """
        unused = {
            each.name
            for each in fields(self)
            if each.name != "engine" and getattr(self, each.name) == each.default
        }
        told = {name: value for name, value in asdict(self).items() if name not in unused}
        return json.dumps(told, sort_keys=True, separators=(",", ":"), allow_nan=False)


@dataclass(frozen=True)
class Asked:
    """What a study wants of a run: how far it is trained, and what is measured when."""

    epochs: int = 0
    measurements: Measurements = frozenset()
    keep_state: bool = False
    """Whether a checkpoint is kept, from which more epochs can be trained."""
    curves: Curves = frozenset()

    def __or__(self, other: "Asked") -> "Asked":
        """Return all that either asks for."""
        return Asked(
            max(self.epochs, other.epochs),
            self.measurements | other.measurements,
            self.keep_state or other.keep_state,
            self.curves | other.curves,
        )

    def until(self, diverged_epoch: int | None) -> Measurements:
        """Return the measurements of a run that diverged, if it did: the last are taken there."""
        if diverged_epoch is None:
            return self.measurements
        last = float(diverged_epoch)
        return frozenset((what, min(progress, last)) for what, progress in self.measurements)


@dataclass(frozen=True)
class Run:
    """One network to be trained once, the names a study gives it, and what it asks of it."""

    experiment: str
    variant: str
    dataset: str
    """The name of its data."""
    settings: RunSettings
    asked: Asked = field(default_factory=Asked)
    coordinates: Mapping[str, Value] = field(default_factory=dict)
    """What the experiment's sweep sets for the run, by name."""
    point: int = 0
    """Which point of the sweep, in the order of its values."""
    path: str | None = None
    """The file of its data, where the project does not carry them."""
    own_bias: bool = False
    """Whether the initializer of its biases is that of its variant, and not of its network."""

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
    return run.dataset, *compiled_in(run.settings)


def compiled_in(settings: RunSettings) -> EngineKey:
    """Return what of its settings, the data set's name aside, is code to an engine."""
    steps = settings.optimization
    of_steps = steps and (
        steps.optimizer,
        tuple(pair for pair in steps.parameters if pair[0] != "learning_rate"),
        steps.batch_size,
    )
    return (
        settings.dataset_digest, settings.rows, settings.loss, of_steps,
        *(getattr(settings, each.name) for each in fields(Architecture)),
    )  # fmt: skip
