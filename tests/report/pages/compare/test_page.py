"""The page of what moved, made from results of three seeds against those of twenty."""

import re
from dataclasses import dataclass
from html import escape
from pathlib import Path

import html5lib
import pandas as pd
import pytest

from analysis.claims import testing
from analysis.claims.against import earlier
from analysis.claims.against.standing import entries
from analysis.results.frames import Results
from analysis.results.published import archive, manifest
from report.output.paper import writer as paper
from report.output.writing.report import Report
from tests.made.results.synthetic import synthetic_results
from tests.made.sites import shared
from tests.made.sites.desk import plain
from tests.made.sites.site import build


@dataclass(frozen=True)
class Built:
    """A site of three seeds, built after one of five, beside published results of twenty."""

    site: Path
    report: Report
    again: dict[str, str]
    anew: str
    before: dict[str, str]


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Built:
    """Build five seeds, then three, then the same again, into one folder."""
    folder = tmp_path_factory.mktemp("moved")
    many, some, few = (synthetic_results(seeds=seeds) for seeds in (20, 5, 3))
    archive.write(many, entries(testing.evaluate(many)), folder / "published")
    published = manifest.read(folder / "published")
    with shared.cache(tmp_path_factory, "synthetic") as cache:

        def made(results: Results, out: Path) -> Report:
            return build(results, out, cache, published=published, before=many)

        made(some, folder / "site")
        before = drawings(folder / "site" / "figures")
        made(few, folder / "site")
        first = texts(folder / "site") | drawings(folder / "site" / "figures" / "before")
        report = made(few, folder / "site")
        second = texts(folder / "site") | drawings(folder / "site" / "figures" / "before")
        again = {name: text for name, text in second.items() if text != first[name]}
        made(few, folder / "other")
        anew = (folder / "other" / "compare.html").read_text("utf-8")
    return Built(folder / "site", report, again, anew, before)


def texts(site: Path) -> dict[str, str]:
    """Every page."""
    return {path.stem: path.read_text("utf-8") for path in site.glob("*.html")}


def drawings(folder: Path) -> dict[str, str]:
    """Every drawing in a folder."""
    return {path.name: path.read_text("utf-8") for path in folder.glob("*.svg")}


PAIR = re.compile(r'<div class="drawings" id="([a-z]+)-figure-([a-z-]+)">(.*?)</div>\n</div>', re.S)
PICTURE = re.compile(r'<img src="([^"]+)" alt="([^"]+)" width="\d+" height="\d+" loading="lazy">')


def test_each_figure_that_moved_is_drawn_before_and_after(built: Built) -> None:
    """Both drawings are files beside the page, with their words; all other figures are named."""
    html = (built.site / "compare.html").read_text("utf-8")
    found = {(part, name): PICTURE.findall(text) for part, name, text in PAIR.findall(html)}
    shown = set(built.report.document.figures)
    for part, folder in (("published", "published"), ("previous", "before")):
        own = {name: pictures for (place, name), pictures in found.items() if place == part}
        assert {"accuracy", "test-accuracy"} <= set(own)
        for name, (before, after) in own.items():
            assert before[0] == f"figures/{folder}/{name}.svg"
            assert after == (f"figures/{name}.svg", escape(built.report.document.figures[name].alt))
            assert (built.site / before[0]).is_file()
            assert (built.site / before[0]).with_suffix(".csv").is_file()
        alike = html.partition(f'id="{part}-figures"')[2].partition("The same on both sides: ")[2]
        named = set(re.findall(r"#fig-([a-z-]+)", alike.partition("</p>")[0]))
        assert own.keys() | named == shown
        assert not own.keys() & named


def test_the_drawing_before_is_the_one_of_that_build(built: Built) -> None:
    """Byte for byte, also after the same results were built once more."""
    kept = drawings(built.site / "figures" / "before")
    assert kept
    assert {name: built.before[name] for name in kept} == kept


def test_the_published_drawing_is_drawn_from_what_is_published(built: Built) -> None:
    """Its rows are those of twenty seeds, the ones beside it those of three."""
    there, here = (
        pd.read_csv(built.site / "figures" / folder / "test-accuracy.csv")
        for folder in ("published", "")
    )
    assert (there["seed"].nunique(), here["seed"].nunique()) == (20, 3)


def test_each_claim_that_moved_is_told_with_both_sides(built: Built) -> None:
    """Its verdicts stand side by side, its reason below, and it leads to its place."""
    html = (built.site / "compare.html").read_text("utf-8")
    html5lib.HTMLParser(strict=True).parse(html)
    block = re.search(r'<li id="published-gradient-at-initialization".*?</li>', html, re.S)
    assert block
    assert '<p class="statement"><a href="q1.html#claim-gradient-at-initialization">' in block[0]
    told = plain(block[0])
    for part in ("Published✓ supported 1.3", "Here? inconclusive 1.3", ", n = 20 ", ", n = 3 "):
        assert part in told
    assert told.endswith("other seeds; few observations: 3 of at least 8")
    assert "<code>seeds: 20 → 3</code>" in html


def test_a_build_is_set_against_the_last_other_one(built: Built) -> None:
    """Three seeds against five, also after the same results were built once more, byte for byte."""
    html = (built.site / "compare.html").read_text("utf-8")
    assert "<code>seeds: 5 → 3</code>" in html
    assert built.again == {}
    assert "No build before this one left results that differ." in built.anew
    assert "seeds: 5" not in built.anew


def test_every_other_page_has_a_banner_that_leads_there(built: Built) -> None:
    """It counts the verdicts, and says where both were trained."""
    count = len(built.report.flips)
    assert count > 1
    for name, html in texts(built.site).items():
        found = re.search(r'<aside class="banner".*?</aside>', html, re.S)
        assert (found is None) == (name == "compare")
        if found:
            assert f"{count} verdicts differ from the published ones." in found[0]
            assert "Both were trained on 2 cores." in found[0]
            assert 'href="compare.html#published"' in found[0]


def test_a_verdict_that_differs_is_marked_wherever_it_stands(built: Built) -> None:
    """At the claim, at the head of its question, in the table of all claims; not at the others."""
    flips = {each.id for each in built.report.flips}
    pages = "".join(texts(built.site).values())
    assert set(re.findall(r'href="compare.html#published-([\w-]+)"', pages)) == flips
    for name in flips:
        claim = re.search(rf'<div class="claim" id="claim-{name}".*?</details>', pages, re.S)
        assert claim
        assert f'<a href="compare.html#published-{name}">' in claim[0]
        head = pages[: claim.start()].rpartition("<h2")[2]
        assert "from the published results</a></span></p>" in head
    table = re.search(r'data-name="claims".*?</table>', pages, re.S)
    assert table
    assert table[0].count("published as supported") == len(flips)


def test_the_paper_has_the_marks_without_the_links(built: Built) -> None:
    """What stands on paper leads to no page."""
    html = paper.html(built.report)
    assert 'class="retested flipped">' in html
    assert "compare.html" not in html
    appendix = html.partition("Appendix: what moved")[2].partition("</section>")[0]
    assert appendix.count("<em>Published:</em>") == len(built.report.flips)
    assert "Other rows than in the published results: " in appendix
    assert 'href="#fig-test-accuracy"' in appendix


def test_what_a_build_leaves_is_read_by_the_next(built: Built) -> None:
    """Its own account and that of the last other results."""
    now, before = earlier.read(built.site)
    assert now is not None
    assert before is not None
    assert (now.study["seeds"], before.study["seeds"]) == (3, 5)


def test_published_results_are_equal_to_themselves(
    tmp_path: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """The page says so in a sentence, and no page has a mark."""
    results = synthetic_results(seeds=5)
    archive.write(results, entries(testing.evaluate(results)), tmp_path / "published")
    with shared.cache(tmp_path_factory, "synthetic") as cache:
        build(results, tmp_path / "site", cache, published=manifest.read(tmp_path / "published"))
    pages = texts(tmp_path / "site")
    assert "Nothing differs from the published results: " in pages["compare"]
    assert not re.search(r'class="(banner|differs|moves)"|flipped', "".join(pages.values()))
    assert not PAIR.search(pages["compare"])
    assert not (tmp_path / "site" / "figures" / "published").exists()
