"""What the README promises, held against the Makefile, the front door and the study."""

import csv
import re
import shlex
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import typer

import build
from analysis.study.file import build_study
from analysis.study.tables import pairs
from build import ROOT
from tests.made.results.studies import load_study

README = (ROOT / "README.md").read_text(encoding="utf-8")
CONTRIBUTING = (ROOT / "CONTRIBUTING.md").read_text(encoding="utf-8")
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
MADE = {"site", "results"}  # on the map, but not in a fresh clone


def blocks(language: str) -> list[str]:
    """Return the fenced blocks of the README in `language`."""
    return re.findall(rf"^```{language}\n(.*?)^```$", README, re.MULTILINE | re.DOTALL)


def shell_lines() -> list[str]:
    """Return every command of the README's shell blocks, without its comment."""
    lines = [
        line.partition(" #")[0].strip() for block in blocks("sh") for line in block.split("\n")
    ]
    return [line for line in lines if line]


def front_door() -> Any:
    """Return the command that `python build.py` runs, with its subcommands."""
    return typer.main.get_command(build.app)


def parse(words: list[str]) -> None:
    """Parse the words after `build.py` as the front door does, and run nothing."""
    door = front_door()
    if words[0] == "--settings":
        words = words[2:]
    name, *options = words
    assert name in door.commands
    door.commands[name].make_context(name, [word for word in options if word != "--help"])


def dry_run(words: list[str]) -> str:
    """Return the shell commands that `make` would run."""
    make = ["make", "--dry-run", "--no-print-directory", *words]
    return subprocess.run(make, cwd=ROOT, check=True, capture_output=True, text=True).stdout


def test_every_target_is_named_and_every_named_target_exists() -> None:
    """The README and the Makefile list the same targets, and so does CONTRIBUTING where it does."""
    targets = set(re.findall(r"^([a-z-]+):", MAKEFILE, re.MULTILINE))
    named = set(re.findall(r"`make ([a-z-]+)", README)) | {
        line.split()[1] for line in shell_lines() if line.startswith("make ")
    }
    assert named == targets
    assert set(re.findall(r"`make ([a-z-]+)", CONTRIBUTING)) <= targets


def test_every_command_is_named_and_every_named_command_exists() -> None:
    """The README names each command of the front door, and no other."""
    named = {line.split("build.py ")[1].split()[0] for line in shell_lines() if "build.py" in line}
    assert named == set(front_door().commands)


@pytest.mark.parametrize("line", shell_lines())
def test_every_command_of_the_readme_would_run(line: str) -> None:
    """Each line in a shell block is a target, or a front-door command, with options it takes."""
    program, *words = shlex.split(line)
    if program == "make":
        ran = dry_run(words).splitlines()
        for command in (shlex.split(each) for each in ran if "build.py" in each):
            parse(command[command.index("build.py") + 1 :])
    else:
        assert (program, words[0]) == (".venv/bin/python", "build.py")
        parse(words[1:])


@pytest.mark.parametrize("line", [line for line in shell_lines() if "SET=" in line])
def test_the_settings_of_the_readme_are_accepted(line: str) -> None:
    """An override that the README shows is one that the study takes, and it changes the study."""
    settings = dict(
        word.split("=", 1) for word in shlex.split(line) if word.isupper() or "=" in word
    )
    changed = load_study(None, pairs(settings["SET"]))
    assert changed != load_study()


def test_both_names_of_the_run_in_the_readme_are_of_the_same_published_one() -> None:
    """What stands beside `make run EXPERIMENT=…` after "or RUN=" begins that run's identity."""
    (line,) = re.findall(r"^make run .*or RUN=.*$", README, re.MULTILINE)
    words = dict(word.split("=", 1) for word in shlex.split(line) if "=" in word)
    settings = {
        "experiment": words["EXPERIMENT"], "variant": words["VARIANT"], "seed": words["SEED"],
        **dict(pair.split("=") for pair in words["AT"].split()),
    }  # fmt: skip
    with (ROOT / "results" / "published" / "runs.csv").open(encoding="utf-8", newline="") as file:
        found = {row["run_id"] for row in csv.DictReader(file) if settings.items() <= row.items()}
    (identity,) = found
    assert identity.startswith(words["RUN"])


def test_help_lists_every_target_with_a_line_of_meaning() -> None:
    """`make` alone prints each target and what it does."""
    printed = subprocess.run(["make"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    lines = dict(re.findall(r"^  ([\w-]+) +(\S.*)$", printed, re.MULTILINE))
    assert set(lines) == set(re.findall(r"^([a-z-]+):", MAKEFILE, re.MULTILINE))


def test_make_passes_its_variables_on() -> None:
    """SET goes to the front door in one piece, quotes and all, the others as they are."""
    words = ["report", "STUDY=quick", "RESULTS=a b", "WORKERS=2", "STRICT=1"]
    setting = """network.hidden=[30, 30] training.optimizer.name="SGD" title='x'"""
    command = shlex.split(dry_run([*words, f"SET={setting}"]).splitlines()[-1])
    assert command[command.index("build.py") :] == [
        "build.py",
        *("--settings", setting),
        "report",
        *("--study", "quick"),
        *("--results", "a b"),
        *("--workers", "2"),
        "--strict",
    ]


def test_the_lines_of_the_readme_are_lines_of_a_study() -> None:
    """What it adds to `variants` are some that the default study takes, and its data set is one."""
    *snippets, data = blocks("toml")
    tables = tomllib.loads((ROOT / "study.toml").read_text(encoding="utf-8"))
    own = build_study({**tables, **tomllib.loads(data)}, "README").dataset
    assert (own.name, own.path) == ("Letters", "letters.npz")
    added = tomllib.loads(f"variants = [\n{''.join(snippets)}]")["variants"]
    variants = build_study({**tables, "variants": [*tables["variants"], *added]}, "README").variants
    assert [each.name for each in variants[len(tables["variants"]) :]] == ["LecunNormal", "PyTorch"]
    bias = variants[-1].bias
    assert bias is not None
    # The variance of U(±1/√fan_in) is a third of 1 / fan_in.
    assert bias.variance(784, 128) == pytest.approx(1 / (3 * 784))


def test_the_map_shows_what_is_there() -> None:
    """Each room on the map exists, and each folder of the house is on the map."""
    (tree,) = blocks("text")
    folder, shown = Path(), set()
    for line in tree.splitlines():
        name = line.split()[0]
        if not line.startswith(" "):
            folder = Path(name) if name.endswith("/") else Path()
        path = folder / name if line.startswith(" ") else Path(name)
        shown.add(str(path).partition("/")[0])
        assert (ROOT / path).exists() or str(path) in MADE, path
    tracked = {path.name for path in ROOT.iterdir() if (path / "__init__.py").exists()}
    assert tracked <= shown


@pytest.mark.parametrize("text", [README, CONTRIBUTING], ids=["README", "CONTRIBUTING"])
def test_every_link_leads_somewhere(text: str) -> None:
    """A link or picture that is not on the web is a file of the repository."""
    targets = [to for to in re.findall(r"\]\(([^)\s]+)\)", text) if "://" not in to]
    assert targets
    assert [to for to in targets if not (ROOT / to).exists()] == []
