"""What nobody foresaw: one line for the terminal, and a report file for who is to mend it.

The file holds the traceback, versions and the command, and nothing of the user: no path outside of
the project, and no value that was typed or read.
"""

import contextlib
import platform
import re
import sys
import tempfile
import traceback
from collections.abc import Iterator, Sequence
from importlib import metadata
from pathlib import Path

from analysis.errors import ProjectError, shortened, visible
from analysis.errors.stopping import Stopped

REPORT = Path("results", "last-error.txt")
"""The file, in the project's folder; there is one, of the last error."""
INTERRUPTED = 130
LONGEST = 300
"""Characters of an error in the line for the terminal."""
QUOTED = re.compile(r"'[^'\n]*'|\"[^\"\n]*\"|`[^`\n]*`|‘[^’\n]*’|“[^”\n]*”")
ABSOLUTE = re.compile(r"(?<![\w./…>-])(?:/|[A-Za-z]:\\)[^\s'\",:;()<>]+")
SITE = "site-packages/"


def exit_code(error: BaseException) -> int:
    """Return what a command returns that ends by an error, or by Ctrl-C or a kill."""
    if isinstance(error, KeyboardInterrupt):
        return error.exit_code if isinstance(error, Stopped) else INTERRUPTED
    return error.exit_code if isinstance(error, ProjectError) else 1


def told(error: BaseException, root: Path, words: Sequence[str]) -> str:
    """Return what a person is told of an error; `words` are those of the command.

    An error of the project says itself what is wrong. Of one that nobody foresaw, the report file
    is written, as far as that is possible, and one line tells of it.
    """
    if isinstance(error, KeyboardInterrupt):
        parts = ["Interrupted.", str(error), "The same command resumes where it stopped."]
        return "\n" + " ".join(filter(None, parts))
    if isinstance(error, ProjectError):
        return f"error: {visible(str(error))}"
    said = shortened(" ".join(f"{type(error).__name__}: {error}".split()), LONGEST)
    whose = (
        "the system refused it"
        if isinstance(error, OSError)
        else "this is a fault of the report's code, or an input that it should have refused"
    )
    path = _write(text(error, root, words), root)
    left = f"; {path} tells what a maintainer needs to know" if path else ""
    return visible(f"error: {said}: {whose}{left}")


def text(error: BaseException, root: Path, words: Sequence[str]) -> str:
    """Return what stands in the report file."""
    versions = sorted({f"{each.name} {each.version}" for each in metadata.distributions()})
    parts = [
        f"Command: build.py {' '.join(_known(words, root))}",
        f"Python {platform.python_version()} on {platform.system()} {platform.machine()}",
        "",
        *_traceback(error, root),
        "",
        "Packages: " + ", ".join(versions),
    ]
    return "\n".join(parts) + "\n"


def _traceback(error: BaseException, root: Path) -> Iterator[str]:
    """Yield the lines of a traceback, what caused an error before the error itself."""
    before = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
    if before is not None:
        yield from _traceback(before, root)
        yield "which led to"
    for frame in traceback.extract_tb(error.__traceback__):
        yield f"  {_place(frame.filename, root)}:{frame.lineno}, in {frame.name}"
        if frame.line and _own(frame.filename, root):
            yield f"    {frame.line}"
    yield f"{type(error).__name__}: {_scrubbed(str(error), root)}"


def _own(file: str, root: Path) -> bool:
    return SITE in file or Path(file).is_relative_to(root) or Path(file).is_relative_to(sys.prefix)


def _place(file: str, root: Path) -> str:
    """Return a file of the code as every machine knows it."""
    path = Path(file)
    if SITE in file:
        return SITE + file.rpartition(SITE)[2]
    # Answers are compiled under names that are relative already.
    known = path.is_relative_to(root)
    return str(path.relative_to(root)) if known else path.name if path.is_absolute() else file


def _scrubbed(message: str, root: Path) -> str:
    """Return a message without what it quotes and without paths outside of the project."""
    inside = message.replace(f"{root}/", "")
    return ABSOLUTE.sub("…", QUOTED.sub("…", inside))


def _known(words: Sequence[str], root: Path) -> Iterator[str]:
    """Yield the words of a command; a value only if it is the name of something of the project."""
    studies = {path.stem for path in (root / "studies").glob("*.toml")}
    for place, word in enumerate(words):
        if place == 0 or word in {"published", *studies}:
            yield word
        elif word.startswith("--"):
            option, sign, _ = word.partition("=")
            yield option + ("=…" if sign else "")
        else:
            yield "…"


def _write(content: str, root: Path) -> Path | None:
    """Return where the report was written: in the project, or else among temporary files."""
    for path in (root / REPORT, Path(tempfile.gettempdir(), f"report-{REPORT.name}")):
        with contextlib.suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(content, encoding="utf-8")
            return path
    return None
