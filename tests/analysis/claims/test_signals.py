"""Claims on signals, held to layers made to support them, to refute them, to leave them open."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis.claims import SPECS, Claim, model
from analysis.results.frames import Results
from tests.made.studies import load_study
from tests.made.synthetic import results_of, synthetic_results

BY_ID = {spec.id: spec for spec in SPECS}


def only(name: str) -> Results:
    """Results of one experiment of the published study alone."""
    study = load_study()
    return results_of(study.model_copy(update={"experiments": {name: study.experiments[name]}}))


def claim(results: Results, name: str) -> Claim:
    """One claim, tested."""
    return model.tested(BY_ID[name], results)


def scaled(results: Results, column: str, factor: float, **where: object) -> Results:
    """The results with a column of some of their layers multiplied."""
    layers = results.layers.copy()
    own = pd.Series(True, index=layers.index)
    for name, value in where.items():
        own &= layers[name] == value
    layers.loc[own, column] = layers.loc[own, column] * factor
    return replace(results, layers=layers)


@pytest.fixture(scope="module")
def base() -> Results:
    """Twenty seeds of the base study."""
    return synthetic_results()


@pytest.fixture(scope="module")
def propagation() -> Results:
    """Five seeds of fifty layers at initialization; they wander as He networks do."""
    return only("propagation")


@pytest.fixture(scope="module")
def glorot() -> Results:
    """Glorot and Bengio's network: half of the gradient passes each layer, as through a ReLU."""
    return only("glorot")


def test_signal_follows_the_recursion(base: Results) -> None:
    """He keeps the mean square 0.12 of the inputs; Glorot's second layer has a third less."""
    found = claim(base, "signal-at-initialization")
    assert found.verdict == "supported"
    # 0.12 · ½ · 784 · 2/912, then · ½ · 128 · 2/192
    assert "GlorotNormal" in found.note
    assert "(theory 0.103)" in found.note
    assert "(theory 0.0688)" in found.note
    assert found.note.count("(theory 0.12)") == 2


@pytest.mark.parametrize(
    ("factor", "expected"), [(1.6, "not supported"), (1.25, "inconclusive"), (0.5, "not supported")]
)
def test_a_signal_off_the_recursion(base: Results, factor: float, expected: str) -> None:
    """One layer of one variant, too large or too small, decides."""
    off = scaled(base, "mean_square", factor, variant="GlorotNormal", layer=2, moment="initial")
    found = claim(off, "signal-at-initialization")
    assert (found.verdict, "GlorotNormal, layer 2" in found.note) == (expected, True)


def test_gradients_at_initialization_are_ordered(base: Results) -> None:
    """The lesser ratio is told; a reversed order refutes."""
    found = claim(base, "gradient-at-initialization")
    norms = base.layers.query("moment == 'initial' and layer == 1").pivot(
        index="seed", columns="variant", values="kernel_gradient_norm"
    )
    ratio = np.exp(np.log(norms["HeNormal"] / norms["GlorotNormal"]).mean())
    assert found.verdict == "supported"
    assert found.value == pytest.approx(ratio)
    small = scaled(base, "kernel_gradient_norm", 0.01, variant="HeNormal")
    assert claim(small, "gradient-at-initialization").verdict == "not supported"


def test_factor_by_layer(propagation: Results) -> None:
    """Slope one where every layer multiplies by n Var(W) / 2, refuted where He loses a fifth."""
    found = claim(propagation, "variance-factor-slope")
    assert found.verdict == "supported"
    assert found.value == pytest.approx(1, abs=0.02)
    assert "GlorotNormal" in found.note
    assert "(formula 0.500)" in found.note
    assert "(formula 0.160)" in found.note
    he = propagation.layers["variant"] == "HeNormal"
    factor = np.where(he, 0.5, 1.0)
    lossy = propagation.layers.assign(mean_square=propagation.layers["mean_square"] * factor)
    found = claim(replace(propagation, layers=lossy), "variance-factor-slope")
    assert found.verdict == "not supported"


def test_length_wanders_by_five_over_n(propagation: Results) -> None:
    """The made-up networks add 5/n a layer; a walk that is twice as wide refutes."""
    found = claim(propagation, "length-variance")
    assert found.verdict == "supported"
    assert len(found.runs) == 5
    layers = propagation.layers.copy()
    change = layers["mean_square"] / layers["input_mean_square"]
    wide = layers.assign(mean_square=layers["input_mean_square"] * change**2)
    found = claim(replace(propagation, layers=wide), "length-variance")
    assert found.verdict == "not supported"
    assert found.value == pytest.approx(300, rel=0.5)


def test_a_network_of_no_depth_leaves_it_open() -> None:
    """One hidden layer has no change from layer to layer."""
    study = load_study(None, ["experiments.propagation.network.hidden=[16]"])
    one = {"propagation": study.experiments["propagation"]}
    results = results_of(study.model_copy(update={"experiments": one}))
    for name in ("variance-factor-slope", "length-variance"):
        assert claim(results, name).verdict == "inconclusive"


def test_glorot_backward(glorot: Results) -> None:
    """Through 4 kernels a third of variance passes √3⁻⁴ = 1/9 as much: nine times less."""
    found = claim(glorot, "glorot-backward-ratio")
    assert found.verdict == "supported"
    assert found.value == pytest.approx(9, rel=0.01)
    even = scaled(glorot, "sum_gradient_sd", 9, variant="Standard", layer=1)
    assert claim(even, "glorot-backward-ratio").verdict == "not supported"


def test_glorot_backward_against_the_slopes_of_tanh(glorot: Results) -> None:
    """Layers that pass half of the gradient, as no tanh does near zero, refute the recursion."""
    assert claim(glorot, "glorot-backward-recursion").verdict == "not supported"


def test_kernel_gradients_level(glorot: Results) -> None:
    """One layer with half of the gradient of the others is enough to refute."""
    level = glorot.layers.assign(kernel_gradient_sd=1e-4)
    found = claim(replace(glorot, layers=level), "kernel-gradients-level")
    assert (found.verdict, found.value) == ("supported", 0)
    odd = scaled(replace(glorot, layers=level), "kernel_gradient_sd", 0.5, layer=3)
    found = claim(odd, "kernel-gradients-level")
    assert found.verdict == "not supported"
    assert found.value == pytest.approx(100)


def test_an_experiment_that_measures_nothing_leaves_its_claims_open(glorot: Results) -> None:
    """Layers without signals are told of; nothing crashes on an empty column."""
    bare = glorot.layers.assign(sum_gradient_sd=np.nan, kernel_gradient_sd=np.nan)
    for name in ("glorot-backward-ratio", "kernel-gradients-level"):
        found = claim(replace(glorot, layers=bare), name)
        assert (found.verdict, found.n) == ("inconclusive", 0)
        assert "did not measure" in found.note
