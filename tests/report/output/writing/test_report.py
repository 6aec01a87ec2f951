"""What the report says of all its claims, on the first page and in its data."""

import json
import re
from pathlib import Path

from analysis.claims import testing
from analysis.claims.against.standing import entries
from analysis.claims.claim import Claim
from analysis.results.published import archive, manifest
from build import ROOT
from report.document.outline import Label
from report.output.paper import writer
from report.output.writing.report import Report
from report.words import verdicts
from tests.made.sites.desk import claim, plain
from tests.made.sites.site import build
from tests.report.conftest import Rendered


def rendered_again(
    rendered: Rendered, folder: Path, claims: dict[str, Claim], before: dict[str, str]
) -> Report:
    """Return the report on claims of which some were published with other verdicts."""
    old = {name: claims[name] for name in before}
    old = {
        name: claim(**{**vars(each), "verdict": before[name], "settings": "other"})
        for name, each in old.items()
    }
    archive.write(rendered.results, entries(old), folder / "published")
    about = manifest.read(folder / "published")
    return build(rendered.results, folder / "site", rendered.cache, claims=claims, published=about)


def test_flips_stand_at_the_top_of_the_site_and_of_the_paper(
    rendered: Rendered, tmp_path: Path
) -> None:
    """The first page counts what was tested again and lists each flip with a link to it."""
    claims = dict(rendered.report.claims)
    stated = [name for name in claims if name in rendered.report.document.claims]
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
    assert f"{len(claims)} claims tested on these results." in words
    assert "2 of them were re-tested at your settings" in words
    assert "1 verdict differs from the published ones (published → here):" in words
    assert words.endswith(f"{flip.statement} {other} → {verdict}")
    assert isinstance(flip.label, Label)
    address = f"{flip.label.page}.html#claim-{first}"
    assert f'href="{address}"' in tally
    page = (tmp_path / "site" / f"{flip.label.page}.html").read_text("utf-8")
    sentence = page.split(f'id="claim-{first}"')[1][:5000]
    assert f"re-tested at your settings; published as {other}" in sentence

    paper = writer.html(report)
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
