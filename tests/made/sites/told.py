"""The project's answers as plain words, under any verdicts on the claims of the published results.

The results are read and tested once, and of the claims the verdicts alone are changed.
"""

import functools
import re
from collections.abc import Mapping
from dataclasses import replace
from html import unescape
from typing import NamedTuple

from analysis.claims import testing
from analysis.claims.claim import Claim, Verdict
from analysis.results.cache import Cache
from analysis.results.frames import Results
from analysis.results.published import archive
from build import ROOT
from report import figures, tables
from report.document import compose, markup
from report.prose import markdown
from report.prose.calls import Prose
from report.prose.citations import Bibliography
from report.prose.numbers.lookup import Numbers
from report.prose.uses import CiteUse, ClaimUse, EquationUse, FoundUse, HeadingUse, ListingUse, Use
from report.words import plain


class Told(NamedTuple):
    """The words of an answer, and in it those said for a verdict: claim, verdict and words."""

    words: str
    said: tuple[tuple[str, Verdict, str], ...]


@functools.cache
def published() -> Results:
    """The published results."""
    return archive.read(ROOT / "results" / "published")


@functools.cache
def claims() -> dict[str, Claim]:
    """Every claim, tested on them."""
    return testing.evaluate(published())


@functools.cache
def sources() -> dict[str, compose.Source]:
    """Every answer as it is written."""
    return compose.read(ROOT / compose.ANSWERS, ROOT)


@functools.cache
def shared() -> tuple[Numbers, Bibliography]:
    """What no verdict changes."""
    return (
        Numbers(published(), Cache(None), "evidence"),
        Bibliography(ROOT / compose.ANSWERS / "references.bib"),
    )


def prose(verdicts: Mapping[str, Verdict]) -> Prose:
    """What renders answers where claims have these verdicts, and all others are supported."""
    numbers, bibliography = shared()
    told = {
        name: replace(claim, verdict=verdicts.get(name, "supported"))
        for name, claim in claims().items()
    }
    return Prose(numbers, told, bibliography, ROOT, figures=figures.NAMES, tables=tables.NAMES)


def told(own: Prose, name: str) -> Told:
    """One answer, whole: its markup is checked as that of a page."""
    file, text = sources()[name]
    before = len(own.said)
    html = markdown.to_html(own.render(text, file), name, own.uses)
    for part in (html, *(use.inner for use in own.uses.throughout(html))):
        markup.refuse_broken(part, text, file)
    said = tuple(
        (each.claim, each.verdict, line(bare(own, markdown.inline(each.words, own.uses))))
        for each in own.said[before:]
    )
    return Told(bare(own, html), said)


def line(text: str) -> str:
    """A text on one line."""
    return " ".join(text.split())


def bare(own: Prose, html: str) -> str:
    """The words of HTML and of what stands in it, a block a line."""

    def write(use: Use) -> str:
        match use:
            case CiteUse():
                return "[cite]"
            case FoundUse():
                return "[found]"
            case EquationUse():
                return "[equation]" if use.display else use.tex
            case ClaimUse() | HeadingUse() | ListingUse():
                return ""
        inner = own.uses.fill(use.inner, write)
        return f"<p>{inner}</p>" if use.block else inner or str(getattr(use, "text", ""))

    joined = own.uses.fill(html, write).replace("\n", " ")
    text = re.sub(r"</(?:p|li|t[dh]|h\d|div)>", "\n", joined)
    words = plain.opened(unescape(re.sub(r"<[^>]+>", "", text)), markup=False)
    return re.sub(r"[ \u00a0]+", " ", words).strip()


@functools.cache
def supported() -> dict[str, Told]:
    """Every answer where every claim is supported."""
    own = prose({})
    return {name: told(own, name) for name in sources()}


@functools.cache
def changed(claim: str, verdict: Verdict) -> dict[str, Told]:
    """The same, but for one claim; an answer that does not name it reads as before."""
    own = prose({claim: verdict})
    return {
        name: told(own, name) if claim in text else supported()[name]
        for name, (_, text) in sources().items()
    }


@functools.cache
def none(verdict: Verdict) -> dict[str, Told]:
    """Every answer where no claim is supported."""
    own = prose(dict.fromkeys(claims(), verdict))
    return {name: told(own, name) for name in sources()}


def whole(pages: Mapping[str, Told]) -> str:
    """The words of all answers."""
    return "\n".join(page.words for page in pages.values())
