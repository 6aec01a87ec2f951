"""The front door: its commands, their options, and how each ends.

What a command does stands in `stages`, which is loaded when it is asked for: so a build with
nothing to do ends at once.
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

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Annotated, ParamSpec

import typer

from analysis.errors import stopping
from analysis.results.places import Places, Request, working_folder
from analysis.training.surroundings import streams, variables

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
Train = Annotated[str | None, typer.Option(
    "--train", help="Experiments to train here, or all, or none.", show_default="base",
)]  # fmt: skip
Workers = Annotated[int, typer.Option("--workers", min=0, help="Worker processes; 0: one a core.")]
Port = Annotated[int, typer.Option("--port", min=0, max=65535, help="0: any that is free.")]
Hosts = Annotated[list[str], typer.Option("--host", help="A name that a proxy calls it by.")]
Experiments = Annotated[list[str], typer.Option("--experiment", help="Its name; all if none.")]
Run = Annotated[str, typer.Option("--run", help="The start of a run's identity.")]
Variant = Annotated[str, typer.Option("--variant", help="Its name.")]
Seed = Annotated[int | None, typer.Option("--seed", min=0, help="That of the run.")]
Experiment = Annotated[str, typer.Option("--experiment", help="Its name.")]
At = Annotated[str, typer.Option("--at", help='A point of a sweep: "depth=20 activation=relu".')]
Minutes = Annotated[float | None, typer.Option(
    "--minutes", help="So long the sample may take.", show_default="3",
)]  # fmt: skip
Draw = Annotated[int | None, typer.Option("--seed", min=0, help="By which a sample is drawn.")]
Full = Annotated[bool, typer.Option("--full", help="All published runs.")]
Figure = Annotated[str, typer.Option("--name", help="Its own; without it, all are listed.")]
Out = Annotated[str, typer.Option("--out", metavar="FOLDER", show_default="figures")]
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
    train: Train = None,
    workers: Workers = 0,
    strict: Strict = False,
) -> None:
    """Train what is missing and build site/ with index.html and report.pdf.

    Example: python build.py report --set training.epochs=3 --set seeds=5
    """
    from report.output import freshness
    from report.output.serve import lifeline

    lifeline.hold()
    places, request = _places(), Request.typed(study, set_, results, train)
    if freshness.is_fresh(places.site, places.root, [*request.here(), str(strict)]):
        print(f"Nothing has changed: {places.site} has the pages and report.pdf of these inputs.")
        return
    from analysis.results import sources

    source = sources.source(places, request)
    if isinstance(source, sources.Job):
        from stages import training

        training.train(source, workers)
    from stages import rendering

    rendering.render(places, source, request, strict)


@command
def train(
    study: Study = None,
    set_: Changes = [],  # noqa: B006
    results: Folder = None,
    train: Train = None,
    workers: Workers = 0,
    experiment: Experiments = [],  # noqa: B006
) -> None:
    """Train the runs of the study that are not stored yet, and build nothing.

    Example: python build.py train --study quick --workers 1
    """
    from analysis.results import sources
    from stages import training

    request = Request.typed(study, set_, results, train)
    training.train(sources.prepare(_places(), request, experiment), workers)


@command
def run(
    study: Study = None,
    set_: Changes = [],  # noqa: B006
    results: Folder = None,
    run_: Run = "",
    experiment: Experiment = "",
    variant: Variant = "",
    seed: Seed = None,
    at: At = "",
) -> None:
    """Train one run anew, beside the stored results, and say whether it has their numbers.

    Example: python build.py run --experiment base --variant HeNormal --seed 3
    """
    from stages.anew import naming, repeating

    wanted = naming.Wanted(run_, experiment, variant, seed, at)
    repeating.repeat(_places(), Request.typed(study, set_, results), wanted)


@command
def verify(
    results: Folder = None,
    minutes: Minutes = None,
    full: Full = False,
    run_: Run = "",
    experiment: Experiment = "",
    seed: Draw = None,
    workers: Workers = 0,
) -> None:
    """Train a sample of the published runs anew, and say how well they agree with the published.

    Example: python build.py verify --minutes 10
    """
    from stages.anew import verifying

    wanted = verifying.Wanted(minutes, full, run_, experiment, seed)
    verifying.verify(_places(), Request.typed(None, (), results), wanted, workers)


@command
def figure(
    study: Study = None,
    set_: Changes = [],  # noqa: B006
    results: Folder = None,
    name: Figure = "",
    out: Out = "",
) -> None:
    """Write one figure as SVG, PDF, PNG and CSV, from what is stored or published.

    Example: python build.py figure --name chaos --out figures
    """
    from stages import figure as drawing

    drawing.draw(_places(), Request.typed(study, set_, results), name, out)


@command
def render(
    study: Study = None,
    set_: Changes = [],  # noqa: B006
    results: Folder = None,
    train: Train = None,
    strict: Strict = False,
) -> None:
    """Build the site from stored or published results, and train nothing.

    Example: python build.py render --results published --strict
    """
    from analysis.results import sources
    from stages import rendering

    places, request = _places(), Request.typed(study, set_, results, train)
    rendering.render(places, sources.source(places, request), request, strict)


@command
def serve(
    study: Study = None,
    set_: Changes = [],  # noqa: B006
    results: Folder = None,
    train: Train = None,
    workers: Workers = 0,
    port: Port = 8000,
    host: Hosts = [],  # noqa: B006
) -> None:
    """Build, show the site on this machine alone, and do so again on every change.

    Example: python build.py serve --results published --port 8080
    """
    from report.output.serve import server, watching

    places, request = _places(), Request.typed(study, set_, results, train)
    words = ["report", *request.words(), "--workers", str(workers)]
    command = [sys.executable, str(places.root / "build.py"), *words]
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
    from analysis.results import sources
    from stages import publishing

    places, request = _places(), Request.typed(study, set_, results)
    publishing.publish(sources.prepare(places, request, layered=False), places.published)


@command
def plan(
    study: Study = None,
    set_: Changes = [],  # noqa: B006
    results: Folder = None,
    train: Train = None,
    experiment: Experiments = [],  # noqa: B006
) -> None:
    """Say what of the study is stored, what is to be trained and why, and who reads it.

    Example: python build.py plan --set seeds=30
    """
    from analysis.results import sources
    from stages import planning

    request = Request.typed(study, set_, results, train)
    planning.tell(sources.prepare(_places(), request, experiment))


@command
def compare(
    a: Annotated[str, typer.Argument(metavar="A", help="A folder, or FOLDER:STUDY.")],
    b: Annotated[str, typer.Argument(metavar="B", help="Likewise.")],
) -> None:
    """Tell what moved from the results A to the results B, and write comparison/index.html.

    Example: python build.py compare published results:quick
    """
    from stages import comparing

    comparing.compare(_places(), comparing.typed("A", a), comparing.typed("B", b))


@command
def bench() -> None:
    """Measure the engine against Model.fit, side by side, and write benchmarks/latest.json.

    Example: python build.py bench
    """
    from benchmarks import compare

    compare.main(ROOT)


def _places() -> Places:
    from report.output import swap

    return swap.settled(Places.of(ROOT, working_folder()))


if __name__ == "__main__":
    streams.settle()
    variables.replace(variables.of_build(os.environ))
    app()
