"""Power and seeds, against a simulation of the tests that decide a claim, and against tables."""

import math
from collections.abc import Callable

import numpy as np
import pytest

from analysis.claims import deciding
from analysis.statistics import power
from analysis.statistics.correlations import correlation
from analysis.statistics.estimates import (
    Estimate,
    Mean,
    mean_interval,
    median_interval,
    share,
    standardized,
)
from tests.made.results.samples import allowed

TRIALS = 2000
Rule = Callable[[Estimate, float], deciding.Part]


def of_sample(value: float, spread: float, n: int) -> Mean:
    """Return the mean of a sample of exactly this mean and standard deviation."""
    sample = np.linspace(-1, 1, n)
    return mean_interval(value + spread * sample / sample.std(ddof=1))


def verdicts(
    rule: Rule, bound: float, draws: np.ndarray, kind: Callable[[np.ndarray], Estimate]
) -> list[str]:
    """Return the verdict on each sample (trial, seed)."""
    return [rule(kind(draw), bound).verdict for draw in draws]


def normal(value: float, spread: float, n: int) -> np.ndarray:
    """Return samples (trial, seed) of normal values."""
    return np.random.default_rng(0).normal(value, spread, (TRIALS, n))


@pytest.mark.parametrize(("effect", "n"), [(0.5, 8), (0.5, 40), (1.0, 10), (-0.2, 20)])
def test_the_power_of_a_mean_is_how_often_it_is_found(effect: float, n: int) -> None:
    """Within what so many simulated samples allow, above a bound and below one."""
    expected = power.of_above(of_sample(3.0, 1.0, n), 0.0, effect)
    found = verdicts(deciding.above, 0.0, normal(effect, 1.0, n), mean_interval)
    low, high = allowed(TRIALS, expected)
    assert low <= found.count("supported") / TRIALS <= high
    assert power.of_below(of_sample(3.0, 1.0, n), 0.0, -effect) == pytest.approx(expected)


@pytest.mark.parametrize(("effect", "n"), [(0.0, 40), (0.0, 20), (0.1, 40)])
def test_the_power_of_an_equivalence_is_how_often_it_is_found(effect: float, n: int) -> None:
    """Half a margin of spread, and means in the middle and off it."""
    expected = power.of_within(of_sample(3.0, 0.3, n), 0.15, effect)
    found = verdicts(deciding.within, 0.15, normal(effect, 0.3, n), mean_interval)
    low, high = allowed(TRIALS, expected)
    assert low <= found.count("supported") / TRIALS <= high


def test_the_power_of_a_standardized_mean_is_how_often_it_is_found() -> None:
    """Forty seeds, no effect, half a standard deviation for a margin."""
    draws = normal(0.0, 1.0, 40)[:600]
    expected = power.of_within(standardized(draws[0]), 0.5, 0.0)
    found = verdicts(deciding.within, 0.5, draws, standardized)
    low, high = allowed(600, expected)
    assert low <= found.count("supported") / 600 <= high


@pytest.mark.parametrize(("n", "needed"), [(8, 8), (10, 9), (20, 15)])
def test_the_power_of_signs_is_that_of_the_binomial(n: int, needed: int) -> None:
    """So many of n must agree, by the table of the sign test; then it is a sum of binomials."""
    expected = sum(math.comb(n, k) * 0.9**k * 0.1 ** (n - k) for k in range(needed, n + 1))
    median = median_interval(np.arange(n))
    assert power.of_above(median, 0.0, 0.9) == pytest.approx(expected)
    assert power.of_below(median, 0.0, 0.9) == pytest.approx(expected)
    assert power.of_within(median, 1.0, 0.9) == pytest.approx(expected)
    assert power.of_above(share(n, n), 0.5, 0.9) == pytest.approx(expected)


def test_eight_seeds_that_nearly_all_agree_decide_four_times_in_five() -> None:
    """What the experiments on deep networks were planned by."""
    found = power.of_above(median_interval(np.arange(deciding.MIN_SEEDS)), 0.0, deciding.NEARLY_ALL)
    assert 0.8 <= found < 0.83


def test_the_power_of_a_correlation() -> None:
    """Forty pairs, 0.8 against 0.5: simulated, within what Fisher's z is good for."""
    draw = np.random.default_rng(8)
    a, noise = draw.normal(size=(2, TRIALS, 40))
    b = 0.8 * a + 0.6 * noise
    found = [
        deciding.above(correlation(x, y), 0.5).verdict for x, y in zip(a, b, strict=True)
    ].count("supported")
    expected = power.of_above(correlation(a[0], b[0]), 0.5, 0.8)
    assert found / TRIALS == pytest.approx(expected, abs=0.04)


def test_nothing_is_known_of_no_spread() -> None:
    """Equal values, two values, or a test that has no power of its own."""
    assert math.isnan(power.of_above(of_sample(1.0, 0.0, 9), 0.0, 1.0))
    assert math.isnan(power.of_within(of_sample(1.0, 1.0, 2), 1.0, 0.0))
    assert math.isnan(power.of_above(standardized([1.0, 2, 4]), 0.0, 1.0))


@pytest.mark.parametrize("value", [0.5, -0.5, 0.8])
def test_so_many_seeds_decide_which_side_of_a_margin(value: float) -> None:
    """Four times in five, and fewer do so less often."""
    seeds = power.seeds_above(of_sample(value, 1.5, 8), 0.0)
    assert seeds
    rates = [
        1
        - verdicts(deciding.above, 0.0, normal(value, 1.5, n), mean_interval).count("inconclusive")
        / TRIALS
        for n in (seeds, seeds // 2)
    ]
    assert rates[0] == pytest.approx(0.8, abs=0.04)
    assert rates[1] < 0.65


@pytest.mark.parametrize(("value", "least"), [(0.0, 0.78), (0.05, 0.8), (0.25, 0.76)])
def test_so_many_seeds_decide_an_equivalence(value: float, least: float) -> None:
    """In the margin at least as often: both tests are given half of the risk."""
    seeds = power.seeds_within(of_sample(value, 0.5, 12), 0.15)
    assert seeds
    found = verdicts(deciding.within, 0.15, normal(value, 0.5, seeds), mean_interval)
    assert least <= 1 - found.count("inconclusive") / TRIALS <= 0.93


def test_the_textbook_number() -> None:
    """An effect of half a standard deviation takes 34 pairs (Cohen 1988)."""
    assert power.seeds_above(of_sample(0.5, 1.0, 10), 0.0) == 34
    assert power.seeds_to_rank(-0.5) == 34
    assert power.seeds_to_rank(0.0) is None
    assert power.seeds_to_rank(1e-4) is None


@pytest.mark.parametrize(
    "found",
    [
        of_sample(1.0, 0.1, 9), of_sample(-1.0, 0.1, 9), of_sample(0.0, 1.0, 9),
        mean_interval([1.0]), mean_interval([-1.0, 3.0]),
    ],
)  # fmt: skip
def test_where_nothing_is_open_or_known_there_is_no_number(found: Mean) -> None:
    """Decided, without an effect, without an interval, or of too few seeds."""
    assert power.seeds_above(found, 0.0) is None
