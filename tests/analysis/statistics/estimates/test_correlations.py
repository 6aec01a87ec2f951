"""Correlations: published numbers, closed forms, and what a difference of two of them is."""

import math

import numpy as np
import pytest
from scipy import stats

from analysis.statistics.correlations import Drop, correlation, drop
from analysis.statistics.level import SIDE
from tests.made.results.samples import ANSCOMBE_X, ANSCOMBE_Y

X, Y = np.array(ANSCOMBE_X, dtype=float), np.array(ANSCOMBE_Y)


def standing(matrix: np.ndarray, n: int) -> np.ndarray:
    """Samples (variable, unit) whose correlations are exactly those of a matrix."""
    draws = np.random.default_rng(3).normal(size=(len(matrix), n))
    draws -= draws.mean(axis=1, keepdims=True)
    white = np.linalg.solve(np.linalg.cholesky(draws @ draws.T / n), draws)
    return np.asarray(np.linalg.cholesky(matrix) @ white)


def test_correlation_on_anscombes_first_set() -> None:
    """Published: r = 0.81642 (0.42439 to 0.95069)."""
    r = correlation(X, Y)
    assert (r.value, r.low, r.high) == pytest.approx((0.81642, 0.42439, 0.95069), abs=1e-5)
    assert r.above(r.low) == pytest.approx(SIDE)
    assert r.below(r.high) == pytest.approx(SIDE)


def test_a_correlation_needs_four_pairs_and_a_spread() -> None:
    """Fewer, or a side that does not vary, give nothing; a pair without a value is left out."""
    assert math.isnan(correlation(X[:3], Y[:3]).value)
    assert math.isnan(correlation(np.ones(8), np.arange(8)).value)
    assert correlation([1, 2, 3, 4, np.nan], [1, 2, 4, 3, 9]).n == 4


def test_a_drop_without_anything_in_common_is_that_of_independent_samples() -> None:
    """Zou's (2007) interval at no correlation of the estimates, from the ends of both by hand."""
    matrix = np.eye(4)
    matrix[0, 1] = matrix[1, 0] = 0.6
    matrix[2, 3] = matrix[3, 2] = 0.2
    samples = standing(matrix, 50)
    found = drop((samples[0], samples[1]), (samples[2], samples[3]))
    ends = [
        np.tanh(np.arctanh(r) + np.array([-1, 1]) * stats.norm.ppf(0.975) / np.sqrt(47))
        for r in (0.6, 0.2)
    ]
    low = 0.4 - np.hypot(0.6 - ends[0][0], ends[1][1] - 0.2)
    high = 0.4 + np.hypot(ends[0][1] - 0.6, 0.2 - ends[1][0])
    assert found.together == pytest.approx(0, abs=1e-9)
    assert (found.value, found.low, found.high) == pytest.approx((0.4, low, high))


def of(r12: float, r13: float, r14: float, r23: float, r24: float, r34: float, n: int) -> Drop:
    """Return the drop of samples with these correlations."""
    rows = [[1, r12, r13, r14], [r12, 1, r23, r24], [r13, r23, 1, r34], [r14, r24, r34, 1]]
    samples = standing(np.array(rows, dtype=float), n)
    return drop((samples[0], samples[1]), (samples[2], samples[3]))


def test_a_drop_has_the_published_interval() -> None:
    """Zou (2007): r12 = 0.396 less r34 = 0.189 of 66 people, -0.096 to 0.501.

    The paper prints 0.500, by a correlation of the two estimates of 0.0917; its own formula gives
    0.0891, as the tests of the R package cocor say, too.
    """
    found = of(r12=0.396, r13=0.208, r14=0.143, r23=0.023, r24=0.423, r34=0.189, n=66)
    assert (found.low, found.high) == pytest.approx((-0.096, 0.501), abs=5e-4)
    assert found.together == pytest.approx(0.0891, abs=5e-5)


def test_two_estimates_correlate_as_published() -> None:
    """Raghunathan, Rosenthal and Rubin (1996): z = 2.869174 for 603 people, by cocor's tests."""
    found = of(r12=0.38, r13=0.45, r14=0.53, r23=0.31, r24=0.55, r34=0.25, n=603)
    gap = np.arctanh(0.38) - np.arctanh(0.25)
    z = gap * np.sqrt((603 - 3) / 2) / np.sqrt(1 - found.together)
    assert z == pytest.approx(2.869174, abs=1e-6)


def test_a_drop_is_tested_at_the_level_at_which_its_interval_ends() -> None:
    """At an end of the interval the p-value is what the level leaves there; farther, it is less."""
    draws = np.random.default_rng(1).normal(size=(4, 40))
    draws[1] += draws[0]
    found = drop((draws[0], draws[1]), (draws[2], draws[3]))
    assert found.above(found.low) == pytest.approx(SIDE)
    assert found.below(found.high) == pytest.approx(SIDE)
    assert found.above(found.low - 0.2) < SIDE < found.above(found.low + 0.2)
    assert found.above(found.value) == pytest.approx(0.5, abs=1e-6)
    assert found.above(-1.99) < 1e-9
    assert found.below(-1.99) == pytest.approx(1)


def test_the_same_twice_has_no_drop_and_needs_a_spread() -> None:
    """Equal samples differ by nothing; a side that does not vary gives no number."""
    found = drop((X, Y), (X, Y))
    assert found.value == 0
    assert found.low <= 0 <= found.high
    flat, many = np.ones(12), np.arange(12.0)
    assert math.isnan(drop((many, flat), (many, many)).value)
    assert math.isnan(drop((many[:3], many[:3]), (many[:3], many[:3] ** 2)).above(0.0))
