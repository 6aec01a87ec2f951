"""A claim before and after its test: the specification, the evidence it may ask for, the verdict.

A specification names the question, the experiment it reads, its kind, margin and method; its
predicate turns seed-level results into a finding.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np
import pandas as pd

from analysis.schemes import SCHEMES
from analysis.results import Results
from analysis.study import Variant

Kind = Literal["exact", "difference", "equivalence", "ordering", "slope", "threshold"]
Verdict = Literal["supported", "not supported", "inconclusive"]

MIN_SEEDS = 5
"""Fewer paired seeds than this decide no statistical claim, however clear they look."""


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


@dataclass(frozen=True)
class Finding:
    """What a predicate found: the verdict and the numbers behind it."""

    verdict: Verdict
    value: float = np.nan
    low: float = np.nan
    high: float = np.nan
    n: int = 0
    note: str = ""


class Undecided(Exception):
    """The results cannot decide a claim; the message is the reason."""


@dataclass(frozen=True)
class Evidence:
    """The results of one experiment, as predicates ask for them."""

    results: Results
    experiment: str
    margin: float | None
    asked: list[str] = field(default_factory=list)
    """Names of the variants that a predicate has asked for: their runs are the claim's evidence."""

    def variant(self, initializer: str) -> str:
        """Name of the variant that uses this Keras initializer, the one of that name if several do.

        Raises Undecided where the study has none.
        """
        using = [v.name for v in self.results.study.variants if v.initializer == initializer]
        if not using:
            raise Undecided(f"the study has no {initializer} variant")
        return self._ask(initializer if initializer in using else using[0])

    def learners(self) -> list[str]:
        """Names of the variants that start from random kernels; Undecided for fewer than two."""
        names = [v.name for v in self.results.study.variants if SCHEMES[v.initializer].random]
        if len(names) < 2:
            raise Undecided("the study has fewer than two variants with random kernels")
        return [self._ask(name) for name in names]

    def settings(self, name: str) -> Variant:
        """The variant of that name, with its initializer and parameters."""
        return next(v for v in self.results.study.variants if v.name == name)

    def runs(self) -> pd.DataFrame:
        """One row a run; Undecided where the experiment has none."""
        return self._own(self.results.runs)

    def epochs(self) -> pd.DataFrame:
        """One row a run and epoch."""
        return self._own(self.results.epochs)

    def layers(self, moment: str) -> pd.DataFrame:
        """One row a run and layer at a moment, "initial" or "final"."""
        layers = self._own(self.results.layers)
        return layers[layers["moment"] == moment]

    def run_ids(self) -> tuple[str, ...]:
        """Runs of the variants asked for, in the order of the results."""
        runs = self._own(self.results.runs)
        return tuple(runs.loc[runs["variant"].isin(self.asked), "run_id"])

    def _own(self, frame: pd.DataFrame) -> pd.DataFrame:
        own = frame[frame["experiment"] == self.experiment]
        if own.empty:
            raise Undecided(f"there are no results of the experiment {self.experiment!r}")
        return own

    def _ask(self, name: str) -> str:
        if name not in self.asked:
            self.asked.append(name)
        return name


@dataclass(frozen=True)
class Spec:
    """A claim before its results: everything that is decided in advance."""

    id: str
    question: str
    kind: Kind
    statement: str
    method: str
    unit: str
    predicate: Callable[[Evidence], Finding]
    margin: float | None = None
    experiment: str = "base"


def above(low: float, high: float, threshold: float, n: int) -> Verdict:
    """Verdict on "the value lies above the threshold", from its interval over n seeds."""
    if n < MIN_SEEDS or not (np.isfinite(low) and np.isfinite(high)):
        return "inconclusive"
    if low > threshold:
        return "supported"
    return "not supported" if high <= threshold else "inconclusive"


def within(low: float, high: float, margin: float, n: int) -> Verdict:
    """Verdict on "the value lies within ±margin", from its interval over n seeds."""
    if n < MIN_SEEDS or not (np.isfinite(low) and np.isfinite(high)):
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
    evidence = Evidence(results, spec.experiment, spec.margin)
    try:
        finding = spec.predicate(evidence)
        parts = [_reason(spec, finding), finding.note, _losses(evidence)]
        finding = replace(finding, note="; ".join(filter(None, parts)))
    except Undecided as reason:
        finding = Finding("inconclusive", note=str(reason))
    declared = {name: getattr(spec, name) for name in _DECLARED}
    found = {name: getattr(finding, name) for name in _FOUND}
    runs = evidence.run_ids() if finding.n else ()
    return Claim(**declared, **found, runs=runs)


_DECLARED = ("id", "question", "experiment", "kind", "statement", "unit", "method", "margin")
_FOUND = ("verdict", "value", "low", "high", "n", "note")


def _reason(spec: Spec, finding: Finding) -> str:
    """Why a tested claim is left open."""
    if finding.verdict != "inconclusive":
        return ""
    if spec.kind != "exact" and finding.n < MIN_SEEDS:
        return f"too few seeds: {finding.n}, and at least {MIN_SEEDS} are needed"
    if np.isfinite(finding.low) and np.isfinite(finding.high):
        return "the interval straddles the margin"
    return "no interval can be given"


def _losses(evidence: Evidence) -> str:
    """How many of the runs that a claim rests on diverged."""
    runs = evidence.runs()
    lost = int((runs["variant"].isin(evidence.asked) & (runs["status"] == "diverged")).sum())
    return f"{lost} diverged run{'s' * (lost > 1)} left out" if lost else ""
