"""Claims on Glorot's network before training, held to layers that support or contradict them."""

from dataclasses import replace

import numpy as np
import pytest

from analysis.results.frames import Results
from analysis.statistics import theory
from tests.made.results.claimed import claim_on, only, scaled, words


@pytest.fixture(scope="module")
def glorot() -> Results:
    """Glorot and Bengio's network: half of the gradient passes each layer, as through a ReLU."""
    return only("glorot")


def test_glorot_backward(glorot: Results) -> None:
    """Through 4 kernels a third of variance passes √3⁻⁴ = 1/9 as much: nine times less."""
    found = claim_on(glorot, "glorot-backward-ratio")
    assert found.verdict == "supported"
    assert found.value == pytest.approx(9, rel=0.01)
    even = scaled(glorot, "sum_gradient_sd", 9, variant="Standard", layer=1)
    assert claim_on(even, "glorot-backward-ratio").verdict == "contradicted"
    turns = np.where(glorot.layers["seed"] % 2, 0.4, 4.0)
    standard = (glorot.layers["variant"] == "Standard") & (glorot.layers["layer"] == 1)
    by_turns = glorot.layers["sum_gradient_sd"] * np.where(standard, 3 * turns, 1.0)
    open_ = replace(glorot, layers=glorot.layers.assign(sum_gradient_sd=by_turns))
    assert claim_on(open_, "glorot-backward-ratio").verdict == "inconclusive"


def test_glorot_backward_against_the_slopes_of_tanh(glorot: Results) -> None:
    """Layers that pass half of the gradient, as no tanh does near zero, contradict it.

    So do not those of which each passes what its slopes let through.
    """
    name = "glorot-backward-recursion"
    assert claim_on(glorot, name).verdict == "contradicted"
    assert claim_on(passing(glorot, 0.0), name).verdict == "supported"
    assert claim_on(passing(glorot, 0.3), name).verdict == "inconclusive"


def passing(results: Results, noise: float) -> Results:
    """The results with gradients as the closed form has them, and noise in their first layer."""
    layers = results.layers.sort_values(["variant", "seed", "layer"]).reset_index(drop=True)
    for (_, seed), own in layers.groupby(["variant", "seed"], observed=True):
        gain = own["fan_in"] * (own["kernel_sd"] ** 2)
        q = theory.forward(
            own["fan_in"].tolist(),
            (own["kernel_sd"] ** 2).tolist(),
            float(own["input_mean_square"].iloc[0]),
            "tanh",
        )[0]
        assert len(gain) == len(q)
        squares = theory.backward(
            own["fan_out"].tolist(), (own["kernel_sd"] ** 2).tolist(), q, "tanh", 0.09
        )
        spread = np.sqrt(squares)
        spread[0] *= 1 + noise * (2 * (int(str(seed)) % 2) - 1)
        layers.loc[own.index, "sum_gradient_sd"] = spread
    return replace(results, layers=layers)


def test_kernel_gradients_level(glorot: Results) -> None:
    """One layer with half of the gradient of the others is enough to contradict."""
    level = glorot.layers.assign(kernel_gradient_sd=1e-4)
    found = claim_on(replace(glorot, layers=level), "kernel-gradients-level")
    assert (found.verdict, found.value) == ("supported", 0)
    odd = scaled(replace(glorot, layers=level), "kernel_gradient_sd", 0.5, layer=3)
    found = claim_on(odd, "kernel-gradients-level")
    assert found.verdict == "contradicted"
    assert found.value == pytest.approx(100)
    turns = np.where(glorot.layers["seed"] % 2, 0.8, 1.0)
    wavering = np.where(glorot.layers["layer"] == 3, turns, 1.0) * 1e-4
    open_ = replace(glorot, layers=glorot.layers.assign(kernel_gradient_sd=wavering))
    assert claim_on(open_, "kernel-gradients-level").verdict == "inconclusive"


def test_an_experiment_that_measures_nothing_leaves_its_claims_open(glorot: Results) -> None:
    """Layers without signals are told of; nothing crashes on an empty column."""
    bare = glorot.layers.assign(sum_gradient_sd=np.nan, kernel_gradient_sd=np.nan)
    for name in ("glorot-backward-ratio", "kernel-gradients-level"):
        found = claim_on(replace(glorot, layers=bare), name)
        assert (found.verdict, found.n) == ("inconclusive", 0)
        assert "did not measure" in words(found.note)
