"""A site made of results and of the claims tested on them."""

from collections.abc import Mapping
from pathlib import Path

from analysis.claims import testing
from analysis.claims.against import earlier, replicated, standing
from analysis.claims.against.replicated import Ledger
from analysis.claims.claim import Claim
from analysis.results.cache import Cache
from analysis.results.frames import Results
from analysis.results.ledger.lock import Lock
from analysis.results.published.manifest import Manifest
from build import ROOT
from report.document.catalogue import code, inputs_digest
from report.output.site.build import build_pages
from report.output.writing.report import Report
from report.pages.compare.sides import Beside


def build(
    results: Results,
    out: Path,
    cache: Path | None = None,
    *,
    answers: Path | None = None,
    claims: Mapping[str, Claim] | None = None,
    published: Manifest | None = None,
    before: Results | None = None,
    ledger: Ledger | None = None,
) -> Report:
    """Write the site of the project's answers, or of others, into `out`; return its report.

    The claims are tested on the results unless they are given. `published` is the manifest of the
    results `before`, by default the same.
    """
    kept, inputs = Cache(cache), inputs_digest(results, code(ROOT))
    if claims is None:
        claims = testing.evaluate_once(results, kept, code(ROOT))
    ledger = ledger or Ledger()
    standings = standing.standings(published, results, claims, Lock())
    standings = replicated.beside(standings, claims, ledger)
    return build_pages(
        results, claims, standings, out,
        root=ROOT, cache=kept, inputs=inputs, code=code(ROOT), answers=answers,
        beside=Beside(published, lambda: before or results, *earlier.read(out), out, ledger),
    )  # fmt: skip
