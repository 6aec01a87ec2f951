"""The terms of the report: what the glossary explains, and where a section first says it.

Each part of the answer "glossary" is a term, and its heading has the names of it.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from html import escape, unescape

from report.document.document import Document
from report.document.outline import Label

ANSWER = "glossary"
UNMARKED = frozenset({"bias", "claim", "finding", "power", "run", "step"})
"""Terms that are also everyday words, or stand in every second sentence: explained, not marked."""
TAG = re.compile(r"(<[^>]*>)")
OPENED = re.compile(r"<(/?)(h[1-6]|a|code|pre|th|figure|svg|math|button|summary)\b")
"""What a word may stand in where it is no place for a link, or no prose."""
APOSTROPHE = re.compile("['’]|&rsquo;|&#39;|&#x27;")


@dataclass(frozen=True)
class Term:
    """A term: its names, the first of them the usual one, and where it is explained."""

    names: tuple[str, ...]
    label: Label


@dataclass(frozen=True)
class Glossary:
    """All terms in the order of the glossary."""

    terms: tuple[Term, ...] = ()

    def marked(self, html: str, mark: Callable[[Term, str], str]) -> str:
        """Return the HTML of a section with what `mark` makes of each term where it first stands.

        `mark` is given the term and the words that stand for it, as HTML. Headings, links, code,
        equations, figures and whatever is written from a record are left as they are.
        """
        seen: set[Term] = set()

        def write(found: re.Match[str]) -> str:
            term = self._named(found["name"])
            if term in seen:
                return found[0]
            seen.add(term)
            return mark(term, found[0])

        parts = _prose(html) if self._by_name else [(html, False)]
        return "".join(self._pattern.sub(write, part) if prose else part for part, prose in parts)

    def _named(self, words: str) -> Term:
        plain = " ".join(unescape(words).split())
        return self._by_name[APOSTROPHE.sub("’", plain).lower()]

    @cached_property
    def _by_name(self) -> dict[str, Term]:
        marked = [term for term in self.terms if term.names[0].lower() not in UNMARKED]
        return {name.lower(): term for term in marked for name in term.names}

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        """Match a name as a word, in the plural too; of two names at one place the longer one."""
        names = sorted(self._by_name, key=lambda name: (-len(name), name))
        spelled = "|".join(_spelled(name) for name in names)
        return re.compile(rf"(?<![\w&-])(?P<name>{spelled})(?:es|s)?(?![\w-])", re.I)


def glossary(document: Document) -> Glossary:
    """Return the terms that a document explains; none where it has no glossary."""
    sections = [section for section in document.sections if section.name == ANSWER]
    return Glossary(
        tuple(
            Term(_names(heading.text), document.labels[heading.anchor])
            for section in sections
            for heading in section.headings
            if heading.level > section.headings[0].level
        )
    )


def _names(heading: str) -> tuple[str, ...]:
    return tuple(APOSTROPHE.sub("’", name.strip()) for name in heading.split(","))


def _spelled(name: str) -> str:
    """Return a pattern of a name as it stands in HTML, across lines too."""
    words = [re.escape(escape(word, quote=False)) for word in name.split()]
    return r"\s+".join(words).replace("’", f"(?:{APOSTROPHE.pattern})")


def _prose(html: str) -> Iterator[tuple[str, bool]]:
    """Yield the pieces of HTML in their order, each with whether it is a text to be marked."""
    inside = 0
    for part in TAG.split(html):
        found = OPENED.match(part)
        if found:
            inside += -1 if found[1] else 1
        yield part, not inside and not part.startswith("<")
