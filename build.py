"""The front door: one command a stage. It knows the order and holds no logic.

Heavy libraries are imported by the stage that needs them, so that a build with nothing to do ends
at once.
"""

import contextlib
import functools
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ParamSpec

import typer

from analysis.errors import ProjectError

if TYPE_CHECKING:
    from analysis.results.sources import Job, Published

ROOT = Path(__file__).resolve().parent
SITE = Path("site")
INTERRUPTED = 130

app = typer.Typer(
    add_completion=False, no_args_is_help=True,
    rich_markup_mode=None, pretty_exceptions_enable=False,
    help="A reproducible report on weight initialization: train, store, test and render.",
)  # fmt: skip

StudyOption = Annotated[
    str | None,
    typer.Option(
        "--study", help="A .toml file, or the name of one in studies/.", show_default="study.toml"
    ),
]
SetOption = Annotated[
    list[str], typer.Option("--set", help="KEY=VALUE, such as training.epochs=3.")
]
ResultsOption = Annotated[
    Path, typer.Option("--results", help="The folder that holds runs.sqlite.")
]
SourceOption = Annotated[
    Path, typer.Option("--results", help='The folder that holds runs.sqlite, or "published".')
]
StrictOption = Annotated[
    bool, typer.Option("--strict", help="Fail where a claim is not supported.")
]
WorkersOption = Annotated[
    int, typer.Option("--workers", min=0, help="Worker processes; 0: one a core.")
]
PortOption = Annotated[
    int, typer.Option("--port", min=0, max=65535, help="The port; 0: any that is free.")
]
ExperimentOption = Annotated[
    list[str], typer.Option("--experiment", help="The name of an experiment; all if none is given.")
]
Arguments = ParamSpec("Arguments")


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
    study: StudyOption = None,
    set_: SetOption = [],  # noqa: B006 - Typer reads the default
    results: SourceOption = Path("results"),
    workers: WorkersOption = 0,
    strict: StrictOption = False,
) -> None:
    """Train what is missing and build site/ with index.html and report.pdf.

    Example: python build.py report --set training.epochs=3 --set seeds=5
    """
    from report.output import freshness

    arguments = [str(study), *set_, str(results), str(strict)]
    if freshness.is_fresh(SITE, ROOT, arguments):
        print(f"Nothing has changed: {SITE}/index.html and {SITE}/report.pdf are up to date.")
        return
    from analysis.results import sources

    source = sources.source(study, set_, results)
    if isinstance(source, sources.Job):
        _train(source, workers)
    _render(source, arguments, strict)


@command
def train(
    study: StudyOption = None,
    set_: SetOption = [],  # noqa: B006
    results: ResultsOption = Path("results"),
    workers: WorkersOption = 0,
    experiment: ExperimentOption = [],  # noqa: B006
) -> None:
    """Train the runs of the study that are not stored yet, and build nothing.

    Example: python build.py train --study quick --workers 1
    """
    from analysis.results import sources

    _train(sources.prepare(study, set_, results, experiment), workers)


@command
def render(
    study: StudyOption = None,
    set_: SetOption = [],  # noqa: B006
    results: SourceOption = Path("results"),
    strict: StrictOption = False,
) -> None:
    """Build the site from stored or published results, and train nothing.

    Example: python build.py render --results published --strict
    """
    from analysis.results import sources

    arguments = [str(study), *set_, str(results), str(strict)]
    _render(sources.source(study, set_, results), arguments, strict)


@command
def serve(
    study: StudyOption = None,
    set_: SetOption = [],  # noqa: B006
    results: SourceOption = Path("results"),
    workers: WorkersOption = 0,
    port: PortOption = 8000,
) -> None:
    """Build, show the site on this machine alone, and do so again on every change.

    Example: python build.py serve --results published --port 8080
    """
    from report.output import serve
    from report.output.serve import watching

    words = [*(["--study", study] if study else []), *(f"--set={each}" for each in set_)]
    words += ["--results", str(results), "--workers", str(workers)]
    command = [sys.executable, str(ROOT / "build.py"), "report", *words]
    serve.serve(command, watching.Inputs.of(ROOT, SITE, study, results), port)


@command
def publish(
    study: StudyOption = None,
    set_: SetOption = [],  # noqa: B006
    results: ResultsOption = Path("results"),
) -> None:
    """Write the stored results and their verdicts to results/published, for all to render from.

    Example: python build.py publish --results results
    """
    from analysis.claims import standing, testing
    from analysis.results import published, sources

    measured = sources.prepare(study, set_, results).results()
    entries = standing.entries(testing.evaluate(measured))
    published.write(measured, entries, published.FOLDER)
    size = sum(path.stat().st_size for path in published.files(published.FOLDER))
    print(f"{published.FOLDER}: {len(measured.runs)} runs in {size / 1e6:.1f} MB.")


@command
def plan(
    study: StudyOption = None,
    set_: SetOption = [],  # noqa: B006
    results: ResultsOption = Path("results"),
    experiment: ExperimentOption = [],  # noqa: B006
) -> None:
    """List the runs of the study: what is stored, and what is still to be trained.

    Example: python build.py plan --set seeds=30
    """
    from analysis.plan import costs, planning
    from analysis.results import sources
    from analysis.training import workers

    job = sources.prepare(study, set_, results, experiment)
    known = job.known()
    for name in dict.fromkeys(run.experiment for run in job.planned):
        own = [run for run in job.planned if run.experiment == name]
        print(f"{name}: {len(own)} runs, {len(planning.pending(own, known))} to train")
    pending = planning.pending(job.planned, known)
    time = costs.in_words(costs.seconds(pending, job.data, workers.available()))
    print(f"In all: {len(job.planned)} runs, {len(pending)} to train, {time}")


@command
def bench() -> None:
    """Measure the engine against Model.fit, side by side, and write benchmarks/latest.json.

    Example: python build.py bench
    """
    from benchmarks import compare

    compare.main()


def _train(job: "Job", workers: int) -> None:
    from analysis.plan import costs, planning
    from analysis.results import store
    from analysis.training import progress
    from analysis.training.workers import available
    from analysis.training.workers import train as train_runs

    with store.building(job.store), store.open_store(job.store) as stored:
        pending = planning.pending(job.planned, stored.known())
        by_id = {run.id: run for run in pending}
        if pending:
            count = min(workers or available(), len(pending))
            time = costs.in_words(costs.seconds(pending, job.data, count))
            of = f"{len(pending)} of {len(job.planned)} runs"
            print(f"Training {of} on {count} workers: {time}.", flush=True)
        finished = ((by_id[each.run_id], each) for each in train_runs(pending, workers or None))
        with contextlib.closing(finished), _counted(job):
            for run, result in progress.follow(finished, len(pending)):
                stored.add(run, result)


@contextlib.contextmanager
def _counted(job: "Job") -> Iterator[None]:
    """Let a Ctrl-C say how many runs it left in the store."""
    try:
        yield
    except KeyboardInterrupt:
        raise KeyboardInterrupt(job.stored()) from None


def _render(source: "Job | Published", arguments: Sequence[str], strict: bool) -> None:
    """Build the HTML and put it in place, set the PDF beside it, and tell what the claims say."""
    from analysis.claims import standing, testing
    from analysis.plan import changes
    from analysis.results import published, store
    from analysis.results.cache import Cache
    from report.document.catalogue import evidence_digest
    from report.output import freshness, swap
    from report.output.paper import pdf
    from report.output.site import pages
    from report.words import verdicts

    with store.building(SITE.with_name(f".{SITE.name}")):
        inputs = freshness.fingerprint(ROOT, arguments, source.files)
        results = source.results()
        for change in changes.since(SITE / "provenance.json", results.study.tables()):
            print(f"Changed since the last report: {change}")
        cache, evidence = Cache(source.cache), evidence_digest(results, ROOT)
        claims = testing.evaluate_once(results, cache, evidence)
        about = published.manifest(published.FOLDER)
        standings = standing.standings(about, results, claims)
        with swap.replacing(SITE) as new:
            built = pages.build_pages(
                results, claims, standings, new, root=ROOT, cache=cache, evidence=evidence
            )
            if strict:
                verdicts.demand_support(built.claims)
        print(f"{SITE}/index.html is ready.", flush=True)
        pdf.write_pdf(built, SITE)
        print(f"{SITE}/report.pdf is ready.")
        freshness.record(SITE, inputs)
        for line in verdicts.summary(built.claims, built.standings):
            print(line)


if __name__ == "__main__":
    app()
