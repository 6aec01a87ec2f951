"""Claims on the edge of chaos in tanh networks, and on the gain of ReLU networks.

They read two experiments, `chaos` and `gain`.
"""

import numpy as np
import pandas as pd

from analysis.claims.claim import Finding, Note, Quantity, joined
from analysis.claims.comparing import least_gap
from analysis.claims.deciding import LEARNED, TRAINED, above
from analysis.claims.declaring import claim
from analysis.claims.evidence import PERCENT, Evidence, Undecided
from analysis.statistics import comparisons, theory
from analysis.statistics.estimates import Floats, correlation
from analysis.statistics.level import AT_LEVEL
from analysis.study.initializers import variance

DEEP = 40
"""Hidden layers at which the edge of chaos is tested."""
SCALES = 6.0
"""Depth scales to which networks train, as Schoenholz et al. 2016 found."""
FROM_DEPTH = 20
"""Hidden layers from which the gain of a ReLU network is tested: 2^20 lies between extremes."""
BEST_GAIN = 2.0
ENDLESS = 1000
"""Hidden layers from which a depth is told of as being over so many."""
SEEDS, NETWORKS = 2, 4
GUESSED = "counted as guessing"


@claim(
    id="edge-of-chaos",
    question="Q1c",
    kind="ordering",
    statement="Forty layers of tanh favour the edge of chaos: the variance nearest to the "
    "critical one ends more than ten percentage points of test accuracy ahead of both ends of"
    " the sweep.",
    method=f"paired differences in test accuracy at {DEEP} layers between the σ_w² nearest the "
    f"critical one and both ends of the sweep, {AT_LEVEL} Student intervals; both must exceed the "
    "margin; value: the smaller; n counts seeds, so few that only a difference far "
    "larger than their spread is decided",
    unit="percentage points",
    margin=10.0,
    experiment="chaos",
    seeds=SEEDS,
)
def edge_of_chaos(evidence: Evidence) -> Finding:
    """At 40 layers the σ_w² nearest the critical one beats the lowest and highest of the sweep.

    Value: the lesser lead, in percentage points.
    """
    beside = evidence.beside
    sweep = _runs(beside, depth=DEEP)
    critical = theory.critical_gain(*_network(beside, sweep))
    gains = np.sort(sweep["gain"].unique())
    nearest = float(gains[np.abs(gains - critical).argmin()])
    ends = [float(gain) for gain in (gains[0], gains[-1]) if gain != nearest]
    if len(ends) < 2:
        raise Undecided("the sweep has no σ_w² on either side of the critical one")
    compared = (ends[0], nearest, ends[1])
    runs = _runs(evidence, depth=DEEP, scale=compared)
    leads = [comparisons.paired_difference(runs, "value", nearest, g, column="gain") for g in ends]
    verdict, least = least_gap(leads, evidence.margin, SEEDS)
    means = runs.groupby("gain")["value"].mean()
    told = [(*_at(gain), Quantity(float(means[gain]), "accuracy")) for gain in compared]
    theoretical = Quantity(float(critical), "factor")
    return Finding(
        verdict,
        *(least.mean, least.low, least.high),
        n=least.n,
        note=("critical σ_w² in theory ", theoretical, "; test accuracy: ", *joined(", ", told)),
        diverged=GUESSED,
    )


@claim(
    id="trainable-depth",
    question="Q1c",
    kind="ordering",
    statement="How deep a tanh network can be and still train follows theory: over the "
    "variances, the depth at which accuracy is lost and the depth scale have a rank "
    "correlation above one half.",
    method="Spearman correlation over σ_w² between the depth scale 1/|ln χ₁| and the depth at "
    f"which mean test accuracy falls below {{trained}} %, {AT_LEVEL} interval by Fisher's z; "
    "n counts σ_w²",
    unit="",
    margin=0.5,
    experiment="chaos",
)
def trainable_depth(evidence: Evidence) -> Finding:
    """Rank correlation over σ_w² of the depth scale with the depth to which networks train."""
    runs = _runs(evidence)
    network = _network(evidence, runs)
    gains = np.sort(runs["gain"].unique())
    scales = np.array([theory.gradient_depth_scale(gain, *network) for gain in gains])
    trained = evidence.accuracy(TRAINED)
    reached = np.array([_reach(runs[runs["gain"] == gain], trained) for gain in gains])
    found = correlation(comparisons.ranks(scales), comparisons.ranks(reached))
    if not np.isfinite(found.value):
        raise Undecided("all networks train to the same depth, or there are too few σ_w²")
    limit = runs["gain"].map(dict(zip(gains, SCALES * scales, strict=True)))
    right = float(((runs["depth"] <= limit) == (runs["value"] >= trained)).mean())
    told = [
        (*_at(gain), Quantity(depth, "depth"), " (", *_scaled(SCALES * scale), ")")
        for gain, depth, scale in zip(gains.tolist(), reached.tolist(), scales, strict=True)
    ]
    share, count = Quantity(PERCENT * right, "percent"), Quantity(len(runs), "count")
    return Finding(
        above(found.low, found.high, evidence.margin, found.n),
        *(found.value, found.low, found.high),
        n=found.n,
        note=(
            "layers to which networks train, with six depth scales in brackets: ",
            *joined(", ", told),
            *("; six depth scales are right about ", share, " of the ", count, " runs"),
        ),
        diverged=GUESSED,
    )


def _reach(own: pd.DataFrame, trained: float) -> float:
    """Depth at which mean accuracy, linear in between, first falls below `trained`.

    The largest depth where it never does, the smallest where it never reached it.
    """
    means = own.groupby("depth")["value"].mean().sort_index()
    depths: Floats = means.index.to_numpy(dtype=float)
    values = means.to_numpy(dtype=float)
    failed = np.flatnonzero(values < trained)
    if not failed.size:
        return float(depths[-1])
    at = int(failed[0])
    if at == 0:
        return float(depths[0])
    return float(np.interp(-trained, -values[at - 1 : at + 1], depths[at - 1 : at + 1]))


def _scaled(depth: float) -> Note:
    """A depth of so many depth scales, which has no end at the critical σ_w²."""
    if depth < ENDLESS:
        return (Quantity(float(depth), "depth"),)
    return ("over ", Quantity(ENDLESS, "depth"))


@claim(
    id="gain-two",
    question="Q2d",
    kind="ordering",
    statement="In ReLU networks of twenty layers and more, at the depths where any σ_w² of "
    "the sweep learns, He's σ_w² = 2 ends ahead of every other.",
    method=f"paired differences in test accuracy to every other σ_w², {AT_LEVEL} Student intervals "
    f"over networks (depth and seed) from {FROM_DEPTH} layers on, where some gain reaches "
    "{learned} %; a diverged run counts as guessing; value: the smallest; n counts "
    "networks, few and of the same seeds at each depth, hence not all independent",
    unit="percentage points",
    margin=0.0,
    experiment="gain",
    seeds=NETWORKS,
)
def gain_two(evidence: Evidence) -> Finding:
    """In deep ReLU networks gain 2 leads every other; value: the least lead, in points.

    What decides are the depths from 20 layers on at which some gain learns: elsewhere there is no
    best one. A network, told apart by depth and seed, is one observation.
    """
    beside = evidence.beside
    sweep = _runs(beside)
    if beside.activation() != "relu":
        raise Undecided("the networks are not of ReLU")
    depths = tuple(int(each) for each in np.sort(sweep["depth"].unique()) if each >= FROM_DEPTH)
    others = [float(gain) for gain in np.sort(sweep["gain"].unique()) if gain != BEST_GAIN]
    runs = _runs(evidence, depth=depths) if depths else sweep[:0]
    means = runs.groupby(["depth", "gain"])["value"].mean().unstack()
    deep = runs[runs["depth"].isin(means.index[means.max(axis=1) >= evidence.accuracy(LEARNED)])]
    if deep.empty or not others or not (sweep["gain"] == BEST_GAIN).any():
        raise Undecided(
            f"from {FROM_DEPTH} layers on no σ_w² learns, or {BEST_GAIN:g} is not in the sweep"
        )
    networks = deep.assign(seed=deep["depth"].astype(str) + ":" + deep["seed"].astype(str))
    leads = [
        comparisons.paired_difference(networks, "value", BEST_GAIN, other, column="gain")
        for other in others
    ]
    verdict, least = least_gap(leads, evidence.margin, NETWORKS)
    trained = evidence.accuracy(TRAINED)
    rival = Quantity(others[leads.index(least)], "setting")
    return Finding(
        verdict,
        *(least.mean, least.low, least.high),
        n=least.n,
        note=("least lead is over σ_w² = ", rival, "; ", *_trained(sweep, trained)),
        diverged=GUESSED,
    )


def _trained(sweep: pd.DataFrame, accuracy: float) -> Note:
    """How many gains train at each depth of the sweep."""
    means = sweep.groupby(["depth", "gain"])["value"].mean().unstack()
    told = [
        (Quantity(int(count), "count"), " at ", Quantity(int(str(depth)), "depth"), " layers")
        for depth, count in (means >= accuracy).sum(axis=1).items()
    ]
    gains = Quantity(means.shape[1], "count")
    return ("of the ", gains, f" σ_w², those that reach {accuracy:g} %: ", *joined(", ", told))


def _runs(evidence: Evidence, **where: object) -> pd.DataFrame:
    """Runs of the sweep with `gain`, that is σ_w²; a diverged one scores as one that guesses."""
    name = evidence.variant("VarianceScaling")
    if evidence.declared(name).parameters["mode"] != "fan_in":
        raise Undecided("the variance of the weights is not scaled by fan_in")
    runs = evidence.scores_or_guesses([name], ["scale", "depth"], **where)
    return runs.assign(gain=runs["scale"].astype(float).round(9))


def _network(evidence: Evidence, runs: pd.DataFrame) -> tuple[float, str]:
    """Variance of a bias, and the activation."""
    bias = evidence.settings.network.bias
    width = int(runs["width"].iloc[0])
    found = variance(bias.initializer, bias.parameters, width, width)
    if found is None:
        raise Undecided("the biases have no closed-form variance")
    return found, evidence.activation()


def _at(gain: float) -> Note:
    """The beginning of what is told of a gain."""
    return ("σ_w² = ", Quantity(gain, "setting"), " → ")
