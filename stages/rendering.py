"""Build site and paper from results, and put both in place at once."""

import os

from analysis.claims import testing
from analysis.claims.against import earlier, standing
from analysis.errors import visible
from analysis.plan.changes import studies
from analysis.results.cache import Cache
from analysis.results.frames import Results
from analysis.results.ledger import verification
from analysis.results.places import Places, Request
from analysis.results.published import archive, manifest
from analysis.results.sources import Job, Published
from report.document import ahead, catalogue
from report.output import freshness, swap
from report.output.paper import pdf, room
from report.output.site import build
from report.output.writing import common
from report.pages.compare.sides import Beside
from report.words import verdicts


def render(places: Places, source: Job | Published, request: Request, strict: bool) -> None:
    """Put site and PDF in place at once (for a preview the pages first); tell the verdicts.

    Raises ProjectError; `strict`, also where a claim is not supported.
    """
    root, site, previewed = places.root, places.site, room.ADDRESS in os.environ
    with swap.alone(site):
        made_of = freshness.fingerprint(root, [*request.here(), str(strict)], source.files)
        results = source.results()
        beside = _beside(places, source, results)
        for change in studies.since(site / "provenance.json", results.study.tables()):
            print(f"Changed since the last report: {visible(change)}")
        if sources := freshness.changed(site, root, made_of):
            print(f"Changed since the last report: {visible(sources)}; that trains nothing")
        cache, inputs = Cache(places.cache).settled(), catalogue.inputs_digest(results, root)
        with ahead.drawing(results, root, cache), swap.replacing(site) as new:
            claims = testing.evaluate_once(results, cache, inputs)
            stands = standing.standings(beside.published, results, claims)
            built = build.build_pages(
                results, claims, stands, new,
                root=root, cache=cache, inputs=inputs, beside=beside, asked=request.of_make(places),
            )  # fmt: skip
            if strict:
                verdicts.demand_support(built.claims)
            if not previewed:
                pdf.write_pdf(built, new)
        print(f"{site}/index.html is ready.", flush=True)
        if previewed:
            pdf.write_pdf(built, site)
        print(f"{site}/report.pdf is ready.")
        freshness.record(site, made_of)
        for origin in built.document.origins:
            machine = f" ({origin.machine})" if origin.machine else ""
            place = common.traced(origin).capitalize()
            print(visible(f"{place}{machine}: {', '.join(origin.experiments)}."))
        lines = verdicts.summary(built.claims, built.standings)
        for line in [*lines, *built.moved.ending(site / "compare.html")]:
            print(visible(line))


def _beside(places: Places, source: Job | Published, results: Results) -> Beside:
    """Return what the results of a build are compared with. Raises StoreError."""
    last, previous = earlier.read(places.site)

    def published() -> Results:
        if isinstance(source, Published) and source.folder == places.published:
            return results
        below = source.below if isinstance(source, Job) else None  # it has read them already
        return (below and below.results) or archive.read(places.published)

    about = manifest.read(places.published)
    verified = verification.read(places.verification, about["sha256"] if about else None)
    return Beside(about, published, last, previous, verified)
