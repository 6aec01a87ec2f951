"""A figure on a page: its legend apart, and links to its data, code, drawing and runs."""

import inspect
import re
from html import unescape
from xml.etree import ElementTree as ET

import pandas as pd
import pytest

from analysis.claims import testing
from analysis.study.names import slug
from build import ROOT
from report.figures import curves, load
from report.figures.draw.definition import written
from report.figures.draw.vector import svg
from report.pages import codepage
from report.words import addresses
from tests.made.sites.drawn import whole
from tests.report.conftest import Rendered

SVG = "http://www.w3.org/2000/svg"


def plates(rendered: Rendered) -> dict[str, str]:
    """The markup of each figure of the site by name."""
    html = "".join(path.read_text("utf-8") for path in sorted(rendered.site.glob("q*.html")))
    found = re.findall(r'<figure class="figure"[^>]*data-name="([^"]+)".*?</figure>', html, re.S)
    parts = re.findall(r'<figure class="figure".*?</figure>', html, re.S)
    return dict(zip(found, parts, strict=True))


def test_every_figure_leads_to_data_code_drawing_and_runs(rendered: Rendered) -> None:
    """Four links under each caption, in this order, and what they lead to is there."""
    shown = plates(rendered)
    assert set(shown) == set(rendered.report.document.figures)
    code = (rendered.site / "code.html").read_text("utf-8")
    for name, html in shown.items():
        folded = html.split('<details class="figure-links">')[1]
        assert folded.startswith("<summary")
        line = folded.split("</summary><span>")[1].split("</span></details></figcaption>")[0]
        links = {
            text: unescape(to) for to, text in re.findall(r'href="([^"]+)"[^>]*>([^<]+)', line)
        }
        assert links == {
            "Data (CSV)": f"figures/{name}.csv",
            "Code": f"code.html#code-{name}",
            "SVG": f"figures/{name}.svg",
            "Runs": addresses.address(load(name).experiment),
        }
        assert line.endswith(f" <code>make figure NAME={name}</code>")
        assert f'id="code-{name}"' in code
        ET.parse(rendered.site / links["SVG"])
        written = pd.read_csv(rendered.site / links["Data (CSV)"])
        data = load(name).rows(rendered.results)
        numbers = data.select_dtypes("float").columns
        pd.testing.assert_frame_equal(written[numbers], data[numbers], check_exact=True)
        runs = (rendered.site / "runs.html").read_text("utf-8")
        assert f'id="{addresses.anchor(load(name).experiment)}"' in runs


@pytest.mark.parametrize("name", ["accuracy", "test-accuracy", "weight-sd"])
def test_a_figure_alone_is_that_of_the_site(rendered: Rendered, name: str) -> None:
    """Drawing and rows are byte for byte those beside the pages, and so are its words."""
    alone = load(name).alone(rendered.results)
    there = rendered.site / "figures" / name
    assert svg.standalone(alone.svg) == there.with_suffix(".svg").read_text("utf-8")
    assert alone.csv == there.with_suffix(".csv").read_text("utf-8")
    assert alone.alt == rendered.report.document.figures[name].alt


def test_a_caption_ends_its_figure(rendered: Rendered) -> None:
    """HTML wants it first or last; data and other views, with a text of their own, stand before."""
    for name, html in plates(rendered).items():
        assert html.endswith("</figcaption></figure>")
        alts = re.findall(r'<template data-view="(\w+)"><svg[^>]* aria-label="([^"]+)"', html)
        assert [view for view, _ in alts] == list(load(name).views)
        for view, alt in alts:
            said = load(name).alt_text(rendered.results, view)
            assert unescape(alt).replace("\u00a0", " ") == said.replace("\u00a0", " ")


def test_the_code_page_shows_the_very_functions(rendered: Rendered) -> None:
    """What stands there is the source that Python has of the painter and of its data."""
    html = (rendered.site / "code.html").read_text("utf-8")
    for name in rendered.report.document.figures:
        section = html.split(f'id="code-{name}"')[1].split("</section>")[0]
        listings = re.findall(r"<pre[^>]*><code>(.*?)</code></pre>", section, re.S)
        texts = [unescape(re.sub(r"<[^>]+>", "", listing)) for listing in listings]
        spec = load(name)
        assert texts == [inspect.getsource(each).rstrip() for each in (spec.paint, spec.data)]


def test_the_test_of_each_claim_stands_on_the_page_of_code(rendered: Rendered) -> None:
    """With the declaration above it, and a way back to the claim."""
    html = (rendered.site / "code.html").read_text("utf-8")
    for declared in testing.declarations():
        section = html.split(f'id="test-{declared.id}"')[1].split("</section>")[0]
        assert f'#claim-{declared.id}">' in section
        code = unescape(re.sub(r"<[^>]+>", "", section.split("<pre")[1]))
        assert f'id="{declared.id}",' in code
        assert f"def {declared.predicate.__name__}(" in code


def test_the_way_to_the_imports_of_each_function(rendered: Rendered) -> None:
    """Below a function stands a link to what its file imports, which names what it calls."""
    html = (rendered.site / "code.html").read_text("utf-8")
    section = html.split('id="code-accuracy"')[1].split("</section>")[0]
    assert section.count('<a href="#imports-report-figures-curves">') == 2
    head = html.split('id="imports-report-figures-curves"')[1].split("</section>")[0]
    shown = unescape(re.sub(r"<[^>]+>", "", head.split("<pre")[1].partition(">")[2]))
    source = inspect.getsource(curves)
    assert shown.split("</")[0].strip() in source
    assert "import pandas as pd" in shown
    assert 'aria-label="Previous and next page"' not in html


def test_the_code_is_linked_where_repository_and_commit_are_known() -> None:
    """File, commit and lines make the address; without either there is none."""
    root = ROOT
    code = (("report/figures/curves.py", "accuracy_data"),)
    places = {"x": code}
    (known,) = codepage.sources(places, root, "https://example.org/r/", "abc")["x"]
    lines, first = inspect.getsourcelines(curves.accuracy_data)
    place = f"report/figures/curves.py#L{first}-L{first + len(lines) - 1}"
    assert known.address == f"https://example.org/r/blob/abc/{place}"
    for repository, commit in (("", "abc"), ("https://example.org/r", "")):
        assert codepage.sources(places, root, repository, commit)["x"][0].address == ""


@pytest.mark.parametrize("name", ["accuracy", "weight-sd", "chaos"])
def test_a_legend_is_taken_out_of_the_drawing(name: str) -> None:
    """Every entry has its name and picture; the drawing is lower by it and whole without it."""
    drawn = written(load(name).draw(whole()))
    names = [key.name for key in drawn.legend]
    variants = [v.name for v in whole().study.experiments[load(name).experiment].variants]
    slugs = [key.slug for key in drawn.legend if not key.slug.startswith("-")]
    if name != "chaos":
        assert slugs == [slug(each) for each in variants]
        assert names[: len(variants)] == variants
    assert "data-legend" in drawn.whole
    assert "data-legend" not in drawn.screen.svg
    assert svg.size(drawn.screen.svg)[1] < svg.size(drawn.whole)[1] - 15
    for text in (drawn.screen.svg, *(key.picture for key in drawn.legend)):
        root = ET.fromstring(text)
        known = {each.get("id") for each in root.iter()} - {None}
        assert set(re.findall(r'(?:href="|url\()#([^")]+)', text)) <= known
    for picture in (key.picture for key in drawn.legend):
        box = [float(part) for part in ET.fromstring(picture).attrib["viewBox"].split()]
        (x, y), *_ = re.findall(
            r'(?:x="|d="m)(-?[\d.]+)(?:" y="|\s)(-?[\d.]+)', picture.split("</defs>")[-1]
        )
        assert box[0] <= float(x) <= box[0] + box[2]
        assert box[1] <= float(y) <= box[1] + box[3]


def test_a_group_is_taken_out_with_all_that_is_in_it() -> None:
    """Nested groups go with it; a symbol that others use stays."""
    text = (
        f'<svg xmlns="{SVG}" width="10pt" height="10pt" viewBox="0 0 10 10">'
        '<g data-a="x"><defs><path id="p" d="m0 0"/></defs><g><use href="#p"/></g></g>'
        '<g data-a="y"><use href="#p"/></g></svg>'
    )
    left = svg.without(text, "data-a", "x")
    assert left.count("<use") == 1
    assert left.count('id="p"') == 1
    assert 'data-a="y"' in left
    assert 'data-a="x"' not in left
    assert svg.without(text, "data-a", "z") == text


def test_a_cropped_drawing_keeps_its_places() -> None:
    """The view box begins lower down; nothing in it has moved."""
    text = (
        f'<svg xmlns="{SVG}" width="20pt" height="10pt" viewBox="0 0 20 10"><path d="m0 9"/></svg>'
    )
    assert svg.cropped(text, 4) == text.replace('"0 0 20 10"', '"0 4 20 6"').replace("10pt", "6pt")


def test_a_file_of_its_own_follows_the_theme() -> None:
    """Rules for the four neutral colours on a dark ground; on paper the drawing is as it was."""
    text = f'<svg xmlns="{SVG}" width="20pt" height="10pt"><path fill="#1b1b20"/></svg>'
    alone = svg.standalone(text)
    assert re.sub(r"<style>.*</style>", "", alone) == text
    assert "@media (prefers-color-scheme:dark)" in alone
    assert '[fill="#1b1b20"]{fill:#e7e5df}' in alone
    ET.fromstring(alone)
