"""What holds for every figure, whatever study it is drawn from."""

import re
import subprocess
import sys
from importlib import import_module
from xml.etree import ElementTree as ET

import pytest

from analysis.claims.testing import declarations
from analysis.errors import ReportError
from analysis.results.frames import Results
from analysis.study.names import slug
from build import ROOT
from report.figures import NAMES, REGISTRY, load, title
from tests.made.results.studies import load_study
from tests.made.results.synthetic import results_of, synthetic_results, without
from tests.made.sites.desk import claim
from tests.made.sites.drawn import (
    BASE,
    EXPERIMENT,
    NOT_BASE,
    ODD,
    VARIANTS,
    base,
    odd,
    quick,
    svg_of,
    whole,
)

TRAINED = (
    *("accuracy", "scale", "depth", "thirty-layers", "activation-heatmap", "symmetry", "gain"),
    *("late", "fair", "rates", "stacks", "fashion"),
)
ONE = (
    "experiments.propagation.sweep={\"network.activation\" = [\"sigmoid\"]}",
    "experiments.propagation.network.hidden=\"3 x 8\"",
    "experiments.depth.sweep={\"network.hidden\" = [\"7 x 8\"]}",
    "experiments.chaos.sweep={\"variants.Normal.scale\" = [3.0], \"network.hidden\" = [\"5 x 8\"]}",
    "experiments.activation.sweep={\"network.hidden\" = [\"2 x 8\"]}",
    "experiments.scale.sweep={\"variants.RandomNormal.stddev\" = [0.05]}",
    "experiments.late.sweep={\"network.hidden\" = [\"7 x 8\"]}",
    "experiments.fair.sweep={\"network.hidden\" = [\"7 x 8\"]}",
    "experiments.rates.sweep={\"network.hidden\" = [\"7 x 8\"]}",
    "experiments.stacks.sweep={\"network.residual\" = [true]}",
    "experiments.spread.sweep={\"network.hidden\" = [\"3 x 8\"]}",
)  # fmt: skip
"""Every sweep shrunk to a single point."""


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
    assert set(NAMES) == set(EXPERIMENT)
    assert {name: load(name).experiment for name in NAMES} == EXPERIMENT
    for module in {entry.module for entry in REGISTRY.values()}:
        own = import_module(f"report.figures.{module}").FIGURES
        assert set(own) == {name for name in NAMES if REGISTRY[name].module == module}


def test_a_title_states_a_finding_only_beside_a_supported_claim() -> None:
    """Under every other verdict, and where the claim was not tested, it says what is shown."""
    shows, finds = REGISTRY["late"].shows, REGISTRY["late"].finds
    for verdict, expected in (
        ("supported", finds), ("contradicted", shows), ("inconclusive", shows),
    ):  # fmt: skip
        tested = {"glorot-is-later": claim(id="glorot-is-later", verdict=verdict)}
        assert title("late", tested) == expected
    assert title("late", {}) == shows
    assert title("dynamics", {}) == REGISTRY["dynamics"].shows


def test_every_title_that_finds_something_names_a_claim_that_exists() -> None:
    """And no claim is named without a finding."""
    known = {each.id for each in declarations()}
    for entry in REGISTRY.values():
        assert bool(entry.claim) == bool(entry.finds)
        assert not entry.claim or entry.claim in known


@pytest.mark.parametrize("name", NAMES)
def test_an_svg_is_light_and_ready_for_a_page(name: str) -> None:
    """No ground, no style sheet, text as outlines, only the experiment's variants, whole links."""
    marked = marked_variants(svg_of(name, whole()))
    variants = whole().study.experiments[EXPERIMENT[name]].variants
    assert marked
    assert marked <= {slug(variant.name) for variant in variants}


def marked_variants(svg: str) -> set[str | None]:
    """Return the variants that an SVG marks, having checked that it is light and fit for a page."""
    root = ET.fromstring(svg)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert len(svg.encode()) < 70_000
    for absent in ("<style", " style=", "<text", "<image", "#ffffff", "<metadata", "matplotlib"):
        assert absent not in svg.lower()
    known = {each.get("id") for each in root.iter()} - {None}
    assert set(re.findall(r'(?:href="|url\()#([^")]+)', svg)) == known
    return {each.get("data-variant") for each in root.iter()} - {None}


@pytest.mark.parametrize("name", ["propagation", "thirty-layers", "chaos", "dynamics"])
def test_the_same_results_give_the_same_bytes(again: Results, name: str) -> None:
    """Drawn from results made anew, a figure and its words are equal to the last character."""
    assert svg_of(name, quick()) == svg_of(name, again)
    assert load(name).alt_text(quick()) == load(name).alt_text(again)


@pytest.mark.parametrize("name", NOT_BASE)
def test_a_single_point_can_be_drawn(single: Results, name: str) -> None:
    """One seed, one depth, one scale, one activation: still a figure and words for it."""
    ET.fromstring(svg_of(name, single))
    assert load(name).alt_text(single).endswith(".")


@pytest.mark.parametrize("name", TRAINED)
def test_lost_runs_can_be_drawn(lost: Results, name: str) -> None:
    """Where every run diverged there still is a figure, and words that know no number for it."""
    ET.fromstring(svg_of(name, lost))
    assert "nan" not in load(name).alt_text(lost)


@pytest.mark.parametrize("name", NAMES)
def test_a_missing_experiment_is_named(name: str) -> None:
    """A figure without its experiment is an error that names it, in the drawing and the words."""
    experiment = EXPERIMENT[name]
    for make in (svg_of, _alt):
        with pytest.raises(ReportError, match=f"no results of the experiment '{experiment}'"):
            make(name, without(quick(), experiment))


def _alt(name: str, results: Results) -> str:
    return load(name).alt_text(results)


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
        svg_of(name, results)


@pytest.mark.parametrize("case", ODD)
@pytest.mark.parametrize("name", BASE)
def test_any_study_has_words(name: str, case: str) -> None:
    """Few or many seeds, epochs, variants and layers, and lost runs: a sentence, without NaN."""
    text = load(name).alt_text(odd(case))
    assert text.endswith(".")
    assert "nan" not in text


@pytest.mark.parametrize("name", BASE)
def test_the_base_study_made_anew_gives_the_same_bytes(name: str) -> None:
    """Equal to the last one, lighter than a large study's, and each of the four is marked."""
    svg = svg_of(name, base())
    assert len(svg.encode()) < 62_000
    assert svg == svg_of(name, synthetic_results())
    assert marked_variants(svg) == {slug(variant) for variant in VARIANTS}


def test_the_names_of_figures_are_known_without_what_draws_them() -> None:
    """Who asks for names loads no matplotlib, pandas and their like, which come with a figure."""
    heavy = "{'matplotlib', 'pandas', 'numpy', 'scipy', 'statsmodels'}"
    code = f"import sys; import report.figures.draw.drawn; print({heavy} & {{*sys.modules}})"
    found = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert found.stdout.strip() == "set()"
