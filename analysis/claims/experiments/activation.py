"""Claims on activations: which initializer each needs, and where none of them matters or helps."""

from analysis.claims.claim import Finding, Note, Quantity, joined
from analysis.claims.comparing import NO_WHOLE_SEED, least_gap, mean_accuracies, needs_pairs
from analysis.claims.deciding import STALLED, above, joint
from analysis.claims.declaring import claim
from analysis.claims.evidence import Evidence, Undecided
from analysis.statistics import comparisons, summaries
from analysis.statistics.estimates import Difference, difference_of, mean_interval
from analysis.statistics.level import AT_LEVEL

SHALLOW, DEEP = 2, 20
SEEDS = 3
GENTLE = {"relu": "ReLU", "tanh": "tanh", "selu": "SELU"}
"""Activations with a slope near one at zero; a sigmoid's is a quarter."""


@claim(
    id="glorot-for-tanh-is-not-about-accuracy",
    question="Q3b",
    kind="threshold",
    statement="That tanh wants Glorot is not about accuracy: in a tanh network of twenty "
    "layers, HeNormal ends less than one percentage point behind GlorotNormal, level with it,"
    " or ahead.",
    method=f"paired difference He − Glorot in test accuracy at {DEEP} layers, {AT_LEVEL} Student "
    "interval; must lie above minus the margin",
    unit="percentage points",
    margin=1.0,
    experiment="activation",
    seeds=SEEDS,
)
def glorot_for_tanh(evidence: Evidence) -> Finding:
    """He less Glorot in a deep tanh network is above minus the margin: He is not worse."""
    he, glorot = evidence.variant("HeNormal"), evidence.variant("GlorotNormal")
    runs = evidence.scores([he, glorot], activation="tanh", depth=DEEP)
    gap = comparisons.paired_difference(runs, "value", he, glorot)
    needs_pairs(gap)
    verdict = above(gap.low, gap.high, -evidence.margin, gap.n, SEEDS)
    return Finding(verdict, gap.mean, gap.low, gap.high, n=gap.n, note=mean_accuracies(runs))


@claim(
    id="deep-relu-needs-he",
    question="Q3b",
    kind="ordering",
    statement="Twenty layers of ReLU under SGD need He: HeNormal ends more than ten "
    "percentage points of test accuracy ahead of every other initializer of the experiment.",
    method=f"paired differences of He to every other at {DEEP} layers, {AT_LEVEL} Student "
    "intervals; all must exceed the margin; value: the smallest",
    unit="percentage points",
    margin=10.0,
    experiment="activation",
    seeds=SEEDS,
)
def deep_relu_needs_he(evidence: Evidence) -> Finding:
    """In a deep ReLU network He leads every other by more than the margin; value: least lead."""
    he = evidence.variant("HeNormal")
    runs = evidence.scores(activation="relu", depth=DEEP)
    others = [name for name in runs["variant"].unique() if name != he]
    gaps = [comparisons.paired_difference(runs, "value", he, str(name)) for name in others]
    if not gaps:
        raise Undecided("the experiment has no variant but He's")
    needs_pairs(*gaps)
    verdict, least = least_gap(gaps, evidence.margin, SEEDS)
    return Finding(
        verdict,
        *(least.mean, least.low, least.high),
        n=least.n,
        note=mean_accuracies(runs),
    )


@claim(
    id="deep-selu-needs-lecun",
    question="Q3b",
    kind="difference",
    statement="Twenty layers of SELU under SGD do better from LeCun's variance than from "
    "twice as much: LecunNormal ends more than ten percentage points of test accuracy ahead "
    "of HeNormal, where a run that diverged counts as one that guesses.",
    method=f"paired difference LeCun − He in test accuracy at {DEEP} layers, {AT_LEVEL} Student "
    "interval; a diverged run counts as guessing",
    unit="percentage points",
    margin=10.0,
    experiment="activation",
    seeds=SEEDS,
)
def deep_selu_needs_lecun(evidence: Evidence) -> Finding:
    """In a deep SELU network LeCun leads He by more than the margin; a diverged run guesses."""
    lecun, he = evidence.variant("LecunNormal"), evidence.variant("HeNormal")
    runs = evidence.scores_or_guesses([lecun, he], activation="selu", depth=DEEP)
    gap = comparisons.paired_difference(runs, "value", lecun, he)
    needs_pairs(gap)
    return Finding(
        above(gap.low, gap.high, evidence.margin, gap.n, SEEDS),
        *(gap.mean, gap.low, gap.high),
        n=gap.n,
        note=_all_deep_selu(evidence.beside),
        diverged="counted as guessing",
    )


def _all_deep_selu(beside: Evidence) -> Note:
    """Mean test accuracy of every variant, and how many runs of which diverged."""
    guesses = beside.scores_or_guesses(activation="selu", depth=DEEP)
    runs = beside.runs(activation="selu", depth=DEEP)
    lost = runs[runs["status"] == "diverged"]["variant"].value_counts(sort=False)
    told = [(f"{name} ", Quantity(int(count), "count")) for name, count in lost.items() if count]
    diverged: Note = ("diverged: ", *joined(", ", told)) if told else ()
    return joined("; ", [mean_accuracies(guesses), diverged])


@claim(
    id="deep-sigmoid-stalls",
    question="Q3b",
    kind="threshold",
    statement="In a sigmoid network of twenty layers under SGD no initializer of the "
    "experiment learns: taking the best of them in each seed, the mean test accuracy stays "
    "below {stalled in words} percent.",
    method=f"test accuracy of the best variant of each seed at {DEEP} layers, {AT_LEVEL} Student "
    "interval; must lie below the margin",
    unit="%",
    margin=STALLED,
    experiment="activation",
    seeds=SEEDS,
)
def deep_sigmoid_stalls(evidence: Evidence) -> Finding:
    """In a deep sigmoid network the best variant of each seed is stalled."""
    runs = evidence.scores(activation="sigmoid", depth=DEEP)
    known = summaries.measured(runs, "value").dropna(subset="value")
    best = mean_interval(known.groupby("seed")["value"].max())
    verdict = above(-best.high, -best.low, -evidence.margin, best.n, SEEDS)
    return Finding(verdict, best.value, best.low, best.high, n=best.n, note=mean_accuracies(runs))


@claim(
    id="shallow-choice-is-small",
    question="Q3b",
    kind="threshold",
    statement="With two hidden layers of ReLU, tanh or SELU the choice matters little: within"
    " each of these, the best and the worst of the scaled initializers end less than three "
    "percentage points of test accuracy apart.",
    method=f"range of test accuracy over variants by seed, {AT_LEVEL} Student interval for each "
    "activation; all must stay below the margin; value: the largest mean",
    unit="percentage points",
    margin=3.0,
    experiment="activation",
    seeds=SEEDS,
)
def shallow_choice_is_small(evidence: Evidence) -> Finding:
    """With two layers the range over variants, by seed, is below the margin for each activation.

    Value: the largest mean range.
    """
    ranges: dict[str, Difference] = {}
    runs = evidence.scores(by=["activation"], depth=SHALLOW, activation=tuple(GENTLE))
    for name in GENTLE:
        own = runs[runs["activation"] == name]
        table = comparisons.paired(own, "value", list(own["variant"].unique()))
        if not table.empty and table.shape[1] > 1:
            ranges[name] = difference_of(table.max(axis=1) - table.min(axis=1))
    if not ranges:
        raise Undecided(NO_WHOLE_SEED)
    most = max(ranges.values(), key=lambda each: each.mean)
    verdicts = [above(-e.high, -e.low, -evidence.margin, e.n, SEEDS) for e in ranges.values()]
    told = [(f"{GENTLE[name]} ", Quantity(e.mean, "points")) for name, e in ranges.items()]
    return Finding(
        joint(verdicts),
        *(most.mean, most.low, most.high),
        n=most.n,
        note=("mean range in points: ", *joined(", ", told)),
    )
