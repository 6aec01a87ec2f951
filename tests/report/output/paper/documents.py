"""Small documents for the press."""

import io
from collections.abc import Mapping
from typing import Any

import pymupdf

from report.output.paper import pdf
from report.output.paper.press import Press

HEAD = (
    '<title>T</title><meta name="description" content="D"><meta name="author" content="A">'
    '<meta name="keywords" content="K">'
)


def set_body(press: Press, body: str, pictures: Mapping[str, str] | None = None) -> bytes:
    """The PDF of a document whose body is this HTML."""
    html = f'<html><head>{HEAD}</head><body><h1 class="part">P</h1>{body}</body></html>'
    tree = pdf.document(html)
    pdf.check(tree, pictures or {})
    return press.set(tree, pictures or {})


open_pdf: Any = pymupdf.open  # the library has no types


def opened(content: bytes) -> Any:
    """The pages of a PDF."""
    return open_pdf(stream=io.BytesIO(content), filetype="pdf")


def words(content: bytes) -> str:
    """The text of a PDF, with single spaces."""
    return " ".join(" ".join(page.get_text() for page in opened(content)).split())
