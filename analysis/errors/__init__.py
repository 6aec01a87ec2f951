"""Errors that a person can act on, and readers of what comes from outside that raise them."""

import re
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


class ReportError(ProjectError):
    """An answer asks for something that the results or the report do not have."""
