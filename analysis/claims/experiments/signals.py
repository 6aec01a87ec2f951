"""Claims on signals and gradients at initialization, held against the closed-form recursions."""

from itertools import pairwise

import numpy as np
import pandas as pd

from analysis.claims.evidence import PERCENT, Evidence, Undecided
from analysis.claims.model import Finding, Spec, above, joint, within
from analysis.statistics import comparisons, summaries, theory
from analysis.statistics.estimates import Difference, Estimate, Floats, mean_interval, slope
from analysis.study.initializers import variance

ORDER = ("HeNormal", "GlorotNormal", "RandomNormal")


def signal_at_initialization(evidence: Evidence) -> Finding:
    """Measured over predicted mean square is 1 within the margin, in %, in each hidden layer.

    Value: the layer farthest from the recursion.
    """
    learners = evidence.learners()
    initial = evidence.layers("initial", "mean_square", learners)
    initial = initial[initial["layer"] < initial["layer"].max()]
    groups: dict[str, Estimate] = {}
    told: dict[str, list[str]] = {}
    for row in predicted_by(evidence, learners).reset_index().to_dict("records"):
        name, layer, predicted = row["variant"], row["layer"], row["mean_square"]
        own = initial[(initial["variant"] == name) & (initial["layer"] == layer)]
        if own.empty or not predicted > 0:
            continue
        measured = own.sort_values("seed")["mean_square"].to_numpy(dtype=float)
        key = f"{name}, layer {layer}"
        groups[key] = mean_interval(PERCENT * (measured / predicted - 1), level=0.9)
        told.setdefault(name, []).append(f"{measured.mean():.3g} (theory {predicted:.3g})")
    if not groups:
        raise Undecided("no variant has a closed-form recursion")
    worst = max(groups, key=lambda key: abs(groups[key].value))
    found = groups[worst]
    text = "; ".join(f"{name} {', '.join(parts)}" for name, parts in told.items())
    verdict = joint([within(e.low, e.high, evidence.margin, e.n) for e in groups.values()])
    return Finding(
        *(verdict, found.value, found.low, found.high),
        n=found.n,
        note=f"farthest: {worst}; mean square by layer: {text}",
    )


def gradient_at_initialization(evidence: Evidence) -> Finding:
    """In layer 1 the gradient's norm is ordered He > Glorot > RandomNormal; value: lesser ratio."""
    order = [evidence.variant(name) for name in ORDER]
    first = evidence.layers("initial", "kernel_gradient_norm", order).query("layer == 1")
    first = first[first["kernel_gradient_norm"] > 0]
    logs = first.assign(value=np.log(first["kernel_gradient_norm"].astype(float)))
    gaps = [comparisons.paired_difference(logs, "value", a, b) for a, b in pairwise(order)]
    if not all(gap.n for gap in gaps):
        raise Undecided("no seed has a result of every variant")
    least = min(gaps, key=lambda gap: gap.mean)
    means = first.groupby("variant", observed=True)["kernel_gradient_norm"].mean()
    return Finding(
        joint([above(gap.low, gap.high, np.log(evidence.margin), gap.n) for gap in gaps]),
        *as_ratio(least),
        n=least.n,
        note="mean norm: " + ", ".join(f"{name} {means[name]:.3g}" for name in order),
    )


def variance_factor_slope(evidence: Evidence) -> Finding:
    """Slope of ln mean square a layer over ln(n · Var(W) / 2), by seed: 1 within the margin."""
    learners = evidence.learners()
    where = {"activation": "relu"}
    layers = evidence.layers("initial", "mean_square", learners, **where)
    hidden = layers[(layers["layer"] > 1) & (layers["layer"] < layers["layer"].max())]
    rows = []
    for (name, seed), own in hidden.groupby(["variant", "seed"], observed=True):
        expected = _log_factor(evidence, str(name), own)
        growth = np.log(_ratio_by_layer(own))
        if expected is not None and np.isfinite(growth).all() and len(growth):
            rows.append((name, seed, expected, float(growth.mean())))
    table = pd.DataFrame(rows, columns=["variant", "seed", "expected", "growth"])
    slopes = [slope(own["expected"], own["growth"]).value for _, own in table.groupby("seed")]
    found = mean_interval(slopes, level=0.9)
    if not np.isfinite(found.value):
        raise Undecided("the variants' formulas do not differ, or have no closed form")
    told = []
    for name, own in table.groupby("variant", observed=True):
        seen, formula = np.exp(own["growth"].mean()), np.exp(own["expected"].mean())
        told.append(f"{name!s} {seen:.3f} (formula {formula:.3f})")
    return Finding(
        within(found.low - 1, found.high - 1, evidence.margin, found.n),
        *(found.value, found.low, found.high),
        n=found.n,
        note="factor a layer: " + ", ".join(told),
    )


def length_variance(evidence: Evidence) -> Finding:
    """The variance of ln M that a He layer of n units adds, times n, is 5 within the margin, in %.

    Given a layer, the next one's ln M has the same law whatever came before: a seed's mean over its
    layers of n · (change of ln M)² estimates it, up to terms of order 1/n.
    """
    he = evidence.variant("HeNormal")
    layers = evidence.layers("initial", "mean_square", [he], activation="relu")
    hidden = layers[(layers["layer"] > 1) & (layers["layer"] < layers["layer"].max())]
    added, total = [], []
    for _, own in hidden.groupby("seed"):
        change = np.log(_ratio_by_layer(own))
        added.append(float((own["fan_out"].to_numpy() * change**2).mean()))
        total.append(float(change.sum()))
    if not added or not np.isfinite(added).all():
        raise Undecided("the network has one hidden layer only, or its signal is zero")
    shape = hidden[hidden["seed"] == hidden["seed"].iloc[0]]
    relative = PERCENT * (np.array(added) / theory.LENGTH_KURTOSIS - 1)
    found = mean_interval(relative, level=0.9)
    sd = np.sqrt(theory.length_variance([int(n) for n in shape["fan_out"]]))
    seen = f", seen {np.std(total, ddof=1):.2f}" if len(total) > 1 else ""
    spread = f"{seen}, itself uncertain by {_doubt(len(total)):.0f} %" if seen else ""
    return Finding(
        within(found.low, found.high, evidence.margin, found.n),
        *(found.value, found.low, found.high),
        n=found.n,
        note=f"{np.mean(added):.2f} against {theory.LENGTH_KURTOSIS:g}; standard deviation of ln M "
        f"after {len(shape)} layers: theory {sd:.2f}{spread}",
    )


def predicted_by(evidence: Evidence, variants: list[str]) -> pd.DataFrame:
    """The recursions' mean squares and gradients by variant and layer."""
    initial = evidence.layers("initial", "mean_square", variants)
    initial = initial.assign(activation=evidence.activation())
    declared = [evidence.declared(name) for name in variants]
    table = summaries.recursion(initial, declared, evidence.settings.network)
    if table.empty:
        raise Undecided("no variant has a closed-form recursion")
    return table.astype({"layer": int}).set_index(["variant", "layer"])


def _log_factor(evidence: Evidence, name: str, own: pd.DataFrame) -> float | None:
    """Mean over layers of ln(n · Var(W) / 2); None without a closed form above zero."""
    declared = evidence.declared(name)
    fans = [(int(a), int(b)) for a, b in own[["fan_in", "fan_out"]].to_numpy()]
    found = [variance(declared.initializer, declared.parameters, *fan) for fan in fans]
    factors = [theory.relu_factor(a, v) for (a, _), v in zip(fans, found, strict=True) if v]
    return float(np.log(factors).mean()) if len(factors) == len(fans) else None


def _doubt(n: int) -> float:
    """Relative standard error, in %, of a standard deviation from n normal values."""
    return float(PERCENT / np.sqrt(2 * (n - 1)))


def _ratio_by_layer(own: pd.DataFrame) -> Floats:
    """Mean square of what each layer passes on over that of what it receives."""
    ordered = own.sort_values("layer")
    squares = ordered[["mean_square", "input_mean_square"]].to_numpy(dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratios: Floats = squares[:, 0] / squares[:, 1]
    return ratios


def as_ratio(gap: Difference) -> tuple[float, float, float]:
    """A difference of logarithms as a ratio with its interval."""
    return float(np.exp(gap.mean)), float(np.exp(gap.low)), float(np.exp(gap.high))


CLAIMS = (
    Spec(
        id="signal-at-initialization",
        question="Q1c",
        kind="equivalence",
        statement="Before training, the mean square of the signal agrees with the recursion in "
        "every hidden layer of the base network, for every initializer with random kernels, to "
        "within a quarter.",
        method="deviation of the mean square from the recursion, 90 % Student interval over seeds "
        "(TOST at 5 %) in every variant and hidden layer; value: the farthest",
        unit="%",
        margin=25.0,
        predicate=signal_at_initialization,
    ),
    Spec(
        id="gradient-at-initialization",
        question="Q1b",
        kind="ordering",
        statement="Before training, the gradient of the first kernel of the base network has its "
        "largest norm from HeNormal, then from GlorotNormal, then from RandomNormal.",
        method="paired ratios of the norms by seed, 95 % BCa bootstrap interval of their "
        "geometric mean; both must exceed one; value: the smaller ratio",
        unit="times",
        margin=1.0,
        predicate=gradient_at_initialization,
    ),
    Spec(
        id="variance-factor-slope",
        question="Q1c",
        kind="slope",
        statement="In the deep ReLU network each layer multiplies the mean square by half of "
        "fan_in times the variance of the weights: measured against predicted, the logarithm of "
        "the factor has slope one, to within a tenth.",
        method="slope of the mean change of ln mean square a layer over ln(n Var(W) / 2) across "
        "variants, by seed, 90 % Student interval (TOST at 5 % around one)",
        unit="",
        margin=0.1,
        experiment="propagation",
        predicate=variance_factor_slope,
    ),
    Spec(
        id="length-variance",
        question="Q2d",
        kind="equivalence",
        statement="He's rule keeps the size of the signal on average only: in the deep ReLU "
        "network each layer adds to the variance of its logarithm five over its width, to within "
        "a quarter.",
        method="width times squared change of ln mean square, mean over layers, as a deviation "
        "from 5; 90 % Student interval over seeds (TOST at 5 %)",
        unit="%",
        margin=25.0,
        experiment="propagation",
        predicate=length_variance,
    ),
)
"""Claims on the base network and on deep ReLU networks before training."""
