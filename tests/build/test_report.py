"""What a build says of its report, and when it lets the previous one stand."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from analysis.claims.against.standing import Standing
from analysis.errors import ReportError
from report.output.paper import pdf, room
from tests.build.door import filled, runs_of, typed
from tests.made.results.studies import load_study
from tests.made.sites.desk import claim


def test_a_build_ends_with_the_verdicts_that_changed(
    small: Path, elsewhere: Path, drawn: dict[str, Any]
) -> None:
    """The last lines count the claims and name each verdict that is not the published one."""
    filled(elsewhere / "results", runs_of(small))
    drawn["claims"] = {"a": claim(id="a"), "b": claim(id="b", verdict="inconclusive")}
    drawn["standings"] = {
        "a": Standing("changed", "supported"),
        "b": Standing("changed", "supported"),
    }
    code, out, _ = typed("render")
    assert code == 0
    assert out.splitlines()[-3:] == [
        "2 findings: 1 supported, 0 contradicted, 1 inconclusive.",
        "2 of them were re-tested at other settings than the published ones.",
        "  b: supported (published) → inconclusive",
    ]


def test_pages_stand_before_the_paper_and_go_if_it_cannot_be_set(
    small: Path, elsewhere: Path, drawn: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """No PDF of an earlier edition stands beside them; that one returns whole if there is none."""
    filled(elsewhere / "results", runs_of(small))
    site = elsewhere / "site"
    site.mkdir()
    (site / "index.html").write_text("old")
    (site / "report.pdf").write_text("old")
    (site / "provenance.json").write_text("{}")

    def edition() -> set[str]:
        return {path.read_text() for path in (site / "index.html", site / "report.pdf")}

    def alone(out: Path) -> None:
        assert out.resolve() == site
        assert (site / "index.html").read_text() == "new"
        assert not (site / "report.pdf").exists()

    def refuse(_report: Any, out: Path) -> Callable[[], object]:
        alone(out)
        raise ReportError("report/answers/q1a.md:3: no face of the paper has the sign 漢")

    setting = pdf.setting
    monkeypatch.setattr(pdf, "setting", refuse)
    code, out, err = typed("report")
    assert (code, out) == (1, "site/index.html is ready.\n")
    assert "q1a.md:3: no face" in err
    assert edition() == {"old"}

    def watch(report: Any, out: Path) -> Callable[[], object]:
        alone(out)
        return setting(report, out)

    monkeypatch.setattr(pdf, "setting", watch)
    assert typed("report")[0] == 0
    assert edition() == {"new"}
    names = ["index.html", "provenance.json", "report.pdf"]
    assert sorted(path.name for path in site.iterdir()) == names


def test_a_preview_shows_the_pages_first(
    small: Path, elsewhere: Path, drawn: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its site stands before the PDF is begun, and is not taken for whole if that fails."""
    filled(elsewhere / "results", runs_of(small))
    monkeypatch.setenv(room.ADDRESS, "somewhere")

    def refuse(_report: Any, out: Path) -> Callable[[], object]:
        assert out.resolve() == elsewhere / "site"
        assert (out / "index.html").read_text() == "new"
        raise ReportError("no")

    setting = pdf.setting
    monkeypatch.setattr(pdf, "setting", refuse)
    code, out, _ = typed("report")
    assert code == 1
    assert out.endswith("site/index.html is ready.\n")
    monkeypatch.setattr(pdf, "setting", setting)
    code, out, _ = typed("report")
    assert code == 0
    assert "Nothing has changed" not in out


@pytest.mark.parametrize("command", ["report", "render"])
def test_strictness_keeps_the_previous_site(
    small: Path, elsewhere: Path, drawn: dict[str, Any], command: str
) -> None:
    """A contradicted claim without a word ends a strict build: its name, exit 1, no new page."""
    filled(elsewhere / "results", runs_of(small))
    (elsewhere / "site").mkdir()
    (elsewhere / "site" / "index.html").write_text("old")
    (elsewhere / "site" / "provenance.json").write_text("{}")
    drawn["claims"] = {"a": claim(id="a"), "b": claim(id="b", verdict="contradicted")}
    drawn["standings"] = {name: Standing("unpublished") for name in drawn["claims"]}
    code, out, err = typed(command, "--strict")
    assert (code, out) == (1, "")
    assert err.startswith("error: --strict: 1 claim is contradicted, and no sentence says so; ")
    assert err.splitlines()[1].startswith("  b: ")
    assert len(list((elsewhere / "site").iterdir())) == 2
    assert (elsewhere / "site" / "index.html").read_text() == "old"

    drawn["answered"] = frozenset({"b"})
    code, out, err = typed(command, "--strict")
    assert (code, err) == (0, "")
    assert (elsewhere / "site" / "index.html").read_text() == "new"


def test_a_site_that_was_not_held_to_strictness_is_no_strict_site(
    small: Path, elsewhere: Path, drawn: dict[str, Any]
) -> None:
    """`report --strict` after `report` looks at the claims again."""
    filled(elsewhere / "results", runs_of(small))
    drawn["claims"] = {"b": claim(id="b", verdict="contradicted")}
    drawn["standings"] = {"b": Standing("unpublished")}
    assert typed("report")[0] == 0
    assert "Nothing has changed" in typed("report")[1]
    assert typed("report", "--strict")[0] == 1


def test_new_published_verdicts_make_a_site_old(
    small: Path, elsewhere: Path, drawn: dict[str, Any]
) -> None:
    """What the claims are held against is an input of the site as much as the results are."""
    filled(elsewhere / "results", runs_of(small))
    assert typed("report")[0] == 0
    assert not drawn["published"]
    assert typed("publish")[0] == 0
    code, out, _ = typed("report")
    assert code == 0
    assert "Nothing has changed" not in out
    assert "claims" in drawn["published"]


def test_what_changed_since_the_last_report_is_said_once(
    small: Path, elsewhere: Path, drawn: dict[str, Any]
) -> None:
    """A hyperparameter that experiments inherit is one line before the build."""
    filled(elsewhere / "results", runs_of(small))
    site = elsewhere / "site"
    site.mkdir()
    before = load_study("study.toml", ["training.epochs=3"]).tables()
    (site / "provenance.json").write_text(json.dumps({"study": before}))
    code, out, _ = typed("render")
    assert code == 0
    assert out.splitlines()[0] == "Changed since the last report: training.epochs: 3 → 2"
    assert out.count("Changed since") == 1
