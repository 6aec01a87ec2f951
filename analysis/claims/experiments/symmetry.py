"""Claims on symmetry: what equal weights do, and that a zero kernel at the end is no harm."""

from analysis.claims.claim import Finding, Note, Quantity, Verdict, joined
from analysis.claims.comparing import mean_accuracies
from analysis.claims.deciding import within
from analysis.claims.declaring import claim
from analysis.claims.evidence import Evidence, Undecided
from analysis.statistics import comparisons
from analysis.statistics.level import AT_ALPHA, AT_EQUIVALENCE


@claim(
    id="constant-is-a-symmetry",
    question="Q2a",
    kind="exact",
    statement="A constant is a symmetry that training does not break: at every moment that "
    "was measured, all units of each hidden layer are equal bit for bit, and the second "
    "kernel has rank one.",
    method="columns compared bit for bit and rank, in every run at every measured moment; "
    "value: test accuracy, lowest and highest seed",
    unit="%",
    experiment="symmetry",
)
def constant_is_a_symmetry(evidence: Evidence) -> Finding:
    """At every moment each hidden kernel has one distinct column, and the second kernel rank 1.

    Value: test accuracy, with lowest and highest seed.
    """
    name = evidence.variant("Constant")
    runs = evidence.scores([name]).query("status == 'finished'")
    layers = evidence.layers(None, "distinct_units", [name])
    layers = layers[layers["run_id"].isin(runs["run_id"])]
    hidden = layers[layers["layer"] < layers["layer"].max()]
    second = layers.loc[layers["layer"] == 2, "kernel_rank"]
    if hidden.empty or second.empty or not (layers["progress"] > 0).any():
        raise Undecided(f"no run of {name} was measured in two layers and after training")
    most = int(hidden["distinct_units"].max())
    whole: Verdict = "supported" if most == 1 and (second == 1).all() else "contradicted"
    moments = Quantity(layers["progress"].nunique(), "count")
    ranks: list[Note] = [
        (Quantity(int(rank), "count"),) for rank in sorted({second.min(), second.max()})
    ]
    return Finding(
        whole,
        *(float(runs["value"].mean()), float(runs["value"].min()), float(runs["value"].max())),
        n=len(runs),
        note=(
            *("at ", moments, " moments: at most ", Quantity(most, "count"), " distinct unit in a"),
            *(" hidden layer, second kernel of rank ", *joined(" to ", ranks)),
        ),
    )


@claim(
    id="zero-output-kernel-harmless",
    question="Q2a",
    kind="equivalence",
    statement="Zeros in the output kernel alone cost little: that network ends within one "
    "percentage point of test accuracy of the one whose kernels all come from HeNormal.",
    method=f"paired TOST (two one-sided t tests at {AT_ALPHA}), {AT_EQUIVALENCE} interval of the "
    "difference in test accuracy to HeNormal",
    unit="percentage points",
    margin=1.0,
    experiment="symmetry",
)
def zero_output_kernel_harmless(evidence: Evidence) -> Finding:
    """He with a zero output kernel ends within the margin of He (TOST)."""
    zero, he = evidence.variant("HeNormal", output="Zeros"), evidence.variant("HeNormal")
    runs = evidence.scores([zero, he])
    found = comparisons.tost(runs, "value", zero, he, evidence.margin)
    return Finding(
        within(found.low, found.high, evidence.margin, found.n),
        *(found.mean, found.low, found.high),
        n=found.n,
        note=mean_accuracies(runs),
    )
