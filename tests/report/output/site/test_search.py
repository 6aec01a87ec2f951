"""What the search of the site looks through."""

import json
import re
from html import unescape
from pathlib import Path
from typing import Any

import pytest

from build import ROOT
from tests.report.conftest import Rendered

LARGEST = 300_000
"""Bytes of the library and the entries together, which a reader loads when first searching."""


@pytest.fixture(scope="module")
def found(rendered: Rendered) -> dict[str, Any]:
    """What the script of the search hands over."""
    script = (rendered.site / "search/index.js").read_text("utf-8")
    handed: dict[str, Any] = json.loads(script[script.index(", {") + 2 : -3])
    return handed


def test_every_entry_leads_to_what_is_there(rendered: Rendered, found: dict[str, Any]) -> None:
    """Each address is a page of the site with an element of that name."""
    ids: dict[str, set[str]] = {}
    for _, address, *_ in found["entries"]:
        page, _, anchor = address.partition("#")
        name = page.partition("?")[0]
        html = (rendered.site / name).read_text("utf-8") if name not in ids else ""
        ids.setdefault(name, set(re.findall(r' id="([^"]+)"', html)))
        assert anchor in ids[name], address


def test_everything_that_is_stated_can_be_found(rendered: Rendered, found: dict[str, Any]) -> None:
    """Each heading, claim, figure, table and work of the report has an entry, and each group."""
    kinds = [entry[0] for entry in found["entries"]]
    document = rendered.report.document
    headings = [heading for section in document.sections for heading in section.headings]
    assert kinds.count("text") + kinds.count("term") == len(headings)
    assert kinds.count("claim") == len(document.claims)
    assert kinds.count("figure") == len(document.figures)
    assert kinds.count("table") == len(document.tables)
    assert kinds.count("reference") == len(document.references)
    groups = [variants for _, variants in found["runs"].values()]
    assert kinds.count("run") == sum(map(len, groups))


def test_the_words_are_those_of_the_page(rendered: Rendered, found: dict[str, Any]) -> None:
    """An entry has the page's own words, and neither markup nor the source of an equation."""
    texts = {address: text for _, address, _, _, text in found["entries"]}
    page = (rendered.site / "q1.html").read_text("utf-8")
    passage = page.split('id="q1a-training-is-local-so-the-start-matters"')[1].split("<h3")[0]
    plain = unescape(re.sub(r"<[^>]+>", "", passage))
    sentence = "In a convex problem, such as logistic regression, a bad"
    assert sentence in " ".join(plain.split())
    assert sentence in texts["q1.html#q1a-training-is-local-so-the-start-matters"]
    assert [text for text in texts.values() if "</" in text or "\\mathcal" in text] == []


def test_the_search_is_small_and_its_library_as_released(rendered: Rendered) -> None:
    """Library and entries stay below the bound; the library has its makers' bytes and licence."""
    folder = rendered.site / "search"
    assert sum(path.stat().st_size for path in folder.iterdir()) < LARGEST
    vendored: Path = ROOT / "templates/vendor/minisearch"
    for path in vendored.iterdir():
        assert (folder / path.name).read_bytes() == path.read_bytes()
    assert "Luca Ongaro" in (folder / "LICENSE.txt").read_text("utf-8")
