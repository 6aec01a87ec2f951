"""A project in a folder of its own, and a report that is written at once."""

from collections.abc import Callable
from contextlib import nullcontext
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

import build
from analysis.claims import testing
from analysis.claims.against import standing
from analysis.results.frames import Results
from build import ROOT
from report.output.paper import pdf
from report.output.site import build as site_build
from report.pages import ahead
from report.pages.compare.page import Moved
from tests.build.door import SMALL
from tests.made.sites.copied import copied


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Let the front door be that of an empty project, and return its folder, the working one."""
    (tmp_path / "studies").symlink_to(ROOT / "studies")
    monkeypatch.setattr(build, "ROOT", tmp_path)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture
def code(elsewhere: Path) -> Path:
    """Return the folder of a project that has all that a report is made from, but for results."""
    return copied(
        elsewhere,
        *("analysis", "report", "stages", "templates", "examples", "CITATION.cff"),
        data=False,
    )


@pytest.fixture
def small(elsewhere: Path) -> Path:
    """Return the path of a study of the base experiment alone, called as the default study is."""
    path = elsewhere / "study.toml"
    path.write_text(SMALL, encoding="utf-8")
    return path


@pytest.fixture
def drawn(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """Let a report be written at once, on claims that a test gives; return what it was made of."""
    made: dict[str, Any] = {"claims": {}, "standings": {}, "answered": frozenset()}

    def standings(published: Any, _results: Results, _claims: Any, _locked: Any) -> Any:
        made["published"] = published
        return made["standings"]

    def build_pages(results: Results, claims: Any, stand: Any, out: Path, **named: Any) -> Any:
        (out / "index.html").write_text("new")
        (out / "provenance.json").write_text("{}")
        made.update(results=results, **named)
        report = SimpleNamespace(
            claims=claims, standings=stand, moved=Moved(None, None, ""),
            document=SimpleNamespace(origins=(), answered=made["answered"]),
        )  # fmt: skip
        return report

    def setting(report: Any, out: Path, **_: Any) -> Callable[[], object]:
        return lambda: (out / "report.pdf").write_text("new")

    monkeypatch.setattr(ahead, "drawing", lambda *_: nullcontext())
    monkeypatch.setattr(testing, "evaluate_once", lambda *_: made["claims"])
    monkeypatch.setattr(standing, "standings", standings)
    monkeypatch.setattr(site_build, "build_pages", build_pages)
    monkeypatch.setattr(pdf, "setting", setting)
    return made
