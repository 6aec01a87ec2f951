"""What others take from the site: its words in brief, licence, archive, picture and llms.txt."""

import re
import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from analysis.results.cache import Cache
from report.document.authors import Citation
from report.document.document import Document
from report.document.outline import PAGES, Page
from report.output import export
from report.output.sharing import crate, imprint, llms, picture
from report.output.sharing.imprint import Imprint
from report.output.site.previews import OPENING
from report.output.site.writer import SiteWriter
from report.output.writing.common import Context, plain_words
from report.output.writing.report import Report
from report.prose.uses import CiteUse, Use

if TYPE_CHECKING:
    from analysis.results.frames import Results

WORDS = "LICENSE"
"""The file of the licence, in the project's folder."""
BEFORE_A_SIGN = re.compile(r"\s+(?=[,.;:!?)])")


def imprinted(results: "Results", document: Document, about: Citation, root: Path) -> Imprint:
    """Return what the report on results says of itself; `about` is what CITATION.cff says."""
    told = results.provenance
    return Imprint(
        title=results.study.title,
        about=about,
        day=imprint.day(str(told.get("committed") or ""), document.origins),
        commit=str(told.get("commit") or ""),
        changed=bool(told.get("local_changes")),
        licensed=(root / WORDS).is_file(),
    )


def description(document: Document) -> str:
    """Return the first paragraph of a document as plain words, without citations in brackets."""
    writer = SiteWriter(document)

    def write(use: Use) -> str:
        aside = isinstance(use, CiteUse) and not use.spoken
        return "" if aside else writer.write(use, Context("", asides=False))

    first = OPENING.search(document.sections[0].html)
    html = document.uses.fill(first[1], write) if first else ""
    return BEFORE_A_SIGN.sub("", plain_words(html))


def write(report: Report, beside: Sequence[Page], out: Path, cache: Cache) -> None:
    """Write into the folder of a site, whose data stand there, what others take from it.

    `beside` are pages that no reader is led to in order. What takes time is kept in `cache`.
    """
    own = report.imprint
    if own.licensed:
        shutil.copyfile(report.root / WORDS, out / crate.LICENCE)
    picture.write(own.title, report.document, report.root / "templates", out, cache)
    crate.write(out, own, report.document, report.description, cache)
    listed = llms.text(own.title, report.description, _sections(beside))
    (out / llms.FILE).write_text(listed, "utf-8", newline="\n")


def _sections(beside: Sequence[Page]) -> dict[str, list[llms.Link]]:
    """Return what llms.txt lists: the pages, the data, and what may be left out."""
    led = [page for page in PAGES[1:] if page.short]
    others = [page for page in (*PAGES[1:], *beside) if page not in led]
    data = {f"data/{name}": about for name, about in export.FILES.items()}
    paper = ("The report as a PDF", "report.pdf", "The same text, set as a paper.")
    return {
        "Pages": [*map(_page, led), paper],
        "Data": [
            *((Path(name).name, name, _sentence(about)) for name, about in data.items()),
            (export.PROVENANCE, export.PROVENANCE, _sentence(export.WHENCE)),
            (crate.FILE, crate.FILE, "All of it in one archive, with an RO-Crate manifest."),
        ],
        "Optional": [*map(_page, others)],
    }


def _page(page: Page) -> llms.Link:
    return (page.title, f"{page.name}.html", page.about)


def _sentence(words: str) -> str:
    return f"{words[0].upper()}{words[1:]}."
