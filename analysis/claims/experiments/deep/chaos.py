"""Claims on the edge of chaos in deep tanh networks, and on the gain of deep ReLU networks.

They read two experiments, `chaos` and `gain`.
"""

import numpy as np
import pandas as pd

from analysis.claims.claim import Note, Quantity, joined
from analysis.claims.comparing import GUESSED, MEDIAN, NO_WHOLE_SEED
from analysis.claims.deciding import NEARLY_ALL, TRAINED, Finding, above, decided
from analysis.claims.declaring import claim
from analysis.claims.evidence import PERCENT, Evidence, Undecided
from analysis.statistics import predictions, theory
from analysis.statistics.estimates import Share, median_interval, share
from analysis.statistics.level import AT_LEVEL, AT_SIDE
from analysis.study.initializers import variance

DEEPEST = (40, 50)
"""Hidden layers at which the edge of chaos is tested."""
MODERATE = 10
"""Hidden layers of the networks whose best variance is the rule without theory."""
SCALES = 6.0
"""Depth scales to which networks train, as Schoenholz et al. 2016 found."""
FIXED = (20, 30)
"""Hidden layers at which the gain of a ReLU network is tested."""
BEST_GAIN = 2.0


@claim(
    id="edge-of-chaos",
    question="Q1c",
    family="finding",
    kind="threshold",
    statement="Very deep tanh networks favour the edge of chaos: at forty layers and at fifty, the "
    "best σ_w² of a seed is the value of the sweep nearest to the critical one, or one next to it, "
    "in more than half of the seeds.",
    method=f"share of seeds at {DEEPEST[0]} and at {DEEPEST[1]} layers: exact {AT_LEVEL} interval "
    f"and one-sided binomial test at {AT_SIDE}; both must exceed the margin; where several are "
    "best, all must be near; a diverged run counts as guessing; value: the weaker",
    unit="% of seeds",
    margin=50.0,
    experiment="chaos",
    expects=NEARLY_ALL,
)
def edge_of_chaos(evidence: Evidence) -> Finding:
    """At 40 and 50 layers the best σ_w² lies at the critical one in most seeds; told: a baseline.

    The baseline is the rule that is at hand without theory: what is best at ten layers.
    """
    runs = _runs(evidence, depth=DEEPEST)
    critical = theory.critical_gain(*_network(evidence, runs))
    shallow = _by_gain(_runs(evidence.beside, depth=MODERATE))
    rule = _favoured(shallow)
    parts, told = [], list[Note]()
    for depth in DEEPEST:
        table = _by_gain(runs[runs["depth"] == depth])
        parts.append(above(_share_near(table, critical), evidence.margin / PERCENT))
        told.append(_best(depth, table, rule))
    theoretical, without = Quantity(float(critical), "factor"), Quantity(rule, "setting")
    begun = ("critical σ_w² in theory ", theoretical, "; at 10 layers ", without, " is best; ")
    note = (*begun, *joined("; ", told))
    return decided(parts, note=note, unit=lambda each: PERCENT * each, diverged=GUESSED)


def _by_gain(runs: pd.DataFrame) -> pd.DataFrame:
    """Seed x σ_w² table of accuracies, of the seeds that have all; Undecided where none has."""
    table = runs.pivot(index="seed", columns="gain", values="value").dropna()
    if table.empty:
        raise Undecided(NO_WHOLE_SEED)
    return table


def _share_near(table: pd.DataFrame, gain: float) -> Share:
    """Share of seeds whose best σ_w², all of them if several are, are at most one step away."""
    gains = table.columns.to_numpy(dtype=float)
    if not np.isfinite(gain) or len(gains) < 4:
        raise Undecided("there is no critical σ_w², or the sweep has fewer than four")
    nearest = int(np.abs(gains - gain).argmin())
    far = np.abs(np.arange(len(gains)) - nearest) > 1
    best = table.eq(table.max(axis=1), axis=0).to_numpy()
    return share(int((~best[:, far].any(axis=1)).sum()), len(table))


def _favoured(table: pd.DataFrame) -> float:
    """The σ_w² of the highest mean accuracy."""
    return float(table.columns[int(table.mean().to_numpy().argmax())])


def _best(depth: int, table: pd.DataFrame, rule: float) -> Note:
    """The best σ_w² on average at a depth, and how often the best is near that of a rule."""
    best, near = _favoured(table), _share_near(table, rule)
    return (
        *(Quantity(depth, "depth"), " layers: σ_w² = ", Quantity(best, "setting")),
        *(" is best on average with ", Quantity(float(table[best].mean()), "accuracy")),
        *(", near what is best at 10 in ", Quantity(PERCENT * near.value, "percent"), " of seeds"),
    )


@claim(
    id="trainable-depth",
    question="Q1c",
    family="finding",
    kind="difference",
    statement="How deep a tanh network can be and still train follows theory: in the median seed "
    "the rule that a network trains up to six depth scales is right more often than the best rule "
    "that knows the depth alone.",
    method="share of a seed's networks about which the rule “reaches {trained} % if depth ≤ 6 / "
    "|ln χ₁|” is right, less that of the best rule “if depth ≤ d”, whose d is chosen with "
    f"hindsight: {MEDIAN}; a diverged run counts as guessing",
    unit="percentage points",
    margin=0.0,
    experiment="chaos",
    expects=NEARLY_ALL,
)
def trainable_depth(evidence: Evidence) -> Finding:
    """By seed, how much oftener six depth scales are right than the best depth alone."""
    runs = _runs(evidence)
    gains = np.sort(runs["gain"].unique())
    reach = predictions.trainable_depths(gains, *_network(evidence, runs), SCALES)
    limit = runs["gain"].map(dict(zip(reach["gain"], reach["depth"], strict=True)))
    trains = runs["value"] >= evidence.accuracy(TRAINED)
    by_theory = (runs["depth"] <= limit) == trains
    depths = {depth: (runs["depth"] <= depth) == trains for depth in (0, *runs["depth"].unique())}
    best = max(depths, key=lambda depth: (depths[depth].mean(), -depth))
    gaps = by_theory.groupby(runs["seed"]).mean() - depths[best].groupby(runs["seed"]).mean()
    right, alone = (
        Quantity(PERCENT * float(each.mean()), "percent") for each in (by_theory, depths[best])
    )
    rule = ("“depth ≤ ", Quantity(int(best), "depth"), "” about ", alone)
    note = ("six depth scales are right about ", right, ", ", *rule, " of the ")
    count = Quantity(len(runs), "count")
    part = above(median_interval(PERCENT * gaps.to_numpy(dtype=float)), evidence.margin)
    return decided([part], note=(*note, count, " runs"), diverged=GUESSED)


@claim(
    id="gain-two",
    question="Q2d",
    family="finding",
    kind="ordering",
    statement="In deep ReLU networks He's σ_w² = 2 is ahead of every other of the sweep: over "
    "networks of twenty layers and of thirty, its mean test accuracy is the higher one in the "
    "median seed.",
    method="paired difference to every other σ_w² of the test accuracy, averaged by seed over "
    f"{FIXED[0]} and {FIXED[1]} layers: {MEDIAN}; a diverged run counts as guessing; value: the "
    "weakest",
    unit="percentage points",
    margin=0.0,
    experiment="gain",
    expects=NEARLY_ALL,
)
def gain_two(evidence: Evidence) -> Finding:
    """Averaged over 20 and 30 layers, gain 2 leads every other in the median seed."""
    runs = _runs(evidence, depth=FIXED)
    if evidence.activation() != "relu":
        raise Undecided("the networks are not of ReLU")
    wide = runs.pivot(index="seed", columns=["gain", "depth"], values="value").dropna()
    if set(runs["depth"]) != set(FIXED) or wide.empty:
        raise Undecided(NO_WHOLE_SEED)
    table = wide.T.groupby("gain").mean().T
    gains = [float(gain) for gain in table.columns.to_numpy()]
    others = [gain for gain in gains if gain != BEST_GAIN]
    if BEST_GAIN not in gains or not others:
        raise Undecided(f"{BEST_GAIN:g} is not in the sweep, or alone")
    gaps = [median_interval(table[BEST_GAIN] - table[other]) for other in others]
    told = [
        ("σ_w² = ", Quantity(gain, "setting"), " → ", Quantity(float(middle), "accuracy"))
        for gain, middle in zip(gains, table.median(), strict=True)
    ]
    return decided(
        [above(gap, evidence.margin) for gap in gaps],
        note=("median test accuracy: ", *joined(", ", told)),
        diverged=GUESSED,
    )


def _runs(evidence: Evidence, **where: object) -> pd.DataFrame:
    """Runs of the sweep with `gain`, that is σ_w²; a diverged one scores as one that guesses."""
    name = evidence.variant("VarianceScaling")
    if evidence.declared(name).parameters["mode"] != "fan_in":
        raise Undecided("the variance of the weights is not scaled by fan_in")
    runs = evidence.scores_or_guesses([name], ["scale", "depth"], **where).dropna(subset="value")
    if runs.empty:
        raise Undecided("no network was trained")
    return runs.assign(gain=runs["scale"].astype(float).round(9))


def _network(evidence: Evidence, runs: pd.DataFrame) -> tuple[float, str]:
    """Variance of a bias, and the activation."""
    bias = evidence.settings.network.bias
    width = int(runs["width"].iloc[0])
    found = variance(bias.initializer, bias.parameters, width, width)
    if found is None:
        raise Undecided("the biases have no closed-form variance")
    return found, evidence.activation()
