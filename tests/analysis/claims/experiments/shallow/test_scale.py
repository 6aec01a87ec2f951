"""Claims on the scale of the weights, held to laws of accuracy that support or contradict them."""

from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import pytest

from analysis.results.frames import Results
from tests.made.results.claimed import RunKey, found, jitter, only, verdict
from tests.made.results.synthetic import Law


def of_scale(adam: Mapping[float, float], sgd: Mapping[float, float]) -> Law:
    """Accuracies by stddev, 0.9 where none is given."""
    laws = {"Adam": adam, "SGD": sgd}
    return lambda key: laws[key["optimizer"]].get(key["stddev"], 0.9) + jitter(key)


def test_too_large_and_too_small() -> None:
    """Large must lose much, and small little; its slow start alone is not the claim."""
    name = "too-large-hurts-too-small-slows"
    slow = _slow_start(only("scale", of_scale({1.0: 0.8, 0.01: 0.89}, {})))
    assert verdict(slow, name) == "supported"
    harmless = _slow_start(only("scale", of_scale({0.01: 0.89}, {})))
    assert verdict(harmless, name) == "contradicted"
    small_hurts = _slow_start(only("scale", of_scale({1.0: 0.8, 0.01: 0.7}, {})))
    assert verdict(small_hurts, name) == "contradicted"

    def by_turns(key: RunKey) -> float:
        return 0.84 + 0.06 * (key["seed"] % 2) if key["stddev"] == 1.0 else 0.9 + jitter(key)

    assert verdict(_slow_start(only("scale", by_turns)), name) == "inconclusive"


def _slow_start(of: Results) -> Results:
    """The results in which the smaller stddev starts with the higher loss."""
    epochs = of.epochs.merge(of.runs[["run_id", "stddev"]], on="run_id")
    return replace(of, epochs=of.epochs.assign(loss=1 - 0.1 * np.log10(epochs["stddev"])))


@pytest.mark.parametrize(
    ("sgd", "expected"),
    [({0.001: 0.1}, "supported"), ({}, "contradicted"), (None, "inconclusive")],
)
def test_sgd_exposes(sgd: Mapping[float, float] | None, expected: str) -> None:
    """Supported where one scale fails under SGD alone, open where it fails by turns."""

    def by_turns(key: RunKey) -> float:
        fails = key["optimizer"] == "SGD" and key["stddev"] == 0.001 and key["seed"] % 2
        return 0.6 if fails else 0.9

    law = by_turns if sgd is None else of_scale({}, sgd)
    claim = found("sgd-exposes-what-adam-hides", law)
    assert (claim.verdict, claim.n) == (expected, 8)
