"""The PDF: the same answers, set for paper by WeasyPrint."""

import ctypes
import gc
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import tostring

from analysis.errors import ReportError
from report.document.equations import math_font
from report.output.paper import floats, tagging, writer
from report.output.writing.report import Report

STYLES = ("styles/fonts.css", "styles/code.css", "paper/paper.css")
# A page of A4 and its margins, in mm; and one on which everything has room.
WIDTH, PAGE, ENDLESS = 210, 297, 100_000
TOP, SIDE, BOTTOM = 24, 28, 22
PIXELS = 96 / 25.4
"""CSS pixels in a millimetre."""
HYPHENATED = re.compile(r'<(p|li)(?! class="(?:claim-line|entry|note))[^>]*>.*?</\1>', re.S)
TEXT = re.compile(r"(?<=>)[^<>]+(?=<)")
NAME = re.compile(r"\b(?:[A-Z][a-z]+){2,}\b")
LIBRARIES = {
    "Pango": ("libpango-1.0.so.0", "libpango-1.0.dylib", "libpango-1.0-0.dll", "libpango-1.0-0"),
    "PangoFT2": (
        "libpangoft2-1.0.so.0",
        "libpangoft2-1.0.dylib",
        "libpangoft2-1.0-0.dll",
        "libpangoft2-1.0-0",
    ),
    "HarfBuzz's subsetter": (
        "libharfbuzz-subset.so.0",
        "libharfbuzz-subset.0.dylib",
        "libharfbuzz-subset-0.dll",
        "libharfbuzz-subset-0",
    ),
}
INSTALL = (
    "Debian, Ubuntu: apt install libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0; "
    "Fedora: dnf install pango; macOS: brew install pango"
)


class PangoMissing(ReportError):
    """The PDF cannot be set on this machine; the site can."""


def missing_library() -> str | None:
    """Return what to install if a system library that the PDF needs is missing, else None."""
    for name, files in LIBRARIES.items():
        if not any(_loads(file) for file in files):
            return f"the PDF needs {name}, a system library that is not installed. {INSTALL}"
    return None


def _loads(file: str) -> bool:
    try:
        ctypes.CDLL(file)
    except OSError:
        return False
    return True


def write_pdf(report: Report, out: Path) -> Path:
    """Write out/report.pdf beside the site that `pages.build_pages` wrote there; return its path.

    The same report gives the same bytes. Raises PangoMissing, saying what to install.
    """
    missing = missing_library()
    if missing:
        raise PangoMissing(missing)
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration

    fonts = FontConfiguration()
    base = f"{out.resolve()}/"
    sheets = [
        CSS(string=_symbols(), font_config=fonts),
        *(_sheet(report.root / "templates" / name, out, fonts) for name in STYLES),
    ]
    # Images that were read for the first layout serve the second one too.
    options: Any = {"font_config": fonts, "cache": {}}
    target = out / "report.pdf"
    with _uncollected():
        text = HTML(string=_whole_names(writer.html(report)), base_url=base)
        floats.mark(text.etree_element)
        endless = text.render(stylesheets=[*sheets, CSS(string=_page(ENDLESS))], **options)
        floats.arrange(text.etree_element, _tops(endless), (PAGE - TOP - BOTTOM) * PIXELS)
        arranged = tostring(text.etree_element, encoding="unicode", method="html")
        HTML(string=f"<!DOCTYPE html>{arranged}", base_url=base).write_pdf(
            target,
            stylesheets=[*sheets, CSS(string=_page(PAGE))],
            finisher=tagging.finish,
            pdf_variant="pdf/ua-1",
            custom_metadata=True,
            **options,
        )
    return target


def _whole_names(html: str) -> str:
    """Return HTML in which names such as HeNormal are marked, so that no hyphen splits them.

    Only where words are split: not in claims, tables and captions.
    """

    def marked(text: re.Match[str]) -> str:
        return NAME.sub(r'<span class="name">\g<0></span>', text[0])

    return HYPHENATED.sub(lambda paragraph: TEXT.sub(marked, paragraph[0]), html)


def _page(height: float) -> str:
    """Return the style of a page of this height, in mm."""
    return f"@page {{ size: {WIDTH}mm {height}mm; margin: {TOP}mm {SIDE}mm {BOTTOM}mm }}"


def _tops(document: Any) -> dict[str, float]:
    """Return where each element with an id begins, in CSS pixels from the top of the first page."""
    return {
        name: number * ENDLESS * PIXELS + place[1]
        for number, page in enumerate(document.pages)
        for name, place in page.anchors.items()
    }


@contextmanager
def _uncollected() -> Iterator[None]:
    """Let no garbage be collected: layout makes millions of objects that all live until its end.

    This saves an eighth of the time.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if enabled:
            gc.enable()


def _sheet(path: Path, out: Path, fonts: Any) -> Any:
    from weasyprint import CSS

    return CSS(string=path.read_text("utf-8"), base_url=f"{out.resolve()}/", font_config=fonts)


def _symbols() -> str:
    """Return a font face for the signs that the text faces lack, the same on every machine."""
    return f'@font-face {{ font-family: "Symbols"; src: url("{math_font().as_uri()}") }}'
