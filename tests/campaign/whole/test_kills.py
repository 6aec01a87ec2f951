"""Wherever a build is killed, there is a whole site, and the next build leaves nothing behind."""

import subprocess
import sys
from pathlib import Path

import pytest

from build import ROOT
from tests.campaign.whole.killing import KINDS


def kills(folder: Path, kind: str, count: int, seed: int = 0) -> int:
    """Return how many builds of a campaign were killed, or all but one of them."""
    command = [sys.executable, "-m", "tests.campaign.whole.killing", str(folder), kind]
    done = subprocess.run(
        [*command, str(count), str(seed)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stdout + done.stderr
    return int(done.stdout)


def test_ten_kills_at_random_moments(tmp_path: Path) -> None:
    """A small build of the parts of a real one."""
    assert kills(tmp_path, "ordinary", 10) == 10


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_a_kill_before_each_step(tmp_path: Path, kind: str) -> None:
    """Each call by which the build reaches the file system, on every kind of disk."""
    assert kills(tmp_path, kind, 0) > 100


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(1, 5))
def test_many_kills_at_random_moments(tmp_path: Path, seed: int) -> None:
    """Also within a step."""
    assert kills(tmp_path, "ordinary", 25, seed) == 25
