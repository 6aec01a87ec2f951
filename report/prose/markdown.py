"""Markdown to HTML in which tokens stand for equations, too, and at the end of each heading."""

import re
from collections.abc import Iterator, Mapping
from functools import cache
from html import unescape
from typing import Any
from xml.etree.ElementTree import Element, SubElement

from markdown import Markdown
from markdown.extensions import Extension
from markdown.extensions.toc import render_inner_html, slugify
from markdown.treeprocessors import Treeprocessor

from report.prose.locations import Misplaced, Place
from report.prose.uses import EquationUse, HeadingUse, Use, Uses
from report.words.plain import OPENING, opened

EXTENSIONS = [
    "pymdownx.arithmatex",
    "pymdownx.superfences",
    "pymdownx.highlight",
    "markdown.extensions.attr_list",
    "markdown.extensions.md_in_html",
    "markdown.extensions.smarty",
    "markdown.extensions.tables",
    "markdown.extensions.toc",
]
CONFIGURATION: dict[str, dict[str, Any]] = {
    "pymdownx.arithmatex": {"generic": True},
    "pymdownx.highlight": {"css_class": "highlight", "guess_lang": False},
    "markdown.extensions.toc": {"marker": "", "toc_depth": "2-6"},
}
LABEL = re.compile(r"\\label\{([^}]*)\}")
LABEL_BELOW = re.compile(r"^(\$\$(?:(?!\$\$).)+?)\$\$[ \t]*\n?[ \t]*\{#(eq:[\w-]+)\}", re.S | re.M)

BROAD = 5
"""Columns from which on a table takes the margin beside the text as well."""
SLIM = 3
"""Columns up to which a table fits on a phone."""
TOO_DEEP = "lists, quotes, brackets or tags stand in each other too deep"

CODE, SCROLLED = '<div class="highlight"><pre>', '<div class="highlight"><pre tabindex="0">'
"""A block of code, and the same within reach of a keyboard, by which it is scrolled."""

LINKED = re.compile(rf"""\b(?:href|src|style|on\w+)\s*=\s*["']?[^"'>]*{OPENING}""", re.I)
"""What a browser follows, loads or runs."""


class _Records(Treeprocessor):
    """Turns equations into records, adds one to each heading, and frames tables."""

    uses: Uses
    place: Place | None

    def run(self, root: Element) -> None:
        headings = [each for each in root.iter() if re.fullmatch(r"h[2-6]", str(each.tag))]
        for element, entry in zip(headings, _flat(self.md.toc_tokens), strict=True):  # type: ignore[attr-defined]
            text = opened(unescape(entry["name"]), markup=False)
            self._token(SubElement(element, "i"), HeadingUse(entry["level"], entry["id"], text))
        for parent in list(root.iter()):
            for place, table in enumerate(list(parent)):
                if table.tag == "table":
                    self.uses.mark_cells(render_inner_html(table, self.md))
                    parent[place] = _framed(table)
        for element in root.iter():
            if element.get("class") == "arithmatex":
                self._equation(element)

    def _equation(self, element: Element) -> None:
        tex = unescape(element.text or "")[2:-2]  # between brackets, as TeX has them
        label = LABEL.search(tex)
        display = element.tag == "div"
        tex, name = LABEL.sub("", tex).strip(), label[1] if label else ""
        element.tag = "div" if display else "i"
        self._token(element, EquationUse(tex, name, display, self.place))

    def _token(self, element: Element, use: Use) -> None:
        """Make an element the token of a record."""
        element.text = None
        element.attrib.clear()
        element.set("data-use", str(self.uses.add(use)))


def _flat(tokens: list[dict[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """Yield the headings that Markdown has found, which it keeps as a tree."""
    for token in tokens:
        yield token
        yield from _flat(token["children"])


def _framed(table: Element) -> Element:
    """Return a table that scrolls on a narrow screen and names its columns."""
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
    kind = " broad" if len(heads) >= BROAD else " slim" if len(heads) <= SLIM else ""
    if len(heads) > SLIM and not any(len(head) for head in heads):
        # On a narrow screen each row is a card, whose cells say of which column they are.
        kind += " cards"
        for row in table.iterfind("tbody/tr"):
            for head, cell in zip(heads, row, strict=True):
                cell.set("data-column", head.text or "")
    frame = Element("div", {"class": f"table plain{kind}"})
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
        self.records = _Records()

    def extendMarkdown(self, md: Markdown) -> None:  # noqa: N802 - the name is Markdown's
        self.records.md = md
        # After headings have their anchors (5).
        md.treeprocessors.register(self.records, "report_records", 4)


@cache
def _converter() -> tuple[Markdown, _Records]:
    extension = _Converter()
    markdown = Markdown(
        extensions=[*EXTENSIONS, extension],
        extension_configs=CONFIGURATION,
        output_format="html",
    )
    return markdown, extension.records


def to_html(text: str, prefix: str, uses: Uses, place: Place | None = None) -> str:
    """Return the HTML of Markdown, in which tokens stand for the records that are put into `uses`.

    Sealed words are opened: they stand in it as text, whatever they look like.
    The first heading has the anchor `prefix`, which those of all others begin with. `place` is
    where the text stands, if it is part of a call.
    """
    markdown, records = _converter()
    records.uses, records.place = uses, place
    markdown.reset()
    anchors = iter([prefix])
    toc: Any = markdown.treeprocessors["toc"]
    toc.slugify = lambda words, _: next(anchors, f"{prefix}-{slugify(words, '-')}")
    below = LABEL_BELOW.sub(lambda found: rf"{found[1].rstrip()} \label{{{found[2]}}}$$", text)
    try:
        html = markdown.convert(below)
    except RecursionError:
        _converter.cache_clear()  # it would go on where it was interrupted
        raise Misplaced(TOO_DEEP) from None
    return _checked(html)


def _checked(html: str) -> str:
    """Return HTML with the sealed words in their places; raise ReportError where they are none."""
    if LINKED.search(html):
        raise Misplaced("a text of the study cannot be the address of a link or picture")
    whole = opened(html.replace(CODE, SCROLLED), markup=True)
    if OPENING in whole:
        raise Misplaced("a text of the study cannot stand in code of a language")
    return whole


def inline(text: str, uses: Uses, place: Place | None = None) -> str:
    """Return the HTML of one paragraph of Markdown without the paragraph around it."""
    html = to_html(" ".join(text.split()), "inline", uses, place)
    return re.sub(r"^<p>(.*)</p>$", r"\1", html, flags=re.S)


def plain(text: str) -> str:
    """Return one paragraph of Markdown as plain words; an equation as its TeX."""
    uses = Uses()
    html = uses.fill(
        inline(text, uses), lambda use: use.tex if isinstance(use, EquationUse) else ""
    )
    return unescape(re.sub(r"<[^>]+>", "", html))
