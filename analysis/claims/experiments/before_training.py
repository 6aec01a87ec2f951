"""Claims on the base network before training: its weights, its signals, its gradients."""

import math
from itertools import pairwise

import numpy as np

from analysis.claims.claim import Finding, Note, Quantity, Verdict, joined
from analysis.claims.comparing import as_ratio, least_gap, needs_pairs, predicted_by
from analysis.claims.deciding import farthest
from analysis.claims.declaring import claim
from analysis.claims.evidence import PERCENT, Evidence, Undecided
from analysis.statistics import comparisons
from analysis.statistics.estimates import Estimate, mean_interval
from analysis.statistics.level import AT_ALPHA, AT_EQUIVALENCE, AT_LEVEL, EQUIVALENCE

ORDER = ("HeNormal", "GlorotNormal", "RandomNormal")


@claim(
    id="random-normal-is-he-in-layer-1",
    question="Q2b",
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
    kind="equivalence",
    statement="The kernels drawn at the start have the standard deviation that the formula of"
    " their initializer gives, to within five percent in every variant and layer.",
    method=f"deviation of the sampled standard deviation from the formula, {AT_EQUIVALENCE} "
    f"Student interval over seeds (TOST at {AT_ALPHA}) in every variant and layer; "
    "value: the farthest",
    unit="%",
    margin=5.0,
)
def sampled_sd_follows_formula(evidence: Evidence) -> Finding:
    """In every variant and layer, mean sampled sd over the formula's is 1 within the margin, in %.

    Value: the layer farthest from the formula.
    """
    groups = _deviations(evidence)
    verdict, worst, most = farthest(groups, evidence.margin)
    note = ("farthest of ", Quantity(len(groups), "count"), f": {worst}")
    return Finding(verdict, most.value, most.low, most.high, n=most.n, note=note)


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
                groups[key] = mean_interval(PERCENT * (ratio - 1), level=EQUIVALENCE)
    if not groups:
        raise Undecided("no variant has a closed-form variance")
    return groups


@claim(
    id="signal-at-initialization",
    question="Q1c",
    kind="equivalence",
    statement="Before training, the mean square of the signal agrees with the recursion in "
    "every hidden layer of the base network, for every initializer with random kernels, to "
    "within a quarter.",
    method=f"deviation of the mean square from the recursion, {AT_EQUIVALENCE} Student interval "
    f"over seeds (TOST at {AT_ALPHA}) in every variant and hidden layer; value: the farthest",
    unit="%",
    margin=25.0,
)
def signal_at_initialization(evidence: Evidence) -> Finding:
    """Measured over predicted mean square is 1 within the margin, in %, in each hidden layer.

    Value: the layer farthest from the recursion.
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
        groups[key] = mean_interval(PERCENT * (measured / predicted - 1), level=EQUIVALENCE)
        both = (Quantity(float(each), "magnitude") for each in (measured.mean(), predicted))
        told.setdefault(name, []).append((next(both), " (theory ", next(both), ")"))
    if not groups:
        raise Undecided("no variant has a closed-form recursion")
    verdict, worst, most = farthest(groups, evidence.margin)
    by_variant = joined("; ", [(f"{name} ", *joined(", ", parts)) for name, parts in told.items()])
    return Finding(
        verdict,
        *(most.value, most.low, most.high),
        n=most.n,
        note=(f"farthest: {worst}; mean square by layer: ", *by_variant),
    )


@claim(
    id="gradient-at-initialization",
    question="Q1b",
    kind="ordering",
    statement="Before training, the gradient of the first kernel of the base network has its "
    "largest norm from HeNormal, then from GlorotNormal, then from RandomNormal.",
    method=f"paired ratios of the norms by seed, {AT_LEVEL} BCa bootstrap interval of their "
    "geometric mean; both must exceed one; value: the smaller ratio",
    unit="times",
    margin=1.0,
)
def gradient_at_initialization(evidence: Evidence) -> Finding:
    """In layer 1 the gradient's norm is ordered He > Glorot > RandomNormal; value: lesser ratio."""
    order = [evidence.variant(name) for name in ORDER]
    first = evidence.layers("initial", "kernel_gradient_norm", order).query("layer == 1")
    first = first[first["kernel_gradient_norm"] > 0]
    logs = first.assign(value=np.log(first["kernel_gradient_norm"].astype(float)))
    gaps = [comparisons.paired_difference(logs, "value", a, b) for a, b in pairwise(order)]
    needs_pairs(*gaps)
    verdict, least = least_gap(gaps, np.log(evidence.margin))
    means = first.groupby("variant", observed=True)["kernel_gradient_norm"].mean()
    told = [(f"{name} ", Quantity(float(means[name]), "magnitude")) for name in order]
    return Finding(
        verdict,
        *as_ratio(least),
        n=least.n,
        note=("mean norm: ", *joined(", ", told)),
    )
