"""What holds for every figure, whatever study it is drawn from."""

import dataclasses
import re
import warnings
from collections.abc import Iterator
from itertools import combinations
from typing import Any
from xml.etree import ElementTree as ET

import pytest

from analysis.errors import ReportError
from analysis.results.frames import Results
from analysis.study.names import slug
from report.figures.draw.style import GRID, INK, MUTED, PAPER, variant_style
from report.figures.registry import FIGURES, render_svg
from tests.made.studies import load_study
from tests.made.synthetic import results_of
from tests.report.drawn import STUDY, quick, text_boxes, whole

EXPERIMENT = {
    "accuracy": "base", "loss": "base", "test-accuracy": "base", "weight-sd": "base",
    "propagation": "propagation", "gradients": "propagation", "activations": "propagation",
    "glorot": "glorot", "scale": "scale", "depth": "depth", "thirty-layers": "depth",
    "activation-heatmap": "activation", "symmetry": "symmetry", "chaos": "chaos", "gain": "gain",
    "dynamics": "dynamics",
}  # fmt: skip
"""The one experiment that each figure shows."""
TRAINED = ("accuracy", "scale", "depth", "thirty-layers", "activation-heatmap", "symmetry", "gain")
NOT_BASE = [name for name, experiment in EXPERIMENT.items() if experiment != "base"]
ONE = (
    "experiments.propagation.sweep={\"network.activation\" = [\"sigmoid\"]}",
    "experiments.propagation.network.hidden=\"3 x 8\"",
    "experiments.depth.sweep={\"network.hidden\" = [\"7 x 8\"]}",
    "experiments.chaos.sweep={\"variants.Normal.scale\" = [3.0], \"network.hidden\" = [\"5 x 8\"]}",
    "experiments.activation.sweep={\"network.hidden\" = [\"2 x 8\"]}",
    "experiments.scale.sweep={\"variants.RandomNormal.stddev\" = [0.05]}",
)  # fmt: skip
"""Every sweep shrunk to a single point."""


@pytest.fixture(autouse=True)
def _no_warning() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


@pytest.fixture(scope="module")
def single() -> Results:
    """One point, one seed of each experiment."""
    return results_of(load_study("quick", ONE))


@pytest.fixture(scope="module")
def again() -> Results:
    """The small study, made up anew."""
    return results_of(load_study("quick"))


@pytest.fixture(scope="module")
def lost() -> Results:
    """The small study, in which every trained run has diverged."""
    return results_of(load_study("quick"), law=lambda run: None)


def test_the_registry_has_the_figures_that_answers_may_name() -> None:
    """Every name is known here with its experiment, and none has been left out."""
    assert set(FIGURES) == set(EXPERIMENT)


def test_a_map_needs_its_axis() -> None:
    """A study that no longer sweeps over the scale is told so, not drawn wrongly."""
    results = dataclasses.replace(quick(), runs=quick().runs.drop(columns="scale"))
    with pytest.raises(ReportError, match="'gain' does not sweep over scale"):
        FIGURES["gain"].draw(results)


@pytest.mark.parametrize("study", [whole, quick])
@pytest.mark.parametrize("name", NOT_BASE)
def test_no_text_overlaps_another(name: str, study: Any) -> None:
    """Ticks, titles, legend, cells and notes keep clear of each other and inside the figure."""
    figure = FIGURES[name].draw(study())
    boxes = text_boxes(figure)
    page = figure.bbox.padded(1)
    for text, box in boxes:
        assert page.x0 <= box.x0, f"{text!r} leaves the figure on the left"
        assert box.x1 <= page.x1, f"{text!r} leaves the figure on the right"
        assert page.y0 <= box.y0, f"{text!r} leaves the figure below"
        assert box.y1 <= page.y1, f"{text!r} leaves the figure above"
    for (one, a), (other, b) in combinations(boxes, 2):
        assert not a.overlaps(b), f"{one!r} overlaps {other!r}"


@pytest.mark.parametrize("name", FIGURES)
def test_an_svg_is_light_and_ready_for_a_page(name: str) -> None:
    """No ground, no style sheet, text as outlines, only the experiment's variants, whole links."""
    svg = render_svg(name, whole())
    root = ET.fromstring(svg)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert len(svg.encode()) < 60_000
    for absent in ("<style", " style=", "<text", "<image", "#ffffff", "<metadata", "matplotlib"):
        assert absent not in svg.lower()
    marked = {each.get("data-variant") for each in root.iter()} - {None}
    variants = whole().study.experiments[EXPERIMENT[name]].variants
    assert marked
    assert marked <= {slug(variant.name) for variant in variants}
    known = {each.get("id") for each in root.iter()} - {None}
    assert set(re.findall(r'(?:href="|url\()#([^")]+)', svg)) == known


@pytest.mark.parametrize("name", ["propagation", "thirty-layers", "chaos", "dynamics"])
def test_the_same_results_give_the_same_bytes(again: Results, name: str) -> None:
    """Drawn from results made anew, a figure and its words are equal to the last character."""
    assert render_svg(name, quick()) == render_svg(name, again)
    assert FIGURES[name].alt(quick()) == FIGURES[name].alt(again)


@pytest.mark.parametrize("name", NOT_BASE)
def test_a_single_point_can_be_drawn(single: Results, name: str) -> None:
    """One seed, one depth, one scale, one activation: still a figure and words for it."""
    ET.fromstring(render_svg(name, single))
    assert FIGURES[name].alt(single).endswith(".")


@pytest.mark.parametrize("name", TRAINED)
def test_lost_runs_can_be_drawn(lost: Results, name: str) -> None:
    """Where every run diverged there still is a figure, and words that know no number for it."""
    ET.fromstring(render_svg(name, lost))
    assert "nan" not in FIGURES[name].alt(lost)


@pytest.mark.parametrize("name", FIGURES)
def test_a_missing_experiment_is_named(name: str) -> None:
    """A figure without its experiment is an error that names it, in the drawing and the words."""
    experiment = EXPERIMENT[name]
    frames = {
        each: getattr(quick(), each)[getattr(quick(), each)["experiment"] != experiment]
        for each in ("runs", "epochs", "curves", "layers", "histograms")
    }
    results = dataclasses.replace(quick(), **frames)
    for make in (render_svg, _words):
        with pytest.raises(ReportError, match=f"no results of the experiment '{experiment}'"):
            make(name, results)


def _words(name: str, results: Results) -> str:
    return FIGURES[name].alt(results)


@pytest.mark.parametrize(
    ("name", "setting", "reason"),
    [
        ("thirty-layers", "experiments.depth.curve_points=0", "'depth' has no curves"),
        ("glorot", 'experiments.glorot.measure=["weights"]', "'glorot' has not measured mean_sq"),
        ("dynamics", 'experiments.dynamics.measure=["weights"]', "'dynamics' has no histograms"),
    ],
)
def test_what_was_not_measured_is_named(name: str, setting: str, reason: str) -> None:
    """An experiment that leaves out what a figure needs is an error that says what to add."""
    results = results_of(load_study("quick", [setting]))
    with pytest.raises(ReportError, match=reason):
        render_svg(name, results)


def test_a_variant_looks_the_same_in_every_experiment() -> None:
    """All variants of all experiments have a look; the study's own keep theirs, whatever follows.

    No two share a colour, and none has the colour of ink, grid or paper.
    """
    study = load_study(STUDY)
    looks = variant_style(study)
    for experiment in study.experiments.values():
        assert {variant.name for variant in experiment.variants} <= looks.keys()
    assert len({look.colour for look in looks.values()}) == len(looks)
    assert not {look.colour for look in looks.values()} & {INK, MUTED, GRID, PAPER}
    alone = variant_style(study.model_copy(update={"experiments": {}}))
    assert all(looks[name] == look for name, look in alone.items())
