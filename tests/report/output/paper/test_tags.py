"""What a screen reader gets of the PDF, and what two checkers of PDF/UA say."""

import itertools
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import outloud
import pdfua
import pypdf
import pytest

from report.output.paper.tree import Node, walk
from tests.report.conftest import Rendered

ALLOWED = {
    "TAG-002": "the head of a table that is repeated on its next page is no second head",
    "TBL-010": "where a table has two columns, its rows and columns have more headers than cells",
}
"""What `outloud` finds that is as it should be, and why."""


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
def tags(reader: pypdf.PdfReader) -> list[Any]:
    """Every element of the structure tree, in reading order."""
    root: Any = reader.root_object["/StructTreeRoot"]
    return list(elements(root["/K"]))


def named(tags: list[Any], name: str) -> list[Any]:
    """The elements of a tag."""
    return [each for each in tags if each["/S"] == name]


def scope(header: Any) -> str:
    """What a header heads; its attributes are one dictionary or several."""
    attributes = header["/A"]
    several = attributes if isinstance(attributes, list) else [attributes]
    return next(
        str(each["/Scope"]) for each in (each.get_object() for each in several) if "/Scope" in each
    )


def test_figures_have_alternatives(tags: list[Any], rendered: Rendered) -> None:
    """Every picture has the text that is made from its data."""
    found = [" ".join(str(each["/Alt"]).split()) for each in named(tags, "/Figure")]
    drawn = rendered.report.document.figures.values()
    assert sorted(found) == sorted(" ".join(figure.alt.split()) for figure in drawn)


def test_equations_have_alternatives(tags: list[Any], source: Node) -> None:
    """Every equation is a formula, said in words."""
    found = [str(each["/Alt"]) for each in named(tags, "/Formula")]
    assert found == [each["attributes"]["alttext"] for each in walk(source, "math")]


def test_headings_descend_one_by_one(tags: list[Any], source: Node) -> None:
    """None of the document is lost, and no level is skipped."""
    levels = [int(each["/S"][2]) for each in tags if re.fullmatch(r"/H\d", each["/S"])]
    headings = [each for each in walk(source, "h1", "h2", "h3") if "title" not in each["classes"]]
    assert len(levels) == len(headings) + 1  # the contents have one of their own
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in itertools.pairwise(levels))


def test_cells_know_their_headers(tags: list[Any], source: Node) -> None:
    """A header says whether it heads a column or a row; every other cell is one of data."""
    scopes = [scope(each) for each in named(tags, "/TH")]
    rows = [each for each in walk(source, "th") if each["attributes"].get("scope") == "row"]
    assert scopes.count("/Row") == len(rows) > 50
    assert set(scopes) == {"/Row", "/Column"}
    assert len(named(tags, "/Table")) == len(list(walk(source, "table")))
    feet = named(tags, "/TFoot")  # a short note is the foot of its table
    assert len(named(tags, "/TR")) == len(list(walk(source, "tr"))) + len(feet)


def test_footnotes_are_notes(tags: list[Any], source: Node) -> None:
    """Each in its place in the text."""
    notes = [each for each in walk(source, "span") if "footnote" in each["classes"]]
    assert len(named(tags, "/Note")) == len(notes)


def test_pdfua_finds_nothing(paper: Path) -> None:
    """The rules of PDF/UA-1 that a machine can check."""
    report = pdfua.validate(str(paper))
    assert [f"{each.rule_id}: {each.message}" for each in report.findings] == []


def test_outloud_finds_nothing_wrong(paper: Path) -> None:
    """Every error it finds is one that is explained above."""
    errors = [each for each in outloud.check(str(paper)).findings if each.severity == "error"]
    unknown = [each for each in errors if each.rule not in ALLOWED]
    assert [f"{each.rule}, page {each.page}: {each.message}" for each in unknown] == []
