"""What is said of a study whose results are there, in part or not at all."""

import shlex
import sys
from pathlib import Path

import pytest

from tests.build.door import filled, runs_of, typed
from tests.made.results import tiny


def test_a_plan_says_what_is_stored_and_what_is_not(small: Path, elsewhere: Path) -> None:
    """Runs are counted by experiment and in all, before and after some are stored."""
    code, out, _ = typed("plan", "--results", "r")
    assert code == 0
    assert out.startswith("base  8 runs  8 to train  about ")
    assert out.splitlines()[1].startswith("In all: 8 runs, 8 to train, about ")
    assert not (elsewhere / "r").exists()
    filled(elsewhere / "r", runs_of(small)[:5])
    _, out, _ = typed("plan", "--results", "r")
    assert out.startswith("base  8 runs  3 to train  about ")
    assert out.splitlines()[-1].startswith("In all: 8 runs, 3 to train, about ")


def test_a_plan_follows_the_command_line(elsewhere: Path) -> None:
    """Another study, overrides, and the experiments asked for show in the plan at once.

    Two names for one network are one run of the study: here four times.
    """
    study = str(tiny.write_study(elsewhere, experiments=tiny.SWEEP))
    _, out, _ = typed("plan", "--study", study, "--set", "experiments.base.seeds=7")
    assert [line.split()[:3] for line in out.splitlines()] == [
        ["base", "14", "runs"],
        ["deep", "16", "runs"],
        ["start", "8", "runs"],
        ["In", "all:", "34"],
    ]
    _, out, _ = typed("plan", "--study", study, "--experiment", "start", "--experiment", "deep")
    assert [line.split()[0] for line in out.splitlines()] == ["deep", "start", "In"]
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
    assert err.startswith("error: results/runs.sqlite: 7 of 8 runs of this study have not been ")
    assert not (elsewhere / "results" / "published").exists()
    assert not (elsewhere / "site").exists()


def test_the_command_that_trains_what_is_missing_is_told_whole(
    small: Path, elsewhere: Path
) -> None:
    """It asks for this study, these changes and these results, and a shell takes it as it is."""
    filled(elsewhere / "r", runs_of(small)[:1])
    asked = ["--study", str(small), "--set", "network.hidden=2 x 7", "--results", "r"]
    _, _, err = typed("render", *asked)
    program, script, *words = shlex.split(err.strip().rpartition("train them with: ")[2])
    assert Path(program).samefile(sys.executable)
    assert script == "build.py"
    assert words == ["train", *asked]
