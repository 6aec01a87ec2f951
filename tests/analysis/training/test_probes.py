"""Measurements inside a network, held to NumPy in float64 and to networks known by construction."""

from collections.abc import Collection
from dataclasses import replace
from types import ModuleType
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest

from analysis.plan.result import LayerStatistics
from analysis.plan.run import Architecture, Run, RunInitializer
from tests.analysis.training import small

Array = npt.NDArray[Any]


def asked(run: Run, moments: Collection[float], *measures: str, **changes: Any) -> Run:
    """Return the run with other settings, watched at these moments, for as many epochs."""
    measurements = frozenset((what, when) for what in measures for when in moments)
    asked = replace(run.asked, epochs=int(max(moments)), measurements=measurements)
    return replace(run, settings=replace(run.settings, **changes), asked=asked)


def by_hand(
    x: Array, y: Array, kernels: list[Array], biases: list[Array]
) -> dict[str, list[Array]]:
    """Return forward and backward signals of a tanh network, by the chain rule in float64."""
    inputs, sums, h = [], [], x
    for index, (kernel, bias) in enumerate(zip(kernels, biases, strict=True)):
        inputs.append(h)
        sums.append(h @ kernel + bias)
        h = sums[-1] if index == len(kernels) - 1 else np.tanh(sums[-1])
    exponentials = np.exp(h - h.max(1, keepdims=True))
    delta = exponentials / exponentials.sum(1, keepdims=True) - np.eye(h.shape[1])[y]
    gradients = [delta]
    for kernel, z in zip(kernels[:0:-1], sums[-2::-1], strict=True):
        delta = (delta @ kernel.T) * (1 - np.tanh(z) ** 2)
        gradients.insert(0, delta)
    of_kernels = [i.T @ g / len(x) for i, g in zip(inputs, gradients, strict=True)]
    return {"inputs": inputs, "sums": sums, "gradients": gradients, "kernels": of_kernels}


def test_signals_are_those_of_the_chain_rule(probes: ModuleType, layers: ModuleType) -> None:
    """Sums, gradients of sums (row by row) and of kernels (of the mean) agree with NumPy."""
    generator = np.random.default_rng(1)
    x = generator.normal(size=(12, 6)).astype(np.float32)
    y = generator.integers(0, 3, 12).astype(np.int32)
    network = layers.build(6, 3, Architecture((5, 4), "tanh"))
    kernels = [generator.normal(size=shape) for shape in ((6, 5), (5, 4), (4, 3))]
    biases = [generator.normal(size=width) for width in (5, 4, 3)]
    network.model.set_weights([each for pair in zip(kernels, biases, strict=True) for each in pair])
    found = probes.propagate(network, x, y)
    expected = by_hand(x.astype(np.float64), y, kernels, biases)
    for name, theirs in (
        ("inputs", found.inputs),
        ("sums", found.sums),
        ("gradients", found.sum_gradients),
        ("kernels", found.kernel_gradients),
    ):
        for ours, other in zip(theirs, expected[name], strict=True):
            np.testing.assert_allclose(ours, other, rtol=1e-4, atol=1e-5)
    stated = probes.statistics(network, 0.0, {"signals"}, found)
    for layer, (z, gradient) in enumerate(
        zip(expected["sums"], expected["kernels"], strict=True), start=1
    ):
        own: LayerStatistics = stated[layer - 1]
        assert own.sum_mean_square == pytest.approx(np.mean(z**2), rel=1e-4)
        assert own.kernel_gradient_norm == pytest.approx(np.linalg.norm(gradient), rel=1e-4)
        assert own.kernel_sd is None


def test_dead_units_and_flat_stretches_are_counted(probes: ModuleType, layers: ModuleType) -> None:
    """One of two units is pushed below zero for every row: half is dead, and half is flat."""
    network = layers.build(2, 2, Architecture((2,), "relu"))
    network.model.set_weights([np.eye(2), np.array([0.0, -100.0]), np.eye(2), np.zeros(2)])
    x = np.random.default_rng(0).uniform(1, 2, (50, 2)).astype(np.float32)
    signals = probes.propagate(network, x, np.zeros(50, np.int32))
    first, _ = probes.statistics(network, 0.0, {"signals"}, signals)
    assert (first.dead_share, first.flat_share) == (0.5, 0.5)


def test_rank_and_distinct_units_of_known_kernels(probes: ModuleType, layers: ModuleType) -> None:
    """Equal columns count once; their kernel has rank 1."""
    network = layers.build(3, 2, Architecture((4,), "relu"))
    twins = np.array([[1, 1, 2, 2]] * 3, np.float32)
    network.model.set_weights([twins, np.zeros(4), np.arange(8).reshape(4, 2) ** 2, np.zeros(2)])
    first, last = probes.statistics(network, 0.0, {"symmetry"}, None)
    assert (first.kernel_rank, first.distinct_units) == (1, 2)
    assert (last.kernel_rank, last.distinct_units) == (2, 2)


def test_histograms_hold_every_value(probes: ModuleType, layers: ModuleType) -> None:
    """Shares sum to one, and half of a symmetric quantity lies on either side of zero."""
    network = layers.build(20, 2, Architecture((50,), "linear"))
    x = np.random.default_rng(0).normal(size=(400, 20)).astype(np.float32)
    signals = probes.propagate(network, x, np.zeros(400, np.int32))
    sums = next(h for h in probes.histograms(0.0, signals, [1]) if h.quantity == "sum")
    shares = np.array(sums.shares)
    assert len(shares) == probes.BINS
    assert shares.sum() == pytest.approx(1, abs=1e-3)
    half = probes.BINS // 2
    assert shares[:half].sum() == pytest.approx(shares[-half:].sum(), abs=0.02)
    reach = 4 * np.sqrt(np.mean(signals.sums[0] ** 2))
    assert sums.high == -sums.low == pytest.approx(reach, rel=1e-5)


@pytest.mark.parametrize(("depth", "shown"), [(3, [1, 2, 3]), (51, [1, 11, 21, 30, 40, 50, 51])])
def test_deep_networks_show_seven_layers(probes: ModuleType, depth: int, shown: list[int]) -> None:
    """The first, the last hidden and the output layer are among the layers shown."""
    assert probes.shown_layers(depth) == shown


def test_measuring_on_the_way_changes_no_bit(training: ModuleType, small_mnist: str) -> None:
    """A run that stops at moments for measurements trains exactly as one that does not."""
    (plain,) = small.runs(small_mnist, hidden=(16,), batch_size=60)
    moments = [0, 6 / 26, 1, 1.5, 2]
    watched = asked(plain, moments, "histograms", "signals", "symmetry", "weights")
    without, with_ = training.train(asked(plain, [2])), training.train(watched)
    assert with_.steps == without.steps
    assert [replace(each, train_s=0) for each in with_.epochs] == [
        replace(each, train_s=0) for each in without.epochs
    ]
    assert sorted({each.progress for each in with_.layers}) == moments
    assert len(with_.layers) == 2 * len(moments)
    assert with_.measurements == watched.asked.measurements


@pytest.mark.parametrize(("batch", "rest"), [(80, 0), (60, 40)])
def test_the_loss_of_every_step_is_kept(
    training: ModuleType, small_mnist: str, batch: int, rest: int
) -> None:
    """Weighted by their rows they average to the loss of their epoch, a short one at the end."""
    (run,) = small.runs(small_mnist, hidden=(16,), batch_size=batch)
    result = training.train(run)
    rows = [batch] * (1600 // batch) + [rest] * bool(rest)
    assert [each.epoch for each in result.steps] == [each.epoch for each in result.epochs]
    for kept, metrics in zip(result.steps, result.epochs, strict=True):
        losses = np.frombuffer(kept.losses, "<f4")
        assert np.average(losses, weights=rows) == pytest.approx(metrics.loss, rel=1e-6)


def test_without_epochs_a_network_is_only_measured(training: ModuleType, small_mnist: str) -> None:
    """Nothing is trained, compiled or tested; the layers are measured once, as drawn."""
    (run,) = small.runs(small_mnist, hidden=(16,))
    result = training.train(asked(run, [0], "signals", optimization=None))
    assert (result.diverged_epoch, result.epochs, result.steps) == (None, (), ())
    assert [(each.progress, each.layer) for each in result.layers] == [(0.0, 1), (0.0, 2)]
    assert all(each.mean_square is not None for each in result.layers)


def test_biases_and_the_output_kernel_have_initializers_of_their_own(
    training: ModuleType, small_mnist: str
) -> None:
    """A bias of one, and an output kernel of zeros: every logit is one, whatever the image."""
    (run,) = small.runs(small_mnist, hidden=(16,))
    ones, zeros = RunInitializer("Ones", ()), RunInitializer("Zeros", ())
    own = asked(run, [0], "signals", "weights", bias=ones, output_kernel=zeros)
    first, last = training.train(own).layers
    assert (first.bias_max_abs, last.bias_max_abs) == (1.0, 1.0)
    assert first.kernel_sd == pytest.approx((2 / 784) ** 0.5, rel=0.03)
    assert (last.kernel_max_abs, last.sum_mean_square) == (0.0, 1.0)


def test_a_fraction_of_the_data_is_the_first_rows(training: ModuleType, small_mnist: str) -> None:
    """Half of the data are half of the training, held-out and test rows, the first of each."""
    half, whole = (
        training.engine_for(small.runs(small_mnist, hidden=(4,), data_fraction=fraction)[0])
        for fraction in (0.5, 1.0)
    )
    for ours, theirs in (
        (half.train, whole.train),
        (half.validation, whole.validation),
        (half.test, whole.test),
    ):
        assert 2 * ours.samples == theirs.samples
        np.testing.assert_array_equal(ours.y, theirs.y[: ours.samples])


def test_a_learning_rate_needs_no_new_engine(training: ModuleType, small_mnist: str) -> None:
    """Runs that differ in the learning rate alone share an engine, and still learn differently."""
    slow, fast = (
        small.runs(small_mnist, hidden=(16,), optimizer={"name": "SGD", "learning_rate": rate})[0]
        for rate in (0.001, 0.1)
    )
    engines = [training.engine_for(run) for run in (slow, fast)]
    assert engines[0] is engines[1]
    losses = [training.train(run).epochs[-1].loss for run in (slow, fast)]
    assert losses[1] < losses[0] - 0.3
