"""Which code makes a report: packages, the project's own commit, and whether the code is that."""

import os
import subprocess
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import NamedTuple, NotRequired, TypedDict

SOURCES = ("analysis", "report", "stages", "templates", "studies", "examples")
FILES = ("build.py", "study.toml", "CITATION.cff", "LICENSE", "requirements.lock")
"""The folders and files that a report is made by, beside the results."""
RENDERED_BY = ("pandas", "scipy", "statsmodels", "matplotlib", "jinja2", "markdown", "typst")


class Origin(NamedTuple):
    """The hash of a commit, and whether files that a report is made by differ from it."""

    commit: str
    changed: bool


def origin(root: Path) -> Origin | None:
    """Return the last commit of the repository whose top is the folder `root`.

    None where there is no such repository, as in an unpacked archive, even one inside of another
    repository; before the first commit; and without git.
    """
    try:
        prefix, commit = _git(root, "rev-parse", "--show-prefix", "HEAD").splitlines()
        if prefix:
            return None
        changed = _git(
            root, "status", "--porcelain", "--untracked-files=all", "--", *SOURCES, *FILES
        )
    except (OSError, subprocess.SubprocessError, ValueError):
        return None
    return Origin(commit, bool(changed))


class Code(TypedDict):
    """The code as a record tells of it: by its commit, None where none is known.

    The key `local_changes` is there, and true, where it is not that of the commit.
    """

    commit: str | None
    local_changes: NotRequired[bool]


def code(root: Path) -> Code:
    """Return what a record tells of the code in the folder `root`."""
    known = origin(root)
    told: Code = {"commit": known.commit if known else None}
    return {**told, "local_changes": True} if known and known.changed else told


def committed(root: Path) -> str:
    """Return the day of the last commit, that of UTC: "2026-11-25"; "" where git tells none."""
    try:
        seconds = int(_git(root, "log", "-1", "--format=%ct"))
        return datetime.fromtimestamp(seconds, UTC).date().isoformat()
    except (OSError, subprocess.SubprocessError, ValueError, OverflowError):
        return ""


def rendering(root: Path) -> dict[str, object]:
    """Return the code and the packages that make pages of results, whoever trained them.

    "committed" is the day of the commit, where one is known.
    """
    known = code(root)
    return {
        **known,
        **({"committed": day} if known["commit"] and (day := committed(root)) else {}),
        "rendered_with": {package: version(package) for package in RENDERED_BY},
    }


def _git(root: Path, *words: str) -> str:
    """Return what git prints of a folder: of that one alone, and without writing into it."""
    command = ["git", "-c", "core.fsmonitor=false", "-C", str(root), *words]
    own = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    done = subprocess.run(
        command, capture_output=True, text=True, check=True, timeout=10,
        env=own | {"GIT_OPTIONAL_LOCKS": "0"},
    )  # fmt: skip
    return done.stdout
