"""Intervals and tests of plain samples: published numbers, tables, and closed forms."""

import math
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from analysis.statistics.estimates import (
    Estimate,
    mean_interval,
    median_interval,
    prediction_interval,
    share,
    sign_p,
    standardized,
)
from analysis.statistics.level import SIDE
from tests.made.results.samples import SLEEP_A, SLEEP_B, VISIT_1, VISIT_2

SLEEP = np.subtract(SLEEP_A, SLEEP_B)


def test_a_prediction_interval_holds_the_next_value_as_often_as_it_says() -> None:
    """Of four normal values and a fifth: at its level, within what ten thousand draws allow."""
    draws = np.random.default_rng(5).normal(3.0, 2.0, (10_000, 5))
    found = [prediction_interval(row[:4], 0.9) for row in draws]
    inside = np.mean([e.low <= row[4] <= e.high for e, row in zip(found, draws, strict=True)])
    assert inside == pytest.approx(0.9, abs=0.012)


def test_a_prediction_interval_has_its_closed_form() -> None:
    """Mean 2, spread 1 of three values, t(0.975, 2) = 4.302653: half width t √(4/3)."""
    found = prediction_interval([1.0, 2.0, 3.0])
    assert (found.low, found.high) == pytest.approx((2 - 4.968275, 2 + 4.968275), abs=1e-5)
    assert prediction_interval([2.0, 2.0, 2.0]).high == 2.0
    assert prediction_interval([2.0, 2.0, 2.0], least=1.0).high == pytest.approx(2 + 4.968275)
    assert np.isnan(prediction_interval([2.0]).low)


def test_the_sign_test_is_exact() -> None:
    """None against five: 2/32; three against three, and none at all: 1."""
    assert sign_p(0, 5) == pytest.approx(0.0625)
    assert sign_p(3, 3) == sign_p(0, 0) == 1.0


def test_student_interval_and_p_on_students_sleep_data() -> None:
    """Published: 95 % interval 0.7001 to 2.4599, two-sided p = 0.002833, t = 4.0621."""
    found = mean_interval(SLEEP)
    assert (found.low, found.high) == pytest.approx((0.7001142, 2.4598858))
    assert 2 * found.above(0.0) == pytest.approx(0.002833, abs=1e-6)
    assert found.below(0.0) == pytest.approx(1 - 0.002833 / 2, abs=1e-6)
    assert found.value / found.spread * math.sqrt(10) == pytest.approx(4.0621, abs=1e-4)


def test_two_one_sided_tests_by_hand() -> None:
    """At a margin of 3 the nearer test has t = (1.58 - 3) / 0.38896 on 9 degrees of freedom."""
    assert mean_interval(SLEEP).below(3.0) == pytest.approx(stats.t.cdf(-3.65076, 9), rel=1e-3)


def test_values_without_spread_are_certain() -> None:
    """Equal values lie above what they exceed, not above themselves; one value tells nothing."""
    found = mean_interval([0.3, 0.3, 0.3])
    assert (found.above(0.2), found.above(0.3), found.below(0.4), found.below(0.3)) == (0, 1, 0, 1)
    assert math.isnan(mean_interval([0.3]).above(0.0))


@pytest.mark.parametrize(
    ("n", "left_out"), [(6, 0), (8, 0), (9, 1), (11, 1), (12, 2), (15, 3), (20, 5), (40, 13)]
)
def test_the_exact_interval_of_a_median_is_the_tabulated_one(n: int, left_out: int) -> None:
    """So many ordered values are left out at either end: the sign test's critical values."""
    found = median_interval(np.arange(1.0, n + 1))
    assert (found.low, found.high) == (1 + left_out, n - left_out)
    assert math.isnan(median_interval(np.arange(5)).low)


def test_the_sign_test_on_the_depression_scale() -> None:
    """Seven of nine patients have less at the second visit: 46/512, as R's binom.test has it."""
    found = median_interval(np.subtract(VISIT_1, VISIT_2))
    assert found.above(0.0) == pytest.approx(46 / 512)
    assert found.value == pytest.approx(0.49)


def test_a_value_at_the_bound_counts_for_neither_side() -> None:
    """Seven above and one on it: no more than seven of eight, either way."""
    found = median_interval([0.0, 1, 1, 1, 1, 1, 1, 1])
    assert found.above(0.0) == pytest.approx(9 / 256)
    assert found.below(0.0) == 1.0


@pytest.mark.parametrize(
    ("wins", "n", "low", "high"),
    [(10, 20, 0.27196, 0.72804), (0, 10, 0.0, 0.30850), (10, 10, 0.69150, 1.0)],
)
def test_share_has_the_tabulated_exact_interval(wins: int, n: int, low: float, high: float) -> None:
    """Clopper and Pearson's limits as printed in tables."""
    found = share(wins, n)
    assert (found.low, found.high) == pytest.approx((low, high), abs=1e-5)


def test_a_share_is_tested_by_the_binomial() -> None:
    """Eight of eight against a half: 1/256; eight of ten against nine in ten: 1 - 0.9¹⁰ - 0.9⁹."""
    assert share(8, 8).above(0.5) == pytest.approx(1 / 256)
    assert share(8, 10).below(0.9) == pytest.approx(1 - 0.9**10 - 0.9**9)


def test_a_standardized_mean_has_the_published_interval() -> None:
    """Cohen's d_z of the sleep data is 1.28; by the noncentral t 0.41 to 2.12 at 95 %.

    At its ends what was seen is as rare as the level says, by the noncentral distribution.
    """
    found = standardized(SLEEP)
    assert found.value == pytest.approx(1.2846, abs=1e-4)
    assert (found.low, found.high) == pytest.approx((0.4138, 2.1174), abs=1e-3)
    t = 4.0621277
    assert stats.nct.sf(t, 9, found.low * math.sqrt(10)) == pytest.approx(SIDE, rel=1e-4)
    assert stats.nct.cdf(t, 9, found.high * math.sqrt(10)) == pytest.approx(SIDE, rel=1e-4)
    assert math.isnan(standardized([1.0, 1.0]).value)


ESTIMATES: dict[str, Callable[[list[float]], Estimate]] = {
    "mean": mean_interval,
    "median": median_interval,
    "standardized": standardized,
    "share": lambda values: share(int((np.asarray(values) > 0).sum()), len(values)),
}


@pytest.mark.parametrize("name", ESTIMATES)
@given(
    st.lists(st.floats(-1e3, 1e3).map(lambda x: round(x, 2)), min_size=8, max_size=14),
    st.floats(-1.5, 1.5),
)
@settings(max_examples=40)
def test_an_interval_leaves_out_what_its_test_rejects(
    name: str, values: list[float], bound: float
) -> None:
    """Beyond an end of the interval the one-sided test finds; within it does not."""
    found: Estimate = ESTIMATES[name](values)
    if not math.isfinite(found.low) or math.isclose(found.low, found.high):
        return
    if name == "share":
        bound = min(max(bound, 0.01), 0.99)
    slack = 1e-6 * max(1.0, abs(found.low), abs(found.high))
    if bound < found.low - slack:
        assert found.above(bound) <= SIDE
    if bound > found.low + slack:
        assert found.above(bound) > SIDE * (1 - 1e-6)
    if bound > found.high + slack:
        assert found.below(bound) <= SIDE
    if bound < found.high - slack:
        assert found.below(bound) > SIDE * (1 - 1e-6)


@given(st.lists(st.floats(-1e6, 1e6).map(lambda x: round(x, 3)), min_size=1, max_size=14))
@settings(max_examples=40)
def test_an_interval_holds_its_value(values: list[float]) -> None:
    """Whatever the sample, bounds that exist stand on either side of the value."""
    for found in (mean_interval(values), median_interval(values)):
        assert not found.low > found.value + 1e-9 * abs(found.value)
        assert not found.high < found.value - 1e-9 * abs(found.value)


@pytest.mark.parametrize("n", [0, 1, 2, 3])
@pytest.mark.parametrize("spread", [0.0, 1.0])
def test_degenerate_samples_pass_in_silence(n: int, spread: float) -> None:
    """No value, one, few, or equal ones: an answer with the right count, no warning, no crash."""
    values = [0.5 + spread * i**2 for i in range(n)]
    for found in (mean_interval(values), median_interval(values), standardized(values)):
        assert found.n == n
    assert math.isnan(mean_interval(values).low) == (n < 2)
    assert share(0, n).n == n
