"""What was measured is written with the digits and the unit of its kind, literally."""

import pytest

from report.words import metrics


@pytest.mark.parametrize(
    ("values", "metric", "text"),
    [
        ([0.1135], "test_accuracy", "11.35 %"),
        ([0.97565], "val_accuracy", "97.57 %"),
        ([0.975, 0.977], "accuracy", "97.50 to 97.70 %"),
        ([2.30099], "test_loss", "2.3010"),
        ([1.1], "epochs_to_95", "1.1 epochs"),
        ([3.156], "train_s", "3.16 s"),
        ([1.2e-05], "kernel_gradient_norm", "1.2 × 10⁻⁵"),
        ([0.050512], "kernel_sd", "0.05051"),
    ],
)
def test_a_metric_is_written_in_its_unit(values: list[float], metric: str, text: str) -> None:
    """Accuracies in percent, losses bare, times in seconds, all else in four digits."""
    assert metrics.written(values, metric).replace("\u00a0", " ") == text


def test_the_author_may_choose_digits_and_leave_out_the_unit() -> None:
    """Digits are decimals of an accuracy and significant ones of a size."""
    assert metrics.written([0.1135], "test_accuracy", digits=1, unit=False) == "11.4"
    assert metrics.written([0.0505], "kernel_sd", digits=2) == "0.051"
    assert metrics.written([0.0012], "test_accuracy", spread=True) == "0.12\u00a0percentage points"
    assert metrics.written([0.0012], "test_loss", spread=True) == "0.0012"


def test_a_column_is_headed_and_written_as_its_metric() -> None:
    """Tables, axes and the page of runs have header, unit and digits from the one list."""
    own = metrics.metric("test_accuracy")
    assert (own.quantity, own.text(0.97565)) == ("Test accuracy (%)", "97.57")
    assert metrics.metric("val_loss").text(0.0931449) == "0.0931"
    assert metrics.metric("bias_max_abs").name == "bias max abs"
