"""Claims on depth: where Xavier stalls, what the optimizer softens, and what He does not mend."""

import pandas as pd

from analysis.claims.claim import Finding, Verdict
from analysis.claims.comparing import mean_accuracies
from analysis.claims.deciding import STALLED, above, joint
from analysis.claims.declaring import claim
from analysis.claims.evidence import Evidence, Undecided
from analysis.statistics import comparisons
from analysis.statistics.estimates import mean_interval
from analysis.statistics.level import AT_LEVEL

DEEP, DEEPEST, MODERATE = 30, 50, 10
"""Hidden layers of the networks compared; He et al. 2015 compare at 30."""
MARGIN = 10.0
"""Percentage points: as much as guessing one of ten classes is worth."""
METHOD = (
    f"paired difference in test accuracy by seed, {AT_LEVEL} Student interval; must exceed the "
    "margin"
)
AHEAD = METHOD.replace("the margin", "zero")


@claim(
    id="he-trains-where-xavier-stalls",
    question="Q1a",
    kind="difference",
    statement="Thirty ReLU layers deep, under plain SGD, Glorot stalls where He learns: the "
    "network from GlorotNormal stays below a mean test accuracy of {stalled in words} percent, "
    "and the one from HeNormal ends ahead of it.",
    method=f"He − Glorot at {DEEP} layers, SGD: {AHEAD}, and "
    "Glorot's mean test accuracy must lie below {stalled} %",
    unit="percentage points",
    margin=0.0,
    experiment="depth",
)
def he_trains_where_xavier_stalls(evidence: Evidence) -> Finding:
    """He less Glorot at 30 layers under SGD, where Glorot's mean is near guessing."""
    glorot = evidence.variant("GlorotNormal")
    stalled = mean_interval(evidence.scores([glorot], depth=DEEP, optimizer="SGD")["value"])
    stalls = above(-stalled.high, -stalled.low, -evidence.accuracy(STALLED), stalled.n)
    return _he_over_glorot(evidence, DEEP, "SGD", stalls)


@claim(
    id="optimizer-softens",
    question="Q3b",
    kind="difference",
    statement="The optimizer softens a poor start: with thirty ReLU layers from GlorotNormal,"
    " Adam ends ahead of SGD in test accuracy.",
    method=f"Adam − SGD for Glorot at {DEEP} layers, {AHEAD}",
    unit="percentage points",
    margin=0.0,
    experiment="depth",
)
def optimizer_softens(evidence: Evidence) -> Finding:
    """Adam less SGD for Glorot at 30 layers."""
    glorot = evidence.variant("GlorotNormal")
    runs = evidence.scores([glorot], ["optimizer"], depth=DEEP, optimizer=("Adam", "SGD"))
    return _ahead(evidence, runs, "optimizer", "Adam", "SGD")


@claim(
    id="adam-is-not-enough",
    question="Q3b",
    kind="difference",
    statement="Adam does not replace the initializer: with fifty ReLU layers, HeNormal ends "
    "more than ten percentage points of test accuracy ahead of GlorotNormal even under Adam.",
    method=f"He − Glorot at {DEEPEST} layers, Adam: {METHOD}",
    unit="percentage points",
    margin=MARGIN,
    experiment="depth",
)
def adam_is_not_enough(evidence: Evidence) -> Finding:
    """He less Glorot at 50 layers under Adam."""
    return _he_over_glorot(evidence, DEEPEST, "Adam")


@claim(
    id="he-alone-is-not-enough",
    question="Q2d",
    kind="difference",
    statement="He's rule alone is not enough: under SGD its network of fifty layers ends more"
    " than ten percentage points of test accuracy below its network of ten.",
    method=f"He at {MODERATE} layers − He at {DEEPEST}, SGD: {METHOD}",
    unit="percentage points",
    margin=MARGIN,
    experiment="depth",
)
def he_alone_is_not_enough(evidence: Evidence) -> Finding:
    """He at 10 layers less He at 50, under SGD."""
    he = evidence.variant("HeNormal")
    runs = evidence.scores([he], ["depth"], optimizer="SGD", depth=(MODERATE, DEEPEST))
    return _ahead(evidence, runs, "depth", MODERATE, DEEPEST)


def _he_over_glorot(
    evidence: Evidence, depth: int, optimizer: str, also: Verdict = "supported"
) -> Finding:
    he, glorot = evidence.variant("HeNormal"), evidence.variant("GlorotNormal")
    runs = evidence.scores([he, glorot], depth=depth, optimizer=optimizer)
    return _ahead(evidence, runs, "variant", he, glorot, also)


def _ahead(
    evidence: Evidence,
    runs: pd.DataFrame,
    column: str,
    a: object,
    b: object,
    also: Verdict = "supported",
) -> Finding:
    """Whether level `a` of the column beats level `b` by more than the margin, and `also` holds."""
    gap = comparisons.paired_difference(runs, "value", a, b, column)
    if not gap.n:
        raise Undecided("no seed has a result of both sides")
    verdict = joint([above(gap.low, gap.high, evidence.margin, gap.n), also])
    note = mean_accuracies(runs, column)
    return Finding(verdict, gap.mean, gap.low, gap.high, n=gap.n, note=note)
