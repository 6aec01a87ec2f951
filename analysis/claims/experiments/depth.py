"""Claims on depth: where Xavier stalls, what the optimizer softens, and what He does not mend."""

import pandas as pd

from analysis.claims.evidence import Evidence, Undecided
from analysis.claims.model import Finding, Spec, Verdict, above, joint
from analysis.statistics import comparisons
from analysis.statistics.estimates import Difference, mean_interval

DEEP, DEEPEST, MODERATE = 30, 50, 10
"""Hidden layers of the networks compared; He et al. 2015 compare at 30."""
MARGIN = 10.0
"""Percentage points: as much as guessing one of ten classes is worth."""
STALLED = 20.0
"""Test accuracy, in percent, below which a network has learned next to nothing."""


def he_trains_where_xavier_stalls(evidence: Evidence) -> Finding:
    """He less Glorot at 30 layers under SGD, where Glorot's mean is near guessing."""
    glorot = evidence.variant("GlorotNormal")
    stalled = mean_interval(evidence.scores([glorot], depth=DEEP, optimizer="SGD")["value"])
    stalls = above(-stalled.high, -stalled.low, -STALLED, stalled.n)
    return _he_over_glorot(evidence, DEEP, "SGD", stalls)


def adam_is_not_enough(evidence: Evidence) -> Finding:
    """He less Glorot at 50 layers under Adam."""
    return _he_over_glorot(evidence, DEEPEST, "Adam")


def optimizer_softens(evidence: Evidence) -> Finding:
    """Adam less SGD for Glorot at 30 layers."""
    glorot = evidence.variant("GlorotNormal")
    runs = evidence.scores([glorot], ["optimizer"], depth=DEEP, optimizer=("Adam", "SGD"))
    gap = comparisons.paired_difference(runs, "value", "Adam", "SGD", "optimizer")
    return _finding(evidence, gap, _means(runs, "optimizer"))


def he_alone_is_not_enough(evidence: Evidence) -> Finding:
    """He at 10 layers less He at 50, under SGD."""
    he = evidence.variant("HeNormal")
    runs = evidence.scores([he], ["depth"], optimizer="SGD", depth=(MODERATE, DEEPEST))
    gap = comparisons.paired_difference(runs, "value", MODERATE, DEEPEST, "depth")
    return _finding(evidence, gap, _means(runs, "depth"))


def _he_over_glorot(
    evidence: Evidence, depth: int, optimizer: str, also: Verdict = "supported"
) -> Finding:
    he, glorot = evidence.variant("HeNormal"), evidence.variant("GlorotNormal")
    runs = evidence.scores([he, glorot], depth=depth, optimizer=optimizer)
    gap = comparisons.paired_difference(runs, "value", he, glorot)
    return _finding(evidence, gap, _means(runs, "variant"), also)


def _finding(
    evidence: Evidence, gap: Difference, note: str, also: Verdict = "supported"
) -> Finding:
    """The verdict on the gap, and on what else must hold."""
    if not gap.n:
        raise Undecided("no seed has a result of both sides")
    verdict = joint([above(gap.low, gap.high, evidence.margin, gap.n), also])
    return Finding(verdict, gap.mean, gap.low, gap.high, n=gap.n, note=note)


def _means(runs: pd.DataFrame, by: str) -> str:
    """Mean accuracy on either side."""
    table = comparisons.summary(runs, "value", [by])
    unit = " layers" if by == "depth" else ""
    sides = zip(table[by], table["mean"], strict=True)
    parts = [f"{level}{unit} {mean:.1f} %" for level, mean in sides]
    return "test accuracy: " + ", ".join(parts)


METHOD = "paired difference in test accuracy by seed, 95 % Student interval; must exceed the margin"
CLAIMS = (
    Spec(
        id="he-trains-where-xavier-stalls",
        question="Q1a",
        kind="difference",
        statement="Thirty ReLU layers deep, under plain SGD, Glorot stalls where He learns: the "
        "network from GlorotNormal stays below a mean test accuracy of twenty percent, and the "
        "one from HeNormal ends ahead of it.",
        method=f"He − Glorot at {DEEP} layers, SGD: {METHOD.replace('the margin', 'zero')}, and "
        f"Glorot's mean test accuracy must lie below {STALLED:.0f} %",
        unit="percentage points",
        margin=0.0,
        experiment="depth",
        predicate=he_trains_where_xavier_stalls,
    ),
    Spec(
        id="optimizer-softens",
        question="Q3b",
        kind="difference",
        statement="The optimizer softens a poor start: with thirty ReLU layers from GlorotNormal,"
        " Adam ends ahead of SGD in test accuracy.",
        method=f"Adam − SGD for Glorot at {DEEP} layers, {METHOD.replace('the margin', 'zero')}",
        unit="percentage points",
        margin=0.0,
        experiment="depth",
        predicate=optimizer_softens,
    ),
    Spec(
        id="adam-is-not-enough",
        question="Q3b",
        kind="difference",
        statement="Adam does not replace the initializer: with fifty ReLU layers, HeNormal ends "
        "more than ten percentage points of test accuracy ahead of GlorotNormal even under Adam.",
        method=f"He − Glorot at {DEEPEST} layers, Adam: {METHOD}",
        unit="percentage points",
        margin=MARGIN,
        experiment="depth",
        predicate=adam_is_not_enough,
    ),
    Spec(
        id="he-alone-is-not-enough",
        question="Q2d",
        kind="difference",
        statement="He's rule alone is not enough: under SGD its network of fifty layers ends more"
        " than ten percentage points of test accuracy below its network of ten.",
        method=f"He at {MODERATE} layers − He at {DEEPEST}, SGD: {METHOD}",
        unit="percentage points",
        margin=MARGIN,
        experiment="depth",
        predicate=he_alone_is_not_enough,
    ),
)
"""Claims on the experiment "depth"."""
