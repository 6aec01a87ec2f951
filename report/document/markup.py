"""Is the markup of an answer whole? A tag or a dollar without its partner would break the page."""

import re
from html.parser import HTMLParser
from urllib.parse import urlsplit

from analysis.errors import ReportError
from report.prose.locations import line_at
from report.prose.typed.literals import BLOCK, CALL, CODE, COMMENT, DISPLAY, FENCED, INLINE, blank
from report.words.addresses import web

Attributes = list[tuple[str, str | None]]
ADDRESSES = {"href", "src", "action", "formaction", "data", "poster", "xlink:href"}

VOID = {"br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
FRAME = {"html", "head", "body", "main", "script", "style", "template", "title"}
"""What the page has around the answer, or may not hold at all."""
STRAY = re.compile(r"(?<!\\)\$")


def refuse_stray_signs(text: str, file: str) -> None:
    """Raise ReportError, with the line, for a dollar in an answer's source that ends no equation.

    One that is meant as such is written with a backslash.
    """
    plain = text
    for pattern in (COMMENT, FENCED, CODE, CALL, BLOCK, DISPLAY, INLINE):
        plain = pattern.sub(blank, plain)
    stray = STRAY.search(plain)
    if stray:
        line = line_at(plain, stray.start())
        raise ReportError(
            f"{file}:{line}: a $ without its partner: an equation stands between two of them; "
            r"write \$ for the sign itself"
        )


def refuse_broken(html: str, text: str, file: str) -> None:
    """Raise ReportError, with the line in the source, for tags in HTML that do not pair."""
    parser = _Pairs()
    parser.feed(html)
    parser.close()
    unclosed = (f"<{parser.open[-1]}>", "is not closed") if parser.open else None
    if wrong := parser.wrong or unclosed:
        tag, problem = wrong
        place = re.search(rf"{re.escape(tag.rstrip('>'))}\b", text, re.I)
        line = line_at(text, place.start()) if place else 1
        raise ReportError(f"{file}:{line}: the tag {tag} {problem}")


class _Pairs(HTMLParser):
    """Notes which tags are open, and the first that is wrong: the tag, and what is the matter."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.wrong: tuple[str, str] | None = None

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        if tag in FRAME:
            self._note(f"<{tag}>", "is no part of an answer")
        self._check(tag, attrs)
        if tag not in VOID:
            self.open.append(tag)

    def handle_startendtag(self, tag: str, attrs: Attributes) -> None:
        self._check(tag, attrs)
        if tag not in VOID:
            self.open.append(tag)  # to a browser, <div/> is <div>

    def _check(self, tag: str, attributes: Attributes) -> None:
        """Note what a browser would run: a handler, or an address that is not of the web."""
        for name, value in attributes:
            if name.startswith("on"):
                self._note(f"<{tag}>", f"has {name}, which a browser would run")
            if name in ADDRESSES and urlsplit(value or "").scheme:
                try:
                    web(value or "")
                except ValueError as error:
                    self._note(f"<{tag}>", f'leads to "{value}": {error}')

    def handle_endtag(self, tag: str) -> None:
        if tag in self.open and self.open[-1] != tag:
            self._note(f"<{self.open[-1]}>", f"is not closed before </{tag}>")
        elif tag not in self.open:
            self._note(f"</{tag}>", "closes nothing")
        else:
            self.open.pop()

    def _note(self, tag: str, problem: str) -> None:
        self.wrong = self.wrong or (tag, problem)
