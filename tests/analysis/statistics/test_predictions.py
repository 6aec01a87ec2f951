"""What theory says of an experiment, against closed forms."""

import math
from typing import Any

import pandas as pd
import pytest

from analysis.statistics import predictions
from analysis.study.model import Variant
from analysis.study.network import Network

NETWORK = Network.model_validate({"hidden": [8, 8], "activation": "relu"})
HE = Variant.model_validate({"name": "HeNormal", "initializer": "HeNormal"})


def layers(**changed: Any) -> pd.DataFrame:
    """Three layers 4 → 8 → 8 → 2 of two seeds, whose inputs have mean squares 0.5 and 1.5."""
    shapes = [(1, 4, 8), (2, 8, 8), (3, 8, 2)]
    rows = [
        {"activation": "relu", "variant": "HeNormal", "seed": seed, "layer": layer,
         "fan_in": fan_in, "fan_out": fan_out, "input_mean_square": 0.5 + seed,
         "sum_mean_square": 1.0, "mean_square": 1.0, "sum_gradient_sd": 0.3 + 0.1 * seed}
        for seed in (0, 1)
        for layer, fan_in, fan_out in shapes
    ]  # fmt: skip
    return pd.DataFrame(rows).assign(**changed)


def test_he_keeps_the_mean_square_that_it_is_given() -> None:
    """From inputs of mean square 1, every ReLU sum has 2, and what is passed on has 1."""
    table = predictions.recursion(layers(), [HE], NETWORK)
    assert table["sum_mean_square"].tolist() == pytest.approx([2, 2, 2])
    assert table["mean_square"].tolist() == pytest.approx([1, 1, 2])


def test_gradients_start_from_the_logits_as_measured() -> None:
    """Mean square (0.3² + 0.4²)/2 at the logits; ½ · 2 · 2/8 of it below, then ½ · 8 · 2/8."""
    table = predictions.recursion(layers(), [HE], NETWORK)
    last = (0.09 + 0.16) / 2
    expected = [math.sqrt(last / 4), math.sqrt(last / 4), math.sqrt(last)]
    assert table["sum_gradient_sd"].tolist() == pytest.approx(expected)


def test_an_output_of_its_own_initializer_is_taken_into_account() -> None:
    """With zeros in the output kernel the logits are zero and no gradient comes back."""
    zero = HE.model_validate({"name": "HeNormal", "initializer": "HeNormal", "output": "Zeros"})
    table = predictions.recursion(layers(), [zero], NETWORK)
    assert table["sum_mean_square"].tolist() == pytest.approx([2, 2, 0])
    assert table["sum_gradient_sd"].tolist()[:2] == [0, 0]


def test_a_bias_adds_its_variance() -> None:
    """Biases of standard deviation 0.5 add 0.25 to the mean square of every sum."""
    bias = {"initializer": "RandomNormal", "stddev": 0.5}
    network = Network.model_validate({"hidden": [8, 8], "activation": "relu", "bias": bias})
    table = predictions.recursion(layers(), [HE], network)
    assert table["sum_mean_square"].tolist() == pytest.approx([2.25, 2.5, 2.75])


def test_weights_without_a_closed_form_have_no_line() -> None:
    """An identity has no variance, and a layer without signals no start."""
    same = Variant.model_validate({"name": "HeNormal", "initializer": "Identity"})
    assert predictions.recursion(layers(), [same], NETWORK).empty
    assert predictions.recursion(layers(sum_gradient_sd=math.nan), [HE], NETWORK).empty


def test_six_depth_scales_of_relu() -> None:
    """6 / |ln(σ_w²/2)| without bias: 8.656 at 1 and at 4, without end at 2."""
    table = predictions.trainable_depths([1.0, 2.0, 4.0], 0.0, "relu", 6.0)
    assert table["depth"].tolist() == pytest.approx([8.656, math.inf, 8.656], abs=1e-3)


def test_biases_of_a_variant_add_their_variance_layer_by_layer() -> None:
    """A third of 1 / fan_in, of kernel and bias: q = h / 3 + 1 / (3 fan_in); ReLU passes half."""
    third = {"initializer": "VarianceScaling", "scale": 1 / 3, "distribution": "uniform"}
    own = Variant.model_validate({"name": "HeNormal", **third, "bias": third | {"fans": "kernel"}})
    table = predictions.recursion(layers(), [own], NETWORK)
    sums = [1 / 3 + 1 / 12]
    for fan_in in (8, 8):
        sums.append(sums[-1] / 2 / 3 + 1 / (3 * fan_in))
    assert table["sum_mean_square"].tolist() == pytest.approx(sums)


@pytest.mark.parametrize("word", [{"normalization": "layer"}, {"residual": True}, {"dropout": 0.1}])
def test_of_other_networks_theory_says_nothing(word: dict[str, object]) -> None:
    """The recursions are those of dense layers alone."""
    network = Network.model_validate({"hidden": [8, 8], "activation": "relu", **word})
    table = predictions.recursion(layers(), [HE], network)
    assert table.empty
    assert "sum_mean_square" in table
