"""A setting is written in words, and a call as one would type it."""

import pytest

from analysis.study.model import Variant
from analysis.study.network import Network
from report.words import settings
from tests.made.results.synthetic import synthetic_study


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.001, "0.001"),
        (1e-05, "1 × 10⁻⁵"),
        (20.0, "20"),
        (0.1234567891, "0.1234567891"),
        (3, "3"),
        (True, "True"),
        ("relu", "relu"),
        (None, "None"),
    ],
)
def test_a_setting_has_as_few_digits_as_it_needs(value: object, text: str) -> None:
    """A float without an e, whatever else as it is."""
    assert settings.spelled(value).replace("\u00a0", " ") == text


def test_a_call_may_be_typed_again() -> None:
    """Parameters by name, without those that are not set."""
    parameters = {"learning_rate": 1e-05, "epsilon": 1e-07, "momentum": 0.0, "clip": None}
    called = settings.call("Adam", parameters)
    assert called == "Adam(learning_rate=1e-05, epsilon=1e-07, momentum=0)"
    assert settings.call("Zeros", {}) == "Zeros()"


def test_equal_layers_are_a_stack() -> None:
    """Widths in their order, equal neighbours together."""
    assert settings.layers((128, 64)) == "128, 64"
    assert settings.layers((8,) * 30) == "30 × 8"
    assert settings.layers((8, 8, 4, 8)) == "2 × 8, 4, 8"


def test_a_network_says_what_it_has_beyond_dense_layers() -> None:
    """Each word in a phrase; of a plain stack nothing is said, under the same labels."""
    plain = {"hidden": [8, 8, 8, 8], "activation": "relu"}
    more = {
        "normalization": "batch", "residual": True, "branch": "1/sqrt(depth)", "dropout": 0.25,
        "kernel_seed": "shared",
    }  # fmt: skip
    assert settings.beyond_dense(Network.model_validate(plain | more)) == {
        "Convolutions": "", "Normalization": "batch", "Residual branches": "times 0.5",
        "Dropout": "25 %", "Kernel seeds": "one for all kernels",
    }  # fmt: skip
    layers = [{"filters": 8, "size": 3, "pool": 2}, {"filters": 1, "size": 5}]
    told = settings.beyond_dense(Network.model_validate(plain | {"convolution": layers}))
    assert told.pop("Convolutions") == "8 filters of 3 × 3, pooled by 2, 1 filter of 5 × 5"
    assert set(told.values()) == {""}


def test_runs_are_told_apart_by_the_words_that_any_of_them_has() -> None:
    """Where one point has dropout, all say theirs; what none has is not there."""
    sweep = {"network.dropout": [0.0, 0.5], "network.residual": [False, True]}
    study = synthetic_study(experiments={"deep": {"sweep": sweep, "network": NETWORK}})
    deep = study.experiments["deep"]
    found = [(point, point.settings.variants[0]) for point in deep.points]
    told = settings.differing(deep, found)
    assert [each["Dropout"] for each in told] == ["", "", "50 %", "50 %"]
    assert [each["Residual branches"] for each in told] == ["", "times 1", "", "times 1"]
    assert not [each for each in told if "Normalization" in each or "Convolutions" in each]


def test_biases_that_follow_the_kernel_are_told() -> None:
    """A variant says its own, as one would call them, and whose fans they follow."""
    bias = {"initializer": "HeNormal", "fans": "kernel"}
    own = Variant.model_validate({"name": "a", "initializer": "Zeros", "bias": bias})
    assert settings.initializer(own) == "Zeros(), biases HeNormal(), by the fans of the kernel"


NETWORK = {"hidden": [8, 8], "activation": "relu"}
