"""Errors that a person can act on: each says what is wrong, where, and what would be right."""

from typing import ClassVar


class ProjectError(Exception):
    """Base of the errors the project raises on purpose; `exit_code` is what a command returns."""

    exit_code: ClassVar[int] = 1


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
