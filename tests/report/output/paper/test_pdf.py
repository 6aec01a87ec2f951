import itertools
import logging
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import unescape
from pathlib import Path
from typing import Any

import pypdf
import pytest

from report.document.outline import PAGES
from report.output.paper import pdf, writer
from tests.report.conftest import Rendered

FIRST = 9


@pytest.fixture(scope="module")
def paper(rendered: Rendered) -> Path:
    """The PDF of the rendered report; WeasyPrint must have nothing to complain about.

    Without Pango CI fails and other machines skip.
    """
    if missing := pdf.missing_library():
        (pytest.fail if os.environ.get("CI") else pytest.skip)(missing)
    complaints: list[str] = []
    handler = logging.Handler(logging.WARNING)
    handler.emit = lambda record: complaints.append(record.getMessage())  # type: ignore[method-assign]
    logger = logging.getLogger("weasyprint")
    logger.addHandler(handler)
    path = pdf.write_pdf(rendered.report, rendered.site)
    logger.removeHandler(handler)
    assert complaints == []
    return path


@pytest.fixture(scope="module")
def leaves(paper: Path) -> list[str]:
    """Text of its first pages: enough to check, and all of them would take seconds."""
    return [page.extract_text() for page in pypdf.PdfReader(paper).pages[:FIRST]]


def bookmarks(outline: Any, level: int = 1) -> list[tuple[int, str]]:
    """Level and title of every bookmark in order."""
    found: list[tuple[int, str]] = []
    for entry in outline:
        below = isinstance(entry, list)
        found += bookmarks(entry, level + 1) if below else [(level, entry["/Title"])]
    return found


def elements(node: Any) -> Iterator[Any]:
    """Every element of a structure tree below a node, in reading order."""
    node = node.get_object()
    if isinstance(node, list):
        for child in node:
            yield from elements(child)
    elif isinstance(node, dict):
        if "/S" in node:
            yield node
        if "/K" in node:
            yield from elements(node["/K"])


@pytest.fixture(scope="module")
def tree(paper: Path) -> list[Any]:
    """Every element of the structure tree, in reading order."""
    root: Any = pypdf.PdfReader(paper).root_object["/StructTreeRoot"]
    return list(elements(root["/K"]))


@pytest.fixture(scope="module")
def html(rendered: Rendered) -> str:
    """What the PDF was set from, without its head."""
    return writer.html(rendered.report).split("<body>")[1]


@dataclass(frozen=True)
class Line:
    """A piece of text: where it stands on its page, in CSS pixels from the upper left; its size."""

    x: float
    y: float
    size: float


@dataclass(frozen=True)
class Leaf:
    """A page as it was drawn: its size in CSS pixels, its text without the number at its foot."""

    width: float
    height: float
    lines: list[Line]

    @property
    def body(self) -> list[Line]:
        """The lines between the running heads and the footnotes."""
        return [line for line in self.lines if line.size != NOTE]

    @property
    def hole(self) -> float:
        """Share of the page that is empty below the text."""
        last = max(line.y for line in self.body)
        notes = [line.y for line in self.lines if line.size == NOTE and line.y > last]
        return (min(notes, default=self.height - FOOT) - last) / self.height


PIXELS = 96 / 72
NOTE = 8.4 * PIXELS
FOOT = 22 / 25.4 * 96
SMALLEST_HEADING = 11 * PIXELS
DRAWN = re.compile(r"1 0 0 -1 ([-\d.]+) ([-\d.]+) Tm\s+/\S+ ([\d.]+) Tf")


@pytest.fixture(scope="module")
def drawn(paper: Path) -> list[Leaf]:
    """Every page, read from the operators that draw its text."""
    return [leaf(page) for page in pypdf.PdfReader(paper).pages]


def leaf(page: Any) -> Leaf:
    """A page of the PDF as it was drawn."""
    width, height = (float(side) * PIXELS for side in page.mediabox[2:])
    stream = page["/Contents"].get_object().get_data().decode("latin-1")
    lines = [
        # Sizes are whole fractions of a point, written with a rounding error.
        Line(float(x), float(y), round(float(size) / PIXELS * 10) / 10 * PIXELS)
        for x, y, size in DRAWN.findall(stream)
    ]
    return Leaf(width, height, [line for line in lines if line.y < height - FOOT])


def test_it_says_what_it_is(paper: Path, rendered: Rendered) -> None:
    """Title, language, tags and PDF/UA-1 are declared, and it stays under 3 MB."""
    reader = pypdf.PdfReader(paper)
    root: Any = reader.root_object
    assert reader.metadata is not None
    assert reader.metadata.title == rendered.results.study.title
    assert root["/Lang"] == "en"
    assert root["/MarkInfo"]["/Marked"]
    assert re.search(rb'pdfuaid:part(="1"|>1<)', root["/Metadata"].get_data())
    assert paper.stat().st_size < 3_000_000


def test_bookmarks_are_its_numbered_parts_and_sections(paper: Path, rendered: Rendered) -> None:
    """Every heading of the site is bookmarked in its order, with the number of its part."""
    expected = []
    parts = [page for page in PAGES[1:] if page.answers]
    for part, page in enumerate(parts, start=1):
        expected.append((1, f"{part} {page.title}"))
        for letter, section in zip("abc" + "defg", rendered.report.document.on(page), strict=False):
            title = section.title
            number = "" if re.match(r"Q\d[a-z]\.", title) else f"{part}{letter}. "
            expected.append((2, number + title))
            below = [each.text for each in section.headings if each.level == 3]
            expected += [(3, f"{part}{letter}.{n} {text}") for n, text in enumerate(below, 1)]
    marks = bookmarks(pypdf.PdfReader(paper).outline)
    first = marks.index((1, f"1 {parts[0].title}"))
    found = [(level, " ".join(title.split())) for level, title in marks]
    assert found[first : first + len(expected)] == expected
    assert [title for _, title in found[:first]] == ["Abstract", "Contents"]
    assert found[first + len(expected) :][:2] == [(1, "Data"), (1, "References")]


def test_text_can_be_read_and_pages_are_numbered(leaves: list[str]) -> None:
    """The words of the answers, the verdicts and the running numbers are text."""
    whole = " ".join(" ".join(leaves).split())
    for text in ("Abstract", "Figure 1.", "supported", "HeNormal", "97."):
        assert text in whole
    assert all(re.search(rf"(?m)^\s*{n}\s*$", text) for n, text in enumerate(leaves, start=1))
    assert "\ufffd" not in whole


def test_contents_have_page_numbers(leaves: list[str]) -> None:
    """Each line of the contents ends in the page on which its answer begins."""
    entry = re.search(r"Q1c What has variance[^.]*?(?: \.)+ ?(\d+)", " ".join(leaves[0].split()))
    assert entry is not None
    assert "Q1c. What has variance" in " ".join(leaves[int(entry[1]) - 1].split())


def test_figures_and_equations_have_alternatives(
    tree: list[Any], html: str, rendered: Rendered
) -> None:
    """Every picture is a figure with the text made from its data, or the TeX of an equation."""
    found = [" ".join(str(each["/Alt"]).split()) for each in tree if each["/S"] == "/Figure"]
    assert len(found) == html.count("<img ")
    for figure in rendered.report.document.figures.values():
        assert found.count(" ".join(figure.alt.split())) == 1
    assert all(found)


def test_headings_descend_one_by_one(tree: list[Any], html: str) -> None:
    """They are tagged with the levels of the HTML, in its order, and none is skipped."""
    levels = [int(each["/S"][2]) for each in tree if re.fullmatch(r"/H\d", each["/S"])]
    assert levels == [int(level) for level in re.findall(r"<h(\d)[ >]", html)]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


def test_cells_know_their_headers(tree: list[Any], html: str) -> None:
    """A header cell has its scope, the others name their headers."""
    heads = [each["/A"]["/Scope"] for each in tree if each["/S"] == "/TH"]
    assert heads.count("/Row") == html.count('<th scope="row"')
    columns = re.findall(r"<thead>.*?</thead>", html, re.S)
    assert heads.count("/Column") >= sum(len(re.findall("<th[ >]", head)) for head in columns)
    cells = [each for each in tree if each["/S"] == "/TD"]
    assert len(cells) == len(re.findall("<td[ >]", html))
    groups = [cell["/P"].get_object()["/P"].get_object()["/S"] for cell in cells]
    assert groups.count("/TBody") > 100
    for cell, group in zip(cells, groups, strict=True):
        # The empty corner of a table has none.
        assert cell["/A"]["/Headers"] or group == "/THead"


def test_side_notes_are_footnotes(tree: list[Any], html: str, leaves: list[str]) -> None:
    """Each is a note with a name of its own; a reference is repeated once, not in the abstract."""
    notes = [str(each["/ID"]) for each in tree if each["/S"] == "/Note"]
    assert len(notes) == len(set(notes)) == html.count('<span class="footnote">')
    texts = re.findall(r'<span class="footnote">(.*?)</span>', html, re.S)
    assert len(texts) == len(set(texts)) > 10
    assert "Gradient-based learning" not in leaves[0]
    assert any("Understanding the difficulty" in text for text in leaves)


def test_links_have_contents_and_a_target(paper: Path, html: str) -> None:
    """Each link says where it leads, and each leads to a place of the document or to the web."""
    reader = pypdf.PdfReader(paper)
    links = [
        note.get_object()
        for page in reader.pages
        for note in page.get("/Annots", [])
        if note.get_object()["/Subtype"] == "/Link"
    ]
    assert all(link["/Contents"] for link in links)
    inside = {str(link["/Dest"]) for link in links if "/Dest" in link}
    assert inside <= set(reader.named_destinations)
    assert {unescape(name) for name in re.findall(r'href="#([^"]+)"', html)} == inside
    outside = {str(link["/A"]["/URI"]) for link in links if "/A" in link}
    assert all(address.startswith("https://") for address in outside)


def test_text_stays_on_the_page(drawn: list[Leaf]) -> None:
    """No text begins outside of the margins."""
    margin = 15 / 25.4 * 96
    for page in drawn:
        assert all(0 < line.y < page.height for line in page.lines)
        assert all(margin < line.x < page.width - margin for line in page.lines)


def test_no_heading_is_at_the_foot_of_a_page(drawn: list[Leaf]) -> None:
    """The last line of a page is smaller than the smallest heading."""
    for number, page in enumerate(drawn[:-1], start=1):
        last = max(page.body, key=lambda line: line.y)
        assert last.size < SMALLEST_HEADING, f"page {number}"


def test_pages_are_filled(drawn: list[Leaf]) -> None:
    """A page ends in a hole only where a part ends: figures give way to the text after them."""
    part = 18 * PIXELS
    for number, (page, following) in enumerate(itertools.pairwise(drawn), start=1):
        first = min((line for line in following.body if line.y > FOOT), key=lambda line: line.y)
        if first.size < part - 0.1 and page.width == following.width and page.width < page.height:
            assert page.hole < 0.25, f"page {number}"


@pytest.mark.slow
def test_equal_reports_give_equal_bytes(paper: Path, rendered: Rendered) -> None:
    """Set again, the document is the same to the bit."""
    first = paper.read_bytes()
    assert pdf.write_pdf(rendered.report, rendered.site).read_bytes() == first


@pytest.mark.parametrize("system", ["Debian", "Fedora", "macOS"])
def test_without_pango_it_says_what_to_install(
    rendered: Rendered, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, system: str
) -> None:
    """The library is looked for first, and the message names the package of each system."""
    monkeypatch.setattr(pdf, "_loads", lambda file: "pango" not in file)
    with pytest.raises(pdf.PangoMissing, match=f"needs Pango,.*{system}"):
        pdf.write_pdf(rendered.report, tmp_path)
    assert list(tmp_path.iterdir()) == []
