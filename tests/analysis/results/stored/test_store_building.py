"""One build at a time writes a store: a second one waits, and says so."""

import select
import subprocess
import sys
from pathlib import Path

import pytest

from analysis.errors import StoreError
from analysis.results.stored import store
from build import ROOT

HOLD = """
import sys, time
from pathlib import Path
from analysis.results.stored import store
with store.building(Path(sys.argv[1])):
    print("building", flush=True)
    sys.stdin.readline()
"""


def holder(path: Path) -> subprocess.Popen[str]:
    """Start another process that is building, and end when a line is sent to it."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT,
    )  # fmt: skip
    assert process.stdout is not None
    assert process.stdout.readline() == "building\n"
    return process


def test_a_second_build_loses_patience_and_says_so(
    path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """It says what it waits for, and ends with a message when patience runs out."""
    with holder(path) as first:
        said = r"still in use by another build after 0\.1 s"
        with (
            pytest.raises(StoreError, match=said) as caught,
            store.building(path, patience=0.1),
        ):
            pytest.fail("two builds at once")
        assert caught.value.exit_code == 2
        assert f"Another build is using {path}; waiting" in capsys.readouterr().out
        first.communicate("\n")
    with store.building(path, patience=0):
        assert capsys.readouterr().out == ""


def test_a_second_build_waits_for_the_first(path: Path) -> None:
    """It goes on when the first has ended, and not before."""
    with holder(path) as first, subprocess.Popen(
        [sys.executable, "-c", HOLD, str(path)],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT,
    ) as second:  # fmt: skip
        assert second.stdout is not None
        assert "waiting for it to end" in second.stdout.readline()
        assert not select.select([second.stdout], [], [], 0.2)[0]
        first.communicate("\n")
        assert second.stdout.readline() == "building\n"
        second.communicate("\n")


def test_a_killed_build_frees_its_place(path: Path) -> None:
    """No lock outlives the process that took it."""
    with holder(path) as first:
        first.kill()
        first.communicate()
    with store.building(path, patience=0):
        pass
