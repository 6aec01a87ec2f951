"""Oracles: published examples, sums done by hand, and simulations of what a method promises."""

import gc
import warnings
from collections.abc import Iterator

import numpy as np
import pandas as pd
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
    share,
    slope,
)

# Student (1908): hours of sleep gained with two drugs by the same ten patients.
SLEEP_A = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]
SLEEP_B = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0]
# Hollander and Wolfe (1973): depression scale of nine patients at two visits.
VISIT_1 = [1.83, 0.50, 1.62, 2.48, 1.68, 1.88, 1.55, 3.06, 1.30]
VISIT_2 = [0.878, 0.647, 0.598, 2.05, 1.06, 1.29, 1.06, 3.14, 1.29]
# Hollander and Wolfe (1973): seconds of 22 players by three ways of rounding first base.
ROUNDING = """
5.40 5.50 5.55  5.85 5.70 5.75  5.20 5.60 5.50  5.55 5.50 5.40  5.90 5.85 5.70  5.45 5.55 5.60
5.40 5.40 5.35  5.45 5.50 5.35  5.25 5.15 5.00  5.85 5.80 5.70  5.25 5.20 5.10  5.65 5.55 5.45
5.60 5.35 5.45  5.05 5.00 4.95  5.50 5.50 5.40  5.45 5.55 5.50  5.55 5.55 5.35  5.45 5.50 5.55
5.50 5.45 5.25  5.65 5.60 5.40  5.70 5.65 5.55  6.30 6.30 6.25
"""
# Anscombe (1973), first set.
ANSCOMBE_X = [10, 8, 13, 9, 11, 14, 6, 4, 12, 7, 5]
ANSCOMBE_Y = [8.04, 6.95, 7.58, 8.81, 8.33, 9.96, 7.24, 4.26, 10.84, 4.82, 5.68]


def frame(**columns: list[float] | np.ndarray) -> pd.DataFrame:
    """One row a variant and seed, the seeds in the order given."""
    rows = [
        {"variant": name, "seed": seed, "value": value}
        for name, values in columns.items()
        for seed, value in enumerate(values)
    ]
    return pd.DataFrame(rows)


@pytest.fixture(autouse=True)
def _no_warning() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


def test_summary_of_one_to_five_as_by_hand() -> None:
    """Mean 3, standard deviation √2.5, and t(0.975, 4) = 2.776 standard errors to either side."""
    row = comparisons.summary(frame(a=[5.0, 1, 4, 2, 3]), "value", ["variant"]).iloc[0]
    assert (row["n"], row["diverged"], row["mean"]) == (5, 0, 3.0)
    assert row["sd"] == pytest.approx(2.5**0.5)
    assert row["high"] - 3 == pytest.approx(2.7764451 * 0.5**0.5)
    assert row["low"] - 3 == pytest.approx(-2.7764451 * 0.5**0.5)
    assert (row["minimum"], row["maximum"]) == (1, 5)


def test_summary_of_one_seed_has_no_interval() -> None:
    """One value has a mean and neither a spread nor an interval."""
    row = comparisons.summary(frame(a=[7.0]), "value", ["variant"]).iloc[0]
    assert (row["n"], row["mean"]) == (1, 7)
    assert np.isnan([row["sd"], row["low"], row["high"]]).all()


def test_summary_of_equal_seeds_is_a_point() -> None:
    """Seeds that agree to the last bit give an interval of no width, not one of rounding noise."""
    row = comparisons.summary(frame(a=[0.1135] * 20), "value", ["variant"]).iloc[0]
    assert (row["sd"], row["low"], row["high"]) == (0, 0.1135, 0.1135)


def test_summary_leaves_out_what_diverged_and_counts_it() -> None:
    """A run that diverged does not enter by the accuracy of its constant answer."""
    runs = frame(a=[0.9, 0.8, 0.098, np.nan])
    runs["status"] = ["finished", "finished", "diverged", "diverged"]
    row = comparisons.summary(runs, "value", ["variant"]).iloc[0]
    assert (row["n"], row["diverged"]) == (2, 2)
    assert row["mean"] == pytest.approx(0.85)
    assert row["minimum"] == 0.8


def test_summary_of_epochs_leaves_out_those_without_a_finite_loss() -> None:
    """The epoch in which a loss overflows has no accuracy worth a mean."""
    epochs = frame(a=[0.9, 0.098]).assign(loss=[0.3, np.inf])
    assert comparisons.summary(epochs, "value", ["variant"])["mean"].tolist() == [0.9]


def test_summary_keeps_the_order_of_the_study() -> None:
    """Groups follow the categories of the variant, not the alphabet."""
    table = frame(b=[1.0, 2.0], a=[3.0, 4.0])
    table["variant"] = pd.Categorical(table["variant"], ["b", "a"], ordered=True)
    assert comparisons.summary(table, "value", ["variant"])["variant"].tolist() == ["b", "a"]


def test_epochs_to_reach_counts_to_the_first_crossing() -> None:
    """The first epoch at or above the threshold counts, a later fall does not, never is NaN."""
    epochs = pd.DataFrame(
        {
            "experiment": "base",
            "variant": "a",
            "seed": [0] * 3 + [1] * 3,
            "run_id": ["x"] * 3 + ["y"] * 3,
            "epoch": [1, 2, 3] * 2,
            "loss": 0.1,
            "val_accuracy": [0.94, 0.95, 0.90, 0.1, 0.2, 0.3],
        }
    )
    reached = comparisons.epochs_to_reach(epochs, "val_accuracy", 0.95)
    assert reached["run_id"].tolist() == ["x", "y"]
    assert reached["epochs_to_reach"].iloc[0] == 2
    assert np.isnan(reached["epochs_to_reach"].iloc[1])


def test_paired_difference_on_students_sleep_data() -> None:
    """Published: mean 1.58 h, t = 4.0621 (so d_z = 1.2845); nine of ten gain, one ties."""
    found = comparisons.paired_difference(frame(a=SLEEP_A, b=SLEEP_B), "value", "a", "b")
    assert found.n == 10
    assert found.mean == pytest.approx(1.58)
    assert found.d_z * 10**0.5 == pytest.approx(4.0621, abs=1e-4)
    assert found.p_superior == pytest.approx(0.95)
    assert found.method == "BCa bootstrap"
    assert 0.7 < found.low < 1.58 < found.high < 2.9


def test_student_interval_and_p_on_students_sleep_data() -> None:
    """Published: 95 % interval 0.7001 to 2.4599, p = 0.002833."""
    interval = mean_interval(np.subtract(SLEEP_A, SLEEP_B))
    assert (interval.low, interval.high) == pytest.approx((0.7001142, 2.4598858))
    pairs = comparisons.holm_pairs(frame(a=SLEEP_A, b=SLEEP_B), "value", ["a", "b"], test="t")
    assert pairs["p"].tolist() == pytest.approx([0.002833], abs=1e-6)


def test_pairing_goes_by_seed_and_not_by_row() -> None:
    """Rows in any order pair by seed; a seed that one variant lacks is left out."""
    shuffled = frame(a=SLEEP_A, b=SLEEP_B[:9]).sample(frac=1, random_state=3)
    found = comparisons.paired_difference(shuffled, "value", "a", "b")
    assert found.n == 9
    assert found.mean == pytest.approx(np.mean(np.subtract(SLEEP_A[:9], SLEEP_B[:9])))


def test_wilcoxon_on_the_depression_scale() -> None:
    """Published: V = 40, one-sided p = 0.01953, so 0.03906 two-sided."""
    pairs = comparisons.holm_pairs(frame(a=VISIT_1, b=VISIT_2), "value", ["a", "b"])
    assert pairs["p"].tolist() == pytest.approx([0.0390625])


def test_friedman_on_rounding_first_base() -> None:
    """Published: chi-squared 11.143 with p = 0.003805, ties among the ranks included."""
    table = np.array(ROUNDING.split(), dtype=float).reshape(22, 3)
    data = frame(out=table[:, 0], narrow=table[:, 1], wide=table[:, 2])
    found = comparisons.friedman(data, "value", ["out", "narrow", "wide"])
    assert found.n == 22
    assert found.statistic == pytest.approx(11.143, abs=1e-3)
    assert found.p == pytest.approx(0.003805, abs=1e-6)


def test_holm_by_hand() -> None:
    """Sorted p times 4, 3, 2, 1, never below the one before; what is unknown stays unknown."""
    adjusted = holm([0.01, 0.04, np.nan, 0.03, 0.005])
    assert adjusted[[0, 1, 3, 4]] == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert np.isnan(adjusted[2])


def test_tost_by_hand() -> None:
    """With margin 3 the nearer test has t = (1.58 - 3) / 0.38896 on 9 degrees of freedom."""
    found = comparisons.tost(frame(a=SLEEP_A, b=SLEEP_B), "value", "a", "b", margin=3)
    assert found.p == pytest.approx(stats.t.cdf(-3.65076, 9), rel=1e-3)
    assert found.high - 1.58 == pytest.approx(1.8331129 * 0.3889587, rel=1e-5)


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


def test_pairing_gain_shrinks_with_what_seeds_share() -> None:
    """Independent variants gain nothing; variants that differ by little noise gain nearly all."""
    draw = np.random.default_rng(4)
    a, noise = draw.normal(size=200), draw.normal(size=200)
    alone = comparisons.pairing_gain(frame(a=a, b=noise), "value", "a", "b")
    shared = comparisons.pairing_gain(frame(a=a, b=a + 0.1 * noise), "value", "a", "b")
    assert alone == pytest.approx(1, abs=0.15)
    assert shared == pytest.approx(0.1 / 2**0.5, rel=0.15)


def test_bootstrap_bounds_follow_from_the_data_alone() -> None:
    """Equal samples give equal bounds whatever else was drawn; another sample gives others."""
    sample = np.random.default_rng(0).normal(size=20)
    first = difference_of(sample)
    np.random.default_rng().normal(size=100)
    assert difference_of(sample.copy()) == first
    assert difference_of(sample + 1).low != first.low


@pytest.mark.parametrize("n", [0, 1, 2, 3])
@pytest.mark.parametrize("spread", [0.0, 1.0])
def test_degenerate_samples_pass_in_silence(n: int, spread: float) -> None:
    """No seed, one, few, or equal ones: an answer with the right count, no warning, no crash."""
    values = [0.5 + spread * i**2 for i in range(n)]
    data = frame(a=values, b=[0.25] * n, c=[0.25] * n)
    if not n:
        data = frame(a=[np.nan], b=[np.nan], c=[np.nan])
    difference = comparisons.paired_difference(data, "value", "a", "b")
    assert difference.n == n
    assert np.isnan(difference.low) == (n < 2)
    assert comparisons.tost(data, "value", "a", "b", 0.1).n == n
    assert comparisons.friedman(data, "value", ["a", "b", "c"]).n == n
    assert len(comparisons.holm_pairs(data, "value", ["a", "b", "c"])) == 3
    assert len(comparisons.holm_pairs(data, "value", ["a", "b", "c"], test="t")) == 3
    assert correlation(values, values).n == slope(values, values).n == n
    comparisons.pairing_gain(data, "value", "a", "b")


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


def allowed(n: int, rate: float) -> tuple[float, float]:
    """Rates that n fair trials of that probability show in 999 of 1,000 simulations."""
    low, high = stats.binom.interval(0.999, n, rate)
    return low / n, high / n


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


def test_friedman_errs_as_often_as_it_says() -> None:
    """Without a true difference it finds one at 5 % in about 5 %."""
    draw, trials = np.random.default_rng(13), 300
    found = sum(
        comparisons.friedman(frame(a=t[0], b=t[1], c=t[2]), "value", ["a", "b", "c"]).p < 0.05
        for t in draw.normal(size=(trials, 3, 20))
    )
    low, high = allowed(trials, 0.05)
    assert low <= found / trials <= high


def test_a_family_of_pairs_errs_at_most_as_often_as_one_test(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """After Holm one false alarm among three pairs stays within 5 %; without it, it would not."""
    # statsmodels collects garbage at each call, which is all the time that this test would take.
    monkeypatch.setattr(gc, "collect", lambda: 0)
    trials = 2000
    a, b, c = np.random.default_rng(15).normal(size=(3, trials, 12))
    p = [stats.ttest_rel(x, y, axis=1).pvalue for x, y in ((a, b), (a, c), (b, c))]
    raw = np.column_stack(p)
    adjusted = np.array([holm(row) for row in raw])
    _, high = allowed(trials, 0.05)
    assert (adjusted.min(axis=1) < 0.05).mean() <= high
    assert (raw.min(axis=1) < 0.05).mean() > high


def test_tost_errs_at_its_margin_as_often_as_it_says() -> None:
    """With a true difference of exactly the margin, equivalence is found in about 5 %."""
    draw, trials, found = np.random.default_rng(14), 300, 0
    for differences in draw.normal(0.15, 0.1, size=(trials, 20)):
        data = frame(a=differences, b=np.zeros(20))
        outcome = comparisons.tost(data, "value", "a", "b", margin=0.15)
        assert (outcome.p < 0.05) == (outcome.high < 0.15 and outcome.low > -0.15)
        found += outcome.p < 0.05
    low, high = allowed(trials, 0.05)
    assert low <= found / trials <= high


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


def test_ranks_share_ties_and_make_spearmans_correlation() -> None:
    """Ranks by hand, and the correlation that SciPy gives as Spearman's."""
    assert comparisons.ranks(np.array([3.0, 1.0, 3.0, 7.0])).tolist() == [2.5, 1, 2.5, 4]
    x, y = np.array(ANSCOMBE_X, dtype=float), np.array(ANSCOMBE_Y)
    found = correlation(comparisons.ranks(x), comparisons.ranks(y)).value
    assert found == pytest.approx(stats.spearmanr(x, y).statistic)


def test_pairs_may_be_made_of_any_column() -> None:
    """The same seed under two optimizers, or at two depths, is a pair as two variants are."""
    runs = pd.DataFrame(
        {"seed": [0, 1, 0, 1], "depth": [10, 10, 50, 50], "value": [0.9, 0.8, 0.5, 0.6]}
    )
    gap = comparisons.paired_difference(runs, "value", 10, 50, "depth")
    assert gap.n == 2
    assert gap.mean == pytest.approx(0.3)
