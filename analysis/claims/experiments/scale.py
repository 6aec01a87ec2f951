"""Claims on the scale of the weights: what too large and too small cost, and who hides it."""

import pandas as pd

from analysis.claims.claim import Finding, Note, Quantity
from analysis.claims.deciding import above, joint
from analysis.claims.declaring import claim
from analysis.claims.evidence import Evidence, Undecided
from analysis.statistics import comparisons, summaries
from analysis.statistics.estimates import Difference, difference_of
from analysis.statistics.level import AT_LEVEL

GOOD, LARGE, SMALL = 0.05, 1.0, 0.01
"""Standard deviations compared: the notebook's, twenty times it, and a fifth of it."""
SEEDS = 3


@claim(
    id="too-large-hurts-too-small-slows",
    question="Q2b",
    kind="difference",
    statement="Under Adam, too large hurts and too small mostly slows: against a standard "
    "deviation of 0.05, one of 1 ends more than three percentage points of test accuracy "
    "lower, while one of 0.01 ends less than three lower but has the higher training loss in "
    "the first epoch.",
    method=f"paired differences by seed to stddev 0.05 at 1 and at 0.01, {AT_LEVEL} Student "
    "intervals: above the margin for the large, below it for the small, whose loss after one "
    "epoch must be higher; value: what the large loses",
    unit="percentage points",
    margin=3.0,
    experiment="scale",
    seeds=SEEDS,
)
def too_large_hurts_too_small_slows(evidence: Evidence) -> Finding:
    """Under Adam, too large loses more than the margin; too small loses less, but starts slower.

    Value: the loss of too large, in percentage points.
    """
    name = evidence.variant("RandomNormal")
    where: dict[str, object] = {"optimizer": "Adam", "stddev": (GOOD, LARGE, SMALL)}
    runs = _near(evidence.scores([name], ["stddev"], **where))
    first = _near(evidence.epochs([name], ["stddev"], **where)).query("epoch == 1")
    large = comparisons.paired_difference(runs, "value", GOOD, LARGE, "stddev")
    small = comparisons.paired_difference(runs, "value", GOOD, SMALL, "stddev")
    slower = comparisons.paired_difference(first, "loss", SMALL, GOOD, "stddev")
    if not min(large.n, small.n, slower.n):
        raise Undecided(f"no seed has results at stddev {SMALL:g}, {GOOD:g} and {LARGE:g}")
    parts = [
        above(large.low, large.high, evidence.margin, large.n, SEEDS),
        above(-small.high, -small.low, -evidence.margin, small.n, SEEDS),
        above(slower.low, slower.high, 0.0, slower.n, SEEDS),
    ]
    note = _told(large, small, slower)
    return Finding(joint(parts), large.mean, large.low, large.high, n=large.n, note=note)


def _told(large: Difference, small: Difference, slower: Difference) -> Note:
    """What too large and too small lose at the end, and how much slower too small starts."""
    tiny, good, huge = (Quantity(each, "setting") for each in (SMALL, GOOD, LARGE))
    less = [Quantity(each, "points") for each in (small.mean, small.low, small.high)]
    late = [Quantity(each, "loss") for each in (slower.mean, slower.low, slower.high)]
    return (
        *("stddev ", huge, " ends ", Quantity(large.mean, "points"), " points below ", good, ", "),
        *(tiny, " ends ", less[0], " [", less[1], ", ", less[2], "] below; after one epoch "),
        *("its training loss is ", late[0], " [", late[1], ", ", late[2], "] nats higher"),
    )


@claim(
    id="sgd-exposes-what-adam-hides",
    question="Q3b",
    kind="difference",
    statement="Plain SGD exposes what Adam hides: over the standard deviations of the "
    "weights, from far too small to far too large, its test accuracies span a range wider "
    "than Adam's by more than ten percentage points.",
    method=f"range of test accuracy over all stddev, SGD's minus Adam's by seed, {AT_LEVEL} "
    "Student interval",
    unit="percentage points",
    margin=10.0,
    experiment="scale",
    seeds=SEEDS,
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
    found = difference_of(table["SGD"] - table["Adam"])
    sgd, adam = (Quantity(float(table[each].mean()), "points") for each in ("SGD", "Adam"))
    return Finding(
        above(found.low, found.high, evidence.margin, found.n, SEEDS),
        *(found.mean, found.low, found.high),
        n=found.n,
        note=("mean range over stddev: SGD ", sgd, ", Adam ", adam, " points"),
    )


def _near(frame: pd.DataFrame) -> pd.DataFrame:
    """The frame with its stddev rounded, so that 0.05 is found however it was written."""
    return frame.assign(stddev=frame["stddev"].astype(float).round(9))
