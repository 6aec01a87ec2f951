"""Claims on Glorot and Bengio's network of five tanh layers before training: its gradients."""

import math

import numpy as np
import pandas as pd

from analysis.claims.claim import Note, Quantity, joined
from analysis.claims.comparing import STUDENT, all_within, needs_pairs, predicted_by
from analysis.claims.deciding import Finding, above, decided
from analysis.claims.declaring import claim
from analysis.claims.evidence import PERCENT, Evidence, Undecided
from analysis.statistics import comparisons
from analysis.statistics.estimates import Estimate, mean_interval

FORMS = ("GlorotUniform", "VarianceScaling")
"""Their normalized initialization, and the standard one that n Var(W) = 1/3 stands for."""


@claim(
    id="glorot-backward-ratio",
    question="Q2c",
    family="verification",
    kind="difference",
    statement="In this network the gradient that reaches the first layer, as a share of that "
    "in the last hidden layer, is more than three times as large under the normalized form as"
    " under the standard one.",
    method="geometric mean over seeds of the paired ratio of what reaches layer 1 from the last "
    f"hidden layer under both forms: {STUDENT} of the logarithm; must exceed the margin",
    unit="times",
    margin=3.0,
    experiment="glorot",
)
def backward_ratio(evidence: Evidence) -> Finding:
    """How much more of the gradient reaches layer 1 under the normalized form; above the margin."""
    normalized, standard = (evidence.variant(name) for name in FORMS)
    reaching = _reaching(evidence, [normalized, standard])
    logs = reaching.assign(value=np.log(reaching["value"]))
    gap = comparisons.paired_mean(logs, "value", normalized, standard)
    needs_pairs(gap)
    means = reaching.groupby("variant", observed=True)["value"].mean()
    low, high = (Quantity(float(means[name]), "factor") for name in (standard, normalized))
    told = (low, " under the standard form, ", high, " under the normalized")
    return decided(
        [above(gap, math.log(evidence.margin))],
        note=("layer 1 over the last hidden layer: ", *told),
        unit=math.exp,
    )


@claim(
    id="glorot-backward-recursion",
    question="Q2c",
    family="verification",
    kind="equivalence",
    statement="Under both forms this share is what the recursion predicts once the slopes of "
    "tanh are taken into account, to within ten percent.",
    method="mean over seeds of the deviation from the recursion by quadrature: "
    f"{STUDENT}, on both sides, under both forms; value: the weaker",
    unit="%",
    margin=10.0,
    experiment="glorot",
)
def backward_recursion(evidence: Evidence) -> Finding:
    """What reaches layer 1 is what the recursion with the slopes of tanh says, within the margin.

    Value: the deviation of the weaker form, in %.
    """
    forms = [evidence.variant(name) for name in FORMS]
    predicted = predicted_by(evidence, forms)["sum_gradient_sd"]
    reaching = _reaching(evidence, forms)
    last = int(predicted.index.get_level_values("layer").max()) - 1
    found: dict[str, Estimate] = {}
    told: list[Note] = []
    for name in forms:
        if (name, 1) not in predicted.index:
            raise Undecided(f"{name} has no closed-form recursion")
        expected = float(predicted[name, 1] / predicted[name, last])
        own = reaching.loc[reaching["variant"] == name, "value"].to_numpy(dtype=float)
        found[name] = mean_interval(PERCENT * (own / expected - 1))
        told.append((f"{name} ", *_against(float(own.mean()), expected)))
    _, parts = all_within(found, evidence.margin)
    return decided(parts, note=("layer 1 over the last hidden layer: ", *joined(", ", told)))


@claim(
    id="kernel-gradients-level",
    question="Q2c",
    family="verification",
    kind="equivalence",
    statement="Under both forms the gradients of the kernels have the same standard deviation"
    " in all hidden layers, to within fifteen percent.",
    method="mean over seeds of the largest over the smallest standard deviation of the kernels' "
    f"gradients among the hidden layers, less one: {STUDENT}, on both sides; value: the weaker",
    unit="%",
    margin=15.0,
    experiment="glorot",
)
def kernel_gradient_level(evidence: Evidence) -> Finding:
    """Largest over smallest sd of a kernel's gradient across hidden layers exceeds 1 by little.

    Value: by how much under the weaker form, in %.
    """
    forms = [evidence.variant(name) for name in FORMS]
    layers = evidence.layers("initial", "kernel_gradient_sd", forms)
    hidden = layers[layers["layer"] < layers["layer"].max()]
    found: dict[str, Estimate] = {}
    for name in forms:
        own = hidden[hidden["variant"] == name].groupby("seed")["kernel_gradient_sd"]
        found[name] = mean_interval(PERCENT * (own.max() / own.min() - 1))
    _, parts = all_within(found, evidence.margin)
    told = [(f"{name} ", Quantity(each.value, "percent")) for name, each in found.items()]
    return decided(parts, note=joined(", ", told))


def _reaching(evidence: Evidence, forms: list[str]) -> pd.DataFrame:
    """One row a run: `value`, the gradient's sd in layer 1 over that in the last hidden layer."""
    layers = evidence.layers("initial", "sum_gradient_sd", forms)
    last = layers["layer"].max() - 1
    if last < 2:
        raise Undecided("the network has one hidden layer only")
    table = layers.pivot(index=["variant", "seed"], columns="layer", values="sum_gradient_sd")
    share = pd.DataFrame({"value": table[1] / table[last]})
    return share[share["value"] > 0].reset_index()


def _against(seen: float, expected: float) -> Note:
    """A measured factor with the one that theory expects in brackets."""
    return (Quantity(seen, "factor"), " (theory ", Quantity(expected, "factor"), ")")
