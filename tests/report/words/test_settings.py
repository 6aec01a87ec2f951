"""A setting is written in words, and a call as one would type it."""

import pytest

from report.words import settings


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
