"""From what a failed build leaves or prints to what a page shows."""

import json
from pathlib import Path

import pytest

from analysis.errors import ReportError
from report.output.serve import faults
from report.output.serve.news import Fault

ROOTED = "/home/me/report"
CRASH = f"""A warning.
Traceback (most recent call last):
  File "{ROOTED}/build.py", line 270, in <module>
    app()
  File "{ROOTED}/.venv/lib/python3.11/site-packages/typer/main.py", line 1143, in __call__
    raise e
  File "{ROOTED}/report/figures.py", line 68, in accuracy
    return 1 / 0
           ~~^~~
ZeroDivisionError: division by zero
"""
SYNTAX = f"""Traceback (most recent call last):
  File "{ROOTED}/build.py", line 3, in <module>
    from report import figures
  File "{ROOTED}/report/figures.py", line 68
    def (:
        ^
SyntaxError: invalid syntax
"""
WORKER = f'''concurrent.futures.process._RemoteTraceback:
"""
Traceback (most recent call last):
  File "{ROOTED}/analysis/training.py", line 12, in train
    step()
ValueError: two
lines
"""

The above exception was the direct cause of the following exception:

Traceback (most recent call last):
  File "{ROOTED}/analysis/workers.py", line 60, in train
    future.result()
ValueError: two
lines
'''


@pytest.mark.parametrize(
    ("printed", "place", "message"),
    [
        (
            CRASH,
            "report/figures.py:68",
            "ZeroDivisionError: division by zero\n\n"
            "report/figures.py:68, in accuracy\n    return 1 / 0\n\n"
            "build.py:270, in <module>\n    app()",
        ),
        (
            SYNTAX,
            "report/figures.py:68",
            "SyntaxError: invalid syntax\n\nreport/figures.py:68\n    def (:\n\n"
            "build.py:3, in <module>\n    from report import figures",
        ),
        (
            WORKER,
            "analysis/training.py:12",
            "ValueError: two\nlines\n\nanalysis/training.py:12, in train\n    step()",
        ),
        ("Usage: x\nNo such option\n", "", "Usage: x\nNo such option"),
        ("", "", "Its exit code was -9."),
    ],
)
def test_a_fault_has_its_place_and_words(printed: str, place: str, message: str) -> None:
    """A traceback as the project's own frames with the deepest first, or else the last words."""
    fault = faults.explain(None, printed, -9, Path(ROOTED))
    assert isinstance(fault, Fault)
    assert (fault.place, fault.message) == (place, message)


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("report/a.md:7: no x", "report/a.md:7", "no x"),
        ("study.toml: seeds = 0: no", "study.toml", "seeds = 0: no"),
        (
            "study.toml: a = 1: no\nstudy.toml: b = 2: no",
            "study.toml",
            "study.toml: a = 1: no\nstudy.toml: b = 2: no",
        ),
        ("--strict: no", "", "--strict: no"),
    ],
)
def test_an_error_of_the_project_is_a_record(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, text: str, place: str, message: str
) -> None:
    """What the build leaves is what the page shows, whatever else has been printed."""
    record = tmp_path / "record.json"
    monkeypatch.setenv(faults.RECORD, str(record))
    faults.leave(ReportError(text))
    left = json.loads(record.read_text())
    assert left == {"place": place, "message": message}
    fault = faults.explain(left, f"warned\n{CRASH}\nerror: {text}", 1, Path(ROOTED))
    assert fault == Fault("The build found an error", place, message)


def test_a_build_that_nobody_watches_leaves_no_record(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its error stands in the terminal alone."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv(faults.RECORD, raising=False)
    faults.leave(ReportError("report/a.md:7: no x"))
    assert list(tmp_path.iterdir()) == []
