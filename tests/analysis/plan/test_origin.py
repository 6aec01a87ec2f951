"""Which code makes a report: a repository's commit, where the repository is the project's own."""

import subprocess
from pathlib import Path

import pytest

from analysis.plan.origin import committed, origin, rendering


def git(folder: Path, *words: str) -> str:
    """What git prints in a folder."""
    own = ["-c", "user.name=a", "-c", "user.email=a@b", "-c", "commit.gpgsign=false"]
    command = ["git", "-C", str(folder), *own, *words]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """A repository with a module and a README, both committed."""
    folder = tmp_path / "project"
    (folder / "analysis").mkdir(parents=True)
    (folder / "analysis" / "a.py").write_text("1\n")
    (folder / "README.md").write_text("R\n")
    git(folder, "init", "-q")
    git(folder, "add", ".")
    git(folder, "commit", "-qm", "one")
    return folder


def test_a_clean_work_tree_is_its_commit(project: Path) -> None:
    """The hash is the one that git tells."""
    assert origin(project) == (git(project, "rev-parse", "HEAD"), False)


@pytest.mark.parametrize("path", ["analysis/a.py", "analysis/new/b.py", "report/x.md"])
def test_another_file_of_code_is_a_local_change(project: Path, path: str) -> None:
    """A file that was edited or put beside the others, committed or not yet added."""
    (project / path).parent.mkdir(exist_ok=True)
    (project / path).write_text("2\n")
    found = origin(project)
    assert found is not None
    assert found.changed


def test_a_removed_file_is_a_local_change_and_another_readme_is_none(project: Path) -> None:
    """What no report is made by may differ."""
    (project / "README.md").write_text("changed\n")
    (project / "notes.txt").write_text("n\n")
    found = origin(project)
    assert found is not None
    assert not found.changed
    (project / "analysis" / "a.py").unlink()
    found = origin(project)
    assert found is not None
    assert found.changed


def test_the_day_of_a_commit_is_that_of_utc(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half past eleven on New Year's Eve in New York is the first of January."""
    monkeypatch.setenv("GIT_COMMITTER_DATE", "2025-12-31T23:30:00-05:00")
    git(project, "commit", "-q", "--allow-empty", "-m", "late")
    assert committed(project) == "2026-01-01"
    told = rendering(project)
    assert (told["commit"], told["committed"]) == (git(project, "rev-parse", "HEAD"), "2026-01-01")


def test_the_repository_around_a_project_is_not_its_own(project: Path) -> None:
    """An archive unpacked inside of another repository has no commit, tracked there or not."""
    inside = project / "vendor" / "report"
    inside.mkdir(parents=True)
    assert origin(inside) is None
    assert origin(project / "analysis") is None


def test_without_a_repository_or_a_commit_nothing_is_known(tmp_path: Path) -> None:
    """Neither is an error."""
    assert origin(tmp_path) is None
    assert "committed" not in rendering(tmp_path)
    git(tmp_path, "init", "-q")
    assert origin(tmp_path) is None


def test_git_of_somebody_else_is_not_asked(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A hook of another repository sets GIT_DIR for all that it starts."""
    other = project.parent / "other"
    other.mkdir()
    git(other, "init", "-q")
    wanted = git(project, "rev-parse", "HEAD")
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    monkeypatch.setenv("GIT_WORK_TREE", str(other))
    assert origin(project) == (wanted, False)
    monkeypatch.setenv("PATH", "")
    assert origin(project) is None
