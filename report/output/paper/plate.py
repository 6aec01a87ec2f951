"""A figure alone, on a sheet of its own size: as a PDF, and as a picture of pixels."""

import json
from pathlib import Path
from typing import Any

SHEET = """\
#let words = json("words.json")
#set document(title: words.title, date: none)
#set text(lang: "en")
#set page(width: auto, height: auto, margin: 0pt, fill: white)
#image("figure.svg", alt: words.alt)
"""
DOTS_AN_INCH = 300


def sheets(svg: str, title: str, alt: str) -> tuple[bytes, bytes]:
    """Return an SVG without text as PDF/UA-1 and as PNG, the same bytes for the same drawing.

    `title` is what the PDF is called, and `alt` what it shows, for those who do not see it.
    """
    import typst

    words = json.dumps({"title": title, "alt": alt}, ensure_ascii=False)
    files = {"main.typ": SHEET, "figure.svg": svg, "words.json": words}
    contents = {name: text.encode() for name, text in files.items()}
    make: Any = typst.Compiler  # its types do not fit files given as bytes
    compiler = make(contents, ignore_system_fonts=True)
    pdf = compiler.compile(input=contents, format="pdf", pdf_standards=["ua-1"])
    png = compiler.compile(input=contents, format="png", ppi=DOTS_AN_INCH)
    return bytes(pdf), bytes(png)


CARD = """\
#let words = json("words.json")
#set document(title: words.title, date: none)
#set page(width: 1200pt, height: 630pt, margin: (x: 60pt, y: 44pt), fill: rgb("#fffefb"))
#set text(font: "Source Serif 4", lang: "en", fill: rgb("#1b1b20"), hyphenate: false)
#set par(leading: 0.4em)
#grid(
  rows: (auto, auto, 1fr), row-gutter: (20pt, 22pt),
  text(size: 46pt, weight: 600, words.title),
  text(size: 25pt, fill: rgb("#5d5f6b"), words.about),
  align(center + horizon, image("figure.svg", width: 100%, height: 100%, fit: "contain")),
)
"""
"""The picture of a link, 1200 by 630 dots: the title, what the figure shows, and the figure."""
CARD_SIZE = (1200, 630)


def card(svg: str, title: str, about: str, faces: Path) -> bytes:
    """Return a picture of an SVG under two lines of text as PNG, of the size that links have.

    `faces` is the folder of the report's own. The same words and drawing give the same bytes.
    """
    import typst

    words = json.dumps({"title": title, "about": about}, ensure_ascii=False)
    files = {"main.typ": CARD, "figure.svg": svg, "words.json": words}
    contents = {name: text.encode() for name, text in files.items()}
    make: Any = typst.Compiler  # its types do not fit files given as bytes
    compiler = make(contents, font_paths=[str(faces)], ignore_system_fonts=True)
    return bytes(compiler.compile(input=contents, format="png", ppi=72))
