"""A writing desk for tests: answers of a few lines, on results and figures that are made up."""

import re
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

from analysis.claims.claim import Claim
from analysis.results.cache import Cache
from analysis.results.frames import Results
from report.document.catalogue import Catalogue
from report.document.compose import compose
from report.document.document import Document
from report.document.equations import Typesetter
from report.document.outline import PAGES
from report.figures.draw.drawn import Drawn, View
from report.output.paper.writer import PaperWriter
from report.output.site.writer import SiteWriter
from report.prose import markdown
from report.prose.calls import Prose
from report.prose.citations import Bibliography
from report.prose.numbers.lookup import Numbers
from report.prose.uses import Use
from report.tables.table import Table, Text
from report.words.numbers import SPACE
from tests.made.results.synthetic import synthetic_results

SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="72pt" height="36pt" viewBox="0 0 72 36">'
BIBTEX = """
@article{one, author = {Kingma, Ada}, title = {Alone}, journal = {J}, year = {2001}}
@article{two, author = {Glorot, Xavier and Bengio, Yoshua}, title = {Both}, journal = {J},
  volume = {9}, number = {2}, pages = {249--256}, year = {2010}, doi = {10.1/x}}
@inproceedings{many, author = {M{\\"u}ller, Klaus-Robert and B, B and C, C}, title = {All {SGD}},
  booktitle = {P}, year = {2015}, eprint = {1502.01852}, archiveprefix = {arXiv}}
@misc{same, author = {M{\\"u}ller, Otto and D, D and E, E}, title = {Again}, year = {2015},
  url = {https://example.org/again/}}
"""


def plain(html: str) -> str:
    """Return the words of a piece of HTML, each blank of it a single space."""
    return " ".join(re.sub(r"<[^>]+>", "", html).replace(SPACE, " ").split())


def claim(**changed: Any) -> Claim:
    """A supported claim of twenty seeds, with the given fields changed."""
    fields: dict[str, Any] = {
        "id": "level",
        "question": "q2d",
        "experiment": "base",
        "kind": "equivalence",
        "statement": "They end level.",
        "verdict": "supported",
        "value": -0.035,
        "low": -0.11,
        "high": 0.04,
        "unit": "percentage points",
        "n": 20,
        "method": "paired TOST",
        "margin": 0.15,
        "runs": ("a", "b"),
        "note": (),
    }
    return Claim(**fields | changed)


def two_runs(*values: float, **columns: Any) -> Results:
    """Results in which only HeNormal's test accuracies are left, and are these."""
    results = synthetic_results(seeds=len(values), epochs=2)
    runs = results.runs[results.runs["variant"] == "HeNormal"].reset_index(drop=True)
    runs = runs.assign(test_accuracy=list(values), **columns)
    return replace(results, runs=runs, provenance={})


def written(document: Document, name: str) -> tuple[str, str]:
    """A section of a document as it stands on the site and on paper."""
    section = next(each for each in document.sections if each.name == name)
    return SiteWriter(document).section(section), PaperWriter(document).section(section)


class Desk:
    """Prose and a document over a folder of answers; one that is not given has a title only."""

    def __init__(self, folder: Path, results: Results | None = None, **claims: Claim) -> None:
        self.folder = folder
        self.results = results or synthetic_results(seeds=3, epochs=2)
        (folder / "references.bib").write_text(BIBTEX, "utf-8")
        self.prose = Prose(
            Numbers(self.results, Cache(None), "inputs"),
            claims or {"level": claim()},
            Bibliography(folder / "references.bib"),
            folder,
            figures=("curve",),
            tables=("final",),
        )

    def render(self, text: str) -> str:
        """The Markdown of one answer."""
        return self.prose.render(text, "answers/q1a.md")

    def use(self, text: str) -> Use:
        """The last record that an answer of these words leaves."""
        self.render(text)
        return self.prose.uses.records[-1]

    def brief(self, text: str) -> str:
        """The HTML of a few words of an answer on the site, without notes."""
        uses = self.prose.uses
        html = markdown.to_html(self.render(text), "q1a", uses)
        typesetter = Typesetter(Cache(None))
        return SiteWriter(Document((), {}, uses, {}, {}, {}, (), typesetter)).brief(html)

    def compose(self, answers: Mapping[str, str], figures: tuple[str, ...] = ()) -> Document:
        """The document of these answers, the others with nothing but a title."""
        folder = self.folder / "answers"
        folder.mkdir(exist_ok=True)
        for page in PAGES:
            for name in page.answers:
                text = answers.get(name, f"## {name.upper()}. Title")
                (folder / f"{name}.md").write_text(text, "utf-8")
        svg = f'{SVG}<path id="p" fill="#1b1b20"/></svg>'
        shelf = SimpleNamespace(
            results=self.results,
            figures=figures,
            drawn=lambda names: {
                name: Drawn(svg, f"What {name} shows", View(svg, "[]"), View(svg, "[]"))
                for name in names
            },
            title=lambda name, _: f"Title of {name}",
            table=lambda name: Table(("A",), ((Text("1"),),), ("left",), ("",)),
        )
        return compose(self.prose, cast(Catalogue, shelf), Typesetter(Cache(None)), folder)
