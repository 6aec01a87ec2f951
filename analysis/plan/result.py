"""What a trained run leaves behind: plain numbers, free of any framework.

The fields are the columns of the store; raise SCHEMA_VERSION with them.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from analysis.plan.run import Measurements, RunSettings

PROBE_ROWS = 1000
"""Held-out rows, the first ones, that a network is probed with."""
FLAT = 0.01
"""A slope of the activation below this passes hardly any gradient on."""


@dataclass(frozen=True)
class EpochMetrics:
    """Means over one epoch as Keras reports them: losses in nats, accuracies as fractions.

    `train_s` are wall-clock seconds of the worker: training, evaluation and measurements. An epoch
    whose loss is not finite is not tested.
    """

    epoch: int
    loss: float
    accuracy: float
    val_loss: float
    val_accuracy: float
    test_loss: float
    test_accuracy: float
    train_s: float


@dataclass(frozen=True)
class StepLosses:
    """Mean training loss, in nats, of every batch of an epoch: little-endian float32, in order.

    The last one is that of the short batch, where the batch size does not divide the rows.
    """

    epoch: int
    losses: bytes


@dataclass(frozen=True)
class LayerStatistics:
    """Statistics of one layer with a kernel, after `progress` epochs; layers count from 1.

    Signals are taken over the rows and units of a probe batch, of a convolution over all positions
    and filters: z is what the activation is given, the weighted sum or that normalized, h what the
    layer gives, the activation or in a residual layer its input with that on top, L the mean loss
    of the batch. What was not asked for is None.
    """

    progress: float
    layer: int
    fan_in: int
    fan_out: int
    """Fans as Keras counts them: those of a convolution are its channels times the pixels of size².
    """
    kernel_mean: float | None = None
    kernel_sd: float | None = None
    kernel_max_abs: float | None = None
    bias_max_abs: float | None = None
    input_mean_square: float | None = None
    """Mean square of what the layer receives."""
    sum_mean_square: float | None = None
    """Mean square of z."""
    mean_square: float | None = None
    """Mean square of h; of the logits in the last layer."""
    dead_share: float | None = None
    """Share of units whose activation is 0 for every row of the batch."""
    flat_share: float | None = None
    """Share of all z at which the activation's slope is below FLAT in size."""
    sum_gradient_sd: float | None = None
    """Standard deviation of the gradient of a single row's loss with respect to z."""
    kernel_gradient_norm: float | None = None
    """Euclidean norm of the gradient of L with respect to the kernel."""
    kernel_gradient_sd: float | None = None
    """Standard deviation of its entries."""
    kernel_rank: int | None = None
    distinct_units: int | None = None
    """Number of different columns of the kernel, compared bit for bit."""
    sum_correlation: float | None = None
    """Mean over pairs of rows of Σ z z' / √(Σ z² Σ z'²); none where a row has no z but zeros."""


MEASURED: Mapping[str, tuple[str, ...]] = {
    "weights": ("kernel_mean", "kernel_sd", "kernel_max_abs", "bias_max_abs"),
    "signals": (
        "input_mean_square", "sum_mean_square", "mean_square", "dead_share", "flat_share",
        "sum_gradient_sd", "kernel_gradient_norm", "kernel_gradient_sd",
    ),
    "symmetry": ("kernel_rank", "distinct_units"),
    "correlation": ("sum_correlation",),
}  # fmt: skip
"""The fields of LayerStatistics that each measurement fills."""


@dataclass(frozen=True)
class Histogram:
    """Shares of a quantity's values in bins of equal width from `low` to `high`."""

    progress: float
    layer: int
    quantity: str
    low: float
    high: float
    shares: tuple[float, ...]


@dataclass(frozen=True)
class RunResult:
    """What was measured of a run from the end of the epoch `start` on; at 0, from its beginning.

    `diverged_epoch` is the epoch whose loss was not finite, else None. `begin_s` and `compile_s`
    are wall-clock seconds of the worker: what came before the first epoch, measurements included,
    and the compilation that this run had to wait for.
    """

    run_id: str
    start: int
    diverged_epoch: int | None
    epochs: tuple[EpochMetrics, ...]
    steps: tuple[StepLosses, ...]
    layers: tuple[LayerStatistics, ...]
    histograms: tuple[Histogram, ...]
    measurements: Measurements
    """What was measured and when, also where it left no row."""
    state: bytes | None
    """A checkpoint of the last epoch, where one was asked for and the loss is finite."""
    begin_s: float
    compile_s: float
    environment: tuple[tuple[str, str], ...]
    """Where and when it was trained; see `provenance.trained_now`."""

    @property
    def train_s(self) -> float:
        """Return the seconds of the worker, compilation apart."""
        return self.begin_s + math.fsum(epoch.train_s for epoch in self.epochs)


@dataclass(frozen=True)
class Record:
    """What a store tells of a run: what it was, how far it has come, and the seconds it took.

    `epochs_s` are those of all its epochs together; the others are those of `RunResult`.
    """

    run_id: str
    settings: RunSettings
    epochs: int
    measurements: Measurements
    begin_s: float
    epochs_s: float
    compile_s: float
    here: bool
    """Whether it was trained as it would be here: by such a processor, with these versions."""
