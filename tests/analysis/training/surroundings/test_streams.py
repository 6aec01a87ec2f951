"""The standard streams of a process, in whatever state it was given them."""

import subprocess
import sys

import pytest

from build import ROOT

SAY = """
import os, sys
sys.path.insert(0, {root!r})
from analysis.training.surroundings import streams
streams.settle()
mine = os.open({root!r} + "/README.md", os.O_RDONLY)
assert mine > 2, "a file took the number of a standard stream"
try:
    for _ in range(2000):
        print("→ {word}", "x" * 100)
    print("that was all", file=sys.stderr)
except Exception as error:
    print("told:", error, file=sys.stderr)
    sys.exit(1)
"""
CASES = {
    "as usual": ("", 0, "that was all\n"),
    "no output": (">&-", 0, "that was all\n"),
    "no errors": ("2>&-", 0, ""),
    "nothing at all": ("<&- >&- 2>&-", 0, ""),
    "a reader that leaves": ("| head -1", 0, "that was all\n"),
    "a full disk": ("> /dev/full", 1, "told: standard output cannot be written: No space left"),
    "a full disk for errors": ("> /dev/null 2> /dev/full", 0, ""),
}
"""What a shell makes of the streams, the exit code, and how standard error begins."""


@pytest.mark.parametrize("case", CASES)
def test_a_process_speaks_to_whoever_listens(case: str) -> None:
    """It ends well, and in silence where nobody can hear it; a full disk is told once."""
    shell, code, told = CASES[case]
    text = SAY.format(root=str(ROOT), word="word")
    program = ["bash", "-c", f'set -o pipefail; "$0" -E -s -c "$1" {shell}', sys.executable, text]
    language = {"LC_ALL": "C", "PYTHONUTF8": "0", "PATH": "/usr/bin:/bin"}
    done = subprocess.run(program, capture_output=True, env=language, check=False)
    assert done.returncode == code
    assert done.stderr.decode().startswith(told)
    if case == "as usual":
        assert done.stdout.decode().startswith("→ word")
