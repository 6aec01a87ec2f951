"""What the PDF of the report says: its words, its numbers, its links."""

import dataclasses
import getpass
import platform
import re
import tempfile
from html import unescape
from pathlib import Path
from typing import Any

import pypdf
import pytest

from analysis.errors import ReportError
from build import ROOT
from report.document.authors import Author, Citation
from report.document.outline import PAGES
from report.output.paper import pdf, writer
from report.output.paper.press import Press
from report.output.paper.tree import Node, text, walk
from report.output.sharing.imprint import Imprint
from tests.report.conftest import Rendered
from tests.report.output.paper.documents import opened


def bookmarks(outline: Any, level: int = 1) -> list[tuple[int, str]]:
    """Level and title of every bookmark in order."""
    found: list[tuple[int, str]] = []
    for entry in outline:
        below = isinstance(entry, list)
        found += bookmarks(entry, level + 1) if below else [(level, entry["/Title"])]
    return found


def shown(leaves: list[Any]) -> str:
    """The text of all pages, with single spaces."""
    return " ".join(" ".join(page.get_text() for page in leaves).split())


def test_it_says_what_it_is(paper: Path, reader: pypdf.PdfReader, rendered: Rendered) -> None:
    """Title, authors, language, tags and PDF/UA-1 are declared, and it stays under 1.2 MB."""
    root: Any = reader.root_object
    assert reader.metadata is not None
    assert reader.metadata.title == rendered.results.study.title
    assert reader.metadata.author == ", ".join(rendered.report.authors)
    assert reader.metadata.creation_date is None
    assert root["/Lang"] == "en-US"
    assert root["/MarkInfo"]["/Marked"]
    assert re.search(rb'pdfuaid:part(="1"|>1<)', root["/Metadata"].get_data())
    assert paper.stat().st_size < 1_200_000


def test_bookmarks_are_its_numbered_parts_and_sections(
    reader: pypdf.PdfReader, rendered: Rendered
) -> None:
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
    marks = bookmarks(reader.outline)
    first = marks.index((1, f"1 {parts[0].title}"))
    found = [(level, " ".join(title.split())) for level, title in marks]
    assert found[first : first + len(expected)] == expected
    front = [section.title for section in rendered.report.document.on(PAGES[0])]
    assert [title for _, title in found[:first]] == [*front, "Contents"]
    back = found[first + len(expected) :]
    assert back[:3] == [(1, "Data"), (1, "References"), (1, "How to cite")]


def test_it_says_how_it_is_cited(rendered: Rendered, press: Press, tmp_path: Path) -> None:
    """Day, commit and licence stand on the first page, and the entry of BibTeX before the runs."""
    about = Citation((Author("The Society"),), licence="MIT")
    own = Imprint("T", about, "2026-11-26", "0123456789abcdef" * 2)
    report = dataclasses.replace(rendered.report, imprint=own)
    leaves = list(opened(pdf.setting(report, tmp_path, press=press)().read_bytes()))
    first, whole = shown(leaves[:1]), shown(leaves)
    assert "2026-11-26. Code at commit 0123456789. MIT licence." in first
    assert "The Society (2026). T. Code at commit 0123456789ab. MIT licence." in whole
    assert "@misc{t-2026, author = {{The Society}}," in whole


def test_text_can_be_read_and_pages_are_numbered(leaves: list[Any]) -> None:
    """The words of the answers, the verdicts and the running numbers are text."""
    whole = shown(leaves)
    for word in ("Abstract", "Figure 1.", "supported", "HeNormal", "97."):
        assert word in whole
    for number, page in enumerate(leaves, start=1):
        assert re.search(rf"(?m)^\s*{number}\s*$", page.get_text())
    assert "\ufffd" not in whole


def test_no_word_is_lost(leaves: list[Any], source: Node) -> None:
    """Every word of the answers stands in the PDF, equations aside."""
    printed = re.sub(r"[\s\u200b\u00ad-]", "", shown(leaves))
    missing = []
    for paragraph in walk(source, "p", "li", "figcaption", "td"):
        if not any(walk(paragraph, "math", "a", "code")) and len(text(paragraph)) > 30:
            for sentence in re.split(r"(?<=[.:]) ", text(paragraph)):
                letters = re.sub(r"[\s\u200b\u00ad-]", "", sentence)
                # A page may end in the middle of a sentence; one half of it is whole.
                some = min(25, len(letters) // 2)
                ends = letters[:some], letters[len(letters) - some :]
                missing += [] if any(end in printed for end in ends) else [sentence]
    assert missing == []


def test_contents_have_page_numbers(leaves: list[Any]) -> None:
    """Each line of the contents ends in the page on which its answer begins."""
    first = " ".join(" ".join(leaf.get_text() for leaf in leaves[:2]).split())
    entry = re.search(r"Q1c\. What has variance[^.]*?(?: ?\.)+ ?(\d+)", first)
    assert entry is not None
    assert "Q1c. What has variance" in " ".join(leaves[int(entry[1]) - 1].get_text().split())


def test_pages_say_where_they_are(leaves: list[Any], rendered: Rendered) -> None:
    """Above the text of every page but the first stand the title and the part."""
    parts = [page.title for page in PAGES[1:] if page.answers]
    heads = [" ".join(page.get_text(clip=(0, 0, 600, 60)).split()) for page in leaves]
    assert heads[0] == ""
    assert all(head.startswith(rendered.results.study.title) for head in heads[1:])
    assert heads[1].endswith(f"1 {parts[0]}")
    assert heads[-1].endswith("Appendix: the runs")


def test_links_have_contents_and_a_target(reader: pypdf.PdfReader, source: Node) -> None:
    """Each link says where it leads, and each leads to a place of the document or to the web."""
    links = [
        note.get_object()
        for page in reader.pages
        for note in page.get("/Annots", [])
        if note.get_object()["/Subtype"] == "/Link"
    ]
    assert all(link["/Contents"] for link in links)
    outside = {str(link["/A"]["/URI"]) for link in links if "/URI" in link.get("/A", {})}
    asked = {unescape(each["attributes"].get("href", "")) for each in walk(source, "a")}
    assert outside == {address for address in asked if not address.startswith("#")}
    assert all(address.startswith("https://") for address in outside)
    assert len(links) > len(list(walk(source, "a")))


def test_side_notes_are_footnotes(source: Node, leaves: list[Any]) -> None:
    """A reference is repeated once, where it is first cited, and not in the abstract."""
    notes = [text(each) for each in walk(source, "span") if "footnote" in each["classes"]]
    assert len(notes) == len(set(notes)) > 10
    assert "Gradient-based learning" not in leaves[0].get_text()
    assert any("Understanding the difficulty" in page.get_text() for page in leaves[1:9])


@pytest.mark.slow
def test_equal_reports_give_equal_bytes(paper: Path, rendered: Rendered, tmp_path: Path) -> None:
    """Set again by a new press, in another folder, the document is the same to the bit."""
    assert pdf.setting(rendered.report, tmp_path)().read_bytes() == paper.read_bytes()


def test_a_sign_without_a_face_is_found(
    rendered: Rendered, tmp_path: Path, press: Press, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The error names the sign, and file and line of the answer that has it."""
    folder = tmp_path / "report" / "answers"
    folder.mkdir(parents=True)
    (folder / "q1a.md").write_text("## Title\n\nA 漢 sign.\n", "utf-8")
    html = writer.html(rendered.report).replace("Abstract", "A 漢 sign", 1)
    monkeypatch.setattr(writer, "html", lambda _report: html)
    with pytest.raises(ReportError, match=r"report/answers/q1a\.md:3: .*sign 漢"):
        pdf.setting(dataclasses.replace(rendered.report, root=tmp_path), tmp_path, press)()
    assert not (tmp_path / "report.pdf").exists()


def test_a_title_without_a_face_is_named(rendered: Rendered, press: Press, tmp_path: Path) -> None:
    """No answer has the sign: it is the study's, and the error says what is called so."""
    titled = dataclasses.replace(rendered.report, imprint=Imprint("A 漢 title"))
    with pytest.raises(ReportError) as unset:
        pdf.setting(titled, tmp_path, press)()
    assert str(unset.value) == "title 'A 漢 title': no face of the paper has the sign 漢 (U+6F22)"


def test_neither_site_nor_paper_names_a_place_of_the_machine(
    rendered: Rendered, paper: Path
) -> None:
    """Home folder, temporary folder, checkout, site, host and user are in no file of them."""
    user = getpass.getuser()
    private = [str(ROOT), str(rendered.site), tempfile.gettempdir(), str(Path.home())]
    private += [f"/{user}/", f"{user}@", *([platform.node()] if len(platform.node()) > 5 else [])]
    contents = {
        str(path.relative_to(rendered.site)): path.read_bytes()
        for path in rendered.site.rglob("*")
        if path.is_file()
    }
    assert len(contents) > 20
    contents["report.pdf"] = opened(paper.read_bytes()).tobytes(expand=255, clean=True)
    for name, content in contents.items():
        assert (name, [each for each in private if each.encode() in content]) == (name, [])
