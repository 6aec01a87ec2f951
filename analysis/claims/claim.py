"""A claim after its test: the statement, the verdict, and the numbers behind it.

Nothing here needs SciPy, statsmodels or pandas: a page may be made of claims tested before.
"""

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from analysis.statistics.level import SIDE

Kind = Literal["exact", "difference", "equivalence", "ordering", "threshold"]
Family = Literal["verification", "finding"]
"""Does a claim check theory and code on what follows from them, or say what training did?"""
Verdict = Literal["supported", "contradicted", "inconclusive"]
QuantityKind = Literal[
    "accuracy",  # a test accuracy in percent
    "percent",  # another share or deviation in percent
    "relative error",  # of an estimate, in percent
    "points",  # percentage points
    "loss",  # nats
    "factor",  # a ratio
    "magnitude",  # a size that may be any power of ten
    "p",  # a p-value
    "correlation",
    "depth",  # hidden layers
    "count",
    "setting",  # a value as the study sets it, exact
]


@dataclass(frozen=True)
class Quantity:
    """A number of a note, in the unit of its kind; how it is written is the report's affair."""

    value: float
    kind: QuantityKind


STRADDLES = "the interval straddles the margin"
"""Why a claim with enough seeds is left open."""
Note = tuple[str | Quantity, ...]
"""Words and quantities that make one line of text. What is a name (layer 3, Q1a) is a word."""


def joined(separator: str, notes: Iterable[Note]) -> Note:
    """Return one note of several, with `separator` between; empty ones are left out."""
    whole: list[str | Quantity] = []
    for note in filter(None, notes):
        whole += [*([separator] if whole else []), *note]
    return tuple(whole)


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
    """Ids of the runs that decided it."""
    note: Note = ()
    """Further numbers of the test, or the reason of an inconclusive verdict."""
    seeds: int = 0
    """Fewest of what `n` counts that decide it; 0 where any number does."""
    settings: str = ""
    """Digest of its experiment's settings: equal digests, equal hyperparameters and seeds."""
    declared: str = ""
    """Digest of its declaration: equal digests, equal statement and test."""
    family: Family = "finding"
    p: float = math.nan
    """One-sided p-value of its null, of several parts the largest; NaN where none was tested."""
    p_holm: float = math.nan
    """The same, adjusted by Holm's method over all findings tested; NaN for a verification."""
    among: int = 0
    """Findings that were tested with it, itself among them."""
    expects: float | None = None
    """The effect that theory predicts, in its unit; of a sign test the share of seeds."""
    power: float = math.nan
    """How often so many seeds would support it at that effect, with the spread that was seen."""

    @property
    def holds(self) -> bool | None:
        """Tell whether a finding that is supported is so within its family too; None for others."""
        if self.verdict != "supported" or not math.isfinite(self.p_holm):
            return None
        return self.p_holm <= SIDE
