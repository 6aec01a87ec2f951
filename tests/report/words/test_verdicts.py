"""How verdicts are shown: beside their sentence, at the top, in the data, at the end of a build."""

import json
import math
import re
from pathlib import Path
from typing import Any

import pytest

from analysis.claims import testing
from analysis.claims.claim import Claim, Quantity, Verdict
from analysis.claims.standing import Standing, entries
from analysis.errors import ReportError
from analysis.results import published
from build import ROOT
from report.document.outline import Label
from report.output.site import pages
from report.words import verdicts
from report.words.numbers import SPACE
from tests.report.conftest import Rendered
from tests.report.desk import claim

CHANGED = Standing("changed", "supported")
SAME = Standing("published", "supported")
NEW = Standing("unpublished")
LOST: Verdict = "not supported"


def plain(html: str) -> str:
    """Return the words of a piece of HTML."""
    return " ".join(re.sub(r"<[^>]+>", "", html).replace(SPACE, " ").split())


@pytest.mark.parametrize(
    ("standing", "verdict", "words"),
    [
        (None, "supported", "They end level. ✓ supported (−0.035"),
        (NEW, "supported", "They end level. ✓ supported (−0.035"),
        (SAME, "supported", "They end level. ✓ supported (−0.035"),
        (CHANGED, "supported", "✓ supported re-tested at your settings (−0.035"),
        (CHANGED, LOST, "✗ not supported re-tested at your settings; published as supported (−"),
        (
            CHANGED,
            "inconclusive",
            "? inconclusive re-tested at your settings; published as supported (−0.035",
        ),
        (SAME, LOST, "✗ not supported tested anew; published as supported (−0.035"),
        (Standing("changed", LOST), LOST, "✗ not supported re-tested at your settings (−0.035"),
    ],
)
def test_a_verdict_says_under_which_settings_it_fell(
    standing: Standing | None, verdict: Any, words: str
) -> None:
    """Only what is not as published has a mark, and a flip names both verdicts."""
    html = verdicts.inline(claim(verdict=verdict), anchor=True, standing=standing)
    assert words in plain(html)
    flipped = standing is not None and standing.flipped(verdict)
    assert ('class="retested flipped"' in html) is flipped


CLAIMS = {
    "a": claim(id="a"),
    "b": claim(id="b", verdict=LOST, statement="B holds."),
    "c": claim(
        id="c",
        verdict="inconclusive",
        value=math.nan,
        low=math.nan,
        n=0,
        note=("too few seeds: ", Quantity(2, "count")),
    ),
}
STANDINGS = {"a": CHANGED, "b": CHANGED, "c": SAME}


def test_the_end_of_a_build_counts_and_names_what_flipped() -> None:
    """The count comes first, then a line for each verdict that is not the published one."""
    assert verdicts.summary(CLAIMS, STANDINGS) == [
        "3 claims: 1 supported, 1 not supported, 1 inconclusive.",
        "2 of them were re-tested at other settings than the published ones.",
        "  b: supported (published) → not supported",
        "  c: supported (published) → inconclusive",
    ]


def test_a_build_as_published_has_its_count_alone() -> None:
    """Where nothing differs, and where nothing is published, nothing more is said."""
    for standing in (SAME, NEW):
        assert verdicts.summary({"a": claim(id="a")}, {"a": standing}) == [
            "1 claim: 1 supported, 0 not supported, 0 inconclusive."
        ]
    assert verdicts.summary({}, {}) == []


def test_strictness_lists_every_claim_that_is_not_supported() -> None:
    """The error names them with verdict and evidence, and is the report's, not the input's."""
    with pytest.raises(ReportError) as caught:
        verdicts.demand_support(CLAIMS)
    first, *listed = str(caught.value).splitlines()
    assert first == "--strict: 2 of 3 claims are not supported by these results:"
    assert [line.split(":")[0].strip() for line in listed] == ["b", "c"]
    assert "not supported (−0.035 percentage points" in listed[0]
    assert "inconclusive (paired TOST; too few seeds: 2)" in listed[1]
    assert caught.value.exit_code == 1
    verdicts.demand_support({"a": CLAIMS["a"]})
    verdicts.demand_support({})


def rendered_again(
    rendered: Rendered, folder: Path, claims: dict[str, Claim], before: dict[str, str]
) -> pages.Report:
    """Return the report on claims of which some were published with other verdicts."""
    old = {name: claims[name] for name in before}
    old = {
        name: claim(**{**vars(each), "verdict": before[name], "settings": "other"})
        for name, each in old.items()
    }
    published.write(rendered.results, entries(old), folder / "published")
    return pages.build_pages(
        rendered.results, claims, folder / "site", cache=rendered.cache,
        published=published.manifest(folder / "published"),
    )  # fmt: skip


def test_flips_stand_at_the_top_of_the_site_and_of_the_paper(
    rendered: Rendered, tmp_path: Path
) -> None:
    """The first page counts what was tested again and lists each flip with a link to it."""
    claims = dict(rendered.report.claims)
    stated = [name for name in claims if name in rendered.report.document.uses.claims]
    first, second = stated[:2]
    verdict = claims[first].verdict
    other = next(each for each in verdicts.MARKS if each != verdict)
    report = rendered_again(
        rendered, tmp_path, claims, {first: other, second: claims[second].verdict}
    )
    (flip,) = report.flips
    assert (flip.id, flip.before, flip.now) == (first, other, verdict)
    assert report.retested == 2

    index = (tmp_path / "site" / "index.html").read_text("utf-8")
    tally = index.split('<div class="tally">')[1].split("</div>")[0]
    words = plain(tally)
    assert f"{len(claims)} claims tested on these results:" in words
    assert "2 of them were re-tested at your settings" in words
    assert "1 verdict differs from the published ones (published → here):" in words
    assert words.endswith(f"{flip.statement} {other} → {verdict}")
    assert isinstance(flip.label, Label)
    address = f"{flip.label.page}.html#claim-{first}"
    assert f'href="{address}"' in tally
    page = (tmp_path / "site" / f"{flip.label.page}.html").read_text("utf-8")
    sentence = page.split(f'id="claim-{first}"')[1][:5000]
    assert f"re-tested at your settings; published as {other}" in sentence

    paper = report.render("paper/paper.html", "paper")
    assert f'href="#claim-{first}"' in paper.split('<div class="tally">')[1].split("</div>")[0]

    listed = json.loads((tmp_path / "site" / "data" / "claims.json").read_text("utf-8"))
    by_id = {each["id"]: each for each in listed}
    assert by_id[first]["settings"] == "changed"
    assert by_id[first]["published_verdict"] == other
    assert {each["settings"] for name, each in by_id.items() if name not in stated[:2]} == {
        "unpublished"
    }


def test_without_published_results_nothing_is_compared(rendered: Rendered) -> None:
    """A fork that has published nothing sees counts and verdicts only."""
    index = (rendered.site / "index.html").read_text("utf-8")
    tally = index.split('<div class="tally">')[1].split("</div>")[0]
    assert "re-tested" not in tally
    assert "differ" not in tally
    assert rendered.report.flips == []


def test_every_claim_stands_in_an_answer_by_its_id() -> None:
    """The sentence itself is declared with the claim and stands nowhere else."""
    call = re.compile(r"\bclaim\((.*?)\)")
    texts = [path.read_text("utf-8") for path in (ROOT / "report" / "answers").glob("*.md")]
    written = {found for text in texts for found in call.findall(text)}
    assert written == {f'"{each.id}"' for each in testing.declarations()}
