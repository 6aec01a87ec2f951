"""Assembles the site: answers and templates to HTML, with figures, data, style and fonts beside it.

Which pages there are: document/outline.py.
"""

from collections.abc import Mapping
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any

from analysis.claims.against import earlier
from analysis.claims.against.standing import Standing
from analysis.claims.claim import Claim
from analysis.results.cache import Cache
from report.document import authors, compose
from report.document.catalogue import Catalogue
from report.document.equations import Typesetter
from report.document.outline import PAGES, Page
from report.output import export
from report.output.site import assets, previews, search, shared
from report.output.site.drawn.equations import Drawings
from report.output.site.writer import SiteWriter
from report.output.writing.report import Report, templates
from report.pages import codepage
from report.pages.compare import page as compare
from report.pages.compare.sides import Beside, Kept
from report.pages.laboratory.page import laboratory
from report.pages.replications import page as replications
from report.pages.runs.numbers import behind
from report.pages.runs.rows import run_tables
from report.pages.verified import verified
from report.prose import markdown
from report.prose.source.derived import Derived
from report.prose.uses import NumberUse

if TYPE_CHECKING:
    from analysis.results.frames import Results

CODE = Page(
    "code", "The code of figures and claims", "Code", (), "pages/code.html",
    about="The two functions behind each figure, one of which makes its rows of the results and "
    "the other draws them, and the test of each claim.",
)  # fmt: skip
"""Where the links of figures and claims to their code lead; it is in no reader's way."""
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; "
    "font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'none'"
)
"""What a page may load: the files beside it and nothing else; no script or style inside of it.

No script of ours asks for more by itself, but what looks a page over, from within it, for a
robots.txt can only then see that there is none.
"""


def build_pages(
    results: "Results",
    claims: Mapping[str, Claim],
    standings: Mapping[str, Standing],
    out: Path,
    *,
    root: Path,
    cache: Cache,
    inputs: str,
    code: str,
    answers: Path | None = None,
    asked: str = "",
    beside: Beside | None = None,
) -> Report:
    """Write the site into `out` and return the report it was made from.

    `claims` are those tested on the results, and `standings` how they stand to the published ones.
    `beside` has the other results that these are compared with.
    The answers are in `answers`, by default those of the project in `root`. What is rendered is
    kept in `cache`; `inputs` is the digest of the results and of the code, `code` that of the code
    alone. `asked` is what make is to be told beside a target, to work on the same.
    Raises ReportError where an answer asks for what the results or the report do not have; nothing
    is written then.
    """
    beside = beside or Beside()
    catalogue = Catalogue(results, claims, cache, inputs, root)
    prose = compose.prose_on(results, claims, standings, root, cache, inputs, code)
    known = authors.read(root / "CITATION.cff")
    folder = answers or root / compose.ANSWERS
    document = compose.compose(prose, catalogue, Typesetter(cache), folder)
    statements = {name: markdown.plain(claim.statement) for name, claim in claims.items()}
    kept, derived = Kept(cache, inputs, code), Derived(cache, code)
    moved = compare.moved(results, claims, document, beside, statements, kept, root)
    report = Report(
        document=document,
        imprint=shared.imprinted(results, document, known, root),
        description=shared.description(document),
        claims=claims,
        statements=statements,
        standings=standings,
        root=root,
        templates=templates(root / "templates", derived),
        experiments=results.study.experiments,
        laboratory=laboratory(results, document, cache, code),
        runs=run_tables(results),
        numbers=behind(results, document.uses.of(NumberUse)),
        asked=asked,
        moved=moved,
        replications=replications.replications(
            beside.ledger, claims, standings, statements,
            partial(document.claim_from, replications.PAGE),
        ),
        verified=verified(beside.verified),
    )  # fmt: skip
    pages = {page.name: page_html(report, page) for page in PAGES}
    # The lines of another code would be no use to who follows a link to them.
    commit = "" if report.imprint.changed else report.imprint.commit
    sources = codepage.kept(cache, code, document.figures, root, known.repository, commit)
    pages[CODE.name] = page_html(report, CODE, sources=sources)
    drawings = Drawings(root / "templates", derived)
    out.mkdir(parents=True, exist_ok=True)
    for name, html in pages.items():
        (out / f"{name}.html").write_text(drawings.page(html), "utf-8", newline="\n")
    assets.write_scripts(report.run_scripts(), out / "runs")
    assets.write_scripts(report.laboratory.scripts, out / "laboratory")
    previews.write(document, out / "previews", drawings.fragment)
    assets.write_scripts({search.FILE: search.script(report)}, out / search.FOLDER)
    assets.write_figures(document.figures, out / "figures")
    assets.write(root / "templates", out)
    export.write_data(results, claims, report.statements, standings, out, derived)
    for part in filter(None, (moved.published, moved.previous)):
        before = {each.name: each.before for each in part.figures.moved}
        assets.write_drawings(before, out / part.folders[0])
    (out / earlier.FILE).write_text(moved.kept, "utf-8", newline="\n")
    shared.write(report, [CODE], out, cache)
    return report


def page_html(report: Report, page: Page, **more: Any) -> str:
    """Return a page of the site; `more` is what its template asks for beside the report."""
    return report.render(
        page.template,
        SiteWriter(report.document, report.asked),
        page=page,
        policy=POLICY,
        sections=report.document.on(page),
        previous={after: before for before, after in pairwise(PAGES)}.get(page),
        following=dict(pairwise(PAGES)).get(page),
        **more,
    )
