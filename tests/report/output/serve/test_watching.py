"""What counts as a change."""

from pathlib import Path

import pytest

from analysis.errors import StudyError
from analysis.results.places import Places, Request
from report.output.serve.watching import Inputs, Look


@pytest.fixture
def inputs(tmp_path: Path) -> Inputs:
    """Give a project with a source, a study of its own and a store."""
    for name in ("analysis/a.py", "report/answers/q1a.md", "elsewhere/mine.toml", "r/runs.sqlite"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("")
    (tmp_path / "elsewhere/mine.toml").write_text('extends = "base.toml"')
    (tmp_path / "elsewhere/base.toml").write_text("")
    return Inputs(
        tmp_path, tmp_path / "site", tmp_path / "results/published",
        tmp_path / "elsewhere/mine.toml", tmp_path / "r/runs.sqlite",
    )  # fmt: skip


@pytest.mark.parametrize(
    "name",
    ["analysis/a.py", "report/new.py", "report/answers/q1a.md", "templates/x.css", "study.toml",
     "CITATION.cff", "elsewhere/mine.toml", "elsewhere/base.toml"],
)  # fmt: skip
def test_what_a_build_reads_is_a_change(inputs: Inputs, name: str) -> None:
    """Sources, studies and what they extend count, whether they change, come or go."""
    look = Look(inputs)
    path = inputs.root / name
    path.parent.mkdir(exist_ok=True)
    path.write_text("changed")
    assert look.changes() == [str(path)]
    look = Look(inputs)
    path.unlink()
    assert look.changes() == [str(path)]


@pytest.mark.parametrize(
    "name",
    ["analysis/__pycache__/a.cpython-311.pyc", "report/answers/.q1a.md.swp", "README.md",
     "report/answers/q1a.md~", "site/index.html", "r/cache/x.svg", "r/runs.sqlite-journal"],
)  # fmt: skip
def test_what_no_build_reads_is_none(inputs: Inputs, name: str) -> None:
    """What a build writes, an editor's own files and notes start nothing."""
    look = Look(inputs)
    (inputs.root / name).parent.mkdir(exist_ok=True)
    (inputs.root / name).write_text("changed")
    assert look.changes() == []


def test_a_study_that_extends_itself_is_followed_once(inputs: Inputs) -> None:
    """What is wrong with a study is for the build to say; watching it comes to an end."""
    base = inputs.root / "elsewhere/base.toml"
    base.write_text('extends = "mine.toml"')
    look = Look(inputs)
    base.write_text("")
    assert look.changes() == [str(base)]


def test_the_store_counts_once_the_build_has_ended(inputs: Inputs) -> None:
    """Runs that a build stores are seen when it ends; a later run is a change."""
    assert inputs.store is not None
    look = Look(inputs)
    inputs.store.write_text("run")
    assert look.changes() == []
    look.settle()
    assert look.changes() == []
    inputs.store.write_text("run, run")
    assert look.changes() == [str(inputs.store)]


def test_published_results_count_and_have_no_store(tmp_path: Path) -> None:
    """By either name, published results are watched as tables that no build writes."""
    places = Places.of(tmp_path, tmp_path / "elsewhere")
    folder = tmp_path / "results" / "published"
    for typed in (Path("published"), folder):
        found = Inputs.of(places, Request(results=typed))
        assert (found.store, found.study, found.published.absolute()) == (None, None, folder)
    found = Inputs.of(places, Request(results=Path("r")))
    assert (found.store, found.study) == (Path("r/runs.sqlite"), tmp_path / "study.toml")


def test_a_study_is_found_by_the_rule_of_the_build(tmp_path: Path) -> None:
    """A name is one of studies/, what ends in .toml is a file, and no third way exists."""
    (tmp_path / "studies").mkdir()
    (tmp_path / "studies" / "small.toml").write_text("")
    places = Places.of(tmp_path, tmp_path / "elsewhere")
    assert Inputs.of(places, Request("small")).study == places.studies / "small.toml"
    assert Inputs.of(places, Request("../small.toml")).study == Path("../small.toml")
    with pytest.raises(StudyError, match="no study 'smal'"):
        Inputs.of(places, Request("smal"))


def test_a_study_that_is_broken_is_watched_with_what_it_extended(inputs: Inputs) -> None:
    """While it cannot be read its own file counts; once it is mended, its base does again."""
    assert inputs.study is not None
    inputs.study.write_text("extends =")
    look = Look(inputs)
    inputs.study.write_text('extends = "base.toml"')
    assert look.changes() == [str(inputs.study)]
    look = Look(inputs)
    base = inputs.root / "elsewhere/base.toml"
    base.write_text("changed")
    assert look.changes() == [str(base)]
