"""Claims on equal weights: what training cannot do with them, and what breaks their symmetry."""

import numpy as np
import pandas as pd

from analysis.claims.claim import Note, Quantity, Verdict, joined
from analysis.claims.deciding import Finding
from analysis.claims.declaring import claim, of_any_network
from analysis.claims.evidence import Evidence, Undecided

RANK = (
    "the rank counts singular values above the largest times the longer side of the kernel times "
    "the spacing of float32, 1.2e-7"
)
"""What is one up to rounding; NumPy's matrix_rank."""


@claim(
    id="zeros-never-learns",
    question="Q2a",
    family="verification",
    kind="exact",
    statement="Started at zero, the network never learns: after training, every kernel and "
    "every hidden bias is still exactly zero.",
    method="every entry compared with zero; value: test accuracy, lowest and highest seed",
    unit="%",
)
def zeros_never_learns(evidence: Evidence) -> Finding:
    """Every kernel and every hidden bias is bitwise zero after training; value: test accuracy."""
    zeros = evidence.variant("Zeros")
    runs = _finished(evidence, zeros)
    final = _of(runs, evidence.layers("final", "kernel_max_abs", [zeros]))
    hidden = final[final["layer"] < final["layer"].max()]
    still = bool((final["kernel_max_abs"] == 0).all() and (hidden["bias_max_abs"] == 0).all())
    largest = float(max(final["kernel_max_abs"].max(), hidden["bias_max_abs"].max()))
    told = ("largest kernel or hidden bias entry after training: ", Quantity(largest, "magnitude"))
    return _exact(still, runs, told)


@claim(
    id="zeros-stuck-in-tanh-not-in-sigmoid",
    question="Q2a",
    family="verification",
    kind="exact",
    statement="What zeros do depends on the activation at zero: with tanh, which is zero there, "
    "every kernel stays exactly zero; with the sigmoid, which is one half, every kernel moves, and "
    "every hidden one keeps rank one.",
    method=f"after training, every entry compared with zero, and ranks with one, in every run; "
    f"{RANK}; value: test accuracy of the sigmoid networks, lowest and highest seed",
    unit="%",
    experiment="stuck",
)
def zeros_stuck_in_tanh_not_in_sigmoid(evidence: Evidence) -> Finding:
    """From zeros tanh kernels are zero after training, sigmoid ones are not and have rank one."""
    zeros = evidence.variant("Zeros")
    tanh, sigmoid = (_finished(evidence, zeros, activation=name) for name in ("tanh", "sigmoid"))
    final = evidence.layers("final", "kernel_rank", [zeros], ["activation"])
    still, moved = _of(tanh, final), _of(sigmoid, final)
    ranks = moved.loc[moved["layer"] < moved["layer"].max(), "kernel_rank"]
    largest, least = still["kernel_max_abs"].max(), moved["kernel_max_abs"].min()
    holds = bool(largest == 0 and least > 0 and (ranks == 1).all())
    told: Note = (
        *("largest entry of a tanh kernel ", Quantity(float(largest), "magnitude")),
        *(", least of the largest entries of a sigmoid kernel ",),
        *(Quantity(float(least), "magnitude"), ", ranks of hidden ones ", *_range(ranks)),
    )
    return _exact(holds, sigmoid, told)


@claim(
    id="constant-is-a-symmetry",
    question="Q2a",
    family="verification",
    kind="exact",
    statement="A constant is a symmetry that training does not break: at every moment that "
    "was measured, every hidden kernel has rank one, up to rounding.",
    method=f"ranks compared with one, in every run at every measured moment; {RANK}; value: test "
    "accuracy, lowest and highest seed",
    unit="%",
    experiment="symmetry",
)
def constant_is_a_symmetry(evidence: Evidence) -> Finding:
    """At every moment each hidden kernel has rank one; value: test accuracy.

    Bits decide nothing: the sums over equal units may be rounded in several ways.
    """
    name = evidence.variant("Constant")
    runs = _finished(evidence, name)
    layers = _of(runs, evidence.layers(None, "kernel_rank", [name]))
    hidden = layers[layers["layer"] < layers["layer"].max()]
    if hidden.empty or not (layers["progress"] > 0).any():
        raise Undecided(f"no run of {name} was measured in two layers and after training")
    moments = Quantity(layers["progress"].nunique(), "count")
    most = Quantity(int(hidden["distinct_units"].max()), "count")
    told: Note = (
        *("at ", moments, " moments: hidden kernels of rank ", *_range(hidden["kernel_rank"])),
        *("; bit for bit at most ", most, " distinct units in a layer"),
    )
    return _exact(bool((hidden["kernel_rank"] == 1).all()), runs, told)


@of_any_network
@claim(
    id="dropout-breaks-symmetry",
    question="Q2a",
    family="verification",
    kind="exact",
    statement="Dropout breaks the symmetry of a constant: after training, the second kernel has "
    "a rank above one.",
    method=f"rank compared with one, in every run after training; {RANK}; value: test accuracy, "
    "lowest and highest seed",
    unit="%",
    experiment="dropout",
)
def dropout_breaks_symmetry(evidence: Evidence) -> Finding:
    """With dropout the second kernel of a constant network has a rank above one after training."""
    if not all(point.settings.network.dropout for point in evidence.settings.points):
        raise Undecided("the networks have no dropout")
    name = evidence.variant("Constant")
    runs = _finished(evidence, name)
    final = _of(runs, evidence.layers("final", "kernel_rank", [name]))
    ranks = final.loc[final["layer"] == 2, "kernel_rank"]
    if ranks.empty:
        raise Undecided("the network has one layer only")
    return _exact(bool((ranks > 1).all()), runs, ("ranks ", *_range(ranks)))


def _finished(evidence: Evidence, variant: str, **where: object) -> pd.DataFrame:
    """The runs of a variant that finished after training; Undecided where there are none."""
    by = ["activation"] if where else []
    runs = evidence.scores([variant], by, **where)
    runs = runs[(runs["status"] == "finished") & runs["value"].notna()]
    if runs.empty:
        raise Undecided(f"no run of {variant} was trained and finished")
    return runs


def _of(runs: pd.DataFrame, layers: pd.DataFrame) -> pd.DataFrame:
    """The layers of these runs; Undecided where there are none."""
    own = layers[layers["run_id"].isin(runs["run_id"])]
    if own.empty:
        raise Undecided("the runs that finished were not measured")
    return own


def _range(values: pd.Series) -> Note:
    """The lowest and the highest of some counts, or the one that all are."""
    ends = sorted({int(np.min(values)), int(np.max(values))})
    return joined(" to ", [(Quantity(each, "count"),) for each in ends])


def _exact(holds: bool, runs: pd.DataFrame, told: Note) -> Finding:
    """Return the finding on what every run has or has not; value: their test accuracy."""
    verdict: Verdict = "supported" if holds else "contradicted"
    scores = runs["value"].to_numpy(dtype=float)
    ends = float(scores.mean()), float(scores.min()), float(scores.max())
    return Finding(verdict, *ends, n=len(runs), note=told)
