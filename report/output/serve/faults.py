"""What the preview shows of a build that failed: its error, place and own lines of traceback."""

import contextlib
import json
import os
import re
import traceback
from collections.abc import Mapping
from pathlib import Path

from analysis.errors import ProjectError
from report.output.serve.news import Fault

RECORD = "REPORT_ERROR_RECORD"
"""The environment variable that names the file in which a build leaves its error, as JSON."""
WRONG = "The build found an error"
BROKEN = "The code of the report failed"
LOST = "The build ended without a word"
TAIL = 20
"""Lines shown of an output that is no traceback, where a build has left no record."""

TRACEBACK = "Traceback (most recent call last):\n"
FRAME = re.compile(
    r'^ *File "(?P<file>[^"]+)", line (?P<line>\d+)(?:, in (?P<name>.+))?\n'
    r"(?P<code>(?: {4,}.*\n)*)",
    re.M,
)
MARKS = re.compile(r"^[\s~^]*$")
REMOTE = "_RemoteTraceback"


def leave(error: BaseException) -> None:
    """Write an error where a preview looks for it, if one has asked for that.

    One of the project is its place and message, any other one its traceback.
    """
    if file := os.environ.get(RECORD):
        record = (
            {"place": error.place, "message": error.message}
            if isinstance(error, ProjectError)
            else {"traceback": "".join(traceback.format_exception(error))}
        )
        with contextlib.suppress(OSError):  # the preview reads what was printed, then
            Path(file).write_text(json.dumps(record), encoding="utf-8")


def explain(left: Mapping[str, str] | None, printed: str, code: int, root: Path) -> Fault:
    """Return the fault behind what a build has `left` of it, its error output and its exit code.

    Of a traceback, in the record or else in the output, only the project's own frames are kept, the
    deepest first, with paths relative to `root`.
    """
    if left:
        return _traceback(left["traceback"], root) if "traceback" in left else Fault(WRONG, **left)
    if TRACEBACK in printed:
        return _traceback(printed, root)
    last = "\n".join(printed.strip().splitlines()[-TAIL:])
    return Fault(WRONG if last else LOST, "", last or f"Its exit code was {code}.")


def _traceback(printed: str, root: Path) -> Fault:
    parts = printed.split(TRACEBACK)[1:]
    # A worker process that failed has a traceback of its own, which stands before the one of the
    # process that waited for its result.
    part = parts[0] if REMOTE in printed else parts[-1]
    frames = [each for each in FRAME.finditer(part) if _own(each["file"], root)]
    places = [f"{_relative(each['file'], root)}:{each['line']}" for each in frames]
    lines = [
        place + (f", in {frame['name']}" if frame["name"] else "") + "\n" + _code(frame["code"])
        for place, frame in zip(places, frames, strict=True)
    ]
    message = "\n".join([_exception(part), "", *reversed(lines)]).strip()
    return Fault(BROKEN, places[-1] if places else "", message)


def _exception(part: str) -> str:
    """Return the exception at the end of a traceback, all of its lines."""
    lines = part.splitlines()
    start = next((n for n, line in enumerate(lines) if line and not line.startswith(" ")), 0)
    end = next((n for n in range(start, len(lines)) if lines[n] == '"""'), len(lines))
    return "\n".join(lines[start:end]).strip()


def _code(text: str) -> str:
    return "".join(f"    {line.strip()}\n" for line in text.splitlines() if not MARKS.match(line))


def _own(file: str, root: Path) -> bool:
    path = Path(file)
    inside = path.is_relative_to(root) or not path.is_absolute()
    return inside and not {"site-packages", ".venv"} & set(path.parts) and not file.startswith("<")


def _relative(file: str, root: Path) -> str:
    path = Path(file)
    return str(path.relative_to(root) if path.is_relative_to(root) else path)
