"""What several predicates set side by side: means by variant, ratios, what recursions predict."""

from collections.abc import Mapping

import numpy as np
import pandas as pd

from analysis.claims.claim import Note, Quantity, QuantityKind, joined
from analysis.claims.deciding import Part, above, weakest, within
from analysis.claims.evidence import Evidence, Undecided
from analysis.statistics import comparisons, predictions, summaries
from analysis.statistics.estimates import Estimate, Interval
from analysis.statistics.level import AT_LEVEL, AT_SIDE

NO_WHOLE_SEED = "no seed has a result of every variant"
"""Why a claim that compares variants within seeds cannot be decided."""
STUDENT = f"Student's {AT_LEVEL} interval and one-sided t tests at {AT_SIDE}"
MEDIAN = f"median over seeds, exact {AT_LEVEL} interval and one-sided sign tests at {AT_SIDE}"
GUESSED = "counted as guessing"
"""What is done with a diverged run where the question is whether a network trains."""


def accuracies(runs: pd.DataFrame, by: str = "variant", *, median: bool = False) -> Note:
    """Return mean or median of `value`, a test accuracy in percent, by a column, in words.

    `by` is the name of a column of names, or "depth".
    """
    known = summaries.measured(runs, "value").groupby(by, observed=True)["value"]
    told: list[Note] = []
    for level, middle in (known.median() if median else known.mean()).items():
        side = (Quantity(int(str(level)), "depth"), " layers ") if by == "depth" else (f"{level} ",)
        told.append((*side, Quantity(float(middle), "accuracy")))
    return ("median" if median else "mean", " test accuracy: ", *joined(", ", told))


def needs_pairs(*gaps: Estimate) -> None:
    """Raise Undecided where a gap has no seed with a result on both of its sides."""
    if not all(gap.n for gap in gaps):
        raise Undecided(NO_WHOLE_SEED)


def ahead(runs: pd.DataFrame, a: object, b: object, margin: float, column: str = "variant") -> Part:
    """Return the test of "`a` exceeds `b` in `value` by more than the margin in the median seed".

    Raises Undecided where no seed has both.
    """
    gap = comparisons.paired_median(runs, "value", a, b, column)
    needs_pairs(gap)
    return above(gap, margin)


def level(runs: pd.DataFrame, a: object, b: object, margin: float, column: str = "variant") -> Part:
    """Return the test of "in the median seed `a` and `b` differ in `value` by less than a margin".

    Raises Undecided where no seed has both.
    """
    gap = comparisons.paired_median(runs, "value", a, b, column)
    needs_pairs(gap)
    return within(gap, margin)


def all_within(deviations: Mapping[str, Estimate], margin: float) -> tuple[str, list[Part]]:
    """Return the tests of "each lies within ±margin", and the name of the weakest."""
    parts = {name: within(each, margin) for name, each in deviations.items()}
    last = weakest(list(parts.values()))
    return next(name for name, part in parts.items() if part is last), list(parts.values())


def with_interval(found: Interval, kind: QuantityKind = "loss") -> Note:
    """Return an estimate with its interval where there is one, in the unit of a kind."""
    value, low, high = (Quantity(each, kind) for each in (found.value, found.low, found.high))
    return (value, " [", low, ", ", high, "]") if np.isfinite(found.low) else (value,)


def predicted_by(evidence: Evidence, variants: list[str]) -> pd.DataFrame:
    """Return the recursions' mean squares and gradients by variant and layer.

    Columns as `predictions.recursion` has them. Raises Undecided where no variant has a closed
    form.
    """
    initial = evidence.layers("initial", "mean_square", variants)
    initial = initial.assign(activation=evidence.activation())
    declared = [evidence.declared(name) for name in variants]
    table = predictions.recursion(initial, declared, evidence.settings.network)
    if table.empty:
        raise Undecided("no variant has a closed-form recursion")
    return table.astype({"layer": int}).set_index(["variant", "layer"])
