"""Every claim, tested on a set of results; SciPy is loaded only when a test must run."""

import dataclasses
import functools
import json
import math
from collections.abc import Callable, Mapping
from typing import Any

from analysis.claims import declaring, evidence
from analysis.claims.against.declared import digest_of
from analysis.claims.against.standing import settings_digest
from analysis.claims.claim import STRADDLES, Claim, Note, Quantity, joined
from analysis.claims.deciding import MIN_SEEDS, Finding, Level, Part, worded
from analysis.claims.declaring import Declaration
from analysis.claims.evidence import Evidence, Undecided
from analysis.errors import plural
from analysis.results.cache import Cache, digest
from analysis.results.frames import Results


def declarations() -> tuple[Declaration, ...]:
    """Return every claim as it is declared, in the order of the table and of claims.json."""
    from analysis.claims.experiments.deep import activation, chaos, depth, rivals
    from analysis.claims.experiments.shallow import level, scale, speed, symmetry
    from analysis.claims.experiments.untrained import before_training, glorot, propagation

    modules = (
        *(before_training, propagation, glorot, symmetry),
        *(speed, level, scale, depth, rivals, activation, chaos),
    )
    return tuple(each for module in modules for each in declaring.declared_in(module))


def digests() -> dict[str, str]:
    """Return the digest of every declaration as it is now, by the id of its claim."""
    return {each.id: digest_of(each) for each in declarations()}


def places() -> dict[str, tuple[str, str]]:
    """Return where the test of each claim stands: a file, from the project's folder, and a name."""
    return {
        each.id: (
            f"{each.predicate.__module__.replace('.', '/')}.py",
            each.predicate.__name__,
        )
        for each in declarations()
    }


def evaluate(results: Results) -> dict[str, Claim]:
    """Return every claim by its id, tested on `results`, in the order of their declarations.

    A claim whose variants, seeds or experiment are missing is inconclusive; its note says why.
    """
    found = {each.id: tested(each, results.of(each.experiment)) for each in declarations()}
    return in_family(found, _adjusted)


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

    def adjusted(p_values: str) -> str:
        return cache.text(digest("holm", p_values), functools.partial(_adjusted, p_values))

    return in_family({name: found[name] for name in order}, adjusted)


def in_family(claims: Mapping[str, Claim], adjusted: Callable[[str], str]) -> dict[str, Claim]:
    """Return the claims, each finding with its p-value adjusted over all findings tested.

    `adjusted` makes JSON of adjusted p-values from that of raw ones.
    """
    tested = [each for each in claims.values() if each.family == "finding" and each.p >= 0]
    p_values = json.loads(adjusted(json.dumps([each.p for each in tested])))
    found = {
        each.id: dataclasses.replace(each, p_holm=p_holm, among=len(tested))
        for each, p_holm in zip(tested, p_values, strict=True)
    }
    return {name: found.get(name, each) for name, each in claims.items()}


def _adjusted(p_values: str) -> str:
    """Return p-values adjusted by Holm's method, both as JSON."""
    from analysis.statistics.comparisons import holm

    return json.dumps(holm(json.loads(p_values)).tolist())


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
            _reason(declared, finding), _needed(declared, finding),
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
        seeds=0 if declared.kind == "exact" else MIN_SEEDS,
        settings=settings_digest(results.study, declared.experiment),
        declared=digest_of(declared),
        power=_power(declared, finding.part),
    )


_DECLARED = ("id", "question", "experiment", "kind", "unit", "family", "expects")
_FOUND = ("verdict", "value", "low", "high", "n", "note", "p")


def _chance(results: Results, experiment: str) -> float:
    """Return the accuracy of guessing in an experiment; of one that is not there, on the first."""
    known = results.study.experiments
    own = known[experiment] if experiment in known else next(iter(known.values()))
    return evidence.chance(results, own.points[0].settings)


def _reason(declared: Declaration, finding: Finding) -> Note:
    """Why a tested claim is left open."""
    if finding.verdict != "inconclusive":
        return ()
    if declared.kind != "exact" and finding.n < MIN_SEEDS:
        had, needed = Quantity(finding.n, "count"), Quantity(MIN_SEEDS, "count")
        return ("too few seeds: ", had, ", and at least ", needed, " are needed")
    if math.isfinite(finding.low) and math.isfinite(finding.high):
        return (STRADDLES,)
    return ("no interval can be given",)


def _needed(declared: Declaration, finding: Finding) -> Note:
    """How many seeds would decide a claim on a mean that is left open, at the effect seen."""
    part = finding.part
    if finding.verdict != "inconclusive" or declared.kind == "exact" or part is None:
        return ()
    from analysis.statistics import power  # SciPy, which a report of decided claims does not need
    from analysis.statistics.estimates import Mean

    if not isinstance(part.estimate, Mean):
        return ()
    rule = power.seeds_within if part.rule == "within" else power.seeds_above
    found = rule(part.estimate, part.bound)
    if found is None:
        return ()
    seeds, often = max(found, MIN_SEEDS), 100 * power.POWER
    return (
        *("at the effect seen about ", Quantity(seeds, "count")),
        *(" seeds would decide it (t test, power ", Quantity(often, "setting"), " %)"),
    )


def _power(declared: Declaration, part: Part | None) -> float:
    """Return how often so many seeds would support a claim at the effect that it expects."""
    if declared.expects is None or part is None:
        return math.nan
    from analysis.statistics import power

    match part.rule:
        case "within":
            return power.of_within(part.estimate, part.bound, declared.expects)
        case "above":
            return power.of_above(part.estimate, part.bound, declared.expects)
    return power.of_below(part.estimate, part.bound, declared.expects)


def _diverged(asked: Evidence, fate: str) -> Note:
    """How many of the runs that a claim rests on diverged, and what was done with them."""
    lost = asked.diverged()
    return (Quantity(lost, "count"), f" diverged {plural(lost, 'run')} {fate}") if lost else ()
