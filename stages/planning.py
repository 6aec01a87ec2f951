"""Tell what a study asks for: what is stored, what is to be trained and why, and who reads it."""

import math
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

from analysis.errors import counted, plural, visible
from analysis.plan import work
from analysis.plan.changes.runs import Difference, Reasons, Stored
from analysis.plan.costs import pace, times, words
from analysis.plan.result import Record
from analysis.plan.work import Done, Task
from analysis.results.sources import Job
from analysis.results.stored import store
from analysis.study import tables
from analysis.study.model import BASE
from analysis.training.surroundings import processors

INHERITED = ("network.", "training.", "variants.")
"""Keys that every experiment takes over from the study, unless it has its own."""


@dataclass(frozen=True)
class Part:
    """What is to be done for an experiment, in how many seconds, and why."""

    name: str
    runs: int
    published: int
    """Of these runs, those taken from the published results."""
    tasks: tuple[Task, ...]
    seconds: float
    """0 where its tasks are those of an experiment before it."""
    reasons: Reasons


@dataclass(frozen=True)
class Outlook:
    """What a job asks for, experiment by experiment; `pending` are all of its tasks, each once."""

    parts: tuple[Part, ...]
    pending: tuple[Task, ...]
    known: bool
    """Whether anything is stored, beside which one can see a change."""

    @property
    def seconds(self) -> float:
        """Return the seconds that all of it takes."""
        return sum(part.seconds for part in self.parts)

    @property
    def there(self) -> str:
        """Return in words where the runs are once nothing is to be done."""
        stored = any(part.published < part.runs for part in self.parts)
        published = any(part.published for part in self.parts)
        kinds = {"stored": stored, "published": published}
        return f"all {' or '.join(kind for kind, some in kinds.items() if some)}"


def outlook(
    job: Job,
    done: Mapping[str, Done],
    stored: Callable[[], Sequence[Record]],
    workers: int,
    measuring: int,
) -> Outlook:
    """Return what a job asks for beside what is `done`, on `workers` processes.

    So many as `measuring`, and no more than will train, tell the pace of this machine. `stored`
    returns what a store tells of all its runs, and is called where something is to be trained.
    Raises StudyError.
    """
    pending = job.pending(done)
    records = stored() if pending else ()
    least = min(measuring, len(pending))
    here = times.Times(records, job.data, lambda: pace.measured(least))
    shares = times.seconds(pending, here, workers)
    digests = {about.digest for about in job.data.values()}
    there = job.below.records() if pending and job.below else ()
    below = [each for each in there if each.settings.dataset_digest in digests]
    beside = Stored([*records, *below], job.planned if pending else (), job.data)
    where = job.shares(done)
    parts = []
    for name, (count, published) in where.counts().items():
        own = [run for run in where.here if run.experiment == name] if pending else []
        tasks = work.tasks(own, done)
        seconds = math.fsum(shares.pop(task.run.id, 0.0) for task in tasks)
        reasons = beside.reasons(tasks, done)
        parts.append(Part(name, count + published, published, tasks, seconds, reasons))
    return Outlook(tuple(parts), pending, bool(records or below))


def tell(job: Job) -> None:
    """Print what a job asks for beside what is stored. Raises StudyError and StoreError."""
    with store.open_store(job.store, to_read=True) as stored:
        count = processors.available()
        found = outlook(job, stored.done(job.planned), stored.records, count, count)
    for line in lines(found):
        print(visible(line))
    todo = f"{work.in_words(found.pending)}, {words.in_words(found.seconds)}"
    print(f"In all: {counted(job.count, 'run')}, {todo if found.pending else found.there}")


def lines(found: Outlook, *, changing: bool = False) -> Iterator[str]:
    """Yield a line for each experiment, or for each `changing` one, then who reads those.

    And nothing where nothing is to be done.
    """
    if not found.pending:
        return
    todo = [part for part in found.parts if part.tasks]
    rows = [_cells(part) for part in (todo if changing else found.parts)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for name, runs, *rest in rows:
        cells = (name.ljust(widths[0]), runs.rjust(widths[1]))
        others = (text.ljust(width) for text, width in zip(rest, widths[2:], strict=True))
        yield "  ".join([*cells, *others]).rstrip()
    if found.known:
        yield from _read_by(todo, widths[0])
        yield from _confined(todo)


def _cells(part: Part) -> tuple[str, ...]:
    """Return the cells of a line: name, runs, what is to be done, how long that takes, and why."""
    here = work.in_words(part.tasks) if part.tasks or part.published < part.runs else ""
    below = "published" if part.published == part.runs else f"{part.published} published"
    todo = ", ".join(filter(None, (here, below if part.published else "")))
    time = words.in_words(part.seconds) if part.seconds else ""
    return part.name, counted(part.runs, "run"), todo, time, str(part.reasons)


def _read_by(changing: Sequence[Part], width: int) -> Iterator[str]:
    """Yield a line for each changing experiment that something reads."""
    found = readers([part.name for part in changing])
    if found:
        yield "Read by"
    for name, reading in found.items():
        yield f"  {name.ljust(width)}  {reading}"


def readers(experiments: Collection[str]) -> dict[str, str]:
    """Return in words what reads each of the experiments; those that nothing reads are left out.

    A table that shows all experiments alike reads none in particular.
    """
    # These bring what draws and what tests.
    from analysis.claims import testing
    from report import figures
    from report import tables as shown

    drawn = {name: (figures.load(name).experiment,) for name in figures.NAMES}
    tabled = {name: shown.experiments(name) or () for name in shown.NAMES}
    claimed = [each.experiment for each in testing.declarations()]
    found = {}
    for experiment in experiments:
        parts = [
            f"{plural(len(names), kind)} {', '.join(names)}"
            for kind, reading in (("figure", drawn), ("table", tabled))
            if (names := [name for name, own in reading.items() if experiment in own])
        ]
        if count := claimed.count(experiment):
            parts.append(counted(count, "claim"))
        if parts:
            found[experiment] = "; ".join(parts)
    return found


def _confined(changing: Sequence[Part]) -> Iterator[str]:
    """Yield how to confine what changes the comparison and other experiments alike."""
    own = [part.reasons.differences for part in changing if part.name == BASE]
    others = [part for part in changing if part.name != BASE]
    reaching = [
        each
        for each in (own[0] if own else ())
        if each.key.startswith(INHERITED)
        and any(each in part.reasons.differences for part in others)
    ]
    if reaching:
        reached = [part.name for part in others if {*reaching} & {*part.reasons.differences}]
        keys = " ".join(f"experiments.{BASE}.{_assigned(each)}" for each in reaching)
        quote = "'" if '"' in keys else '"'
        experiments = f"{len(reached)} more {plural(len(reached), 'experiment')}"
        yield f"This reaches {experiments}; the comparison alone: SET={quote}{keys}{quote}"


def _assigned(difference: Difference) -> str:
    """Return a difference as a word of SET."""
    is_text = isinstance(tables.value(difference.new), str)
    quote = '"' if is_text and " " in difference.new else ""
    return f"{difference.key}={quote}{difference.new}{quote}"
