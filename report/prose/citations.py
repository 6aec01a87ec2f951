"""The works that answers cite: short forms in the text and the list at the end."""

import re
from dataclasses import dataclass
from functools import cache
from html import escape
from pathlib import Path
from string import ascii_lowercase

from pybtex.database import BibliographyData, Entry, Person, parse_string
from pybtex.exceptions import PybtexError
from pybtex.richtext import Text

from analysis.errors import ReportError, reading
from analysis.study.names import readable
from report.prose.locations import Misplaced, line_at, unknown
from report.prose.uses import Work
from report.words.addresses import web
from report.words.counts import listed

PAIR = 2
DOI = re.compile(r"10\.\d[\d.]*/[^\s<>\"{}]+")
YEAR = re.compile(r"[12]\d{3}")
MACRO = re.compile(r"\\(?:[A-Za-z]+|.)")
ADDRESSES = ("url", "doi", "eprint")
"""Fields that are no text of LaTeX."""
KEY = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
"""A key is part of addresses and file names."""


@dataclass(frozen=True)
class Reference:
    """One work in the list of references: whole, and as a margin has room for it."""

    key: str
    html: str
    brief: str


class Bibliography:
    """The entries of a BibTeX file by key, each of them whole, whether it is cited or not."""

    def __init__(self, path: Path) -> None:
        """Read the file; raise ReportError, with the line, for one that lists no whole works."""
        name = path.name
        text = reading.text(path, name=name, error=ReportError)
        try:
            self.entries: BibliographyData = parse_string(text, "bibtex")
        except PybtexError as error:
            raise Misplaced(_told(name, text, error)) from error
        for key, entry in self.entries.entries.items():
            where = f"{name}:{_line(text, key)}: the entry {key!r}"
            _check(where, key, entry)
            for field in ("author", "title", "year"):
                if not (entry.persons if field == "author" else entry.fields).get(field):
                    raise Misplaced(f"{where} has no {field}, which every work needs")
            if not _people(entry) or not all(map(_is_name, _people(entry))):
                raise Misplaced(f"{where}: author lacks a name, or one beside an “and” or a comma")
        for key in self.entries.entries:
            try:
                self._formatted(key)
            except (PybtexError, LookupError, ValueError) as error:
                where = f"{name}:{_line(text, key)}: the entry {key!r}"
                raise Misplaced(f"{where} cannot be written: {error}") from error

    def entry(self, key: str) -> Entry:
        """Return an entry; raise ReportError, with the nearest key, where there is none."""
        if key not in self.entries.entries:
            raise unknown("reference", key, list(self.entries.entries))
        return self.entries.entries[key]

    def work(self, key: str) -> Work:
        """Return a work as a sentence names it; raise ReportError as `entry` does."""
        entry = self.entry(key)
        return Work(key, _authors(entry), f"{entry.fields['year']}{self._letter(key)}")

    def listed(self, keys: set[str]) -> list[Reference]:
        """Return the works in the order of their authors' names, then year."""
        return [
            Reference(key, self._formatted(key), self._brief(key))
            for key in sorted(keys, key=self._order)
        ]

    def _order(self, key: str) -> tuple[tuple[str, ...], str]:
        """Return what works are sorted by, in the list and for their letters."""
        return _sorting(self.entry(key)), key

    def _letter(self, key: str) -> str:
        """Return a, b, … where authors and year alone would name two works of the file."""
        named = _named(self.entry(key))
        same = [each for each, entry in self.entries.entries.items() if _named(entry) == named]
        same.sort(key=self._order)
        return _letters(same.index(key)) if len(same) > 1 else ""

    def _brief(self, key: str) -> str:
        """Return a work as the text names it, its title and where it is to be had."""
        entry, work = self.entry(key), self.work(key)
        named = f"{escape(work.names)} ({escape(work.year)})."
        return " ".join(
            part for part in (named, f"{_field(entry, 'title')}.", _links(entry)) if part
        )

    def _formatted(self, key: str) -> str:
        entry = self.entry(key)
        first, *others = _people(entry)
        # The list is in the order of last names, so the first author's stands first.
        names = [escape(_sorted_name(first)), *(escape(_full_name(each)) for each in others)]
        authors = f"{', '.join(names)}, et al." if _others(entry) else listed(names)
        year = f"{entry.fields['year']}{self._letter(key)}"
        parts = [
            f"{authors} ({escape(year)}).",
            f"{_field(entry, 'title')}.",
            _venue(entry),
            _links(entry),
        ]
        return " ".join(part for part in parts if part)


def _check(where: str, key: str, entry: Entry) -> None:
    """Raise ReportError for a key, a text or an address that no page can show as it is."""
    if not KEY.fullmatch(key):
        raise Misplaced(f"{where}: a key must be letters a to z, digits, - and _")
    people = {role: " ".join(map(str, found)) for role, found in entry.persons.items()}
    for name, text in {**entry.fields, **people}.items():
        try:
            readable(" ".join(text.split()))
            if name == "url":
                web(text)
            if name == "doi":
                _check_doi(text)
            if name == "year":
                _check_year(text)
            if name not in ADDRESSES:
                _check_decoded(_decoded(text))
        except ValueError as error:
            raise Misplaced(f"{where}: {name} = {text!r}: {error}") from None


def _check_year(text: str) -> None:
    if not YEAR.fullmatch(text):
        raise ValueError("a year has four digits, such as 2015")


def _check_decoded(text: str) -> None:
    """Raise ValueError where LaTeX is left in a text after what is known of it has become signs."""
    if macro := MACRO.search(text):
        raise ValueError(
            f"{macro[0]} is no sign of LaTeX that is known here; write the sign itself, in UTF-8"
        )


def _check_doi(text: str) -> None:
    if not DOI.fullmatch(text):
        raise ValueError("a DOI begins with 10., without the address before it")


def _lines(text: str, key: str) -> list[int]:
    """Return the lines on which the entries of a key begin; the first where there is none."""
    begin = re.finditer(rf"@\w+\s*[{{(]\s*{re.escape(key)}\s*,", text, re.I)
    return [line_at(text, each.start()) for each in begin] or [1]


def _line(text: str, key: str) -> int:
    return _lines(text, key)[0]


def _told(name: str, text: str, error: PybtexError) -> str:
    """Return file, line and words of a mistake that pybtex tells by line, entry, key or name."""
    said, line = str(error), getattr(error, "lineno", None)
    if line:
        return f"{name}:{line}: {said}"
    if repeated := re.fullmatch(r"repeated bibliography entry: (\S+)", said):
        lines = _lines(text, repeated[1])
        again = f"the key {repeated[1]!r} is repeated; line {lines[0]} has it already"
        return f"{name}:{lines[:2][-1]}: {again}"
    if entry := re.search(r"entry(?: with key|:)? (\S+)", said):
        return f"{name}:{_line(text, entry[1])}: {said}"
    quoted = re.search(r"'(.+)'", said)
    words = r"\s+".join(map(re.escape, quoted[1].split())) if quoted else ""
    found = re.search(words, text) if words else None
    return f"{name}:{line_at(text, found.start()) if found else 1}: {said}"


def _letters(place: int) -> str:
    """Return a to z for the first places, then aa, ab and so on."""
    before, last = divmod(place, len(ascii_lowercase))
    return (_letters(before - 1) if before else "") + ascii_lowercase[last]


def _is_name(person: Person) -> bool:
    """Tell whether something stands between the commas, and before and behind each "and"."""
    words = str(person).split()
    return bool(_last_name(person)) and "and" not in (words[0], words[-1])


def _others(entry: Entry) -> bool:
    """Tell whether the authors end in "and others", by which BibTeX leaves the rest unnamed."""
    return str(entry.persons["author"][-1]) == "others"


def _people(entry: Entry) -> list[Person]:
    """Return the authors that are named."""
    people: list[Person] = entry.persons["author"]
    return people[:-1] if _others(entry) else people


def _authors(entry: Entry) -> str:
    last = [_last_name(person) for person in _people(entry)]
    return f"{last[0]} et al." if len(last) > PAIR or _others(entry) else " & ".join(last)


def _named(entry: Entry) -> tuple[str, str]:
    return _authors(entry), entry.fields["year"]


def _sorting(entry: Entry) -> tuple[str, ...]:
    names = [_last_name(person).casefold() for person in _people(entry)]
    return (*names, entry.fields["year"])


def _last_name(person: Person) -> str:
    return _decoded(" ".join([*person.prelast_names, *person.last_names]))


def _full_name(person: Person) -> str:
    return "\u00a0".join([*_initials(person), _last_name(person)])


def _sorted_name(person: Person) -> str:
    """Return a name as lists are sorted: "He, K."."""
    initials = "\u00a0".join(_initials(person))
    return f"{_last_name(person)}, {initials}" if initials else _last_name(person)


def _initials(person: Person) -> list[str]:
    given = [_decoded(name) for name in (*person.first_names, *person.middle_names)]
    # Hyphenated given names keep their hyphen: Klaus-Robert is K.-R.
    return ["-".join(f"{part[0]}." for part in name.split("-") if part) for name in given]


@cache
def _decoded(latex: str) -> str:
    return str(Text.from_latex(latex))


def _field(entry: Entry, name: str) -> str:
    text = _decoded(entry.fields[name]).replace("--", "–")
    return escape(text)


def _venue(entry: Entry) -> str:
    """Return where the work appeared, as far as the entry says so."""
    fields = entry.fields
    name = next((kind for kind in ("journal", "booktitle", "howpublished") if kind in fields), None)
    if name is None:
        return ""
    text = f"<cite>{_field(entry, name)}</cite>"
    if "series" in fields:
        text += f", {_field(entry, 'series')}"
    if "volume" in fields:
        text += f" {_field(entry, 'volume')}"
        text += f"({_field(entry, 'number')})" if "number" in fields else ""
    if "pages" in fields:
        text += f", {_field(entry, 'pages')}"
    if "publisher" in fields and name != "journal":
        text += f". {_field(entry, 'publisher')}"
    return text + "."


def _links(entry: Entry) -> str:
    fields = entry.fields
    links = []
    if "doi" in fields:
        links.append(_link(f"https://doi.org/{fields['doi']}", f"doi:{fields['doi']}"))
    if fields.get("archiveprefix", "").lower() == "arxiv" and "eprint" in fields:
        links.append(
            _link(f"https://arxiv.org/abs/{fields['eprint']}", f"arXiv:{fields['eprint']}")
        )
    if not links and "url" in fields:
        links.append(_link(fields["url"], re.sub(r"^https?://|/$", "", fields["url"])))
    return " · ".join(links)


def _link(address: str, text: str) -> str:
    kind = "" if address.endswith(text) else ' class="id"'
    # A line that is too short for an address ends at one of its slashes, not within a word.
    words = escape(text) if kind else escape(text).replace("/", "/<wbr>")
    return f'<a{kind} href="{escape(address)}">{words}</a>'
