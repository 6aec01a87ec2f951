"""The whole report before it is a site or a PDF, and how its parts are filled for either."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from html import escape, unescape
from typing import Literal

from report.document import equations
from report.document.catalogue import Drawn
from report.document.equations import Equation, Typesetter
from report.document.outline import Label, Page, Section
from report.output.site import plates
from report.prose.calls import Uses
from report.prose.citations import Reference
from report.words import addresses
from report.words.numbers import SPACE

Target = Literal["site", "paper"]
LONG = 14
"""Rows, head included, above which a table may be split between two pages."""
JOINED = "&#8288;"
"""Keeps a switch on the line of the word before it, and the bracket after it too."""
PERCENT = re.compile(r"(?<=\d) (?=%)")
"""The space before a percent sign, at which no line may end."""
FIGURE = re.compile(r'<figure data-figure="([^"]+)"></figure>')
TABLE = re.compile(r'<figure data-table="([^"]+)"></figure>')
REF = re.compile(r'<a class="ref" data-ref="([^"]+)"></a>')
CITE = re.compile(r'<a class="cite" data-cite="([^"]+)">(.*?)</a>')
NOTE = re.compile(r'<span class="note">(.*?)</span><!--note-->', re.S)
CELLS = re.compile(r"<table.*?</table>", re.S)
NUMBER = re.compile(r'<span class="number"([^>]*)>(.*?)</span>')
RUNS = re.compile(r'<a class="runs" data-claim="([^"]+)" data-experiment="([^"]+)">')
DATUM = re.compile(r' data-([a-z]+)="([^"]*)"')
HEADING = re.compile(r'<h([2-4]) id="([^"]+)"([^>]*)>(.*?)</h\1>', re.S)


@dataclass(frozen=True)
class Document:
    """The whole report before it is a site or a PDF."""

    sections: tuple[Section, ...]
    labels: Mapping[str, Label]
    uses: Uses
    figures: Mapping[str, Drawn]
    tables: Mapping[str, str]
    references: tuple[Reference, ...]
    typesetter: Typesetter

    def on(self, page: Page) -> list[Section]:
        """Return the sections of a page in their order."""
        return [section for section in self.sections if section.page == page.name]

    def fill(self, html: str, target: Target, page: str, noted: Collection[str] | None = ()) -> str:
        """Return HTML of this document in its final form for a page of the site, or for paper.

        The works in `noted` get no note beside their citation; None gives none to any.
        """
        noted = None if noted is None else set(noted)
        html = NOTE.sub(lambda note: self._plain_cites(note[0], target, page), html)
        if target == "site":  # beside a cell stands the next one, and no note
            html = CELLS.sub(lambda table: self._plain_cites(table[0], target, page), html)
        html = CITE.sub(lambda found: self._cite(found, target, page, noted), html)
        html = FIGURE.sub(lambda found: self._figure(found[1], target), html)
        html = TABLE.sub(lambda found: self._table(found[1]), html)
        html = equations.replace(html, self._inline, self._display(target))
        html = REF.sub(lambda found: self._ref(self.labels[found[1]], target, page), html)
        html = self._plain_cites(html, target, page)
        html = NOTE.sub(lambda found: _note(found[1], "Note", target), html)
        html = NUMBER.sub(lambda found: _number(found, target), html)
        return RUNS.sub(lambda found: _claim_runs(found, target), html)

    def section(self, section: Section, target: Target) -> str:
        """Return a section in its final form; on the site each heading has a link to itself."""
        noted = self._noted_before(section) if target == "paper" else ()
        html = self.fill(section.html, target, section.page, noted)
        html = PERCENT.sub(SPACE, html)
        html = html.replace('<p><span class="claim"', '<p class="claim-line"><span class="claim"')
        return HEADING.sub(_with_link, html) if target == "site" else html

    def _noted_before(self, section: Section) -> set[str] | None:
        """Return the works with a footnote before a section; None for one without footnotes.

        On paper a reference is repeated once, where the document first cites it, but for the
        abstract.
        """
        if section.name == "abstract":
            return None
        before = self.sections[: self.sections.index(section)]
        texts = [NOTE.sub("", each.html) for each in before if each.name != "abstract"]
        return {key for text in texts for key, _ in CITE.findall(text)}

    def claim(self, name: str) -> Label | None:
        """Return where a claim stands, or None for one that no answer states."""
        mark = f' id="claim-{escape(name)}"'
        for section in self.sections:
            if mark in section.html:
                return Label(section.page, f"claim-{name}", section.title)
        return None

    def link(self, label: Label, target: Target, page: str) -> str:
        """Return the address of a label as seen from a page, or from anywhere on paper."""
        same = target == "paper" or label.page == page
        anchor = f"#{label.anchor}" if label.anchor else ""
        return anchor if same and anchor else f"{label.page}.html{anchor}"

    def _figure(self, name: str, target: Target) -> str:
        make = plates.for_screen if target == "site" else plates.for_paper
        label, shown = self.labels[f"fig:{name}"], self.uses.figures[name]
        return make(name, self.figures[name], label.anchor, label.text, shown.caption)

    def _table(self, name: str) -> str:
        label, shown = self.labels[f"tab:{name}"], self.uses.tables[name]
        caption = (
            f'<caption><span class="caption"><span class="label">{label.text}.</span> '
            f"{shown.caption}</span></caption>"
        )
        table, notes = self.tables[name].split("</table>")
        body = (
            re.sub(r"<table[^>]*>", lambda found: found[0] + caption, table, count=1) + "</table>"
        )
        length = "long" if table.count("<tr>") > LONG else "short"
        length += " wide" if table.startswith('<table class="wide"') else ""
        return (
            f'<div class="table {length}" id="{label.anchor}" data-name="{name}">'
            f'<div class="scroll" role="region" tabindex="0" aria-label="{label.text}">{body}</div>'
            f"{notes}</div>"
        )

    def _inline(self, tex: str) -> str:
        return self.typesetter.mathml(tex, display=False)

    def _display(self, target: Target) -> Callable[[Equation], str]:
        def draw(equation: Equation) -> str:
            drawn = self.typesetter.mathml(equation.tex, display=True)
            label = self.labels.get(equation.label)
            if target == "site":
                # On a narrow screen a long equation scrolls, and a keyboard has to reach it.
                name = label.text if label else "Equation"
                attributes = f'role="group" tabindex="0" aria-label="{name}"'
                drawn = f'<div class="scroll" {attributes}>{drawn}</div>'
            if label is None:
                return f'<div class="equation">{drawn}</div>'
            number = label.text.split(SPACE)[-1]
            return (
                f'<div class="equation" id="{label.anchor}">{drawn}'
                f'<a class="equation-number" href="#{label.anchor}"'
                f' aria-label="{label.text}">({number})</a></div>'
            )

        return draw

    def _ref(self, label: Label, target: Target, page: str) -> str:
        if target == "paper" and not label.anchor:
            return f"<em>{escape(label.text, quote=False)}</em>"
        address = self.link(label, target, page)
        preview = f' data-preview="{label.anchor}"' if label.anchor and target == "site" else ""
        return f'<a class="ref" href="{address}"{preview}>{escape(label.text, quote=False)}</a>'

    def _plain_cites(self, html: str, target: Target, page: str) -> str:
        return CITE.sub(lambda found: self._cite(found, target, page, None), html)

    def _cite(self, found: re.Match[str], target: Target, page: str, noted: set[str] | None) -> str:
        """Link a citation to its reference, which stands as a note beside the first in a section.

        `noted` holds the works that have theirs; None where there is no room for notes.
        """
        key, text = found.groups()
        address = self.link(Label("methods", f"ref-{key}", key), target, page)
        preview = f' data-preview="ref-{key}"' if target == "site" else ""
        link = f'<a class="cite" href="{address}"{preview}>{text}</a>'
        if noted is None or key in noted:
            return link
        noted.add(key)
        reference = next(each.html for each in self.references if each.key == key)
        return link + _note(reference, f"Reference: {text}", target)


def _note(html: str, name: str, target: Target) -> str:
    """Return a side note, which a narrow screen shows on demand, without JavaScript; a footnote."""
    if target == "paper":
        return f'<span class="footnote">{html}</span>'
    return (
        f'{JOINED}<input class="note-switch" type="checkbox" aria-label="{name}">'
        f'<span class="note" role="note">{html}</span>{JOINED}'
    )


def _number(found: re.Match[str], target: Target) -> str:
    """Return a number as a link to the runs behind it."""
    attributes, text = found.groups()
    keys = {name: unescape(value) for name, value in DATUM.findall(attributes)}
    experiment, variant = keys["experiment"], keys["variant"]
    if target == "paper":
        return f'<a class="number" href="#{addresses.anchor(experiment, variant)}">{text}</a>'
    address = escape(addresses.address(experiment, variant))
    return f'<a class="number" href="{address}"{attributes}>{text}</a>'


def _claim_runs(found: re.Match[str], target: Target) -> str:
    claim, experiment = map(unescape, found.groups())
    address = addresses.address(experiment, claim=claim)
    if target == "paper":
        address = f"#{addresses.anchor(experiment)}"
    return f'<a class="runs" href="{escape(address)}">'


def _with_link(found: re.Match[str]) -> str:
    level, anchor, attributes, text = found.groups()
    plain = escape(re.sub(r"<[^>]+>", "", text))
    return (
        f'<h{level} id="{anchor}"{attributes}>{text} '
        f'<a class="anchor" href="#{anchor}" aria-label="Link to “{plain}”">#</a></h{level}>'
    )
