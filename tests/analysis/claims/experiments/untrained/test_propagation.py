"""Claims on deep ReLU networks before training, held to layers that support or contradict them."""

from dataclasses import replace

import numpy as np
import pytest

from analysis.results.frames import Results
from tests.made.results.claimed import claim_on, only, scaled, values, words


@pytest.fixture(scope="module")
def propagation() -> Results:
    """Ten seeds of fifty layers at initialization; they wander as He networks do."""
    return only("propagation")


@pytest.fixture(scope="module")
def spread() -> Results:
    """Fifty seeds of twenty layers of He, of six widths."""
    return only("spread")


def test_factor_by_layer(propagation: Results) -> None:
    """Supported where every layer multiplies by n Var(W) / 2; not where He loses a tenth."""
    found = claim_on(propagation, "variance-factor")
    assert (found.verdict, found.n) == ("supported", 10)
    assert "GlorotNormal {} (formula {})" in words(found.note)
    assert values(found.note)[1::2] == pytest.approx([0.16, 0.5, 1.0])
    lossy = scaled(propagation, "mean_square", 0.9, variant="HeNormal")
    assert claim_on(lossy, "variance-factor").verdict == "contradicted"


def test_the_factor_is_tested_and_not_its_slope(propagation: Results) -> None:
    """All variants a tenth off, as by an activation that passes less, have still slope one."""
    lossy = scaled(propagation, "mean_square", 0.9)
    assert claim_on(lossy, "variance-factor").verdict == "contradicted"


def test_a_factor_that_scatters_is_left_open(propagation: Results) -> None:
    """Seeds that gain or lose by turns do not say where their mean lies."""
    layers = propagation.layers.copy()
    layers["mean_square"] *= np.where(layers["seed"] % 2, 1.2, 0.85)
    assert (
        claim_on(replace(propagation, layers=layers), "variance-factor").verdict == "inconclusive"
    )


def test_length_wanders_by_five_over_n(spread: Results) -> None:
    """The made-up networks add 5/n a layer; a walk that is twice as wide contradicts."""
    found = claim_on(spread, "length-variance")
    assert found.verdict == "supported"
    assert len(found.runs) == 50
    layers = spread.layers.copy()
    change = layers["mean_square"] / layers["input_mean_square"]
    wide = layers.assign(mean_square=layers["input_mean_square"] * change**2)
    found = claim_on(replace(spread, layers=wide), "length-variance")
    assert found.verdict == "contradicted"
    assert found.value == pytest.approx(300, rel=0.2)
    wider = layers.assign(mean_square=layers["input_mean_square"] * change**1.12)
    assert claim_on(replace(spread, layers=wider), "length-variance").verdict == "inconclusive"


def correlated(results: Results, off: float = 0.0, noise: float = 0.0) -> Results:
    """The results with correlations from 0.4 on, each arc cosine the next one's angle by theory.

    The last layers are `off`, by turns of the seed by so much `noise` more or less.
    """
    expected = [0.4]
    for _ in range(int(results.layers["layer"].max()) - 1):
        angle = np.arccos(expected[-1])
        expected.append((np.sin(angle) + (np.pi - angle) * np.cos(angle)) / np.pi)
    layer = results.layers["layer"].to_numpy(dtype=int)
    turns = np.where(results.layers["seed"] % 2, noise, -noise)
    drawn = np.array(expected)[layer - 1] + np.where(layer > 15, off + turns, 0.0)
    return replace(results, layers=results.layers.assign(sum_correlation=drawn))


@pytest.mark.parametrize(
    ("off", "noise", "expected"),
    [
        (0.0, 0.0, "supported"),
        (0.02, 0.0, "supported"),
        (-0.1, 0.0, "contradicted"),
        (0.05, 0.03, "inconclusive"),
    ],
)
def test_correlations_follow_the_map(
    spread: Results, off: float, noise: float, expected: str
) -> None:
    """By the angle of Cho and Saul; layers that are farther off than the margin contradict."""
    found = claim_on(correlated(spread, off, noise), "correlation-follows-map")
    assert (found.verdict, found.n, len(found.runs)) == (expected, 50, 50)


def test_a_network_of_no_depth_leaves_it_open() -> None:
    """One hidden layer has no change from layer to layer."""
    results = only("propagation", None, "experiments.propagation.network.hidden=[16]")
    assert claim_on(results, "variance-factor").verdict == "inconclusive"
    swept = 'experiments.spread.sweep={"network.hidden"=["1 x 128", "1 x 512"]}'
    assert claim_on(only("spread", None, swept), "length-variance").verdict == "inconclusive"
