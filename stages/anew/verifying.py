"""Train a sample of the published runs anew, and tell how well they agree with the published."""

import math
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from analysis.claims import evidence, testing
from analysis.errors import InputError, ProjectError, counted, visible
from analysis.plan import provenance
from analysis.plan.costs import pace, times
from analysis.plan.origin import code
from analysis.plan.result import Record
from analysis.plan.run import Run
from analysis.results import sources
from analysis.results.frames import POINT, Results, settings_of
from analysis.results.ledger import verification
from analysis.results.ledger.verification import TIERS, Checked, Verification
from analysis.results.places import Places, Request
from analysis.results.published import archive, manifest
from analysis.results.published.layer import Layer
from analysis.results.sources import Job
from analysis.results.stored import rows, store
from analysis.statistics import estimates
from analysis.statistics.level import ALPHA
from analysis.study.names import closest
from stages import training
from stages.anew import likeness, repeating, sample, tiers
from stages.anew.tiers import Judged, Peers
from stages.options import Hands

MINUTES = 3.0
SEEDS = 10**6
"""A seed that nobody has given is drawn below this."""


class InconsistentError(ProjectError):
    """A published run is not what its code gives."""


@dataclass(frozen=True)
class Wanted:
    """What is typed of a verification: what is not is None or empty."""

    minutes: float | None = None
    full: bool = False
    run: str = ""
    experiment: str = ""
    seed: int | None = None


def verify(places: Places, request: Request, wanted: Wanted, hands: Hands) -> None:
    """Train anew, compare, print a table, and write what was found beside the results.

    Raises InputError, StoreError for published results that are damaged, TrainingError, and
    InconsistentError.
    """
    folder = places.published_at(request.results) or places.published
    published, planned = archive.with_runs(folder)
    about = manifest.read(folder)
    assert about is not None, "its tables have been read"
    job = sources.to_train(places, request)
    seed = secrets.randbelow(SEEDS) if wanted.seed is None else wanted.seed
    runs = _chosen(job, published, planned, wanted, hands, seed)
    print(f"Verifying {len(runs)} of {counted(len(planned), 'published run')}, SEED={seed}.")
    anew = repeating.train_anew(job, runs, hands)
    taken = {id(run) for run in runs}
    with store.open_store(anew, to_read=True) as opened:
        layer = Layer(folder)
        both = [opened if id(run) in taken else layer for run in planned]
        mixed = rows.read(published.study, published.data, planned, both, {})
        machines = {run.id: opened.environments([run])[0] for run in runs}
    environment = published.provenance["trained_with"]
    known = dict(environment) if isinstance(environment, Mapping) else {}
    found = [
        _checked(
            run, mixed, published, ALPHA / len(runs),
            same=provenance.same(known, machines[run.id]),
        )
        for run in runs
    ]  # fmt: skip
    faults = dict(_faults(runs, mixed, published))
    trained_on = provenance.joined(machines.values())
    verified = _verification(
        about, places, seed, planned, found, faults, trained_on, *_moved(published, mixed)
    )
    for line in lines(verified):
        print(visible(line))
    if folder == places.published:
        verification.write(places.verification, verified)
        print(f"{places.verification} tells of it.")
    if not verified["consistent"]:
        raise InconsistentError("; ".join(_wrong(verified)))


def _chosen(
    job: Job, published: Results, planned: Sequence[Run], wanted: Wanted, hands: Hands, seed: int
) -> tuple[Run, ...]:
    """Return the published runs to train anew. Raises InputError where none is meant."""
    if wanted.minutes is not None and not 0 < wanted.minutes < math.inf:
        raise InputError(f"--minutes {wanted.minutes:g}: must be a number of minutes, such as 3")
    if wanted.full and wanted.minutes is not None:
        raise InputError("--full with --minutes: all runs take as long as they take")
    known = [*published.study.experiments]
    if wanted.experiment and wanted.experiment not in known:
        hint = closest(wanted.experiment, known)
        raise InputError(
            f"--experiment {wanted.experiment!r}: no such experiment{hint}; there are "
            f"{', '.join(known)}"
        )
    asked = [run for run in planned if not wanted.experiment or run.experiment == wanted.experiment]
    asked = [run for run in asked if run.id.startswith(wanted.run.strip().lower())]
    if not asked:
        raise InputError(f"--run {wanted.run!r}: no published run has an identity that begins so")
    if wanted.full or wanted.run:
        return tuple(asked)
    records = [
        record
        for path in (job.store, job.store.parent / repeating.FOLDER / job.store.name)
        for record in _records(path)
    ]
    count = training.count(hands)
    measuring = training.measuring(hands, count)
    clock = times.Times(records, published.data, lambda: pace.measured(measuring))
    seconds = 60 * (wanted.minutes or MINUTES)
    return sample.drawn(asked, clock, seconds, count, seed, published.data)


def _records(path: Path) -> Sequence[Record]:
    with store.open_store(path, to_read=True) as opened:
        return opened.records()


def _checked(run: Run, mixed: Results, published: Results, alpha: float, *, same: bool) -> Checked:
    own, other = (likeness.of(each, run.id, run.experiment) for each in (mixed, published))
    found = likeness.compare(own, other, rounded=True)
    judged = tiers.judge(found, _peers(run, published), 1 - alpha, same=same)
    return _record(run, judged)


def _record(run: Run, judged: Judged) -> Checked:
    start, end = (each if math.isfinite(each) else None for each in (judged.start, judged.end))
    record: Checked = {
        "experiment": run.experiment, "point": run.point, "variant": run.variant,
        "seed": run.seed, "run_id": run.id, "tier": judged.tier, "start": start, "end": end,
    }  # fmt: skip
    return {**record, "why": judged.why} if judged.why else record


def _peers(run: Run, results: Results) -> Peers | None:
    """Return how the published runs of a setting ended; None where nothing is trained."""
    if run.settings.optimization is None:
        return None
    frame = results.runs
    own = frame[
        (frame["experiment"] == run.experiment)
        & (frame[POINT] == run.point)
        & (frame["variant"] == run.variant)
    ]
    ends = (100 * own.set_index("seed")["test_accuracy"]).to_dict()
    itself = float(ends.pop(run.seed))
    chance = 100 * evidence.chance(results, settings_of(results.study, run))
    others = [float(each) for each in ends.values() if math.isfinite(each)]
    return Peers(itself, others, chance, 100 / run.settings.rows.test)


def _faults(runs: Sequence[Run], mixed: Results, published: Results) -> Iterator[tuple[str, str]]:
    """Yield what is wrong with an experiment as a whole: too many networks train, or too few.

    Of its runs that train in one and not in the other, either must be as likely: an exact test.
    """
    names = dict.fromkeys(run.experiment for run in runs)
    for name in names:
        here = there = 0
        for run in (each for each in runs if each.experiment == name):
            peers = _peers(run, published)
            again = _peers(run, mixed)
            if peers and again:
                one, other = again.trains(again.itself), peers.trains(peers.itself)
                here, there = here + (one and not other), there + (other and not one)
        if estimates.sign_p(here, there) < ALPHA / len(names):
            yield name, f"{here} networks train here alone, and {there} as published alone"


def _verification(
    about: manifest.Manifest, places: Places, seed: int, planned: Sequence[Run],
    found: Sequence[Checked], faults: dict[str, str], environment: dict[str, str],
    moved: dict[str, list[str]], tested: int,
) -> Verification:  # fmt: skip
    return {
        "schema": verification.SCHEMA,
        "manifest": about["sha256"],
        "day": datetime.now(UTC).date().isoformat(),
        **code(places.root),
        "environment": environment,
        "seed": seed,
        "published": len(planned),
        "runs": list(found),
        "faults": faults,
        "claims": moved,
        "tested": tested,
        "consistent": not faults and all(each["tier"] != "inconsistent" for each in found),
        "sha256": "",
    }


def _moved(published: Results, mixed: Results) -> tuple[dict[str, list[str]], int]:
    """Return the claims whose verdict is another with the new runs, and how many were tested."""
    before, after = testing.evaluate(published), testing.evaluate(mixed)
    changed: dict[str, list[str]] = {
        name: [before[name].verdict, claim.verdict]
        for name, claim in after.items()
        if before[name].verdict != claim.verdict
    }
    return changed, len(after)


def lines(verified: Verification) -> Iterator[str]:
    """Yield the table by experiment, and what has become of the claims."""
    runs = verified["runs"]
    yield f"{'':12}{'runs':>6}" + "".join(f"{tier:>14}" for tier in TIERS) + f"{'farthest end':>16}"
    for name, tally in verification.counts(runs).items():
        ends = [run["end"] for run in runs if run["experiment"] == name and run["end"] is not None]
        far = f"{max(ends):.2f} points" if ends else ""
        told = "".join(f"{count or '':>14}" for count in tally.values())
        yield f"{name:12}{sum(tally.values()):6}{told}{far:>16}"
    changed = verified["claims"]
    end = f" {counted(len(changed), 'verdict')} moved." if changed else " no verdict moved."
    claims = counted(verified["tested"], "claim")
    yield f"{claims} tested with the new runs in place of the old:{end}"
    for name, (before, after) in changed.items():
        yield f"  {name}: {before} → {after}"
    if changed and verified["consistent"]:
        yield "  The runs agree: these verdicts hang on what rounding, and a few seeds, decide."
    if verified["consistent"]:
        yield "Consistent with what is published."


def _wrong(verified: Verification) -> Iterator[str]:
    for run in verified["runs"]:
        if "why" in run:
            name = f"{run['experiment']}, {run['variant']}, seed {run['seed']}"
            yield f"the run {run['run_id'][:12]} ({name}) is inconsistent: {run['why']}"
    for name, why in verified["faults"].items():
        yield f"the experiment {name} is inconsistent: {why}"
