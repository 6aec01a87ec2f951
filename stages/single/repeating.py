"""Train one run anew in a store of its own, and tell how it compares with what is known of it."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import cast

from analysis.errors import ProjectError, counted, visible
from analysis.plan.provenance import TRAINED_BY, training_environment
from analysis.plan.run import Run
from analysis.results import sources
from analysis.results.frames import Results
from analysis.results.places import Places, Request
from analysis.results.published import archive, manifest
from analysis.results.sources import Job
from analysis.results.stored import store
from report.pages.runs.records import SHORT
from stages import training
from stages.single import naming
from stages.single.likeness import KEYS, Likeness, Tables, compare
from stages.single.naming import Wanted

FOLDER = "single"
"""In the folder of the results: where runs are that were trained alone."""
MACHINE = ("processor", "system", "python")
"""What a machine brings along of an environment; its packages are those of the lock."""
THINGS = {
    "epochs": "epoch", "steps": "step", "layers": "measured layer", "histograms": "histogram",
}  # fmt: skip


class UnlikeError(ProjectError):
    """A run has other numbers than are known of it, and not only the machine is another."""


@dataclass(frozen=True)
class Known:
    """What is known of a run: where, its tables, whether rounded, and where it was trained."""

    where: str
    tables: Tables
    rounded: bool
    environment: Mapping[str, str]


def repeat(places: Places, request: Request, wanted: Wanted) -> None:
    """Train the run that is meant, and tell how it compares with the stored and the published one.

    Raises InputError where not one run is meant, TrainingError, and UnlikeError where its numbers
    are others though at most the machine may be.
    """
    job = sources.to_train(places, request)
    folder = places.published_at(request.results) or places.published
    published = None if manifest.read(folder) is None else archive.read(folder)
    identities = [] if published is None else published.runs["run_id"].tolist()
    runs = naming.named(job.study, job.planned, wanted, identities)
    identity = runs[0].id
    known = [*_stored(job, runs)]
    if published is not None and identity in identities:
        known.append(_published(published, folder, identity))
    # Nobody goes on from here: no checkpoint is kept.
    planned = tuple(replace(run, asked=replace(run.asked, keep_state=False)) for run in runs)
    store_of_one = job.store.parent / FOLDER / job.store.name
    alone = replace(job, planned=planned, store=store_of_one, below=None)
    training.train(alone, 1, anew=True)
    with store.open_store(alone.store, to_read=True) as opened:
        anew = {name: opened.frame(name, runs) for name in ("runs", *KEYS)}
    print(f"The run {identity[:SHORT]} is in {alone.store}.")
    if not known:
        print(f"Nothing to compare it with: neither {job.store} nor {folder} has it.")
    told = [_told(each, compare(anew, each.tables, rounded=each.rounded)) for each in known]
    if faults := [*filter(None, told)]:
        raise UnlikeError(f"the run {identity[:SHORT]}: {'; '.join(faults)}")


def _stored(job: Job, runs: Sequence[Run]) -> Iterator[Known]:
    with store.open_store(job.store, to_read=True) as opened:
        if opened.done(runs):
            tables = {name: opened.frame(name, runs) for name in ("runs", *KEYS)}
            (environment,) = opened.environments(runs)
            yield Known(f"stored in {job.store}", tables, False, environment)


def _published(found: Results, folder: Path, identity: str) -> Known:
    frames = {name: getattr(found, name) for name in ("runs", "epochs", "layers", "histograms")}
    tables = {name: frame[frame["run_id"] == identity] for name, frame in frames.items()}
    environment = cast(Mapping[str, str], found.provenance["trained_with"] or {})
    return Known(f"published in {folder}", tables, True, environment)


def _told(known: Known, likeness: Likeness) -> str:
    """Print how a run compares with what is known of it; return what is wrong, if anything is."""
    here = dict(training_environment())
    equal = "equal in all ten digits" if known.rounded else "equal bit for bit"
    extent = ", ".join(counted(count, THINGS[name]) for name, count in likeness.compared.items())
    verdict = "other numbers, by at most" if likeness.differences else equal
    print(f"As {known.where} ({extent or 'no row in common'}): {verdict}")
    for line in likeness.differences:
        print(f"  {line}")
    places = {"there": _spelled(known.environment), "here": _spelled(here)}
    if places["there"] == places["here"]:
        places = {"there and here": places["here"]}
    for place, machine in places.items():
        print(visible(f"  trained {place} on {machine}"))
    if not likeness.differences:
        return ""
    other = [name for name in (*MACHINE, *TRAINED_BY) if known.environment.get(name) != here[name]]
    if other and not set(other) & set(TRAINED_BY):
        print("  Only the machine differs, and with it how sums are rounded on the way.")
        return ""
    why = (
        f"other packages made it ({', '.join(other)})" if other else
        "on the same machine with the same packages: code between them has changed its numbers "
        "without raising ENGINE_VERSION in analysis/plan/run.py"
    )  # fmt: skip
    return f"other numbers than {known.where}, {why}"


def _spelled(environment: Mapping[str, str]) -> str:
    """Name a machine and the versions on it."""
    machine = [environment.get(name, "unknown") for name in MACHINE[:2]]
    versions = [f"{name} {environment.get(name, 'unknown')}" for name in ("python", *TRAINED_BY)]
    return ", ".join([*machine, *versions])
