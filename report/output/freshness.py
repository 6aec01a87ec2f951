"""Is the site still what a build would make? Answered from file stamps alone, in milliseconds."""

import json
import os
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from stat import S_ISREG
from typing import Any

from analysis.errors import reading, whole
from analysis.plan.origin import FILES, SOURCES, origin

KINDS = {
    "report/answers/": "prose",
    "report/figures/": "figure code",
    "report/": "report code",
    "templates/": "templates",
    "examples/": "examples",
    "analysis/claims/": "claims",
    "analysis/": "code",
    "stages/": "code",
    "build.py": "code",
    "CITATION.cff": "authors",
    "LICENSE": "licence",
    "requirements.lock": "packages",
}
"""What a source is, by how its path begins."""
LEDGER = "results/replications"
"""A folder that grows beside the sources."""
MOST_SHOWN = 3
"""Files of a kind that are told by name."""


def stamp(site: Path) -> Path:
    """Return the file beside the site that tells what it was built from.

    It names files of the machine, and so is no part of what is published.
    """
    return site.with_name(f".{site.name}.inputs.json")


def fingerprint(root: Path, arguments: Sequence[str], others: Iterable[Path]) -> dict[str, object]:
    """Return what a build depends on: arguments, commit, and size and time of every file it reads.

    `others` are files beside the project's sources: the results, a data set, a study elsewhere.
    """
    others = {path.absolute() for path in others}
    return {
        "arguments": list(arguments),
        "commit": list(origin(root) or ()),
        "files": files(root, others),
        "others": sorted(map(str, others)),
    }


def files(root: Path, others: Iterable[Path]) -> dict[str, list[int]]:
    """Return size and time of each file that a build reads, by path: the sources, and `others`.

    What an editor puts beside a file while it is open does not count.
    """
    named = [*(root / name for name in FILES), *others]
    own = (path for name in (*SOURCES, LEDGER) for path in _within(root / name))
    return {str(path): state for path in sorted({*own, *named}) if (state := _state(path))}


def is_fresh(site: Path, root: Path, arguments: Sequence[str]) -> bool:
    """Tell whether the site is whole and was built from these arguments and just these files."""
    noted = reading.state(stamp(site))
    try:
        now = fingerprint(root, arguments, map(Path, noted["inputs"]["others"]))
        return bool(noted == {"inputs": now, "outputs": _outputs(site)})
    except (OSError, ValueError, KeyError, TypeError):
        return False


def changed(site: Path, root: Path, inputs: Mapping[str, Any]) -> str:
    """Return in words which sources have changed since the last build, as "prose (q1a.md)".

    `inputs` are those of now; files are seen from the root. The study is told elsewhere by its
    keys, and results are no source. Nothing has changed where no build is known.
    """
    try:
        before, now = {**reading.state(stamp(site))["inputs"]["files"]}, inputs["files"]
    except (KeyError, TypeError):
        return ""
    found: dict[str, list[str]] = {}
    differing = (path for path in before.keys() | now.keys() if before.get(path) != now.get(path))
    for path in sorted(map(Path, differing)):
        name = path.relative_to(root).as_posix() if path.is_relative_to(root) else ""
        if kind := next((kind for start, kind in KINDS.items() if name.startswith(start)), ""):
            found.setdefault(kind, []).append(name)
    return "; ".join(f"{kind} ({_listed(names)})" for kind, names in found.items())


def _listed(names: Sequence[str]) -> str:
    more = len(names) - MOST_SHOWN
    return ", ".join(names[:MOST_SHOWN]) + (f" and {more} more" if more > 0 else "")


def record(site: Path, inputs: dict[str, object]) -> None:
    """Note beside the site the inputs it was built from; where it cannot be noted, say so."""
    noted = {"inputs": inputs, "outputs": _outputs(site)}
    text = json.dumps(noted, indent=1, sort_keys=True) + "\n"
    try:
        whole.write(stamp(site), text)
    except whole.WriteError as error:
        print(f"{error}; the next build will not know that {site} is new", file=sys.stderr)


def others(site: Path) -> tuple[Path, ...]:
    """Return the files beside the sources that the last whole build of the site has read."""
    noted = reading.state(stamp(site))
    try:
        return tuple(Path(path) for path in noted["inputs"]["others"])
    except (KeyError, TypeError):
        return ()


def _outputs(site: Path) -> dict[str, list[int]]:
    found = {str(path.relative_to(site)): _state(path) for path in _within(site)}
    return {path: state for path, state in sorted(found.items()) if state}


def _within(folder: Path) -> Iterator[Path]:
    """Yield the files at any depth; a folder that goes meanwhile is an empty one."""
    for parent, _, names in os.walk(folder):
        yield from (Path(parent, name) for name in names if not is_passing(name))


def is_passing(name: str) -> bool:
    """Tell whether a file is made on the way: hidden, a backup, or a compiled module."""
    return name.startswith((".", "#")) or name.endswith(("~", ".swp", ".tmp", ".pyc"))


def _state(path: Path) -> list[int] | None:
    """Return size and time of a file; None where it is not there, or not any more."""
    try:
        status = path.stat()
    except (OSError, ValueError):  # or a name that no file can have
        return None
    return [status.st_size, status.st_mtime_ns] if S_ISREG(status.st_mode) else None
