"""Build site and paper from results, and put them in place: the pages, then the PDF."""

import os
from pathlib import Path

from analysis.claims import testing
from analysis.claims.against import earlier, replicated, standing
from analysis.errors import visible
from analysis.plan.changes import studies
from analysis.results.cache import Cache
from analysis.results.frames import Results
from analysis.results.ledger import kept
from analysis.results.ledger.kept import Kept
from analysis.results.places import Places, Request
from analysis.results.published import archive, manifest
from analysis.results.published.manifest import Manifest
from analysis.results.sources import Job, Published
from report.document import catalogue
from report.output import freshness, swap
from report.output.paper import room
from report.output.site import build
from report.output.writing import common
from report.output.writing.report import Report
from report.pages import ahead
from report.pages.compare.sides import Beside
from report.words import verdicts


def render(places: Places, source: Job | Published, request: Request, strict: bool) -> None:
    """Put the pages in place and the PDF beside them; tell the verdicts.

    Where the PDF cannot be set, the previous edition returns, but for a preview, which shows the
    pages as they are. Raises ProjectError; `strict`, also where a claim is contradicted and no
    sentence says so.
    """
    root, site, previewed = places.root, places.site, room.ADDRESS in os.environ
    with swap.alone(site):
        made_of = freshness.fingerprint(root, [*request.here(), str(strict)], source.files)
        results = source.results()
        about = manifest.read(places.published)
        ledger = kept.read(places, about)
        beside = _beside(places, source, results, about, ledger)
        for name, why in beside.ledger.aside:
            path = places.replications / f"{name}.json"
            print(visible(f"{path}: is of other settings than this study ({why}); not counted"))
        for change in studies.since(site / "provenance.json", results.study.tables()):
            print(f"Changed since the last report: {visible(change)}")
        if sources := freshness.changed(site, root, made_of):
            print(f"Changed since the last report: {visible(sources)}; that trains nothing")
        cache, code = Cache(places.cache).settled(), catalogue.code(root)
        made = list[Report]()

        def paper(folder: Path) -> None:
            """Set the PDF; its libraries are not loaded before the pages stand."""
            from report.output.paper import pdf

            print(f"{site}/index.html is ready.", flush=True)
            pdf.setting(made[0], folder)()
            print(f"{site}/report.pdf is ready.")

        def later(_: Path) -> None:
            """Set no PDF yet: a preview shows the pages first."""

        with (
            swap.replacing(site, then=later if previewed else paper) as new,
            ahead.drawing(results, root, cache, _others(places, source)),
        ):
            claims = testing.evaluate_once(results, cache, code)
            stands = standing.standings(about, results, claims, ledger.locked)
            stands = replicated.beside(stands, claims, beside.ledger)
            built = build.build_pages(
                results, claims, stands, new,
                root=root, cache=cache, inputs=catalogue.inputs_digest(results, code), code=code,
                beside=beside, asked=request.of_make(places),
            )  # fmt: skip
            if strict:
                verdicts.refuse_unanswered(built.claims, built.document.answered)
            made.append(built)
        if previewed:
            paper(site)
        freshness.record(site, made_of)
        for origin in built.document.origins:
            machine = f" ({origin.machine})" if origin.machine else ""
            place = common.traced(origin).capitalize()
            print(visible(f"{place}{machine}: {', '.join(origin.experiments)}."))
        lines = verdicts.summary(built.claims, built.standings)
        for line in [*lines, *built.moved.ending(site / "compare.html")]:
            print(visible(line))


def _others(places: Places, source: Job | Published) -> Path | None:
    """Return the folder of the published results that the report is compared with."""
    same = isinstance(source, Published) and source.folder == places.published
    return None if same else places.published


def _beside(
    places: Places, source: Job | Published, results: Results, about: Manifest | None, ledger: Kept
) -> Beside:
    """Return what the results of a build are compared with."""
    last, previous = earlier.read(places.site)

    def published() -> Results:
        if _others(places, source) is None:
            return results
        below = source.below if isinstance(source, Job) else None  # it has read them already
        return (below and below.results) or archive.read(places.published)

    repeated = replicated.ledger(ledger.replications, results.study, results.data)
    return Beside(about, published, last, previous, places.site, repeated, ledger.verified)
