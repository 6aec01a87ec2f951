"""What a trained run leaves behind: plain numbers, free of any framework."""

from dataclasses import dataclass


@dataclass(frozen=True)
class EpochMetrics:
    """Means over one epoch as Keras has them: losses in nats a sample, accuracies as fractions."""

    epoch: int
    loss: float
    accuracy: float
    val_loss: float
    val_accuracy: float


@dataclass(frozen=True)
class LayerStatistics:
    """Statistics of one dense layer's weights at one moment; layers count from 1."""

    moment: str
    layer: int
    fan_in: int
    fan_out: int
    kernel_mean: float
    kernel_sd: float
    kernel_max_abs: float
    bias_max_abs: float


@dataclass(frozen=True)
class RunResult:
    """One run's measurements. `diverged_epoch` is the epoch whose loss was not finite, else None.

    `train_s` and `compile_s` are wall-clock seconds of the worker: training with its validation,
    and the compilation that this run had to wait for.
    """

    run_id: str
    diverged_epoch: int | None
    epochs: tuple[EpochMetrics, ...]
    layers: tuple[LayerStatistics, ...]
    test_loss: float
    test_accuracy: float
    train_s: float
    compile_s: float
    environment: tuple[tuple[str, str], ...]

    @property
    def status(self) -> str:
        """Return "finished" or "diverged"."""
        return "finished" if self.diverged_epoch is None else "diverged"
