"""Seeds that would decide a claim, against a simulation of the tests that decide it."""

import math

import numpy as np
import pytest

from analysis.claims import deciding
from analysis.statistics import power
from analysis.statistics.estimates import mean_interval
from analysis.statistics.level import EQUIVALENCE, LEVEL


def interval(value: float, spread: float, n: int, level: float) -> tuple[float, float, float, int]:
    """Return what a sample of exactly this mean and standard deviation gives."""
    sample = np.linspace(-1, 1, n)
    found = mean_interval(value + spread * sample / sample.std(ddof=1), level=level)
    return found.value, found.low, found.high, n


def decided(value: float, spread: float, n: int, level: float, margin: float) -> float:
    """Return how often a sample of n normal values decides it."""
    draws = np.random.default_rng(0).normal(value, spread, (2000, n))
    rule = deciding.above if level == LEVEL else deciding.within
    found = (mean_interval(draw, level=level) for draw in draws)
    verdicts = [rule(each.low, each.high, margin, n, 2) for each in found]
    return 1 - verdicts.count("inconclusive") / len(verdicts)


@pytest.mark.parametrize("value", [0.5, -0.5, 0.8])
def test_so_many_seeds_decide_which_side_of_a_margin(value: float) -> None:
    """Four times in five, and fewer do so less often."""
    seeds = power.above(*interval(value, 1.5, 8, LEVEL), 0.0)
    assert seeds
    assert decided(value, 1.5, seeds, LEVEL, 0.0) == pytest.approx(0.8, abs=0.04)
    assert decided(value, 1.5, seeds // 2, LEVEL, 0.0) < 0.65


@pytest.mark.parametrize(("value", "least"), [(0.0, 0.8), (0.05, 0.8), (0.25, 0.76)])
def test_so_many_seeds_decide_an_equivalence(value: float, least: float) -> None:
    """In the margin at least as often: both tests are given half of the risk."""
    seeds = power.within(*interval(value, 0.5, 12, EQUIVALENCE), 0.15)
    assert seeds
    assert least <= decided(value, 0.5, seeds, EQUIVALENCE, 0.15) <= 0.93


def test_the_textbook_number() -> None:
    """An effect of half a standard deviation takes 34 pairs (Cohen 1988)."""
    assert power.above(*interval(0.5, 1.0, 10, LEVEL), 0.0) == 34


@pytest.mark.parametrize(
    ("value", "low", "high", "n"),
    [(1, 0.5, 1.5, 9), (-1, -2, 0, 9), (0.0, -1, 1, 9), (1, math.nan, 3, 9), (1, -1, 3, 2)],
)
def test_where_nothing_is_open_or_known_there_is_no_number(
    value: float, low: float, high: float, n: int
) -> None:
    """Decided, without an effect, without an interval, or of too few seeds."""
    assert power.above(value, low, high, n, 0.0) is None
