"""What is typed to make, in a fresh clone, to ask for what was asked for here."""

import shlex
from collections.abc import Sequence
from pathlib import Path

import pytest

from analysis.results.places import Places, Request
from analysis.study.tables import pairs


@pytest.fixture
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the folder of a project, with a folder beside it as the working one."""
    project = tmp_path / "project"
    for name in ("studies", "results/published", "notes"):
        (project / name).mkdir(parents=True)
    (tmp_path / "away").mkdir()
    monkeypatch.chdir(tmp_path / "away")
    return project


@pytest.mark.parametrize(
    ("study", "results", "words"),
    [
        (None, None, {}),
        ("quick", None, {"STUDY": "quick"}),
        ("../project/study.toml", "../project/results", {}),
        ("../project/studies/quick.toml", "published", {"STUDY": "quick", "RESULTS": "published"}),
        ("../project/notes/my study.toml", None, {"STUDY": "notes/my study.toml"}),
        ("mine.toml", "r", {"STUDY": "mine.toml"}),
        ("/nowhere/mine.toml", "/nowhere/r", {"STUDY": "mine.toml"}),
        (None, "../project/r", {"RESULTS": "r"}),
        (None, "../project/results/published", {"RESULTS": "published"}),
        (None, "../project/results/single", {"RESULTS": "results/single"}),
    ],
)
def test_make_is_told_what_is_not_the_default(
    project: Path, study: str | None, results: str | None, words: dict[str, str]
) -> None:
    """Places are those seen from the project; of one outside nothing is told but a study's name."""
    places = Places.of(project, Path.cwd())
    told = Request.typed(study, (), results).of_make(places)
    assert dict(word.split("=", 1) for word in shlex.split(told)) == words


@pytest.mark.parametrize(
    "changes",
    [
        ["seeds=5", "training.epochs=3"],
        ['network.hidden="30 x 128"', "title='It\"s $HOME'"],
        ["title=Two words", "seeds=[1, 2]"],
        ["variants.He, zero output.stddev=0.1"],
    ],
)
def test_settings_come_back_as_they_were_typed(project: Path, changes: Sequence[str]) -> None:
    """The shell takes the word apart, and the front door parts the settings again."""
    told = Request.typed(None, changes, None).of_make(Places.of(project, Path.cwd()))
    (word,) = shlex.split(told)
    assert word.startswith("SET=")
    assert pairs(word.removeprefix("SET=")) == changes
