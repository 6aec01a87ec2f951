"""Claims on the base network before training: its weights, its signals, its gradients."""

import math
from itertools import pairwise

import numpy as np

from analysis.claims.claim import Note, Quantity, Verdict, joined
from analysis.claims.comparing import STUDENT, all_within, needs_pairs, predicted_by
from analysis.claims.deciding import Finding, above, decided
from analysis.claims.declaring import claim
from analysis.claims.evidence import PERCENT, Evidence, Undecided
from analysis.statistics import comparisons
from analysis.statistics.estimates import Estimate, mean_interval

ORDER = ("HeNormal", "GlorotNormal", "RandomNormal")


@claim(
    id="random-normal-is-he-in-layer-1",
    question="Q2b",
    family="verification",
    kind="exact",
    statement="RandomNormal has He's standard deviation in the first layer, to within two "
    "percent, and less than half of it in every later layer.",
    method="arithmetic: ratio of the closed-form standard deviations, layer by layer",
    unit="",
    margin=0.02,
)
def random_normal_is_he(evidence: Evidence) -> Finding:
    """RandomNormal's sd over He's is 1 within the margin in layer 1, under a half in later ones."""
    names = [evidence.variant("RandomNormal"), evidence.variant("HeNormal")]
    layers = evidence.layers("initial", "fan_in", names)
    layers = layers.drop_duplicates("layer").sort_values("layer")
    fans = [(int(a), int(b)) for a, b in layers[["fan_in", "fan_out"]].to_numpy(dtype=int)]
    if len(fans) < 2:
        raise Undecided("the network has one layer only")
    fixed, he = (_formulas(evidence, name, fans) for name in names)
    ratios = [a / b for a, b in zip(fixed, he, strict=True)]
    near = abs(ratios[0] - 1) <= evidence.margin
    small = all(ratio < 0.5 for ratio in ratios[1:])
    verdict: Verdict = "supported" if near and small else "contradicted"
    told = [(f"layer {i} ", Quantity(ratio, "factor")) for i, ratio in enumerate(ratios, start=1)]
    first = ratios[0]
    return Finding(verdict, first, first, first, n=len(ratios), note=joined(", ", told))


def _formulas(evidence: Evidence, name: str, fans: list[tuple[int, int]]) -> list[float]:
    """Standard deviation of each kernel by the formula of its initializer, first to last."""
    found = [
        evidence.kernel_variance(name, layer, len(fans), *fan)
        for layer, fan in enumerate(fans, start=1)
    ]
    known = [math.sqrt(value) for value in found if value]
    if len(known) < len(found):
        raise Undecided(f"{name} has no closed-form variance above zero")
    return known


@claim(
    id="sampled-variance-follows-formula",
    question="Q1c",
    family="verification",
    kind="equivalence",
    statement="On average over the seeds, the kernels drawn at the start have the standard "
    "deviation that the formula of their initializer gives, to within five percent in every "
    "variant and layer.",
    method="mean over seeds of the deviation of the sampled standard deviation from the formula: "
    f"{STUDENT}, on both sides, in every variant and layer; value: the weakest",
    unit="%",
    margin=5.0,
)
def sampled_sd_follows_formula(evidence: Evidence) -> Finding:
    """In every variant and layer, mean sampled sd over the formula's is 1 within the margin, in %.

    Value: the layer nearest to failing.
    """
    groups = _deviations(evidence)
    worst, parts = all_within(groups, evidence.margin)
    return decided(parts, note=("weakest of ", Quantity(len(groups), "count"), f": {worst}"))


def _deviations(evidence: Evidence) -> dict[str, Estimate]:
    """Per variant and layer, mean of 100 (sd / formula - 1) over seeds with its interval."""
    groups: dict[str, Estimate] = {}
    learners = evidence.learners()
    initial = evidence.layers("initial", "kernel_sd", learners)
    for name in learners:
        own = initial[initial["variant"] == name].sort_values("seed")
        for layer, rows in own.groupby("layer"):
            place = int(str(layer)), int(own["layer"].max())
            fans = int(rows["fan_in"].iloc[0]), int(rows["fan_out"].iloc[0])
            expected = evidence.kernel_variance(name, *place, *fans)
            if expected:
                key = f"{name}, layer {layer}"
                ratio = rows["kernel_sd"].to_numpy(dtype=float) / math.sqrt(expected)
                groups[key] = mean_interval(PERCENT * (ratio - 1))
    if not groups:
        raise Undecided("no variant has a closed-form variance")
    return groups


@claim(
    id="signal-at-initialization",
    question="Q1c",
    family="verification",
    kind="equivalence",
    statement="Before training and on average over the seeds, the mean square of the signal "
    "agrees with the recursion in every hidden layer of the base network, for every initializer "
    "with random kernels, to within a quarter.",
    method="mean over seeds of the deviation of the mean square from the recursion: "
    f"{STUDENT}, on both sides, in every variant and hidden layer; value: the weakest",
    unit="%",
    margin=25.0,
)
def signal_at_initialization(evidence: Evidence) -> Finding:
    """Measured over predicted mean square is 1 within the margin, in %, in each hidden layer.

    Value: the layer nearest to failing.
    """
    learners = evidence.learners()
    initial = evidence.layers("initial", "mean_square", learners)
    initial = initial[initial["layer"] < initial["layer"].max()]
    groups: dict[str, Estimate] = {}
    told: dict[str, list[Note]] = {}
    for row in predicted_by(evidence, learners).reset_index().to_dict("records"):
        name, layer, predicted = row["variant"], row["layer"], row["mean_square"]
        own = initial[(initial["variant"] == name) & (initial["layer"] == layer)]
        if own.empty or not predicted > 0:
            continue
        measured = own.sort_values("seed")["mean_square"].to_numpy(dtype=float)
        key = f"{name}, layer {layer}"
        groups[key] = mean_interval(PERCENT * (measured / predicted - 1))
        both = (Quantity(float(each), "magnitude") for each in (measured.mean(), predicted))
        told.setdefault(name, []).append((next(both), " (theory ", next(both), ")"))
    if not groups:
        raise Undecided("no variant has a closed-form recursion")
    worst, parts = all_within(groups, evidence.margin)
    by_variant = joined("; ", [(f"{name} ", *joined(", ", both)) for name, both in told.items()])
    return decided(parts, note=(f"weakest: {worst}; mean square by layer: ", *by_variant))


@claim(
    id="gradient-at-initialization",
    question="Q1b",
    family="verification",
    kind="ordering",
    statement="Before training, the gradient of the first kernel of the base network has its "
    "largest norm, in the geometric mean, from HeNormal, then from GlorotNormal, then from "
    "RandomNormal.",
    method=f"geometric mean over seeds of the paired ratios of the norms: {STUDENT} of the "
    "logarithms; both must exceed one; value: the weaker",
    unit="times",
    margin=1.0,
)
def gradient_at_initialization(evidence: Evidence) -> Finding:
    """In layer 1 the gradient's norm is ordered He > Glorot > RandomNormal; value: weaker ratio."""
    order = [evidence.variant(name) for name in ORDER]
    first = evidence.layers("initial", "kernel_gradient_norm", order).query("layer == 1")
    first = first[first["kernel_gradient_norm"] > 0]
    logs = first.assign(value=np.log(first["kernel_gradient_norm"].astype(float)))
    gaps = [comparisons.paired_mean(logs, "value", a, b) for a, b in pairwise(order)]
    needs_pairs(*gaps)
    means = logs.groupby("variant", observed=True)["value"].mean()
    told = [(f"{name} ", Quantity(math.exp(means[name]), "magnitude")) for name in order]
    parts = [above(gap, math.log(evidence.margin)) for gap in gaps]
    return decided(parts, note=("geometric mean norm: ", *joined(", ", told)), unit=math.exp)
