"""Intervals and tests of plain samples: published numbers, closed forms, and coverage."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from analysis.statistics import comparisons
from analysis.statistics.estimates import (
    correlation,
    correlation_drop,
    difference_of,
    holm,
    mean_interval,
    prediction_interval,
    share,
    sign_p,
    slope,
)
from tests.made.results.samples import (
    ANSCOMBE_X,
    ANSCOMBE_Y,
    SLEEP_A,
    SLEEP_B,
    allowed,
    frame,
)


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
    """Published: 95 % interval 0.7001 to 2.4599, p = 0.002833."""
    interval = mean_interval(np.subtract(SLEEP_A, SLEEP_B))
    assert (interval.low, interval.high) == pytest.approx((0.7001142, 2.4598858))
    pairs = comparisons.holm_pairs(frame(a=SLEEP_A, b=SLEEP_B), "value", ["a", "b"], test="t")
    assert pairs["p"].tolist() == pytest.approx([0.002833], abs=1e-6)


def test_holm_by_hand() -> None:
    """Sorted p times 4, 3, 2, 1, never below the one before; what is unknown stays unknown."""
    adjusted = holm([0.01, 0.04, np.nan, 0.03, 0.005])
    assert adjusted[[0, 1, 3, 4]] == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert np.isnan(adjusted[2])


def test_correlation_and_slope_on_anscombes_first_set() -> None:
    """Published: r = 0.81642 (0.42439 to 0.95069), slope 0.50009 with standard error 0.11791."""
    r = correlation(ANSCOMBE_X, ANSCOMBE_Y)
    assert (r.value, r.low, r.high) == pytest.approx((0.81642, 0.42439, 0.95069), abs=1e-5)
    line = slope(ANSCOMBE_X, ANSCOMBE_Y)
    assert line.value == pytest.approx(0.50009, abs=1e-5)
    assert line.high - line.value == pytest.approx(2.262157 * 0.1179055, rel=1e-5)


def test_a_robust_slope_ignores_an_outlier() -> None:
    """The median of pairwise slopes stays 2 where least squares is carried away."""
    y = [0.0, 2, 4, 6, 8, 10, 12, 14, 100]
    assert slope(range(9), y, robust=True).value == 2
    assert slope(range(9), y).value > 5


@pytest.mark.parametrize(
    ("wins", "n", "low", "high"),
    [(10, 20, 0.27196, 0.72804), (0, 10, 0.0, 0.30850), (10, 10, 0.69150, 1.0)],
)
def test_share_has_the_tabulated_exact_interval(wins: int, n: int, low: float, high: float) -> None:
    """Clopper and Pearson's limits as printed in tables."""
    found = share(wins, n)
    assert (found.low, found.high) == pytest.approx((low, high), abs=1e-5)


def test_bootstrap_bounds_follow_from_the_data_alone() -> None:
    """Equal samples give equal bounds whatever else was drawn; another sample gives others."""
    sample = np.random.default_rng(0).normal(size=20)
    first = difference_of(sample)
    np.random.default_rng().normal(size=100)
    assert difference_of(sample.copy()) == first
    assert difference_of(sample + 1).low != first.low


def test_what_publishing_rounds_away_moves_no_bound() -> None:
    """Bounds of a sample, and of the same in ten digits, are as near as the samples are."""
    sample = np.random.default_rng(0).normal(size=20)
    rounded = np.array([float(format(each, ".10g")) for each in sample])
    both = [difference_of(each) for each in (sample, rounded)]
    assert both[0].low == pytest.approx(both[1].low, rel=1e-8)
    assert both[0].high == pytest.approx(both[1].high, rel=1e-8)


@given(st.lists(st.floats(-1e6, 1e6).map(lambda x: round(x, 3)), min_size=1, max_size=14))
@settings(max_examples=40)
def test_an_interval_holds_its_mean(values: list[float]) -> None:
    """Whatever the sample, bounds that exist stand on either side of the mean."""
    student, paired = mean_interval(values), difference_of(values)
    for middle, low, high in (
        (student.value, student.low, student.high),
        (paired.mean, paired.low, paired.high),
    ):
        assert not low > middle + 1e-9 * abs(middle)
        assert not high < middle - 1e-9 * abs(middle)


def test_intervals_cover_as_promised() -> None:
    """At 20 seeds the bootstrap covers in some 93 %, below ten seeds Student's in 95 %."""
    draw = np.random.default_rng(11)
    students = [mean_interval(row) for row in draw.normal(size=(1500, 5))]
    covered = np.mean([e.low <= 0 <= e.high for e in students])
    low, high = allowed(1500, 0.95)
    assert low <= covered <= high
    boots = [difference_of(row) for row in draw.normal(size=(300, 20))]
    covered = np.mean([e.low <= 0 <= e.high for e in boots])
    low, high = allowed(300, 0.935)
    assert low <= covered <= high


def test_a_bootstrap_of_five_pairs_would_cover_too_little() -> None:
    """Why Student's interval stands in below ten pairs: BCa at five falls clearly short."""
    sample = np.random.default_rng(12).normal(size=(5, 400))
    found = stats.bootstrap(
        (sample,), np.mean, axis=0, n_resamples=999, method="BCa", rng=np.random.default_rng(1)
    ).confidence_interval
    covered = np.mean((found.low <= 0) & (found.high >= 0))
    assert covered < allowed(400, 0.95)[0]


def test_a_drop_of_correlations_by_hand() -> None:
    """Anscombe's r is 0.8164 by his table; y against itself has 1, so 0.1836 lie between."""
    x, y = np.array(ANSCOMBE_X, dtype=float), np.array(ANSCOMBE_Y)
    drop = correlation_drop((y, y + 1), (x, y))
    assert drop.n == 11
    assert drop.value == pytest.approx(1 - 0.81642, abs=1e-5)
    assert 0 < drop.low < drop.value < drop.high
    assert correlation_drop((y, y + 1), (x, y)) == drop
    assert correlation_drop((x, y), (x, y)).low == 0


def test_a_drop_of_correlations_needs_ten_units_and_a_spread() -> None:
    """Nine units, or a side that does not vary, give no interval."""
    few, flat = np.arange(9.0), np.ones(12)
    assert np.isnan(correlation_drop((few, few), (few, few**2)).low)
    many = np.arange(12.0)
    assert np.isnan(correlation_drop((many, flat), (many, many)).value)


def test_the_interval_of_a_drop_of_correlations_covers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Twenty units, r = 0.9 at first and 0 in the end: 95 % intervals that hold 0.9 in nine of ten.

    The percentile bootstrap is a little too narrow at this size; it must not be much.
    """
    monkeypatch.setattr("analysis.statistics.estimates.RESAMPLES", 999)
    generator, held = np.random.default_rng(2), 0
    for _ in range(120):
        a, noise, c, d = generator.standard_normal((4, 20))
        b = 0.9 * a + np.sqrt(1 - 0.81) * noise
        drop = correlation_drop((a, b), (c, d))
        held += drop.low <= 0.9 <= drop.high
    assert held / 120 > 0.88
