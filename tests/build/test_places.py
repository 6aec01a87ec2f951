"""Every command works from any folder, and what is typed there means what it means there."""

import json
import os
import subprocess
import sys
from fnmatch import fnmatch
from pathlib import Path
from typing import Any

import pytest

from build import ROOT
from tests.build.door import filled, runs_of, typed
from tests.made.results import tiny


@pytest.fixture
def away(elsewhere: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an empty folder beside the project, which is the working one."""
    folder = tmp_path_factory.mktemp("away")
    os.chdir(folder)
    return folder


def test_defaults_are_the_projects_own(
    small: Path, elsewhere: Path, away: Path, drawn: dict[str, Any]
) -> None:
    """Study, results, published results and site are those of the project; nothing is left here."""
    filled(elsewhere / "results", runs_of(small))
    code, out, err = typed("report")
    assert (code, err) == (0, "")
    assert out.startswith(f"{elsewhere}/site/index.html is ready.")
    assert (elsewhere / "site" / "index.html").read_text() == "new"
    assert drawn["root"] == elsewhere
    assert typed("publish")[0] == 0
    assert (elsewhere / "results" / "published" / "manifest.json").is_file()
    assert typed("plan")[1] == "In all: 8 runs, all stored\n"
    assert typed("report", "--results", "published")[0] == 0
    assert "Nothing has changed" in typed("report", "--results", "published")[1]
    assert list(away.iterdir()) == []


def test_a_path_that_is_typed_is_one_of_the_working_folder(elsewhere: Path, away: Path) -> None:
    """A study, its results and a data set are looked for here, and shown as they were typed."""
    tiny.write_npz(away / "cloud.npz")
    (away / "mine.toml").write_text(tiny.write_study(elsewhere, seeds=1).read_text())
    (away / "spoilt").mkdir()
    (away / "spoilt" / "runs.sqlite").write_text("no results " * 100)
    code, out, _ = typed("plan", "--study", "mine.toml", "--set", "dataset=cloud.npz")
    assert (code, out[:25]) == (0, "base  2 runs  2 to train ")
    _, _, err = typed("plan", "--study", "mine.toml", "--results", "spoilt")
    assert err.startswith("error: spoilt/runs.sqlite: is damaged")
    assert not (elsewhere / "spoilt").exists()
    assert typed("plan", "--study", "tiny.toml")[2].startswith("error: tiny.toml: cannot be read")


def test_the_same_words_in_another_folder_are_another_build(
    small: Path, elsewhere: Path, away: Path, drawn: dict[str, Any]
) -> None:
    """A site of the results here is not that of the results there, whatever their names."""
    for folder in (elsewhere, away):
        filled(folder / "r", runs_of(small))
        os.chdir(folder)
        code, out, _ = typed("report", "--results", "r")
        assert code == 0
        assert "Nothing has changed" not in out
        assert "Nothing has changed" in typed("report", "--results", "r")[1]


def test_what_is_noted_of_a_build_is_no_part_of_the_site(
    small: Path, elsewhere: Path, drawn: dict[str, Any]
) -> None:
    """Paths of the machine stand beside the site, in a file that is not published with it."""
    filled(elsewhere / "results", runs_of(small))
    assert typed("report")[0] == 0
    made = {path.name for path in (elsewhere / "site").iterdir()}
    assert made == {"index.html", "provenance.json", "report.pdf"}
    stamp = elsewhere / ".site.inputs.json"
    noted = json.loads(stamp.read_text())
    assert str(elsewhere / "results" / "runs.sqlite") in noted["inputs"]["files"]
    ignored = (ROOT / ".gitignore").read_text().splitlines()
    assert [line for line in ignored if fnmatch(f"/{stamp.name}", line)]
    assert [line for line in ignored if fnmatch("/.site.lock", line)]


def test_the_real_front_door_opens_from_the_root_of_the_machine() -> None:
    """By its path alone, with the study that the project has."""
    command = [sys.executable, str(ROOT / "build.py"), "plan", "--study", "quick"]
    done = subprocess.run(command, cwd="/", capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("base ")
