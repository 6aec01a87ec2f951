"""The front door: what a person types, what they are told, and what is not loaded to tell them."""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import typer
from typer.testing import CliRunner

import build
from analysis import dataset, plan, store
from analysis import study as studies
from analysis.plan import Run
from analysis.runresult import EpochMetrics, LayerStatistics, RunResult
from analysis.results import Results
from tests import tiny
from tests.synthetic import synthetic_results

ROOT = Path(__file__).parent.parent
COMMANDS = ["report", "train", "render", "plan"]


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


BASE = str(studies.DEFAULT_STUDY)
BAD: list[tuple[Sequence[str], Sequence[str]]] = [
    (["--study", "quik"], ["no study 'quik' (did you mean 'quick'?)"]),
    (["--study", "none.toml"], ["none.toml: cannot be read"]),
    (["--study", "broken.toml"], ["broken.toml: is not valid TOML", "line 1"]),
    (["--study", "quick", "--set", "training.epochs=0"], ["training.epochs = 0", "equal to 1"]),
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


def filled(results: Path, runs: Sequence[Run], measured: Results) -> None:
    """Store made-up results of a study under the identities of its runs."""
    rows = {(row["variant"], row["seed"]): row for row in measured.runs.to_dict("records")}
    epochs = measured.epochs.groupby(["variant", "seed"], observed=True)
    layers = measured.layers.groupby(["variant", "seed"], observed=True)
    with store.open_store(results / "runs.sqlite") as opened:
        for run in runs:
            key = (run.variant, run.seed)
            row = rows[key]
            opened.add(
                run,
                RunResult(
                    run_id=run.id,
                    diverged_epoch=None,
                    epochs=tuple(_rows(epochs.get_group(key), EpochMetrics)),
                    layers=tuple(_rows(layers.get_group(key), LayerStatistics)),
                    test_loss=float(row["test_loss"]),
                    test_accuracy=float(row["test_accuracy"]),
                    train_s=float(row["train_s"]),
                    compile_s=float(row["compile_s"]),
                    environment=(("tensorflow", "2"), ("python", "3")),
                ),
            )


def _rows(frame: Any, kind: Any) -> list[Any]:
    names = list(kind.__dataclass_fields__)
    return [kind(**row) for row in frame[names].to_dict("records")]


def quick_runs(*overrides: str) -> tuple[Run, ...]:
    """Return the runs of the quick study."""
    return plan.runs(studies.load("quick", overrides), dataset.describe("mnist"))


def test_a_plan_says_what_is_stored_and_what_is_not(elsewhere: Path) -> None:
    """Runs are counted by variant and in all, before and after some are stored."""
    code, out, _ = typed("plan", "--study", "quick", "--results", "r")
    assert code == 0
    assert "In all: 8 runs, 8 to train" in out
    assert not (elsewhere / "r").exists()
    filled(elsewhere / "r", quick_runs()[:5], synthetic_results(seeds=2, epochs=2))
    _, out, _ = typed("plan", "--study", "quick", "--results", "r")
    assert out.splitlines() == [
        "Zeros: 2 runs, 0 to train",
        "RandomNormal: 2 runs, 1 to train",
        "GlorotNormal: 2 runs, 1 to train",
        "HeNormal: 2 runs, 1 to train",
        "In all: 8 runs, 3 to train",
    ]


def test_a_plan_follows_the_command_line(elsewhere: Path) -> None:
    """Another study, overrides and a variant more show in the plan at once."""
    study = tiny.write_study(elsewhere, seeds=3)
    _, out, _ = typed("plan", "--study", str(study), "--set", "seeds=7")
    assert out.splitlines() == [
        "Zeros: 7 runs, 7 to train",
        "HeNormal: 7 runs, 7 to train",
        "In all: 14 runs, 14 to train",
    ]


def test_rendering_before_training_says_what_is_missing() -> None:
    """Nothing is trained by `render`; the message counts the runs and names the way."""
    code, out, err = typed("render", "--study", "quick")
    assert (code, out) == (2, "")
    assert "8 of 8 runs of this study have not been trained; train them with: make report" in err


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


def test_a_plan_loads_no_tensorflow(elsewhere: Path) -> None:
    """Listing runs, with a results file there, needs neither TensorFlow nor the report's tools."""
    filled(elsewhere / "results", quick_runs()[:1], synthetic_results(seeds=2, epochs=2))
    code, out, loaded = watched(elsewhere, "plan", "--study", "quick")
    assert code == 0
    assert "In all: 8 runs, 7 to train" in out
    assert not loaded & {"tensorflow", "keras", "matplotlib", "weasyprint"}


def test_a_report_of_stored_results(elsewhere: Path) -> None:
    """It is built without TensorFlow, and built again from nothing heavy by leaving it as it is."""
    filled(elsewhere / "results", quick_runs(), synthetic_results(seeds=2, epochs=2))
    code, out, loaded = watched(elsewhere, "report", "--study", "quick")
    assert code == 0, out
    assert not loaded & {"tensorflow", "keras"}
    site = elsewhere / "site"
    assert {"index.html", "data", "figures"} <= {path.name for path in site.iterdir()}
    record = json.loads((site / "provenance.json").read_text())
    assert record["run_ids"] == sorted(run.id for run in quick_runs())
    if not (site / "report.pdf").exists():
        assert "Pango" in out
        return  # without its PDF a site is not whole, and the next build tries again
    before = {path: path.stat().st_mtime_ns for path in site.rglob("*")}

    code, out, loaded = watched(elsewhere, "report", "--study", "quick")
    assert code == 0
    assert "Nothing has changed" in out
    assert not loaded & (HEAVY | {"tensorflow", "keras"})
    assert {path: path.stat().st_mtime_ns for path in site.rglob("*")} == before


def test_ctrl_c_outside_of_training_is_said_and_is_exit_code_130(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """No traceback, whatever was going on."""

    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(build, "_job", interrupted)
    code, _, err = typed("plan")
    assert code == 130
    assert err == "\nInterrupted. The same command resumes where it stopped.\n"


def test_a_failure_of_the_report_is_exit_code_1(monkeypatch: pytest.MonkeyPatch) -> None:
    """What the build finds wrong is told apart from what was typed wrong."""
    from analysis.errors import ReportError

    def failing(*_: object) -> None:
        raise ReportError("q1a.md:3: no figure 'lost'")

    monkeypatch.setattr(build, "_job", failing)
    code, _, err = typed("render")
    assert (code, err) == (1, "error: q1a.md:3: no figure 'lost'\n")
