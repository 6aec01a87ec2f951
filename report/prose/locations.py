"""Where in an answer something stands, so that an error can say file and line."""

import re
import sys
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any

import jinja2
import markupsafe

from analysis.errors import ReportError
from analysis.study.names import closest

JINJA = (Path(jinja2.__file__).parent, Path(markupsafe.__file__).parent)
OURS = {"analysis", "report", "stages"}
LISTED = 12


@dataclass(frozen=True, order=True)
class Place:
    """A line of a file."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}"


class Misplaced(ReportError):
    """An error in an answer before its place is known; `Prose` adds file and line."""


def here() -> Place:
    """Return the line of the answer that is being rendered, found in the calling frames.

    Jinja compiles a template to Python and keeps the map from compiled to written lines; a
    callable of a template therefore has the template's frame above its own.
    """
    frame = sys._getframe(1)
    while frame is not None:
        template: Any = frame.f_globals.get("__jinja_template__")
        if template is not None:
            return Place(str(template.filename), template.get_corresponding_lineno(frame.f_lineno))
        frame = frame.f_back  # type: ignore[assignment]
    raise RuntimeError("called from outside of an answer")


def line_at(text: str, position: int) -> int:
    """Return the line, from 1, on which a position in a text stands."""
    return text.count("\n", 0, position) + 1


def densest(text: str, marks: str) -> int:
    """Return the line, from 1, in which a pattern is found most often: where it is too deep."""
    counts = [len(re.findall(marks, line)) for line in text.split("\n")]
    return counts.index(max(counts)) + 1


def line_of_failure(trace: TracebackType | None, file: str) -> int:
    """Return the last line of `file` that an exception passed through; Jinja maps its frames."""
    line = 1
    while trace is not None:
        if trace.tb_frame.f_code.co_filename == file:
            line = trace.tb_lineno
        trace = trace.tb_next
    return line


def in_template(trace: TracebackType | None, is_template: Callable[[str], bool]) -> Place | None:
    """Return the line of a template in which an error arose, in itself or in a filter of Jinja.

    None where it arose in what the template had called: that is no mistake of the template. What a
    filter of Jinja calls of Python's own is its affair.
    """
    place, inside = None, False
    while trace is not None:
        file = trace.tb_frame.f_code.co_filename
        if is_template(file):
            place = Place(file, trace.tb_lineno)
        if is_template(file) or any(map(Path(file).is_relative_to, JINJA)):
            inside = True
        elif trace.tb_frame.f_globals.get("__name__", "").partition(".")[0] in OURS:
            inside = False
        trace = trace.tb_next
    return place if inside else None


def unknown(kind: str, name: object, known: Collection[str]) -> Misplaced:
    """Return the error for a name that does not exist, with the nearest that does, or a list."""
    message = f"there is no {kind} {name!r}"
    suggestion = closest(str(name), known)
    if suggestion:
        return Misplaced(message + suggestion)
    names = sorted(map(str, known))
    shown = ", ".join(names[:LISTED]) + (", …" if len(names) > LISTED else "")
    return Misplaced(f"{message}; there is {shown}" if names else message)
