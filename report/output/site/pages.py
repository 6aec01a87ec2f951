"""The site: answers and templates to HTML, with figures, data, style and fonts beside it."""

import base64
import re
import shutil
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from analysis.results import published as publications
from report.words import (addresses, verdicts)
from report.pages import codepage
from report.output import export
from report.output.site import previews
from report.pages.runs import data, rows
from report.pages.runs.sections import run_sections
from report.figures.draw import svg
from analysis.results.cache import Cache
from report.document.catalogue import (Catalogue, evidence_digest)
from report.prose.citations import Bibliography
from report.document.compose import compose
from report.document.document import (Document, Target)
from report.document.equations import Typesetter
from report.pages.laboratory import (Laboratory, laboratory)
from report.prose.lookup import Numbers
from report.document.outline import (PAGES, QUESTION, Label, Page, Section)
from report.prose.calls import Prose

if TYPE_CHECKING:
    from analysis.claims import Claim
    from analysis.results.published import Standing
    from analysis.results.frames import Results
    from analysis.study.model import Experiment

ROOT = Path(__file__).parents[3]
STYLES = ("style.css", "figures.css", "code.css", "runs.css", "laboratory.css")
SCRIPTS: Mapping[str, tuple[str, ...]] = {
    "theme.js": ("fonts.js", "theme.js"),
    "site.js": ("contents.js", "scrolls.js", "popover.js", "figures.js"),
    "runs.js": ("runs.js",),
    "laboratory.js": (
        "laboratory/theory.js", "laboratory/draws.js", "laboratory/network.js",
        "laboratory/nearest.js", "laboratory/words.js", "laboratory/charts.js",
        "laboratory/setting.js", "laboratory/laboratory.js",
    ),
}  # fmt: skip
"""Scripts of the site, each joined from files of templates/scripts: browsers refuse to import a
module from disk."""
CODE = Page("code", "The code of the figures", "Code", (), "pages/code.html")
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
    "font-src 'self' data:; base-uri 'none'; form-action 'none'"
)
"""What a page may load: the files beside it and nothing else; no script or style inside of it."""


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
    """A composed document with what its pages say about it."""

    document: Document
    title: str
    authors: tuple[str, ...]
    description: str
    claims: Mapping[str, "Claim"]
    standings: Mapping[str, "Standing"]
    commit: str
    templates: Environment
    experiments: Mapping[str, "Experiment"]
    laboratory: Laboratory
    runs: tuple[rows.Section, ...]

    @property
    def verdicts(self) -> list[tuple[str, int]]:
        """Return how many claims have each verdict."""
        return verdicts.counts(self.claims)

    @property
    def retested(self) -> int:
        """Return how many claims were tested at other settings than the published ones."""
        return sum(each.settings == "changed" for each in self.standings.values())

    @property
    def flips(self) -> list[Flip]:
        """Return the claims whose verdict differs from the published one."""
        stated, document = self.document.uses.claims, self.document
        return [
            Flip(
                claim.id,
                stated.get(claim.id, claim.statement),
                str(self.standings[claim.id].published_verdict),
                claim.verdict,
                document.claim(claim.id),
            )
            for claim in verdicts.flipped(self.claims, self.standings)
        ]

    def run_data(self) -> str:
        """Return what the script of the page of runs reads, as JSON."""

        def address(claim: str) -> str:
            label = self.document.claim(claim)
            return self.document.link(label, "site", "runs") if label else ""

        return data.as_json(self.runs, self.claims, self.document.uses.claims, address)

    def render(self, template: str, target: Target, **context: Any) -> str:
        """Return a template rendered for a target; a name it does not know is an error."""
        return self.templates.get_template(template).render(
            report=self, document=self.document, pages=PAGES, target=target, **context
        )


def build_pages(
    results: "Results",
    claims: Mapping[str, "Claim"] | None,
    out: Path,
    *,
    root: Path = ROOT,
    answers: Path | None = None,
    cache: Path | None = None,
    published: "publications.Manifest | None" = None,
) -> Report:
    """Write the site into `out` and return the report it was made from, for `pdf.write_pdf`.

    Without `claims` they are tested on the results; `published` is the manifest that they are held
    against. Rendered figures, tables, equations and verdicts are kept in `cache`, if given, under
    the digest of everything that can change them.
    Raises ReportError where an answer asks for what the results or the report do not have; nothing
    is written then.
    """
    kept = Cache(cache)
    evidence = evidence_digest(results, root)
    if claims is None:
        claims = verdicts.evaluated(results, kept, evidence)
    standings = publications.standings(published, results, claims)
    catalogue = Catalogue(results, kept, evidence)
    prose = Prose(
        Numbers(results, kept, evidence),
        claims,
        Bibliography(root / "report" / "answers" / "references.bib"),
        root,
        figures=catalogue.figures,
        tables=catalogue.tables,
        standings=standings,
    )
    folder = answers or root / "report" / "answers"
    document = compose(prose, catalogue, Typesetter(kept), folder)
    room = laboratory(results, document, kept, evidence, root)
    report = _report(document, results, claims, standings, root, room)
    pages = {page.name: _page(report, page) for page in PAGES}
    pages[CODE.name] = _code(report, root, kept, evidence)
    _write(report, pages, out, root)
    export.write_data(results, claims, document.uses.claims, standings, out)
    return report


def _report(
    document: Document,
    results: "Results",
    claims: Mapping[str, "Claim"],
    standings: Mapping[str, "Standing"],
    root: Path,
    room: Laboratory,
) -> Report:
    abstract = re.search(r"<p(?=[ >])[^>]*>(.*?)</p>", document.sections[0].html, re.S)
    return Report(
        document=document,
        title=results.study.title,
        authors=authors(root / "CITATION.cff"),
        description=" ".join(re.sub(r"<[^>]+>", "", abstract[1]).split()) if abstract else "",
        claims=claims,
        standings=standings,
        commit=str(results.provenance.get("commit") or ""),
        templates=_templates(root / "templates"),
        experiments=results.study.experiments,
        laboratory=room,
        runs=run_sections(results),
    )


def authors(citation: Path) -> tuple[str, ...]:
    """Return the names of the authors in a CITATION.cff file; none where there is no such file."""
    import yaml

    if not citation.is_file():
        return ()
    listed = yaml.safe_load(citation.read_text("utf-8")).get("authors", [])
    return tuple(
        person.get("name") or f"{person['given-names']} {person['family-names']}"
        for person in listed
    )


def _templates(folder: Path) -> Environment:
    environment = Environment(
        loader=FileSystemLoader(folder),
        undefined=StrictUndefined,
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        newline_sequence="\n",
        keep_trailing_newline=True,
    )
    environment.filters["short"] = short_title
    environment.globals["picture"] = previews.picture
    environment.filters["runs_anchor"] = addresses.anchor
    environment.globals["files"] = export.FILES
    return environment


def short_title(section: Section) -> tuple[str, str]:
    """Return the number of a question ("Q1a", or nothing) and its title without the number."""
    found = re.match(r"(Q\d[a-z])\.?\s+", section.title)
    if QUESTION.fullmatch(section.name) and found:
        return found[1], section.title[found.end() :]
    return "", section.title


def _page(report: Report, page: Page) -> str:
    position = PAGES.index(page)
    return report.render(
        page.template,
        "site",
        page=page,
        policy=POLICY,
        sections=report.document.on(page),
        previous=PAGES[position - 1] if position else None,
        following=PAGES[position + 1] if position + 1 < len(PAGES) else None,
    )


def _code(report: Report, root: Path, cache: Cache, evidence: str) -> str:
    """The page that the figures' links to their code lead to; it is in no reader's way."""
    repository = codepage.repository(root / "CITATION.cff")
    figures, commit = report.document.figures, report.commit
    return report.render(
        CODE.template,
        "site",
        page=CODE,
        policy=POLICY,
        sources=codepage.kept(cache, evidence, figures, root, repository, commit),
        previous=None,
        following=None,
    )


def _write(report: Report, pages: Mapping[str, str], out: Path, root: Path) -> None:
    (out / "figures").mkdir(parents=True, exist_ok=True)
    previews.write(report.document, out / "previews")
    for name, html in pages.items():
        (out / f"{name}.html").write_text(html, "utf-8", newline="\n")
    for name, drawn in report.document.figures.items():
        picture = svg.standalone(drawn.svg)
        (out / "figures" / f"{name}.svg").write_text(picture, "utf-8", newline="\n")
        (out / "figures" / f"{name}.csv").write_text(drawn.csv, "utf-8", newline="\n")
    for name in (*(f"styles/{each}" for each in STYLES), "pages/icon.svg"):
        shutil.copyfile(root / "templates" / name, out / Path(name).name)
    fonts = with_fonts((root / "templates" / "styles" / "fonts.css").read_text("utf-8"), root / "templates")
    (out / "fonts.css").write_text(fonts, "utf-8", newline="\n")
    for name, parts in SCRIPTS.items():
        joined = script(root / "templates" / "scripts" / part for part in parts)
        (out / name).write_text(joined, "utf-8", newline="\n")
    shutil.copytree(root / "templates" / "fonts", out / "fonts", dirs_exist_ok=True)


def with_fonts(css: str, folder: Path) -> str:
    """Return a style sheet in which each font of `folder` stands itself in place of its address.

    A font that arrives after the text makes the text jump; one in the style sheet is there with it.
    """

    def embed(found: re.Match[str]) -> str:
        font = base64.b64encode((folder / found[1]).read_bytes()).decode("ascii")
        return f'url("data:font/woff2;base64,{font}")'

    return re.sub(r'url\("([^"]+\.woff2)"\)', embed, css)


def script(parts: Iterable[Path]) -> str:
    """Return files of JavaScript as one script; each keeps its names to itself."""
    return "".join(
        f'(() => {{\n"use strict";\n{part.read_text("utf-8").rstrip()}\n}})();\n' for part in parts
    )
