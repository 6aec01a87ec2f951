"""From an estimate to a verdict, and from the verdicts on parts to that on a whole."""

import math

import numpy as np
import pytest

from analysis.claims.deciding import (
    MIN_SEEDS,
    Part,
    above,
    below,
    decided,
    joint,
    weakest,
    within,
    worded,
)
from analysis.statistics.estimates import Mean, mean_interval


def made(value: float, half: float, n: int = 20) -> Mean:
    """A mean with an interval of that half width."""
    spread = half * math.sqrt(n) / 2.093024 if n == 20 else 1.0
    return Mean(n, value, value - half, value + half, spread)


def test_verdicts_by_interval() -> None:
    """Beyond the margin, short of it, or astride; and never from seven seeds or no interval."""
    assert above(made(0.15, 0.05), 0.0).verdict == "supported"
    assert above(made(-0.15, 0.05), 0.0).verdict == "contradicted"
    assert above(made(0.05, 0.15), 0.0).verdict == "inconclusive"
    assert above(made(0.15, 0.05, MIN_SEEDS - 1), 0.0).verdict == "inconclusive"
    assert above(made(np.nan, np.nan), 0.0).verdict == "inconclusive"
    assert below(made(-0.15, 0.05), 0.0).verdict == "supported"
    assert below(made(0.15, 0.05), 0.0).verdict == "contradicted"
    assert below(made(0.05, 0.15), 0.0).verdict == "inconclusive"
    assert within(made(0.0, 0.1), 0.15).verdict == "supported"
    assert within(made(0.25, 0.05), 0.15).verdict == "contradicted"
    assert within(made(-0.25, 0.05), 0.15).verdict == "contradicted"
    assert within(made(0.15, 0.05), 0.15).verdict == "inconclusive"


def test_a_verdict_and_its_p_value_are_of_one_test() -> None:
    """An interval that ends at the bound has a p-value of 2.5 %; of two sides the larger counts."""
    assert above(made(0.1, 0.1), 0.0).p == pytest.approx(0.025, abs=1e-6)
    assert below(made(-0.1, 0.1), 0.0).p == pytest.approx(0.025, abs=1e-6)
    assert within(made(0.05, 0.1), 0.15).p == pytest.approx(0.025, abs=1e-6)
    assert math.isnan(above(made(0.1, 0.1, 7), 0.0).p)


def test_all_must_hold() -> None:
    """One false part is enough, one undecided leaves it open; nothing at all is not decided."""
    assert joint(["supported", "inconclusive"]) == "inconclusive"
    assert joint(["supported", "inconclusive", "contradicted"]) == "contradicted"
    assert joint(["supported", "supported"]) == "supported"
    assert joint([]) == "inconclusive"


def parts() -> list[Part]:
    """A clear part, a weak one, and one without a test."""
    return [above(made(1.0, 0.1), 0.0), above(made(0.1, 0.09), 0.0), above(made(2.0, 1, 3), 0.0)]


def test_the_weakest_part_decides() -> None:
    """That of the largest p-value; one that could not be tested before all; else the nearest."""
    clear, weak, untested = parts()
    assert weakest([clear, weak]) is weak
    assert weakest([clear, weak, untested]) is untested
    sure = [within(mean_interval([x] * 9), 10.0) for x in (1.0, -4.0, 2.0)]
    assert weakest(sure) is sure[1]


def test_a_finding_has_the_value_and_p_value_of_its_weakest_part() -> None:
    """In the unit of the claim; where another part is told, the p-value stays that of the whole."""
    clear, weak, _ = parts()
    found = decided([clear, weak], unit=math.exp)
    assert (found.verdict, found.p, found.part) == ("supported", weak.p, weak)
    assert (found.value, found.low) == pytest.approx((math.exp(0.1), math.exp(0.01)))
    told = decided([clear, weak], told=clear)
    assert (told.value, told.p) == (1.0, weak.p)
    assert decided(parts()).verdict == "inconclusive"


def test_levels_are_worded() -> None:
    """Where guessing has a tenth: 20 and 50 percent, in digits and in words."""
    assert worded("{stalled}, {trained in words}, {trained} %", 0.1) == "20, fifty, 50 %"
    assert worded("{stalled in words}", 0.5) == "55.6"
