"""Train what a study lacks, and store each run as it comes: here, or on a cluster."""

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Protocol

from analysis.errors import reading, visible
from analysis.plan import provenance
from analysis.plan.costs import words
from analysis.plan.result import RunResult
from analysis.plan.work import Task
from analysis.results import sources
from analysis.results.ledger import kept
from analysis.results.ledger.lock import Lock
from analysis.results.places import Places, Request
from analysis.results.published import manifest
from analysis.results.sources import Job, Published
from analysis.results.stored import store
from analysis.training import workers
from analysis.training.cluster import joining
from analysis.training.surroundings import processors, progress
from stages import planning
from stages.options import Hands

LONG_S = 10
"""A training that takes longer is told experiment by experiment before it begins."""


def trained(places: Places, request: Request, hands: Hands) -> Job | Published:
    """Return what a report is made from, once what it lacks has been trained; see `train`.

    Raises as that does, and before it trains where the ledger is damaged.
    """
    source = sources.source(places, request)
    if isinstance(source, Job):
        kept.read(places, manifest.read(places.published))
        train(source, hands)
    return source


class Crew(Protocol):
    """Who trains: processes here, or the workers of a cluster."""

    def train(self, tasks: Sequence[Task], state: workers.State) -> Iterator[RunResult]:
        """Yield the result of each run as it finishes."""


def count(hands: Hands) -> int:
    """Return how many can train at once, which is asked of a cluster. Raises InputError."""
    if hands.cluster:
        return joining.count(hands.cluster)
    return hands.workers or processors.available()


def measuring(hands: Hands, most: int) -> int:
    """Return how many processes tell the pace of this machine, where `most` are to train at once.

    As many as will train on it; one a core stands for workers elsewhere.
    """
    elsewhere = hands.cluster and not hands.cluster.here
    return min(most, processors.available()) if elsewhere else most


@contextlib.contextmanager
def hired(hands: Hands, tasks: Sequence[Task], most: int) -> Iterator[Crew]:
    """Give who trains these tasks, `most` at once: they get ready meanwhile.

    Raises InputError and TrainingError.
    """
    if hands.cluster and tasks:
        with joining.joined(hands.cluster, tasks) as crew:
            yield crew
    else:
        with workers.started(min(most, len(tasks))) as own:
            yield own


def train(job: Job, hands: Hands, *, anew: bool = False) -> None:
    """Train what is not stored of a job; `anew`, all of it from the beginning, whatever is stored.

    A cluster is asked only where there is something to train. Raises ProjectError, and
    KeyboardInterrupt with the words on how many runs are stored.
    """
    if not reading.exists(job.store):
        job.pending({})  # what is too large is refused before a store is made for it
    with store.building(job.store), store.open_store(job.store) as stored:
        done = {} if anew else stored.done(job.planned)
        most = count(hands) if job.pending(done) else 1
        found = planning.outlook(job, done, stored.records, most, measuring(hands, most))
        pending = found.pending
        begun = min(most, len(pending))
        with hired(hands, pending, most) as crew:
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
