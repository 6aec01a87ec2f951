"""A figure is drawn again where something it follows from has changed, and only there."""

import dataclasses
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from analysis.results.cache import Cache
from analysis.results.frames import Results
from build import ROOT
from report import figures
from report.document.catalogue import Catalogue
from report.figures.draw.drawn import from_json
from report.tables.table import Verdict
from tests.made.sites.copied import copied
from tests.made.sites.desk import claim
from tests.made.sites.drawn import quick

INTO_FRAMES = ("analysis.errors", "analysis.plan", "analysis.data", "analysis.results")
"""What a figure is loaded with although its rows, drawing and words do not follow from it."""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A copy of the code, to change lines in."""
    return copied(tmp_path, "analysis", "report", data=False)


def keys(root: Path, results: Results | None = None) -> dict[str, str]:
    """The key of each figure in the cache."""
    catalogue = Catalogue(results or quick(), {}, Cache(None), "inputs", root)
    return {name: catalogue.figure_key(name) for name in figures.NAMES}


def changed(root: Path, file: str) -> set[str]:
    """The figures whose key a comment more in a file changes."""
    before = keys(root)
    with (root / file).open("a", encoding="utf-8") as source:
        source.write("# A remark.\n")
    after = keys(root)
    return {name for name in figures.NAMES if before[name] != after[name]}


@pytest.mark.parametrize(
    "file",
    [
        "report/output/site/build.py",
        "report/prose/calls.py",
        "report/document/catalogue.py",
        "analysis/training/engine.py",
        "analysis/results/stored/store.py",
    ],
)
def test_a_change_elsewhere_leaves_every_figure_as_it_is(root: Path, file: str) -> None:
    """Output, prose, document and training are on no figure's way."""
    assert changed(root, file) == set()


def test_a_change_of_its_module_draws_a_figure_again(root: Path) -> None:
    """Those of the module, and no other."""
    own = {name for name, entry in figures.REGISTRY.items() if entry.module == "curves"}
    assert changed(root, "report/figures/curves.py") == own


@pytest.mark.parametrize(
    "file",
    [
        "report/figures/draw/layout.py",
        "report/words/numbers.py",
        "analysis/statistics/comparisons.py",
        "analysis/results/select.py",
        "analysis/study/initializers.py",
    ],
)
def test_a_change_of_what_all_share_draws_every_figure_again(root: Path, file: str) -> None:
    """How they are drawn, how things are written, and what makes their rows."""
    assert changed(root, file) == set(figures.NAMES)


def test_a_number_draws_figures_again_and_a_commit_does_not() -> None:
    """The last digit of one accuracy counts; who measured it, and at which commit, does not."""
    before = keys(ROOT)
    for experiment in quick().study.experiments:
        runs = quick().runs
        first = runs.index == runs.index[runs["experiment"] == experiment][0]
        runs = runs.assign(test_accuracy=runs["test_accuracy"].fillna(0) + 1e-4 * first)
        other = keys(ROOT, dataclasses.replace(quick(), runs=runs))
        own = {name for name in figures.NAMES if figures.load(name).experiment == experiment}
        assert own <= {name for name in figures.NAMES if before[name] != other[name]}
    elsewhere = dataclasses.replace(quick(), provenance={"commit": "another"})
    assert keys(ROOT, elsewhere) == before


def test_another_experiment_draws_no_figure_again() -> None:
    """One accuracy of the comparison moves: its own figures are others, and no other figure is."""
    runs = quick().runs
    first = runs.index == runs.index[runs["experiment"] == "base"][0]
    runs = runs.assign(test_accuracy=runs["test_accuracy"] + 1e-4 * first)
    before, after = keys(ROOT), keys(ROOT, dataclasses.replace(quick(), runs=runs))
    other = {name for name in figures.NAMES if before[name] != after[name]}
    assert other == {"accuracy", "loss", "test-accuracy", "weight-sd"}


def test_the_epochs_of_the_comparison_draw_its_figures_again_and_no_others() -> None:
    """What an experiment sets itself is no other where the study's own setting changes."""
    study = quick().study
    training = study.training.model_copy(update={"epochs": study.training.epochs + 1})
    study = study.model_copy(update={"training": training})
    assert keys(ROOT, dataclasses.replace(quick(), study=study)) == keys(ROOT)


@pytest.mark.parametrize("name", figures.NAMES)
def test_a_figure_follows_from_its_own_experiment_alone(name: str) -> None:
    """Given all results, and given those of its experiment, its rows and words are the same."""
    definition = figures.load(name)
    own = quick().of(definition.experiment)
    assert set(own.study.experiments) == {*own.runs["experiment"]} == {definition.experiment}
    rows = definition.rows(own)
    pd.testing.assert_frame_equal(rows, definition.rows(quick()), check_categorical=False)
    assert definition.alt_text(own, data=rows) == definition.alt_text(quick())


@pytest.mark.parametrize("name", ["accuracy", "chaos"])
def test_a_figure_follows_from_no_module_that_its_key_does_not_know(name: str) -> None:
    """Each module of the house that a figure is loaded with is in its key, or fills frames only."""
    code = f"import sys, report.figures as f; f.load({name!r}); print(*sys.modules)"
    listed = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()
    house = {each for each in listed if each.startswith(("analysis.", "report."))}
    known = {
        ".".join(file.relative_to(ROOT).with_suffix("").parts)
        for pattern in (figures.source(name), *figures.SHARED)
        for file in ROOT.glob(pattern)
    }
    assert known & house
    left = {
        each
        for each in house - known
        if not each.startswith(INTO_FRAMES) and not (ROOT / each.replace(".", "/")).is_dir()
    }
    assert left == set()


def test_a_figure_is_drawn_once_and_kept(tmp_path: Path) -> None:
    """What comes out of the cache is what was put in: views, legend, rows and words."""
    first = Catalogue(quick(), {}, Cache(tmp_path), "inputs", ROOT)
    drawn = first.figure("accuracy")
    assert from_json(drawn.as_json()) == drawn
    kept = {path for path in tmp_path.rglob("*") if path.is_file()}
    assert len(kept) == 2  # the figure, and which experiment it shows
    assert Catalogue(quick(), {}, Cache(tmp_path), "other inputs", ROOT).figure("accuracy") == drawn
    assert {path for path in tmp_path.rglob("*") if path.is_file()} == kept


def test_a_table_is_kept_with_its_cells_until_a_claim_changes(tmp_path: Path) -> None:
    """What comes out of the cache are typed cells; another verdict makes the table anew."""
    tested = claim()
    made = Catalogue(quick(), {"level": tested}, Cache(tmp_path), "inputs", ROOT).table("claims")
    again = Catalogue(quick(), {"level": tested}, Cache(tmp_path), "inputs", ROOT)
    assert again.table("claims") == made
    assert len([path for path in tmp_path.rglob("*") if path.is_file()]) == 1
    lost = {"level": dataclasses.replace(tested, verdict="contradicted")}
    anew = Catalogue(quick(), lost, Cache(tmp_path), "inputs", ROOT).table("claims")
    assert (made.rows[0][2], anew.rows[0][2]) == (
        Verdict("supported", "level"),
        Verdict("contradicted", "level"),
    )
