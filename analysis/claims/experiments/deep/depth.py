"""Claims on depth: who learns later, what the optimizer softens, and what more steps make good.

They read three experiments, `late`, `depth` and `fashion-deep`.
"""

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd

from analysis.claims.claim import Note, Quantity, joined
from analysis.claims.comparing import GUESSED, MEDIAN, accuracies, ahead, level, needs_pairs
from analysis.claims.deciding import NEARLY_ALL, TRAINED, Finding, Part, above, decided
from analysis.claims.declaring import claim
from analysis.claims.evidence import Evidence
from analysis.statistics import comparisons, summaries

SHALLOWER, DEEP, DEEPEST = 20, 30, 50
"""Hidden layers of the networks compared; He et al. 2015 compare at 30."""
MARGIN = 10.0
"""Percentage points: as much as guessing one of ten classes is worth."""
TIMES = 2.0
SLOWER = (
    "ratio of the steps to {trained} % of validation accuracy, linear between epochs, the last "
    f"epoch where a run never gets there: {MEDIAN}; must exceed the margin"
)
GAP = (
    f"paired difference in test accuracy: {MEDIAN}; a diverged run counts as guessing; must exceed "
    "the margin"
)


@claim(
    id="glorot-is-later",
    question="Q1a",
    family="finding",
    kind="difference",
    statement="Deep ReLU networks learn later from GlorotNormal than from HeNormal: under SGD, at "
    "twenty layers and at thirty, the median seed takes more than twice as many steps to "
    "{trained in words} percent of validation accuracy.",
    method=f"Glorot over He at {SHALLOWER} and at {DEEP} layers, {SLOWER} at both; value: the "
    "weaker",
    unit="times",
    margin=TIMES,
    experiment="late",
    expects=NEARLY_ALL,
)
def glorot_is_later(evidence: Evidence) -> Finding:
    """Glorot's steps to half accuracy over He's exceed the margin at 20 and at 30 layers."""
    he, glorot = evidence.variant("HeNormal"), evidence.variant("GlorotNormal")
    times = _times(evidence, [glorot, he], (SHALLOWER, DEEP))
    parts = [
        _slower(times[times["depth"] == depth], glorot, he, "variant", evidence.margin)
        for depth in (SHALLOWER, DEEP)
    ]
    return decided(parts, note=_told(times), unit=math.exp, diverged="kept, as late")


@claim(
    id="he-is-later-when-deeper",
    question="Q2d",
    family="finding",
    kind="difference",
    statement="He's rule does not make depth free: under SGD its network of fifty ReLU layers "
    "takes, in the median seed, more than twice as many steps to {trained in words} percent of "
    "validation accuracy as its network of twenty.",
    method=f"He at {DEEPEST} layers over He at {SHALLOWER}, {SLOWER}",
    unit="times",
    margin=TIMES,
    experiment="late",
    expects=NEARLY_ALL,
)
def he_is_later_when_deeper(evidence: Evidence) -> Finding:
    """He's steps to half accuracy at 50 layers over those at 20 exceed the margin."""
    times = _times(evidence, [evidence.variant("HeNormal")], (SHALLOWER, DEEPEST))
    part = _slower(times, DEEPEST, SHALLOWER, "depth", evidence.margin)
    return decided([part], note=_told(times), unit=math.exp, diverged="kept, as late")


@claim(
    id="glorot-catches-up",
    question="Q1a",
    family="finding",
    kind="equivalence",
    statement="With enough steps Glorot catches up: at the end of the longest training, sixteen "
    "epochs, the test accuracies of HeNormal and GlorotNormal at twenty ReLU layers under SGD "
    "differ by less than ten percentage points in the median seed.",
    method=f"paired difference He − Glorot in test accuracy at {SHALLOWER} layers: {MEDIAN}, on "
    "both sides; a diverged run counts as guessing",
    unit="percentage points",
    margin=MARGIN,
    experiment="late",
    expects=NEARLY_ALL,
)
def glorot_catches_up(evidence: Evidence) -> Finding:
    """At the end He and Glorot are within the margin at 20 layers."""
    he, glorot = evidence.variant("HeNormal"), evidence.variant("GlorotNormal")
    runs = evidence.scores_or_guesses([he, glorot], depth=SHALLOWER)
    part = level(runs, he, glorot, evidence.margin)
    return decided([part], note=accuracies(runs, median=True), diverged=GUESSED)


@claim(
    id="optimizer-softens",
    question="Q3b",
    family="finding",
    kind="difference",
    statement="The optimizer softens a poor start: with thirty ReLU layers from GlorotNormal,"
    " Adam ends ahead of SGD in test accuracy in the median seed.",
    method=f"Adam − SGD for Glorot at {DEEP} layers, {GAP}",
    unit="percentage points",
    margin=0.0,
    experiment="depth",
    expects=NEARLY_ALL,
)
def optimizer_softens(evidence: Evidence) -> Finding:
    """Adam less SGD for Glorot at 30 layers."""
    glorot = evidence.variant("GlorotNormal")
    optimizers = ("Adam", "SGD")
    runs = evidence.scores_or_guesses([glorot], ["optimizer"], depth=DEEP, optimizer=optimizers)
    part = ahead(runs, "Adam", "SGD", evidence.margin, "optimizer")
    return decided([part], note=accuracies(runs, "optimizer", median=True), diverged=GUESSED)


@claim(
    id="adam-is-not-enough",
    question="Q3b",
    family="finding",
    kind="difference",
    statement="Adam does not replace the initializer: with fifty ReLU layers, HeNormal ends "
    "more than ten percentage points of test accuracy ahead of GlorotNormal even under Adam, in "
    "the median seed.",
    method=f"He − Glorot at {DEEPEST} layers, Adam, {GAP}",
    unit="percentage points",
    margin=MARGIN,
    experiment="depth",
    expects=NEARLY_ALL,
)
def adam_is_not_enough(evidence: Evidence) -> Finding:
    """He less Glorot at 50 layers under Adam."""
    return _he_over_glorot(evidence, DEEPEST, optimizer="Adam")


@claim(
    id="fashion-deep",
    question="Q1a",
    family="finding",
    kind="difference",
    statement="On Fashion-MNIST depth tells the same two apart: after four epochs of SGD, twenty "
    "ReLU layers from HeNormal are more than ten percentage points of test accuracy ahead of those "
    "from GlorotNormal in the median seed.",
    method=f"He − Glorot at {SHALLOWER} layers, {GAP}",
    unit="percentage points",
    margin=MARGIN,
    experiment="fashion-deep",
    expects=NEARLY_ALL,
)
def fashion_deep(evidence: Evidence) -> Finding:
    """He less Glorot at 20 layers on other images."""
    return _he_over_glorot(evidence, SHALLOWER)


def _he_over_glorot(evidence: Evidence, depth: int, **where: object) -> Finding:
    """Whether He leads Glorot in test accuracy by more than the margin."""
    he, glorot = evidence.variant("HeNormal"), evidence.variant("GlorotNormal")
    runs = evidence.scores_or_guesses([he, glorot], (), depth=depth, **where)
    part = ahead(runs, he, glorot, evidence.margin)
    return decided([part], note=accuracies(runs, median=True), diverged=GUESSED)


def _times(evidence: Evidence, variants: Sequence[str], depths: tuple[int, ...]) -> pd.DataFrame:
    """One row a run: variant, seed, depth, `epochs` to half accuracy and `value`, its logarithm."""
    epochs = evidence.epochs(variants, ["depth"], depth=depths)
    trained = evidence.accuracy(TRAINED) / 100
    times = summaries.crossings(epochs, "val_accuracy", trained, start=evidence.chance)
    return times.assign(value=np.log(times["epochs"]))


def _slower(times: pd.DataFrame, a: object, b: object, column: str, margin: float) -> Part:
    gap = comparisons.paired_median(times, "value", a, b, column)
    needs_pairs(gap)
    return above(gap, math.log(margin))


def _told(times: pd.DataFrame) -> Note:
    """Median epochs to half accuracy, by depth and variant."""
    medians = times.groupby(["depth", "variant"], observed=True)["epochs"].median()
    told = [
        (Quantity(int(depth), "depth"), f" layers {name} ", Quantity(float(middle), "factor"))
        for (depth, name), middle in zip(medians.index.tolist(), medians, strict=True)
    ]
    return ("median epochs to get there: ", *joined(", ", told))
