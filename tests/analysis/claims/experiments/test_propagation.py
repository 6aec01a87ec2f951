"""Claims on deep networks before training, held to layers made to support or contradict them."""

from dataclasses import replace

import numpy as np
import pytest

from analysis.results.frames import Results
from tests.made.results.claimed import claim_on, only, scaled, values, words


@pytest.fixture(scope="module")
def propagation() -> Results:
    """Five seeds of fifty layers at initialization; they wander as He networks do."""
    return only("propagation")


@pytest.fixture(scope="module")
def glorot() -> Results:
    """Glorot and Bengio's network: half of the gradient passes each layer, as through a ReLU."""
    return only("glorot")


def test_factor_by_layer(propagation: Results) -> None:
    """Slope one where every layer multiplies by n Var(W) / 2, not where He loses a fifth."""
    found = claim_on(propagation, "variance-factor-slope")
    assert found.verdict == "supported"
    assert found.value == pytest.approx(1, abs=0.02)
    assert "GlorotNormal {} (formula {})" in words(found.note)
    formulas = values(found.note)[1::2]
    assert formulas == pytest.approx([0.5, 1.0, 0.16])
    he = propagation.layers["variant"] == "HeNormal"
    factor = np.where(he, 0.5, 1.0)
    lossy = propagation.layers.assign(mean_square=propagation.layers["mean_square"] * factor)
    found = claim_on(replace(propagation, layers=lossy), "variance-factor-slope")
    assert found.verdict == "contradicted"


def test_length_wanders_by_five_over_n(propagation: Results) -> None:
    """The made-up networks add 5/n a layer; a walk that is twice as wide contradicts."""
    found = claim_on(propagation, "length-variance")
    assert found.verdict == "supported"
    assert len(found.runs) == 5
    layers = propagation.layers.copy()
    change = layers["mean_square"] / layers["input_mean_square"]
    wide = layers.assign(mean_square=layers["input_mean_square"] * change**2)
    found = claim_on(replace(propagation, layers=wide), "length-variance")
    assert found.verdict == "contradicted"
    assert found.value == pytest.approx(300, rel=0.5)


def test_a_network_of_no_depth_leaves_it_open() -> None:
    """One hidden layer has no change from layer to layer."""
    results = only("propagation", None, "experiments.propagation.network.hidden=[16]")
    for name in ("variance-factor-slope", "length-variance"):
        assert claim_on(results, name).verdict == "inconclusive"


def test_glorot_backward(glorot: Results) -> None:
    """Through 4 kernels a third of variance passes √3⁻⁴ = 1/9 as much: nine times less."""
    found = claim_on(glorot, "glorot-backward-ratio")
    assert found.verdict == "supported"
    assert found.value == pytest.approx(9, rel=0.01)
    even = scaled(glorot, "sum_gradient_sd", 9, variant="Standard", layer=1)
    assert claim_on(even, "glorot-backward-ratio").verdict == "contradicted"


def test_glorot_backward_against_the_slopes_of_tanh(glorot: Results) -> None:
    """Layers that pass half of the gradient, as no tanh does near zero, contradict it."""
    assert claim_on(glorot, "glorot-backward-recursion").verdict == "contradicted"


def test_kernel_gradients_level(glorot: Results) -> None:
    """One layer with half of the gradient of the others is enough to contradict."""
    level = glorot.layers.assign(kernel_gradient_sd=1e-4)
    found = claim_on(replace(glorot, layers=level), "kernel-gradients-level")
    assert (found.verdict, found.value) == ("supported", 0)
    odd = scaled(replace(glorot, layers=level), "kernel_gradient_sd", 0.5, layer=3)
    found = claim_on(odd, "kernel-gradients-level")
    assert found.verdict == "contradicted"
    assert found.value == pytest.approx(100)


def test_an_experiment_that_measures_nothing_leaves_its_claims_open(glorot: Results) -> None:
    """Layers without signals are told of; nothing crashes on an empty column."""
    bare = glorot.layers.assign(sum_gradient_sd=np.nan, kernel_gradient_sd=np.nan)
    for name in ("glorot-backward-ratio", "kernel-gradients-level"):
        found = claim_on(replace(glorot, layers=bare), name)
        assert (found.verdict, found.n) == ("inconclusive", 0)
        assert "did not measure" in words(found.note)
