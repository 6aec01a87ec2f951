"""The front door in other people's shells: their variables, languages, folders and files."""

import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from build import ROOT
from tests.made.results import tiny

THEIRS = "raise SystemExit('a module of others was loaded')"


@pytest.fixture(scope="module")
def study(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the path of a tiny study whose name has a dash that is not in ASCII."""
    folder = tmp_path_factory.mktemp("a folder – with a dash")
    return tiny.write_study(folder).rename(folder / "tiny – study.toml")


@pytest.fixture(scope="module")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder of modules of others that are called as ours and Python's are.

    But for sitecustomize, which Python itself loads before any line of ours is run.
    """
    folder = tmp_path_factory.mktemp("packages")
    for name in ("typing", "pathlib", "contextlib", "typer", "analysis", "enum"):
        (folder / f"{name}.py").write_text(THEIRS)
    (folder / "numpy").mkdir()
    (folder / "numpy" / "__init__.py").write_text(THEIRS)
    return folder


def planned(study: Path, around: Mapping[str, str]) -> tuple[int, str, str]:
    """Return exit code, output and errors of a plan of a study."""
    command = [sys.executable, str(ROOT / "build.py"), "plan", "--study", str(study)]
    done = subprocess.run(
        command, env={**os.environ, **around}, capture_output=True, check=False, cwd=study.parent
    )
    return done.returncode, done.stdout.decode(), done.stderr.decode()


SHELLS = {
    "everything of Python's": {
        "PYTHONWARNINGS": "error", "PYTHONIOENCODING": "ascii", "PYTHONHASHSEED": "0",
        "PYTHONNOUSERSITE": "1", "PYTHONOPTIMIZE": "2", "PYTHONDONTWRITEBYTECODE": "1",
        "PYTHONSTARTUP": "/nowhere", "PYTHONINSPECT": "1", "PYTHONDEVMODE": "1",
    },
    "no language": {"LC_ALL": "C", "LANG": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    "an unknown language": {"LC_ALL": "xx_YY.utf8", "LANG": "xx_YY.utf8"},
    "another project": {
        "MPLBACKEND": "module://matplotlib_inline.backend_inline", "PYTHONSAFEPATH": "1",
        "KERAS_BACKEND": "torch", "TF_USE_LEGACY_KERAS": "1", "PIP_USER": "1",
    },
}  # fmt: skip


@pytest.mark.parametrize("shell", SHELLS)
def test_a_plan_is_made_in_any_shell(study: Path, shell: str) -> None:
    """The study with a dash in its name is read, and nothing is said on standard error."""
    code, out, err = planned(study, SHELLS[shell])
    assert (code, err) == (0, "")
    assert out.startswith("base  4 runs  4 to train  about ")


def test_modules_of_others_are_not_loaded(study: Path, packages: Path) -> None:
    """A path of Python's with a typing.py, a numpy and our own names of its own changes nothing."""
    code, out, err = planned(study, {"PYTHONPATH": str(packages), "PYTHONSAFEPATH": "1"})
    assert (code, err) == (0, "")
    assert out.startswith("base  4 runs")


def test_a_message_keeps_its_letters_in_any_language(study: Path) -> None:
    """A mistake in a file whose name is not ASCII is told with that name."""
    wrong = study.with_name("falsch – ü.toml")
    wrong.write_text("title = 1")
    code, out, err = planned(wrong, {"LC_ALL": "C", "PYTHONIOENCODING": "ascii"})
    assert (code, out) == (2, "")
    assert err.startswith("error: falsch – ü.toml: ")


@pytest.mark.parametrize("reader", ["| head -1", "2>&- | cat"])
def test_a_plan_is_told_to_whoever_reads(study: Path, reader: str) -> None:
    """The first line arrives, and nobody is told that the others did not."""
    words = f'set -o pipefail; "$0" "$1" plan --study "$2" {reader}'
    command = ["bash", "-c", words, sys.executable, str(ROOT / "build.py"), str(study)]
    done = subprocess.run(command, capture_output=True, check=False)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.startswith(b"base  4 runs  4 to train  about ")
