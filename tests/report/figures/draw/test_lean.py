"""A drawing in fewer bytes is the same drawing."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from report.figures.draw.vector.lean import COURSE, minified

NUMBER = st.floats(-900, 900, allow_nan=False).map(lambda value: round(value, 4))
COMMAND = st.tuples(st.sampled_from("LLLQC"), st.lists(NUMBER, min_size=6, max_size=6))
POINTS = {"M": 1, "L": 1, "Q": 2, "C": 3}


def document(body: str) -> str:
    """A body in the frame that matplotlib gives it."""
    return f'<?xml version="1.0"?>\n<svg width="72pt" viewBox="0 0 72 36">\n{body}\n</svg>\n'


def ends(path: str) -> list[tuple[float, float]]:
    """Where each step of a path of relative or absolute steps ends."""
    x, y, start, found = 0.0, 0.0, (0.0, 0.0), []
    command = ""
    for kind, text in re.findall(r"([A-Za-z ])([^A-Za-z ]*(?: [^A-Za-z]*)?)", path):
        command = kind if kind != " " else command
        if command in "zZ":
            x, y = start
            continue
        numbers = [float(each) for each in re.findall(r"-?\d+(?:\.\d+)?", text)]
        size = 2 * POINTS[command.upper()]
        for first in range(0, len(numbers), size):
            dx, dy = numbers[first + size - 2 : first + size]
            x, y = (x + dx, y + dy) if command.islower() else (dx, dy)
            found.append((x, y))
        if command in "mM":
            start = (x, y)
    return found


@given(st.lists(COMMAND, min_size=1, max_size=60))
def test_a_relative_path_ends_where_the_absolute_one_did(
    steps: list[tuple[str, list[float]]],
) -> None:
    """Rounding never adds up: a mark ends right to hundredths, a course to tenths."""
    path = "M 1.5 -2.25 " + " ".join(
        f"{name} {' '.join(f'{value:f}' for value in values[: 2 * POINTS[name]])}"
        for name, values in steps
    )
    short = minified(document(f'<path d="{path}" style="stroke: #111111"/>'))
    (drawn,) = re.findall(r' d="([^"]*)"', short)
    assert np.array(ends(drawn)) == pytest.approx(
        np.array(ends(path)), abs=0.0051 if len(steps) < COURSE else 0.051
    )


def test_markers_share_what_they_have_in_common() -> None:
    """Their look stands once on the group; each keeps its own place."""
    marks = "\n".join(
        f'<use xlink:href="#m123" x="{x}.123456" y="4" style="fill: #0d7cc0"/>' for x in (1, 2, 3)
    )
    svg = minified(
        document(f'<defs>\n<path id="m123" d="M 0 0 L 1 1 z"/>\n</defs>\n<g>\n{marks}\n</g>')
    )
    assert svg.count("#0d7cc0") == 1
    assert re.findall(r'<use xlink:href="#i0" x="(\S+)" y="4"/>', svg) == ["1.12", "2.12", "3.12"]
    assert 'id="i0"' in svg


def test_markers_of_different_looks_keep_them() -> None:
    """Nothing is shared that is not the same."""
    marks = "\n".join(
        f'<use xlink:href="#m" x="{x}" y="4" style="fill: {colour}"/>'
        for x, colour in ((1, "#111111"), (2, "#222222"))
    )
    svg = minified(document(f'<defs>\n<path id="m" d="M 0 0"/>\n</defs>\n<g>\n{marks}\n</g>'))
    assert "#111111" in svg
    assert "#222222" in svg


def test_variants_and_legends_are_found_by_what_they_are() -> None:
    """A group's id becomes data, so that several drawings share a page; unused ids are gone."""
    svg = minified(
        document('<g id="variant-he-normal">\n<g id="axes_1"/></g><g id="legend-zeros"/>')
    )
    assert 'data-variant="he-normal"' in svg
    assert 'data-legend="zeros"' in svg
    assert " id=" not in svg
