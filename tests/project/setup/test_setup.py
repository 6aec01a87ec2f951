"""The set-up as make calls it, where the folder or the settings of pip are not as one expects."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from build import ROOT
from tests.made.sites.copied import copied
from tools import environment

CODE = "import sys; print('built by', sys.executable)"
HOSTILE = {
    "PIP_USER": "1", "PIP_TARGET": "/nowhere", "PIP_PREFIX": "/nowhere", "PIP_ROOT": "/nowhere",
    "PIP_REQUIRE_VIRTUALENV": "1", "PIP_NO_DEPS": "1", "PIP_CONSTRAINT": "/nowhere",
    "PIP_REQUIREMENT": "/nowhere", "PIP_NO_BINARY": ":all:", "PIP_DRY_RUN": "1",
    "PYTHONPATH": "/nowhere", "PYTHONHOME": "/nowhere", "PYTHONSAFEPATH": "1",
    "VIRTUAL_ENV": "/nowhere", "PYTHONPLATLIBDIR": "nowhere",
}  # fmt: skip


def fresh(folder: Path) -> Path:
    """Make a project in a folder whose lock pins nothing, and whose front door says who runs it."""
    copied(folder, "tools", "analysis", "Makefile", data=False)
    (folder / "requirements.lock").touch()
    (folder / "build.py").write_text(CODE)
    return folder


def planned(folder: Path, **around: str) -> subprocess.CompletedProcess[str]:
    """Call `make plan` in a folder."""
    return subprocess.run(
        ["make", "plan"], cwd=folder, env={**os.environ, **around},
        capture_output=True, text=True, check=False,
    )  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "around"),
    [("plain", HOSTILE), ('it\'s a "pröject" – $HOME `x` #1 %', {}), ("-e", {})],
)
def test_a_project_sets_itself_up(tmp_path: Path, name: str, around: dict[str, str]) -> None:
    """In a folder of any name, and whatever pip and Python are told, make runs its own Python."""
    folder = fresh(tmp_path / name)
    done = planned(folder, **around)
    assert done.stdout.endswith(f"built by {folder}/.venv/bin/python\n")
    assert done.returncode == 0
    again = planned(folder, **around)
    assert again.stdout == f"built by {folder}/.venv/bin/python\n"


def test_a_path_with_a_colon_is_refused(tmp_path: Path) -> None:
    """Python can make no environment there, and nothing is left of the attempt."""
    folder = fresh(tmp_path / "a:b")
    done = planned(folder)
    assert done.returncode == 2
    assert "a:b/.venv: Python makes no environment where the path has a ':'" in done.stderr
    assert not (folder / ".venv").exists()


@pytest.mark.parametrize("whole", [True, False])
def test_what_a_link_leads_to_is_left_as_it_is(tmp_path: Path, whole: bool) -> None:
    """An environment of others is neither emptied nor installed into, whole or not."""
    theirs = tmp_path / "theirs"
    (theirs / "bin").mkdir(parents=True)
    (theirs / "bin" / "python").symlink_to("/bin/true")
    (theirs / "precious").write_text("kept")
    if whole:
        (theirs / "created").touch()
    before = sorted(theirs.rglob("*"))
    folder = fresh(tmp_path / "ours")
    (folder / ".venv").symlink_to(theirs)
    done = planned(folder)
    assert done.returncode == 2
    assert f"error: .venv is a link to {theirs}" in done.stderr
    assert "Remove the link: rm .venv" in done.stderr
    assert sorted(theirs.rglob("*")) == before


def test_a_folder_that_may_not_be_written_to_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """What the system refused is said in a line, with what the set-up needs."""

    def refused(*_: object, **__: object) -> None:
        raise OSError(30, "Read-only file system", ".venv.lock")

    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(Path, "open", refused)
    assert environment.main([".venv", "requirements.lock"]) == 2
    assert capsys.readouterr().err == (
        "error: .venv.lock: Read-only file system; the set-up writes .venv into "
        f"{tmp_path}, which must be a folder that it may write to\n"
    )


def test_a_python_without_the_packages_is_told(tmp_path: Path) -> None:
    """The front door ends with a word on make, not in a wall of text."""
    command = [sys.executable, "-E", "-s", "-S", str(ROOT / "build.py"), "plan"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith("error: ")
    assert "lacks the packages of this project; make installs them" in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_packages_that_went_elsewhere_are_missed(tmp_path: Path) -> None:
    """Where a file of pip's leads to another folder, the set-up does not take it for done."""
    lock = tmp_path / "requirements.lock"
    lock.write_text("six==1.17.0 \\\nwindows-only==1 ; sys_platform == 'win32' \\\n")
    folder = tmp_path / ".venv"

    def create(path: Path) -> None:
        (path / "bin").mkdir(parents=True)
        (path / "bin" / "python").touch()

    def misled(_: object) -> None:
        (tmp_path / "elsewhere" / "six-1.17.0.dist-info").mkdir(parents=True)

    with pytest.raises(environment.SetUpError, match=r"did not install six into .*pip config list"):
        environment.ensure(folder, [lock], create=create, run=misled)
    assert not list(folder.glob("*.stamp"))
    assert (folder / "unfinished").exists()
