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


def handed(text: str) -> Any:
    """What a script hands to the page."""
    assert "\u2028" not in text
    return json.loads(text.partition(" = ")[2].removesuffix(";\n"))


def test_the_index_says_what_the_rows_say(report: Report) -> None:
    """Each column reads back as the cells of its header, and anchors as those of the rows."""
    data = handed(report.run_scripts()["index.js"])
    for section in report.runs:
        table = data["tables"][section.name]
        assert sum(table["groups"]) == section.count
        columns = [
            [each["texts"][at] for at in each["at"]] if "at" in each else each["texts"]
            for each in table["columns"]
        ]
        for place, row in enumerate(section.rows):
            charts = (chart.last for chart in row.charts)
            cells = [row.short, str(row.seed), *row.settings, row.status, *charts, *row.metrics]
            assert [column[place] for column in columns] == cells
            assert table["anchors"].get(str(place), f"run-{row.short}") == row.anchor


def test_the_chunks_hold_what_was_measured(
    measured: Results, report: Report, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Histories read back as the epochs and curves, to a ten-thousandth; none is in two scripts."""
    monkeypatch.setattr(script_data, "CHUNK", 5)
    scripts = report.run_scripts()
    assert [*scripts] == ["index.js", *(f"{number}.js" for number in range(9))]
    rest = [each for number in range(9) for each in handed(scripts[f"{number}.js"])]
    index = handed(scripts["index.js"])
    rows = [(section, row) for section in report.runs for row in section.rows]
    for (section, row), (identity, charts, history) in zip(rows, rest, strict=True):
        assert identity == row.identity
        assert charts == [[chart.first, chart.path] for chart in row.charts]
        if section.name in ("base", "depth", "scale"):
            own = measured.epochs[measured.epochs["run_id"] == row.identity]
            steps = [math.floor(10_000 * value + 0.5 + 1e-9) for value in own["val_accuracy"]]
            assert history[3] == steps
        if section.name == "depth":
            own = measured.curves[measured.curves["run_id"] == row.identity]
            places = index["tables"]["depth"]["grid"][: len(history[4])]
            assert places == pytest.approx(list(own["progress"]), abs=1e-4)


def test_claims_lead_to_their_runs(measured: Results, report: Report) -> None:
    """The rows of a claim are its runs, whatever their order; where it stands is linked."""
    data: dict[str, Any] = handed(report.run_scripts()["index.js"])["claims"]
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
