"""Claims on the scale of the weights: what too large and too small cost, and who hides it."""

import pandas as pd

from analysis.claims.claim import Note, Quantity
from analysis.claims.comparing import STUDENT, with_interval
from analysis.claims.deciding import Finding, above, below, decided
from analysis.claims.declaring import claim
from analysis.claims.evidence import Evidence, Undecided
from analysis.statistics import comparisons, summaries
from analysis.statistics.estimates import Mean, mean_interval

GOOD, LARGE, SMALL = 0.05, 1.0, 0.01
"""Standard deviations compared: the notebook's, twenty times it, and a fifth of it."""


@claim(
    id="too-large-hurts-too-small-slows",
    question="Q2b",
    family="finding",
    kind="difference",
    statement="Under Adam, too large hurts and too small mostly slows: against a standard "
    "deviation of 0.05, one of 1 ends more than three percentage points of test accuracy "
    "lower, while one of 0.01 ends less than three lower but has the higher training loss in "
    "the first epoch.",
    method=f"paired differences by seed to stddev 0.05 at 1 and at 0.01: {STUDENT}; above the "
    "margin for the large, below it for the small, whose training loss of the first epoch must be "
    "higher; value: what the large loses",
    unit="percentage points",
    margin=3.0,
    experiment="scale",
)
def too_large_hurts_too_small_slows(evidence: Evidence) -> Finding:
    """Under Adam, too large loses more than the margin; too small loses less, but starts slower.

    Value: the loss of too large, in percentage points.
    """
    name = evidence.variant("RandomNormal")
    where: dict[str, object] = {"optimizer": "Adam", "stddev": (GOOD, LARGE, SMALL)}
    runs = _near(evidence.scores([name], ["stddev"], **where))
    first = _near(evidence.epochs([name], ["stddev"], **where)).query("epoch == 1")
    large = comparisons.paired_mean(runs, "value", GOOD, LARGE, "stddev")
    small = comparisons.paired_mean(runs, "value", GOOD, SMALL, "stddev")
    slower = comparisons.paired_mean(first, "loss", SMALL, GOOD, "stddev")
    if not min(large.n, small.n, slower.n):
        raise Undecided(f"no seed has results at stddev {SMALL:g}, {GOOD:g} and {LARGE:g}")
    costs = above(large, evidence.margin)
    parts = [costs, below(small, evidence.margin), above(slower, 0.0)]
    return decided(parts, told=costs, note=_told(large, small, slower))


def _told(large: Mean, small: Mean, slower: Mean) -> Note:
    """What too large and too small lose at the end, and how much slower too small starts."""
    tiny, good, huge = (Quantity(each, "setting") for each in (SMALL, GOOD, LARGE))
    return (
        *("stddev ", huge, " ends ", Quantity(large.value, "points"), " points below ", good),
        *(", ", tiny, " ends ", *with_interval(small, "points"), " below; in the first epoch "),
        *("its training loss is ", *with_interval(slower), " nats higher"),
    )


@claim(
    id="sgd-exposes-what-adam-hides",
    question="Q3b",
    family="finding",
    kind="difference",
    statement="Plain SGD exposes what Adam hides: over the standard deviations of the "
    "weights, from far too small to far too large, its test accuracies span a range wider "
    "than Adam's by more than ten percentage points.",
    method=f"range of test accuracy over all stddev, SGD's minus Adam's by seed: {STUDENT}",
    unit="percentage points",
    margin=10.0,
    experiment="scale",
)
def sgd_exposes_what_adam_hides(evidence: Evidence) -> Finding:
    """Accuracy's range over all stddev, by seed: SGD's less Adam's is above the margin."""
    name = evidence.variant("RandomNormal")
    runs = evidence.scores([name], ["stddev", "optimizer"], optimizer=("SGD", "Adam"))
    known = summaries.measured(runs, "value").dropna(subset="value")
    spread = known.groupby(["optimizer", "seed"])["value"].agg(lambda own: own.max() - own.min())
    table = spread.unstack("optimizer")
    if not {"Adam", "SGD"} <= set(table.columns):
        raise Undecided("the experiment has no runs under both SGD and Adam")
    found = mean_interval(table["SGD"] - table["Adam"])
    sgd, adam = (Quantity(float(table[each].mean()), "points") for each in ("SGD", "Adam"))
    told = ("mean range over stddev: SGD ", sgd, ", Adam ", adam, " points")
    return decided([above(found, evidence.margin)], note=told)


def _near(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with its stddev rounded, so that 0.05 is found however it was written."""
    return frame.assign(stddev=frame["stddev"].astype(float).round(9))
