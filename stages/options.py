"""What the commands have in common: their options, what --help says of them, and how each ends."""

import functools
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ParamSpec

import typer

from analysis.errors import InputError, stopping

if TYPE_CHECKING:
    from analysis.training.cluster.joining import Address

Arguments = ParamSpec("Arguments")

Study = Annotated[str | None, typer.Option(
    "--study", help="A .toml file, or the name of one in studies/.", show_default="study.toml",
)]  # fmt: skip
Changes = Annotated[list[str], typer.Option("--set", help="KEY=VALUE, such as training.epochs=3.")]
Settings = Annotated[str, typer.Option(hidden=True)]
Folder = Annotated[str | None, typer.Option(
    "--results", metavar="FOLDER", show_default="results",
    help='The folder that holds runs.sqlite, or, to show them, "published".',
)]  # fmt: skip
Strict = Annotated[
    bool,
    typer.Option("--strict", help="Fail where a claim is contradicted and no sentence says so."),
]
Train = Annotated[str | None, typer.Option(
    "--train", help="Experiments to train here, or all, or none.", show_default="base",
)]  # fmt: skip
Workers = Annotated[int, typer.Option("--workers", min=0, help="Worker processes; 0: one a core.")]
Cluster = Annotated[str | None, typer.Option(
    "--cluster", metavar="ADDRESS",
    help="Train on a cluster of Dask: tcp://host:8786, or local:4 to start four workers here.",
)]  # fmt: skip
Port = Annotated[int, typer.Option("--port", min=0, max=65535, help="0: any that is free.")]
Hosts = Annotated[list[str], typer.Option("--host", help="A name that a proxy calls it by.")]
Experiments = Annotated[list[str], typer.Option("--experiment", help="Its name; all if none.")]
Run = Annotated[str, typer.Option("--run", help="The start of a run's identity.")]
Variant = Annotated[str, typer.Option("--variant", help="Its name.")]
Seed = Annotated[int | None, typer.Option("--seed", min=0, help="That of the run.")]
Experiment = Annotated[str, typer.Option("--experiment", help="Its name.")]
At = Annotated[str, typer.Option("--at", help='A point of a sweep: "depth=20 activation=relu".')]
Minutes = Annotated[float, typer.Option("--minutes", min=0, help="As many seeds as fit; 0: all.")]
Sample = Annotated[float | None, typer.Option(
    "--minutes", help="So long the sample may take.", show_default="3",
)]  # fmt: skip
Draw = Annotated[int | None, typer.Option("--seed", min=0, help="By which a sample is drawn.")]
Full = Annotated[bool, typer.Option("--full", help="All published runs.")]
Replication = Annotated[str, typer.Option("--name", help="What the replication is called.")]
Figure = Annotated[str, typer.Option("--name", help="Its own; without it, all are listed.")]
Keep = Annotated[list[str], typer.Option(
    "--keep", help="A further study whose runs stay: a .toml file, or a name in studies/.",
)]  # fmt: skip
Yes = Annotated[bool, typer.Option("--yes", help="Remove it; without this, it is only told.")]
A = Annotated[str, typer.Argument(metavar="A", help="A folder, or FOLDER:STUDY.")]
B = Annotated[str, typer.Argument(metavar="B", help="Likewise.")]
Out = Annotated[str, typer.Option("--out", metavar="FOLDER", show_default="figures")]


@dataclass(frozen=True)
class Hands:
    """Who is to train: so many processes here, 0 for one a core, or the workers of a cluster."""

    workers: int = 0
    cluster: "Address | None" = None


ONE_A_CORE = Hands()


def hands(workers: int, cluster: str | None) -> Hands:
    """Return who is to train, as it is typed. Raises InputError."""
    if cluster is None:
        return Hands(workers)
    if workers:
        raise InputError(f"--workers {workers} with --cluster: a cluster has workers of its own")
    from analysis.training.cluster import joining

    return Hands(0, joining.read(cluster))


def front_door(help: str) -> typer.Typer:  # noqa: A002 - as Typer calls it
    """Return an application without commands yet, which says what it is for."""
    return typer.Typer(
        add_completion=False, no_args_is_help=True,
        rich_markup_mode=None, pretty_exceptions_enable=False, help=help,
    )  # fmt: skip


def commands(
    app: typer.Typer, root: Callable[[], Path]
) -> Callable[[Callable[Arguments, None]], Callable[Arguments, None]]:
    """Return the decorator that makes a function a command of `app`.

    Its errors end in a message and an exit code, not a traceback. Before the command, all take
    `settings`, make's SET: any number of KEY=VALUE words.
    """
    made = list[Callable[..., None]]()

    @app.callback()
    def door(context: typer.Context, settings: Settings = "") -> None:
        from analysis.study import tables

        changes = {"set_": tables.pairs(settings)}
        context.default_map = {each.__name__: changes for each in made}

    def command(function: Callable[Arguments, None]) -> Callable[Arguments, None]:
        made.append(guarded(function, root))
        app.command()(made[-1])
        return made[-1]

    return command


def guarded(
    function: Callable[Arguments, None], root: Callable[[], Path]
) -> Callable[Arguments, None]:
    """Return a function whose errors end in a message and an exit code, not a traceback."""

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
            print(mishap.told(error, root(), sys.argv[1:]), file=sys.stderr)
            raise typer.Exit(mishap.exit_code(error)) from None

    return guarded
