"""The kernels themselves: their spread beside its formula, their units and ranks."""

import re

import numpy as np
import pytest

from analysis.study.names import slug
from report.figures import load
from report.figures.draw import longform
from report.figures.draw.style import INK
from tests.made.results.synthetic import synthetic_results
from tests.made.sites.drawn import base, figure_of, lines, whole, xs, ys


def test_sampled_sd_stands_beside_its_formula() -> None:
    """He's three layers at their means; formula strokes at √(2/784), √(2/128), √(2/64)."""
    (axes,) = figure_of("weight-sd", base()).axes
    dots = [ys(line)[0] for line in lines(axes, "HeNormal") if len(ys(line)) == 1]
    layers = base().layers
    own = layers[(layers["variant"] == "HeNormal") & (layers["moment"] == "initial")]
    assert dots == pytest.approx(own.groupby("layer")["kernel_sd"].mean().tolist())
    strokes = {round(float(ys(line)[0]), 5) for line in axes.lines if line.get_color() == INK}
    assert {0.05051, 0.125, 0.17678, 0.04683, 0.10206, 0.1644, 0.05} <= strokes


def test_alt_text_of_the_weights_tells_sampled_and_formula() -> None:
    """Layer by layer both numbers; of Zeros, why it is not on the axis."""
    text = load("weight-sd").alt_text(base())
    assert "(formula 0.05051)" in text
    assert "(formula 0.1768)" in text
    assert "Zeros has a standard deviation of 0 in every layer" in text


def test_every_formula_belongs_to_its_variant() -> None:
    """Isolated on a page, a variant leaves no stroke of another's formula behind."""
    axes = figure_of("weight-sd", whole()).axes[0]
    strokes = [line for line in axes.lines if line.get_linewidth() == 1.6]
    data = load("weight-sd").rows(whole())
    rows = data[(data["kind"] == longform.THEORY) & (data["value"] > 0)]
    found = [(line.get_gid(), float(np.asarray(line.get_ydata())[0])) for line in strokes]
    assert sorted(found) == sorted(
        (f"variant-{slug(str(variant))}", value)
        for variant, value in zip(rows["variant"], rows["value"], strict=True)
    )


def test_symmetry_counts_units_and_ranks_of_each_kernel() -> None:
    """Distinct units above, ranks below, a column a layer; He's stay 128, 64 and 10."""
    axes = figure_of("symmetry", whole()).axes
    assert len(axes) == 6
    for row in (axes[:3], axes[3:]):
        for each, count in zip(row, (128, 64, 10), strict=True):
            (line,) = lines(each, "HeNormal")
            assert set(ys(line)) == {count}


OWN_OUTPUT = [
    {"name": "Plain", "initializer": "HeNormal"},
    {"name": "Other", "initializer": "HeNormal", "output": "LecunNormal"},
    {"name": "Flat", "initializer": "HeNormal", "output": "Zeros"},
]


def test_the_formula_of_the_output_kernel_is_that_of_its_own_initializer() -> None:
    """LeCun's √(1/64) and zero stand where He's √(2/64) would, in the rows and in the words."""
    results = synthetic_results(OWN_OUTPUT, seeds=2, epochs=1)
    data = load("weight-sd").rows(results)
    closed = data[(data["kind"] == longform.THEORY) & (data["layer"] == 3)]
    found = dict(zip(closed["variant"].astype(str), closed["value"], strict=True))
    assert found == pytest.approx({"Plain": 32**-0.5, "Other": 64**-0.5, "Flat": 0.0})
    words = load("weight-sd").alt_text(results)
    other = words.split("Other: ")[1].split(". ")[0]
    assert re.search(r"layer 3 0\.1\d+ \(formula 0\.125\)", other)
    assert "Flat has a standard deviation of 0 in layer 3, which a log axis cannot show." in words


def test_a_kernel_without_spread_is_marked_and_named() -> None:
    """Its own mark at the foot of the axes, and the note that says what it stands for."""
    figure = figure_of("weight-sd", synthetic_results(OWN_OUTPUT, seeds=2, epochs=1))
    foot = figure.axes[0].get_xaxis_transform()
    marks = [line for line in lines(figure.axes[0], "Flat") if line.get_transform() == foot]
    assert [round(float(xs(line)[0])) for line in marks] == [3]
    (key,) = (each for each in figure.legends[0].get_lines() if each.get_gid() == "legend-flat")
    assert {line.get_marker() for line in marks} == {key.get_marker()}
    assert "Flat has a standard deviation of 0 in layer 3" in figure.get_supxlabel()


def test_only_lines_that_meet_are_moved_apart() -> None:
    """A line alone stands at its counts; those with a count in common stand about it, apart."""
    figure = load("symmetry")
    rows = figure.rows(whole())
    rows["value"] = rows["value"].where(rows["variant"] != "HeNormal", 3.0)
    alone = 0
    for axes in figure.draw(whole(), data=rows).figure.axes:
        lifts = {}
        for line in axes.lines:
            place = (float(xs(line)[0]), float(ys(line)[0]))
            drawn, true = line.get_transform().transform(place), axes.transData.transform(place)
            lifts[line] = round(float(drawn[1] - true[1]), 3)
            assert drawn[0] == pytest.approx(true[0])
        for line, lift in lifts.items():
            met = {other for other in lifts if (xs(other) == xs(line)).all()
                   and (ys(other) == ys(line)).any()}  # fmt: skip
            if met == {line}:
                alone += 1
                assert lift == 0
            else:
                assert len({lifts[other] for other in met}) == len(met)
        assert sum(lifts.values()) == pytest.approx(0, abs=0.01)
    assert alone >= 6, alone
