"""Axes break where they must, and no text hides another, whatever the study."""

import io
import re
from itertools import combinations
from typing import Any

import numpy as np
import pytest
from matplotlib.colors import to_rgba
from matplotlib.figure import Figure
from matplotlib.text import Text

from report.figures import NAMES, load
from report.figures.draw.axes.scales import spans
from report.figures.draw.layout import styled
from report.figures.draw.style import NARROW, SIZE, WIDTH
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
from tests.made.sites.told import published


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


@pytest.mark.parametrize("width", [WIDTH, NARROW])
@pytest.mark.parametrize("name", NAMES)
def test_no_line_runs_through_a_text(name: str, width: float) -> None:
    """A text among lines stands where none passes, or on a ground above all of them."""
    figure = load(name).draw(published(), width=width).figure
    clear = dict(text_boxes(figure))
    for axes in figure.axes:
        lines = [line for line in axes.lines if line.get_visible() and len(line.get_path())]
        for text in axes.texts:
            ground = text.get_bbox_patch()
            if ground is not None:
                assert to_rgba(ground.get_facecolor())[3] == 1
                assert all(text.get_zorder() > line.get_zorder() for line in lines)
            elif text.get_text():
                box = clear[text.get_text()]
                for line in lines:
                    path = line.get_path().transformed(line.get_transform())
                    assert not path.intersects_bbox(box, filled=False), text.get_text()


@pytest.mark.parametrize("name", NAMES)
def test_all_text_is_of_the_report_s_own_faces(name: str) -> None:
    """Every outline of a letter on paper is of Source Serif 4, or of STIX Two Math for a sign."""
    buffer = io.StringIO()
    figure = load(name).draw(published()).figure
    with styled():
        figure.savefig(buffer, format="svg")
    faces = set(re.findall(r'<path id="([A-Za-z][A-Za-z0-9-]*)-[0-9a-f]+"', buffer.getvalue()))
    assert "SourceSerif4-Regular" in faces
    assert faces <= {"SourceSerif4-Regular", "SourceSerif4Greek-Regular", "STIXTwoMath"}
    assert {text.get_fontsize() for text in figure.findobj(Text)} == {SIZE}


@pytest.mark.parametrize("study", [whole, quick, crowded])
@pytest.mark.parametrize("name", NAMES)
def test_no_text_overlaps_another_on_a_phone(name: str, study: Any) -> None:
    """What is drawn for a narrow page keeps clear as well, and is no wider than it may be."""
    figure = load(name).draw(study(), width=NARROW).figure
    assert figure.get_figwidth() == NARROW
    keeps_clear(figure)


@pytest.mark.parametrize("study", [whole, quick, crowded])
@pytest.mark.parametrize("name", NOT_BASE)
def test_no_text_of_an_experiment_overlaps_another(name: str, study: Any) -> None:
    """Ticks, titles, legend, cells and notes keep clear of each other and inside the figure."""
    keeps_clear(figure_of(name, study()))
