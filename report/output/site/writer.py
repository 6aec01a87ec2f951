"""Records to HTML for the site: links to other pages, side notes, previews, equations as MathML."""

import re
from dataclasses import replace
from functools import cached_property, partial
from html import escape
from itertools import takewhile

from analysis.claims.against.standing import Standing
from analysis.claims.claim import Claim
from report.document.document import Document
from report.document.glossary import ANSWER, Glossary, Term, glossary
from report.document.outline import Label, Section
from report.output.site.drawn import plates
from report.output.writing import tables
from report.output.writing.common import Context, Writer, typographic
from report.pages.replications import drawing
from report.prose.uses import FigureUse, HeadingUse, NumberUse, TableUse
from report.tables.claims import AT_CLAIM
from report.words import addresses, verdicts

JOINED = "&#8288;"
"""In a span that does not wrap, it keeps a switch on the line of the word before it, and what
follows on that of the switch."""

EVIDENCE = re.compile(r'<p class="evidence">.*?(?=<span class="replicated">|</p>)', re.S)
EXPLAINED = "Claim"
"""The term that says what stands below a claim."""
HEADING = re.compile(r"(?<=<h)[2-6]\b.*?(?=</h)", re.S)
HYPHENATED = re.compile(r"[^\W\d]+(?:-[^\W\d]+)+(?![^<]*>)")


class SiteWriter(Writer):
    """Writes for a page of the site."""

    target = "site"
    notes_in_cells = False  # beside a cell stands the next one

    def __init__(self, document: Document, asked: str = "") -> None:
        """`asked` is what make is to be told beside a target, as in " STUDY=quick"."""
        super().__init__(document)
        self.asked = asked

    @cached_property
    def glossary(self) -> Glossary:
        """Return the terms that are marked where a section first says them."""
        return glossary(self.document)

    def section(self, section: Section) -> str:
        """Return a section in which terms lead to the glossary, but for the glossary itself."""
        if section.name == ANSWER:
            return super().section(section)

        def mark(term: Term, words: str) -> str:
            address = self.link(term.label, section.page)
            return f'<a class="term" href="{address}"{self.glance(term.label.anchor)}>{words}</a>'

        marked = self.glossary.marked(section.html, mark)
        html = HEADING.sub(_whole, super().section(replace(section, html=marked)))
        return EVIDENCE.sub(lambda line: line[0].rstrip() + self._key(section), html, count=1)

    def _key(self, section: Section) -> str:
        """Return a link to how the line below a claim is read; nothing without a glossary."""
        for term in self.glossary.terms:
            if term.names[0] == EXPLAINED:
                address = self.link(term.label, section.page)
                glance = self.glance(term.label.anchor)
                return f' · <a class="term" href="{address}"{glance}>how to read this</a> '
        return ""

    def noted_before(self, section: Section) -> set[str]:
        """Return what the sections before it cite on its page, which notes each work once."""
        before = takewhile(lambda each: each.name != section.name, self.document.sections)
        above = (each for each in before if each.page == section.page)
        return set[str]().union(*map(self.document.cited, above))

    def link(self, label: Label, page: str) -> str:
        """Return the address of a label as seen from a page."""
        return label.seen_from(page)

    def runs(self, experiment: str, variant: str | None = None, **more: str) -> str:
        """Return an address on the page of runs."""
        return addresses.address(experiment, variant, **more)

    def moved(self, claim: str = "") -> str:
        """Return an address on the page of what moved."""
        return addresses.moved(claim)

    def replicated(self, claim: Claim, standing: Standing) -> str:
        """Return all intervals drawn, and the verdicts of the replications as a link to them."""
        words = escape(verdicts.replicated(standing), quote=False)
        drawn = drawing.svg(claim, standing.replications)
        address = escape(addresses.replications(claim.id))
        link = f'<a href="{address}">{words}</a>' if words else ""
        return f' <span class="replicated">{link}{drawn}</span>' if link or drawn else ""

    def method(self, claim: Claim) -> str:
        """Return how a claim was tested, what would refute it, and its test as code, folded."""
        told = ". ".join(verdicts.method(claim))
        code = escape(addresses.code_of(claim.id))
        return (
            '<details class="method"><summary>How it was tested</summary>'
            f"<p>{_indexed(typographic(told))}. {typographic(verdicts.refutation(claim))} "
            f'<a href="{code}">Its test, as code</a>.</p></details>'
        )

    def brief(self, html: str) -> str:
        """Return HTML as it stands in a preview, without notes."""
        return self.fill(html, Context("preview", asides=False))

    def elsewhere(self, html: str, page: str) -> str:
        """Return a piece of a section as another page shows it, without notes."""
        return self.fill(html, Context(page, asides=False))

    def picture(self, name: str) -> str:
        """Return a figure once more, as an inline drawing with ids of its own."""
        return plates.picture(name, self.document.figures[name])

    def again(self, name: str) -> str:
        """Return a figure once more, as large as the page has room for, with its legend."""
        return plates.again(name, self.document.figures[name])

    def identified(self, use: NumberUse) -> str:
        """Return what a script tells of a number."""
        data = {
            "metric": use.metric,
            "experiment": use.experiment,
            "variant": use.variant,
            "epoch": use.epoch,
            "moment": use.moment,
            "layer": use.layer,
            "stat": use.statistic,
            "n": use.n,
            "low": _short(use.low),
            "high": _short(use.high),
            "about": use.about,
        }
        return "".join(
            f' data-{name}="{escape(str(value))}"'
            for name, value in data.items()
            if value is not None
        )

    def figure(self, use: FigureUse, context: Context) -> str:
        """Return a figure as part of the page, with a line of links to what it was made of."""
        drawn, label = self.document.figures[use.name], self.document.labels[use.label]
        origin = self.document.trained[drawn.experiment]
        links = plates.links(use.name, drawn, label.text, origin, self.asked)
        caption = self.caption(use, context) + links
        return self.framed(use, plates.content(use.name, drawn), caption)

    def table(self, use: TableUse, context: Context) -> str:
        """Return a table; one of claims leads to each, where stands how it was tested."""
        label, table = self.document.labels[use.label], self.document.tables[use.name]
        html = tables.captioned(
            table.without(*AT_CLAIM) if use.name == "claims" else table,
            use.name,
            label,
            self.caption(use, context),
            partial(self.document.claim_from, context.page),
            tables.sieve(table),
        )
        return _indexed(html) if use.name == "claims" else html

    def displayed(self, math: str, name: str) -> str:
        """Return an equation under its name."""
        return f'<div class="displayed" role="group" aria-label="{name}">{math}</div>'

    def note(self, html: str, name: str) -> str:
        """Return a side note, which a narrow screen shows on demand, without JavaScript."""
        return (
            f'<span class="whole">{JOINED}<input class="note-switch" type="checkbox"'
            f' aria-label="{name}"><span class="note" role="note">{html}</span>{JOINED}</span>'
        )

    def heading(self, use: HeadingUse) -> str:
        """Return a link of a heading to itself."""
        text = escape(use.text)
        return f' <a class="anchor" href="#{use.anchor}" aria-label="Link to “{text}”">#</a>'

    def glance(self, anchor: str) -> str:
        """Return the name of the preview that a script shows; nothing for a whole page."""
        return f' data-preview="{anchor}"' if anchor else ""


def _whole(heading: re.Match[str]) -> str:
    """Return a heading in which no line ends at a hyphen."""
    return HYPHENATED.sub(lambda word: f'<span class="whole">{word[0]}</span>', heading[0])


def _indexed(html: str) -> str:
    """Return HTML in which the variance of a claim's words has index and exponent."""
    return html.replace("σ_w²", "σ<sub>w</sub><sup>2</sup>")


def _short(value: float) -> str | None:
    """Return a number in eight digits, or nothing where there is none."""
    text = f"{value:.8g}"
    return None if text == "nan" else text
