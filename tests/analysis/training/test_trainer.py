"""The engine, held to closed forms and to itself."""

import importlib
import math
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from analysis.errors import DataError
from analysis.plan.result import RunResult
from analysis.plan.run import Run
from tests.analysis.training import small

Array = npt.NDArray[np.float32]
METRICS = ("loss", "accuracy", "val_loss", "val_accuracy", "test_loss", "test_accuracy")


def weights(training: ModuleType, run: Run) -> list[Array]:
    """Return kernel and bias of each layer, as the engine of `run` holds them now."""
    layers = training.engine_for(run).layers
    return [np.asarray(each) for layer in layers for each in (layer.kernel, layer.bias)]


def bits(result: RunResult) -> RunResult:
    """Return a result without its wall-clock times, which alone may differ between repeats."""
    epochs = tuple(replace(epoch, train_s=0.0) for epoch in result.epochs)
    return replace(result, epochs=epochs, begin_s=0.0, compile_s=0.0)


def test_zeros_learn_nothing_on_mnist(training: ModuleType) -> None:
    """From zeros, kernels and hidden biases stay bitwise 0, and every image is taken for a 1."""
    (run,) = small.runs("mnist", small.ZEROS, epochs=1)
    result = training.train(run)
    *hidden, output_bias = weights(training, run)
    assert all(not each.any() for each in hidden)
    assert output_bias.any()
    assert result.epochs[-1].val_accuracy == 1272 / 12000 == 0.1060
    assert result.epochs[-1].test_accuracy == 1135 / 10000 == 0.1135


def constant(array: npt.NDArray[Any]) -> Any:
    """Return an array as a tensor."""
    import tensorflow as tf

    return tf.constant(array)


@pytest.mark.parametrize("rows", [1, 7, 2000, 4300])
def test_evaluation_counts_every_row_once(training: ModuleType, rows: int) -> None:
    """The loss and accuracy of any number of rows are those of the network's formula in float64."""
    (run,) = small.runs("mnist", small.HE, epochs=1)
    engine = training.engine_for(run)
    engine.compile()
    shapes = engine.kernel_shapes
    kernels = [np.full(shape, 0.01, np.float32) for shape in shapes]
    engine.assign(kernels, [np.zeros(width, np.float32) for _, width in shapes], 0.1)
    data = small.mnist()
    part = training.Part(*map(constant, (data.x_test[:rows], data.y_test[:rows])))
    h = data.x_test[:rows] / 255.0
    for layer in engine.layers[:-1]:
        h = np.maximum(h @ np.asarray(layer.kernel, np.float64), 0)
    logits = h @ np.asarray(engine.layers[-1].kernel, np.float64)
    expected = np.log(np.exp(logits).sum(1)) - logits[np.arange(rows), data.y_test[:rows]]
    loss, accuracy = engine.evaluate(part)
    assert loss == pytest.approx(expected.mean(), rel=1e-5)
    assert accuracy == np.mean(data.y_test[:rows] == 0)  # all logits equal: the first is taken


def test_parts_of_any_size_are_evaluated_by_one_program(training: ModuleType) -> None:
    """What depends on a network is compiled once for all rows: XLA is called for no other part."""
    (run,) = small.runs("mnist", small.HE, epochs=1)
    engine = training.engine_for(run)
    engine.compile()
    data = small.mnist()
    logits = engine.model(pixels(data.x_test[:2001]))
    hits = np.argmax(logits, axis=1) == data.y_test[:2001]
    programs = dict(engine.programs)
    for rows in (1, 1999, 2000, 2001):
        part = training.Part(*map(constant, (data.x_test[:rows], data.y_test[:rows])))
        assert engine.evaluate(part)[1] == hits[:rows].sum() / rows
    assert programs.keys() == {"full", "evaluation"}
    assert engine.programs == programs


def pixels(rows: npt.NDArray[Any]) -> Array:
    """Return pixels from 0 to 1."""
    return rows.astype(np.float32) / np.float32(255)


def test_zeros_learn_the_class_prior(training: ModuleType, tmp_path: Path) -> None:
    """From ln 10, the losses of a network of zeros fall to the entropy of the classes, and stay.

    As no pixel reaches the output, images of one black pixel stand for MNIST's: full-batch descent
    then comes within rounding of the limit.
    """
    mnist = small.mnist()
    labels = {"y_train": mnist.y_train, "y_test": mnist.y_test}
    black = {f"x{name[1:]}": np.zeros((len(y), 1), np.uint8) for name, y in labels.items()}
    descent: dict[str, Any] = {
        "optimizer": {"name": "SGD", "learning_rate": 5.0},
        "batch_size": 48000,
    }
    data = small.save(tmp_path / "black.npz", labels | black)
    (run,) = small.runs(data, small.ZEROS, hidden=(2, 2), epochs=60, **descent)
    result = training.train(run)
    prior = np.bincount(mnist.y_train[:48000]) / 48000
    assert prior[1] == 5470 / 48000
    limits = [-np.log(prior[y]).mean() for y in (*np.split(mnist.y_train, [48000]), mnist.y_test)]
    assert limits == pytest.approx([2.300953, 2.302099, 2.301002], abs=5e-7)
    last = result.epochs[-1]
    assert result.epochs[0].loss == pytest.approx(math.log(10), abs=1e-6)
    assert [last.loss, last.val_loss, last.test_loss] == pytest.approx(limits, abs=2e-6)
    assert last.accuracy == pytest.approx(5470 / 48000)


@pytest.fixture(scope="module")
def repeated(training: ModuleType, small_mnist: str) -> tuple[RunResult, RunResult, RunResult]:
    """Return the results of a run, of another run of the same engine, and of the first again."""
    he, glorot = small.runs(small_mnist, small.HE, small.GLOROT, hidden=(16,))
    return training.train(he), training.train(glorot), training.train(he)


def test_a_run_leaves_nothing_behind_for_the_next(repeated: tuple[RunResult, ...]) -> None:
    """A run repeated after another of the same engine has the same bits: all state is set anew."""
    first, other, again = (bits(result) for result in repeated)
    assert first == again
    assert first.epochs != other.epochs


def test_moving_statistics_and_dropout_begin_anew(training: ModuleType, small_mnist: str) -> None:
    """A run with both has the same bits after another of its engine, which dropped other units."""
    words: dict[str, Any] = {"normalization": "batch", "dropout": 0.5, "hidden": (16,), "epochs": 1}
    runs = small.runs(small_mnist, seeds=[0, 1], **words)
    first, other, again = (bits(training.train(run)) for run in (*runs, runs[0]))
    assert first == again
    assert first.epochs != other.epochs


def test_only_the_first_run_of_an_architecture_compiles(repeated: tuple[RunResult, ...]) -> None:
    """The second run, of another variant, waits for no compiler."""
    first, second, _ = repeated
    assert first.compile_s > 0.05 > second.compile_s


def test_the_layers_are_measured_before_and_after(
    training: ModuleType, draws: ModuleType, small_mnist: str, repeated: tuple[RunResult, ...]
) -> None:
    """Each layer is described as drawn, then as trained, with the fans of its kernel."""
    (run,) = small.runs(small_mnist, hidden=(16,))
    result = training.train(run)
    shapes = [(784, 16), (16, 10)]
    drawn, trained = draws.initial_kernels(run.settings, shapes), weights(training, run)[::2]
    assert [(e.progress, e.layer, e.fan_in, e.fan_out) for e in result.layers] == [
        (progress, layer, *shape)
        for progress in (0.0, 2.0)
        for layer, shape in enumerate(shapes, start=1)
    ]
    assert [each.kernel_sd for each in result.layers] == pytest.approx(
        [np.std(kernel, dtype=np.float64) for kernel in drawn + trained]
    )
    assert [each.bias_max_abs > 0 for each in result.layers] == [False, False, True, True]


def test_pixels_as_floats_and_as_bytes_train_alike(
    training: ModuleType, small_mnist: str, tmp_path: Path
) -> None:
    """An .npz of floats, pixel / 255, gives what the bytes give, but for rounding."""
    arrays = small.first_rows()
    floats = {name: arrays[name] / 255.0 for name in ("x_train", "x_test")}
    both = (small_mnist, small.save(tmp_path / "floats.npz", arrays | floats))
    bytes_, floats_ = (training.train(small.runs(name, hidden=(16,))[0]) for name in both)
    assert bytes_.run_id != floats_.run_id
    for metric in METRICS:
        ours, theirs = (
            [getattr(epoch, metric) for epoch in each.epochs] for each in (bytes_, floats_)
        )
        assert ours == pytest.approx(theirs, abs=1e-4)


@pytest.mark.parametrize(
    ("batch_size", "finite"),
    [pytest.param(400, False, id="soon"), pytest.param(1600, True, id="in-the-last-step")],
)
def test_a_divergence_is_a_result(
    training: ModuleType, small_mnist: str, batch_size: int, finite: bool
) -> None:
    """A learning rate beyond reason ends the run in that epoch, with no test metrics.

    The loss of an epoch of one step is still finite; that step's weights are past use all the same.
    """
    huge = {"name": "SGD", "learning_rate": 1e30}
    settings: dict[str, Any] = {"epochs": 5, "batch_size": batch_size, "optimizer": huge}
    (run,) = small.runs(small_mnist, hidden=(8,), **settings)
    result = training.train(run)
    assert (result.diverged_epoch, len(result.epochs), result.state) == (1, 1, None)
    assert math.isfinite(result.epochs[0].loss) is finite
    assert math.isnan(result.epochs[0].test_loss)
    assert math.isnan(result.epochs[0].test_accuracy)


def test_the_loss_of_a_hopeless_sample_is_finite(training: ModuleType) -> None:
    """Where exp would overflow or underflow, the loss is still the distance between the logits."""
    logits = np.array([[1e4, 0, 0], [0, 1e4, -1e4]], np.float32)
    found = importlib.import_module("analysis.training.engine").losses(
        logits, np.array([1, 1], np.int32)
    )
    np.testing.assert_allclose(found, [1e4, 0.0])


def test_the_order_of_the_data_is_a_permutation(training: ModuleType) -> None:
    """Every epoch takes every row once, in an order that differs by epoch and by seed alone."""
    epochs = (1, 2, 3)
    orders = [[training.data_order(seed, e, 1000) for e in epochs] for seed in (0, 1, 0)]
    assert all((np.sort(order) == np.arange(1000)).all() for each in orders for order in each)
    assert len({tuple(order) for each in orders[:2] for order in each}) == 6
    np.testing.assert_array_equal(orders[0], orders[2])


def test_data_that_changed_since_the_plan_are_refused(
    training: ModuleType, small_mnist: str
) -> None:
    """A run planned for other contents of the file is not trained on these."""
    (run,) = small.runs(small_mnist)
    stale = replace(run, settings=replace(run.settings, dataset_digest="0" * 64))
    with pytest.raises(DataError, match=r"small\.npz: has changed since the plan"):
        training.train(stale)
