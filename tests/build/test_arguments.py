"""What a person types wrong, and what they are told."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest
import typer

import build
from analysis.results import sources
from analysis.results.places import MANIFEST
from tests.build.door import typed

COMMANDS = [
    "report", "train", "render", "plan", "publish", "figure --name accuracy",
    "run --experiment base --variant HeNormal --seed 3000",
]  # fmt: skip

NOT_NPZ = "broken.toml: is no .npz file"
BAD: list[tuple[Sequence[str], Sequence[str]]] = [
    (["--study", "quik"], ["no study 'quik' (did you mean 'quick'?)"]),
    (["--study", "none.toml"], ["none.toml: cannot be read"]),
    (["--study", "broken.toml"], ["broken.toml:1: is not valid TOML", "line 1"]),
    (["--study", "quick", "--set", "training.epochs=-1"], ["training.epochs = -1", "equal to 0"]),
    (["--study", "quick", "--set", "experiments.dept.seeds=2"], ["mean 'depth'?"]),
    (["--study", "quick", "--set", "trainig.epochs=3"], ["did you mean 'training'?"]),
    (["--study", "quick", "--set", "seeds"], ["--set 'seeds': must be KEY=VALUE"]),
    (["--study", "quick", "--set", "seeds=[]"], ["seeds", "empty"]),
    (["--study", "quick", "--set", "dataset=/no/data.npz"], ["/no/data.npz: cannot be read"]),
    (["--study", "quick", "--set", "dataset={path='broken.toml', name='A'}"], [NOT_NPZ]),
    (["--study", "quick", "--set", "dataset=broken.toml"], ["'broken.toml' has no file"]),
    (["--study", "quick", "--set", "training.batch_size=48001"], ["at most 48000"]),
    (["--study", "quick", "--results", "spoilt"], ["spoilt/runs.sqlite: is damaged", "mv spoilt"]),
    (["--study", "quick", "--results", "broken.toml"], ["broken.toml is no folder"]),
    (["--study", "quick", "--results", "broken.toml/a/b"], ["broken.toml is no folder"]),
    (["--study", "quick", "--results", "/dev/null"], ["/dev/null is no folder"]),
    (["--study", "quick", "--results", "dangling"], ["dangling is no folder"]),
    (["--study", "quick", "--results", "circle"], ["circle is no folder"]),
    (["--study", "quick", "--results", "."], ["runs.sqlite: cannot be used: it is a folder"]),
    (["--study", "quick", "--results", "a" * 300], ["the name is too long"]),
    (["--study", "quick", "--results", ""], ["--results '': must be the folder that holds"]),
    (["--study", ""], ["no study ''"]),
]


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize(("options", "said"), BAD, ids=[" ".join(each) for each, _ in BAD])
def test_a_mistake_ends_in_a_message_and_exit_code_2(
    elsewhere: Path, command: str, options: Sequence[str], said: Sequence[str]
) -> None:
    """Each command names what is wrong and where on standard error, and builds nothing."""
    for name in ("broken.toml", "broken.npz"):
        (elsewhere / name).write_text("title =\nseeds = 2")
    (elsewhere / "spoilt").mkdir()
    (elsewhere / "spoilt" / "runs.sqlite").write_bytes(b"no results " * 100)
    (elsewhere / "runs.sqlite").mkdir()
    (elsewhere / "dangling").symlink_to("gone")
    (elsewhere / "circle").symlink_to("circle")
    code, out, err = typed(*command.split(), *options)
    assert (code, out) == (2, "")
    assert err.startswith("error: ")
    assert "Traceback" not in err
    for part in said:
        assert part in err
    assert not (elsewhere / "site").exists()
    assert (elsewhere / "spoilt" / "runs.sqlite").read_bytes() == b"no results " * 100


@pytest.mark.parametrize("command", ["render", "publish", "plan"])
def test_who_reads_makes_nothing(small: Path, elsewhere: Path, command: str) -> None:
    """A mistyped folder is no new store, nor is an empty file; those who train make one."""
    (elsewhere / "empty").mkdir()
    (elsewhere / "empty" / "runs.sqlite").touch()
    for name in ("typo", "a/typo", "empty"):
        code, out, err = typed(command, "--results", name)
        assert code == (0 if command == "plan" else 2)
        assert "8 to train" in out if command == "plan" else "8 of 8 runs" in err
    assert [path.name for path in elsewhere.rglob("*") if path.name in {"typo", "a"}] == []
    assert [path.name for path in (elsewhere / "empty").iterdir()] == ["runs.sqlite"]
    assert (elsewhere / "empty" / "runs.sqlite").read_bytes() == b""


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
        ["run", "--seed", "three"],
        ["run", "c2bbb582"],
        ["figure", "chaos"],
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
    command = command.split(maxsplit=1)[0]
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
    before = set(elsewhere.iterdir())
    names = ["published", "results/published", "results/../results/published/"]
    for name in [*names, str(elsewhere / "results" / "published")]:
        code, out, err = typed(command, "--results", name)
        assert (code, out) == (2, "")
        assert "not a store of runs; only report and render take them" in err
    assert set(elsewhere.iterdir()) == before


@pytest.mark.parametrize("command", ["train", "plan", "publish"])
def test_a_folder_with_a_manifest_is_no_store_wherever_it_is(command: str, elsewhere: Path) -> None:
    """Published results are known by what they are; neither copy nor link is trained into."""
    copy, link = elsewhere / "copy", elsewhere / "link"
    copy.mkdir()
    (copy / MANIFEST).write_text("{}")
    link.symlink_to(copy)
    for name in ("copy", "./copy", "link", str(copy)):
        code, _, err = typed(command, "--results", name)
        assert code == 2
        assert "not a store of runs" in err
    assert [path.name for path in copy.iterdir()] == [MANIFEST]


def test_without_published_results_a_report_of_them_says_so() -> None:
    """The message names the file that is missing and what writes it."""
    code, _, err = typed("report", "--results", "published")
    assert code == 2
    assert err.startswith("error: results/published/manifest.json: does not exist")
    assert "make publish-results" in err


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


def test_an_error_is_left_for_the_preview_that_has_asked_for_it(
    elsewhere: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its place and its words are a record: nobody has to read the output."""
    record = elsewhere / "record.json"
    monkeypatch.setenv("REPORT_ERROR_RECORD", str(record))
    (elsewhere / "mine.toml").write_text("title = 'T'\nseeds = \nmeasure = []")
    assert typed("report", "--study", "mine.toml")[0] == 2
    assert json.loads(record.read_text()) == {
        "place": "mine.toml:2",
        "message": "is not valid TOML: Invalid value (at line 2, column 9)",
    }


@pytest.mark.parametrize(
    "words",
    [
        ["plan", "--study", "a\x1b[31m\u202e.toml"],
        ["plan", "--study", "a\x1b[31m\u202e"],
        ["plan", "--set", "a\x1b[31m\u202e=1"],
        ["plan", "--set", "title='a\x1b[31m\u202e'"],
        ["plan", "--set", 'title="a\\u001b[31m\\u202e"'],
        ["plan", "--set", "variants.a\x1b[31m\u202e.stddev=1"],
        ["render", "--results", "published\x1b[31m\u202e", "--set", "seeds=1"],
        ["plan", "--experiment", "a\x1b[31m\u202e"],
    ],
)
def test_no_word_of_a_person_steers_the_terminal(small: Path, words: list[str]) -> None:
    """A message shows control characters and overrides as escapes, whatever they came in by."""
    code, out, err = typed(*words)
    assert code == 2
    assert "31m" in err
    assert not [sign for sign in out + err if sign in "\x1b\u202e"]
