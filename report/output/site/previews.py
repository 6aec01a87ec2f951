"""What a cross-reference or citation leads to, in brief, for a reader who only glances at it.

A page from disk may not read other files, but it may run a script from beside it: each preview is a
script of its own, which the page loads when it is first asked for.
"""

import json
import re
from collections.abc import Callable
from html import escape
from pathlib import Path

from report.document.document import Document
from report.document.outline import Label
from report.output.site.writer import SiteWriter
from report.output.writing import tables
from report.prose.uses import EquationUse, RefUse

OPENING = re.compile(r"<p(?=[ >])[^>]*>(.*?)</p>", re.S)
ITEM = re.compile(r"<li(?=[ >])[^>]*>(.*?)</li>", re.S)
HEADING = re.compile(r"<h[1-6](?=[ >])")
ID = re.compile(r' id="(?!preview-)[^"]*"')


def write(document: Document, out: Path, drawn: Callable[[str], str]) -> None:
    """Write one script for each thing of the document that a page refers to.

    `drawn` is what draws the equations of a preview.
    """
    out.mkdir(parents=True, exist_ok=True)
    for anchor, html in previews(document).items():
        words = json.dumps(drawn(html), ensure_ascii=False)
        call = f"window.preview({json.dumps(anchor)}, {words});\n"
        (out / f"{anchor}.js").write_text(call, "utf-8", newline="\n")


def previews(document: Document) -> dict[str, str]:
    """Return HTML by anchor: of what the answers refer to, terms, and the works that they cite."""
    writer = SiteWriter(document)
    labels = {use.label: document.labels[use.label] for use in document.uses.of(RefUse)}
    labels |= {term.label.anchor: term.label for term in writer.glossary.terms}
    found = {
        # Fragments of a page bring their ids along, which the page may have itself.
        label.anchor: ID.sub("", _preview(writer, name, label))
        for name, label in labels.items()
        if label.anchor
    }
    return found | {f"ref-{each.key}": f"<p>{each.html}</p>" for each in document.references}


def _preview(writer: SiteWriter, name: str, label: Label) -> str:
    document = writer.document
    kind, _, item = name.partition(":")
    if kind == "fig":
        use = document.figure(item)
        return _caption(label, writer.titled(use)) + writer.picture(item)
    if kind == "tab":
        caption, table = writer.brief(document.table(item).caption), document.tables[item]
        rows = f'<div class="scroll">{tables.table_html(table)}</div>'
        return _caption(label, caption) + rows + tables.notes_html(table)
    if kind == "eq":
        return _equation(document, name)
    return writer.brief(_passage(document, label))


def _caption(label: Label, caption: str) -> str:
    return f'<p class="caption"><span class="label">{label.text}.</span> {caption}</p>'


def _equation(document: Document, name: str) -> str:
    tex = next(use.tex for use in document.uses.of(EquationUse) if use.label == name)
    return f'<div class="equation">{document.typesetter.mathml(tex, display=True)}</div>'


def _passage(document: Document, label: Label) -> str:
    """Return a heading with the first paragraph of its passage, or its first item of a list."""
    section, heading = next(
        (section, heading)
        for section in document.sections
        for heading in section.headings
        if heading.anchor == label.anchor
    )
    below = section.html.split(f'id="{escape(label.anchor)}"', 1)[1]
    below = HEADING.split(below, maxsplit=1)[0]
    opening = OPENING.search(below) or ITEM.search(below)
    words = f"<p>{opening[1]}</p>" if opening else ""
    return f"<p><strong>{escape(heading.text)}</strong></p>{words}"
