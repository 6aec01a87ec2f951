"""Is the site still what a build would make? Answered from file stamps alone, in milliseconds."""

import json
import subprocess
from collections.abc import Iterable, Sequence
from pathlib import Path

STAMP = ".inputs.json"
SOURCES = ("analysis", "report", "templates", "studies")
FILES = ("build.py", "study.toml", "CITATION.cff", "requirements.lock")


def fingerprint(root: Path, arguments: Sequence[str], others: Iterable[Path]) -> dict[str, object]:
    """Return what a build depends on: arguments, commit, and size and time of every file it reads.

    `others` are files beside the project's sources: the results, a data set, a study elsewhere.
    """
    others = tuple(others)
    return {
        "arguments": list(arguments),
        "commit": _commit(root),
        "files": files(root, others),
        "others": sorted(str(path) for path in others),
    }


def files(root: Path, others: Iterable[Path]) -> dict[str, list[int]]:
    """Return size and time of each file that a build reads, by path: the sources, and `others`."""
    own = [path for folder in SOURCES for path in (root / folder).rglob("*")]
    named = [*(root / name for name in FILES), *others]
    kept = {p for p in [*own, *named] if p.suffix != ".pyc" and p.is_file()}
    return {str(path): _state(path) for path in sorted(kept)}


def is_fresh(site: Path, root: Path, arguments: Sequence[str]) -> bool:
    """Tell whether the site is whole and was built from these arguments and just these files."""
    try:
        stamp = json.loads((site / STAMP).read_text(encoding="utf-8"))
        others = [Path(path) for path in stamp["inputs"]["others"]]
        now = fingerprint(root, arguments, others)
        return bool(stamp == {"inputs": now, "outputs": _outputs(site)})
    except (OSError, ValueError, KeyError, TypeError):
        return False


def record(site: Path, inputs: dict[str, object]) -> None:
    """Note in the site the inputs it was built from."""
    stamp = {"inputs": inputs, "outputs": _outputs(site)}
    (site / STAMP).write_text(json.dumps(stamp, indent=1, sort_keys=True) + "\n", encoding="utf-8")


def _outputs(site: Path) -> dict[str, list[int]]:
    return {
        str(path.relative_to(site)): _state(path)
        for path in sorted(site.rglob("*"))
        if path.is_file() and path.name != STAMP
    }


def _state(path: Path) -> list[int]:
    status = path.stat()
    return [status.st_size, status.st_mtime_ns]


def _commit(root: Path) -> str:
    command = ["git", "-C", str(root), "rev-parse", "HEAD"]
    try:
        return subprocess.run(command, capture_output=True, text=True, timeout=10).stdout.strip()  # noqa: PLW1510
    except (OSError, subprocess.SubprocessError):
        return ""
