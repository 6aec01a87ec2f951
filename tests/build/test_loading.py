"""What a command loads: nothing that it does not need."""

import json
import re
import shutil
from pathlib import Path

import pytest

from tests.build.door import HEAVY, filled, runs_of, watched


def test_help_loads_nothing_heavy(elsewhere: Path) -> None:
    """Asking what there is costs no library."""
    code, _, loaded = watched(elsewhere, "--help")
    assert code == 0
    assert not loaded & (HEAVY | {"tensorflow", "keras", "pydantic"})


def test_a_plan_loads_no_tensorflow(small: Path, elsewhere: Path) -> None:
    """Who reads what changes is declared beside what draws it, which is loaded for nothing else."""
    code, out, loaded = watched(elsewhere, "plan")
    assert code == 0
    assert "In all: 8 runs, 8 to train" in out
    assert not loaded & {"tensorflow", "keras", "matplotlib", "typst", "pikepdf"}
    filled(elsewhere / "results", runs_of(small)[:1])
    _, out, loaded = watched(elsewhere, "plan")
    assert "figures accuracy, loss, test-accuracy, weight-sd" in out
    assert not loaded & {"tensorflow", "keras", "typst", "pikepdf"}


@pytest.mark.slow
def test_a_report_of_stored_results_and_of_what_was_published_of_them(
    small: Path, code: Path, elsewhere: Path
) -> None:
    """Both are built without TensorFlow, and built again from nothing heavy when left alone."""
    filled(elsewhere / "results", runs_of(small))
    site = elsewhere / "site"
    ended, out, loaded = watched(elsewhere, "report")
    assert ended == 0, out
    assert not loaded & {"tensorflow", "keras"}
    assert {"index.html", "report.pdf", "data", "figures"} <= {path.name for path in site.iterdir()}
    record = json.loads((site / "provenance.json").read_text())
    assert record["run_ids"] == sorted(run.id for run in runs_of(small))
    *_, last = out.splitlines()
    assert re.fullmatch(r"\d+ claims: \d+ supported, \d+ not supported, \d+ inconclusive\.", last)
    left_alone(elsewhere, "report")

    ended, out, loaded = watched(elsewhere, "publish")
    assert ended == 0, out
    assert out.startswith("results/published: 8 runs in 0.0 MB.")
    assert not loaded & {"tensorflow", "keras"}
    shutil.rmtree(site)
    small.unlink()
    (elsewhere / "results" / "runs.sqlite").unlink()
    ended, out, loaded = watched(elsewhere, "report", "--results", "published")
    assert ended == 0, out
    assert not loaded & {"tensorflow", "keras"}
    assert json.loads((site / "provenance.json").read_text())["run_ids"] == record["run_ids"]
    claims = json.loads((site / "data" / "claims.json").read_text())
    assert {each["settings"] for each in claims} == {"published"}
    assert {each["verdict"] == each["published_verdict"] for each in claims} == {True}
    assert "→" not in out
    left_alone(elsewhere, "report", "--results", "published")


def left_alone(folder: Path, *words: str) -> None:
    """Check that a second report loads and writes nothing."""
    before = {path: path.stat().st_mtime_ns for path in (folder / "site").rglob("*")}
    code, out, loaded = watched(folder, *words)
    assert code == 0
    assert "Nothing has changed" in out
    assert not loaded & (HEAVY | {"tensorflow", "keras"})
    assert {path: path.stat().st_mtime_ns for path in (folder / "site").rglob("*")} == before
