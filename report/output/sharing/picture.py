"""The picture that a link to the report is shown with: a figure under the title."""

import base64
from pathlib import Path

from analysis.results.cache import Cache, code_digest, digest
from report.document.document import Document
from report.output.paper import plate

FILE = "share.png"
SHOWN = ("thirty-layers", "accuracy")
"""The figures of which the first that a report has stands on its first page, and for links."""


def figure(document: Document) -> str:
    """Return the name of the figure; "" where the report has none of them."""
    return next((name for name in SHOWN if name in document.figures), "")


def write(title: str, document: Document, templates: Path, site: Path, cache: Cache) -> None:
    """Write the picture into the folder of a site; nothing where there is no figure for it."""
    name = figure(document)
    if not name:
        return
    drawn, about = document.figures[name], f"{document.titles[name]}."

    def make() -> str:
        png = plate.card(drawn.svg, title, about, templates / "fonts")
        return base64.b64encode(png).decode("ascii")

    made_by = code_digest(Path(plate.__file__), packages=("typst",))
    key = digest("picture of links", made_by, title, about, drawn.svg)
    (site / FILE).write_bytes(base64.b64decode(cache.text(key, make)))
