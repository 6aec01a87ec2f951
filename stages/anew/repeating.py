"""Train one run anew in a store of its own, and tell how it compares with what is known of it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

from analysis.errors import ProjectError, visible
from analysis.plan.provenance import TRAINED_BY, same, training_environment
from analysis.plan.run import Run
from analysis.results import sources
from analysis.results.frames import Results
from analysis.results.places import Places, Request
from analysis.results.published import archive, manifest
from analysis.results.sources import Job
from analysis.results.stored import rows, schema, store
from report.pages.runs.records import SHORT
from stages import training
from stages.anew import likeness, naming, tiers, words
from stages.anew.likeness import Likeness, Tables
from stages.anew.naming import Wanted
from stages.options import Hands

FOLDER = "single"
"""In the folder of the results: where runs are that were trained anew."""


class UnlikeError(ProjectError):
    """A run has other numbers than are known of it, and not only the machine is another."""


@dataclass(frozen=True)
class Known:
    """What is known of a run: where, its tables, whether rounded, and where it was trained."""

    where: str
    tables: Tables
    rounded: bool
    environment: Mapping[str, str]


def repeat(places: Places, request: Request, wanted: Wanted) -> None:
    """Train the run that is meant, and tell how it compares with the stored and the published one.

    Raises InputError where not one run is meant, TrainingError, and UnlikeError where its numbers
    are others though at most the machine may be.
    """
    job = sources.to_train(places, request)
    folder = places.published_at(request.results) or places.published
    published = None if manifest.read(folder) is None else archive.with_runs(folder)
    identities = [] if published is None else published[0].runs["run_id"].tolist()
    runs = naming.named(job.study, job.planned, wanted, identities)
    identity = runs[0].id
    known = [*_stored(job, runs)]
    there = tuple(run for run in published[1] if run.id == identity) if published else ()
    store_of_one = train_anew(job, (*runs, *there), Hands(1))
    with store.open_store(store_of_one, to_read=True) as opened:
        anew = {name: opened.frame(name, runs) for name in schema.TABLES}
        as_published: Tables = {}
        if published and there:
            results, _ = published
            known.append(_published(results, folder, identity))
            again = rows.read(results.study, results.data, there, [opened] * len(there), {})
            as_published = likeness.of(again, identity)
    print(f"The run {identity[:SHORT]} is in {store_of_one}.")
    if not known:
        print(f"Nothing to compare it with: neither {job.store} nor {folder} has it.")
    told = []
    for each in known:
        own = as_published if each.rounded else anew
        told.append(_told(each, likeness.compare(own, each.tables, rounded=each.rounded)))
    if faults := [*filter(None, told)]:
        raise UnlikeError(f"the run {identity[:SHORT]}: {'; '.join(faults)}")


def _stored(job: Job, runs: Sequence[Run]) -> Iterator[Known]:
    with store.open_store(job.store, to_read=True) as opened:
        if opened.done(runs):
            tables = {name: opened.frame(name, runs) for name in schema.TABLES}
            (environment,) = opened.environments(runs)
            yield Known(f"stored in {job.store}", tables, False, environment)


def _published(found: Results, folder: Path, identity: str) -> Known:
    tables = likeness.of(found, identity)
    environment = cast(Mapping[str, str], found.provenance["trained_with"] or {})
    return Known(f"published in {folder}", tables, True, environment)


def train_anew(job: Job, runs: Sequence[Run], hands: Hands) -> Path:
    """Train runs from their beginning in a store beside that of the job; return its file.

    Data that the project does not carry are read from where the job has them.
    """
    paths = {run.settings.dataset_digest: run.path for run in job.planned if run.path}
    planned = tuple(
        # Nobody goes on from here: no checkpoint is kept.
        replace(
            run,
            path=run.path or paths.get(run.settings.dataset_digest),
            asked=replace(run.asked, keep_state=False),
        )
        for run in runs
    )
    place = job.store.parent / FOLDER / job.store.name
    alone = replace(job, planned=planned, store=place, below=None)
    training.train(alone, hands, anew=True)
    return place


def _told(known: Known, found: Likeness) -> str:
    """Print how a run compares with what is known of it; return what is wrong, if anything is."""
    here = dict(training_environment())
    equal = "equal in all ten digits" if known.rounded else "equal bit for bit"
    verdict = equal if found.equal else "other numbers, by at most"
    print(f"As {known.where} ({words.extent(found)}): {verdict}")
    for line in words.differences(found):
        print(f"  {line}")
    places = {"there": words.spelled(known.environment), "here": words.spelled(here)}
    if places["there"] == places["here"]:
        places = {"there and here": places["here"]}
    for place, machine in places.items():
        print(visible(f"  trained {place} on {machine}"))
    if found.equal:
        return ""
    packages = [name for name in TRAINED_BY if known.environment.get(name) != here[name]]
    if packages:
        why = f"other packages made it ({', '.join(packages)})"
        return f"other numbers than {known.where}, {why}"
    if not same(known.environment, here):
        print("  Only the machine differs, and with it how sums are rounded on the way.")
        return ""
    return f"other numbers than {known.where}, {tiers.SAME}"
