"""What a trained run leaves behind: plain numbers, free of any framework.

The fields are the columns of the store; raise SCHEMA_VERSION with them.
"""

from dataclasses import dataclass

PROBE_ROWS = 1000
"""Held-out rows, the first ones, that a network is probed with."""
FLAT = 0.01
"""A slope of the activation below this passes hardly any gradient on."""


@dataclass(frozen=True)
class EpochMetrics:
    """Means over one epoch as Keras reports them: losses in nats, accuracies as fractions."""

    epoch: int
    loss: float
    accuracy: float
    val_loss: float
    val_accuracy: float


@dataclass(frozen=True)
class CurvePoint:
    """Mean training loss, in nats, over the stretch that ends after `progress` epochs."""

    progress: float
    loss: float


@dataclass(frozen=True)
class LayerStatistics:
    """Statistics of one dense layer at one moment, after `progress` epochs; layers count from 1.

    Signals are taken over the rows and units of a probe batch: z is the layer's weighted sum, h its
    activation, L the mean loss of the batch. What was not asked for is None.
    """

    progress: float
    layer: int
    fan_in: int
    fan_out: int
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
    """Share of units with h = 0 for every row of the batch."""
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
    """One run's measurements. `diverged_epoch` is the epoch whose loss was not finite, else None.

    `train_s` and `compile_s` are wall-clock seconds of the worker: training with its validation and
    measurements, and the compilation that this run had to wait for.
    """

    run_id: str
    diverged_epoch: int | None
    epochs: tuple[EpochMetrics, ...]
    curve: tuple[CurvePoint, ...]
    layers: tuple[LayerStatistics, ...]
    histograms: tuple[Histogram, ...]
    test_loss: float
    test_accuracy: float
    train_s: float
    compile_s: float
    environment: tuple[tuple[str, str], ...]

    @property
    def status(self) -> str:
        """Return "finished" or "diverged"."""
        return "finished" if self.diverged_epoch is None else "diverged"
