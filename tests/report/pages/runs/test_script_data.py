"""What the script of the page reads is what was measured."""

import json
import math
from typing import Any

import pytest

from analysis.results.frames import Results
from report.output.writing.report import Report
from report.pages.runs import script_data
from report.pages.runs.records import Row
from tests.made.sites import run_page


def test_the_data_of_the_script_hold_what_was_measured(measured: Results, report: Report) -> None:
    """Histories read back as the epochs and curves, to a ten-thousandth."""
    data = json.loads(report.run_data())
    for section in report.runs:
        listed = data["histories"][section.name]
        assert len(listed["rows"]) == section.count
        for row, history in zip(section.rows, listed["rows"], strict=True):
            if section.name in ("base", "depth", "scale"):
                own = measured.epochs[measured.epochs["run_id"] == row.identity]
                steps = [math.floor(10_000 * value + 0.5 + 1e-9) for value in own["val_accuracy"]]
                assert history[3] == steps
            if section.name == "depth":
                own = measured.curves[measured.curves["run_id"] == row.identity]
                places = listed["grid"][: len(history[4])]
                assert places == pytest.approx(list(own["progress"]), abs=1e-4)


def test_claims_lead_to_their_runs(measured: Results, report: Report) -> None:
    """The rows of a claim are its runs, whatever their order; where it stands is linked."""
    text = report.run_data()
    assert "<" not in text
    data: dict[str, Any] = json.loads(text)["claims"]
    listed = [row.identity for section in report.runs for row in section.rows]
    for name, claim in run_page.claims(measured).items():
        ends = data[name]["rows"]
        places = [
            place
            for first, last in zip(ends[::2], ends[1::2], strict=True)
            for place in range(first, last + 1)
        ]
        assert sorted(listed[place] for place in places) == sorted(claim.runs)
        assert data[name]["verdict"] == claim.verdict
    assert data["level"]["statement"] == "They < end level."
    assert data["level"]["address"] == "q2.html#claim-level"
    assert data["deep"]["address"] == ""


def test_stretches_are_first_and_last() -> None:
    """Places in any order, one of them twice, become the ends of their unbroken stretches."""
    assert script_data.stretches([7, 3, 4, 5, 9, 8, 4]) == [3, 5, 7, 9]
    assert script_data.stretches([2]) == [2, 2]
    assert script_data.stretches([]) == []


@pytest.mark.parametrize(
    ("status", "values", "kept"),
    [
        ("finished", (0.97425, 0.1135, 1.2e-05, math.nan, math.inf), [9743, 1135, 0, None, None]),
        ("not trained", (1.2345e-05, 0.0, -2.5, math.nan), [1.23e-05, 0.0, -2.5, None]),
    ],
)
def test_a_history_is_kept_as_fine_as_the_page_shows_it(
    status: str, values: tuple[float, ...], kept: list[float | None]
) -> None:
    """Rounded half up as everywhere: ten-thousandths of a trained run, else three digits."""
    row = Row("run-a", "a", "A", 0, (), status, (), (), (values,), math.nan)
    assert script_data._history(row) == [kept]
