"""Claims on fair competitors in deep ReLU networks: variances, rates, and other paths.

They read three experiments, `fair`, `rates` and `stacks`.
"""

import math

import pandas as pd

from analysis.claims.claim import Quantity, joined
from analysis.claims.comparing import GUESSED, MEDIAN, accuracies, ahead, level
from analysis.claims.deciding import NEARLY_ALL, Finding, decided
from analysis.claims.declaring import claim, of_any_network
from analysis.claims.evidence import Evidence, Undecided

DEEP = 20
MARGIN = 10.0
"""Percentage points: as much as guessing one of ten classes is worth."""
DIVERGED = "a diverged run counts as guessing"


@claim(
    id="same-variance-level",
    question="Q2d",
    family="finding",
    kind="equivalence",
    statement="It is the variance that counts: after four epochs of SGD, twenty ReLU layers from "
    "HeUniform, and from Orthogonal with a gain of √2, end within ten percentage points of test "
    "accuracy of those from HeNormal in the median seed.",
    method=f"paired differences to HeNormal in test accuracy at {DEEP} layers: {MEDIAN}, on both "
    f"sides, of both; {DIVERGED}; value: the weaker",
    unit="percentage points",
    margin=MARGIN,
    experiment="fair",
    expects=NEARLY_ALL,
)
def same_variance_level(evidence: Evidence) -> Finding:
    """HeUniform and Orthogonal at He's variance are within the margin of HeNormal."""
    he, uniform = evidence.variant("HeNormal"), evidence.variant("HeUniform")
    orthogonal = evidence.variant("Orthogonal")
    gain = evidence.declared(orthogonal).parameters["gain"]
    if not isinstance(gain, float) or not math.isclose(gain, math.sqrt(2), rel_tol=1e-3):
        raise Undecided("the gain of Orthogonal is not √2")
    runs = evidence.scores_or_guesses([he, uniform, orthogonal], depth=DEEP)
    parts = [level(runs, other, he, evidence.margin) for other in (uniform, orthogonal)]
    return decided(parts, note=accuracies(runs, median=True), diverged=GUESSED)


@claim(
    id="smaller-variance-behind",
    question="Q2d",
    family="finding",
    kind="ordering",
    statement="A smaller variance falls behind: after four epochs of SGD, twenty ReLU layers from "
    "HeNormal are more than ten percentage points of test accuracy ahead of those from "
    "GlorotNormal, from LecunNormal and from the default of PyTorch's linear layer, in the median "
    "seed.",
    method=f"paired differences of HeNormal in test accuracy at {DEEP} layers to each of the "
    f"three: {MEDIAN}; all must exceed the margin; {DIVERGED}; value: the weakest",
    unit="percentage points",
    margin=MARGIN,
    experiment="fair",
    expects=NEARLY_ALL,
)
def smaller_variance_behind(evidence: Evidence) -> Finding:
    """He leads the three initializers of at most half its variance by more than the margin."""
    he = evidence.variant("HeNormal")
    others = [*map(evidence.variant, ("GlorotNormal", "LecunNormal")), _pytorch(evidence)]
    runs = evidence.scores_or_guesses([he, *others], depth=DEEP)
    parts = [ahead(runs, he, other, evidence.margin) for other in others]
    return decided(parts, note=accuracies(runs, median=True), diverged=GUESSED)


def _pytorch(evidence: Evidence) -> str:
    """Name of the variant with kernels and biases in U(±1/√fan_in); Undecided without one."""
    for each in evidence.settings.variants:
        own = each.initializer == "VarianceScaling" and each.bias is not None
        if own and math.isclose(float(each.parameters["scale"]), 1 / 3, rel_tol=1e-3):
            return each.name
    raise Undecided("the study has no variant as PyTorch's linear layers are by default")


@claim(
    id="own-rate-does-not-level",
    question="Q3b",
    family="finding",
    kind="difference",
    statement="A learning rate of its own does not make up for the initializer: with each at the "
    "rate that its mean validation accuracy prefers, twenty ReLU layers from HeNormal end more "
    "than ten percentage points of test accuracy ahead of those from GlorotNormal in the "
    "median seed.",
    method=f"paired difference He − Glorot in test accuracy at {DEEP} layers, each at the rate of "
    f"its highest mean validation accuracy: {MEDIAN}; {DIVERGED}",
    unit="percentage points",
    margin=MARGIN,
    experiment="rates",
    expects=NEARLY_ALL,
)
def own_rate_does_not_level(evidence: Evidence) -> Finding:
    """He less Glorot in test accuracy, each at its own best rate by validation."""
    he, glorot = evidence.variant("HeNormal"), evidence.variant("GlorotNormal")
    runs = evidence.scores_or_guesses([he, glorot], ["learning_rate"], depth=DEEP)
    runs = runs.assign(val_accuracy=runs["val_accuracy"].fillna(evidence.chance))
    chosen = {name: _best_rate(runs[runs["variant"] == name]) for name in (he, glorot)}
    own = runs[runs["learning_rate"] == runs["variant"].astype(object).map(chosen)]
    told = [(f"{name} at ", Quantity(rate, "setting")) for name, rate in chosen.items()]
    note = (*joined(", ", told), "; ", *accuracies(own, median=True))
    return decided([ahead(own, he, glorot, evidence.margin)], note=note, diverged=GUESSED)


def _best_rate(own: pd.DataFrame) -> float:
    """The rate of the highest mean validation accuracy, the least of several; NaN of no runs."""
    means = own.groupby("learning_rate")["val_accuracy"].mean().astype(float)
    return float(means.index.to_numpy()[means.to_numpy().argmax()]) if len(means) else math.nan


@of_any_network
@claim(
    id="paths-make-it-matter-less",
    question="Q3b",
    family="finding",
    kind="equivalence",
    statement="Normalization and skip connections make the initializer matter less: after one "
    "epoch of SGD in thirty ReLU layers, HeNormal is more than ten percentage points of test "
    "accuracy ahead of GlorotNormal in the plain stack, and within ten of it in each stack that "
    "has either or both, in the median seed.",
    method=f"paired difference He − Glorot in test accuracy by stack: {MEDIAN}; above the margin "
    f"in the plain one, within it on both sides in each of the others; {DIVERGED}; value: the "
    "weakest",
    unit="percentage points",
    margin=MARGIN,
    experiment="stacks",
    expects=NEARLY_ALL,
)
def paths_make_it_matter_less(evidence: Evidence) -> Finding:
    """He leads Glorot in the plain stack alone, and is level with it in all others."""
    he, glorot = evidence.variant("HeNormal"), evidence.variant("GlorotNormal")
    runs = evidence.scores_or_guesses([he, glorot], ["normalization", "residual"])
    plain = (runs["normalization"] == "none") & ~runs["residual"].astype(bool)
    if not plain.any() or plain.all():
        raise Undecided("the stacks are all plain, or none is")
    parts = [ahead(runs[plain], he, glorot, evidence.margin)]
    told = [("plain: ", *accuracies(runs[plain], median=True))]
    for norm, residual in sorted(set(zip(runs["normalization"], runs["residual"], strict=True))):
        own = runs[(runs["normalization"] == norm) & (runs["residual"] == residual) & ~plain]
        if own.empty:
            continue
        parts.append(level(own, he, glorot, evidence.margin))
        normed = [f"{norm} normalization"] if norm != "none" else []
        paths = " and ".join([*normed, *(["skips"] if residual else [])])
        told.append((f"{paths}: ", *accuracies(own, median=True)))
    return decided(parts, note=joined("; ", told), diverged=GUESSED)
