"""What the search of the site looks through: text, claims, figures, tables, terms and runs.

A page from disk may not read other files, but it may run a script from beside it: the records are
one, which the page loads with the library when its reader first searches. The library makes an
index of them there.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from html import escape
from typing import NamedTuple
from xml.etree.ElementTree import Element, fromstring

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
RAISED = dict(zip("0123456789+-\u2212n′", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻ⁿ′", strict=True))
"""What there is as an exponent."""
HAT = "\u0302"
"""It stands on the letter before it."""


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
        return plain_words(CLOSED.sub(lambda end: f"{end[0]} ", whole))

    def _written(self, use: Use) -> str:
        match use:
            case ClaimUse() | FigureUse() | TableUse() | HeadingUse() | ListingUse():
                return ""
            case EquationUse():
                return "" if use.display else linear(self._writer.write(use, self._context))
            case NoteUse():
                return f" {self.of(use.text)} "
            case CiteUse():
                return re.sub(r"<[^>]+>", "", self._writer.write(use, self._context))
        return self._writer.write(use, self._context)


def linear(math: str) -> str:
    """Return an equation in MathML as one line: "9π²/(2l²)", "Var(W_l)"; other text as it is."""
    return (
        escape(_lined(fromstring(math)).strip(), quote=False) if math.startswith("<math") else math
    )


def _lined(node: Element) -> str:
    parts, form = [_lined(each) for each in node], FORMS.get(_tag(node))
    return form(*parts) if form else (node.text or "").strip() + "".join(_apart(node, parts))


def _apart(node: Element, parts: list[str]) -> Iterator[str]:
    """Yield the parts of a row; between a fraction and what it multiplies there is a space."""
    signs = [_tag(each) == "mo" for each in node]
    for place, (each, part) in enumerate(zip(node, parts, strict=True)):
        multiplies = not all(signs[place + 1 : place + 2])
        is_fraction = _tag(each) == "mfrac" or [_tag(inner) for inner in each] == ["mfrac"]
        yield f"{part} " if is_fraction and multiplies else part


def _tag(node: Element) -> str:
    return node.tag.rpartition("}")[2]


def _held(part: str) -> str:
    """Return a part of an equation in brackets, unless it is a single name, number or power."""
    return part if re.fullmatch(r".|\w*[⁰¹²³⁴⁵⁶⁷⁸⁹]*", part) else f"({part})"


def _raised(part: str) -> str:
    raised = [RAISED[sign] for sign in part if sign in RAISED]
    return "".join(raised) if len(raised) == len(part) else f"^{_held(part)}"


FORMS: Mapping[str, Callable[..., str]] = {
    "annotation": lambda *_: "",
    "mfrac": lambda above, below: f"{_held(above)}/{_held(below)}",
    "msqrt": lambda *inner: f"√{_held(''.join(inner))}",
    "msub": lambda base, index: f"{base}_{_held(index)}",
    "msup": lambda base, power: base + _raised(power),
    "msubsup": lambda base, index, power: f"{base}_{_held(index)}{_raised(power)}",
    "mover": lambda base, sign: base + (HAT if sign == "^" else ""),
}
"""How what is not a mere row of signs is written in one line."""


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
