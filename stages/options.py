"""The options of the commands: their types, and what is said of them by --help."""

from typing import Annotated

import typer

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
Figure = Annotated[str, typer.Option("--name", help="Its own; without it, all are listed.")]
Out = Annotated[str, typer.Option("--out", metavar="FOLDER", show_default="figures")]
