"""What a page says to those who share, list or index it."""

import dataclasses
import json
import re
import struct
from html import unescape
from pathlib import Path
from typing import Any

import markdown
import pytest

from analysis.results.cache import Cache
from build import ROOT
from report.document.authors import Author, Citation
from report.document.outline import PAGES
from report.output.paper import plate
from report.output.sharing import linked, llms, picture
from report.output.sharing.imprint import Imprint
from report.output.site.build import CODE, page_html
from tests.report.conftest import Rendered

NAMES = [page.name for page in (*PAGES, CODE)]
META = re.compile(r'<meta (?:name|property)="([^"]+)" content="([^"]*)">')
SITE = "https://example.org/report"


def tags(html: str) -> dict[str, str]:
    """The words that a page has for others, by their names."""
    return {name: unescape(text) for name, text in META.findall(html)}


def page(rendered: Rendered, name: str) -> str:
    """The text of a page."""
    return (rendered.site / f"{name}.html").read_text("utf-8")


def test_every_page_is_described_in_words_of_its_own(rendered: Rendered) -> None:
    """A description is plain text without citations, and no two pages have the same."""
    told = {name: tags(page(rendered, name)) for name in NAMES}
    found = [each["description"] for each in told.values()]
    assert len(set(found)) == len(NAMES)
    for each in told.values():
        text = each["description"]
        assert 60 < len(text) < 400
        assert text.endswith(".")
        assert not re.search(r"\(.*\d{4}.*\)|<|\[|\s[.,]|  ", text)
        assert each["og:description"] == each["twitter:description"] == text
    assert told["index"]["description"].startswith("The weights that a network starts from")


def test_a_link_has_a_picture_with_words(rendered: Rendered) -> None:
    """Every page names a file of the site; without the site's address it is a relative one."""
    for name in NAMES:
        told = tags(page(rendered, name))
        assert told["og:image"] == told["twitter:image"] == "share.png"
        assert told["twitter:card"] == "summary_large_image"
        assert len(told["og:image:alt"]) > 20
        assert "og:url" not in told
        assert (told["og:image:width"], told["og:image:height"]) == ("1200", "630")
    png = (rendered.site / "share.png").read_bytes()
    assert png[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", png[16:24]) == (1200, 630)
    assert len(png) < 300_000


def test_with_an_address_all_is_absolute(rendered: Rendered) -> None:
    """The address is that of CITATION.cff."""
    report = dataclasses.replace(rendered.report, imprint=Imprint("T", Citation(site=SITE)))
    told = tags(page_html(report, PAGES[1]))
    assert told["og:image"] == f"{SITE}/share.png"
    assert told["og:url"] == f"{SITE}/q1.html"


def test_the_picture_is_the_same_for_the_same_words_and_drawn_once(
    rendered: Rendered, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another title makes another picture; one that is kept is not drawn again."""
    cache, document = Cache(tmp_path / "cache"), rendered.report.document
    found = list[bytes]()
    for title in ("One", "Other", "One"):
        picture.write(title, document, ROOT / "templates", tmp_path, Cache(None))
        found.append((tmp_path / picture.FILE).read_bytes())
    assert found[0] == found[2] != found[1]
    picture.write("One", document, ROOT / "templates", tmp_path, cache)
    monkeypatch.setattr(plate, "card", lambda *_: pytest.fail("drawn again"))
    picture.write("One", document, ROOT / "templates", tmp_path, Cache(tmp_path / "cache"))
    assert (tmp_path / picture.FILE).read_bytes() == found[0]


def graph(html: str) -> dict[str, Any]:
    """The linked data of a page by its type."""
    (text,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', html, re.S)
    told = json.loads(text)
    assert told["@context"] == "https://schema.org"
    return {each["@type"]: each for each in told["@graph"]}


def test_the_first_page_is_linked_data(rendered: Rendered) -> None:
    """An article that is based on a dataset and on code, whose files are those of the site."""
    told = graph(page(rendered, "index"))
    assert set(told) == {"ScholarlyArticle", "Dataset", "SoftwareSourceCode"}
    based = [each["@id"] for each in told["ScholarlyArticle"]["isBasedOn"]]
    assert based == [told["Dataset"]["@id"], told["SoftwareSourceCode"]["@id"]]
    for each in (told["ScholarlyArticle"]["image"], told["Dataset"]["distribution"]["contentUrl"]):
        assert (rendered.site / each).is_file()
    assert 50 <= len(told["Dataset"]["description"]) <= 5000  # what searches for data ask for
    assert all("ld+json" not in page(rendered, name) for name in NAMES if name != "index")


def test_linked_data_has_authors_days_and_licences() -> None:
    """What is known is said of the article and of the data, absolute where the address is known."""
    ada = Author("Ada Lovelace", "Lovelace", "Ada")
    about = Citation((ada,), "https://example.org/code", site=SITE, licence="MIT OR Apache-2.0")
    own = Imprint("T", about, "2026-11-26", "c" * 40)
    article, data, code = linked.graph(own, "D", "data.zip", "")["@graph"]
    for each in (article, data):
        assert each["author"][0] == {
            "@type": "Person", "name": "Ada Lovelace",
            "familyName": "Lovelace", "givenName": "Ada",
        }  # fmt: skip
        assert each["datePublished"] == "2026-11-26"
        assert [part.rpartition("/")[2] for part in each["license"]] == ["MIT", "Apache-2.0"]
    assert data["distribution"]["contentUrl"] == f"{SITE}/data.zip"
    assert "image" not in article
    assert (code["codeRepository"], code["version"]) == ("https://example.org/code", "c" * 40)


def test_llms_txt_has_its_published_form(rendered: Rendered) -> None:
    """A heading, a quote, words, and lists of links with a sentence each, to files of the site."""
    text = (rendered.site / "llms.txt").read_text("utf-8")
    html = markdown.markdown(text)
    assert re.fullmatch(
        r"<h1>[^<]+</h1>\n<blockquote>\n<p>[^<]+</p>\n</blockquote>\n<p>[^<]+</p>"
        r"(\n<h2>[^<]+</h2>\n<ul>(\n<li><a href=\"[^\"]+\">[^<]+</a>: [^<]+\.</li>)+\n</ul>)+",
        html,
    )
    links = re.findall(r'href="([^"]+)"', html)
    assert {f"{name}.html" for name in NAMES if name != "index"} <= set(links)
    assert "report.pdf" in links
    for address in links:
        assert address == "report.pdf" or (rendered.site / address).is_file()


def test_no_title_makes_markup_of_llms_txt() -> None:
    """Letters of a title and of a description are letters."""
    title = "[a](javascript:1) <b> *c* _d_ `e` f_g \\h &amp; ](i)"
    made = markdown.markdown(llms.text(title, title, {"Pages": [(title, "a.html", title)]}))
    assert re.findall(r"<(?!/)(\w+)", made) == ["h1", "blockquote", "p", "p", "h2", "ul", "li", "a"]
    words = unescape(re.sub(r"<[^>]+>", "", made))
    assert words.count(title) == 4
