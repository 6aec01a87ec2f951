"""Axes break where they must, and no text hides another, whatever the study."""

from itertools import combinations
from typing import Any

import numpy as np
import pytest
from matplotlib.figure import Figure

from report.figures.draw.layout import spans
from tests.made.sites.drawn import (
    BASE,
    NOT_BASE,
    ODD,
    base,
    crowded,
    figure_of,
    odd,
    quick,
    text_boxes,
    whole,
)


@pytest.mark.parametrize(
    ("ranges", "count"),
    [
        ([(10.0, 10.0), (88.0, 99.0)], 2),
        ([(80.0, 90.0), (88.0, 99.0)], 1),
        ([(10.0, 60.0), (70.0, 99.0)], 1),
        ([(97.0, 97.1), (97.5, 97.6)], 1),
        ([(np.nan, np.nan)], 1),
        ([], 1),
    ],
)
def test_an_axis_breaks_only_where_a_gap_would_squash(
    ranges: list[tuple[float, float]], count: int
) -> None:
    """A gap that is most of the range breaks it; a small one, or none, does not."""
    found = spans(ranges, least=2.0)
    assert len(found) == count
    for low, high in ranges:
        assert np.isnan(low) or any(a <= low and high <= b for a, b in found)


def keeps_clear(figure: Figure) -> None:
    """Check that no text of a figure leaves it or overlaps another."""
    boxes = text_boxes(figure)
    page = figure.bbox.padded(1)
    for text, box in boxes:
        assert page.x0 <= box.x0, f"{text!r} leaves the figure on the left"
        assert box.x1 <= page.x1, f"{text!r} leaves the figure on the right"
        assert page.y0 <= box.y0, f"{text!r} leaves the figure below"
        assert box.y1 <= page.y1, f"{text!r} leaves the figure above"
    for (one, a), (other, b) in combinations(boxes, 2):
        assert not a.overlaps(b), f"{one!r} overlaps {other!r}"


@pytest.mark.parametrize("case", ["base", "crowded", *ODD])
@pytest.mark.parametrize("name", BASE)
def test_no_text_overlaps_another(name: str, case: str) -> None:
    """Ticks, titles, legend and notes keep clear of each other and inside the figure."""
    studies = {"base": base, "crowded": crowded}
    keeps_clear(figure_of(name, studies[case]() if case in studies else odd(case)))


@pytest.mark.parametrize("study", [whole, quick, crowded])
@pytest.mark.parametrize("name", NOT_BASE)
def test_no_text_of_an_experiment_overlaps_another(name: str, study: Any) -> None:
    """Ticks, titles, legend, cells and notes keep clear of each other and inside the figure."""
    keeps_clear(figure_of(name, study()))
