"""Every claim, tested on a set of results; SciPy is loaded only when a test must run."""

import dataclasses
import functools
import json
import math
from collections.abc import Mapping
from typing import Any

from analysis.claims import declaring, evidence
from analysis.claims.against.declared import digest_of
from analysis.claims.against.standing import settings_digest
from analysis.claims.claim import Claim, Finding, Note, Quantity, joined
from analysis.claims.deciding import Level, worded
from analysis.claims.declaring import Declaration
from analysis.claims.evidence import Evidence, Undecided
from analysis.errors import plural
from analysis.results.cache import Cache, digest
from analysis.results.frames import Results


def declarations() -> tuple[Declaration, ...]:
    """Return every claim as it is declared, in the order of the table and of claims.json."""
    from analysis.claims.experiments import (
        activation,
        base,
        before_training,
        chaos,
        depth,
        propagation,
        scale,
        symmetry,
    )

    modules = (base, before_training, propagation, scale, depth, activation, symmetry, chaos)
    return tuple(each for module in modules for each in declaring.declared_in(module))


def digests() -> dict[str, str]:
    """Return the digest of every declaration as it is now, by the id of its claim."""
    return {each.id: digest_of(each) for each in declarations()}


def evaluate(results: Results) -> dict[str, Claim]:
    """Return every claim by its id, tested on `results`, in the order of their declarations.

    A claim whose variants, seeds or experiment are missing is inconclusive; its note says why.
    """
    return {each.id: tested(each, results.of(each.experiment)) for each in declarations()}


def evaluate_once(results: Results, cache: Cache, code: str) -> dict[str, Claim]:
    """Return the same, from the cache where those of an experiment have been tested before.

    `code` is the digest of the code that tests them.
    """

    def test(experiment: str) -> str:
        own = results.of(experiment)
        made = [tested(each, own) for each in declarations() if each.experiment == experiment]
        return json.dumps([dataclasses.asdict(claim) for claim in made])

    def declared() -> str:
        return json.dumps([(each.id, each.experiment) for each in declarations()])

    order = dict(json.loads(cache.text(digest("declared", code), declared)))
    found = {}
    for experiment in dict.fromkeys(order.values()):
        key = digest("claims", experiment, results.of(experiment).digest, code)
        for fields in json.loads(cache.text(key, functools.partial(test, experiment))):
            claim = _as_claim(fields)
            found[claim.id] = claim
    return {name: found[name] for name in order}


def _as_claim(fields: Mapping[str, Any]) -> Claim:
    """A claim as it was before it was kept as JSON, which knows neither tuples nor quantities."""
    note = (part if isinstance(part, str) else Quantity(**part) for part in fields["note"])
    return Claim(**{**fields, "runs": tuple(fields["runs"]), "note": tuple(note)})


def tested(declared: Declaration, results: Results) -> Claim:
    """Return the claim that was declared, tested; what cannot be decided is inconclusive."""
    chance = _chance(results, declared.experiment)
    margin = declared.margin.of(chance) if isinstance(declared.margin, Level) else declared.margin
    asked = Evidence(results, declared.experiment, math.nan if margin is None else margin)
    try:
        if declared.dense:
            asked.check_dense()
        finding = declared.predicate(asked)
        notes = [
            _reason(declared, finding), _needed(declared, finding, asked.margin),
            finding.note, _diverged(asked, finding.diverged),
        ]  # fmt: skip
        finding = dataclasses.replace(finding, note=joined("; ", notes))
    except Undecided as reason:
        finding = Finding("inconclusive", note=(str(reason),))
    return Claim(
        **{name: getattr(declared, name) for name in _DECLARED},
        statement=worded(declared.statement, chance),
        method=worded(declared.method, chance),
        margin=margin,
        **{name: getattr(finding, name) for name in _FOUND},
        runs=asked.run_ids() if finding.n else (),
        seeds=0 if declared.kind == "exact" else declared.seeds,
        settings=settings_digest(results.study, declared.experiment),
        declared=digest_of(declared),
    )


_DECLARED = ("id", "question", "experiment", "kind", "unit")
_FOUND = ("verdict", "value", "low", "high", "n", "note")


def _chance(results: Results, experiment: str) -> float:
    """Return the accuracy of guessing in an experiment; of one that is not there, on the first."""
    known = results.study.experiments
    own = known[experiment] if experiment in known else next(iter(known.values()))
    return evidence.chance(results, own.points[0].settings)


def _reason(declared: Declaration, finding: Finding) -> Note:
    """Why a tested claim is left open."""
    if finding.verdict != "inconclusive":
        return ()
    if declared.kind != "exact" and finding.n < declared.seeds:
        had, needed = Quantity(finding.n, "count"), Quantity(declared.seeds, "count")
        return ("too few seeds: ", had, ", and at least ", needed, " are needed")
    if math.isfinite(finding.low) and math.isfinite(finding.high):
        return ("the interval straddles the margin",)
    return ("no interval can be given",)


ON_MEANS = {"percentage points", "nats", "%"}
"""Units of values that are means over seeds, or differences of such, on a scale that adds up."""


def _needed(declared: Declaration, finding: Finding, margin: float) -> Note:
    """How many seeds would decide a claim on a mean that is left open, at the effect seen."""
    counts_others = "n counts" in declared.method and "n counts seeds" not in declared.method
    if finding.verdict != "inconclusive" or declared.unit not in ON_MEANS or counts_others:
        return ()
    if declared.kind not in ("difference", "ordering", "equivalence"):
        return ()
    from analysis.statistics import power  # SciPy, which a report of decided claims does not need

    rule = power.within if declared.kind == "equivalence" else power.above
    found = rule(finding.value, finding.low, finding.high, finding.n, margin)
    if found is None:
        return ()
    seeds, often = max(found, declared.seeds), 100 * power.POWER
    return (
        *("at the effect seen about ", Quantity(seeds, "count")),
        *(" seeds would decide it (t test, power ", Quantity(often, "setting"), " %)"),
    )


def _diverged(asked: Evidence, fate: str) -> Note:
    """How many of the runs that a claim rests on diverged, and what was done with them."""
    lost = asked.diverged()
    return (Quantity(lost, "count"), f" diverged {plural(lost, 'run')} {fate}") if lost else ()
