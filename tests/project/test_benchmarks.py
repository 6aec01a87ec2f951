"""The comparison of `make bench` on a setting small enough for a test, in real processes."""

import gzip
import json
import math
import subprocess
import sys
import tomllib
import urllib.request
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from analysis.data import dataset
from analysis.errors import TrainingError
from analysis.plan.result import StepLosses
from analysis.study.file import build_study, load_study
from analysis.study.initializers import TRUNCATED_SD
from analysis.study.tables import pairs
from analysis.training.surroundings import processors
from benchmarks import changing, compare, engine, pages, rounding, table
from benchmarks.rivals.jax import loop
from benchmarks.work import LEFT_BY_CUT, VARIANTS, Timed, Work
from build import ROOT
from tests.analysis.training import small
from tests.analysis.training.cluster import clusters
from tests.made.results import tiny

BY_NAME = {each.name: each for each in (*compare.CONTENDERS, *compare.CEILINGS)}
MISSING = compare.Contender("other", "Another", "other.loop", "train", rival=True)
BUSY = f"'{sys.executable}' -c 'import time\nwhile time.process_time() < 0.2: pass'"
PLAIN = {"process_s": 100.0, "training_s": 90.0, "compile_s": 10.0, "cpu_s": 150.0, "epochs": 10}

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def report(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Return a comparison over 2,000 images and 2 epochs, as it comes back from JSON."""
    data = small.save(tmp_path_factory.mktemp("bench") / "small.npz", small.first_rows())
    measured = compare.measure(
        ROOT,
        Work(data, epochs=2),
        rivals=True,
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


def test_what_is_not_there_is_skipped_with_a_word(report: dict[str, Any]) -> None:
    """A rival whose environment is missing has no row; the machine and its versions are told."""
    assert report["skipped"] == {"other": "there is no environment .rivals/other"}
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
    for text in (
        "Model.fit as in the notebook",
        "this engine",
        "other: skipped, there is no",
    ):
        assert text in printed
    assert f"({report['ratios']['engine']['training_s']:.1f}×)" in printed
    assert report["machine"]["processor"] in printed
    assert ("The machine was busy" in printed) == (report["rows"]["engine"]["cores"] <= table.BUSY)


def test_a_contender_that_fails_is_an_error(tmp_path: Path) -> None:
    """A process that ends badly is named, with the last line it wrote."""
    missing = Work(str(tmp_path / "gone.npz"), epochs=2)
    with pytest.raises(TrainingError, match=r"NumPy ended with exit code 1: .*gone\.npz"):
        compare.run(ROOT, BY_NAME["numpy"], missing)


def test_a_contender_that_learns_otherwise_is_an_error(report: dict[str, Any]) -> None:
    """Rows of one work pass; networks that end far from Model.fit's are no measure of speed."""
    rows = {name: {**row, "accuracy": {"HeNormal": 0.97}} for name, row in report["rows"].items()}
    compare.demand_same(rows)
    rows["engine"]["accuracy"] = {"HeNormal": 0.94}
    with pytest.raises(TrainingError, match=r"this engine is not the same work: .*0\.940.*0\.970"):
        compare.demand_same(rows)


@clusters.needed
def test_a_cluster_does_the_same_work(tmp_path: Path) -> None:
    """Its networks end where those of this machine's processes do, to the last bit."""
    data = small.save(tmp_path / "small.npz", small.first_rows())
    here, there = engine.whole(Work(data, 2)), engine.by_cluster(Work(data, 2, cluster="local:2"))
    assert there.accuracy == here.accuracy
    assert there.workers == 2


def test_what_is_not_measured_has_no_ratio() -> None:
    """The processor time of workers elsewhere is not known."""
    plain = dict.fromkeys(compare.RATIOS, 8.0)
    found = compare.ratios({"plain": plain, "cluster": {**plain, "step_us": 2.0, "cpu_s": None}})
    assert found["cluster"]["step_us"] == 4.0
    assert "cpu_s" not in found["cluster"]


def test_a_program_is_timed_with_its_children() -> None:
    """Two processes of a shell that compute one after the other: their time is its own."""
    with Timed() as spent:
        subprocess.run(["sh", "-c", f"{BUSY}; {BUSY}"], check=True)
    assert spent.cpu_s >= 0.4
    assert spent.wall_s >= 0.4
    assert Timed().cpu_s == 0


def test_a_rival_draws_the_weights_of_keras() -> None:
    """Kernels have the deviation of their name; of two kinds none is beyond two of what is cut.

    What is cut is wider by 1 / 0.8796, so that 2 / 0.8796 = 2.2738 of the kernel's own are left.
    """
    assert LEFT_BY_CUT == TRUNCATED_SD
    shape, random = (784, 128), np.random.default_rng(1)
    for name, sd, cut in (
        ("RandomNormal", 0.05, False),
        ("GlorotNormal", (2 / (784 + 128)) ** 0.5, True),
        ("HeNormal", (2 / 784) ** 0.5, True),
    ):
        drawn = loop.kernel(random, name, shape)
        assert drawn.std() == pytest.approx(sd, rel=0.01)
        assert bool(np.abs(drawn).max() < 2.2739 * sd) is cut
    assert not loop.kernel(random, "Zeros", shape).any()


def test_the_notebook_trains_all_again() -> None:
    """Ten seconds of start, then 2.5 s of compiling and 2 s an epoch for each run, by hand."""
    assert changing.notebook_s(PLAIN, 80, 5) == 10 + 80 * (2.5 + 5 * 2.0)


def test_each_change_changes_the_study_or_one_file() -> None:
    """The rows are those of the default study; what is edited is there, and still of its kind."""
    comparison = load_study(ROOT / "study.toml").experiments["base"]
    found = {each.name: each for each in changing.changes(comparison)}
    assert [(each.title, each.runs, each.epochs) for each in found.values()] == [
        ("epochs 10 → 5", 80, 5), ("epochs 10 → 12", 80, 12), ("one seed more", 84, 10),
        ("one variant more", 100, 10), ("a sentence", 80, 10), ("a colour", 80, 10),
    ]  # fmt: skip
    asked = {name: found[name].settings for name in ("fewer", "more", "seed")}
    for name, (epochs, seeds) in {"fewer": (5, 20), "more": (12, 20), "seed": (10, 21)}.items():
        study = load_study(ROOT / "study.toml", pairs(asked[name]))
        base = study.experiments["base"]
        assert (base.training.epochs, len(base.seeds)) == (epochs, seeds)
    for name in ("variant", "sentence", "colour"):
        before = (ROOT / found[name].file).read_text(encoding="utf-8")
        assert found[name].edit(before) != before
    edited = found["variant"].edit((ROOT / "study.toml").read_text(encoding="utf-8"))
    variants = build_study(tomllib.loads(edited), "edited").experiments["base"].variants
    assert len(variants) == 5


def test_a_change_is_measured_by_a_build_of_a_copy(tmp_path: Path) -> None:
    """The copy has what a build reads and nothing built; a build that fails is an error."""
    project = tmp_path / "project"
    changing.copy(ROOT, project)
    assert {"analysis", "build.py", "study.toml", "results"} <= {p.name for p in project.iterdir()}
    kept = {each.name for each in (project / "results").iterdir()}
    assert kept == {"published", "claims.lock", "replications", "verification.json"}
    assert not {"site", "tests", ".venv"} & {each.name for each in project.iterdir()}
    untrained = ["--train", "none"]
    first = changing.cost(project, changing.Change("a", "nothing", 80, 10), PLAIN, untrained)
    assert (project / "site" / "report.pdf").exists()
    assert 0 < first.pages_s < first.wall_s
    assert first.notebook_cpu_s == first.notebook_s * 1.5
    with pytest.raises(TrainingError, match="built no site: Nothing has changed"):
        changing.cost(project, changing.Change("a", "nothing", 80, 10), PLAIN, untrained)
    with pytest.raises(TrainingError, match=r"study\.toml has nothing to change"):
        changing.cost(project, changing.Change("a", "x", 1, 1, file="study.toml"), PLAIN, untrained)


def test_the_table_of_changes_shows_both_ways(
    report: dict[str, Any],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A row has the seconds of the build, those of the notebook, and their quotient."""
    monkeypatch.setenv("COLUMNS", "120")
    row = changing.Cost("epochs 10 → 5", 2.5, 4.0, 5.5, 80, 1000.0, 1500.0)
    shown = {"ceiling": {"xla_us": 1.0} | report["ceiling"], "changes": {"fewer": asdict(row)}}
    table.show(report | shown)
    printed = " ".join(capsys.readouterr().out.replace("│", " ").split())
    assert "epochs 10 → 5 2.5 4.0 5.5 1000 80 250×" in printed


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


def test_the_site_is_served_compressed(tmp_path: Path) -> None:
    """As hosts of pages do; what comes out of it is the file."""
    (tmp_path / "index.html").write_text("word " * 1000)
    with pages.served(tmp_path) as server:
        asked = urllib.request.Request(server, headers={"Accept-Encoding": "gzip"})
        with urllib.request.urlopen(asked) as answer:
            assert answer.headers["Content-Encoding"] == "gzip"
            assert gzip.decompress(answer.read()) == b"word " * 1000
