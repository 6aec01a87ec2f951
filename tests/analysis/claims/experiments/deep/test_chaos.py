"""Claims on chaos and gain, held to laws that support, contradict or leave them open."""

import math

import pytest

from analysis.statistics import theory
from tests.made.results.claimed import RunKey, after, found, jitter, values, words
from tests.made.results.synthetic import Law


def of_chaos(reach: float) -> Law:
    """Networks train as deep as so many depth scales, with a soft edge."""

    def law(key: RunKey) -> float:
        limit = reach * theory.gradient_depth_scale(key["scale"], 0.05, "tanh")
        return 0.1 + 0.8 / (1 + math.exp((key["depth"] - min(limit, 70)) / 2)) + jitter(key)

    return law


def peaked(best: float, wavering: bool = False) -> Law:
    """Accuracy falls with the distance of σ_w² from the best; by turns the best is 4."""

    def law(key: RunKey) -> float:
        own = 4.0 if wavering and key["seed"] % 2 else best
        return 0.8 - 0.2 * abs(math.log(key["scale"] / own)) + jitter(key)

    return law


@pytest.mark.parametrize(
    ("law", "expected"),
    [
        (of_chaos(6), "supported"),
        (peaked(1.5), "supported"),
        (peaked(2.0), "supported"),
        (peaked(1.0), "contradicted"),
        (peaked(1.76, wavering=True), "inconclusive"),
        (lambda key: 0.1, "contradicted"),
    ],
    ids=["theory", "one below", "one above", "ordered", "by turns", "nothing trains"],
)
def test_edge_of_chaos(law: Law, expected: str) -> None:
    """The best σ_w² at the critical one or next to it, in more than half of the seeds."""
    claim = found("edge-of-chaos", law)
    assert (claim.verdict, claim.n) == (expected, 8)
    assert after(claim.note, "critical σ_w² in theory ") == pytest.approx(1.761, abs=5e-4)


def test_the_baseline_of_the_edge_is_what_is_best_at_ten_layers() -> None:
    """Where 3.0 is best at ten layers and 1.76 at forty and fifty, that rule is never right."""

    def law(key: RunKey) -> float | None:
        return peaked(3.0 if key["depth"] == 10 else 1.76)(key)

    claim = found("edge-of-chaos", law)
    assert (claim.verdict, claim.value) == ("supported", 100)
    assert after(claim.note, "at 10 layers ") == 3
    assert after(claim.note, ", near what is best at 10 in ") == 0


@pytest.mark.parametrize(
    ("law", "expected"),
    [
        (of_chaos(6), "supported"),
        (lambda key: 0.9 if key["depth"] <= 20 else 0.1, "contradicted"),
        (lambda key: (of_chaos(6)(key) or 0) if key["seed"] % 2 else 0.9, "inconclusive"),
    ],
    ids=["theory", "depth alone", "by turns"],
)
def test_trainable_depth(law: Law, expected: str) -> None:
    """Six depth scales against the best depth alone, by the seeds about which each is right."""
    claim = found("trainable-depth", law)
    assert (claim.verdict, claim.n) == (expected, 8)
    assert "six depth scales are right about {}, “depth ≤ {}” about {}" in words(claim.note)


def test_how_often_both_rules_are_right_is_told() -> None:
    """Where all networks of up to twenty layers train, “depth ≤ 20” is right about all of them."""
    claim = found("trainable-depth", lambda key: 0.9 if key["depth"] <= 20 else 0.1)
    theory_right, depth, alone, runs = values(claim.note)
    assert (depth, alone, runs) == (20, 100, 320)
    assert claim.value == pytest.approx(theory_right - 100)


def around(best: float, wavering: bool = False) -> Law:
    """Accuracy falls with the distance from the best gain; far above it networks diverge."""

    def law(key: RunKey) -> float | None:
        own = 4.0 if wavering and key["seed"] % 2 else best
        distance = abs(math.log(key["scale"] / own)) * key["depth"] / 20
        return None if key["scale"] > 1.6 * own else 0.8 - 0.5 * distance + jitter(key)

    return law


@pytest.mark.parametrize(
    ("law", "expected"),
    [
        (around(2.0), "supported"),
        (around(1.0), "contradicted"),
        (around(2.0, wavering=True), "inconclusive"),
    ],
    ids=["two", "one", "by turns"],
)
def test_gain_two(law: Law, expected: str) -> None:
    """Two ahead of every other in the median seed of ten; a better one contradicts."""
    claim = found("gain-two", law)
    assert (claim.verdict, claim.n) == (expected, 10)
    assert "diverged runs counted as guessing" in words(claim.note)


def test_shallow_networks_decide_nothing_about_the_gain() -> None:
    """A sweep without thirty layers leaves the claim open."""
    shallow = (
        'experiments.gain.sweep={"variants.Normal.scale"=[1.0, 2.0, 3.0], '
        '"network.hidden"=["10 x 100", "20 x 100"]}'
    )
    claim = found("gain-two", lambda key: 0.9, shallow)
    assert (claim.verdict, claim.n, claim.runs) == ("inconclusive", 0, ())
