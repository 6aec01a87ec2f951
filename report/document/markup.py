"""Is the markup of an answer whole? A tag or a dollar without its partner would break the page."""

import re
from html import unescape
from html.parser import HTMLParser
from urllib.parse import urlsplit

from analysis.errors import ReportError, named, unseen
from report.prose.locations import densest, line_at
from report.prose.markdown import TOO_DEEP
from report.prose.source.literals import BLOCK, CALL, CODE, COMMENT, DISPLAY, FENCED, INLINE, blank
from report.words.addresses import web

Attributes = list[tuple[str, str | None]]
ADDRESSES = {"href", "src", "action", "formaction", "data", "poster", "xlink:href"}

VOID = {"br", "col", "hr", "img", "input", "link", "meta", "source", "wbr"}
FRAME = {"html", "head", "body", "main", "script", "style", "template", "title"}
"""What the page has around the answer, or may not hold at all."""
HEADINGS = "the title of an answer is ##, its parts are ### and ####"
INSTEAD = {
    **dict.fromkeys(FRAME, ""),
    **dict.fromkeys(("h1", "h5", "h6"), HEADINGS),
    "hr": "a heading begins a new part",
    "img": 'a picture is a figure("…", "…")',
}
"""What is no part of an answer, and what is written instead."""
DEEPEST = 10
"""Elements in each other; the paper can be set where a table of records stands in the last."""
UNRESOLVED = re.compile(r"\[\^[^\[\]\s]+\]|\[[^\[\]]+\]\[[^\[\]]*\]")
"""A footnote, which answers do not have, or a link whose address is given nowhere."""
SIGN = re.compile(r"&#?\w+;|\\u[0-9A-Fa-f]{4}|\\x[0-9A-Fa-f]{2}")
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
    """Raise ReportError, with the line in the source, for HTML of which no page can be made.

    Tags that do not pair or stand in each other too deep, what is no part of an answer, an address
    that leads nowhere, and what cannot be seen.
    """
    parser = _Pairs()
    parser.feed(html)
    parser.close()
    unclosed = (f"<{parser.open[-1]}>", "is not closed") if parser.open else None
    if wrong := parser.wrong or unclosed:
        subject, problem = wrong
        shown = f"the tag {subject}" if subject.startswith("<") else subject
        if problem == TOO_DEEP:
            raise ReportError(f"{file}:{deepest(text)}: {problem}")
        if not problem:
            line = _line_of_sign(text, subject)
            raise ReportError(f"{file}:{line}: holds {named(subject)}, which cannot be seen")
        line = line_of(text, parser.value, subject.rstrip(">"), begin=parser.following)
        raise ReportError(f"{file}:{line}: {shown} {problem}")


def line_of(text: str, *wanted: str, begin: str = "") -> int:
    """Return the first line with one of several texts, or that has a text at its beginning.

    The first of them that there is counts; it is line 1 where there is none.
    """
    words = re.escape(begin.split("’", maxsplit=1)[0].strip())
    patterns = [*map(re.escape, wanted), rf"^[#\s]*{words}" if words else "", words]
    for pattern in filter(None, patterns):
        found = re.search(pattern + (r"\b" if pattern[-1].isalnum() else ""), text, re.M | re.I)
        if found:
            return line_at(text, found.end())
    return 1


def deepest(text: str) -> int:
    """Return the line with the most marks of lists, quotes, brackets and tags."""
    return densest(re.sub(r"^ +", _steps, text, flags=re.M), r"^\s+|[>*+_<[-]")


def _steps(indent: re.Match[str]) -> str:
    return ">" * (len(indent[0]) // 2)


def _line_of_sign(text: str, sign: str) -> int:
    """Return the line on which a character is spelled by its code or name."""
    for found in SIGN.finditer(text):
        spelled = found[0] if found[0][0] == "&" else f"&#x{found[0][2:]};"
        if sign in unescape(spelled):
            return line_at(text, found.start())
    return 1


class _Pairs(HTMLParser):
    """Notes which tags are open, and the first thing that is wrong: what, and what is the matter.

    `value` is the attribute that is wrong, and `following` the text behind what is.
    """

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.wrong: tuple[str, str] | None = None
        self.value, self.following = "", ""

    def handle_starttag(self, tag: str, attrs: Attributes) -> None:
        self._check(tag, attrs)
        if tag not in VOID:
            self.open.append(tag)
        if len(self.open) > DEEPEST:
            self._note(f"<{tag}>", TOO_DEEP)

    def handle_startendtag(self, tag: str, attrs: Attributes) -> None:
        self.handle_starttag(tag, attrs)  # to a browser, <div/> is <div>

    def handle_data(self, data: str) -> None:
        if self.wrong and not self.following:
            self.following = data.strip().partition("\n")[0]
        if sign := unseen(data):
            self._note(sign, "")
        found = None if {"code", "pre"} & set(self.open) else UNRESOLVED.search(data)
        if found and found[0].startswith("[^"):
            self._note(found[0], 'is no footnote: write {{ note("…") }}')
        elif found:
            self._note(found[0], "is no link: its address is given nowhere")

    def _check(self, tag: str, attributes: Attributes) -> None:
        """Note what is no part of an answer, and what a browser would run or not find."""
        values = dict(attributes)
        if tag in INSTEAD:
            more = f": {INSTEAD[tag]}" if INSTEAD[tag] else ""
            self._note(f"<{tag}>", f"is no part of an answer{more}", values.get("src") or "")
        for name, value in attributes:
            if name.startswith("on"):
                self._note(f"<{tag}>", f"has {name}, which a browser would run")
            if name in ADDRESSES:
                self._check_address(tag, value or "")
            if sign := unseen(value or ""):
                self._note(sign, "")

    def _check_address(self, tag: str, address: str) -> None:
        try:
            web(address)
        except ValueError as error:
            inside = "" if urlsplit(address).scheme else ', or, inside of the report, be a ref("…")'
            self._note(f"<{tag}>", f'leads to "{address}": {error}{inside}', address)

    def handle_endtag(self, tag: str) -> None:
        if tag in self.open and self.open[-1] != tag:
            self._note(f"<{self.open[-1]}>", f"is not closed before </{tag}>")
        elif tag not in self.open:
            self._note(f"</{tag}>", "closes nothing")
        else:
            self.open.pop()

    def _note(self, subject: str, problem: str, value: str = "") -> None:
        if self.wrong is None:
            self.wrong, self.value = (subject, problem), value
