"""What does not hold is no release, and leaves the repository as it was."""

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.project.release.repository import (
    CFF,
    NOTES,
    TODAY,
    commit,
    git,
    released,
    replicated,
    state,
)


def written(name: str, text: str) -> Callable[[Path], None]:
    """Return what commits a file of this text."""

    def write(folder: Path) -> None:
        (folder / name).write_text(text)
        commit(folder)

    return write


def of_another_lock(folder: Path) -> None:
    """Commit a replication of claims of which the lock knows nothing."""
    replicated(folder, "two", "c" * 64)
    commit(folder)


def ran(*words: str) -> Callable[[Path], object]:
    """Return what calls git so."""
    return lambda folder: git(folder, *words)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda folder: (folder / "new.py").touch(), "new.py: not as in the last commit"),
        (
            lambda folder: (folder / "CHANGELOG.md").write_text("x"),
            "CHANGELOG.md: not as in the last commit; commit or remove it",
        ),
        (ran("switch", "--quiet", "--create", "mine"), "on the branch mine; a release is made on "),
        (ran("checkout", "--quiet", "--detach"), "on no branch; a release is made on main: git sw"),
        (ran("tag", "v1.0.0"), "v1.0.0 is there already; raise version in CITATION.cff"),
        (
            written("CITATION.cff", CFF),
            f"CITATION.cff: date-released is missing; it must be {TODAY}",
        ),
        (written("CITATION.cff", "title: T\n"), "CITATION.cff: version = '': must be three numb"),
        (written("CITATION.cff", "version: 1.0\n"), "version = '1.0': must be three numbers, such"),
        (written("CITATION.cff", "version: 01.0.0\n"), "version = '01.0.0': must be three numbers"),
        (written("CITATION.cff", "a: [\n"), "CITATION.cff:2: is not valid YAML"),
        (
            written("CITATION.cff", f"{CFF}date-released: 2026-01-02\n"),
            'CHANGELOG.md: the first headings must be "[Unreleased]" and "[1.0.0] - 2026-01-02"',
        ),
        (
            written("CITATION.cff", CFF.replace("1.0.0", "1.0.1")),
            f'must be "[Unreleased]" and "[1.0.1] - {TODAY}"',
        ),
        (
            written("CHANGELOG.md", "## [Unreleased]\n\n- New.\n"),
            f'must be "[Unreleased]" and "[1.0.0] - {TODAY}"',
        ),
        (
            written("CHANGELOG.md", NOTES.format(TODAY).replace("ed]\n", "ed]\n\n- New.\n", 1)),
            f'what stands under "[Unreleased]" belongs under "[1.0.0] - {TODAY}"',
        ),
        (
            written("CHANGELOG.md", NOTES.format(TODAY).replace("- First.\n", "")),
            f'what stands under "[Unreleased]" belongs under "[1.0.0] - {TODAY}"',
        ),
        (written("results/replications/two.json", "{"), "replications/two.json: is damaged"),
        (written("results/replications/two.txt", ""), "two.txt: is no replication; move it away"),
        (of_another_lock, "replications/two.json: is of claims frozen as cccccccccccc, of which"),
        (written("results/claims.lock", "{"), "results/claims.lock: is damaged"),
        (written("results/verification.json", "{"), "results/verification.json: is damaged"),
        (written("results/published/manifest.json", "{"), "published/manifest.json: is damaged"),
    ],
)
def test_what_does_not_hold_is_refused(
    project: Path,
    capsys: pytest.CaptureFixture[str],
    change: Callable[[Path], object],
    said: str,
) -> None:
    """One line says what and what would be right, before anything slow; all is as it was."""
    change(project)
    code, ran, before = released(project)
    told = capsys.readouterr()
    assert (code, ran) == (2, [])
    assert (told.out, told.err.count("\n")) == ("", 1)
    assert told.err.startswith("error: ")
    assert told.err.endswith("; nothing was tagged\n")
    assert said in told.err
    assert state(project) == before


def test_a_day_to_come_is_refused(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A slip in the year is no release, though citation and changelog agree on it."""
    (project / "CHANGELOG.md").write_text(NOTES.format("9026-01-02"))
    written("CITATION.cff", f"{CFF}date-released: 9026-01-02\n")(project)
    assert released(project)[0] == 2
    assert "date-released = '9026-01-02': must be a day, and not one to come" in (
        capsys.readouterr().err
    )


def test_nothing_published_is_refused(project: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A release is of published results."""
    git(project, "rm", "--quiet", "-r", "results/published")
    commit(project)
    assert released(project)[:2] == (2, [])
    assert "results/published: nothing is published; make publish" in capsys.readouterr().err


def test_who_tags_must_have_a_name(
    project: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """That git would refuse the tag at the end is told before anything slow."""
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    monkeypatch.setenv("GIT_CONFIG_SYSTEM", "/dev/null")
    git(project, "config", "--unset", "user.email")
    git(project, "config", "user.useConfigOnly", "true")
    code, ran, before = released(project)
    assert (code, ran) == (2, [])
    told = capsys.readouterr().err
    assert told.startswith("error: git var: ")
    assert told.count("\n") == 1
    assert state(project) == before
