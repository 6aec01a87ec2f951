"""Claims on chaos and gain, held to laws that support, contradict or leave them open."""

import math

import pytest

from analysis.statistics import theory
from tests.made.results.claimed import RunKey, after, found, jitter, words
from tests.made.results.synthetic import Law


def of_chaos(reach: float) -> Law:
    """Networks train as deep as so many depth scales, with a soft edge."""

    def law(key: RunKey) -> float:
        limit = reach * theory.gradient_depth_scale(key["scale"], 0.05, "tanh")
        return 0.1 + 0.8 / (1 + math.exp((key["depth"] - min(limit, 55)) / 2)) + jitter(key)

    return law


def test_edge_of_chaos() -> None:
    """Supported where depth scales rule, not where every variance trains, or the lowest."""
    claim = found("edge-of-chaos", of_chaos(6))
    assert (claim.verdict, claim.n) == ("supported", 2)
    assert after(claim.note, "critical σ_w² in theory ") == pytest.approx(1.761, abs=5e-4)
    assert found("edge-of-chaos", lambda key: 0.9).verdict == "contradicted"
    assert found("edge-of-chaos", lambda key: 0.9 - key["scale"] / 10).verdict == "contradicted"


def test_trainable_depth() -> None:
    """Supported where the reach follows the depth scale, contradicted where it runs against it."""
    claim = found("trainable-depth", of_chaos(6))
    assert (claim.verdict, claim.n) == ("supported", 8)

    def against(key: RunKey) -> float:
        limit = 300 / theory.gradient_depth_scale(key["scale"], 0.05, "tanh")
        return 0.1 + 0.8 / (1 + math.exp((key["depth"] - 5 - min(limit, 45)) / 2))

    assert found("trainable-depth", against).verdict == "contradicted"
    assert found("trainable-depth", lambda key: 0.9).verdict == "inconclusive"


def test_gain_two() -> None:
    """Accuracy that falls with the distance from two supports; a better gain contradicts."""

    def around(best: float) -> Law:
        def law(key: RunKey) -> float | None:
            distance = abs(math.log(key["scale"] / best)) * key["depth"] / 20
            return None if key["scale"] > 2.6 * best / 2 else 0.8 - 0.5 * distance + jitter(key)

        return law

    claim = found("gain-two", around(2.0))
    assert claim.verdict == "supported"
    assert "diverged runs counted as guessing" in words(claim.note)
    assert found("gain-two", around(1.0)).verdict == "contradicted"
    stuck = found("gain-two", lambda key: 0.1)
    assert (stuck.verdict, stuck.n) == ("inconclusive", 0)


def test_shallow_networks_decide_nothing_about_the_gain() -> None:
    """A sweep that ends at ten layers leaves the claim open and says from where it counts."""
    shallow = (
        'experiments.gain.sweep={"variants.Normal.scale"=[1.0, 2.0, 3.0], '
        '"network.hidden"=["5 x 100", "10 x 100"]}'
    )
    claim = found("gain-two", lambda key: 0.9, shallow)
    assert (claim.verdict, claim.n, claim.runs) == ("inconclusive", 0, ())
    assert "from 20 layers on" in words(claim.note)
