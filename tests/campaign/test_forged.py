"""Published results that somebody has forged, all digests right, through the real front door."""

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import build
from analysis.results.frames import Results
from analysis.results.published import archive
from tests.build.door import typed
from tests.made.results import tiny
from tests.made.results.manifests import ENTRY, forge, rewrite


@pytest.fixture(scope="module")
def results(tmp_path_factory: pytest.TempPathFactory) -> Results:
    """Return made-up results of three experiments."""
    return tiny.stored_results(tmp_path_factory.mktemp("results"))


@pytest.fixture
def folder(tmp_path: Path, results: Results, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a folder with the published results, beside an empty project."""
    monkeypatch.setattr(build, "ROOT", tmp_path)
    monkeypatch.chdir(tmp_path)
    archive.write(results, {"level": ENTRY}, tmp_path / "forged")
    return Path("forged")


def refused(folder: Path, said: str) -> None:
    """Check that a report of it ends with the place and words, and blames nothing else."""
    code, out, err = typed("render", "--results", str(folder))
    assert (code, out) == (2, "")
    assert err.startswith(f"error: {folder}")
    assert said in err
    assert not Path("site").exists()


def replaced(old: str, new: str) -> Callable[[list[str]], list[str]]:
    """Return what replaces a part of the second line, the first row."""

    def change(lines: list[str]) -> list[str]:
        assert old in lines[1]
        return [lines[0], lines[1].replace(old, new, 1), *lines[2:]]

    return change


@pytest.mark.parametrize(
    ("table", "change", "said"),
    [
        ("runs", lambda lines: lines[:1], "epochs.csv: has a run 1, runs.csv has 0"),
        ("runs", lambda lines: [], "runs.csv: has not the 0 rows that manifest.json tells of"),
        ("runs", lambda lines: [*lines, lines[-1]], "runs, row 29: start,"),
        ("runs", lambda lines: [*lines[:2], lines[1], *lines[3:]], "runs, row 2: base,Zeros,0"),
        ("runs", lambda lines: [lines[0], *lines[2:4], lines[1], *lines[4:]], "runs, row 1: base"),
        ("runs", replaced(",0,", ",-7,"), "runs, row 1: base,Zeros,-7,0,1,8"),
        ("runs", replaced("base,", "bass,"), "column 'experiment': 'bass' is none of base, deep"),
        ("runs", replaced("Zeros,", ","), "column 'variant': '' is none of Zeros, HeNormal"),
        ("runs", replaced(",0,", ",x,"), "column 'seed': "),
        ("runs", replaced(",0,", ",0,0,"), "line 2 has "),
        ("runs", replaced("relu", "tanh"), "runs, row 1: base,Zeros,0,0,1,8,tanh"),
        ("epochs", lambda lines: lines[:1], "epochs: the run of base, Zeros, seed 0 has finished"),
        ("epochs", lambda lines: [*lines, lines[1]], "the row of base, Zeros, seed 0, 1 is"),
        ("epochs", lambda lines: [lines[0], *lines[2:]], "with 1 epoch instead of 2"),
        ("layers", lambda lines: lines[:1], "layers: there is no row of base, Zeros, seed 0"),
        ("layers", lambda lines: [*lines, lines[3]], "layers: the row of base, Zeros, seed 0, "),
        ("curves", lambda lines: lines[:1], "curves: there is no row of deep, Small"),
        ("layers", lambda lines: [lines[0], *lines[2:]], "at 3 places instead of 4"),
        ("first_steps", lambda lines: lines[:1], "first_steps: there is no row of base, Zeros"),
        ("first_steps", lambda lines: [lines[0], *lines[2:]], "at 4 places instead of 5"),
        ("first_steps", replaced(",1,", ",0,"), "first_steps.step = 0"),
        ("curves", lambda lines: [lines[0], *lines[2:]], "at 3 places instead of 4"),
        ("histograms", lambda lines: [row for row in lines if "during" not in row], "at 2 places"),
        ("histograms", lambda lines: lines[:1], "histograms: there is no row of deep"),
        ("histograms", lambda lines: [*lines, lines[1]], "is there twice"),
    ],
)  # fmt: skip
def test_rows_that_are_not_those_of_the_study_are_refused(
    folder: Path, table: str, change: Callable[[list[str]], list[str]], said: str
) -> None:
    """None too few, none too many, none of another run, whatever digests and counts say."""
    rewrite(folder, table, change)
    refused(folder, said)


def sizes(about: dict[str, Any]) -> dict[str, Any]:
    """Return what a manifest says of its data set."""
    found: dict[str, Any] = about["datasets"]["tiny"]
    return found


GUESS = {
    "validation_split": 0.2,
    "data_fraction": 1.0,
    "chance": 0.5,
    "loss": 0.7,
    "balanced": True,
}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda about: sizes(about).update(guessing=3), "tiny.guessing = 3: must be a list"),
        (
            lambda about: sizes(about).update(guessing=[{}]),
            "guessing.0.validation_split is missing",
        ),
        (
            lambda about: sizes(about).update(guessing=[GUESS | {"chance": 7}]),
            "guessing.0.chance = 7: must be less than or equal to 1",
        ),
        (
            lambda about: sizes(about).update(guessing=[GUESS | {"loss": math.inf}]),
            "guessing.0.loss = inf: must be a finite number",
        ),
        (
            lambda about: sizes(about).update(guessing=[GUESS | {"balanced": 1}]),
            "guessing.0.balanced = 1: must be true or false",
        ),
        (
            lambda about: sizes(about).update({"range of pixels": "0 to 7"}),
            "range of pixels = '0 to 7': must be one of '0 to 1', '0 to 255'",
        ),
        (
            lambda about: sizes(about).update({"range of pixels": [1]}),
            "range of pixels: must be text",
        ),
        (
            lambda about: sizes(about).update({"labels in the file": "\u202e"}),
            "labels in the file = '\\u202e': must be text that can be seen",
        ),
        (lambda about: sizes(about).update(classes="3"), "classes = '3': must be a whole number"),
        (lambda about: sizes(about).update(features=True), "features = true: must be a whole"),
        (
            lambda about: about["datasets"].update(more=sizes(about)),
            "datasets.more is of no experiment",
        ),
        (
            lambda about: sizes(about).update({"training and validation samples": 2}),
            "manifest.json: experiments.base: training.batch_size = 32: must be at most",
        ),
        (lambda about: about.update(commit="\x1b[31m"), "commit = '\\x1b[31m': must be text that"),
        (lambda about: about["categories"].pop("variant"), "categories.variant: must be, by the"),
        (lambda about: about["categories"]["variant"].pop(), "categories.variant: must be, by the"),
        (lambda about: about["categories"]["moment"].reverse(), "initial, during, final"),
        (
            lambda about: about["files"]["runs.csv"]["columns"].update(seed="str"),
            "files.runs.csv.columns.seed = 'str': must be int64",
        ),
        (lambda about: about["files"]["runs.csv"].update(rows=3), "has not the 3 rows"),
        (lambda about: about["claims"]["level"].update(value=math.nan), "value = nan: must be a"),
        (lambda about: about["claims"]["level"].update(n=-1), "n = -1: must be greater than or"),
        (lambda about: about["claims"]["level"].update(unit="<b>"), "unit = '<b>': must be"),
    ],
)
def test_what_a_manifest_says_is_of_its_type(
    folder: Path, change: Callable[[dict[str, Any]], object], said: str
) -> None:
    """Whoever has written it: the file and the key are named, and what would be right."""
    forge(folder / "manifest.json", change)
    refused(folder, said)
