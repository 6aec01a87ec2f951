"""The front door: one command a stage. It knows the order and holds no logic.

Heavy libraries are imported by the stage that needs them, so that a build with nothing to do ends
at once.
"""

import contextlib
import functools
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ParamSpec

import typer

from analysis.errors import ProjectError

if TYPE_CHECKING:
    from analysis.dataset import Description
    from analysis.plan import Run
    from analysis.results import Results
    from analysis.store import Store
    from analysis.study import Study

ROOT = Path(__file__).resolve().parent
SITE = Path("site")
INTERRUPTED = 130

app = typer.Typer(
    add_completion=False, no_args_is_help=True,
    rich_markup_mode=None, pretty_exceptions_enable=False,
    help="A reproducible report on weight initialization: train, store, test and render.",
)  # fmt: skip

StudyOption = Annotated[
    str, typer.Option("--study", help="A .toml file, or the name of one in studies/.")
]
SetOption = Annotated[
    list[str], typer.Option("--set", help="KEY=VALUE, such as training.epochs=3.")
]
ResultsOption = Annotated[
    Path, typer.Option("--results", help="The folder that holds runs.sqlite.")
]
WorkersOption = Annotated[
    int, typer.Option("--workers", min=0, help="Worker processes; 0: one a core.")
]
ExperimentOption = Annotated[
    list[str], typer.Option("--experiment", help="The name of an experiment; all if none is given.")
]
Arguments = ParamSpec("Arguments")


@dataclass(frozen=True)
class Job:
    """A study, its data and runs, the file of their results, and the files it is read from."""

    study: "Study"
    data: "Mapping[str, Description]"
    planned: "tuple[Run, ...]"
    store: Path
    files: tuple[Path, ...]


def command(function: Callable[Arguments, None]) -> Callable[Arguments, None]:
    """Make a function a command whose errors end in a message and an exit code, not a traceback."""

    @functools.wraps(function)
    def guarded(*args: Arguments.args, **kwargs: Arguments.kwargs) -> None:
        try:
            function(*args, **kwargs)
        except ProjectError as error:
            print(f"error: {error}", file=sys.stderr)
            raise typer.Exit(error.exit_code) from None
        except KeyboardInterrupt as interrupt:
            words = ["Interrupted.", str(interrupt), "The same command resumes where it stopped."]
            print("\n" + " ".join(filter(None, words)), file=sys.stderr)
            raise typer.Exit(INTERRUPTED) from None

    app.command()(guarded)
    return guarded


@command
def report(
    study: StudyOption = "study.toml",
    set_: SetOption = [],  # noqa: B006 - Typer reads the default
    results: ResultsOption = Path("results"),
    workers: WorkersOption = 0,
) -> None:
    """Train what is missing and build site/ with index.html and report.pdf.

    Example: python build.py report --set training.epochs=3 --set seeds=5
    """
    from report import freshness

    arguments = [study, *set_, str(results)]
    if freshness.is_fresh(SITE, ROOT, arguments):
        print(f"Nothing has changed: {SITE}/index.html and {SITE}/report.pdf are up to date.")
        return
    job = _job(study, set_, results)
    _train(job, workers)
    _render(job, arguments)


@command
def train(
    study: StudyOption = "study.toml",
    set_: SetOption = [],  # noqa: B006
    results: ResultsOption = Path("results"),
    workers: WorkersOption = 0,
    experiment: ExperimentOption = [],  # noqa: B006
) -> None:
    """Train the runs of the study that are not stored yet, and build nothing.

    Example: python build.py train --study quick --workers 1
    """
    _train(_job(study, set_, results, experiment), workers)


@command
def render(
    study: StudyOption = "study.toml",
    set_: SetOption = [],  # noqa: B006
    results: ResultsOption = Path("results"),
) -> None:
    """Build the site from stored results, and train nothing.

    Example: python build.py render --study quick
    """
    _render(_job(study, set_, results), [study, *set_, str(results)])


@command
def plan(
    study: StudyOption = "study.toml",
    set_: SetOption = [],  # noqa: B006
    results: ResultsOption = Path("results"),
    experiment: ExperimentOption = [],  # noqa: B006
) -> None:
    """List the runs of the study: what is stored, and what is still to be trained.

    Example: python build.py plan --set seeds=30
    """
    from analysis import costs, workers
    from analysis import plan as plans

    job = _job(study, set_, results, experiment)
    known = _known(job)
    for name in dict.fromkeys(run.experiment for run in job.planned):
        own = [run for run in job.planned if run.experiment == name]
        print(f"{name}: {len(own)} runs, {len(plans.pending(own, known))} to train")
    pending = plans.pending(job.planned, known)
    time = costs.in_words(costs.seconds(pending, job.data, workers.available()))
    print(f"In all: {len(job.planned)} runs, {len(pending)} to train, {time}")


@command
def bench() -> None:
    """Measure the engine against Model.fit, side by side, and write benchmarks/latest.json.

    Example: python build.py bench
    """
    from benchmarks import compare

    compare.main()


def _job(study: str, overrides: Sequence[str], results: Path, only: Sequence[str] = ()) -> Job:
    from analysis import dataset, studyfile
    from analysis import plan as plans
    from analysis import study as studies

    loaded = studies.load(study, overrides)
    data = {name: dataset.describe(name) for name in plans.datasets(loaded)}
    store = results / "runs.sqlite"
    files = (store, *map(Path, data), *studyfile.files(study))
    return Job(loaded, data, plans.runs(loaded, data, only), store, files)


def _known(job: Job) -> frozenset[str]:
    from analysis import store

    if not job.store.exists():
        return frozenset()
    with store.open_store(job.store) as stored:
        return stored.known()


def _train(job: Job, workers: int) -> None:
    from analysis import costs, progress, store
    from analysis import plan as plans
    from analysis import workers as pool

    with store.building(job.store), store.open_store(job.store) as stored:
        pending = plans.pending(job.planned, stored.known())
        by_id = {run.id: run for run in pending}
        if pending:
            count = min(workers or pool.available(), len(pending))
            time = costs.in_words(costs.seconds(pending, job.data, count))
            of = f"{len(pending)} of {len(job.planned)} runs"
            print(f"Training {of} on {count} workers: {time}.", flush=True)
        finished = ((by_id[each.run_id], each) for each in pool.train(pending, workers or None))
        with contextlib.closing(finished), _counted(job, stored):
            for run, result in progress.follow(finished, len(pending)):
                stored.add(run, result)


@contextlib.contextmanager
def _counted(job: Job, stored: "Store") -> Iterator[None]:
    """Let a Ctrl-C say how many runs it left in the store."""
    try:
        yield
    except KeyboardInterrupt:
        ids = {run.id for run in job.planned}
        kept = f"{len(ids & stored.known())} of {len(ids)} runs are stored in {stored.path}."
        raise KeyboardInterrupt(kept) from None


def _render(job: Job, arguments: Sequence[str]) -> None:
    """Build the HTML and put it in place, then set the PDF beside it."""
    from analysis import changes, store
    from report import freshness, pages, pdf, publish

    with store.building(SITE.with_name(f".{SITE.name}")):
        inputs = freshness.fingerprint(ROOT, arguments, job.files)
        results = _results(job)
        study = results.study.model_dump(mode="json")
        for change in changes.since(SITE / "provenance.json", study):
            print(f"Changed since the last report: {change}")
        with publish.replacing(SITE) as new:
            built = pages.build_pages(results, None, new, cache=job.store.parent / "cache")
        print(f"{SITE}/index.html is ready.", flush=True)
        try:
            pdf.write_pdf(built, SITE)
        except pdf.PangoMissing as error:
            print(f"{SITE}/report.pdf was not made: {error}", file=sys.stderr)
            return
        print(f"{SITE}/report.pdf is ready.")
        freshness.record(SITE, inputs)


def _results(job: Job) -> "Results":
    from analysis import provenance, store
    from analysis import results as tidy

    with store.open_store(job.store) as stored:
        environments = stored.environments(job.planned)
        described = provenance.describe(job.study, job.data, job.planned, environments)
        return tidy.read(stored, job.study, job.planned, described)


if __name__ == "__main__":
    app()
