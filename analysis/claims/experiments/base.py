"""Claims on the base experiment: what the notebook's own comparison can and cannot decide."""

import math
from itertools import pairwise

import numpy as np
import pandas as pd

from analysis.claims.claim import Finding, Note, Quantity, Verdict, joined
from analysis.claims.comparing import NO_WHOLE_SEED, least_gap, needs_pairs
from analysis.claims.deciding import MIN_SEEDS, above, within
from analysis.claims.declaring import claim
from analysis.claims.evidence import PERCENT, Evidence, Undecided
from analysis.statistics import comparisons
from analysis.statistics.estimates import Difference, correlation, correlation_drop, share
from analysis.statistics.level import ALPHA, AT_ALPHA, AT_EQUIVALENCE, AT_LEVEL

# One standard error of an accuracy near 97.5 % counted on 10,000 test images: sqrt(pq / n) = 0.156.
LEVEL_MARGIN = 0.15
PAIR = ("HeNormal", "GlorotNormal")


@claim(
    id="zeros-never-learns",
    question="Q2a",
    kind="exact",
    statement="Started at zero, the network never learns: after training, every kernel and "
    "every hidden bias is still exactly zero.",
    method="every entry compared with zero; value: test accuracy, lowest and highest seed",
    unit="%",
)
def zeros_never_learns(evidence: Evidence) -> Finding:
    """Every kernel and every hidden bias is bitwise zero after training; value: test accuracy."""
    zeros = evidence.variant("Zeros")
    runs = evidence.runs([zeros]).query("status == 'finished'")
    final = evidence.layers("final", "kernel_max_abs", [zeros]).query("run_id in @runs.run_id")
    if final.empty:
        raise Undecided(f"no run of {zeros} finished")
    hidden = final[final["layer"] < final["layer"].max()]
    still = bool((final["kernel_max_abs"] == 0).all() and (hidden["bias_max_abs"] == 0).all())
    scores = runs["test_accuracy"].to_numpy(dtype=float) * PERCENT
    largest = float(max(final["kernel_max_abs"].max(), hidden["bias_max_abs"].max()))
    return Finding(
        "supported" if still else "contradicted",
        *(float(scores.mean()), float(scores.min()), float(scores.max())),
        n=len(runs),
        note=(
            "largest kernel or hidden bias entry after training: ",
            Quantity(largest, "magnitude"),
        ),
    )


@claim(
    id="he-glorot-level",
    question="Q2d",
    kind="equivalence",
    statement="He and Glorot end level: their mean test accuracies differ by less than 0.15 "
    "percentage points.",
    method=f"paired TOST (two one-sided t tests at {AT_ALPHA}), {AT_EQUIVALENCE} interval of "
    "He − Glorot",
    unit="percentage points",
    margin=LEVEL_MARGIN,
)
def he_glorot_level(evidence: Evidence) -> Finding:
    """The paired difference in test accuracy lies within the margin (TOST)."""
    he, glorot = map(evidence.variant, PAIR)
    scores = evidence.scores([he, glorot])
    outcome = comparisons.tost(scores, "value", he, glorot, evidence.margin)
    return Finding(
        within(outcome.low, outcome.high, evidence.margin, outcome.n),
        *(outcome.mean, outcome.low, outcome.high),
        n=outcome.n,
        note=("p = ", Quantity(outcome.p, "p")) if math.isfinite(outcome.p) else (),
    )


@claim(
    id="no-winner",
    question="Q3a",
    kind="equivalence",
    statement="None of the variants that learn wins on the test set: none is better than all "
    "the others, and the lead of the best mean over the second stays under 0.15 percentage "
    "points.",
    method=f"Friedman, then Wilcoxon with Holm over all pairs; {AT_EQUIVALENCE} interval of the "
    "lead of the best mean over the second, which must stay under the margin",
    unit="percentage points",
    margin=LEVEL_MARGIN,
)
def no_winner(evidence: Evidence) -> Finding:
    """No variant beats all others, and the best mean's lead over the second is within the margin.

    A difference that is merely not significant supports nothing: the lead must be shown small.
    """
    learners = evidence.learners()
    scores = evidence.scores(learners)
    table = comparisons.paired(scores, "value", learners)
    if len(table) < MIN_SEEDS:
        return Finding("inconclusive", n=len(table))
    best, second = table.mean().sort_values(ascending=False, kind="stable").index[:2]
    lead = comparisons.tost(scores, "value", best, second, evidence.margin)
    pairs = comparisons.holm_pairs(scores, "value", learners)
    overall = comparisons.friedman(scores, "value", learners)
    # Friedman's test needs three variants; with two, the pair's own test decides.
    differs = overall.p < ALPHA if math.isfinite(overall.p) else True
    wins = differs and _beats_all(pairs, best)
    small: Verdict = "supported" if lead.high < evidence.margin else "inconclusive"
    return Finding(
        "contradicted" if wins else small,
        *(lead.mean, lead.low, lead.high),
        n=lead.n,
        note=(
            *(f"{best} leads {second}; Friedman p = ", Quantity(overall.p, "p")),
            *(", smallest Holm p = ", Quantity(float(pairs["p_holm"].min()), "p")),
        ),
    )


def _beats_all(pairs: pd.DataFrame, best: str) -> bool:
    """Whether `best` has a larger mean than each other variant, at ALPHA after Holm."""
    own = pairs[(pairs["a"] == best) | (pairs["b"] == best)]
    ahead = np.where(own["a"] == best, own["mean"], -own["mean"]) > 0
    return bool((ahead & (own["p_holm"] < ALPHA)).all())


@claim(
    id="single-seed-ranking",
    question="Q3a",
    kind="threshold",
    statement="The ranking that a single seed gives cannot be relied on: no variant wins in "
    "nine seeds of ten.",
    method=f"share of seeds that the most frequent winner wins, {AT_LEVEL} "
    "Clopper-Pearson interval",
    unit="% of seeds",
    margin=90.0,
)
def single_seed_ranking(evidence: Evidence) -> Finding:
    """The most frequent winner wins fewer than `margin` % of the seeds; a tie counts for each."""
    learners = evidence.learners()
    table = comparisons.paired(evidence.scores(learners), "value", learners)
    if table.empty:
        raise Undecided(NO_WHOLE_SEED)
    wins = table.eq(table.max(axis=1), axis=0).sum()
    top = share(int(wins.max()), len(table))
    tally = [(f"{name} ", Quantity(int(count), "count")) for name, count in wins.items()]
    tied = ("; a tie counts for each",) if wins.sum() > len(table) else ()
    return Finding(
        above(-top.high, -top.low, -evidence.margin / PERCENT, top.n),
        *(top.value * PERCENT, top.low * PERCENT, top.high * PERCENT),
        n=top.n,
        note=("seeds won: ", *joined(", ", tally), *tied),
    )


@claim(
    id="early-speed",
    question="Q1b",
    kind="ordering",
    statement="Initialization changes the speed of the start: in the first epoch HeNormal has"
    " the lowest mean training loss, then GlorotNormal, then RandomNormal.",
    method=f"paired differences by seed, {AT_LEVEL} BCa bootstrap interval (Student's t below ten "
    "seeds); every gap must exclude zero; value: the smaller gap",
    unit="nats",
    margin=0.0,
)
def early_speed(evidence: Evidence) -> Finding:
    """After epoch 1 training loss is ordered He < Glorot < RandomNormal; value: the smaller gap."""
    order = [evidence.variant(name) for name in ("HeNormal", "GlorotNormal", "RandomNormal")]
    first = evidence.epochs(order).query("epoch == 1")
    gaps = [comparisons.paired_difference(first, "loss", b, a) for a, b in pairwise(order)]
    needs_pairs(*gaps)
    verdict, least = least_gap(gaps, evidence.margin)
    told: list[Note] = [
        (f"{b} − {a} ", *_with_interval(gap))
        for (a, b), gap in zip(pairwise(order), gaps, strict=True)
    ]
    return Finding(
        verdict,
        *(least.mean, least.low, least.high),
        n=least.n,
        note=joined(", ", told),
    )


def _with_interval(gap: Difference) -> Note:
    """A difference of losses, with its interval where there is one."""
    mean, low, high = (Quantity(each, "loss") for each in (gap.mean, gap.low, gap.high))
    return (mean, " [", low, ", ", high, "]") if math.isfinite(gap.low) else (mean,)


@claim(
    id="pairing-matters-early",
    question="Q3a",
    kind="threshold",
    statement="In the first epoch pairing matters: over the seeds, the training losses of "
    "HeNormal and GlorotNormal have a correlation above one half.",
    method=f"Pearson correlation over seeds, {AT_LEVEL} interval by Fisher's z",
    unit="",
    margin=0.5,
)
def pairing_matters_early(evidence: Evidence) -> Finding:
    """He's and Glorot's training losses of epoch 1 correlate over seeds, above the margin."""
    he, glorot = map(evidence.variant, PAIR)
    first = _first_losses(evidence)
    table = comparisons.paired(first, "value", [he, glorot])
    outcome = correlation(table[he], table[glorot])
    if not math.isfinite(outcome.value):
        return Finding("inconclusive", n=outcome.n)
    ratio = Quantity(comparisons.pairing_gain(first, "value", he, glorot), "factor")
    return Finding(
        above(outcome.low, outcome.high, evidence.margin, outcome.n),
        *(outcome.value, outcome.low, outcome.high),
        n=outcome.n,
        note=("paired interval ", ratio, " times as wide as the unpaired"),
    )


@claim(
    id="pairing-fades",
    question="Q3a",
    kind="difference",
    statement="At the end pairing helps less: over the seeds, the test accuracies of HeNormal"
    " and GlorotNormal are less correlated than their first losses.",
    method=f"correlation of first losses minus correlation of final test accuracies, {AT_LEVEL} "
    "percentile bootstrap interval over seeds",
    unit="",
    margin=0.0,
)
def pairing_fades(evidence: Evidence) -> Finding:
    """The same correlation less that of final test accuracies; value: how much it drops."""
    he, glorot = map(evidence.variant, PAIR)
    first, last = _first_losses(evidence), evidence.scores([he, glorot])
    both = [comparisons.paired(frame, "value", [he, glorot]) for frame in (first, last)]
    seeds = both[0].index.intersection(both[1].index)
    early, late = (
        (table.loc[seeds, he].to_numpy(), table.loc[seeds, glorot].to_numpy()) for table in both
    )
    drop = correlation_drop(early, late)
    ratio = Quantity(comparisons.pairing_gain(last, "value", he, glorot), "factor")
    end = Quantity(correlation(*late).value, "correlation")
    note = ("at the end r = ", end, ", paired interval ", ratio, " times as wide as unpaired")
    return Finding(
        above(drop.low, drop.high, evidence.margin, drop.n),
        *(drop.value, drop.low, drop.high),
        n=drop.n,
        note=note if math.isfinite(drop.value) else (),
    )


def _first_losses(evidence: Evidence) -> pd.DataFrame:
    """He's and Glorot's first epochs, with `value`: their training loss."""
    first = evidence.epochs(map(evidence.variant, PAIR)).query("epoch == 1")
    return first.assign(value=first["loss"])
