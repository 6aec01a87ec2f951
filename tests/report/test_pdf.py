import logging
import re
from pathlib import Path
from typing import Any

import pypdf
import pytest

from report import pdf
from report.compose import PAGES
from tests.report.conftest import Rendered

FIRST = 9


@pytest.fixture(scope="module")
def paper(rendered: Rendered) -> Path:
    """The PDF of the rendered report; WeasyPrint must have nothing to complain about."""
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


def alternatives(root: Any) -> set[str]:
    """Every alternative text below a node of the structure tree."""
    node = root.get_object()
    if isinstance(node, list):
        return {text for child in node for text in alternatives(child)}
    if not isinstance(node, dict):
        return set()
    own = {str(node["/Alt"])} if "/Alt" in node else set()
    return own | (alternatives(node["/K"]) if "/K" in node else set())


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


def test_bookmarks_are_its_parts_and_questions(paper: Path, rendered: Rendered) -> None:
    """Parts are bookmarked first, the answers below them, in the order of the site."""
    marks = bookmarks(pypdf.PdfReader(paper).outline)
    parts = [title for level, title in marks if level == 1]
    pages = [page.title for page in PAGES[1:] if page.answers]
    assert pages == [title for title in parts if title in pages]
    answers = [title for level, title in marks if level == 2]
    sections = rendered.report.document.sections
    assert [s.title for s in sections if s.name != "abstract"] == answers


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


def test_figures_and_equations_have_alternatives(paper: Path, rendered: Rendered) -> None:
    """The text made from a figure's data is in the document, and so is the TeX of equations."""
    tree: Any = pypdf.PdfReader(paper).root_object["/StructTreeRoot"]
    found = {" ".join(text.split()) for text in alternatives(tree)}
    for drawn in rendered.report.document.figures.values():
        assert " ".join(drawn.alt.split()) in found
    assert len(found) > 20


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
