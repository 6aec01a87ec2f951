"""A repository of which all holds that a release needs, what git knows of it, and a release."""

import shutil
import subprocess
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

from analysis.results.ledger import lock, replication
from build import ROOT
from tools import release

TODAY = "2026-11-26"
CLAIMS = {"a-claim": "a" * 64}
CFF = "title: T\nauthors: [{name: A}]\nversion: 1.0.0\n"
NOTES = "# Changelog\n\n## [Unreleased]\n\n## [1.0.0] - {}\n\n- First.\n"


def git(folder: Path, *words: str) -> str:
    """Return what git prints in a folder."""
    own = ["-c", "user.name=A", "-c", "user.email=a@b.c", "-c", "commit.gpgsign=false"]
    done = subprocess.run(
        ["git", *own, *words], cwd=folder, check=True, capture_output=True, text=True
    )
    return done.stdout.strip()


def commit(folder: Path) -> None:
    """Commit all that a folder holds."""
    git(folder, "add", "--all")
    git(folder, "commit", "--quiet", "--message", "All")


def replicated(folder: Path, name: str, freeze: str) -> None:
    """Add a replication of the claims of a freeze to a ledger."""
    path = folder / "results" / "replications" / f"{name}.json"
    path.parent.mkdir(exist_ok=True)
    replication.write(
        path,
        {
            "schema": replication.SCHEMA, "name": name, "date": TODAY, "commit": None,
            "engine_version": 1, "freeze": freeze, "block": 1000, "seeds": {"base": [1000]},
            "settings": {"base": "b" * 64}, "environment": {}, "claims": {},
        },
    )  # fmt: skip


def made(folder: Path) -> Path:
    """Return a folder made such a repository."""
    published = folder / "results" / "published"
    published.mkdir(parents=True)
    shutil.copy(ROOT / "results" / "published" / "manifest.json", published)
    frozen = lock.freeze(CLAIMS, TODAY, {"commit": None})
    lock.add(folder / "results" / "claims.lock", lock.Lock(), frozen)
    replicated(folder, "one", frozen["sha256"])
    (folder / "CITATION.cff").write_text(f"{CFF}date-released: {TODAY}\n")
    (folder / "CHANGELOG.md").write_text(NOTES.format(TODAY))
    git(folder, "init", "--quiet", "--initial-branch=main")
    for name, value in (("user.name", "A"), ("user.email", "a@b.c"), ("tag.gpgsign", "false")):
        git(folder, "config", name, value)
    commit(folder)
    return folder


def state(folder: Path) -> tuple[str, ...]:
    """Return all that git knows of a folder: what refers to what, and what differs."""
    return (
        git(folder, "for-each-ref"),
        (folder / ".git" / "HEAD").read_text(),
        git(folder, "status", "--porcelain", "--ignored", "--untracked-files=all"),
        git(folder, "diff", "HEAD"),
    )


def released(
    folder: Path, run: Callable[[str], int] = lambda command: 0
) -> tuple[int, list[str], tuple[str, ...]]:
    """Return the exit code, which commands were run, and the state before."""
    before, ran = state(folder), list[str]()

    def recorded(words: Sequence[str], root: Path) -> int:
        assert root == folder
        ran.append(" ".join(words))
        return run(ran[-1])

    return release.main(folder, date.fromisoformat(TODAY), run=recorded), ran, before
