"""A release is tagged when all of it holds."""

import re
from datetime import date
from pathlib import Path

import pytest

from analysis.results.ledger import lock
from build import ROOT
from report.document import authors
from tests.project.release.repository import TODAY, commit, git, released, replicated, state
from tools import release

PLANNED = [
    "make check",
    "make test ALL=1",
    "make render RESULTS=published STRICT=1",
    "make site-zip",
]


def test_what_holds_is_tagged(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """After all checks, in this order, the last commit has an annotated tag, and that is all."""
    code, ran, before = released(project)
    assert (code, ran) == (0, PLANNED)
    assert git(project, "cat-file", "-t", "v1.0.0") == "tag"
    assert git(project, "rev-parse", "v1.0.0^{commit}") == git(project, "rev-parse", "HEAD")
    assert git(project, "tag", "--list", "--format=%(contents:subject)") == "Version 1.0.0"
    said = capsys.readouterr()
    assert said.err == ""
    assert said.out == "v1.0.0 is tagged, and nothing is pushed: git push origin main v1.0.0\n"
    git(project, "tag", "--delete", "v1.0.0")
    assert state(project) == before


@pytest.mark.parametrize("failing", PLANNED)
def test_a_check_that_fails_ends_it(
    project: Path, capsys: pytest.CaptureFixture[str], failing: str
) -> None:
    """Those after it are not begun."""
    code, ran, before = released(project, lambda command: int(command == failing))
    assert (code, ran) == (2, PLANNED[: PLANNED.index(failing) + 1])
    assert capsys.readouterr().err == f"error: {failing} failed; nothing was tagged\n"
    assert state(project) == before


def test_what_changes_while_it_is_checked_is_not_tagged(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """Neither a file nor a commit that came while the tests ran."""

    def edit(command: str) -> int:
        (project / "late.py").touch()
        return 0

    assert released(project, edit)[0] == 2
    assert "late.py: not as in the last commit" in capsys.readouterr().err

    commit(project)

    def move(command: str) -> int:
        (project / "late.py").write_text(command)
        commit(project)
        return 0

    assert released(project, move)[0] == 2
    assert "the branch has moved on meanwhile; make release again" in capsys.readouterr().err
    assert git(project, "tag", "--list") == ""


def test_stopping_leaves_nothing(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Ctrl-C in the middle of the tests tags nothing, and says so."""

    def stop(command: str) -> int:
        raise KeyboardInterrupt

    code, ran, before = released(project, stop)
    assert (code, ran) == (130, ["make check"])
    assert capsys.readouterr().err == "\nStopped; nothing was tagged\n"
    assert state(project) == before


def test_the_default_branch_is_that_of_the_origin(
    project: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A clone releases from whatever its origin calls it."""
    git(project, "branch", "--move", "trunk")
    git(tmp_path, "clone", "--quiet", str(project), "clone")
    clone = tmp_path / "clone"
    git(clone, "config", "user.name", "A")
    git(clone, "config", "user.email", "a@b.c")
    monkeypatch.chdir(clone)
    assert released(clone)[0] == 0
    assert git(clone, "tag", "--list") == "v1.0.0"
    assert git(project, "tag", "--list") == ""


def test_a_folder_in_a_repository_is_none(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A copy inside of another project is not released by tagging that one."""
    inner = project / "results"
    monkeypatch.chdir(inner)
    assert release.main(inner, date.fromisoformat(TODAY), run=lambda *_: 0) == 2
    assert "is no repository of its own" in capsys.readouterr().err
    assert git(project, "tag", "--list") == ""


def test_replications_of_earlier_claims_are_named(
    project: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """They stay in the ledger, and whoever releases is told."""
    path = project / "results" / "claims.lock"
    new = lock.freeze({"a-claim": "d" * 64}, TODAY, {"commit": None})
    lock.add(path, lock.read(path), new)
    replicated(project, "two", new["sha256"])
    commit(project)
    assert released(project)[0] == 0
    first, *_ = capsys.readouterr().out.splitlines()
    assert first == (
        f"results/replications/one.json: is of the claims as frozen on {TODAY}, not of the last "
        "freeze"
    )


def test_the_version_stands_in_one_place() -> None:
    """CITATION.cff has it; releases in the changelog have a day, fall, and are none above it."""
    version = authors.read(ROOT / "CITATION.cff").version
    assert release.VERSION.fullmatch(version)
    text = (ROOT / "CHANGELOG.md").read_text("utf-8")
    headings = re.findall(r"^## (.*)$", text, re.MULTILINE)
    told = re.findall(r"^## \[(\d+\.\d+\.\d+)\] - (\d{4}-\d\d-\d\d)$", text, re.MULTILINE)
    assert len(headings) == 1 + len(told)
    assert all(date.fromisoformat(day) for _, day in told)
    parts = [[int(each) for each in number.split(".")] for number in (version, *dict(told))]
    assert parts == sorted(parts, reverse=True)
    assert "\nversion" not in (ROOT / "pyproject.toml").read_text("utf-8")
