"""Claims on deep ReLU networks before training: the size of the signal, and two images' likeness.

They read two experiments, `propagation` and `spread`.
"""

import numpy as np
import pandas as pd

from analysis.claims.claim import Note, Quantity, joined
from analysis.claims.comparing import STUDENT, all_within
from analysis.claims.deciding import Finding, decided, within
from analysis.claims.declaring import claim
from analysis.claims.evidence import PERCENT, Evidence, Undecided
from analysis.statistics import theory
from analysis.statistics.estimates import Estimate, Floats, mean_interval

NARROW, WIDE = 128, 512
"""Widths of the networks in which the spread and the correlation are tested."""


@claim(
    id="variance-factor",
    question="Q1c",
    family="verification",
    kind="equivalence",
    statement="In the deep ReLU network each layer multiplies the mean square by half of "
    "fan_in times the variance of the weights: for every initializer with random kernels, the "
    "mean change of its logarithm a layer, with 5 / (2 n) added for the width n, is the logarithm "
    "of that factor, to within 0.05.",
    method="mean over seeds of the mean change of ln mean square a layer, plus 5 / (2 n), less "
    f"ln(n Var(W) / 2): {STUDENT}, on both sides, for every variant; value: the weakest",
    unit="",
    margin=0.05,
    experiment="propagation",
)
def variance_factor(evidence: Evidence) -> Finding:
    """By variant, ln growth a layer, less its bias by the width, is the formula's in the margin.

    A network without biases is homogeneous, so that the logarithm of the mean square takes steps
    of one law: their mean is that of ln M, which lies 5 / (2 n) below the logarithm of the mean.
    """
    layers = evidence.layers("initial", "mean_square", evidence.learners(), activation="relu")
    last = int(layers["layer"].max())
    found: dict[str, Estimate] = {}
    told: list[Note] = []
    for name, variant in _between(layers).groupby("variant", observed=True):
        factor = _log_factor(evidence, str(name), variant, last)
        growth = [_log_growth(own) for _, own in variant.groupby("seed")]
        if factor is not None and np.isfinite(growth).all():
            found[str(name)] = mean_interval(np.array(growth) - factor)
            seen, formula = (
                Quantity(float(np.exp(each)), "factor") for each in (np.mean(growth), factor)
            )
            told.append((f"{name!s} ", seen, " (formula ", formula, ")"))
    if not found:
        raise Undecided("no variant has a closed form and a signal behind its first layer")
    _, parts = all_within(found, evidence.margin)
    return decided(parts, note=("factor a layer: ", *joined(", ", told)))


def _log_growth(own: pd.DataFrame) -> float:
    """Mean change of ln mean square a layer, with what the width takes from it added."""
    half = theory.LENGTH_KURTOSIS / 2
    return float((np.log(_ratio_by_layer(own)) + half / own["fan_out"].to_numpy()).mean())


def _log_factor(evidence: Evidence, name: str, own: pd.DataFrame, last: int) -> float | None:
    """Mean over layers of ln(n · Var(W) / 2); None without a closed form above zero."""
    factors = []
    shapes = own[["layer", "fan_in", "fan_out"]].drop_duplicates("layer")
    for layer, fan_in, fan_out in shapes.to_numpy(dtype=int):
        drawn = evidence.kernel_variance(name, int(layer), last, int(fan_in), int(fan_out))
        if not drawn:
            return None
        factors.append(theory.relu_factor(int(fan_in), drawn))
    return float(np.log(factors).mean())


@claim(
    id="length-variance",
    question="Q2d",
    family="verification",
    kind="equivalence",
    statement="He's rule keeps the size of the signal on average only: in the deep ReLU "
    "network each layer adds to the variance of its logarithm five over its width, to within "
    "a quarter.",
    method="mean over seeds of width times squared change of ln mean square, mean over layers, as "
    f"a deviation from 5, at width {NARROW}: {STUDENT}, on both sides",
    unit="%",
    margin=25.0,
    experiment="spread",
)
def length_variance(evidence: Evidence) -> Finding:
    """The variance of ln M that a He layer of n units adds, times n, is 5 within the margin, in %.

    Given a layer, the next one's ln M has the same law whatever came before: a seed's mean over its
    layers of n · (change of ln M)² estimates it, up to terms of order 1/n.
    """
    he = evidence.variant("HeNormal")
    layers = evidence.layers("initial", "mean_square", [he], activation="relu", width=NARROW)
    hidden = _between(layers)
    added, total = [], []
    for _, own in hidden.groupby("seed"):
        change = np.log(_ratio_by_layer(own))
        added.append(float((own["fan_out"].to_numpy() * change**2).mean()))
        total.append(float(change.sum()))
    if not added or not np.isfinite(added).all():
        raise Undecided("the network has one hidden layer only, or its signal is zero")
    widths = hidden.loc[hidden["seed"] == hidden["seed"].iloc[0], "fan_out"]
    found = mean_interval(PERCENT * (np.array(added) / theory.LENGTH_KURTOSIS - 1))
    mean = Quantity(float(np.mean(added)), "factor")
    law = Quantity(theory.LENGTH_KURTOSIS, "factor")
    told = (mean, " against ", law, "; standard deviation of ln M ", *_spread(widths, total))
    return decided([within(found, evidence.margin)], note=told)


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


@claim(
    id="correlation-follows-map",
    question="Q1c",
    family="verification",
    kind="equivalence",
    statement="On their way through the deep ReLU network from HeNormal two images become alike "
    "as theory has it: in every layer, the mean correlation of two rows of sums is that of the "
    "map for ReLU, from that of the first layer on, to within 0.05.",
    method="mean over seeds of the mean correlation of two rows of sums, less what the map makes "
    f"of that of the seed's first layer, at width {WIDE}: {STUDENT}, on both sides, in every "
    "layer; value: the weakest",
    unit="",
    margin=0.05,
    experiment="spread",
)
def correlation_follows_map(evidence: Evidence) -> Finding:
    """Layer by layer the mean correlation less the iterated map is zero within the margin."""
    he = evidence.variant("HeNormal")
    layers = evidence.layers("initial", "sum_correlation", [he], activation="relu", width=WIDE)
    table = layers.pivot(index="seed", columns="layer", values="sum_correlation").dropna()
    if table.empty or table.shape[1] < 2:
        raise Undecided("the network has one layer only, or its signal is zero")
    expected = table[1].to_numpy(dtype=float)
    found: dict[str, Estimate] = {}
    for layer in table.columns[1:]:
        expected = theory.relu_correlation(expected)
        found[f"layer {layer}"] = mean_interval(table[layer].to_numpy(dtype=float) - expected)
    worst, parts = all_within(found, evidence.margin)
    ends = (Quantity(float(table[at].mean()), "correlation") for at in (1, table.columns[-1]))
    last = Quantity(float(expected.mean()), "correlation")
    told = (next(ends), " in layer 1, ", next(ends), f" in layer {table.columns[-1]} (theory ")
    return decided(parts, note=(f"weakest: {worst}; mean correlation ", *told, last, ")"))


def _between(layers: pd.DataFrame) -> pd.DataFrame:
    """The hidden layers that receive what another passed on."""
    inside = (layers["layer"] > 1) & (layers["layer"] < layers["layer"].max())
    between: pd.DataFrame = layers[inside].sort_values(["variant", "seed", "layer"])
    return between


def _ratio_by_layer(own: pd.DataFrame) -> Floats:
    """Mean square of what each layer passes on over that of what it receives."""
    squares = own[["mean_square", "input_mean_square"]].to_numpy(dtype=float)
    with np.errstate(divide="ignore", invalid="ignore"):
        ratios: Floats = squares[:, 0] / squares[:, 1]
    return ratios
