"""The report: a document with what its pages say about it, and the templates they are made of."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.claims.against.standing import Standing
from analysis.claims.claim import Claim
from report.document.document import Document
from report.document.outline import PAGES, QUESTION, RUNS, Label, Section
from report.output import export
from report.output.paper import plate
from report.output.sharing import crate, linked, picture
from report.output.sharing.imprint import Imprint
from report.output.writing import templates as filling
from report.output.writing.common import Writer, traced
from report.output.writing.tables import badge
from report.output.writing.templates import Templates
from report.pages.compare.page import Moved
from report.pages.laboratory.page import Laboratory
from report.pages.replications.page import Replications
from report.pages.runs import script_data
from report.pages.runs.numbers import Behind
from report.pages.runs.records import (
    LEAST,
    LEAST_LINES,
    MOST_LINES,
    MOST_ROWS,
    RunTable,
    share,
)
from report.pages.verified import Verified
from report.prose.source.derived import Derived
from report.words import addresses, verdicts
from report.words.counts import counted
from report.words.metrics import LEVELS

if TYPE_CHECKING:
    from analysis.study.model import Experiment


@dataclass(frozen=True)
class Flip:
    """A claim whose verdict differs from the published one, and where it stands, if it does."""

    id: str
    statement: str
    before: str
    now: str
    label: Label | None


@dataclass(frozen=True)
class Report:
    """A composed document with what its pages say about it.

    `imprint` is what it is called and how it is cited, `description` its first paragraph as plain
    words, and `statements` are those of the claims; `root` is the project's folder. `asked` is what
    make is to be told beside a target to work on the same, as in " STUDY=quick".
    """

    document: Document
    imprint: Imprint
    description: str
    claims: Mapping[str, Claim]
    statements: Mapping[str, str]
    standings: Mapping[str, Standing]
    root: Path
    templates: Templates
    experiments: Mapping[str, "Experiment"]
    laboratory: Laboratory
    runs: tuple[RunTable, ...]
    numbers: tuple[Behind, ...]
    moved: Moved
    asked: str = ""
    replications: Replications = field(default_factory=Replications)
    verified: Verified | None = None

    @property
    def title(self) -> str:
        """Return what the report is called."""
        return self.imprint.title

    @property
    def authors(self) -> tuple[str, ...]:
        """Return the names of its authors."""
        return self.imprint.authors

    @property
    def linked(self) -> dict[str, Any]:
        """Return the report, its data and its code as JSON-LD."""
        return linked.graph(self.imprint, self.description, crate.FILE, self.shared)

    @property
    def teaser(self) -> str:
        """Return the figure of the first page; "" for none."""
        return picture.figure(self.document)

    @property
    def shared(self) -> str:
        """Return the file of the picture that links are shown with; "" for none."""
        return picture.FILE if self.teaser else ""

    @property
    def verdicts(self) -> list[tuple[str, list[tuple[str, int]]]]:
        """Return how many claims of each family have each verdict."""
        return verdicts.counts(self.claims)

    @property
    def frozen(self) -> str:
        """Return in a sentence how many claims were frozen before their runs."""
        return verdicts.frozen(self.standings)

    @property
    def held(self) -> str:
        """Return in a sentence how many findings hold among all."""
        return verdicts.held(self.claims)

    @property
    def by_verdict(self) -> dict[str, int]:
        """Return how many claims have each verdict, those of both families together."""
        found = [claim.verdict for claim in self.claims.values()]
        return {
            verdict: found.count(verdict)
            for verdict in ("supported", "contradicted", "inconclusive")
        }

    @property
    def standing(self) -> str:
        """Return in a sentence how the verdicts stand to the published ones; "" for none."""
        return verdicts.standing(self.claims, self.standings)

    @property
    def run_count(self) -> str:
        """Return how many rows the page of runs has, as text: "1,200 runs"."""
        return counted(sum(table.count for table in self.runs), "run")

    @property
    def network_count(self) -> str:
        """Return how many networks those rows are of, each counted once: "1,100 networks"."""
        return counted(len({row.identity for table in self.runs for row in table.rows}), "network")

    @property
    def retested(self) -> int:
        """Return how many claims were tested at other settings than the published ones."""
        return sum(each.settings == "changed" for each in self.standings.values())

    @property
    def flips(self) -> list[Flip]:
        """Return the claims whose verdict differs from the published one."""
        return [
            Flip(
                claim.id,
                self.statements[claim.id],
                str(self.standings[claim.id].published_verdict),
                claim.verdict,
                self.document.claims.get(claim.id),
            )
            for claim in verdicts.flipped(self.claims, self.standings)
        ]

    @property
    def rows_shown(self) -> int:
        """Return how many rows of each group stand in the page of runs."""
        sizes = [len(group.rows) for table in self.runs for group in table.groups]
        return share(sizes, MOST_ROWS, 0, LEAST)

    @property
    def runs_open(self) -> bool:
        """Tell whether the page of runs shows its tables at once: where it has all rows."""
        return sum(table.count for table in self.runs) <= MOST_ROWS

    @property
    def lines_shown(self) -> int:
        """Return how many lines of each group stand in the appendix of the paper."""
        groups = ((table, group) for table in self.runs for group in table.groups)
        sizes = [len(table.bundles(group)) for table, group in groups]
        return share(sizes, MOST_LINES, MOST_LINES, LEAST_LINES)

    def run_scripts(self) -> dict[str, str]:
        """Return the scripts that the page of runs loads, by name."""
        address = partial(self.document.claim_from, RUNS.name)
        index = script_data.index(self.runs, self.claims, self.statements, address, self.numbers)
        chunks = enumerate(script_data.chunks(self.runs))
        return {"index.js": index} | {f"{number}.js": text for number, text in chunks}

    def render(self, template: str, writer: Writer, **context: Any) -> str:
        """Return a template filled by a writer; a name it does not know is a ReportError."""
        own = {"report": self, "document": self.document, "pages": PAGES, "writer": writer}
        return filling.render(self.templates, template, own | context)


def templates(folder: Path, derived: Derived | None = None) -> Templates:
    """Return the templates in a folder, with all that they may call.

    Without `derived`, what follows from their sources is kept for no other build.
    """
    environment = filling.environment(folder, derived)
    environment.filters["counted"] = counted
    environment.filters["short"] = short_title
    environment.filters["runs_anchor"] = addresses.anchor
    environment.filters["opening"] = opening
    environment.globals["badge"] = badge
    environment.globals["levels"] = LEVELS
    environment.globals["files"] = export.FILES
    environment.globals["provenance"] = export.PROVENANCE
    environment.globals["whence"] = export.WHENCE
    environment.globals["archive"] = crate.FILE
    environment.globals["card_size"] = plate.CARD_SIZE
    environment.globals["traced"] = traced
    return environment


def opening(html: str) -> str:
    """Return the first sentence of HTML, or all of it where an element goes on beyond."""
    first, end, _ = html.partition(". ")
    opened = len(re.findall(r"<[a-zA-Z]", first)) - first.count("/>")
    return f"{first}." if end and opened == first.count("</") else html


def short_title(section: Section) -> tuple[str, str]:
    """Return the number of a question ("Q1a", or nothing) and its title without the number."""
    found = re.match(r"(Q\d[a-z])\.?\s+", section.title)
    if QUESTION.fullmatch(section.name) and found:
        return found[1], section.title[found.end() :]
    return "", section.title
