"""Pairs by seed, what pairing gains, and how often a family of tests errs."""

import gc

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from analysis.statistics import comparisons
from tests.made.results.samples import SLEEP_A, SLEEP_B, allowed, frame


def test_paired_differences_on_students_sleep_data() -> None:
    """Published: mean 1.58 h; the median of the ten differences is 1.3."""
    data = frame(a=SLEEP_A, b=SLEEP_B)
    found = comparisons.paired_mean(data, "value", "a", "b")
    assert found.n == 10
    assert found.value == pytest.approx(1.58)
    assert comparisons.paired_median(data, "value", "a", "b").value == pytest.approx(1.3)


def test_pairing_goes_by_seed_and_not_by_row() -> None:
    """Rows in any order pair by seed; a seed that one variant lacks is left out."""
    shuffled = frame(a=SLEEP_A, b=SLEEP_B[:9]).sample(frac=1, random_state=3)
    found = comparisons.differences(shuffled, "value", "a", "b")
    assert found == pytest.approx(np.subtract(SLEEP_A[:9], SLEEP_B[:9]))


def test_pairs_may_be_made_of_any_column() -> None:
    """The same seed under two optimizers, or at two depths, is a pair as two variants are."""
    runs = pd.DataFrame(
        {"seed": [0, 1, 0, 1], "depth": [10, 10, 50, 50], "value": [0.9, 0.8, 0.5, 0.6]}
    )
    gap = comparisons.paired_mean(runs, "value", 10, 50, "depth")
    assert gap.n == 2
    assert gap.value == pytest.approx(0.3)


def test_pairing_gain_shrinks_with_what_seeds_share() -> None:
    """Independent variants gain nothing; variants that differ by little noise gain nearly all."""
    draw = np.random.default_rng(4)
    a, noise = draw.normal(size=200), draw.normal(size=200)
    alone = comparisons.pairing_gain(frame(a=a, b=noise), "value", "a", "b")
    shared = comparisons.pairing_gain(frame(a=a, b=a + 0.1 * noise), "value", "a", "b")
    assert alone == pytest.approx(1, abs=0.15)
    assert shared == pytest.approx(0.1 / 2**0.5, rel=0.15)


@pytest.mark.parametrize("n", [0, 1, 2, 3])
def test_few_pairs_pass_in_silence(n: int) -> None:
    """No seed, one or few: the right count, no warning, no crash."""
    data = frame(a=[0.5] * n or [np.nan], b=[0.25] * n or [np.nan])
    assert comparisons.paired_mean(data, "value", "a", "b").n == n
    assert comparisons.paired_median(data, "value", "a", "b").n == n
    comparisons.pairing_gain(data, "value", "a", "b")


def test_holm_by_hand() -> None:
    """Sorted p times 4, 3, 2, 1, never below the one before; what is unknown stays unknown."""
    adjusted = comparisons.holm([0.01, 0.04, np.nan, 0.03, 0.005])
    assert adjusted[[0, 1, 3, 4]] == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert np.isnan(adjusted[2])


def test_a_family_errs_at_most_as_often_as_one_test(monkeypatch: pytest.MonkeyPatch) -> None:
    """After Holm one false alarm among three tests stays within 5 %; without it, it would not."""
    # statsmodels collects garbage at each call, which is all the time that this test would take.
    monkeypatch.setattr(gc, "collect", lambda: 0)
    trials = 2000
    a, b, c = np.random.default_rng(15).normal(size=(3, trials, 12))
    raw = np.column_stack(
        [stats.ttest_rel(x, y, axis=1).pvalue for x, y in ((a, b), (a, c), (b, c))]
    )
    adjusted = np.array([comparisons.holm(row) for row in raw])
    _, high = allowed(trials, 0.05)
    assert (adjusted.min(axis=1) < 0.05).mean() <= high
    assert (raw.min(axis=1) < 0.05).mean() > high
