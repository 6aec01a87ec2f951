"""Markdown to HTML, with equations left for `report.equations`."""

import re
from dataclasses import dataclass
from functools import cache
from html import unescape
from typing import Any
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.extensions import Extension
from markdown.extensions.toc import slugify
from markdown.treeprocessors import Treeprocessor

EXTENSIONS = [
    "pymdownx.arithmatex",
    "pymdownx.superfences",
    "pymdownx.highlight",
    "markdown.extensions.attr_list",
    "markdown.extensions.md_in_html",
    "markdown.extensions.smarty",
    "markdown.extensions.tables",
]
CONFIGURATION: dict[str, dict[str, Any]] = {
    "pymdownx.arithmatex": {"generic": True},
    "pymdownx.highlight": {"css_class": "highlight", "guess_lang": False},
}
STASHED = re.compile("\x02wzxhzdk:(\\d+)\x03")


@dataclass(frozen=True)
class Heading:
    """A heading of an answer: its level (2 for the answer's own), anchor and text."""

    level: int
    anchor: str
    text: str


class _Headings(Treeprocessor):
    """Gives every heading an anchor that is unique in the whole document, and a link to it."""

    prefix: str
    found: list[Heading]

    def run(self, root: Element) -> None:
        self.found = []
        for element in root.iter():
            if re.fullmatch(r"h[2-6]", element.tag):
                self._anchor(element)

    def _anchor(self, element: Element) -> None:
        text = STASHED.sub(self._stashed, "".join(element.itertext()))
        text = re.sub(r"\s+", " ", text).strip()
        own = self.prefix if not self.found else f"{self.prefix}-{slugify(text, '-')}"
        wanted = anchor = element.get("id") or own
        taken = {heading.anchor for heading in self.found}
        number = 2
        while anchor in taken:
            anchor = f"{wanted}-{number}"
            number += 1
        element.set("id", anchor)
        self.found.append(Heading(int(element.tag[1]), anchor, text))

    def _stashed(self, found: re.Match[str]) -> str:
        """Return as words what Markdown keeps aside until the end, such as an apostrophe."""
        return unescape(re.sub(r"<[^>]+>", "", str(self.md.htmlStash.rawHtmlBlocks[int(found[1])])))


class _Tables(Treeprocessor):
    """Makes a Markdown table one that scrolls on a narrow screen and names its columns."""

    def run(self, root: Element) -> None:
        for parent in list(root.iter()):
            for place, table in enumerate(list(parent)):
                if table.tag == "table":
                    parent[place] = self._framed(table)

    def _framed(self, table: Element) -> Element:
        heads = list(table.iter("th"))
        for head in heads:
            # A corner without text is no heading.
            if head.text or len(head):
                head.set("scope", "col")
            else:
                head.tag = "td"
        if heads[0].tag == "td":
            # The first column then names the rows.
            for row in table.iterfind("tbody/tr"):
                row[0].tag = "th"
                row[0].set("scope", "row")
        title = ", ".join("".join(head.itertext()).strip() for head in heads if head.tag == "th")
        frame = Element("div", {"class": "table plain"})
        scroll = SubElement(
            frame,
            "div",
            {"class": "scroll", "role": "region", "tabindex": "0", "aria-label": f"Table: {title}"},
        )
        scroll.append(table)
        return frame


class _Converter(Extension):
    def __init__(self) -> None:
        super().__init__()
        self.headings = _Headings()

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - the name is Markdown's
        self.headings.md = md
        # After inline patterns (20) and attributes (8), so that text and ids are final.
        md.treeprocessors.register(self.headings, "report_headings", 5)
        md.treeprocessors.register(_Tables(md), "report_tables", 4)


@cache
def _converter() -> tuple[Markdown, _Headings]:
    extension = _Converter()
    markdown = Markdown(
        extensions=[*EXTENSIONS, extension],
        extension_configs=CONFIGURATION,
        output_format="html",
    )
    return markdown, extension.headings


def to_html(text: str, prefix: str) -> tuple[str, list[Heading]]:
    """Return the HTML of Markdown and its headings; `prefix` starts every anchor.

    Equations stand in elements of the class arithmatex, as TeX.
    """
    markdown, headings = _converter()
    headings.prefix = prefix
    markdown.reset()
    return markdown.convert(text), list(headings.found)


def inline(text: str) -> str:
    """Return the HTML of one paragraph of Markdown without the paragraph around it."""
    html, _ = to_html(" ".join(text.split()), "inline")
    return re.sub(r"^<p>(.*)</p>$", r"\1", html, flags=re.S)
