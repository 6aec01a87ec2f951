"""From an estimate to a verdict, from parts to a whole, and from findings to their family."""

import math
from dataclasses import replace

import numpy as np
import pytest

from analysis.claims import testing
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
from analysis.results.frames import Results
from analysis.statistics.estimates import Mean, mean_interval
from tests.made.results.claimed import DECLARED


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


def test_findings_are_adjusted_as_one_family(base: Results) -> None:
    """Holm by hand: three findings tested, times three, two and one; others have no part in it."""
    p_values = {
        "early-speed": 0.02,
        "none-wins": 0.001,
        "gain-two": 0.03,
        "edge-of-chaos": math.nan,
    }
    claims = {
        each.id: replace(
            testing.tested(each, base),
            verdict="supported",
            p=p_values.get(each.id, 0.5 if each.family == "verification" else math.nan),
        )
        for each in DECLARED.values()
    }
    found = testing.in_family(claims, testing._adjusted)
    adjusted = {name: each.p_holm for name, each in found.items() if math.isfinite(each.p_holm)}
    assert adjusted == pytest.approx({"early-speed": 0.04, "none-wins": 0.003, "gain-two": 0.04})
    assert {found[name].among for name in adjusted} == {3}
    assert [found[name].holds for name in ("none-wins", "gain-two")] == [True, False]
    assert found["edge-of-chaos"].holds is None
    assert found["signal-at-initialization"].holds is None
    assert list(found) == list(claims)
