"""What a reader who cites the report needs: title, authors, day, code and licence."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from urllib.parse import quote, urljoin

from analysis.plan.provenance import Origin
from analysis.study.names import slug
from report.document.authors import Author, Citation

TEX = {
    "\\": r"\textbackslash{}",
    "{": r"\textbraceleft{}",
    "}": r"\textbraceright{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    **{sign: f"\\{sign}" for sign in "&%$#_"},
}
"""Signs that TeX would not print, and what prints them. BibTeX counts braces, escaped ones too."""
SHORT = 12
"""Digits of a commit, as they are shown."""


@dataclass(frozen=True)
class Imprint:
    """What a report says of itself.

    `day` is that of the commit or of the last training, whichever is later, "" where neither is
    known. The code is that of `commit`, if there is one, but for local changes where it is
    `changed`. `licensed` tells whether the words of the licence are part of the site.
    """

    title: str
    about: Citation = field(default_factory=Citation)
    day: str = ""
    commit: str = ""
    changed: bool = False
    licensed: bool = False

    @property
    def authors(self) -> tuple[str, ...]:
        """Return the names of the authors."""
        return tuple(each.name for each in self.about.authors)

    @property
    def code(self) -> str:
        """Return in words which code made the report; nothing where that is not known."""
        changes = " with local changes" if self.changed else ""
        return f"Code at commit {self.commit[:SHORT]}{changes}" if self.commit else ""

    @property
    def licences(self) -> tuple[str, ...]:
        """Return the licences by their names in SPDX, any one of which may be chosen."""
        return tuple(filter(None, self.about.licence.split(" OR ")))

    @property
    def citation(self) -> str:
        """Return in a line how to cite the report."""
        year = f" ({self.day[:4]})" if self.day else ""
        by = f"{', '.join(self.authors)}{year}" if self.authors else year.strip(" ()")
        parts = (by, self.title, self.code, self.about.site or self.about.repository)
        return " ".join(f"{part}." for part in parts if part)

    @property
    def bibtex(self) -> str:
        """Return the same as an entry of BibTeX."""
        year = self.day[:4]
        key = "-".join(filter(None, (slug(self.title), year)))
        fields = {
            "author": " and ".join(map(_author, self.about.authors)),
            "title": f"{{{tex(self.title)}}}",
            "year": year,
            "url": quote(self.about.site or self.about.repository, safe="%:/?#[]@!$&'()*+,;=~"),
            "note": tex(self.code),
        }
        lines = [f"  {name} = {{{text}}}," for name, text in fields.items() if text]
        return "\n".join([f"@misc{{{key},", *lines, "}"])

    def address(self, name: str) -> str:
        """Return where a file of the site is: on the web, or as seen from its pages."""
        site = self.about.site
        folder = site if not site or site.endswith(("/", ".html")) else f"{site}/"
        return urljoin(folder, name)


def tex(text: str) -> str:
    """Return a text as TeX that prints it."""
    return "".join(TEX.get(sign, sign) for sign in text)


def _author(author: Author) -> str:
    """Return an author as BibTeX reads it: a name alone is in braces, so that it stays whole."""
    names = (author.family, author.given)
    return ", ".join(tex(each) for each in names if each) if names[0] else f"{{{tex(author.name)}}}"


def day(committed: str, origins: Iterable[Origin]) -> str:
    """Return the day of a report: the last of those of its commit and of its trainings.

    "" where none of them is known.
    """
    last = (origin.days[1] for origin in origins if origin.days)
    return max([committed, *last])
