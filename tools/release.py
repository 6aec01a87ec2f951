"""Check all that a release needs, and only then tag it: `python -m tools.release`.

The version stands in CITATION.cff. Cheap checks come first, the tag last; nothing is pushed.
"""

import os
import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from analysis.errors import ProjectError, reading, visible
from analysis.results.ledger import kept
from analysis.results.places import Places, working_folder
from analysis.results.published import manifest
from report.document import authors

CHECKS = (
    ("make", "check"),
    ("make", "test", "ALL=1"),
    ("make", "render", "RESULTS=published", "STRICT=1"),
    ("make", "site-zip"),
)
"""What must succeed, in this order."""
VERSION = re.compile(r"(0|[1-9]\d*)(\.(0|[1-9]\d*)){2}")
"""Three numbers, as on https://semver.org."""
HEADING = re.compile(r"^## (.*)$", re.MULTILINE)
CITATION, CHANGELOG, UNRELEASED = "CITATION.cff", "CHANGELOG.md", "[Unreleased]"
ELSEWHERE = {"GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_COMMON_DIR", "GIT_NAMESPACE"}
"""Variables by which git would look at another repository."""
SHOWN = 3
Run = Callable[[Sequence[str], Path], int]


class Refusal(Exception):
    """Nothing is tagged; the text says in a line why, and what would be right."""


def run(command: Sequence[str], root: Path) -> int:
    """Return the exit code of a command in a folder."""
    print(f"{' '.join(command)} …", flush=True)
    return subprocess.run(command, cwd=root, check=False).returncode


def release(root: Path, today: date, *, run: Run = run) -> str:
    """Return the tag that the commit of the project in a folder has now.

    Raises Refusal and ProjectError; nothing has been tagged then.
    """
    commit = demand_repository(root)
    tag = f"v{demand_version(root, today)}"
    demand_new(root, tag)
    demand_ledger(root)
    for command in CHECKS:
        if run(command, root):
            raise Refusal(f"{' '.join(command)} failed")
    if demand_repository(root) != commit:
        raise Refusal("the branch has moved on meanwhile; make release again")
    git(root, "tag", "--annotate", tag, "--message", f"Version {tag[1:]}", commit)
    return tag


def demand_repository(root: Path) -> str:
    """Return the last commit, where it is all of the project and on the default branch."""
    if git(root, "rev-parse", "--show-prefix"):
        raise Refusal(f"{root}: is no repository of its own; clone the project's")
    branch, default = named(root, "HEAD"), default_branch(root)
    if branch != default:
        on = f"on the branch {branch}" if branch else "on no branch"
        raise Refusal(f"{on}; a release is made on {default}: git switch {default}")
    lines = git(root, "status", "--porcelain", "--untracked-files=all").splitlines()
    if lines:
        more = f" and {len(lines) - SHOWN} more" if len(lines) > SHOWN else ""
        names = ", ".join(line[2:].strip() for line in lines[:SHOWN])
        raise Refusal(f"{names}{more}: not as in the last commit; commit or remove it")
    return git(root, "rev-parse", "HEAD")


def default_branch(root: Path) -> str:
    """Return the branch that whoever clones the origin gets, main where none is known."""
    return named(root, "refs/remotes/origin/HEAD").removeprefix("origin/") or "main"


def demand_version(root: Path, today: date) -> str:
    """Return the version, where citation and changelog agree on it and on its day."""
    about = authors.read(root / CITATION)
    version, day = about.version, about.released or today.isoformat()
    if not VERSION.fullmatch(version):
        raise Refusal(f"{CITATION}: version = {version!r}: must be three numbers, such as 1.0.0")
    demand_told(root / CHANGELOG, f"[{version}] - {day}")
    if not about.released:
        raise Refusal(f"{CITATION}: date-released is missing; it must be {day}")
    if not is_past(day, today):
        raise Refusal(f"{CITATION}: date-released = {day!r}: must be a day, and not one to come")
    return version


def demand_told(changelog: Path, heading: str) -> None:
    """Raise Refusal where the text under a heading is not all that is new."""
    text = reading.text(changelog, name=CHANGELOG)
    found = {each[1]: text[each.end() :].partition("\n## ")[0] for each in HEADING.finditer(text)}
    if list(found)[:2] != [UNRELEASED, heading]:
        raise Refusal(f'{CHANGELOG}: the first headings must be "{UNRELEASED}" and "{heading}"')
    if found[UNRELEASED].strip() or not found[heading].strip():
        raise Refusal(f'{CHANGELOG}: what stands under "{UNRELEASED}" belongs under "{heading}"')


def is_past(day: str, today: date) -> bool:
    """Tell whether a text is a day, and not one to come."""
    try:
        return date.fromisoformat(day) <= today
    except ValueError:
        return False


def demand_new(root: Path, tag: str) -> None:
    """Raise Refusal where there is a tag of this name, or git knows nobody to make one."""
    if git(root, "tag", "--list", tag):
        raise Refusal(f"{tag} is there already; raise version in {CITATION}")
    git(root, "var", "GIT_COMMITTER_IDENT")


def demand_ledger(root: Path) -> None:
    """Raise Refusal where nothing is published, or the ledger holds what is no replication.

    And StoreError where any of it is damaged or of another lock.
    """
    places = Places.of(root, working_folder())
    about = manifest.read(places.published)
    if about is None:
        raise Refusal(f"{places.published}: nothing is published; make publish-results writes it")
    ledger = kept.read(places, about)
    known = {f"{each['name']}.json" for each in ledger.replications}
    strays = {each.name for each in places.replications.glob("*")} - known
    if strays:
        raise Refusal(f"{places.replications / min(strays)}: is no replication; move it away")
    tell_earlier(places.replications, ledger)


def tell_earlier(folder: Path, ledger: kept.Kept) -> None:
    """Print which replications are of claims as they stood before the last freeze."""
    for each in ledger.replications:
        freeze = ledger.locked.find(each["freeze"])
        if freeze and freeze != ledger.locked.last:
            path = folder / f"{each['name']}.json"
            print(f"{path}: is of the claims as frozen on {freeze['date']}, not of the last freeze")


def named(root: Path, reference: str) -> str:
    """Return what a symbolic reference leads to, in short; nothing where it is none."""
    try:
        return git(root, "symbolic-ref", "--quiet", "--short", reference)
    except Refusal:
        return ""


def git(root: Path, *words: str) -> str:
    """Return what git prints of the repository of a folder. Raises Refusal where it fails."""
    own = {name: value for name, value in os.environ.items() if name not in ELSEWHERE}
    done = subprocess.run(
        ["git", "-C", str(root), *words], capture_output=True, text=True, check=False, env=own
    )
    if done.returncode:
        said = " ".join(done.stderr.split()) or f"exit code {done.returncode}"
        raise Refusal(f"git {words[0]}: {said}")
    return done.stdout.rstrip("\n")


def main(root: Path, today: date, *, run: Run = run) -> int:
    """Return 0 where a release was tagged, 2 where it was refused, 130 where it was stopped."""
    try:
        tag = release(root, today, run=run)
    except (Refusal, ProjectError, OSError) as error:
        line = "; ".join(str(error).splitlines())
        print(f"error: {visible(line)}; nothing was tagged", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\nStopped; nothing was tagged", file=sys.stderr)
        return 130
    print(f"{tag} is tagged, and nothing is pushed: git push origin {default_branch(root)} {tag}")
    return 0


if __name__ == "__main__":
    sys.exit(main(Path(__file__).resolve().parent.parent, datetime.now(UTC).date()))
