"""Records to HTML for the paper: footnotes, and drawings as files."""

from html import escape

from analysis.claims.against.standing import Standing
from analysis.claims.claim import Claim
from report.document.outline import Label, Section
from report.output.writing import marks, tables
from report.output.writing.common import Context, Writer, traced
from report.output.writing.report import Report
from report.prose.uses import FigureUse, HeadingUse, NumberUse, TableUse
from report.words import addresses, verdicts

ABSTRACT = "abstract"
"""The section without footnotes to its citations."""


def html(report: Report) -> str:
    """Return the whole paper as one HTML document."""
    return report.render("paper/paper.html", PaperWriter(report.document))


class PaperWriter(Writer):
    """Writes for paper, where all is one document."""

    target = "paper"
    notes_in_cells = True

    def noted_before(self, section: Section) -> set[str] | None:
        """Return the works with a footnote before a section; None for one without footnotes.

        A reference is repeated once, where the document first cites it, but for the abstract.
        """
        if section.name == ABSTRACT:
            return None
        sections = self.document.sections
        before = sections[: sections.index(section)]
        return set[str]().union(
            *(self.document.cited(each) for each in before if each.name != ABSTRACT)
        )

    def link(self, label: Label, _page: str) -> str:
        """Return the address of a label inside of the document."""
        return f"#{label.anchor}" if label.anchor else label.seen_from("")

    def runs(self, experiment: str, variant: str | None = None, **_more: str) -> str:
        """Return an address in the appendix, which lists runs by variant."""
        return f"#{addresses.anchor(experiment, variant)}"

    def moved(self, claim: str = "") -> str:
        """Return nothing: the appendix is near."""
        del claim
        return ""

    def replicated(self, claim: Claim, standing: Standing) -> str:
        """Return which verdicts the replications came to."""
        del claim
        words = verdicts.replicated(standing)
        return f" {marks.told(words)}" if words else ""

    def method(self, claim: Claim) -> str:
        """Return nothing: the table of all claims has it."""
        del claim
        return ""

    def reference(self, label: Label, context: Context) -> str:
        """Return a reference; a page of the site has no place on paper."""
        if not label.anchor:
            return f"<em>{escape(label.text, quote=False)}</em>"
        return super().reference(label, context)

    def identified(self, _use: NumberUse) -> str:
        """Return nothing."""
        return ""

    def figure(self, use: FigureUse, context: Context) -> str:
        """Return a figure; the drawing is the file beside the document.

        Where not all networks are of one origin, which the first page tells, the caption has its.
        """
        drawn = self.document.figures[use.name]
        picture = f'<img src="figures/{use.name}.svg" alt="{escape(drawn.alt)}">'
        caption = self.caption(use, context)
        if len(self.document.origins) > 1:
            told = traced(self.document.trained[drawn.experiment]).capitalize()
            caption += f' <span class="origin">{told}.</span>'
        return self.framed(use, f'<div class="scroll">{picture}</div>', caption)

    def table(self, use: TableUse, context: Context) -> str:
        """Return a table with all its columns."""
        label, table = self.document.labels[use.label], self.document.tables[use.name]
        return tables.captioned(table, use.name, label, self.caption(use, context))

    def displayed(self, math: str, _name: str) -> str:
        """Return an equation as it is."""
        return math

    def note(self, html: str, _name: str) -> str:
        """Return a footnote."""
        return f'<span class="footnote">{html}</span>'

    def heading(self, _use: HeadingUse) -> str:
        """Return nothing."""
        return ""

    def glance(self, _anchor: str) -> str:
        """Return nothing."""
        return ""
