"""What a cross-reference or citation leads to, in brief, for a reader who only glances at it.

A page from disk may not read other files, but it may run a script from beside it: each preview is a
script of its own, which the page loads when it is first asked for.
"""

import json
import re
from html import escape
from pathlib import Path

from report.document import equations
from report.figures.draw import svg
from report.document.document import (NOTE, Document)
from report.document.outline import Label
from report.output.site.plates import COLOURS

OPENING = re.compile(r"<p(?=[ >])[^>]*>(.*?)</p>", re.S)
ITEM = re.compile(r"<li(?=[ >])[^>]*>(.*?)</li>", re.S)
HEADING = re.compile(r"<h[1-6](?=[ >])")
ID = re.compile(r' id="(?!preview-)[^"]*"')


def write(document: Document, out: Path) -> None:
    """Write one script for each thing of the document that a page refers to."""
    out.mkdir(parents=True, exist_ok=True)
    for anchor, html in previews(document).items():
        call = f"window.preview({json.dumps(anchor)}, {json.dumps(html, ensure_ascii=False)});\n"
        (out / f"{anchor}.js").write_text(call, "utf-8", newline="\n")


def previews(document: Document) -> dict[str, str]:
    """Return HTML by anchor: of what the answers refer to, and of the works that they cite."""
    names = dict.fromkeys(name for name, _ in document.uses.refs)
    shown = {name: document.labels[name] for name in names if document.labels[name].anchor}
    found = {label.anchor: _preview(document, name, label) for name, label in shown.items()}
    return found | {f"ref-{each.key}": f"<p>{each.html}</p>" for each in document.references}


def picture(document: Document, name: str) -> str:
    """Return a figure once more, as an inline drawing with ids of its own."""
    drawn = document.figures[name]
    return svg.inline(drawn.svg, f"preview-{name}", drawn.alt, COLOURS)


def _preview(document: Document, name: str, label: Label) -> str:
    kind, _, item = name.partition(":")
    if kind == "fig":
        html = picture(document, item) + _caption(label, document.uses.figures[item].caption)
    elif kind == "tab":
        html = _caption(label, document.uses.tables[item].caption) + document.tables[item]
    elif kind == "eq":
        html = _equation(document, name)
    else:
        html = _passage(document, label)
    # Fragments of a page bring their ids along, which the page may have itself.
    return ID.sub("", document.fill(NOTE.sub("", html), "site", "preview", noted=None))


def _caption(label: Label, caption: str) -> str:
    return f'<p class="caption"><span class="label">{label.text}.</span> {caption}</p>'


def _equation(document: Document, name: str) -> str:
    tex = next(
        equation.tex
        for section in document.sections
        for equation in equations.displayed(section.html)
        if equation.label == name
    )
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
