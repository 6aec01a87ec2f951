"""Make as a person calls it: what is typed is text, and reaches the front door as it was typed."""

import shutil
import subprocess
from pathlib import Path

import pytest

from build import ROOT

VARIABLES = (
    "STUDY", "SET", "RESULTS", "TRAIN", "WORKERS", "CLUSTER", "STRICT", "PORT", "HOST", "RUN",
    "EXPERIMENT", "VARIANT", "SEED", "AT", "NAME", "OUT", "A", "B", "MINUTES", "FULL", "KEEP",
    "YES", "RIVALS", "CHANGES", "PYTHON", "UPGRADE", "ALL", "VERAPDF",
)  # fmt: skip
TARGETS = (
    "report", "plan", "train", "run", "figure", "render", "serve", "publish-results", "compare",
    "verify", "prune", "freeze", "replicate", "bench", "test", "lock", "help", "site-zip",
    "release",
)  # fmt: skip
STUDY = ("STUDY", "SET", "RESULTS")
TAKES = {
    "report": (*STUDY, "TRAIN", "WORKERS", "CLUSTER", "STRICT"),
    "plan": (*STUDY, "TRAIN"),
    "train": (*STUDY, "TRAIN", "WORKERS", "CLUSTER"),
    "run": (*STUDY, "RUN", "EXPERIMENT", "VARIANT", "SEED", "AT"),
    "figure": (*STUDY, "NAME", "OUT"),
    "render": (*STUDY, "TRAIN", "STRICT"),
    "serve": (*STUDY, "TRAIN", "WORKERS", "PORT", "HOST"),
    "publish-results": STUDY,
    "compare": ("A", "B"),
    "verify": ("RESULTS", "MINUTES", "FULL", "RUN", "EXPERIMENT", "SEED", "WORKERS", "CLUSTER"),
    "prune": ("RESULTS", "KEEP", "YES"),
    "replicate": (*STUDY, "EXPERIMENT", "MINUTES", "NAME", "WORKERS", "CLUSTER"),
    "bench": ("RIVALS", "CHANGES", "CLUSTER"),
    "test": ("ALL",),
    "lock": ("UPGRADE",),
}
"""What each target listens to, besides PYTHON."""
LOCKS = ("requirements.lock", "requirements-cluster.lock", "requirements-dev.lock")
RECORDING = """#!/bin/sh
echo "$*" >> "$(dirname "$0")/../calls"
while [ "$1" != build.py ] && [ $# -gt 0 ]; do shift; done
[ $# -gt 0 ] && printf '%s\\0' "$@" > "$(dirname "$0")/../words"
exit 0
"""
RIVALS = [str(each.relative_to(ROOT)) for each in ROOT.glob("benchmarks/rivals/*/*.lock")]
PAYLOADS = (
    "$(shell touch {file})", "$(shell touch {file}) x", "`touch {file}`", "'; touch {file}; '",
    "x'$(touch {file})'", '"; touch {file}; "', "$$(touch {file})", "a & touch {file}",
    "$(eval X := $(shell touch {file}))$(X)", "${{shell touch {file}}}",
)  # fmt: skip


@pytest.fixture
def project(tmp_path: Path) -> Path:
    """Return a project in a folder with a space, whose Python writes down what it is to do."""
    folder = tmp_path / "a project"
    (folder / ".venv" / "bin").mkdir(parents=True)
    for name in ("Makefile", *LOCKS):
        shutil.copy(ROOT / name, folder)
    for lock in RIVALS:
        (folder / lock).parent.mkdir(parents=True)
        shutil.copy(ROOT / lock, folder / lock)
    python = folder / ".venv" / "bin" / "python"
    python.write_text(RECORDING)
    python.chmod(0o755)
    for name in LOCKS:
        (folder / ".venv" / name).with_suffix(".stamp").touch()
    return folder


def made(project: Path, *words: str, **around: str) -> subprocess.CompletedProcess[str]:
    """Call make in a project."""
    environment = {"PATH": "/usr/local/bin:/usr/bin:/bin", **around}
    return subprocess.run(
        ["make", *words], cwd=project, env=environment, capture_output=True, text=True, check=False
    )


def asked(project: Path) -> list[str]:
    """Return the words after `build.py`."""
    return (project / ".venv" / "words").read_text(encoding="utf-8").split("\0")[1:-1]


@pytest.mark.parametrize("payload", PAYLOADS)
@pytest.mark.parametrize("name", [*VARIABLES, "UNKNOWN", "python", "options", "MAKE"])
def test_nothing_typed_is_executed(project: Path, tmp_path: Path, name: str, payload: str) -> None:
    """A value that is code for make or the shell runs in neither, whatever variable holds it."""
    text = payload.format(file=tmp_path / "executed")
    made(project, "report", f"{name}={text}")
    if name in VARIABLES:
        made(project, "-e", "report", **{name: text})
    assert not (tmp_path / "executed").exists()


@pytest.mark.parametrize("target", TARGETS)
def test_no_target_executes_a_variable(project: Path, tmp_path: Path, target: str) -> None:
    """All variables at once, each a command, run in no target."""
    text = f"$(shell touch {tmp_path}/executed)`touch {tmp_path}/executed`"
    made(project, target, *(f"{name}={text}" for name in (*TAKES.get(target, ()), "PYTHON")))
    assert not (tmp_path / "executed").exists()


@pytest.mark.parametrize("target", TARGETS)
def test_what_a_target_does_not_listen_to_is_refused(project: Path, target: str) -> None:
    """Nothing is started, and the message names the variable and those that would be right."""
    own = (*TAKES.get(target, ()), "PYTHON")
    for name in set(VARIABLES) - set(own):
        done = made(project, target, f"{name}=1")
        assert done.returncode == 2
        assert (
            f"make {target} does not take {name}; it takes {' '.join(sorted(own))}" in done.stderr
        )
    assert not (project / "calls").exists()
    assert made(project, target, "plan", *(f"{name}=" for name in VARIABLES)).returncode == 0


@pytest.mark.parametrize(
    "setting",
    [
        'network.hidden="30 x 128"',
        "seeds=5 training.epochs=3",
        "title='two  spaces'",
        'title="It\'s – $HOME, $(x), `y` \\ #1 %"',
        "network.hidden=[30, 30]",
    ],
)
def test_a_setting_arrives_as_it_was_typed(project: Path, setting: str) -> None:
    """Quotes, spaces, dollars and dashes are those that were typed."""
    assert made(project, "plan", f"SET={setting}").returncode == 0
    assert asked(project) == ["--settings", setting, "plan"]


def test_every_variable_arrives(project: Path) -> None:
    """Paths with spaces and quotes stay one word."""
    words = ["STUDY=my study.toml", "RESULTS=it's here", "WORKERS=2"]
    assert made(project, "report", *words).returncode == 0
    assert asked(project) == [
        "report", "--study", "my study.toml", "--results", "it's here", "--workers", "2",
    ]  # fmt: skip


def test_a_run_and_a_figure_arrive_by_their_names(project: Path) -> None:
    """Each variable is an option of its own, and what is not typed is none."""
    words = ["VARIANT=He, zero output", "SEED=3", "AT=depth=20 activation=relu", "STUDY=quick"]
    assert made(project, "run", *words).returncode == 0
    assert asked(project) == [
        "run", "--study", "quick", "--variant", "He, zero output", "--seed", "3",
        "--at", "depth=20 activation=relu",
    ]  # fmt: skip
    made(project, "run", "RUN=5196", "EXPERIMENT=base", "RESULTS=published")
    assert asked(project) == [
        "run", "--results", "published", "--run", "5196", "--experiment", "base",
    ]  # fmt: skip
    made(project, "figure", "NAME=chaos", "OUT=my figures")
    assert asked(project) == ["figure", "--name", "chaos", "--out", "my figures"]
    made(project, "figure")
    assert asked(project) == ["figure"]


def test_a_variable_without_a_target_is_refused(project: Path) -> None:
    """What is made then is the list, and the message names it."""
    done = made(project, "STUDY=quick")
    assert done.returncode == 2
    assert "make help does not take STUDY; it takes PYTHON" in done.stderr
    assert "report" in made(project).stdout


def test_a_sample_to_verify_arrives(project: Path) -> None:
    """Its time and its draw, or all that an experiment has; FULL=0 asks for nothing."""
    made(project, "verify", "MINUTES=30", "SEED=12", "FULL=0", "WORKERS=2")
    assert asked(project) == ["verify", "--minutes", "30", "--seed", "12", "--workers", "2"]
    made(project, "verify", "EXPERIMENT=depth", "FULL=1", "RESULTS=elsewhere")
    assert asked(project) == [
        "verify", "--results", "elsewhere", "--full", "--experiment", "depth",
    ]  # fmt: skip


def test_the_studies_to_keep_arrive_one_by_one(project: Path) -> None:
    """Each is an option, and nothing is removed but by YES; what a shell makes of one is a word."""
    assert made(project, "prune", "YES=0", "RESULTS=elsewhere").returncode == 0
    assert asked(project) == ["prune", "--results", "elsewhere"]
    made(project, "prune", "KEEP=it's.toml quick", "YES=1")
    assert asked(project) == ["prune", "--keep", "it's.toml", "--keep", "quick", "--yes"]


def test_rivals_have_environments_of_their_own(project: Path) -> None:
    """Each is made of its own lock before anything is measured, and only where it is asked for."""
    assert made(project, "bench", "CHANGES=0", "RIVALS=0").returncode == 0
    assert asked(project) == ["bench"]
    calls = project / ".venv" / "calls"
    assert "tools/environment.py" not in calls.read_text(encoding="utf-8")
    calls.unlink()
    assert made(project, "bench", "CHANGES=1", "RIVALS=1").returncode == 0
    assert asked(project) == ["bench", "--rivals", "--changes"]
    *set_up, bench = calls.read_text(encoding="utf-8").splitlines()
    assert [each.partition("tools/")[2] for each in set_up] == [
        "environment.py .rivals/jax benchmarks/rivals/jax/requirements.lock"
    ]
    assert "build.py bench" in bench


@pytest.mark.parametrize("target", ["report", "train", "verify", "replicate", "bench"])
def test_what_a_cluster_needs_is_installed_where_one_is_asked_for(
    project: Path, target: str
) -> None:
    """Its lock is installed once, beside that of the build, before the front door opens."""
    stamp, calls = project / ".venv" / "requirements-cluster.stamp", project / ".venv" / "calls"
    stamp.unlink()
    assert made(project, target).returncode == 0
    assert "environment.py" not in calls.read_text(encoding="utf-8")
    assert "--cluster" not in asked(project)
    calls.unlink()
    python = str(project / ".venv" / "bin" / "python")
    assert made(project, target, "CLUSTER=local:2", f"PYTHON={python}").returncode == 0
    assert asked(project)[-2:] == ["--cluster", "local:2"]
    *_, set_up, _ = calls.read_text(encoding="utf-8").splitlines()
    assert set_up.endswith("environment.py .venv requirements.lock requirements-cluster.lock")
    stamp.touch()
    calls.unlink()
    assert made(project, target, "CLUSTER=local:2").returncode == 0
    assert "environment.py" not in calls.read_text(encoding="utf-8")


@pytest.mark.parametrize("target", ["site-zip", "release", "screenshots"])
def test_a_tool_is_called_by_its_name(project: Path, target: str) -> None:
    """A target that is no command of the front door is the module of tools/ of its name."""
    assert made(project, target).returncode == 0
    (call,) = (project / ".venv" / "calls").read_text(encoding="utf-8").splitlines()
    assert call.endswith(f"-m tools.{target.replace('-', '_')}")


def test_zero_is_not_strict(project: Path) -> None:
    """STRICT=0 asks for nothing."""
    made(project, "report", "STRICT=0")
    assert asked(project) == ["report"]


def test_a_variable_of_the_shell_changes_nothing(project: Path) -> None:
    """What is meant for this project is typed."""
    made(project, "report", STUDY="other", SET="seeds=1", STRICT="1")
    assert asked(project) == ["report"]


@pytest.mark.parametrize("slip", ["SEEDS=5", "STUDDY=quick", "study=quick"])
def test_a_slip_is_refused(project: Path, slip: str) -> None:
    """A variable that means nothing here is named, with those that do; nothing is started."""
    done = made(project, "report", slip)
    assert done.returncode == 2
    assert f"unknown variable {slip.partition('=')[0]}: those of this project are" in done.stderr
    assert all(name in done.stderr for name in VARIABLES)
    assert not (project / ".venv" / "words").exists()
