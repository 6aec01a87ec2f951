"""Paired tests: published examples, closed forms, and how often they err."""

import gc

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analysis.statistics import comparisons
from analysis.statistics.estimates import correlation, holm, slope
from tests.made.results.samples import (
    ANSCOMBE_X,
    ANSCOMBE_Y,
    ROUNDING,
    SLEEP_A,
    SLEEP_B,
    VISIT_1,
    VISIT_2,
    allowed,
    frame,
)


def test_paired_difference_on_students_sleep_data() -> None:
    """Published: mean 1.58 h, t = 4.0621 (so d_z = 1.2845); nine of ten gain, one ties."""
    found = comparisons.paired_difference(frame(a=SLEEP_A, b=SLEEP_B), "value", "a", "b")
    assert found.n == 10
    assert found.mean == pytest.approx(1.58)
    assert found.d_z * 10**0.5 == pytest.approx(4.0621, abs=1e-4)
    assert found.p_superior == pytest.approx(0.95)
    assert found.method == "BCa bootstrap"
    assert 0.7 < found.low < 1.58 < found.high < 2.9


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


def test_tost_by_hand() -> None:
    """With margin 3 the nearer test has t = (1.58 - 3) / 0.38896 on 9 degrees of freedom."""
    found = comparisons.tost(frame(a=SLEEP_A, b=SLEEP_B), "value", "a", "b", margin=3)
    assert found.p == pytest.approx(stats.t.cdf(-3.65076, 9), rel=1e-3)
    assert found.high - 1.58 == pytest.approx(1.8331129 * 0.3889587, rel=1e-5)


def test_pairing_gain_shrinks_with_what_seeds_share() -> None:
    """Independent variants gain nothing; variants that differ by little noise gain nearly all."""
    draw = np.random.default_rng(4)
    a, noise = draw.normal(size=200), draw.normal(size=200)
    alone = comparisons.pairing_gain(frame(a=a, b=noise), "value", "a", "b")
    shared = comparisons.pairing_gain(frame(a=a, b=a + 0.1 * noise), "value", "a", "b")
    assert alone == pytest.approx(1, abs=0.15)
    assert shared == pytest.approx(0.1 / 2**0.5, rel=0.15)


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
