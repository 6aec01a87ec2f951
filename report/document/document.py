"""The whole report before it is a site or a paper: sections, and records for what stands there."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from analysis.plan.provenance import Origin
from report.document.equations import Typesetter
from report.document.outline import Label, Page, Section
from report.figures.draw.drawn import Drawn
from report.prose.citations import Reference
from report.prose.uses import CiteUse, ClaimUse, FigureUse, TableUse, Uses
from report.tables.table import Table


@dataclass(frozen=True)
class Document:
    """All answers as sections in which tokens stand for `uses`, and what those lead to."""

    sections: tuple[Section, ...]
    labels: Mapping[str, Label]
    uses: Uses
    figures: Mapping[str, Drawn]
    titles: Mapping[str, str]
    """What each figure is called, by the verdict on its claim."""
    tables: Mapping[str, Table]
    references: tuple[Reference, ...]
    typesetter: Typesetter
    answered: frozenset[str] = frozenset()
    """Claims of whose verdict some sentence speaks, in words for this verdict alone."""
    trained: Mapping[str, Origin] = field(default_factory=dict)
    """Where and when each experiment was trained."""
    origins: tuple[Origin, ...] = ()

    def on(self, page: Page) -> list[Section]:
        """Return the sections of a page in their order."""
        return [section for section in self.sections if section.page == page.name]

    @cached_property
    def claims(self) -> dict[str, Label]:
        """Return where each claim stands that an answer states."""
        return {
            use.claim.id: Label(section.page, f"claim-{use.claim.id}", section.title)
            for section in self.sections
            for use in self.uses.throughout(section.html)
            if isinstance(use, ClaimUse) and use.first
        }

    def claim_from(self, page: str, claim: str) -> str:
        """Return the address of a claim, by its id, seen from a page; "" where none states it."""
        return self.claims[claim].seen_from(page) if claim in self.claims else ""

    def figure(self, name: str) -> FigureUse:
        """Return how an answer shows a figure."""
        return next(use for use in self.uses.of(FigureUse) if use.name == name)

    def table(self, name: str) -> TableUse:
        """Return how an answer shows a table."""
        return next(use for use in self.uses.of(TableUse) if use.name == name)

    def cited(self, section: Section) -> set[str]:
        """Return the works that a section cites, notes and captions left aside."""
        return {
            work.key
            for use in self.uses.within(section.html)
            if isinstance(use, CiteUse)
            for work in use.works
        }
