"""What several predicates set side by side: means by variant, ratios, what recursions predict."""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.claims.claim import Note, Quantity, Verdict, joined
from analysis.claims.deciding import MIN_SEEDS, above, joint
from analysis.claims.evidence import Evidence, Undecided
from analysis.statistics import predictions, summaries
from analysis.statistics.estimates import Difference

NO_WHOLE_SEED = "no seed has a result of every variant"
"""Why a claim that compares variants within seeds cannot be decided."""


def mean_accuracies(runs: pd.DataFrame, by: str = "variant") -> Note:
    """Return the mean of `value`, a test accuracy in percent, on each level of `by`, in words.

    `by` is the name of a column of names, or "depth".
    """
    table = summaries.summary(runs, "value", [by])
    told: list[Note] = []
    for level, mean in zip(table[by], table["mean"], strict=True):
        side = (Quantity(int(level), "depth"), " layers ") if by == "depth" else (f"{level} ",)
        told.append((*side, Quantity(float(mean), "accuracy")))
    return ("test accuracy: ", *joined(", ", told))


def needs_pairs(*gaps: Difference) -> None:
    """Raise Undecided where a gap has no seed with a result on both of its sides."""
    if not all(gap.n for gap in gaps):
        raise Undecided(NO_WHOLE_SEED)


def least_gap(
    gaps: Sequence[Difference], bound: float, seeds: int = MIN_SEEDS
) -> tuple[Verdict, Difference]:
    """Return the verdict on "every gap exceeds the bound", and the least of the gaps."""
    verdict = joint([above(gap.low, gap.high, bound, gap.n, seeds) for gap in gaps])
    return verdict, min(gaps, key=lambda gap: gap.mean)


def as_ratio(gap: Difference) -> tuple[float, float, float]:
    """Return a difference of logarithms as a ratio with its interval."""
    return float(np.exp(gap.mean)), float(np.exp(gap.low)), float(np.exp(gap.high))


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
