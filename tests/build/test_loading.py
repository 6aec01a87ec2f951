"""What a command loads: nothing that it does not need."""

import json
import re
import shutil
import subprocess
import sysconfig
import venv
from pathlib import Path

import pytest

from build import ROOT
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
    assert re.fullmatch(
        r"\d+ verifications: \d+ supported, \d+ contradicted, \d+ inconclusive\.", last
    )
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


STRAY = """
import pathlib
pathlib.Path({record!r}).touch()
"""


@pytest.mark.slow
def test_a_stray_jax_costs_a_worker_nothing(small: Path, tmp_path: Path) -> None:
    """JAX that somebody has installed beside TensorFlow, which would import it, is not loaded."""
    record, python = tmp_path / "loaded", tmp_path / "env" / "bin" / "python"
    venv.create(tmp_path / "env", symlinks=True)
    (site,) = (tmp_path / "env").glob("lib/*/site-packages")
    (site / "ours.pth").write_text(sysconfig.get_path("purelib") + "\n", encoding="utf-8")
    (site / "jax.py").write_text(STRAY.format(record=str(record)), encoding="utf-8")

    subprocess.run([python, "-c", "import jax"], check=True)
    assert record.exists()
    record.unlink()
    command = [
        str(python),
        str(ROOT / "build.py"),
        "train",
        "--study",
        str(small),
        "--results",
        "own",
    ]
    for setting in ("seeds=1", "training.epochs=1", "training.data_fraction=0.02"):
        command += ["--set", setting]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "own" / "runs.sqlite").exists()
    assert not record.exists()
