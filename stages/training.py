"""Train what a study lacks, and store each run as it comes."""

from dataclasses import replace

from analysis.errors import reading, visible
from analysis.plan import provenance
from analysis.plan.costs import words
from analysis.plan.result import RunResult
from analysis.results import sources
from analysis.results.ledger import kept
from analysis.results.ledger.lock import Lock
from analysis.results.places import Places, Request
from analysis.results.published import manifest
from analysis.results.sources import Job, Published
from analysis.results.stored import store
from analysis.training import progress, workers
from analysis.training.surroundings import processors
from stages import planning

LONG_S = 10
"""A training that takes longer is told experiment by experiment before it begins."""


def trained(places: Places, request: Request, count: int) -> Job | Published:
    """Return what a report is made from, once what it lacks has been trained; see `train`.

    Raises as that does, and before it trains where the ledger is damaged.
    """
    source = sources.source(places, request)
    if isinstance(source, Job):
        kept.read(places, manifest.read(places.published))
        train(source, count)
    return source


def train(job: Job, count: int, *, anew: bool = False) -> None:
    """Train what is not stored of a job, on `count` worker processes; 0: one a core.

    `anew`, all of it is trained from the beginning, whatever is stored. Raises ProjectError, and
    KeyboardInterrupt with the words on how many runs are stored.
    """
    count = count or processors.available()
    if not reading.exists(job.store):
        job.pending({})  # what is too large is refused before a store is made for it
    with store.building(job.store), store.open_store(job.store) as stored:
        found = planning.outlook(
            job, {} if anew else stored.done(job.planned), stored.records, count
        )
        pending = found.pending
        begun = min(count, len(pending))
        with workers.started(begun) as crew:  # they get ready while it is told what is to be done
            by_id = {task.run.id: task.run for task in pending}
            if found.seconds > LONG_S:
                for line in planning.lines(found, changing=True):
                    print(visible(line))
            if pending:
                told = words.announcement(len(pending), job.count, begun, found.seconds)
                print(told, flush=True)
            trained = crew.train(pending, stored.state)
            finished = ((by_id[each.run_id], _under(each, job.locked)) for each in trained)
            try:
                for run, result in progress.follow(finished, len(pending)):
                    stored.add(run, result)
            except KeyboardInterrupt:  # say how many runs it leaves in the store
                raise KeyboardInterrupt(job.stored()) from None


def _under(result: RunResult, locked: Lock) -> RunResult:
    """Return a result that tells which freeze of the claims stood when it was trained."""
    known = ((provenance.CLAIMS, locked.digest),) if locked.last else ()
    return replace(result, environment=(*result.environment, *known))
