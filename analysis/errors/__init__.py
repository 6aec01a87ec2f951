"""Errors that a person can act on, and readers of what comes from outside that raise them."""

import re
import unicodedata
from typing import ClassVar

PLACE = re.compile(r"(?P<place>[^\s:'\"(]+\.[A-Za-z]\w*(?::\d+)?): ")


class ProjectError(Exception):
    """Base of the errors the project raises on purpose; `exit_code` is what a command returns.

    Where an error has a place, its text begins with it: `file: what` or `file:line: what`.
    """

    exit_code: ClassVar[int] = 1

    @property
    def place(self) -> str:
        """Return the file, with the line where it is known, or nothing where neither is."""
        found = PLACE.match(str(self))
        return found["place"] if found else ""

    @property
    def message(self) -> str:
        """Return what is said of that place; of several lines, each may have one of its own."""
        text = str(self)
        return text if "\n" in text else text.removeprefix(f"{self.place}: ")


class InputError(ProjectError):
    """The input is wrong (study, data, store or arguments)."""

    exit_code: ClassVar[int] = 2


class StudyError(InputError):
    """A study file or an override cannot be used."""


class DataError(InputError):
    """A data set is missing, damaged or of the wrong form."""


class StoreError(InputError):
    """The results file cannot be used."""


class TrainingError(ProjectError):
    """Training ended without a result, for example because a worker process was lost."""


class LostError(TrainingError):
    """A worker process was lost in the middle of a run; `why` says how it ended."""

    def __init__(self, why: str) -> None:
        super().__init__(
            f"a worker process {why}. What had finished is stored, and the same command resumes"
        )
        self.why = why


class ReportError(ProjectError):
    """An answer asks for something that the results or the report do not have."""


UNSEEN = {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
"""Categories of Unicode whose characters show nothing, or change how others are shown."""
FILLERS = set("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0") | {
    chr(code) for first, end in ((0xFE00, 0xFE10), (0xE0100, 0xE01F0)) for code in range(first, end)
}
"""Characters that show nothing although they pass for letters, marks or symbols."""


def is_unseen(sign: str) -> bool:
    """Tell whether a character cannot be seen: control, bidirectional, of no width, a filler."""
    return unicodedata.category(sign) in UNSEEN or sign in FILLERS


def unseen(text: str) -> str:
    """Return the first character of a text that cannot be seen, ends of lines and tabs aside."""
    found = {sign for sign in set(text) - {"\n", "\t"} if is_unseen(sign)}
    return min(found, key=text.index, default="")


def named(sign: str) -> str:
    """Return the name of a character and its code, such as ZERO WIDTH SPACE (U+200B)."""
    nameless = "a control character" if unicodedata.category(sign) == "Cc" else "a nameless sign"
    return f"{unicodedata.name(sign, nameless)} (U+{ord(sign):04X})"


def visible(text: str) -> str:
    """Return a text for a terminal: the unseen characters, but for ends of lines, as escapes."""
    return "".join(
        sign.encode("unicode_escape", "surrogatepass").decode("ascii")
        if is_unseen(sign) and sign != "\n"
        else sign
        for sign in text
    )


def plural(number: int, thing: str) -> str:
    """Return what a number of things is called: "run" of one, else "runs"."""
    return thing if number == 1 else f"{thing}s"


def counted(number: int, thing: str) -> str:
    """Return a number with its thing in a message: "1 run", "3 runs", "1,200 runs"."""
    return f"{number:,} {plural(number, thing)}"


def shortened(text: str, most: int) -> str:
    """Return a text, or of one with more than `most` characters these and a mark of omission."""
    return text if len(text) <= most else f"{text[:most]} …"
