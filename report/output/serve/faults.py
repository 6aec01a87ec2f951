"""From what a failed build has printed to what a page can show: the place and the message."""

import re
from pathlib import Path

from report.output.serve.news import Fault

WRONG = "The build found an error"
BROKEN = "The code of the report failed"
LOST = "The build ended without a word"
TAIL = 20
"""Lines shown of an output that is neither an error of the project nor a traceback."""

ERROR = re.compile(r"^error: (.*)", re.M | re.S)
PLACE = re.compile(r"(?P<file>[^\s:'\"(]+\.[A-Za-z]\w*)(?::(?P<line>\d+))?: ")
TOML_LINE = re.compile(r"\(at line (\d+)")
TRACEBACK = "Traceback (most recent call last):\n"
FRAME = re.compile(
    r'^ *File "(?P<file>[^"]+)", line (?P<line>\d+)(?:, in (?P<name>.+))?\n'
    r"(?P<code>(?: {4,}.*\n)*)",
    re.M,
)
MARKS = re.compile(r"^[\s~^]*$")
REMOTE = "_RemoteTraceback"


def explain(printed: str, code: int, root: Path) -> Fault:
    """Return the fault behind a build's error output and exit code, paths relative to `root`.

    Of a traceback only the project's own frames are kept, the deepest first.
    """
    if found := list(ERROR.finditer(printed)):
        return _error(found[-1][1].strip())
    if TRACEBACK in printed:
        return _traceback(printed, root)
    last = "\n".join(printed.strip().splitlines()[-TAIL:])
    return Fault(WRONG if last else LOST, "", last or f"Its exit code was {code}.")


def _error(message: str) -> Fault:
    """Return the fault of a message of the project, its place taken out of a single line."""
    found = PLACE.match(message)
    if found is None:
        return Fault(WRONG, "", message)
    line = found["line"] or (toml[1] if (toml := TOML_LINE.search(message)) else "")
    place = f"{found['file']}:{line}" if line else found["file"]
    return Fault(WRONG, place, message if "\n" in message else message[found.end() :])


def _traceback(printed: str, root: Path) -> Fault:
    parts = printed.split(TRACEBACK)[1:]
    # What went wrong in a worker process is told there, not where its result was waited for.
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
