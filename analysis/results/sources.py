"""What a command works on: a study with its runs and their store, or the published results."""

import contextlib
import shlex
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from analysis.data.dataset import Description
from analysis.errors import InputError, StudyError, counted
from analysis.errors.mistakes import shown
from analysis.plan import origin, planning, provenance, work
from analysis.plan.costs import memory
from analysis.plan.run import Run
from analysis.plan.work import Done, Task
from analysis.results.frames import Results
from analysis.results.ledger import lock
from analysis.results.ledger.lock import Lock
from analysis.results.places import MANIFEST, Places, Request
from analysis.results.published import archive, manifest
from analysis.results.published.layer import Layer
from analysis.results.stored import rows, store
from analysis.study import file
from analysis.study.model import BASE, Study
from analysis.study.names import closest


@dataclass(frozen=True)
class Shares:
    """Where the runs of a study are, or are to be: here, or in the published results below."""

    here: tuple[Run, ...]
    published: tuple[Run, ...]
    experiments: tuple[str, ...]
    """Their names, in the order of the study."""

    def counts(self) -> dict[str, tuple[int, int]]:
        """Return by experiment how many of its runs are here, and how many published."""
        here, below = (
            Counter(run.experiment for run in own) for own in (self.here, self.published)
        )
        return {name: (here[name], below[name]) for name in self.experiments}


@dataclass(frozen=True)
class Job:
    """A study, its data and runs, the file of their results, and the files it is read from."""

    study: Study
    source: str
    """How the study is called in messages: its file, and the changes to it."""
    data: Mapping[str, Description]
    planned: tuple[Run, ...]
    store: Path
    below: Layer | None
    """Published results, of which the experiments are taken that are not trained here."""
    here: frozenset[str]
    """The experiments that are trained here, though they are published."""
    files: tuple[Path, ...]
    root: Path
    command: str
    """What to type to train it."""
    locked: Lock
    """The claims as they were frozen so far."""

    @property
    def count(self) -> int:
        """Return how many different runs there are: two experiments may share one."""
        return len({run.id for run in self.planned})

    def of(self, experiment: str) -> "Job":
        """Return the same with the runs of an experiment alone."""
        own = tuple(run for run in self.planned if run.experiment == experiment)
        command = f"{self.command} --experiment {shlex.quote(experiment)}"
        return replace(self, planned=own, command=command)

    def done(self) -> Mapping[str, Done]:
        """Return what is stored of the runs."""
        with store.open_store(self.store, to_read=True) as stored:
            return stored.done(self.planned)

    def shares(self, done: Mapping[str, Done]) -> Shares:
        """Return where each run is, or is to be trained, given what is `done` here.

        An experiment is taken from one place, unless neither has all of it: then from here what is
        here, from the published results what is there, and the rest is to be trained.
        """
        here, published = list[Run](), list[Run]()
        names = tuple(dict.fromkeys(run.experiment for run in self.planned))
        for name in names:
            own = [run for run in self.planned if run.experiment == name]
            lacking = {task.run.id for task in work.tasks(own, done)}
            if name in self.here or self.below is None or not lacking:
                here += own
                continue
            missing = {task.run.id for task in work.tasks(own, self.below.done(own))}
            for run in own:
                there = run.id not in missing and (run.id in lacking or not missing)
                (published if there else here).append(run)
        return Shares(tuple(here), tuple(published), names)

    def pending(self, done: Mapping[str, Done]) -> tuple[Task, ...]:
        """Return what is to be trained beside what is `done` here, or published.

        Raises StudyError for a run that needs more memory than this machine has.
        """
        pending = work.tasks(self.shares(done).here, done)
        with _named(self.source):
            memory.refuse_too_large(pending, self.data)
        return pending

    def stored(self) -> str:
        """Return in words how many of the runs are stored."""
        left = len(work.tasks(self.planned, self.done()))
        return f"{self.count - left} of {counted(self.count, 'run')} are stored in {self.store}."

    def results(self) -> Results:
        """Return the results, from here and from what is published. Raises StoreError."""
        with store.open_store(self.store, to_read=True) as stored:
            shares = self.shares(stored.done(self.planned))
            published = {*map(id, shares.published)}
            environments = {
                name: stored.environments([run for run in shares.here if run.experiment == name])
                for name in shares.experiments
            }
            described = provenance.describe(
                self.study, self.data, self.planned, environments, self.root
            )
            if self.below is not None and published:
                described |= {
                    "published_commit": self.below.commit,
                    **{
                        f"published_{key}": self.below.recorded(key, shares.published)
                        for key in archive.BY_EXPERIMENT
                    },
                    "published_trained_with": dict(self.below.environment),
                    "trained": {name: _place(*own) for name, own in shares.counts().items()},
                }
            places: list[rows.Source] = [
                self.below if self.below is not None and id(run) in published else stored
                for run in self.planned
            ]
            return rows.read(self.study, self.data, self.planned, places, described, self.command)


def _place(here: int, published: int) -> provenance.Place:
    if here and published:
        return "here and published"
    return "here" if here else "published"


@dataclass(frozen=True)
class Published:
    """Published results, which need no training, and the files they are read from."""

    folder: Path
    files: tuple[Path, ...]
    root: Path

    def results(self) -> Results:
        """Return the published results. Raises StoreError where they are damaged or missing."""
        found = archive.read(self.folder)
        described = {**found.provenance, **origin.rendering(self.root)}
        return replace(found, provenance=described)


def prepare(
    places: Places, request: Request, only: Sequence[str] = (), *, layered: bool = True
) -> Job:
    """Return the job of a study, all of it or `only` the experiments named. Raises InputError.

    Where it is not `layered`, the published results count for nothing.
    """
    if places.published_at(request.results):
        raise InputError(
            f"--results {request.results}: the published results are fixed tables, not a store of "
            "runs; only report and render take them"
        )
    path = file.find(request.study, places.study, places.studies)
    tables, name = file.read(path, request.changes)
    study = file.build_study(tables, name)
    with _named(name):
        data = planning.data(study)
        planned = planning.runs(study, data, only)
    stored = places.store(request.results)
    own = dict.fromkeys(Path(run.path) for run in planned if run.path)
    # The manifest of the published results tells which verdicts differ from the published ones.
    others = (*manifest.files(places.published), places.lock, places.verification)
    files = (stored, *others, *own, *file.files(path))
    below = Layer(places.published) if layered else None
    here = frozenset(only) or trained_here(study, request.train)
    command = request.command(places, "train")
    locked = lock.read(places.lock)
    return Job(study, name, data, planned, stored, below, here, files, places.root, command, locked)


def trained_here(study: Study, asked: str | None) -> frozenset[str]:
    """Return the experiments to train here, though they are published: by default the comparison.

    `asked` is "all", "none", or names with commas between them. Raises InputError.
    """
    if asked is None:
        return frozenset({BASE} & study.experiments.keys())
    if asked in ("all", "none"):
        return frozenset(study.experiments if asked == "all" else ())
    names = [name.strip() for name in asked.split(",")]
    for name in names:
        if name not in study.experiments:
            raise InputError(
                f"--train {shown(asked)}: no such experiment{closest(name, study.experiments)}; "
                f"give all, none, or some of {', '.join(study.experiments)}"
            )
    return frozenset(names)


def to_train(places: Places, request: Request) -> Job:
    """Return the job of a study or, for published results, of theirs. Raises InputError.

    The runs of a published study are stored where those of the default study are.
    """
    found = source(places, request)
    if isinstance(found, Job):
        return found
    study, path = archive.read(found.folder).study, str(found.folder / MANIFEST)
    with _named(path):
        data = planning.data(study)
        planned = planning.runs(study, data)
    command = request.command(places, "run")
    here, stored, files = frozenset(study.experiments), places.store(None), found.files
    locked = lock.read(places.lock)
    return Job(study, path, data, planned, stored, None, here, files, places.root, command, locked)


@contextlib.contextmanager
def _named(source: str) -> Iterator[None]:
    """Let what is wrong with a study, and is found when its runs are planned, name the study."""
    try:
        yield
    except StudyError as error:
        raise StudyError(f"{source}: {error}") from None


def source(places: Places, request: Request) -> Job | Published:
    """Return what a report is made from. Raises InputError.

    The study of published results is fixed: nothing else may be asked of them.
    """
    folder = places.published_at(request.results)
    if folder is None:
        return prepare(places, request)
    asked = replace(request, results=None).words()
    if asked:
        raise InputError(
            f"--results {request.results} with {' '.join(asked)}: the published study is fixed; "
            f"leave {'them' if len(asked) > 2 else 'it'} out, or leave out --results to train the "
            "changed study"
        )
    return published(places, folder)


def published(places: Places, folder: Path) -> Published:
    """Return the published results that are to be read from a folder."""
    beside = (places.published / MANIFEST, places.lock, places.verification)
    files = (*manifest.files(folder), *beside)
    return Published(folder, files, places.root)


def as_published(places: Places, job: Job) -> Published | None:
    """Return the published results of the very study of a job, on its data, if there are any."""
    about = manifest.read(places.published)
    if about is None or about["study"] != job.study.tables():
        return None
    digests = {name: known["sha256"] for name, known in about["datasets"].items()}
    if digests != {name: known.digest for name, known in job.data.items()}:
        return None
    return published(places, places.published)
