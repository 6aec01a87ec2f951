"""What can be read off a figure stands where it is drawn, and says what its data have."""

import json
import math
import re

import numpy as np
import pytest
from matplotlib.figure import Figure

from report.figures import NAMES, load
from report.figures.draw.definition import written
from report.figures.draw.readings import Point, Sheet
from tests.made.sites.drawn import whole, written_of


def test_a_place_is_where_the_scale_puts_it() -> None:
    """Axes from 20 to 80 units, 0 to 10 across and 1 to 100 up on a log scale: known to a tenth."""
    figure = Figure(figsize=(100 / 72, 100 / 72), dpi=72)
    axes = figure.add_axes((0.2, 0.2, 0.6, 0.6))
    axes.set_xlim(0, 10)
    axes.set_yscale("log")
    axes.set_ylim(1, 100)
    read = [Point(0, 1, "a", "1"), Point(5, 10, "b", "2", "1 to 3"), Point(10, 100, "c", "3")]
    sheet = Sheet(figure)
    sheet.note(axes, "He Normal", "Panel", "one seed", [*read, Point(math.nan, 1, "d", "4")])
    (series,) = json.loads(written(sheet).screen.marks)
    assert series == {
        "v": "he-normal", "n": "He Normal", "p": "Panel", "w": "one seed",
        "at": [20, 80, 50, 50, 80, 20], "a": ["a", "b", "c"], "b": ["1", "2", "3"],
        "r": ["", "1 to 3", ""],
    }  # fmt: skip


def test_a_place_does_not_depend_on_the_dots_of_an_inch() -> None:
    """At 144 dots an inch the units are the same."""
    figure = Figure(figsize=(2, 1), dpi=144)
    axes = figure.add_axes((0, 0, 1, 1))
    axes.set(xlim=(0, 2), ylim=(0, 1))
    sheet = Sheet(figure)
    sheet.note(axes, "V", "", "", [Point(1, 0.75, "", "")])
    assert sheet.places(sheet.series()[0]) == [(72.0, 18.0)]


def test_panels_are_read_as_lines_of_a_page_are() -> None:
    """From the top to the bottom, and from left to right, whatever was made first."""
    _, text = written_of("propagation")
    panel = dict.fromkeys(each["p"].split(", ")[1] for each in json.loads(text.screen.marks))
    assert list(panel) == ["ReLU", "tanh", "sigmoid"]


@pytest.mark.parametrize("name", NAMES)
def test_every_figure_can_be_read(name: str) -> None:
    """Marks inside of the drawing, few bytes, each with a value, no NaN; the same when repeated."""
    figure, text = written_of(name)
    series = json.loads(text.screen.marks)
    assert series
    assert len(text.screen.marks.encode()) < 20_000
    assert "nan" not in text.screen.marks.lower()
    for each in series:
        places = np.asarray(each["at"], dtype=float).reshape(-1, 2)
        assert len(places) == len(each["a"]) == len(each["b"])
        assert all(each["b"])
        assert (places >= 0).all()
        assert (places <= [figure.bbox.width, figure.bbox.height]).all()
    assert written(load(name).draw(whole())).screen.marks == text.screen.marks


def symbols(svg: str, variant: str) -> list[tuple[float, float]]:
    """Where the markers of a variant stand in the drawing itself."""
    groups = re.findall(rf'<g data-variant="{variant}">(.*?)</g>\n</g>', svg, re.S)
    found = re.findall(r'<use [^>]*x="([\d.-]+)" y="([\d.-]+)"', "".join(groups))
    return [(float(x), float(y)) for x, y in found if x != "0"]  # a band is placed at the corner


@pytest.mark.parametrize("name", ["loss", "propagation", "depth", "weight-sd", "glorot"])
def test_every_marker_has_its_mark(name: str) -> None:
    """Each symbol in the SVG has a mark within a tenth of a unit."""
    _, text = written_of(name)
    series = json.loads(text.screen.marks)
    markers = symbols(text.whole, "glorotuniform" if name == "glorot" else "henormal")
    assert markers
    known = np.concatenate([np.asarray(each["at"]).reshape(-1, 2) for each in series])
    for place in markers:
        assert np.abs(known - place).max(axis=1).min() < 0.11


def test_seeds_are_whole_numbers_and_epochs_are_said_as_such() -> None:
    """No reading has "seed 2.0" or "Epochs: 0: 1" in it."""
    for name in NAMES:
        _, text = written_of(name)
        says = [at for each in json.loads(text.screen.marks) for at in each["a"]]
        assert not [at for at in says if re.search(r"[Ss]eed \d+\.|Epochs:", at)], name
