"""How often intervals hold the truth, and tests find what is not there, at the seeds in use.

The samples are simulated with fixed seeds; what a rate may be follows from the binomial error of so
many trials. Outcomes that have two peaks are those of networks that train or not.
"""

from collections.abc import Callable, Sequence

import numpy as np
import pytest

from analysis.claims.deciding import MIN_SEEDS, above, below, within
from analysis.statistics.correlations import correlation, drop
from analysis.statistics.estimates import (
    Estimate,
    mean_interval,
    median_interval,
    share,
    standardized,
)
from analysis.statistics.level import LEVEL, SIDE
from tests.made.results.samples import allowed

TRIALS = 4000
Sampler = Callable[[np.random.Generator, int], np.ndarray]


def two_peaks(chance: float) -> Sampler:
    """Differences in percentage points of networks of which one trains with that probability."""

    def draw(generator: np.random.Generator, n: int) -> np.ndarray:
        trains = generator.random((TRIALS, n)) < chance
        return np.where(
            trains, generator.normal(75, 5, trains.shape), generator.normal(0, 1, trains.shape)
        )

    return draw


def rates(estimates: Sequence[Estimate], truth: float) -> tuple[float, float, float]:
    """How often intervals hold the truth, and tests find it above and below itself."""
    held = np.mean([each.low <= truth <= each.high for each in estimates])
    over = np.mean([above(each, truth).verdict == "supported" for each in estimates])
    under = np.mean([below(each, truth).verdict == "supported" for each in estimates])
    return float(held), float(over), float(under)


@pytest.mark.parametrize("n", [8, 10, 20, 40, 50])
def test_students_interval_and_tests_are_exact_for_normal_values(n: int) -> None:
    """95 % and 2.5 %, neither more nor less."""
    draws = np.random.default_rng(n).normal(0.3, 2.0, (TRIALS, n))
    held, over, under = rates([mean_interval(row) for row in draws], 0.3)
    for rate, nominal in ((held, LEVEL), (over, SIDE), (under, SIDE)):
        low, high = allowed(TRIALS, nominal)
        assert low <= rate <= high


@pytest.mark.parametrize(("n", "exact"), [(8, 0.9921875), (10, 0.978515625), (20, 0.958610535)])
def test_the_interval_of_a_median_is_exact_for_any_values(n: int, exact: float) -> None:
    """By the binomial: 99.2 % at eight seeds, and half of the rest on either side."""
    draws = np.random.default_rng(n).exponential(1.0, (TRIALS, n))
    held, over, under = rates([median_interval(row) for row in draws], float(np.log(2)))
    for rate, nominal in ((held, exact), (over, (1 - exact) / 2), (under, (1 - exact) / 2)):
        low, high = allowed(TRIALS, nominal)
        assert low <= rate <= high


@pytest.mark.parametrize("chance", [0.2, 0.4, 0.6, 0.8])
@pytest.mark.parametrize("n", [8, 10])
def test_the_median_holds_its_level_where_networks_train_or_not(chance: float, n: int) -> None:
    """The true median lies in its peak; no interval misses it oftener than it says."""
    draws = two_peaks(chance)(np.random.default_rng(7), n)
    many = two_peaks(chance)(np.random.default_rng(8), 200)
    held, over, under = rates([median_interval(row) for row in draws], float(np.median(many)))
    assert held >= allowed(TRIALS, LEVEL)[0]
    assert max(over, under) <= allowed(TRIALS, SIDE)[1]


def test_students_interval_would_not_hold_it() -> None:
    """Why there are medians: of eight networks of which one in five trains, its mean is missed."""
    draws = two_peaks(0.2)(np.random.default_rng(7), MIN_SEEDS)
    held, _, _ = rates([mean_interval(row) for row in draws], 0.2 * 75)
    assert held < 0.9


@pytest.mark.parametrize(("n", "truth"), [(8, 0.5), (10, 0.5), (20, 0.3)])
def test_the_test_of_a_share_never_errs_oftener_than_it_says(n: int, truth: float) -> None:
    """Clopper and Pearson's interval is on the safe side at every share."""
    hits = np.random.default_rng(2).binomial(n, truth, TRIALS)
    found = [share(successes, n) for successes in range(n + 1)]
    held, over, under = rates([found[int(each)] for each in hits], truth)
    assert held >= allowed(TRIALS, LEVEL)[0]
    assert max(over, under) <= allowed(TRIALS, SIDE)[1]


@pytest.mark.parametrize("truth", [0.0, 0.5])
def test_the_interval_of_a_standardized_mean_is_exact(truth: float) -> None:
    """At forty seeds, by the noncentral t."""
    draws = np.random.default_rng(4).normal(truth, 1.0, (1000, 40))
    held, over, under = rates([standardized(row) for row in draws], truth)
    for rate, nominal in ((held, LEVEL), (over, SIDE), (under, SIDE)):
        low, high = allowed(1000, nominal)
        assert low <= rate <= high


@pytest.mark.parametrize("margin", [0.15, 0.5])
def test_two_one_sided_tests_err_at_their_margin_as_often_as_one(margin: float) -> None:
    """A true difference of exactly the margin is found to be within it in 2.5 %."""
    draws = np.random.default_rng(14).normal(margin, margin, (TRIALS, 40))
    found = np.mean([within(mean_interval(row), margin).verdict == "supported" for row in draws])
    low, high = allowed(TRIALS, SIDE)
    assert low <= found <= high


def paired(generator: np.random.Generator, rho: float, n: int) -> np.ndarray:
    """Normal pairs (trial, 2, n) with that correlation."""
    first, noise = generator.normal(size=(2, TRIALS, n))
    return np.stack([first, rho * first + np.sqrt(1 - rho**2) * noise], axis=1)


@pytest.mark.parametrize("rho", [0.0, 0.5, 0.9])
def test_fishers_interval_holds_at_forty_seeds(rho: float) -> None:
    """To within a percent of 95 %, and of 2.5 % on either side."""
    pairs = paired(np.random.default_rng(3), rho, 40)
    held, over, under = rates([correlation(x, y) for x, y in pairs], rho)
    assert held == pytest.approx(LEVEL, abs=0.01)
    assert max(over, under) <= SIDE + 0.01


@pytest.mark.parametrize(
    ("early", "late", "shared"), [(0.9, 0.0, 0.0), (0.5, 0.5, 0.5), (0.8, 0.3, 0.3)]
)
def test_the_interval_of_a_drop_of_correlations_holds_at_forty_seeds(
    early: float, late: float, shared: float
) -> None:
    """Zou's, where the later values have a share of the earlier ones: 95 % to within 2 %."""
    generator = np.random.default_rng(5)
    first = paired(generator, early, 40)
    last = paired(generator, late, 40)
    # Each variant's later values take over so much of its earlier ones, and so of their r.
    mixed = shared * first + np.sqrt(1 - shared**2) * last
    truth = early - (shared**2 * early + (1 - shared**2) * late)
    found = [drop((a[0], a[1]), (b[0], b[1])) for a, b in zip(first, mixed, strict=True)][:2000]
    held, over, under = rates(found, truth)
    assert held == pytest.approx(LEVEL, abs=0.02)
    assert max(over, under) <= SIDE + 0.015


def test_fewer_seeds_than_the_least_decide_nothing() -> None:
    """Whatever the values: no estimate of seven seeds is supported or contradicted."""
    values = np.arange(1.0, MIN_SEEDS)
    for found in (
        mean_interval(values),
        median_interval(values),
        share(7, 7),
        standardized(values),
    ):
        for part in (above(found, 0.0), below(found, 0.0), within(found, 100.0)):
            assert part.verdict == "inconclusive"
            assert np.isnan(part.p)
