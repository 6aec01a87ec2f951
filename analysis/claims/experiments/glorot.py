"""Claims on Glorot and Bengio's five layers of tanh at initialization."""

import numpy as np
import pandas as pd

from analysis.claims.evidence import PERCENT, Evidence, Undecided
from analysis.claims.experiments.signals import as_ratio, predicted_by
from analysis.claims.model import Finding, Spec, above, joint, within
from analysis.statistics import comparisons
from analysis.statistics.estimates import Estimate, mean_interval

FORMS = ("GlorotUniform", "VarianceScaling")
"""Their normalized initialization, and the standard one that n Var(W) = 1/3 stands for."""


def backward_ratio(evidence: Evidence) -> Finding:
    """How much more of the gradient reaches layer 1 under the normalized form; above the margin."""
    normalized, standard = (evidence.variant(name) for name in FORMS)
    kept = _kept(evidence, [normalized, standard])
    logs = kept.assign(value=np.log(kept["value"]))
    gap = comparisons.paired_difference(logs, "value", normalized, standard)
    if not gap.n:
        raise Undecided("no seed has a result of every variant")
    means = kept.groupby("variant", observed=True)["value"].mean()
    shares = f"{means[standard]:.3f} under the standard form, {means[normalized]:.3f}"
    return Finding(
        above(gap.low, gap.high, np.log(evidence.margin), gap.n),
        *as_ratio(gap),
        n=gap.n,
        note=f"layer 1 over the last hidden layer: {shares} under the normalized",
    )


def backward_recursion(evidence: Evidence) -> Finding:
    """What reaches layer 1 is what the recursion with the slopes of tanh says, within the margin.

    Value: the deviation of the form farther from it, in %.
    """
    forms = [evidence.variant(name) for name in FORMS]
    predicted = predicted_by(evidence, forms)["sum_gradient_sd"]
    kept = _kept(evidence, forms)
    last = int(predicted.index.get_level_values("layer").max()) - 1
    found: dict[str, Estimate] = {}
    told = []
    for name in forms:
        if (name, 1) not in predicted.index:
            raise Undecided(f"{name} has no closed-form recursion")
        expected = predicted[name, 1] / predicted[name, last]
        own = kept.loc[kept["variant"] == name, "value"].to_numpy(dtype=float)
        found[name] = mean_interval(PERCENT * (own / expected - 1), level=0.9)
        told.append(f"{name} {own.mean():.3f} (theory {expected:.3f})")
    worst = max(found.values(), key=lambda each: abs(each.value))
    verdicts = [within(e.low, e.high, evidence.margin, e.n) for e in found.values()]
    note = "layer 1 over the last hidden layer: " + ", ".join(told)
    return Finding(joint(verdicts), worst.value, worst.low, worst.high, n=worst.n, note=note)


def kernel_gradient_level(evidence: Evidence) -> Finding:
    """Largest over smallest sd of a kernel's gradient across hidden layers exceeds 1 by little.

    Value: by how much under the form where it differs more, in %.
    """
    forms = [evidence.variant(name) for name in FORMS]
    layers = evidence.layers("initial", "kernel_gradient_sd", forms)
    hidden = layers[layers["layer"] < layers["layer"].max()]
    found = {}
    for name in forms:
        own = hidden[hidden["variant"] == name].groupby("seed")["kernel_gradient_sd"]
        found[name] = mean_interval(PERCENT * (own.max() / own.min() - 1), level=0.9)
    worst = max(found, key=lambda name: found[name].value)
    verdicts = [within(e.low, e.high, evidence.margin, e.n) for e in found.values()]
    told = ", ".join(f"{name} {each.value:.1f} %" for name, each in found.items())
    most = found[worst]
    return Finding(joint(verdicts), most.value, most.low, most.high, n=most.n, note=told)


def _kept(evidence: Evidence, forms: list[str]) -> pd.DataFrame:
    """One row a run: `value`, the gradient's sd in layer 1 over that in the last hidden layer."""
    layers = evidence.layers("initial", "sum_gradient_sd", forms)
    last = layers["layer"].max() - 1
    if last < 2:
        raise Undecided("the network has one hidden layer only")
    table = layers.pivot(index=["variant", "seed"], columns="layer", values="sum_gradient_sd")
    kept = pd.DataFrame({"value": table[1] / table[last]})
    return kept[kept["value"] > 0].reset_index()


CLAIMS = (
    Spec(
        id="glorot-backward-ratio",
        question="Q2c",
        kind="difference",
        statement="In this network the gradient that reaches the first layer, as a share of that "
        "in the last hidden layer, is more than three times as large under the normalized form as"
        " under the standard one.",
        method="ratio of what reaches layer 1 from the last hidden layer under both forms, paired "
        "by seed, 95 % Student interval of the geometric mean; must exceed three",
        unit="times",
        margin=3.0,
        experiment="glorot",
        predicate=backward_ratio,
    ),
    Spec(
        id="glorot-backward-recursion",
        question="Q2c",
        kind="equivalence",
        statement="Under both forms this share is what the recursion predicts once the slopes of "
        "tanh are taken into account, to within ten percent.",
        method="deviation from the recursion by quadrature, 90 % Student interval over seeds "
        "(TOST at 5 %) under both forms; value: the farther",
        unit="%",
        margin=10.0,
        experiment="glorot",
        predicate=backward_recursion,
    ),
    Spec(
        id="kernel-gradients-level",
        question="Q2c",
        kind="equivalence",
        statement="Under both forms the gradients of the kernels have the same standard deviation"
        " in all hidden layers, to within fifteen percent.",
        method="largest over smallest standard deviation of the kernels' gradients among the "
        "hidden layers, less one; 90 % Student interval over seeds; value: the larger",
        unit="%",
        margin=15.0,
        experiment="glorot",
        predicate=kernel_gradient_level,
    ),
)
"""Claims on the experiment "glorot"."""
