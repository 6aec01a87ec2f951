"""A whole small project, which each case spoils in one place and leaves as it was."""

from pathlib import Path

import pytest

import build
from report.figures import NAMES
from report.output.paper import pdf
from tests.build.door import SMALL, filled, runs_of, typed
from tests.made.sites.copied import copied

PARTS = ("analysis", "report", "stages", "templates", "studies", "examples", "CITATION.cff")


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a project with a study, results, published results and a site."""
    folder = copied(tmp_path_factory.mktemp("project"), *PARTS, data=False)
    shorten(folder / "report" / "answers")
    (folder / "study.toml").write_text(SMALL, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        at_home(folder, patch)
        filled(folder / "results", runs_of(folder / "study.toml"))
        for command in ("publish", "render"):
            code, _, err = typed(command)
            assert code == 0, err
    return folder


def shorten(answers: Path) -> None:
    """Let nothing be left but the answer that is spoiled: the others take long to be composed."""
    whole = answers / "q1a.md"
    for answer in {*answers.glob("*.md")} - {whole}:
        (heading, *_) = answer.read_text("utf-8").splitlines()
        answer.write_text(f"{heading}\n\nA sentence.\n", "utf-8")
    calls = "".join(f'{{{{ figure("{name}", "A caption.") }}}}' for name in NAMES)
    with (answers / "q3b.md").open("a", encoding="utf-8") as last:  # no figure may be forgotten
        last.write(f"\n{{% if false %}}{calls}{{% endif %}}\n")


@pytest.fixture
def project(made: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let the front door be that of the project, and return its folder, the working one."""
    at_home(made, monkeypatch)
    return made


def at_home(folder: Path, patch: pytest.MonkeyPatch) -> None:
    """Let the front door be that of a folder, which takes no time to set a paper."""
    patch.setattr(build, "ROOT", folder)
    patch.setattr(pdf, "setting", lambda *_args, **_kwargs: lambda: None)
    patch.chdir(folder)
