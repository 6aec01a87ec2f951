"""How well a run that was trained anew agrees with what is known of it: the best tier of all."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from analysis.claims.deciding import STALLED
from analysis.results.ledger.verification import Tier
from analysis.statistics import estimates
from stages.anew import bounds
from stages.anew.likeness import Column, Likeness

LOSSES = ("loss", "val_loss", "test_loss")
METRICS = (*LOSSES, "accuracy", "val_accuracy", "test_accuracy")
BEYOND = "its beginning differs by more than rounding does"
UNMATCHED = "where losses are equal in all digits, another number of the same network is not"
OUTSIDE = "it ends outside of what other seeds of its setting make likely"
SAME = (
    "on the same machine with the same packages: code between them has changed its numbers without "
    "raising ENGINE_VERSION in analysis/plan/run.py, or what is known of it has been altered"
)


@dataclass(frozen=True)
class Peers:
    """How the published runs of one setting ended: the run itself, and its other seeds.

    Test accuracies in percent, as is `chance`, that of guessing; `row` is what one row is worth.
    """

    itself: float
    others: Sequence[float]
    chance: float
    row: float

    def trains(self, accuracy: float) -> bool:
        """Tell whether a network has learned anything that ends so."""
        return accuracy >= STALLED.of(self.chance / 100)

    @property
    def mixed(self) -> bool:
        """Tell whether some of the setting's networks train and some do not."""
        return len({self.trains(each) for each in (self.itself, *self.others)}) > 1


@dataclass(frozen=True)
class Judged:
    """The tier of a run, how near its beginning comes to the bound (1), its end, and what is wrong.

    `end` is how many percentage points the test accuracies lie apart; NaN where nothing is trained.
    `why` is empty where nothing is wrong.
    """

    tier: Tier
    start: float
    end: float
    why: str = ""


def judge(likeness: Likeness, peers: Peers | None, level: float, *, same: bool = False) -> Judged:
    """Return the best tier that a run reaches.

    `peers` are None for a run that is not trained; `level` is that of the interval that its end
    must lie in. Where the `same` machine with the same packages has trained it, every bit counts.
    """
    start, end = _start(likeness), _end(likeness)
    if likeness.equal:
        return Judged("bits", start, end)
    if same:
        return Judged("inconsistent", start, end, SAME)
    if _unmatched(likeness):
        return Judged("inconsistent", start, end, UNMATCHED)
    if start > 1:
        return Judged("inconsistent", start, end, BEYOND)
    if peers is None or _close(likeness):
        return Judged("tolerance", start, end)
    tier = _spread(_accuracy(likeness), peers, level)
    return Judged(tier, start, end, OUTSIDE if tier == "inconsistent" else "")


def _start(likeness: Likeness) -> float:
    """How far apart the beginnings are, as a share of the bound."""
    found = [0.0]
    for column in likeness.columns:
        if column.table in ("layers", "histograms"):
            found.append(bounds.of_untrained(column.at(column.places == 0)))
        elif column.table == "first_steps":
            found.append(bounds.of_first_steps(column))
    return max(found)


def _ends(likeness: Likeness) -> Mapping[str, Column]:
    """How both ended, by metric."""
    return {each.name: each for each in likeness.columns if each.table == "runs"}


def _end(likeness: Likeness) -> float:
    column = _ends(likeness).get("test_accuracy")
    if column is None or not column.own.size or np.isnan(column.own).all():
        return math.nan
    return 100 * float(np.max(column.gaps))


def _accuracy(likeness: Likeness) -> float:
    """The test accuracy at the end of the run here, in percent; that of none is NaN."""
    column = _ends(likeness).get("test_accuracy")
    return 100 * float(column.own[-1]) if column is not None and column.own.size else math.nan


def _unmatched(likeness: Likeness) -> bool:
    """Tell whether numbers of one moment contradict each other.

    Two networks whose losses agree in all digits, on two of three sets of rows at the least, are
    the same network but for rounding, and nothing else of them can differ by more.
    """
    by = {(each.table, each.name): each for each in likeness.columns}
    for table, names in (
        ("epochs", METRICS),
        ("runs", ("train_loss", *LOSSES[1:], "train_accuracy", *METRICS[4:])),
    ):
        columns = [by[table, name] for name in names if (table, name) in by]
        if len(columns) < len(names):
            continue
        finite = np.all([np.isfinite(each.own) for each in columns[:3]], axis=0)
        equal = np.sum([each.gaps == 0 for each in columns[:3]], axis=0) >= 2
        losses = [bounds.relative(each) > bounds.END_LOSS for each in columns[:3]]
        shares = [each.gaps > bounds.END_ACCURACY for each in columns[3:]]
        other = np.any([*losses, *shares], axis=0)
        if np.any(finite & equal & other):
            return True
    return False


def _close(likeness: Likeness) -> bool:
    """Tell whether both end alike, but for rounding."""
    ends = _ends(likeness).items()
    return likeness.divergence is None and all(
        np.all(bounds.relative(each) <= bounds.END_LOSS)
        if name.endswith("loss")
        else np.all(each.gaps <= bounds.END_ACCURACY)
        for name, each in ends
    )


def _spread(accuracy: float, peers: Peers, level: float) -> Tier:
    """The tier of a run by its end alone, which lies farther from the known one.

    Networks that do not train end anywhere near guessing, and those of a setting of which some
    train may do either: how many do is tested over the experiment.
    """
    trained = [each for each in peers.others if math.isfinite(each)]
    if math.isnan(accuracy) or math.isnan(peers.itself) or peers.mixed:
        return "spread" if peers.others else "start"
    if not peers.trains(accuracy) and not peers.trains(peers.itself):
        return "spread"
    if len(trained) < 2:
        return "start"
    found = estimates.prediction_interval(trained, level, least=peers.row)
    return "spread" if found.low <= accuracy <= found.high else "inconsistent"
