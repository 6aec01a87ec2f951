"""The front door: its commands, their options, and how each ends.

What a command does stands in `stages`, loaded at need: a build with nothing to do ends at once.
"""

import os
import sys

if __name__ == "__main__":
    if not sys.flags.ignore_environment:
        # Anew, deaf to Python's variables: a path of others may hold a typing.py of its own.
        os.execv(sys.executable, [sys.executable, "-E", "-s", "-X", "utf8", *sys.argv])
    from analysis.training.surroundings import beginning

    beginning.begin()

from pathlib import Path

from analysis.results.places import Places, Request, working_folder
from analysis.training.surroundings import streams, variables
from stages import options

ROOT = Path(__file__).resolve().parent
app = options.front_door("A reproducible report on weight initialization: train, test, render.")
command = options.commands(app, lambda: ROOT)
"""Makes a function a command of the front door."""


@command
def report(
    study: options.Study = None,
    set_: options.Changes = [],  # noqa: B006 - Typer reads the default
    results: options.Folder = None,
    train: options.Train = None,
    workers: options.Workers = 0,
    cluster: options.Cluster = None,
    strict: options.Strict = False,
) -> None:
    """Train what is missing and build site/ with index.html and report.pdf.

    Example: python build.py report --set training.epochs=3 --set seeds=5
    """
    from report.output import freshness
    from report.output.serve import lifeline

    lifeline.hold()
    hands = options.hands(workers, cluster)
    places, request = _places(), Request.typed(study, set_, results, train)
    if freshness.is_fresh(places.site, places.root, [*request.here(), str(strict)]):
        print(f"Nothing has changed: {places.site} has the pages and report.pdf of these inputs.")
        return
    from stages import training

    source = training.trained(places, request, hands)
    from stages import rendering

    rendering.render(places, source, request, strict)


@command
def train(
    study: options.Study = None,
    set_: options.Changes = [],  # noqa: B006
    results: options.Folder = None,
    train: options.Train = None,
    workers: options.Workers = 0,
    cluster: options.Cluster = None,
    experiment: options.Experiments = [],  # noqa: B006
) -> None:
    """Train the runs of the study that are not stored yet, and build nothing.

    Example: python build.py train --study quick --workers 1
    """
    from analysis.results import sources
    from stages import training

    hands = options.hands(workers, cluster)
    request = Request.typed(study, set_, results, train)
    training.train(sources.prepare(_places(), request, experiment), hands)


@command
def run(
    study: options.Study = None,
    set_: options.Changes = [],  # noqa: B006
    results: options.Folder = None,
    run_: options.Run = "",
    experiment: options.Experiment = "",
    variant: options.Variant = "",
    seed: options.Seed = None,
    at: options.At = "",
) -> None:
    """Train one run anew, beside the stored results, and say whether it has their numbers.

    Example: python build.py run --experiment base --variant HeNormal --seed 3
    """
    from stages.anew import naming, repeating

    wanted = naming.Wanted(run_, experiment, variant, seed, at)
    repeating.repeat(_places(), Request.typed(study, set_, results), wanted)


@command
def verify(
    results: options.Folder = None,
    minutes: options.Sample = None,
    full: options.Full = False,
    run_: options.Run = "",
    experiment: options.Experiment = "",
    seed: options.Draw = None,
    workers: options.Workers = 0,
    cluster: options.Cluster = None,
) -> None:
    """Train a sample of the published runs anew, and say how well they agree with the published.

    Example: python build.py verify --minutes 10
    """
    from stages.anew import verifying

    wanted = verifying.Wanted(minutes, full, run_, experiment, seed)
    hands = options.hands(workers, cluster)
    verifying.verify(_places(), Request.typed(None, (), results), wanted, hands)


@command
def figure(
    study: options.Study = None,
    set_: options.Changes = [],  # noqa: B006
    results: options.Folder = None,
    name: options.Figure = "",
    out: options.Out = "",
) -> None:
    """Write one figure as SVG, PDF, PNG and CSV, from what is stored or published.

    Example: python build.py figure --name chaos --out figures
    """
    from stages import figure as drawing

    drawing.draw(_places(), Request.typed(study, set_, results), name, out)


@command
def render(
    study: options.Study = None,
    set_: options.Changes = [],  # noqa: B006
    results: options.Folder = None,
    train: options.Train = None,
    strict: options.Strict = False,
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
    study: options.Study = None,
    set_: options.Changes = [],  # noqa: B006
    results: options.Folder = None,
    train: options.Train = None,
    workers: options.Workers = 0,
    port: options.Port = 8000,
    host: options.Hosts = [],  # noqa: B006
) -> None:
    """Build, show the site on this machine alone, and do so again on every change.

    Example: python build.py serve --results published --port 8080
    """
    from report.output.serve import server, watching

    places, request = _places(), Request.typed(study, set_, results, train)
    words = [str(places.root / "build.py"), "report", *request.words(), "--workers", str(workers)]
    server.serve([sys.executable, *words], watching.Inputs.of(places, request), port, host)


@command
def publish(
    study: options.Study = None,
    set_: options.Changes = [],  # noqa: B006
    results: options.Folder = None,
) -> None:
    """Write the stored results and their verdicts to results/published, for all to render from.

    Example: python build.py publish --results results
    """
    from analysis.results import sources
    from stages.keeping import publishing

    places, request = _places(), Request.typed(study, set_, results)
    publishing.publish(sources.prepare(places, request, layered=False), places.published)


@command
def plan(
    study: options.Study = None,
    set_: options.Changes = [],  # noqa: B006
    results: options.Folder = None,
    train: options.Train = None,
    experiment: options.Experiments = [],  # noqa: B006
) -> None:
    """Say what of the study is stored, what is to be trained and why, and who reads it.

    Example: python build.py plan --set seeds=30
    """
    from analysis.results import sources
    from stages import planning

    request = Request.typed(study, set_, results, train)
    planning.tell(sources.prepare(_places(), request, experiment))


@command
def prune(
    results: options.Folder = None,
    keep: options.Keep = [],  # noqa: B006
    yes: options.Yes = False,
) -> None:
    """Tell which stored runs no study names; with --yes, remove them and their checkpoints.

    Example: python build.py prune --keep my-study.toml
    """
    from stages.keeping import pruning

    pruning.prune(_places(), Request.typed(None, (), results), keep, do=yes)


@command
def compare(a: options.A, b: options.B) -> None:
    """Tell what moved from the results A to the results B, and write comparison/index.html.

    Example: python build.py compare published results:quick
    """
    from stages.against import comparing

    comparing.compare(_places(), comparing.typed("A", a), comparing.typed("B", b))


@command
def freeze() -> None:
    """Freeze the claims as they are declared: results/claims.lock tells which are changed later.

    Example: python build.py freeze
    """
    from stages.against import freezing

    freezing.freeze(_places())


@command
def replicate(
    study: options.Study = None,
    set_: options.Changes = [],  # noqa: B006
    results: options.Folder = None,
    experiment: options.Experiments = [],  # noqa: B006
    minutes: options.Minutes = 0,
    name: options.Replication = "",
    workers: options.Workers = 0,
    cluster: options.Cluster = None,
) -> None:
    """Train on seeds that nobody has seen, test the frozen claims, add them to the ledger.

    Example: python build.py replicate --experiment base --minutes 5
    """
    from stages.against import replicating

    asked = replicating.Asked(name, tuple(experiment), minutes, options.hands(workers, cluster))
    replicating.replicate(_places(), Request.typed(study, set_, results), asked)


@command
def bench(rivals: bool = False, changes: bool = False, cluster: options.Cluster = None) -> None:
    """Measure the engine against Model.fit, side by side, and write benchmarks/latest.json.

    Example: python build.py bench --rivals --changes
    """
    from benchmarks import compare

    compare.main(ROOT, rivals=rivals, changes=changes, cluster=cluster)


def _places() -> Places:
    from report.output import swap

    return swap.settled(Places.of(ROOT, working_folder()))


if __name__ == "__main__":
    streams.settle()
    variables.replace(variables.of_build(os.environ))
    app()
