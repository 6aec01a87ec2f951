"""Two intervals on one axis: everything in its place, and inside of the drawing."""

import math
import re
import xml.etree.ElementTree as ET
from dataclasses import replace

import pytest

from analysis.claims.against.account import Outcome
from report.pages.compare.axis import EDGE, WIDTH, svg

ONE = Outcome("base", "supported", 2.0, 1.0, 3.0, "%", 20, "difference", 0.0)
TWO = replace(ONE, value=4.0, low=2.0, high=6.0)


def places(drawn: str) -> list[float]:
    """How far to the right each value lies."""
    return [float(each) for each in re.findall(r'cx="([\d.]+)"', drawn)]


def test_values_lie_on_one_scale() -> None:
    """From 0, the margin, to 6: a value of 4 lies twice as far from it as one of 2."""
    drawn = svg(ONE, TWO)
    (margin,) = re.findall(r'class="margin" d="M([\d.]+)', drawn)
    one, two = (each - float(margin) for each in places(drawn))
    assert two == pytest.approx(2 * one, abs=0.2)
    assert ET.fromstring(drawn).get("aria-hidden") == "true"
    assert "margin 0</text>" in drawn


def test_what_publishing_rounds_away_is_no_distance() -> None:
    """Values of ten equal digits lie on one place, in the middle."""
    exact = replace(ONE, kind="exact", value=11.35, low=math.nan, high=math.nan, margin=None)
    drawn = svg(exact, replace(exact, value=11.3500006))
    assert places(drawn) == pytest.approx([WIDTH / 2] * 2, abs=0.1)


@pytest.mark.parametrize(
    ("kind", "margin", "told"),
    [("equivalence", 0.5, [-0.5, 0.5]), ("exact", 0.1, [0.9, 1.1]), ("threshold", 3.0, [3.0])],
)
def test_a_margin_lies_where_the_test_has_it(kind: str, margin: float, told: list[float]) -> None:
    """On both sides of nothing, or of one, or at a threshold."""
    own = replace(ONE, kind=kind, margin=margin)
    assert list(own.margins) == pytest.approx(told)
    assert svg(own, own).count('class="margin"') == len(told)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (ONE, TWO), (ONE, None), (None, TWO), (replace(ONE, low=math.nan), TWO),
        (replace(ONE, value=1e-300, low=0.0, high=2e-300, margin=None), None),
        (replace(ONE, value=1e300, low=-1e300, high=1e305), TWO),
        (replace(ONE, value=5.0, low=5.0, high=5.0, margin=None), None),
        (replace(ONE, value=0.0, low=0.0, high=0.0, margin=None), None),
    ],
)  # fmt: skip
def test_all_of_it_lies_inside(before: Outcome | None, after: Outcome | None) -> None:
    """Whatever the values: nothing is cut off, and nothing is no number."""
    drawn = svg(before, after)
    assert "nan" not in drawn
    assert "inf" not in drawn
    found = [float(each) for each in re.findall(r'(?:[MH]|\bc?x=")(-?[\d.]+)', drawn)]
    assert all(EDGE - 0.1 <= each <= WIDTH - EDGE + 0.1 for each in found)
    assert len(places(drawn)) == sum(each is not None for each in (before, after))


def test_nothing_is_drawn_of_nothing() -> None:
    """Where no side has a value there is no drawing."""
    assert svg(replace(ONE, value=math.nan), None) == ""
