"""Claims on deep networks before training: fifty layers of ReLU, and Glorot's five of tanh.

They read two experiments, `propagation` and `glorot`.
"""

import numpy as np
import pandas as pd

from analysis.claims.claim import Finding, Note, Quantity, joined
from analysis.claims.comparing import as_ratio, needs_pairs, predicted_by
from analysis.claims.deciding import above, farthest, within
from analysis.claims.declaring import claim
from analysis.claims.evidence import PERCENT, Evidence, Undecided
from analysis.statistics import comparisons, theory
from analysis.statistics.estimates import Estimate, Floats, mean_interval, slope
from analysis.statistics.level import AT_ALPHA, AT_EQUIVALENCE, AT_LEVEL, EQUIVALENCE

FORMS = ("GlorotUniform", "VarianceScaling")
"""Their normalized initialization, and the standard one that n Var(W) = 1/3 stands for."""


@claim(
    id="variance-factor-slope",
    question="Q1c",
    kind="slope",
    statement="In the deep ReLU network each layer multiplies the mean square by half of "
    "fan_in times the variance of the weights: measured against predicted, the logarithm of "
    "the factor has slope one, to within a tenth.",
    method="slope of the mean change of ln mean square a layer over ln(n Var(W) / 2) across "
    f"variants, by seed, {AT_EQUIVALENCE} Student interval (TOST at {AT_ALPHA} around one)",
    unit="",
    margin=0.1,
    experiment="propagation",
)
def variance_factor_slope(evidence: Evidence) -> Finding:
    """Slope of ln mean square a layer over ln(n · Var(W) / 2), by seed: 1 within the margin."""
    layers = evidence.layers("initial", "mean_square", evidence.learners(), activation="relu")
    last = int(layers["layer"].max())
    rows = []
    for (name, seed), own in _between(layers).groupby(["variant", "seed"], observed=True):
        expected = _log_factor(evidence, str(name), own, last)
        growth = np.log(_ratio_by_layer(own))
        if expected is not None and np.isfinite(growth).all() and len(growth):
            rows.append((name, seed, expected, float(growth.mean())))
    table = pd.DataFrame(rows, columns=["variant", "seed", "expected", "growth"])
    slopes = [slope(own["expected"], own["growth"]).value for _, own in table.groupby("seed")]
    found = mean_interval(slopes, level=EQUIVALENCE)
    if not np.isfinite(found.value):
        raise Undecided("the variants' formulas do not differ, or have no closed form")
    told: list[Note] = []
    for name, own in table.groupby("variant", observed=True):
        seen, formula = (float(np.exp(own[each].mean())) for each in ("growth", "expected"))
        told.append((f"{name!s} ", *_against(seen, formula, "formula")))
    return Finding(
        within(found.low - 1, found.high - 1, evidence.margin, found.n),
        *(found.value, found.low, found.high),
        n=found.n,
        note=("factor a layer: ", *joined(", ", told)),
    )


def _log_factor(evidence: Evidence, name: str, own: pd.DataFrame, last: int) -> float | None:
    """Mean over layers of ln(n · Var(W) / 2); None without a closed form above zero."""
    factors = []
    for layer, fan_in, fan_out in own[["layer", "fan_in", "fan_out"]].to_numpy(dtype=int):
        drawn = evidence.kernel_variance(name, int(layer), last, int(fan_in), int(fan_out))
        if not drawn:
            return None
        factors.append(theory.relu_factor(int(fan_in), drawn))
    return float(np.log(factors).mean())


@claim(
    id="length-variance",
    question="Q2d",
    kind="equivalence",
    statement="He's rule keeps the size of the signal on average only: in the deep ReLU "
    "network each layer adds to the variance of its logarithm five over its width, to within "
    "a quarter.",
    method="width times squared change of ln mean square, mean over layers, as a deviation "
    f"from 5; {AT_EQUIVALENCE} Student interval over seeds (TOST at {AT_ALPHA})",
    unit="%",
    margin=25.0,
    experiment="propagation",
)
def length_variance(evidence: Evidence) -> Finding:
    """The variance of ln M that a He layer of n units adds, times n, is 5 within the margin, in %.

    Given a layer, the next one's ln M has the same law whatever came before: a seed's mean over its
    layers of n · (change of ln M)² estimates it, up to terms of order 1/n.
    """
    he = evidence.variant("HeNormal")
    hidden = _between(evidence.layers("initial", "mean_square", [he], activation="relu"))
    added, total = [], []
    for _, own in hidden.groupby("seed"):
        change = np.log(_ratio_by_layer(own))
        added.append(float((own["fan_out"].to_numpy() * change**2).mean()))
        total.append(float(change.sum()))
    if not added or not np.isfinite(added).all():
        raise Undecided("the network has one hidden layer only, or its signal is zero")
    widths = hidden.loc[hidden["seed"] == hidden["seed"].iloc[0], "fan_out"]
    relative = PERCENT * (np.array(added) / theory.LENGTH_KURTOSIS - 1)
    found = mean_interval(relative, level=EQUIVALENCE)
    mean = Quantity(float(np.mean(added)), "factor")
    law = Quantity(theory.LENGTH_KURTOSIS, "factor")
    return Finding(
        within(found.low, found.high, evidence.margin, found.n),
        *(found.value, found.low, found.high),
        n=found.n,
        note=(mean, " against ", law, "; standard deviation of ln M ", *_spread(widths, total)),
    )


def _spread(widths: pd.Series, total: list[float]) -> Note:
    """Standard deviation of ln M at the end: in theory, and over seeds with its standard error."""
    sd = float(np.sqrt(theory.length_variance([int(n) for n in widths])))
    layers, expected = Quantity(len(widths), "depth"), Quantity(sd, "factor")
    told: Note = ("after ", layers, " layers: theory ", expected)
    if len(total) < 2:
        return told
    seen = Quantity(float(np.std(total, ddof=1)), "factor")
    # Relative standard error of a standard deviation from so many normal values.
    doubt = Quantity(float(PERCENT / np.sqrt(2 * (len(total) - 1))), "relative error")
    return (*told, ", seen ", seen, ", itself uncertain by ", doubt)


def _between(layers: pd.DataFrame) -> pd.DataFrame:
    """The hidden layers that receive what another passed on."""
    between: pd.DataFrame = layers[
        (layers["layer"] > 1) & (layers["layer"] < layers["layer"].max())
    ]
    return between


def _ratio_by_layer(own: pd.DataFrame) -> Floats:
    """Mean square of what each layer passes on over that of what it receives."""
    ordered = own.sort_values("layer")
    squares = ordered[["mean_square", "input_mean_square"]].to_numpy(dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratios: Floats = squares[:, 0] / squares[:, 1]
    return ratios


@claim(
    id="glorot-backward-ratio",
    question="Q2c",
    kind="difference",
    statement="In this network the gradient that reaches the first layer, as a share of that "
    "in the last hidden layer, is more than three times as large under the normalized form as"
    " under the standard one.",
    method="ratio of what reaches layer 1 from the last hidden layer under both forms, paired "
    f"by seed, {AT_LEVEL} Student interval of the geometric mean; must exceed three",
    unit="times",
    margin=3.0,
    experiment="glorot",
)
def backward_ratio(evidence: Evidence) -> Finding:
    """How much more of the gradient reaches layer 1 under the normalized form; above the margin."""
    normalized, standard = (evidence.variant(name) for name in FORMS)
    reaching = _reaching(evidence, [normalized, standard])
    logs = reaching.assign(value=np.log(reaching["value"]))
    gap = comparisons.paired_difference(logs, "value", normalized, standard)
    needs_pairs(gap)
    means = reaching.groupby("variant", observed=True)["value"].mean()
    low, high = (Quantity(float(means[name]), "factor") for name in (standard, normalized))
    return Finding(
        above(gap.low, gap.high, np.log(evidence.margin), gap.n),
        *as_ratio(gap),
        n=gap.n,
        note=(
            "layer 1 over the last hidden layer: ",
            *(low, " under the standard form, ", high, " under the normalized"),
        ),
    )


@claim(
    id="glorot-backward-recursion",
    question="Q2c",
    kind="equivalence",
    statement="Under both forms this share is what the recursion predicts once the slopes of "
    "tanh are taken into account, to within ten percent.",
    method=f"deviation from the recursion by quadrature, {AT_EQUIVALENCE} Student interval over "
    f"seeds (TOST at {AT_ALPHA}) under both forms; value: the farther",
    unit="%",
    margin=10.0,
    experiment="glorot",
)
def backward_recursion(evidence: Evidence) -> Finding:
    """What reaches layer 1 is what the recursion with the slopes of tanh says, within the margin.

    Value: the deviation of the form farther from it, in %.
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
        found[name] = mean_interval(PERCENT * (own / expected - 1), level=EQUIVALENCE)
        told.append((f"{name} ", *_against(float(own.mean()), expected, "theory")))
    verdict, _, worst = farthest(found, evidence.margin)
    return Finding(
        verdict,
        *(worst.value, worst.low, worst.high),
        n=worst.n,
        note=("layer 1 over the last hidden layer: ", *joined(", ", told)),
    )


@claim(
    id="kernel-gradients-level",
    question="Q2c",
    kind="equivalence",
    statement="Under both forms the gradients of the kernels have the same standard deviation"
    " in all hidden layers, to within fifteen percent.",
    method="largest over smallest standard deviation of the kernels' gradients among the "
    f"hidden layers, less one; {AT_EQUIVALENCE} Student interval over seeds; value: the larger",
    unit="%",
    margin=15.0,
    experiment="glorot",
)
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
        found[name] = mean_interval(PERCENT * (own.max() / own.min() - 1), level=EQUIVALENCE)
    verdict, _, most = farthest(found, evidence.margin)
    told = [(f"{name} ", Quantity(each.value, "percent")) for name, each in found.items()]
    return Finding(
        verdict,
        *(most.value, most.low, most.high),
        n=most.n,
        note=joined(", ", told),
    )


def _reaching(evidence: Evidence, forms: list[str]) -> pd.DataFrame:
    """One row a run: `value`, the gradient's sd in layer 1 over that in the last hidden layer."""
    layers = evidence.layers("initial", "sum_gradient_sd", forms)
    last = layers["layer"].max() - 1
    if last < 2:
        raise Undecided("the network has one hidden layer only")
    table = layers.pivot(index=["variant", "seed"], columns="layer", values="sum_gradient_sd")
    share = pd.DataFrame({"value": table[1] / table[last]})
    return share[share["value"] > 0].reset_index()


def _against(seen: float, expected: float, source: str) -> Note:
    """A measured factor with the one expected in brackets."""
    return (Quantity(seen, "factor"), f" ({source} ", Quantity(expected, "factor"), ")")
