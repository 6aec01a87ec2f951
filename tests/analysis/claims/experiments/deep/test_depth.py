"""Claims on how late deep networks learn, held to courses of their validation accuracy."""

from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from analysis.claims.claim import Claim
from tests.made.results.claimed import claim_on, only, values, words

Times = Callable[[str, int, int], float]
"""Epochs to half accuracy, by variant, depth and seed."""


def of_times(name: str, times: Times) -> Claim:
    """The claim on networks whose validation accuracy passes one half after so many epochs."""
    results = only("late")
    epochs = results.epochs.merge(results.runs[["run_id", "depth"]], on="run_id")
    halves = [
        times(str(variant), int(depth), int(seed))
        for variant, depth, seed in zip(
            epochs["variant"], epochs["depth"], epochs["seed"], strict=True
        )
    ]
    accuracy = np.clip(0.1 + 0.4 * epochs["epoch"] / np.array(halves), 0.1, 0.95)
    return claim_on(replace(results, epochs=results.epochs.assign(val_accuracy=accuracy)), name)


def by_variant(he: float, glorot: float) -> Times:
    """Epochs to half accuracy at twenty layers; in proportion to depth."""
    return lambda variant, depth, _: (he if variant == "HeNormal" else glorot) * depth / 20


@pytest.mark.parametrize(
    ("times", "expected"),
    [
        (by_variant(2, 5), "supported"),
        (by_variant(2, 3.9), "contradicted"),
        (by_variant(5, 2), "contradicted"),
        (
            lambda variant, _, seed: 8 if variant == "GlorotNormal" and seed % 2 else 2,
            "inconclusive",
        ),
        (
            lambda variant, depth, _: 2 if depth == 30 or variant == "HeNormal" else 8,
            "contradicted",
        ),
    ],
    ids=["later", "not twice", "earlier", "by turns", "at twenty alone"],
)
def test_glorot_is_later(times: Times, expected: str) -> None:
    """More than twice as late at both depths, and in every seed of eight."""
    assert of_times("glorot-is-later", times).verdict == expected


def test_how_late_is_a_ratio_of_steps() -> None:
    """Five epochs against two, at both depths: 2.5 times; told by depth and variant."""
    claim = of_times("glorot-is-later", by_variant(2, 5))
    assert (claim.value, claim.low, claim.high) == pytest.approx((2.5, 2.5, 2.5))
    assert words(claim.note).count("GlorotNormal") == 2
    assert values(claim.note)[1::2] == pytest.approx([5, 2, 7.5, 3])


def test_who_never_gets_there_counts_as_getting_there_at_the_end() -> None:
    """Sixteen epochs over two are eight times, at least."""
    claim = of_times("glorot-is-later", by_variant(2, 1000))
    assert claim.value == pytest.approx(16 / 3)
    assert values(claim.note)[1] == 16


@pytest.mark.parametrize(
    ("deepest", "expected"), [(5.0, "supported"), (3.0, "contradicted"), (None, "inconclusive")]
)
def test_he_is_later_when_deeper(deepest: float | None, expected: str) -> None:
    """Fifty layers against twenty that take two epochs; by turns where none is given."""

    def times(_: str, depth: int, seed: int) -> float:
        return 2 if depth < 50 else deepest or (5 if seed % 2 else 3)

    assert of_times("he-is-later-when-deeper", times).verdict == expected
