"""The page and the appendix list every run under the anchors that lead to it."""

import re
from dataclasses import replace
from pathlib import Path
from xml.etree.ElementTree import Element

import html5lib

from analysis.results.frames import Results
from report.document.outline import RUNS
from report.output.paper.writer import PaperWriter
from report.output.site.build import page_html
from report.output.writing.report import Report
from report.words import addresses
from tests.made.sites import run_page


def test_every_run_is_a_row_once(measured: Results, page: Element) -> None:
    """The titles of the links of the rows are the identities of the runs, each once."""
    links = [cell.find("a") for cell in page.iter("th") if cell.get("scope") == "row"]
    shown = [link.get("title") for link in links if link is not None]
    assert sorted(map(str, shown)) == sorted(measured.runs["run_id"])
    ids = [str(element.get("id")) for element in page.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    assert {link.get("href") for link in links if link is not None} <= {f"#{name}" for name in ids}


def test_groups_carry_the_anchors_that_numbers_lead_to(measured: Results, page: Element) -> None:
    """Each experiment and each of its variants is an element with the anchor of its address."""
    ids = {element.get("id"): element for element in page.iter() if element.get("id")}
    for name, experiment in measured.study.experiments.items():
        assert ids[addresses.anchor(name)].tag == "h2"
        for variant in experiment.variants:
            group = ids[addresses.anchor(name, variant.name)]
            assert (group.tag, group.get("data-variant")) == ("tbody", variant.name)
            own = measured.runs.query("experiment == @name and variant == @variant.name")
            assert len(list(group.iter("tr"))) == 1 + len(own)


def test_each_experiment_shows_how_to_train_one_of_its_runs(report: Report) -> None:
    """It is that of its first row; study and results are named where they are not the default."""
    asked = replace(report, asked=" STUDY=quick SET='title=\"A & B\"'")
    for each, more in ((report, ""), (asked, " STUDY=quick SET='title=\"A & B\"'")):
        html = html5lib.parse(page_html(each, RUNS), namespaceHTMLElements=False)
        shown = ["".join(code.itertext()) for code in html.iterfind(".//div[@class='again']//code")]
        first = [section.rows[0].identity[:12] for section in report.runs]
        assert shown == [f"make run RUN={identity}{more}" for identity in first]


def test_the_appendix_carries_the_same_anchors(measured: Results, report: Report) -> None:
    """On paper every experiment and variant has its anchor, and every run its eight digits."""
    html = report.render("paper/appendix/runs.html", PaperWriter(report.document))
    ids = re.findall(r'id="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    for name, experiment in measured.study.experiments.items():
        names = [addresses.anchor(name, variant.name) for variant in experiment.variants]
        assert {addresses.anchor(name), *names} <= set(ids)
    words = " ".join(re.findall(r'<td class="identities">([^<]*)', html))
    assert words == " ".join(row.identity[:8] for section in report.runs for row in section.rows)


def test_equal_results_give_an_equal_page(report: Report, tmp_path: Path) -> None:
    """The page and its data are the same to the byte when made again from results made again."""
    again = run_page.report_of(run_page.results(), tmp_path)
    assert page_html(again, RUNS) == page_html(report, RUNS)
