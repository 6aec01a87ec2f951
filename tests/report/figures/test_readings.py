"""What can be read off a figure stands where it is drawn, and is what its data have."""

import csv
import json
import math
import re
from io import StringIO
from typing import Any

import numpy as np
import pandas as pd
import pytest
from matplotlib.figure import Figure
from matplotlib.lines import Line2D

from analysis.study.names import slug
from report.figures.draw import panels, readings, tidy
from report.figures.draw.readings import Point
from report.figures.registry import FIGURES, Drawing, drawing
from tests.report.drawn import quick, whole


def test_a_place_is_where_the_scale_puts_it() -> None:
    """Axes from 20 to 80 units, 0 to 10 across and 1 to 100 up on a log scale: known to a tenth."""
    figure = Figure(figsize=(100 / 72, 100 / 72), dpi=72)
    axes = figure.add_axes((0.2, 0.2, 0.6, 0.6))
    axes.set_xlim(0, 10)
    axes.set_yscale("log")
    axes.set_ylim(1, 100)
    read = [Point(0, 1, "a", "1"), Point(5, 10, "b", "2", "1 to 3"), Point(10, 100, "c", "3")]
    readings.note(axes, "He Normal", "Panel", "one seed", [*read, Point(math.nan, 1, "d", "4")])
    panels.as_svg(figure)
    (series,) = json.loads(readings.as_json(figure))
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
    readings.note(axes, "V", "", "", [Point(1, 0.75, "", "")])
    assert readings.placed(figure, readings.collect(figure)[0]) == [(72.0, 18.0)]


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (0.0, "0"),
        (-1.25, "\u22121.25"),
        (0.050507, "0.05051"),
        (1.6e-27, "1.60\u00a0×\u00a010⁻²⁷"),
        (-2.5e7, "\u22122.50\u00a0×\u00a010⁷"),
    ],
)
def test_a_number_is_written_as_one_writes_it(value: float, text: str) -> None:
    """Four digits, a true minus, and powers of ten where there are many zeros."""
    assert readings.plain(value) == text


def drawn(name: str) -> tuple[Figure, Drawing]:
    """A figure of the whole study, and how it is written."""
    figure = FIGURES[name].draw(whole())
    return figure, drawing(figure)


def test_panels_are_read_as_lines_of_a_page_are() -> None:
    """From the top to the bottom, and from left to right, whatever was made first."""
    _, written = drawn("propagation")
    panel = dict.fromkeys(each["p"].split(", ")[1] for each in json.loads(written.marks))
    assert list(panel) == ["ReLU", "tanh", "sigmoid"]


@pytest.mark.parametrize("name", FIGURES)
def test_every_figure_can_be_read(name: str) -> None:
    """Marks inside of the drawing, few bytes, each with a value, no NaN; the same when repeated."""
    figure, written = drawn(name)
    series = json.loads(written.marks)
    assert series
    assert len(written.marks.encode()) < 14_000
    assert "nan" not in written.marks.lower()
    for each in series:
        places = np.asarray(each["at"], dtype=float).reshape(-1, 2)
        assert len(places) == len(each["a"]) == len(each["b"])
        assert all(each["b"])
        assert (places >= 0).all()
        assert (places <= [figure.bbox.width, figure.bbox.height]).all()
    assert drawing(FIGURES[name].draw(whole())).marks == written.marks


def symbols(svg: str, variant: str) -> list[tuple[float, float]]:
    """Where the markers of a variant stand in the drawing itself."""
    groups = re.findall(rf'<g data-variant="{variant}">(.*?)</g>\n</g>', svg, re.S)
    found = re.findall(r'<use [^>]*x="([\d.-]+)" y="([\d.-]+)"', "".join(groups))
    return [(float(x), float(y)) for x, y in found if x != "0"]  # a band is placed at the corner


@pytest.mark.parametrize("name", ["loss", "propagation", "depth", "weight-sd", "glorot"])
def test_every_marker_has_its_mark(name: str) -> None:
    """Each symbol in the SVG has a mark within a tenth of a unit."""
    _, written = drawn(name)
    series = json.loads(written.marks)
    markers = symbols(written.whole, "glorotuniform" if name == "glorot" else "henormal")
    assert markers
    known = np.concatenate([np.asarray(each["at"]).reshape(-1, 2) for each in series])
    for place in markers:
        assert np.abs(known - place).max(axis=1).min() < 0.11


def test_values_are_those_of_the_frame() -> None:
    """The readings of HeNormal's validation loss are the means over seeds, worked out here."""
    _, written = drawn("loss")
    (series,) = (
        each
        for each in json.loads(written.marks)
        if each["v"] == "henormal" and each["p"] == "Validation loss (nats)"
    )
    epochs = whole().epochs
    own = epochs[(epochs["experiment"] == "base") & (epochs["variant"] == "HeNormal")]
    wide = own.pivot(index="seed", columns="epoch", values="val_loss")
    assert [float(text) for text in series["b"]] == pytest.approx(wide.mean().tolist(), rel=1e-3)
    ends = [[float(end) for end in text.split(" to ")] for text in series["r"]]
    assert [low for low, _ in ends] == pytest.approx(wide.min().tolist(), rel=1e-3)
    assert [high for _, high in ends] == pytest.approx(wide.max().tolist(), rel=1e-3)
    assert series["a"] == [f"Epoch {epoch}" for epoch in wide.columns]


@pytest.mark.parametrize("name", FIGURES)
def test_a_csv_reads_back_as_the_frame(name: str) -> None:
    """Numbers in full: what is written is to the bit what is drawn."""
    data = FIGURES[name].data(quick())
    text = data.to_csv(index=False, lineterminator="\n")
    back = pd.read_csv(StringIO(text))
    assert list(back.columns) == list(data.columns)
    for column in data.columns:
        if data[column].dtype.kind == "f":
            kept = back[column].astype(float).to_numpy()
            assert np.array_equal(kept, data[column].to_numpy(dtype=float), equal_nan=True)


@pytest.mark.parametrize("name", FIGURES)
def test_what_is_drawn_is_in_the_data(name: str) -> None:
    """Each height of a variant's line, dot or cell is a number of the CSV file."""
    text = FIGURES[name].data(whole()).to_csv(index=False)
    numbers = {
        float(cell)
        for row in csv.DictReader(StringIO(text))
        for cell in row.values()
        if re.fullmatch(r"-?[\d.]+(e-?\d+)?", cell or "")
    }
    known = np.array(sorted(numbers))
    axis = 0 if name == "test-accuracy" else 1
    for heights in shown(FIGURES[name].draw(whole()), axis):
        nearest = np.abs(known[:, None] - heights[None, :]).min(axis=0)
        assert (nearest <= 1e-9 * np.maximum(1, np.abs(heights))).all()


def shown(figure: Figure, axis: int) -> list[np.ndarray]:
    """The values of every line that belongs to a variant; ridges are left to their own test."""
    found = []
    for axes in figure.axes:
        for line in axes.lines:
            plain = line.get_transform() == axes.transData
            if plain and str(line.get_gid()).startswith("variant-") and not ridge(axes, line):
                values = np.asarray(line.get_xydata(), dtype=float)[:, axis]
                found.append(values[np.isfinite(values)])
    return found


def ridge(axes: Any, line: Line2D) -> bool:
    """Whether a line is the stroke of a distribution that is narrower than a hair."""
    return bool(axes.patches) or (
        len(set(np.asarray(line.get_xdata(), dtype=float))) == 1
        and (axes.get_ylim()[1] == pytest.approx(1.4))
    )


def test_a_ridge_is_the_histogram_of_the_first_seed() -> None:
    """The shares in the CSV are those stored, over the second fullest bin and at most one."""
    data = FIGURES["dynamics"].data(whole())
    own = data[(data["panel"] == "Layer 1") & (data["variant"] == "HeNormal")]
    own = own[own["epoch"] == own["epoch"].iloc[0]]
    stored = whole().histograms
    stored = stored[(stored["experiment"] == "dynamics") & (stored["variant"] == "HeNormal")]
    stored = stored[(stored["quantity"] == "sum") & (stored["layer"] == 1)]
    row = stored[(stored["seed"] == 0) & (stored["progress"] == 0)].iloc[0]
    shares = np.array(json.loads(row["shares"]))
    expected = np.minimum(shares / sorted(shares)[-2], 1)
    assert set(np.round(own["value"], 9)) <= set(np.round(expected, 9))


def test_a_lone_quantity_keeps_the_columns_of_an_empty_part() -> None:
    """Where every seed is lost there are no rows of seeds, and still a column for them."""
    means = pd.DataFrame({"variant": ["A"], "value": [1.0], "kind": ["mean"], "quantity": ["q"]})
    seeds = pd.DataFrame({"variant": [], "seed": [], "value": [], "kind": [], "quantity": []})
    assert list(tidy.joined(means, seeds).columns) == [
        "quantity", "kind", "variant", "seed", "value",
    ]  # fmt: skip


def test_seeds_are_whole_numbers_and_epochs_are_said_as_such() -> None:
    """No reading has "seed 2.0" or "Epochs: 0: 1" in it."""
    for name in FIGURES:
        _, written = drawn(name)
        says = [at for each in json.loads(written.marks) for at in each["a"]]
        assert not [at for at in says if re.search(r"[Ss]eed \d+\.|Epochs:", at)], name


def test_every_formula_belongs_to_its_variant() -> None:
    """Isolated on a page, a variant leaves no stroke of another's formula behind."""
    axes = FIGURES["weight-sd"].draw(whole()).axes[0]
    strokes = [line for line in axes.lines if line.get_linewidth() == 1.6]
    data = FIGURES["weight-sd"].data(whole())
    rows = data[(data["kind"] == tidy.THEORY) & (data["value"] > 0)]
    found = [(line.get_gid(), float(np.asarray(line.get_ydata())[0])) for line in strokes]
    assert sorted(found) == sorted(
        (f"variant-{slug(str(variant))}", value)
        for variant, value in zip(rows["variant"], rows["value"], strict=True)
    )


@pytest.mark.parametrize("name", ["accuracy", "loss"])
@pytest.mark.parametrize("view", ["training", "validation"])
def test_a_view_is_one_panel_of_the_figure(name: str, view: str) -> None:
    """The same lines on the same heights as in the figure of both, at twice the width."""
    both, alone = FIGURES[name].draw(whole()), FIGURES[name].draw(whole(), view)
    titles = [axes.get_title(loc="left") for axes in alone.axes]
    assert [title.split()[0].lower() for title in titles if title] == [view]
    words = FIGURES[name].alt(whole(), view)
    assert words.startswith(f"Line chart of {view} {name} over")
    absent = {"training": "alidation", "validation": "raining"}[view]
    assert absent not in words
    assert words.split(". ", 1)[1].split(". ")[0] in FIGURES[name].alt(whole())
    panels.as_svg(both)
    panels.as_svg(alone)
    (left, *_), (wide, *_) = both.axes, alone.axes
    assert wide.get_ylim() == left.get_ylim()
    assert wide.get_position().width > 1.8 * left.get_position().width
    twin = next(a for a in both.axes if a.get_title(loc="left") == titles[0])
    for one, other in zip(wide.lines, twin.lines, strict=True):
        assert np.array_equal(one.get_xydata(), other.get_xydata(), equal_nan=True)


def test_the_seeds_are_drawn_for_a_page_and_not_for_paper() -> None:
    """A page may show a line a seed in place of the band; the file has the band alone."""
    _, written = drawn("accuracy")
    assert 'data-spread="seeds"' in written.screen
    assert 'data-spread="seeds"' not in written.whole
    assert 'data-spread="band"' in written.whole
    seeds = next(
        line
        for line in FIGURES["accuracy"].draw(whole()).axes[0].lines
        if line.get_gid() == "variant-henormal--seeds"
    )
    values = np.asarray(seeds.get_ydata(), dtype=float)
    own = whole().epochs[whole().epochs["experiment"] == "base"]
    own = own[own["variant"] == "HeNormal"].sort_values(["seed", "epoch"])
    assert values[np.isfinite(values)] == pytest.approx(100 * own["accuracy"].to_numpy())
    assert np.isnan(values).sum() == own["seed"].nunique()
