"""A whole small project, which each case spoils in one place and leaves as it was."""

from pathlib import Path

import pytest

import build
from report.output.paper import pdf
from tests.build.door import SMALL, filled, runs_of, typed
from tests.made.sites.copied import copied

PARTS = ("analysis", "report", "stages", "templates", "studies", "CITATION.cff")


@pytest.fixture(scope="session")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a project with a study, results, published results and a site."""
    folder = copied(tmp_path_factory.mktemp("project"), *PARTS, data=False)
    (folder / "study.toml").write_text(SMALL, encoding="utf-8")
    with pytest.MonkeyPatch.context() as patch:
        at_home(folder, patch)
        filled(folder / "results", runs_of(folder / "study.toml"))
        for command in ("publish", "render"):
            code, _, err = typed(command)
            assert code == 0, err
    return folder


@pytest.fixture
def project(made: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let the front door be that of the project, and return its folder, the working one."""
    at_home(made, monkeypatch)
    return made


def at_home(folder: Path, patch: pytest.MonkeyPatch) -> None:
    """Let the front door be that of a folder, which takes no time to set a paper."""
    patch.setattr(build, "ROOT", folder)
    patch.setattr(pdf, "write_pdf", lambda *_args, **_kwargs: None)
    patch.chdir(folder)
