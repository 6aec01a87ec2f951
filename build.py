"""The front door: one command a stage. It knows their order, and tells what they say.

It also joins what may not know each other, training to the store and the store to the report.
Heavy libraries are imported by the stage that needs them: a build with nothing to do ends at once.
"""

import os
import sys

if __name__ == "__main__":
    if not sys.flags.ignore_environment:
        # Anew, deaf to Python's variables: a path of others may hold a typing.py of its own.
        os.execv(sys.executable, [sys.executable, "-E", "-s", "-X", "utf8", *sys.argv])
    import signal

    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # nothing yet has to end in order

import contextlib
import functools
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ParamSpec

import typer

from analysis.errors import stopping, visible
from analysis.results.places import Places, Request, working_folder
from analysis.training.surroundings import processors, streams, variables

if TYPE_CHECKING:
    from analysis.results.sources import Job, Published

ROOT = Path(__file__).resolve().parent
COMMANDS = list[Callable[..., None]]()

app = typer.Typer(
    add_completion=False, no_args_is_help=True,
    rich_markup_mode=None, pretty_exceptions_enable=False,
    help="A reproducible report on weight initialization: train, store, test and render.",
)  # fmt: skip

Study = Annotated[str | None, typer.Option(
    "--study", help="A .toml file, or the name of one in studies/.", show_default="study.toml",
)]  # fmt: skip
Changes = Annotated[list[str], typer.Option("--set", help="KEY=VALUE, such as training.epochs=3.")]
Settings = Annotated[str, typer.Option(hidden=True)]
Folder = Annotated[str | None, typer.Option(
    "--results", metavar="FOLDER", show_default="results",
    help='The folder that holds runs.sqlite, or, to show them, "published".',
)]  # fmt: skip
Strict = Annotated[bool, typer.Option("--strict", help="Fail where a claim is not supported.")]
Workers = Annotated[int, typer.Option("--workers", min=0, help="Worker processes; 0: one a core.")]
Port = Annotated[int, typer.Option("--port", min=0, max=65535, help="0: any that is free.")]
Hosts = Annotated[list[str], typer.Option("--host", help="A name that a proxy calls it by.")]
Experiments = Annotated[list[str], typer.Option("--experiment", help="Its name; all if none.")]
Arguments = ParamSpec("Arguments")


def command(function: Callable[Arguments, None]) -> Callable[Arguments, None]:
    """Make a function a command whose errors end in a message and an exit code, not a traceback."""

    @functools.wraps(function)
    def guarded(*args: Arguments.args, **kwargs: Arguments.kwargs) -> None:
        try:
            stopping.in_order()(function)(*args, **kwargs)
        except BrokenPipeError:
            raise  # who read the output has left: typer ends without a word
        except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 - no wall of text, ever
            from analysis.errors import mishap
            from report.output.serve import faults

            faults.leave(error)
            print(mishap.told(error, ROOT, sys.argv[1:]), file=sys.stderr)
            raise typer.Exit(mishap.exit_code(error)) from None

    app.command()(guarded)
    COMMANDS.append(guarded)
    return guarded


@app.callback()
def door(context: typer.Context, settings: Settings = "") -> None:
    """Take `settings`, make's SET: any number of KEY=VALUE words, for whichever command follows."""
    from analysis.study import tables

    changes = {"set_": tables.pairs(settings)}
    context.default_map = {each.__name__: changes for each in COMMANDS}


@command
def report(
    study: Study = None,
    set_: Changes = [],  # noqa: B006 - Typer reads the default
    results: Folder = None,
    workers: Workers = 0,
    strict: Strict = False,
) -> None:
    """Train what is missing and build site/ with index.html and report.pdf.

    Example: python build.py report --set training.epochs=3 --set seeds=5
    """
    from report.output import freshness
    from report.output.serve import lifeline

    lifeline.hold()
    places, request = _places(), Request.typed(study, set_, results)
    if freshness.is_fresh(places.site, places.root, [*request.here(), str(strict)]):
        print(f"Nothing has changed: {places.site} has the pages and report.pdf of these inputs.")
        return
    from analysis.results import sources

    source = sources.source(places, request)
    if isinstance(source, sources.Job):
        _train(source, workers)
    _render(places, source, request, strict)


@command
def train(
    study: Study = None,
    set_: Changes = [],  # noqa: B006
    results: Folder = None,
    workers: Workers = 0,
    experiment: Experiments = [],  # noqa: B006
) -> None:
    """Train the runs of the study that are not stored yet, and build nothing.

    Example: python build.py train --study quick --workers 1
    """
    from analysis.results import sources

    request = Request.typed(study, set_, results)
    _train(sources.prepare(_places(), request, experiment), workers)


@command
def render(
    study: Study = None,
    set_: Changes = [],  # noqa: B006
    results: Folder = None,
    strict: Strict = False,
) -> None:
    """Build the site from stored or published results, and train nothing.

    Example: python build.py render --results published --strict
    """
    from analysis.results import sources

    places, request = _places(), Request.typed(study, set_, results)
    _render(places, sources.source(places, request), request, strict)


@command
def serve(
    study: Study = None,
    set_: Changes = [],  # noqa: B006
    results: Folder = None,
    workers: Workers = 0,
    port: Port = 8000,
    host: Hosts = [],  # noqa: B006
) -> None:
    """Build, show the site on this machine alone, and do so again on every change.

    Example: python build.py serve --results published --port 8080
    """
    from report.output.serve import server, watching

    places, request = _places(), Request.typed(study, set_, results)
    words = [*request.words(), "--workers", str(workers)]
    command = [sys.executable, str(places.root / "build.py"), "report", *words]
    server.serve(command, watching.Inputs.of(places, request), port, host)


@command
def publish(
    study: Study = None,
    set_: Changes = [],  # noqa: B006
    results: Folder = None,
) -> None:
    """Write the stored results and their verdicts to results/published, for all to render from.

    Example: python build.py publish --results results
    """
    from analysis.claims import standing, testing
    from analysis.results import published, sources

    places = _places()
    measured = sources.prepare(places, Request.typed(study, set_, results)).results()
    entries = standing.entries(testing.evaluate(measured))
    published.write(measured, entries, places.published)
    megabytes = sum(path.stat().st_size for path in published.files(places.published)) / 1e6
    print(f"{places.published}: {len(measured.runs)} runs in {megabytes:.1f} MB.")


@command
def plan(
    study: Study = None,
    set_: Changes = [],  # noqa: B006
    results: Folder = None,
    experiment: Experiments = [],  # noqa: B006
) -> None:
    """List the runs of the study: what is stored, and what is still to be trained.

    Example: python build.py plan --set seeds=30
    """
    from analysis.plan import costs, planning
    from analysis.results import sources

    job = sources.prepare(_places(), Request.typed(study, set_, results), experiment)
    known = job.known()
    pending = job.pending(known)
    for name in dict.fromkeys(run.experiment for run in job.planned):
        own = [run for run in job.planned if run.experiment == name]
        print(f"{name}: {len(own)} runs, {len(planning.pending(own, known))} to train")
    time = costs.in_words(costs.seconds(pending, job.data, processors.available()))
    print(f"In all: {len(job.planned)} runs, {len(pending)} to train, {time}")


@command
def bench() -> None:
    """Measure the engine against Model.fit, side by side, and write benchmarks/latest.json.

    Example: python build.py bench
    """
    from benchmarks import compare

    compare.main()


def _places() -> Places:
    from report.output import swap

    return swap.settled(Places.of(ROOT, working_folder()))


def _train(job: "Job", workers: int) -> None:
    from analysis.plan import costs
    from analysis.results import store
    from analysis.training import progress
    from analysis.training.workers import train as train_runs

    with store.building(job.store), store.open_store(job.store) as stored:
        pending = job.pending(stored.known())
        by_id = {run.id: run for run in pending}
        count = min(workers or processors.available(), len(pending))
        if pending:
            print(costs.announcement(pending, len(job.planned), job.data, count), flush=True)
        finished = ((by_id[each.run_id], each) for each in train_runs(pending, count))
        with contextlib.closing(finished):
            try:
                for run, result in progress.follow(finished, len(pending)):
                    stored.add(run, result)
            except KeyboardInterrupt:  # say how many runs it leaves in the store
                raise KeyboardInterrupt(job.stored()) from None


def _render(places: Places, source: "Job | Published", request: Request, strict: bool) -> None:
    """Put site and PDF in place at once (for a preview the pages first); tell the verdicts."""
    from analysis.claims import standing, testing
    from analysis.plan import changes
    from analysis.results import published
    from analysis.results.cache import Cache
    from report.document import ahead
    from report.document.catalogue import inputs_digest
    from report.output import freshness, swap
    from report.output.paper import pdf, room
    from report.output.site.build import build_pages
    from report.words import verdicts

    root, site, previewed = places.root, places.site, room.ADDRESS in os.environ
    with swap.alone(site):
        made_of = freshness.fingerprint(root, [*request.here(), str(strict)], source.files)
        results = source.results()
        for change in changes.since(site / "provenance.json", results.study.tables()):
            print(f"Changed since the last report: {visible(change)}")
        cache, inputs = Cache(places.cache).settled(), inputs_digest(results, root)
        with ahead.drawing(results, root, cache), swap.replacing(site) as new:
            claims = testing.evaluate_once(results, cache, inputs)
            stands = standing.standings(published.manifest(places.published), results, claims)
            built = build_pages(results, claims, stands, new, root=root, cache=cache, inputs=inputs)
            if strict:
                verdicts.demand_support(built.claims)
            if not previewed:
                pdf.write_pdf(built, new)
        print(f"{site}/index.html is ready.", flush=True)
        if previewed:
            pdf.write_pdf(built, site)
        print(f"{site}/report.pdf is ready.")
        freshness.record(site, made_of)
        for line in verdicts.summary(built.claims, built.standings):
            print(visible(line))


if __name__ == "__main__":
    streams.settle()
    variables.replace(variables.of_build(os.environ))
    app()
