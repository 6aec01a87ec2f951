"""The comparison of `make bench` on a setting small enough for a test, in real processes."""

import json
import math
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from analysis.data import dataset
from analysis.errors import TrainingError
from analysis.plan.result import StepLosses
from analysis.training.surroundings import processors
from benchmarks import compare, rounding, table
from benchmarks.work import VARIANTS, Work
from build import ROOT
from tests.analysis.training import small
from tests.made.results import tiny

BY_NAME = {each.name: each for each in (*compare.CONTENDERS, *compare.CEILINGS)}
MISSING = compare.Contender("other", "Another", "other_loop", "train", needs="not_a_package")

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Return a comparison over 2,000 images and 2 epochs, as it comes back from JSON."""
    data = small.save(tmp_path_factory.mktemp("bench") / "small.npz", small.first_rows())
    measured = compare.measure(
        ROOT,
        Work(data, epochs=2),
        repeats=1,
        contenders=[BY_NAME["plain"], BY_NAME["engine"], MISSING],
        ceilings=[BY_NAME["numpy"]],
        steps_per_execution=10,
    )
    back: dict[str, Any] = json.loads(json.dumps(measured))
    return back


def test_every_row_is_whole(report: dict[str, Any]) -> None:
    """Each contender has every number of the table, positive, and says how many train at once."""
    assert list(report["rows"]) == ["plain", "engine"]
    for row in report["rows"].values():
        for key, _, _ in table.MEASURES:
            assert row[key] > 0
            assert math.isfinite(row[key])
        assert row["compile_s"] < row["training_s"] < row["process_s"]
        assert row["core_us"] == row["step_us"] * row["cores"]
    assert report["rows"]["engine"]["workers"] == processors.available()


def test_every_contender_does_the_same_work(report: dict[str, Any]) -> None:
    """All train the four variants: three of them learn, and zeros do not."""
    assert report["work"]["steps"] == 25
    for row in report["rows"].values():
        accuracy = dict(row["accuracy"])
        assert set(accuracy) == {variant["name"] for variant in VARIANTS}
        assert accuracy.pop("Zeros") < 0.2
        assert min(accuracy.values()) > 0.5


def test_ratios_are_the_quotients_of_the_rows(report: dict[str, Any]) -> None:
    """A ratio says how many times more plain Model.fit needs than the row."""
    plain = report["rows"]["plain"]
    for name, row in report["rows"].items():
        expected = {key: plain[key] / row[key] for key in compare.RATIOS}
        assert report["ratios"][name] == expected
    assert set(report["ratios"]["plain"].values()) == {1.0}


def test_the_share_of_the_ceiling_is_a_quotient(report: dict[str, Any]) -> None:
    """The products alone are a part of the engine's step: the fastest library's counts."""
    step = report["rows"]["engine"]["step_us"]
    ceiling = report["ceiling"]
    assert ceiling["share"] == ceiling["numpy_us"] / step
    both = compare.ceiling(200.0, {"xla": {"step_us": 150.0}, "numpy": {"step_us": 120.0}})
    assert both == {"xla_us": 150.0, "numpy_us": 120.0, "share": 0.6}


def test_what_is_not_installed_is_skipped_with_a_word(report: dict[str, Any]) -> None:
    """A library that is missing has no row; the machine and its versions are told."""
    assert report["skipped"] == {"other": "not installed"}
    assert {"processor", "cores", "python", "tensorflow", "keras"} <= set(report["machine"])


def test_the_table_shows_it_all(
    report: dict[str, Any],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Rows, ratios, the ceiling, what was skipped and the machine are printed."""
    monkeypatch.setenv("COLUMNS", "120")
    table.show(report | {"ceiling": {"xla_us": 1.0} | report["ceiling"]})
    printed = capsys.readouterr().out
    for text in ("Model.fit as in the notebook", "this engine", "other: skipped, not installed"):
        assert text in printed
    assert f"({report['ratios']['engine']['training_s']:.1f}×)" in printed
    assert report["machine"]["processor"] in printed
    assert ("The machine was busy" in printed) == (report["rows"]["engine"]["cores"] <= table.BUSY)


def test_a_contender_that_fails_is_an_error(tmp_path: Path) -> None:
    """A process that ends badly is named, with the last line it wrote."""
    missing = Work(str(tmp_path / "gone.npz"), epochs=2)
    with pytest.raises(TrainingError, match=r"NumPy ended with exit code 1: .*gone\.npz"):
        compare.run(ROOT, BY_NAME["numpy"], missing)


def test_the_notebook_takes_any_images(tmp_path: Path) -> None:
    """Bytes of MNIST are divided by 255; floats of another size, which are ready, by nothing."""
    from benchmarks import notebook

    rng = np.random.default_rng(0)
    y = np.repeat(np.arange(2), 10)
    x = rng.random((20, 9, 5), dtype=np.float32)
    np.savez(tmp_path / "other.npz", x_train=x, y_train=y, x_test=x, y_test=y)
    other, mnist = dataset.load("other", tmp_path / "other.npz"), dataset.load("mnist")
    assert np.array_equal(notebook.images(other).reshape(20, 45), x.reshape(20, 45))
    found = notebook.images(mnist)
    assert found.dtype == np.float64
    assert (found.min(), found.max()) == (0.0, 1.0)
    assert np.array_equal(found.reshape(-1, 784)[:9], mnist.x_train[:9] / 255.0)


def test_rounding_is_measured_as_shares_of_what_is_measured(tmp_path: Path) -> None:
    """A statistic by the largest of its column, a loss by itself, step by step."""
    _, runs = tiny.planned(tiny.write_study(tmp_path, experiments=tiny.SWEEP))
    run = next(run for run in runs if run.experiment == "deep")
    here = tiny.measured(run)
    largest = max(row.kernel_sd or 0 for row in here.layers if row.progress == 0)
    layers = tuple(
        replace(row, kernel_sd=(row.kernel_sd or 0) + 0.01 * largest) for row in here.layers
    )
    losses = np.frombuffer(here.steps[0].losses, "<f4").copy()
    losses[2] *= 1.5
    steps = (StepLosses(1, losses.tobytes()), *here.steps[1:])
    there = replace(here, layers=layers, steps=steps)
    (found,) = rounding.distances([run], {run.id: there}, {run.id: here})
    assert found.untrained["kernel_sd"] == pytest.approx(0.01)
    assert found.untrained["kernel_mean"] == 0
    assert found.steps == pytest.approx((0, 0, 0.5, 0, 0))
