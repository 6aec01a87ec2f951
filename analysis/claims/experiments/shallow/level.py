"""Claims on where the base networks end: level, how many seeds a ranking takes, what pairing is.

They read two experiments, `many` and `output`.
"""

from collections.abc import Mapping
from itertools import combinations

import numpy as np
import pandas as pd

from analysis.claims.claim import Note, Quantity, joined
from analysis.claims.comparing import STUDENT, accuracies, all_within, needs_pairs, with_interval
from analysis.claims.deciding import Finding, above, decided, within
from analysis.claims.declaring import claim
from analysis.claims.evidence import Evidence
from analysis.statistics import comparisons, power
from analysis.statistics.correlations import correlation, drop
from analysis.statistics.estimates import Mean, standardized
from analysis.statistics.level import AT_LEVEL, AT_SIDE

# One standard error of an accuracy near 97.5 % counted on 10,000 test images: sqrt(pq / n) = 0.156.
LEVEL_MARGIN = 0.15
PAIR = ("HeNormal", "GlorotNormal")
LEARNERS = (*PAIR, "RandomNormal")
LEVEL = f"paired differences in test accuracy by seed: {STUDENT}, on both sides"


@claim(
    id="he-glorot-level",
    question="Q2d",
    family="finding",
    kind="equivalence",
    statement="He and Glorot end level: their mean test accuracies differ by less than 0.15 "
    "percentage points.",
    method=f"{LEVEL}, of He − Glorot",
    unit="percentage points",
    margin=LEVEL_MARGIN,
    experiment="many",
    expects=0.0,
)
def he_glorot_level(evidence: Evidence) -> Finding:
    """The paired difference in test accuracy lies within the margin."""
    he, glorot = map(evidence.variant, PAIR)
    scores = evidence.scores([he, glorot])
    return _level(comparisons.paired_mean(scores, "value", he, glorot), evidence, scores)


@claim(
    id="none-wins",
    question="Q3a",
    family="finding",
    kind="equivalence",
    statement="None of the variants that learn wins on the test set: the mean test accuracies of "
    "every two of HeNormal, GlorotNormal and RandomNormal differ by less than 0.15 percentage "
    "points.",
    method=f"{LEVEL}, of every two; value: the weakest",
    unit="percentage points",
    margin=LEVEL_MARGIN,
    experiment="many",
    expects=0.0,
)
def none_wins(evidence: Evidence) -> Finding:
    """Every two of the three differ by less than the margin; value: the weakest pair.

    A difference that is merely not significant supports nothing: each must be shown to be small.
    """
    learners = [evidence.variant(name) for name in LEARNERS]
    scores = evidence.scores(learners)
    gaps: Mapping[str, Mean] = {
        f"{a} − {b}": comparisons.paired_mean(scores, "value", a, b)
        for a, b in combinations(learners, 2)
    }
    needs_pairs(*gaps.values())
    worst, parts = all_within(gaps, evidence.margin)
    told = [(f"{name} ", *with_interval(gap, "points")) for name, gap in gaps.items()]
    return decided(parts, note=(f"weakest: {worst}; ", *joined(", ", told)))


@claim(
    id="ranking-needs-many-seeds",
    question="Q3a",
    family="finding",
    kind="equivalence",
    statement="To rank HeNormal and GlorotNormal takes many seeds: their paired difference in "
    "test accuracy is less than half of its own standard deviation, so that four comparisons of "
    "five take at least 34 seeds to tell which is ahead.",
    method="mean over standard deviation of the paired difference He − Glorot in test accuracy: "
    f"{AT_LEVEL} interval and one-sided tests at {AT_SIDE} by the noncentral t, on both sides",
    unit="standard deviations",
    margin=0.5,
    experiment="many",
    expects=0.0,
)
def ranking_needs_many_seeds(evidence: Evidence) -> Finding:
    """The standardized paired difference lies within the margin; told: seeds at what was seen."""
    he, glorot = map(evidence.variant, PAIR)
    gaps = comparisons.differences(evidence.scores([he, glorot]), "value", he, glorot)
    found = standardized(gaps)
    needs_pairs(found)
    seeds = power.seeds_to_rank(found.value)
    least = () if seeds is None else (Quantity(seeds, "count"), " seeds")
    told: Note = ("at the effect seen ", *(least or ("more than a million seeds",)))
    return decided([within(found, evidence.margin)], note=told if np.isfinite(found.value) else ())


@claim(
    id="pairing-matters-early",
    question="Q3a",
    family="finding",
    kind="threshold",
    statement="In the first epoch pairing matters: over the seeds, the validation losses of "
    "HeNormal and GlorotNormal have a correlation above one half.",
    method=f"Pearson correlation over seeds: {AT_LEVEL} interval and one-sided test at {AT_SIDE} "
    "by Fisher's z",
    unit="",
    margin=0.5,
    experiment="many",
)
def pairing_matters_early(evidence: Evidence) -> Finding:
    """He's and Glorot's validation losses of epoch 1 correlate over seeds, above the margin."""
    first, _ = _losses(evidence)
    he, glorot = first.columns
    found = correlation(first[he], first[glorot])
    if not np.isfinite(found.value):
        return Finding("inconclusive", n=found.n)
    told = ("paired interval ", _gain(evidence, 1), " times as wide as the unpaired")
    return decided([above(found, evidence.margin)], note=told)


@claim(
    id="pairing-fades",
    question="Q3a",
    family="finding",
    kind="difference",
    statement="At the end pairing helps less: over the seeds, the validation losses of HeNormal"
    " and GlorotNormal are less correlated in the last epoch than in the first.",
    method="correlation in the first epoch minus correlation in the last: "
    f"{AT_LEVEL} interval for dependent correlations without a common variable (Zou 2007) and the "
    f"one-sided test at {AT_SIDE} that follows from it",
    unit="",
    margin=0.0,
    experiment="many",
)
def pairing_fades(evidence: Evidence) -> Finding:
    """The correlation of epoch 1 less that of the last epoch; value: how much it drops."""
    first, last = _losses(evidence)
    both = pd.concat([first, last], axis=1, join="inner").to_numpy(dtype=float)
    found = drop((both[:, 0], both[:, 1]), (both[:, 2], both[:, 3]))
    if not np.isfinite(found.value):
        return Finding("inconclusive", n=found.n)
    end = Quantity(found.second.value, "correlation")
    width = (_gain(evidence, None), " times as wide as unpaired")
    return decided(
        [above(found, evidence.margin)], note=("at the end r = ", end, ", paired interval ", *width)
    )


@claim(
    id="zero-output-level",
    question="Q2a",
    family="finding",
    kind="equivalence",
    statement="Zeros in the output kernel alone cost nothing in the end: that network ends within "
    "0.15 percentage points of test accuracy of the one whose kernels all come from HeNormal.",
    method=f"{LEVEL}, of the network with the zero output kernel − the other",
    unit="percentage points",
    margin=LEVEL_MARGIN,
    experiment="output",
    expects=0.0,
)
def zero_output_level(evidence: Evidence) -> Finding:
    """He with a zero output kernel ends within the margin of He."""
    zero, he = evidence.variant("HeNormal", output="Zeros"), evidence.variant("HeNormal")
    scores = evidence.scores([zero, he])
    return _level(comparisons.paired_mean(scores, "value", zero, he), evidence, scores)


def _level(gap: Mean, evidence: Evidence, scores: pd.DataFrame) -> Finding:
    """Whether a mean difference lies within the margin."""
    needs_pairs(gap)
    return decided([within(gap, evidence.margin)], note=accuracies(scores))


def _losses(evidence: Evidence) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Validation losses of He and Glorot (seed, variant), of the first and of the last epoch."""
    names = [evidence.variant(name) for name in PAIR]
    epochs = evidence.epochs(names)
    first, last = epochs[epochs["epoch"] == 1], epochs[epochs["epoch"] == epochs["epoch"].max()]
    table = comparisons.paired
    return table(first, "val_loss", names), table(last, "val_loss", names)


def _gain(evidence: Evidence, epoch: int | None) -> Quantity:
    """Width of the paired interval over that of the unpaired, in an epoch; None: in the last."""
    names = [evidence.variant(name) for name in PAIR]
    epochs = evidence.epochs(names)
    own = epochs[epochs["epoch"] == (epoch or epochs["epoch"].max())]
    return Quantity(comparisons.pairing_gain(own, "val_loss", *names), "factor")
