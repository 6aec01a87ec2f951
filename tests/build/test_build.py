"""The front door: what a person types, what they are told, and what is not loaded to tell them."""

import json
import re
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

import build
from analysis.claims.standing import Standing
from analysis.data import dataset
from analysis.plan import planning
from analysis.plan.result import EpochMetrics, LayerStatistics, RunResult
from analysis.plan.run import Run
from analysis.results import sources, store
from analysis.results.frames import Results
from analysis.study.file import load_study
from build import ROOT
from report.output.paper import pdf
from report.output.site import pages
from tests.made import tiny
from tests.made.synthetic import results_of
from tests.report.desk import claim

COMMANDS = ["report", "train", "render", "plan", "publish"]


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Run each test in an empty folder, so that the project's own site and results stay out."""
    monkeypatch.chdir(tmp_path)
    return tmp_path


def typed(*words: str) -> tuple[int, str, str]:
    """Return exit code, output and error output of a command."""
    done = CliRunner().invoke(build.app, words)
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return done.exit_code, done.stdout, done.stderr


BAD: list[tuple[Sequence[str], Sequence[str]]] = [
    (["--study", "quik"], ["no study 'quik' (did you mean 'quick'?)"]),
    (["--study", "none.toml"], ["none.toml: cannot be read"]),
    (["--study", "broken.toml"], ["broken.toml: is not valid TOML", "line 1"]),
    (["--study", "quick", "--set", "training.epochs=-1"], ["training.epochs = -1", "equal to 0"]),
    (["--study", "quick", "--set", "experiments.dept.seeds=2"], ["mean 'depth'?"]),
    (["--study", "quick", "--set", "trainig.epochs=3"], ["did you mean 'training'?"]),
    (["--study", "quick", "--set", "seeds"], ["--set 'seeds': must be KEY=VALUE"]),
    (["--study", "quick", "--set", "seeds=[]"], ["seeds", "empty"]),
    (["--study", "quick", "--set", "dataset=/no/data.npz"], ["/no/data.npz", "neither"]),
    (["--study", "quick", "--set", "dataset=broken.toml"], ["broken.toml: is not an .npz file"]),
    (["--study", "quick", "--set", "training.batch_size=48001"], ["at most 48000"]),
    (["--study", "quick", "--results", "spoilt"], ["spoilt/runs.sqlite: is damaged", "mv spoilt"]),
    (["--study", "quick", "--results", "broken.toml"], ["broken.toml/runs.sqlite"]),
]


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize(("options", "said"), BAD, ids=[" ".join(each) for each, _ in BAD])
def test_a_mistake_ends_in_a_message_and_exit_code_2(
    elsewhere: Path, command: str, options: Sequence[str], said: Sequence[str]
) -> None:
    """Each command names what is wrong and where on standard error, and builds nothing."""
    (elsewhere / "broken.toml").write_text("title =\nseeds = 2")
    (elsewhere / "spoilt").mkdir()
    (elsewhere / "spoilt" / "runs.sqlite").write_bytes(b"no results " * 100)
    if command == "plan" and options[-2:] == ["--results", "broken.toml"]:
        pytest.skip("a plan needs no results")
    code, out, err = typed(command, *options)
    assert (code, out) == (2, "")
    assert err.startswith("error: ")
    assert "Traceback" not in err
    for part in said:
        assert part in err
    assert not (elsewhere / "site").exists()
    assert (elsewhere / "spoilt" / "runs.sqlite").read_bytes() == b"no results " * 100


@pytest.mark.parametrize(
    "words",
    [
        ["reprot"],
        ["report", "--stduy", "quick"],
        ["report", "--workers", "-1"],
        ["train", "--workers", "two"],
        ["render", "--workers", "2"],
        ["train", "--strict"],
        ["publish", "--strict"],
        ["report", "--experiment", "base"],
        ["plan", "quick"],
    ],
)
def test_a_wrong_argument_is_exit_code_2(words: list[str]) -> None:
    """What is no command or option of the front door is refused in words."""
    code, _, err = typed(*words)
    assert code == 2
    assert "Error" in err


@pytest.mark.parametrize("command", [*COMMANDS, "bench"])
def test_help_shows_an_example_that_could_be_typed(command: str) -> None:
    """Help of each command ends in an example of that command, whose options all exist."""
    code, out, _ = typed(command, "--help")
    assert code == 0
    words = " ".join(out.partition("Example:")[2].partition("Options")[0].split()).split()
    assert words[:3] == ["python", "build.py", command]
    known = {
        name
        for each in typer.main.get_command(build.app).commands[command].params  # type: ignore[attr-defined]
        for name in each.opts
    }
    assert {word for word in words if word.startswith("--")} <= known


SMALL = """
title = "Small"
dataset = "mnist"
seeds = 2
measure = ["weights", "signals"]
variants = [
  { name = "Zeros", initializer = "Zeros" },
  { name = "RandomNormal", initializer = "RandomNormal" },
  { name = "GlorotNormal", initializer = "GlorotNormal" },
  { name = "HeNormal", initializer = "HeNormal" },
]
network = { hidden = [128, 64], activation = "relu" }
[training]
optimizer = "Adam"
loss = "sparse_categorical_crossentropy"
batch_size = 64
epochs = 2
validation_split = 0.2
"""


@pytest.fixture
def small(elsewhere: Path) -> Path:
    """Return the path of a study of the base experiment alone, called as the default study is."""
    path = elsewhere / "study.toml"
    path.write_text(SMALL, encoding="utf-8")
    return path


def runs_of(study: str | Path) -> tuple[Run, ...]:
    """Return the runs of a study on MNIST."""
    return planning.runs(load_study(study), {"mnist": dataset.describe("mnist")})


def filled(folder: Path, runs: Sequence[Run]) -> None:
    """Store made-up results of the small study under the identities of its runs."""
    measured = results_of(load_study("study.toml"))
    names = ["variant", "seed"]
    ends = {(row["variant"], row["seed"]): row for row in measured.runs.to_dict("records")}
    epochs = measured.epochs.groupby(names, observed=True)
    layers = measured.layers.groupby(names, observed=True)
    with store.open_store(folder / "runs.sqlite") as opened:
        for run in runs:
            key = (run.variant, run.seed)
            end = {name: float(ends[key][name]) for name in ENDS}
            opened.add(
                run,
                RunResult(
                    run_id=run.id,
                    diverged_epoch=None,
                    epochs=_rows(epochs.get_group(key), EpochMetrics),
                    curve=(),
                    layers=_rows(layers.get_group(key), LayerStatistics),
                    histograms=(),
                    environment=(("tensorflow", "2"), ("python", "3")),
                    **end,
                ),
            )


ENDS = ("test_loss", "test_accuracy", "train_s", "compile_s")


def _rows(frame: Any, kind: Any) -> tuple[Any, ...]:
    names = [name for name in kind.__dataclass_fields__ if name in frame]
    return tuple(kind(**row) for row in frame[names].to_dict("records"))


def test_a_plan_says_what_is_stored_and_what_is_not(small: Path, elsewhere: Path) -> None:
    """Runs are counted by experiment and in all, before and after some are stored."""
    code, out, _ = typed("plan", "--results", "r")
    assert code == 0
    assert out.splitlines()[0] == "base: 8 runs, 8 to train"
    assert out.splitlines()[1].startswith("In all: 8 runs, 8 to train, about ")
    assert not (elsewhere / "r").exists()
    filled(elsewhere / "r", runs_of(small)[:5])
    _, out, _ = typed("plan", "--results", "r")
    assert out.startswith("base: 8 runs, 3 to train\nIn all: 8 runs, 3 to train, about ")


def test_a_plan_follows_the_command_line(elsewhere: Path) -> None:
    """Another study, overrides, and the experiments asked for show in the plan at once."""
    study = str(tiny.write_study(elsewhere, experiments=tiny.SWEEP))
    _, out, _ = typed("plan", "--study", study, "--set", "experiments.base.seeds=7")
    assert [line.partition(",")[0] for line in out.splitlines()] == [
        "base: 14 runs",
        "deep: 16 runs",
        "start: 8 runs",
        "In all: 38 runs",
    ]
    _, out, _ = typed("plan", "--study", study, "--experiment", "start", "--experiment", "deep")
    assert [line.partition(":")[0] for line in out.splitlines()] == ["deep", "start", "In all"]
    code, _, err = typed("plan", "--study", study, "--experiment", "dep")
    assert code == 2
    assert "no such experiment (did you mean 'deep'?)" in err


@pytest.mark.parametrize("command", ["render", "publish"])
def test_what_needs_results_says_what_is_missing(
    small: Path, elsewhere: Path, command: str
) -> None:
    """Nothing is trained, and nothing published; the message counts the runs and names the way."""
    filled(elsewhere / "results", runs_of(small)[:1])
    code, out, err = typed(command)
    assert (code, out) == (2, "")
    assert "7 of 8 runs of this study have not been trained; train them with: make report" in err
    assert not (elsewhere / "results" / "published").exists()
    assert not (elsewhere / "site").exists()


WATCH = """
import sys
sys.path.insert(0, {root!r})
import build
try:
    build.app({words!r})
except SystemExit as end:
    code = end.code
loaded = {{name.partition(".")[0] for name in sys.modules}}
print("LOADED", " ".join(sorted(loaded)))
sys.exit(code)
"""


def watched(folder: Path, *words: str) -> tuple[int, str, set[str]]:
    """Return exit code and output of a command in its own process, and what it has loaded."""
    code = WATCH.format(root=str(ROOT), words=list(words))
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=folder, capture_output=True, text=True, check=False
    )
    out, _, loaded = done.stdout.partition("LOADED ")
    return done.returncode, out + done.stderr, set(loaded.split())


HEAVY = {"numpy", "pandas", "scipy", "statsmodels", "matplotlib", "weasyprint", "jinja2"}


def test_help_loads_nothing_heavy(elsewhere: Path) -> None:
    """Asking what there is costs no library."""
    code, _, loaded = watched(elsewhere, "--help")
    assert code == 0
    assert not loaded & (HEAVY | {"tensorflow", "keras", "pydantic"})


def test_a_plan_loads_no_tensorflow(small: Path, elsewhere: Path) -> None:
    """Listing runs, with a results file there, needs neither TensorFlow nor the report's tools."""
    filled(elsewhere / "results", runs_of(small)[:1])
    code, out, loaded = watched(elsewhere, "plan")
    assert code == 0
    assert "In all: 8 runs, 7 to train" in out
    assert not loaded & {"tensorflow", "keras", "matplotlib", "weasyprint"}


@pytest.mark.slow
def test_a_report_of_stored_results_and_of_what_was_published_of_them(
    small: Path, elsewhere: Path
) -> None:
    """Both are built without TensorFlow, and built again from nothing heavy when left alone."""
    filled(elsewhere / "results", runs_of(small))
    site = elsewhere / "site"
    code, out, loaded = watched(elsewhere, "report")
    assert code == 0, out
    assert not loaded & {"tensorflow", "keras"}
    assert {"index.html", "data", "figures"} <= {path.name for path in site.iterdir()}
    record = json.loads((site / "provenance.json").read_text())
    assert record["run_ids"] == sorted(run.id for run in runs_of(small))
    *_, last = out.splitlines()
    assert re.fullmatch(r"\d+ claims: \d+ supported, \d+ not supported, \d+ inconclusive\.", last)
    if not (site / "report.pdf").exists():
        assert "Pango" in out
        return  # without its PDF a site is not whole, and the next build tries again
    left_alone(elsewhere, "report")

    code, out, loaded = watched(elsewhere, "publish")
    assert code == 0, out
    assert out.startswith("results/published: 8 runs in 0.0 MB.")
    assert not loaded & {"tensorflow", "keras"}
    shutil.rmtree(site)
    small.unlink()
    (elsewhere / "results" / "runs.sqlite").unlink()
    code, out, loaded = watched(elsewhere, "report", "--results", "published")
    assert code == 0, out
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


@pytest.mark.parametrize("command", ["report", "render"])
@pytest.mark.parametrize(
    ("options", "asked"),
    [
        (["--study", "quick"], "--study quick"),
        (["--study", "study.toml"], "--study study.toml"),
        (["--set", "seeds=3", "--set", "training.epochs=2"], "--set seeds=3 --set training"),
    ],
)
def test_the_published_study_is_fixed(command: str, options: list[str], asked: str) -> None:
    """Published results with another study are refused before anything is read."""
    code, out, err = typed(command, "--results", "published", *options)
    assert (code, out) == (2, "")
    assert err.startswith(f"error: --results published with {asked}")
    assert "the published study is fixed" in err


@pytest.mark.parametrize("command", ["train", "plan", "publish"])
def test_published_results_are_no_store(command: str, elsewhere: Path) -> None:
    """What reads or fills a store does not take them, and makes no folder of that name."""
    for name in ("published", "results/published"):
        code, out, err = typed(command, "--results", name)
        assert (code, out) == (2, "")
        assert "not a store of runs; only report and render take them" in err
    assert list(elsewhere.iterdir()) == []


def test_without_published_results_a_report_of_them_says_so() -> None:
    """The message names the file that is missing and what writes it."""
    code, _, err = typed("report", "--results", "published")
    assert code == 2
    assert err.startswith("error: results/published/manifest.json: does not exist")
    assert "make publish-results" in err


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Let a report be written at once, on claims that a test gives; return what it was made of."""
    made: dict[str, Any] = {"claims": {}, "standings": {}}

    def build_pages(results: Results, claims: None, out: Path, **named: Any) -> Any:
        (out / "index.html").write_text("new")
        made.update(results=results, **named)
        return SimpleNamespace(claims=made["claims"], standings=made["standings"])

    def write_pdf(report: Any, out: Path) -> None:
        (out / "report.pdf").write_text("new")

    monkeypatch.setattr(pages, "build_pages", build_pages)
    monkeypatch.setattr(pdf, "write_pdf", write_pdf)
    return made


def test_a_build_ends_with_the_verdicts_that_changed(
    small: Path, elsewhere: Path, drawn: dict[str, Any]
) -> None:
    """The last lines count the claims and name each verdict that is not the published one."""
    filled(elsewhere / "results", runs_of(small))
    drawn["claims"] = {"a": claim(id="a"), "b": claim(id="b", verdict="inconclusive")}
    drawn["standings"] = {
        "a": Standing("changed", "supported"),
        "b": Standing("changed", "supported"),
    }
    code, out, _ = typed("render")
    assert code == 0
    assert out.splitlines()[-3:] == [
        "2 claims: 1 supported, 0 not supported, 1 inconclusive.",
        "2 of them were re-tested at other settings than the published ones.",
        "  b: supported (published) → inconclusive",
    ]


@pytest.mark.parametrize("command", ["report", "render"])
def test_strictness_keeps_the_previous_site(
    small: Path, elsewhere: Path, drawn: dict[str, Any], command: str
) -> None:
    """A claim that is not supported ends a strict build with its name, exit 1, and no new page."""
    filled(elsewhere / "results", runs_of(small))
    (elsewhere / "site").mkdir()
    (elsewhere / "site" / "index.html").write_text("old")
    drawn["claims"] = {"a": claim(id="a"), "b": claim(id="b", verdict="inconclusive")}
    drawn["standings"] = {name: Standing("unpublished") for name in drawn["claims"]}
    code, out, err = typed(command, "--strict")
    assert (code, out) == (1, "")
    assert err.startswith(
        "error: --strict: 1 of 2 claims are not supported by these results:\n  b:"
    )
    assert [path.name for path in (elsewhere / "site").iterdir()] == ["index.html"]
    assert (elsewhere / "site" / "index.html").read_text() == "old"

    del drawn["claims"]["b"]
    code, out, err = typed(command, "--strict")
    assert (code, err) == (0, "")
    assert (elsewhere / "site" / "index.html").read_text() == "new"


def test_a_site_that_was_not_held_to_strictness_is_no_strict_site(
    small: Path, elsewhere: Path, drawn: dict[str, Any]
) -> None:
    """`report --strict` after `report` looks at the claims again."""
    filled(elsewhere / "results", runs_of(small))
    drawn["claims"] = {"b": claim(id="b", verdict="inconclusive")}
    drawn["standings"] = {"b": Standing("unpublished")}
    assert typed("report")[0] == 0
    assert "Nothing has changed" in typed("report")[1]
    assert typed("report", "--strict")[0] == 1


def test_new_published_verdicts_make_a_site_old(
    small: Path, elsewhere: Path, drawn: dict[str, Any]
) -> None:
    """What the claims are held against is an input of the site as much as the results are."""
    filled(elsewhere / "results", runs_of(small))
    assert typed("report")[0] == 0
    assert not drawn["published"]
    assert typed("publish")[0] == 0
    code, out, _ = typed("report")
    assert code == 0
    assert "Nothing has changed" not in out
    assert "claims" in drawn["published"]


def test_what_changed_since_the_last_report_is_said_once(
    small: Path, elsewhere: Path, drawn: dict[str, Any]
) -> None:
    """A hyperparameter that experiments inherit is one line before the build."""
    filled(elsewhere / "results", runs_of(small))
    site = elsewhere / "site"
    site.mkdir()
    before = load_study("study.toml", ["training.epochs=3"]).tables()
    (site / "provenance.json").write_text(json.dumps({"study": before}))
    code, out, _ = typed("render")
    assert code == 0
    assert out.splitlines()[0] == "Changed since the last report: training.epochs: 3 → 2"
    assert out.count("Changed since") == 1


def test_ctrl_c_outside_of_training_is_said_and_is_exit_code_130(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """No traceback, whatever was going on."""

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(sources, "prepare", interrupted)
    code, _, err = typed("plan")
    assert code == 130
    assert err == "\nInterrupted. The same command resumes where it stopped.\n"


def test_a_failure_of_the_report_is_exit_code_1(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the build finds wrong is told apart from what was typed wrong."""
    from analysis.errors import ReportError

    def failing(*_: object) -> None:
        raise ReportError("q1a.md:3: no figure 'lost'")

    monkeypatch.setattr(sources, "prepare", failing)
    code, _, err = typed("render")
    assert (code, err) == (1, "error: q1a.md:3: no figure 'lost'\n")
