"""Records to HTML: what the writers of the site and of the paper have in common."""

import re
from abc import ABC, abstractmethod
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from html import escape, unescape
from typing import ClassVar, Literal

from analysis.claims.against.standing import Standing
from analysis.claims.claim import Claim
from analysis.plan.provenance import Origin, Place
from report.document.document import Document
from report.document.equations import plain_number
from report.document.outline import Label, Section
from report.output.writing import marks, tables
from report.prose.uses import (
    CiteUse,
    ClaimUse,
    ConstantUse,
    EquationUse,
    FigureUse,
    FoundUse,
    HeadingUse,
    ListingUse,
    NoteUse,
    NumberUse,
    RefUse,
    TableUse,
    TheoryUse,
    Use,
    VerdictUse,
)
from report.words import verdicts
from report.words.counts import counted
from report.words.numbers import SPACE

PERCENT = re.compile(r"(?<=\d) (?=%)")
"""The space before a percent sign, at which no line may end."""


ORIGINS: Mapping[Place, str] = {
    "here": "trained here",
    "published": "from the published results",
    "here and published": "in part from the published results, in part trained here",
}
"""How it is said where the networks of an experiment were trained."""


def typographic(text: str) -> str:
    """Return plain text as HTML, its apostrophes as a printer sets them."""
    return escape(text, quote=False).replace("'", "&rsquo;")


def plain_words(html: str) -> str:
    """Return HTML as plain words, without its tags, with a single space between them."""
    return " ".join(unescape(re.sub(r"<[^>]+>", "", html)).split())


def traced(origin: Origin) -> str:
    """Return where and, if it is recorded, when networks were trained, as part of a sentence."""
    if origin.days is None:
        return ORIGINS[origin.place]
    first, last = origin.days
    when = f"on {first}" if first == last else f"from {first} to {last}"
    return f"{ORIGINS[origin.place]}{', trained' if origin.place == 'published' else ''} {when}"


@dataclass(frozen=True)
class Context:
    """Where something is written: on which page, and which works have their note already.

    `noted` grows as the text is written; it is None where there is no room for notes beside
    citations. Without `asides` there are no notes at all.
    """

    page: str
    noted: set[str] | None = None
    asides: bool = True


class Writer(ABC):
    """Writes a document, or a part of it, as HTML."""

    target: ClassVar[Literal["site", "paper"]]
    notes_in_cells: ClassVar[bool]
    """Whether there is room for notes in the cells of a table."""

    def __init__(self, document: Document) -> None:
        self.document = document

    def section(self, section: Section) -> str:
        """Return a section."""
        noted = self.noted_before(section)
        context = Context(section.page, None if noted is None else set(noted))
        html = PERCENT.sub(SPACE, self.fill(section.html, context))
        return marks.under_heading(html, section, self.document, self.moved())

    def placed(self, use: Use, page: str) -> str:
        """Return something as a page of its own shows it once more."""
        return self.write(use, Context(page))

    def fill(self, html: str, context: Context) -> str:
        """Return HTML in which all that is written from records is written."""
        return self.document.uses.fill(html, lambda use: self.write(use, context))

    def write(self, use: Use, context: Context) -> str:  # noqa: PLR0911, PLR0912 - one for each kind
        """Return what a record is as HTML."""
        match use:
            case NumberUse():
                return self._number(use)
            case TheoryUse():
                return escape(use.text, quote=False)
            case ConstantUse() | FoundUse():
                text = escape(use.text, quote=False)
                return f'<span class="constant" title="{escape(use.source)}">{text}</span>'
            case ClaimUse():
                return self._claim(use, context)
            case VerdictUse():
                return self._verdict(use, context)
            case FigureUse():
                return self.figure(use, context)
            case TableUse():
                return self.table(use, context)
            case CiteUse():
                return self._citation(use, context)
            case RefUse():
                return self.reference(self.document.labels[use.label], context)
            case NoteUse():
                text = self.fill(use.text, replace(context, noted=None))
                return self.note(text, "Note") if context.asides else ""
            case ListingUse():
                return listing(use)
            case EquationUse():
                return self._equation(use)
            case HeadingUse():
                return self.heading(use)
        raise TypeError(f"no writer knows {use!r}")

    @abstractmethod
    def noted_before(self, section: Section) -> AbstractSet[str] | None:
        """Return the works that need no note in a section; None for one without such notes."""

    @abstractmethod
    def link(self, label: Label, page: str) -> str:
        """Return the address of a label as seen from a page."""

    @abstractmethod
    def runs(self, experiment: str, variant: str | None = None, **more: str) -> str:
        """Return the address of runs; what stands in `more`, such as a claim, narrows them down."""

    @abstractmethod
    def moved(self, claim: str = "") -> str:
        """Return where it is told how a claim, or all, stand to the published; "" for nowhere."""

    @abstractmethod
    def replicated(self, claim: Claim, standing: Standing) -> str:
        """Return what a claim came to in replications; nothing where there is none."""

    @abstractmethod
    def method(self, claim: Claim) -> str:
        """Return how a claim was tested, where that is not told elsewhere."""

    @abstractmethod
    def identified(self, use: NumberUse) -> str:
        """Return the attributes of a number's link by which its reader is told what it is."""

    @abstractmethod
    def figure(self, use: FigureUse, context: Context) -> str:
        """Return a figure with its caption."""

    @abstractmethod
    def table(self, use: TableUse, context: Context) -> str:
        """Return a table with its caption."""

    @abstractmethod
    def displayed(self, math: str, name: str) -> str:
        """Return MathML on a line of its own, which it may be too long for."""

    @abstractmethod
    def note(self, html: str, name: str) -> str:
        """Return a note, with a name for those who do not see what it stands beside."""

    @abstractmethod
    def heading(self, use: HeadingUse) -> str:
        """Return what stands behind the text of a heading."""

    @abstractmethod
    def glance(self, anchor: str) -> str:
        """Return the attribute of a link by which its reader is shown what it leads to."""

    def reference(self, label: Label, context: Context) -> str:
        """Return a reference as a link with the name of what it leads to."""
        address, text = self.link(label, context.page), escape(label.text, quote=False)
        return f'<a class="ref" href="{address}"{self.glance(label.anchor)}>{text}</a>'

    def framed(self, use: FigureUse, content: str, caption: str) -> str:
        """Return a figure of this content with its label, title and caption."""
        label = self.document.labels[use.label]
        return (
            f'<figure class="figure" id="{label.anchor}" data-name="{use.name}">{content}'
            f'<figcaption><span class="label">{label.text}.</span> {self.titled(use)} {caption}'
            "</figcaption></figure>"
        )

    def titled(self, use: FigureUse) -> str:
        """Return what a figure is called, which goes before its caption."""
        title = escape(self.document.titles[use.name], quote=False)
        return f'<strong class="title">{title}.</strong>'

    def caption(self, use: FigureUse | TableUse, context: Context) -> str:
        """Return the words of a caption, beside which there is no room for references."""
        return self.fill(use.caption, replace(context, noted=None))

    def _number(self, use: NumberUse) -> str:
        """Link a number to the runs behind it."""
        address, text = self.runs(**use.query), escape(use.text, quote=False)
        return f'<a class="number" href="{escape(address)}"{self.identified(use)}>{text}</a>'

    def _claim(self, use: ClaimUse, context: Context) -> str:
        """Return the statement and its verdict, and in a line what was found.

        It says whether the claim was tested again under other settings than the published ones, and
        marks a verdict that differs from the published one.
        """
        claim, name = use.claim, escape(use.claim.id)
        anchor = f' id="claim-{name}"' if use.first else ""
        itself = self.heading(HeadingUse(0, f"claim-{name}", f"claim {name}")) if use.first else ""
        mark = marks.at_claim(claim, use.standing, self.moved(claim.id))
        repeats = self.replicated(claim, use.standing) if use.standing else ""
        found = [typographic(part) for part in verdicts.found(claim)]
        if n := len(claim.runs):
            address = escape(self.runs(claim.experiment, claim=claim.id))
            count = counted(n, "run").replace(" ", SPACE)
            found.append(f'<a class="runs" href="{address}">{count}</a>')
        return (
            f'<div class="claim"{anchor} data-claim="{name}">'
            f'<p class="statement">{tables.badge(claim.verdict)}{mark} '
            f"{self.fill(use.statement, context)}{itself}</p>"
            f'<p class="evidence">{" · ".join(found)}{repeats}</p>{self.method(claim)}</div>'
        )

    def _verdict(self, use: VerdictUse, context: Context) -> str:
        """Return a verdict as a link to its claim, wherever that is stated."""
        verdict, label = tables.badge(use.claim.verdict), self.document.claims.get(use.claim.id)
        if label is None:
            return verdict
        address, name = escape(self.link(label, context.page)), escape(use.claim.id)
        return f'<a class="judged" href="{address}" title="The claim {name}">{verdict}</a>'

    def _citation(self, use: CiteUse, context: Context) -> str:
        links = [self._work(use, place, context) for place in range(len(use.works))]
        return " and ".join(links) if use.spoken else f"({'; '.join(links)})"

    def _work(self, use: CiteUse, place: int, context: Context) -> str:
        """Link a work to its reference; a note beside the first citation has it in brief."""
        work = use.works[place]
        text = f"{work.names} ({work.year})" if use.spoken else f"{work.names}, {work.year}"
        text = escape(work.year if use.named else text)
        address = escape(self.link(Label("methods", f"ref-{work.key}", work.key), context.page))
        link = f'<a class="cite" href="{address}"{self.glance(f"ref-{work.key}")}>{text}</a>'
        crowded = use.cell and not self.notes_in_cells
        if context.noted is None or work.key in context.noted or crowded:
            return link
        context.noted.add(work.key)
        reference = next(each.brief for each in self.document.references if each.key == work.key)
        return link + self.note(reference, f"Reference: {text}")

    def _equation(self, use: EquationUse) -> str:
        mathml = self.document.typesetter.mathml
        if not use.display:
            # A number has the face of the text around it, like every other one.
            return plain_number(use.tex) or mathml(use.tex, display=False)
        label = self.document.labels.get(use.label)
        name = label.text if label else "Equation"
        drawn = self.displayed(mathml(use.tex, display=True), name)
        if label is None:
            return f'<div class="equation">{drawn}</div>'
        number = label.text.split(SPACE)[-1]
        return (
            f'<div class="equation" id="{label.anchor}">{drawn}'
            f'<a class="equation-number" href="#{label.anchor}"'
            f' aria-label="{label.text}">({number})</a></div>'
        )


def listing(use: ListingUse) -> str:
    """Return a listing; in its empty lines stands an empty element."""
    return use.listing.html().replace("\n\n", "\n<span></span>\n")
