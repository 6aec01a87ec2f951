"""What a build says of its report, and when it lets the previous one stand."""

import json
from pathlib import Path
from typing import Any

import pytest

from analysis.claims.standing import Standing
from tests.build.door import filled, runs_of, typed
from tests.made.studies import load_study
from tests.report.desk import claim


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
        "2 claims: 1 supported, 0 not supported, 1 inconclusive.",
        "2 of them were re-tested at other settings than the published ones.",
        "  b: supported (published) → inconclusive",
    ]


@pytest.mark.parametrize("command", ["report", "render"])
def test_strictness_keeps_the_previous_site(
    small: Path, elsewhere: Path, drawn: dict[str, Any], command: str
) -> None:
    """A claim that is not supported ends a strict build with its name, exit 1, and no new page."""
    filled(elsewhere / "results", runs_of(small))
    (elsewhere / "site").mkdir()
    (elsewhere / "site" / "index.html").write_text("old")
    drawn["claims"] = {"a": claim(id="a"), "b": claim(id="b", verdict="inconclusive")}
    drawn["standings"] = {name: Standing("unpublished") for name in drawn["claims"]}
    code, out, err = typed(command, "--strict")
    assert (code, out) == (1, "")
    assert err.startswith(
        "error: --strict: 1 of 2 claims are not supported by these results:\n  b:"
    )
    assert [path.name for path in (elsewhere / "site").iterdir()] == ["index.html"]
    assert (elsewhere / "site" / "index.html").read_text() == "old"

    del drawn["claims"]["b"]
    code, out, err = typed(command, "--strict")
    assert (code, err) == (0, "")
    assert (elsewhere / "site" / "index.html").read_text() == "new"


def test_a_site_that_was_not_held_to_strictness_is_no_strict_site(
    small: Path, elsewhere: Path, drawn: dict[str, Any]
) -> None:
    """`report --strict` after `report` looks at the claims again."""
    filled(elsewhere / "results", runs_of(small))
    drawn["claims"] = {"b": claim(id="b", verdict="inconclusive")}
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
