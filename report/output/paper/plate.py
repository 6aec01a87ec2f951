"""A figure alone, on a sheet of its own size: as a PDF, and as a picture of pixels."""

import json
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
