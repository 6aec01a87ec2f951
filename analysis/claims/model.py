"""A claim before and after its test: the specification, the finding, the verdict.

A specification names the question, the experiment it reads, its kind, margin and method; its
predicate turns seed-level results into a finding.
"""

import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

import numpy as np

from analysis.claims.evidence import Evidence, Undecided
from analysis.results.frames import Results
from analysis.study.model import Study

Kind = Literal["exact", "difference", "equivalence", "ordering", "slope", "threshold"]
Verdict = Literal["supported", "not supported", "inconclusive"]

MIN_SEEDS = 5
"""Fewer than this decide no statistical claim that does not declare otherwise."""
UNSEEN = {"seeds", "measure", "moments", "curve_points", "title", "sweep", "points"}
"""Parts of an experiment that are not its hyperparameters, or are told of point by point."""


@dataclass(frozen=True)
class Claim:
    """A statement with the verdict on it; value, low, high and margin are in `unit`."""

    id: str
    question: str
    experiment: str
    kind: Kind
    statement: str
    verdict: Verdict
    value: float
    low: float
    high: float
    unit: str
    n: int
    method: str
    margin: float | None
    runs: tuple[str, ...]
    note: str = ""
    """Further numbers of the test, or the reason of an inconclusive verdict."""
    settings: str = ""
    """Digest of `settings_of` its experiment: equal digests, equal hyperparameters and seeds."""


@dataclass(frozen=True)
class Finding:
    """What a predicate found: the verdict and the numbers behind it."""

    verdict: Verdict
    value: float = np.nan
    low: float = np.nan
    high: float = np.nan
    n: int = 0
    note: str = ""
    losses: str = "left out"
    """What was done with runs that diverged."""


@dataclass(frozen=True)
class Spec:
    """A claim without its results: how it will be tested, whatever they are."""

    id: str
    question: str
    kind: Kind
    statement: str
    method: str
    unit: str
    predicate: Callable[[Evidence], Finding]
    margin: float | None = None
    experiment: str = "base"
    seeds: int = MIN_SEEDS
    """Fewest seeds (or whatever n counts) that decide it.

    Where fewer than five do, the effect claimed is far larger than the spread of seeds, and the
    interval is Student's, which is honest, if wide, from two on.
    """


def above(low: float, high: float, threshold: float, n: int, seeds: int = MIN_SEEDS) -> Verdict:
    """Verdict on "the value lies above the threshold", from its interval over n seeds."""
    if n < seeds or not (np.isfinite(low) and np.isfinite(high)):
        return "inconclusive"
    if low > threshold:
        return "supported"
    return "not supported" if high <= threshold else "inconclusive"


def within(low: float, high: float, margin: float, n: int, seeds: int = MIN_SEEDS) -> Verdict:
    """Verdict on "the value lies within ±margin", from its interval over n seeds."""
    if n < seeds or not (np.isfinite(low) and np.isfinite(high)):
        return "inconclusive"
    if -margin < low and high < margin:
        return "supported"
    return "not supported" if low >= margin or high <= -margin else "inconclusive"


def joint(verdicts: Sequence[Verdict]) -> Verdict:
    """Verdict on "all of them hold": one refuted part refutes, one undecided part leaves it open.

    No correction for their number is needed: a false whole is supported only if its false part is
    (intersection-union test, Berger 1982).
    """
    if "not supported" in verdicts:
        return "not supported"
    return "inconclusive" if "inconclusive" in verdicts or not verdicts else "supported"


def tested(spec: Spec, results: Results) -> Claim:
    """Return the claim that `spec` becomes on `results`; what cannot be decided is inconclusive."""
    evidence = Evidence(results, spec.experiment, np.nan if spec.margin is None else spec.margin)
    try:
        finding = spec.predicate(evidence)
        parts = [_reason(spec, finding), finding.note, _losses(evidence, finding.losses)]
        finding = replace(finding, note="; ".join(filter(None, parts)))
    except Undecided as reason:
        finding = Finding("inconclusive", note=str(reason))
    declared = {name: getattr(spec, name) for name in _DECLARED}
    found = {name: getattr(finding, name) for name in _FOUND}
    runs = evidence.run_ids() if finding.n else ()
    settings = _digest(settings_of(results.study, spec.experiment))
    return Claim(**declared, **found, runs=runs, settings=settings)


_DECLARED = ("id", "question", "experiment", "kind", "statement", "unit", "method", "margin")
_FOUND = ("verdict", "value", "low", "high", "n", "note")


def settings_of(study: Study, experiment: str) -> dict[str, Any]:
    """Return what can change an experiment's results, point by point, as plain JSON values.

    What is measured beside, and titles, are no part of it. Empty where the study has no such
    experiment.
    """
    own = study.experiments.get(experiment)
    if own is None:
        return {}
    points = [point.settings.model_dump(mode="json") for point in own.points]
    return {
        "points": [{k: v for k, v in point.items() if k not in UNSEEN} for point in points],
        "seeds": [point["seeds"] for point in points],
    }


def _digest(settings: dict[str, Any]) -> str:
    text = json.dumps(settings, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _reason(spec: Spec, finding: Finding) -> str:
    """Why a tested claim is left open."""
    if finding.verdict != "inconclusive":
        return ""
    if spec.kind != "exact" and finding.n < spec.seeds:
        return f"too few seeds: {finding.n}, and at least {spec.seeds} are needed"
    if np.isfinite(finding.low) and np.isfinite(finding.high):
        return "the interval straddles the margin"
    return "no interval can be given"


def _losses(evidence: Evidence, fate: str) -> str:
    """How many of the runs that a claim rests on diverged."""
    lost = evidence.diverged()
    return f"{lost} diverged run{'s' * (lost > 1)} {fate}" if lost else ""
