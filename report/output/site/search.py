"""What the search of the site looks through: text, claims, figures, tables, terms and runs.

A page from disk may not read other files, but it may run a script from beside it: the records are
one, which the page loads with the library when its reader first searches. The library makes an
index of them there.
"""

import json
import re
from collections.abc import Iterator
from typing import NamedTuple

from report.document.document import Document
from report.document.glossary import glossary
from report.document.outline import PAGES, Section
from report.output.site.writer import SiteWriter
from report.output.writing.common import Context, plain_words
from report.output.writing.report import Report, short_title
from report.prose.uses import (
    CiteUse,
    ClaimUse,
    EquationUse,
    FigureUse,
    HeadingUse,
    ListingUse,
    NoteUse,
    TableUse,
    Use,
)
from report.words import addresses
from report.words.counts import counted
from report.words.numbers import SPACE

FOLDER, FILE = "search", "index.js"
HEADING = re.compile(r"(?=<h[2-6](?=[ >]))")
CLOSED = re.compile(r"</(?:p|li|td|th|tr|h[1-6]|pre|div)>")
"""Ends of what does not go on in the same line."""
TEX = re.compile(r"<annotation\b.*?</annotation>", re.S)
"""What an equation was made of, which stands in MathML beside it."""


class Entry(NamedTuple):
    """Something to be found: its kind, address, title, where it stands, and its words."""

    kind: str
    address: str
    title: str
    where: str
    text: str


def script(report: Report) -> str:
    """Return the script that hands the search its entries, and what the page of runs calls them.

    entries: lists of kind, address, title, where and text. runs: by experiment its title and the
    variants of its groups, in the order of the page of runs.
    """
    found = {
        "entries": entries(report),
        "runs": {
            table.name: [table.title, [group.variant for group in table.groups]]
            for table in report.runs
        },
    }
    text = json.dumps(found, separators=(",", ":"), ensure_ascii=False)
    safe = text.replace("\u2028", "\\u2028").replace("\u2029", "\\u2029")
    return f"Object.assign((globalThis.finder ??= {{}}), {safe});\n"


def entries(report: Report) -> list[Entry]:
    """Return all that can be found, in the order of the pages; runs by their groups."""
    document = report.document
    words = Words(document)
    return [
        *(each for section in document.sections for each in _passages(words, section)),
        *_claims(report),
        *(each for section in document.sections for each in _shown(words, section)),
        *(_work(each.key, each.html) for each in document.references),
        *_runs(report),
    ]


class Words:
    """Writes records as plain words, without what is an entry of its own."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self._writer = SiteWriter(document)
        self._context = Context("", asides=False)

    def of(self, html: str) -> str:
        """Return a piece of HTML as plain words."""
        whole = self.document.uses.fill(html, self._written)
        return plain_words(CLOSED.sub(lambda end: f"{end[0]} ", TEX.sub("", whole)))

    def _written(self, use: Use) -> str:
        match use:
            case ClaimUse() | FigureUse() | TableUse() | HeadingUse() | ListingUse():
                return ""
            case EquationUse():
                return "" if use.display else self._writer.write(use, self._context)
            case NoteUse():
                return f" {self.of(use.text)} "
            case CiteUse():
                return re.sub(r"<[^>]+>", "", self._writer.write(use, self._context))
        return self._writer.write(use, self._context)


def _passages(words: Words, section: Section) -> Iterator[Entry]:
    """Yield the text below each heading of a section; in the glossary these are terms."""
    terms = {term.label.anchor for term in glossary(words.document).terms}
    pieces = HEADING.split(section.html)[1:]
    for heading, piece in zip(section.headings, pieces, strict=True):
        text = words.of(piece.partition(f"</h{heading.level}>")[2])
        kind = "term" if heading.anchor in terms else "text"
        first = heading is section.headings[0]
        where = _page(section) if first or kind == "term" else _where(section)
        yield Entry(kind, f"{section.page}.html#{heading.anchor}", heading.text, where, text)


def _claims(report: Report) -> Iterator[Entry]:
    for name, label in report.document.claims.items():
        claim = report.claims[name]
        text = f"{claim.verdict} · {name}"
        yield Entry("claim", label.seen_from(""), report.statements[name], label.text, text)


def _shown(words: Words, section: Section) -> Iterator[Entry]:
    """Yield the figures and tables of a section."""
    document = words.document
    for use in document.uses.within(section.html):
        if isinstance(use, FigureUse | TableUse):
            label, caption = document.labels[use.label], words.of(use.caption)
            called = label.text.replace(SPACE, " ")
            title = f"{called}. {document.titles[use.name]}" if use.kind == "figure" else called
            yield Entry(use.kind, label.seen_from(""), title, _where(section), caption)


def _work(key: str, html: str) -> Entry:
    return Entry("reference", f"methods.html#ref-{key}", plain_words(html), "References", "")


def _runs(report: Report) -> Iterator[Entry]:
    for table in report.runs:
        for group in table.groups:
            address = addresses.address(table.name, group.variant)
            where = f"Runs · {counted(len(group.rows), 'run')}"
            yield Entry("run", address, f"{table.title}: {group.variant}", where, table.name)


def _where(section: Section) -> str:
    number, title = short_title(section)
    return f"{number}. {title}" if number else f"{_page(section)} · {title}"


def _page(section: Section) -> str:
    page = next(page for page in PAGES if page.name == section.page)
    return page.title or page.short
