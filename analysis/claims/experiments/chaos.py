"""Claims on the edge of chaos in tanh networks, and on the gain of ReLU networks."""

import numpy as np
import pandas as pd

from analysis.claims.evidence import PERCENT, Evidence, Undecided
from analysis.claims.model import Finding, Spec, above, joint
from analysis.statistics import comparisons, theory
from analysis.statistics.estimates import Floats, correlation
from analysis.study.initializers import variance

DEEP = 40
"""Hidden layers at which the edge of chaos is tested."""
TRAINED = 50.0
"""Test accuracy, in percent, from which a network counts as trained."""
SCALES = 6.0
"""Depth scales to which networks train, as Schoenholz et al. 2016 found."""
FROM_DEPTH = 20
"""Hidden layers from which the gain of a ReLU network is tested: 2^20 lies between extremes."""
LEARNED = 30.0
"""Test accuracy, in percent, from which a network has learned anything: three times guessing."""
BEST_GAIN = 2.0
SEEDS, NETWORKS = 2, 4
GUESSED = "counted as guessing"


def edge_of_chaos(evidence: Evidence) -> Finding:
    """At 40 layers the σ_w² nearest the critical one beats the lowest and highest of the sweep.

    Value: the lesser lead, in percentage points.
    """
    runs = _runs(evidence, depth=DEEP)
    critical = theory.critical_gain(*_network(evidence, runs))
    gains = np.sort(runs["gain"].unique())
    nearest = float(gains[np.abs(gains - critical).argmin()])
    ends = [float(gain) for gain in (gains[0], gains[-1]) if gain != nearest]
    if len(ends) < 2:
        raise Undecided("the sweep has no σ_w² on either side of the critical one")
    leads = [comparisons.paired_difference(runs, "value", nearest, g, column="gain") for g in ends]
    least = min(leads, key=lambda lead: lead.mean)
    verdicts = [above(e.low, e.high, evidence.margin, e.n, SEEDS) for e in leads]
    means = runs.groupby("gain")["value"].mean()
    told = ", ".join(
        f"σ_w² = {gain:g} → {means[gain]:.1f} %" for gain in (ends[0], nearest, ends[1])
    )
    note = f"critical σ_w² in theory {critical:.3f}; test accuracy: {told}"
    return Finding(
        joint(verdicts), least.mean, least.low, least.high, n=least.n, note=note, losses=GUESSED
    )


def trainable_depth(evidence: Evidence) -> Finding:
    """Rank correlation over σ_w² of the depth scale with the depth to which networks train."""
    runs = _runs(evidence)
    activation_of = _network(evidence, runs)
    gains = np.sort(runs["gain"].unique())
    scales = np.array([theory.gradient_depth_scale(gain, *activation_of) for gain in gains])
    reached = np.array([_reach(runs[runs["gain"] == gain]) for gain in gains])
    found = correlation(comparisons.ranks(scales), comparisons.ranks(reached))
    if not np.isfinite(found.value):
        raise Undecided("all networks train to the same depth, or there are too few σ_w²")
    limit = runs["gain"].map(dict(zip(gains, SCALES * scales, strict=True)))
    right = ((runs["depth"] <= limit) == (runs["value"] >= TRAINED)).mean()
    told = ", ".join(
        f"σ_w² = {gain:g} → {depth:.0f} ({_layers(SCALES * scale)})"
        for gain, depth, scale in zip(gains, reached, scales, strict=True)
    )
    return Finding(
        above(found.low, found.high, evidence.margin, found.n),
        *(found.value, found.low, found.high),
        n=found.n,
        losses=GUESSED,
        note="layers to which networks train, with six depth scales in brackets: "
        f"{told}; six depth scales are right about {PERCENT * right:.0f} % of the {len(runs)} runs",
    )


def gain_two(evidence: Evidence) -> Finding:
    """In deep ReLU networks gain 2 leads every other; value: the least lead, in points.

    Read are all depths from 20 layers on at which some gain learns: elsewhere there is no best one.
    A network, told apart by depth and seed, is one observation.
    """
    runs = _runs(evidence)
    if evidence.activation() != "relu":
        raise Undecided("the networks are not of ReLU")
    means = runs.groupby(["depth", "gain"])["value"].mean().unstack()
    learning = means.index[(means.index >= FROM_DEPTH) & (means.max(axis=1) >= LEARNED)]
    deep = runs[runs["depth"].isin(learning)]
    others = [float(gain) for gain in np.sort(runs["gain"].unique()) if gain != BEST_GAIN]
    if deep.empty or not others or not (runs["gain"] == BEST_GAIN).any():
        raise Undecided(
            f"from {FROM_DEPTH} layers on no σ_w² learns, or {BEST_GAIN:g} is not in the sweep"
        )
    networks = deep.assign(seed=deep["depth"].astype(str) + ":" + deep["seed"].astype(str))
    leads = [
        comparisons.paired_difference(networks, "value", BEST_GAIN, other, column="gain")
        for other in others
    ]
    least = min(leads, key=lambda lead: lead.mean)
    verdicts = [above(e.low, e.high, evidence.margin, e.n, NETWORKS) for e in leads]
    counted = (means >= TRAINED).sum(axis=1)
    told = ", ".join(f"{count} at {depth} layers" for depth, count in counted.items())
    return Finding(
        *(joint(verdicts), least.mean, least.low, least.high),
        n=least.n,
        note=f"least lead is over σ_w² = {others[leads.index(least)]:g}; of the {means.shape[1]} "
        f"σ_w², those that reach {TRAINED:.0f} %: {told}",
        losses=GUESSED,
    )


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


def _reach(own: pd.DataFrame) -> float:
    """Depth at which accuracy, a mean over seeds and linear in between, first falls below TRAINED.

    The largest depth where it never does, the smallest where it never reached it.
    """
    means = own.groupby("depth")["value"].mean().sort_index()
    depths: Floats = means.index.to_numpy(dtype=float)
    values = means.to_numpy(dtype=float)
    failed = np.flatnonzero(values < TRAINED)
    if not failed.size:
        return float(depths[-1])
    at = int(failed[0])
    if at == 0:
        return float(depths[0])
    return float(np.interp(-TRAINED, -values[at - 1 : at + 1], depths[at - 1 : at + 1]))


def _layers(depth: float) -> str:
    return f"{depth:.0f}" if depth < 1000 else "over 1000"


CLAIMS = (
    Spec(
        id="edge-of-chaos",
        question="Q1c",
        kind="ordering",
        statement="Forty layers of tanh favour the edge of chaos: the variance nearest to the "
        "critical one ends more than ten percentage points of test accuracy ahead of both ends of"
        " the sweep.",
        method=f"paired differences in test accuracy at {DEEP} layers between the σ_w² nearest the "
        "critical one and both ends of the sweep, 95 % Student intervals; both must exceed the "
        "margin; value: the smaller; n counts seeds, so few that only a difference far "
        "larger than their spread is decided",
        unit="percentage points",
        margin=10.0,
        experiment="chaos",
        seeds=SEEDS,
        predicate=edge_of_chaos,
    ),
    Spec(
        id="trainable-depth",
        question="Q1c",
        kind="ordering",
        statement="How deep a tanh network can be and still train follows theory: over the "
        "variances, the depth at which accuracy is lost and the depth scale have a rank "
        "correlation above one half.",
        method="Spearman correlation over σ_w² between the depth scale 1/|ln χ₁| and the depth at "
        "which mean test accuracy falls below 50 %, 95 % interval by Fisher's z; n counts σ_w²",
        unit="",
        margin=0.5,
        experiment="chaos",
        predicate=trainable_depth,
    ),
    Spec(
        id="gain-two",
        question="Q2d",
        kind="ordering",
        statement="In ReLU networks of twenty layers and more, at the depths where any σ_w² of "
        "the sweep learns, He's σ_w² = 2 ends ahead of every other.",
        method=f"paired differences in test accuracy to every other σ_w², 95 % Student intervals "
        f"over networks (depth and seed) from {FROM_DEPTH} layers on, where some gain reaches "
        f"{LEARNED:.0f} %; a diverged run counts as guessing; value: the smallest; n counts "
        "networks, few and of the same seeds at each depth, hence not all independent",
        unit="percentage points",
        margin=0.0,
        experiment="gain",
        seeds=NETWORKS,
        predicate=gain_two,
    ),
)
"""Claims on the experiments "chaos" and "gain"."""
