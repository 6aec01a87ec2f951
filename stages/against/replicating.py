"""Test the frozen claims on seeds that nobody has seen, and add what they came to to the ledger."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from pathlib import Path

from analysis.claims import testing
from analysis.claims.against import replicated
from analysis.errors import InputError, counted, reading, whole
from analysis.errors.mistakes import shown
from analysis.plan import planning
from analysis.plan.costs import pace, times, words
from analysis.plan.costs.machine import processor
from analysis.plan.origin import code
from analysis.plan.provenance import trained
from analysis.plan.run import ENGINE_VERSION
from analysis.results import sources
from analysis.results.ledger import replication
from analysis.results.ledger.lock import Lock
from analysis.results.ledger.replication import BLOCK, NAME, SCHEMA, Replication
from analysis.results.places import Places, Request
from analysis.results.published import manifest
from analysis.results.sources import Job
from analysis.results.stored import store
from analysis.study.model import Settings, Study
from report.words import verdicts
from stages import training
from stages.options import ONE_A_CORE, Hands

BEGUN = "replicating.json"
"""In the project's folder of results, whatever store a replication trains into, until it is done.

It tells which seeds are taken.
"""
UNSAID = re.compile(r"\(r\)|\(tm\)|@.*|\bcpu\b|\bprocessor\b|\d+-core|[^a-z0-9]+")


@dataclass(frozen=True)
class Asked:
    """What is typed of a replication; `minutes` 0: all seeds that the study has."""

    name: str = ""
    experiments: tuple[str, ...] = ()
    minutes: float = 0.0
    hands: Hands = ONE_A_CORE


def replicate(places: Places, request: Request, asked: Asked) -> None:
    """Train a study on the next seeds, test its frozen claims, and write what they came to.

    Raises InputError where the claims are not frozen as they are declared, where the name cannot be
    had, or where no seed fits into the minutes; StoreError for a damaged ledger; TrainingError.
    """
    job = sources.prepare(places, request, asked.experiments, layered=False)
    _demand_frozen(places, job.locked)
    known = replication.read_all(places.replications, job.locked)
    experiments = asked.experiments or tuple(job.study.experiments)
    settings = {name: replicated.settings(job.study, job.data, name) for name in experiments}
    begun, freeze = places.results / BEGUN, job.locked.digest
    taken = {"settings": settings, "freeze": freeze}
    block = _begun(begun, taken, known) or _next_block(places, job, known)
    name = asked.name or _called(block)
    _demand_name(places, name)
    most = _job(job, experiments, block)
    chosen = _fitting(job, most, experiments, block, asked) if asked.minutes else most
    whole.write(begun, json.dumps({**taken, "block": block}) + "\n")
    seeds = _seeds(chosen.study)
    print(f"Replicating as {name}: {_told(seeds)}.", flush=True)
    training.train(chosen, asked.hands)
    results = chosen.results()
    claims = replicated.outcomes(testing.evaluate(results), experiments)
    traced = trained(results.provenance, results.study).values()
    last = max(each.days[1] for each in traced if each.days)
    path = places.replications / f"{name}.json"
    replication.write(
        path,
        {
            "schema": SCHEMA, "name": name, "date": last, **code(places.root),
            "engine_version": ENGINE_VERSION, "freeze": freeze, "block": block, "seeds": seeds,
            "settings": settings, "environment": results.provenance["trained_with"],
            "claims": claims,
        },
    )  # fmt: skip
    begun.unlink(missing_ok=True)
    for line in _ending(path, replication.read(path, job.locked), places):
        print(line)


def _demand_frozen(places: Places, locked: Lock) -> None:
    if locked.last is None:
        raise InputError(
            f"{places.lock}: does not exist, so no claim is frozen; make freeze writes it"
        )
    now = testing.digests()
    before = locked.last["claims"]
    other = [name for name in {**before, **now} if before.get(name) != now.get(name)]
    if other:
        raise InputError(
            f"{places.lock}: {counted(len(other), 'claim')} not as frozen on "
            f"{locked.last['date']}: {', '.join(other)}; make freeze freezes them as they are now"
        )


def _demand_name(places: Places, name: str) -> None:
    if not NAME.fullmatch(name):
        raise InputError(
            f"--name {shown(name)}: must be letters a to z, digits and hyphens, at most 60"
        )
    path = places.replications / f"{name}.json"
    if reading.exists(path):
        raise InputError(f"--name {shown(name)}: {path} is there already; choose another name")


def _called(block: int) -> str:
    """Return what a replication is called by itself: its block and the processor."""
    words = UNSAID.sub(" ", processor().lower()).split()
    return "-".join([str(block), *words[:4]])[:60].strip("-")


def _begun(path: Path, taken: Mapping[str, object], known: Sequence[Replication]) -> int | None:
    """Return the block of a replication that was stopped; None where it was of something else.

    Nor is one gone on with whose seeds are in the ledger by now.
    """
    kept = reading.state(path)
    block = kept.get("block") if isinstance(kept, dict) else None
    used = {each["block"] for each in known}
    same = isinstance(block, int) and block not in used and kept == {**taken, "block": block}
    return block if same else None


def _next_block(places: Places, job: Job, known: Sequence[Replication]) -> int:
    """Return the first seed of the first block above every seed that anyone here has used."""
    with store.open_store(job.store, to_read=True) as stored:
        used = [each.settings.seed for each in stored.records()]
    about = manifest.read(places.published)
    published = _listed(about["study"]) if about else []
    ledger = [seed for each in known for own in each["seeds"].values() for seed in own]
    own = chain.from_iterable(_seeds(job.study).values())
    return BLOCK * (max([*used, *published, *ledger, *own]) // BLOCK + 1)


def _listed(study: object) -> list[int]:
    """Return the seeds that stand in the tables of a study, at any depth."""
    if not isinstance(study, dict):
        return []
    found = [each for key in study if key != "seeds" for each in _listed(study[key])]
    seeds = study.get("seeds", ())
    return [*found, *(range(seeds) if isinstance(seeds, int) else seeds)]


def _job(job: Job, experiments: Sequence[str], block: int, most: int | None = None) -> Job:
    """Return the job of experiments on the seeds of a block, of each no more than `most`."""

    def seeded(own: Settings) -> tuple[int, ...]:
        return tuple(range(block, block + min(len(own.seeds), most or len(own.seeds))))

    made = {}
    for name in experiments:
        own = job.study.experiments[name]
        points = tuple(
            point.model_copy(
                update={
                    "settings": point.settings.model_copy(update={"seeds": seeded(point.settings)})
                }
            )
            for point in own.points
        )
        made[name] = own.model_copy(update={"seeds": seeded(own), "points": points})
    study = job.study.model_copy(update={"seeds": seeded(job.study), "experiments": made})
    data = {name: job.data[name] for name in planning.datasets(study)}
    return replace(
        job, study=study, data=data, planned=planning.runs(study, data), below=None,
        here=frozenset(experiments), command="make replicate",
    )  # fmt: skip


def _seeds(study: Study) -> dict[str, list[int]]:
    """Return the seeds of each experiment, at any point of its sweep."""
    return {
        name: [*dict.fromkeys(chain.from_iterable(p.settings.seeds for p in each.points))]
        for name, each in study.experiments.items()
    }


def _fitting(job: Job, most: Job, experiments: Sequence[str], block: int, asked: Asked) -> Job:
    """Return the job with as many seeds as can be trained in time. Raises InputError for none."""
    count = training.count(asked.hands)
    with store.open_store(job.store, to_read=True) as stored:
        done, records = stored.done(most.planned), stored.records()
    measuring = training.measuring(asked.hands, count)
    here = times.Times(records, job.data, lambda: pace.measured(measuring))
    found, seconds = None, 0.0
    for seeds in range(1, max(map(len, _seeds(most.study).values())) + 1):
        tried = _job(job, experiments, block, seeds)
        seconds = sum(times.seconds(tried.pending(done), here, count).values())
        if seconds > 60 * asked.minutes:
            break
        found = tried
    if found is None:
        raise InputError(
            f"--minutes {asked.minutes:g}: one seed of {', '.join(experiments)} takes "
            f"{words.in_words(seconds)}; give more, or name experiments that take less"
        )
    return found


def _told(seeds: dict[str, list[int]]) -> str:
    """Return in words which seeds are taken of which experiments."""
    spans: dict[str, list[str]] = {}
    for name, own in seeds.items():
        span = f"seeds {own[0]} to {own[-1]}" if len(own) > 1 else f"seed {own[0]}"
        spans.setdefault(span, []).append(name)
    return "; ".join(f"{span} of {', '.join(names)}" for span, names in spans.items())


def _ending(path: Path, made: Replication, places: Places) -> Iterator[str]:
    """Yield what a replication came to, and where a verdict is not the published one."""
    own = made["claims"]
    found = [str(each["verdict"]) for each in own.values()]
    tally = [(verdict, found.count(verdict)) for verdict in verdicts.MARKS]
    told = ", ".join(f"{count} {verdict}" for verdict, count in tally)
    yield f"{path}: {counted(len(own), 'claim')}, {told}; commit this file."
    about = manifest.read(places.published)
    for name, each in own.items():
        before = about["claims"].get(name) if about else None
        if before is not None and before["verdict"] != each["verdict"]:
            yield f"  {name}: {before['verdict']} (published) → {each['verdict']}"
