"""Claims on the first epoch: the order in which the initializers bring the loss down."""

from itertools import pairwise

from analysis.claims.claim import Note, joined
from analysis.claims.comparing import STUDENT, needs_pairs, with_interval
from analysis.claims.deciding import Finding, above, decided
from analysis.claims.declaring import claim, of_any_network
from analysis.claims.evidence import Evidence
from analysis.statistics import comparisons

ORDER = ("HeNormal", "GlorotNormal", "RandomNormal")
METHOD = (
    "paired differences by seed of the mean training loss of the first epoch: "
    f"{STUDENT}; each must exceed zero"
)


@claim(
    id="early-speed",
    question="Q1b",
    family="finding",
    kind="ordering",
    statement="Initialization changes the speed of the start: in the first epoch HeNormal has"
    " the lowest mean training loss, then GlorotNormal, then RandomNormal.",
    method=f"{METHOD}; value: the weaker",
    unit="nats",
    margin=0.0,
    experiment="many",
)
def early_speed(evidence: Evidence) -> Finding:
    """In epoch 1 training loss is ordered He < Glorot < RandomNormal; value: the weaker gap."""
    return _ordered(evidence, ORDER)


@claim(
    id="fashion-early-speed",
    question="Q1b",
    family="finding",
    kind="ordering",
    statement="On Fashion-MNIST the start has the same order: in the first epoch HeNormal has the "
    "lowest mean training loss, then GlorotNormal, then RandomNormal.",
    method=f"{METHOD}; value: the weaker",
    unit="nats",
    margin=0.0,
    experiment="fashion",
)
def fashion_early_speed(evidence: Evidence) -> Finding:
    """The same on other images."""
    return _ordered(evidence, ORDER)


@of_any_network
@claim(
    id="convolution-early-speed",
    question="Q1b",
    family="finding",
    kind="difference",
    statement="In a small convolutional network, too, HeNormal starts faster: its mean training "
    "loss of the first epoch is below that of GlorotNormal.",
    method=METHOD,
    unit="nats",
    margin=0.0,
    experiment="convolution",
)
def convolution_early_speed(evidence: Evidence) -> Finding:
    """The same of He and Glorot where images go through convolutions first."""
    return _ordered(evidence, ORDER[:2])


def _ordered(evidence: Evidence, initializers: tuple[str, ...]) -> Finding:
    """Whether the training loss of epoch 1 rises from each initializer to the next."""
    order = [evidence.variant(name) for name in initializers]
    first = evidence.epochs(order).query("epoch == 1")
    gaps = [comparisons.paired_mean(first, "loss", b, a) for a, b in pairwise(order)]
    needs_pairs(*gaps)
    told: list[Note] = [
        (f"{b} − {a} ", *with_interval(gap))
        for (a, b), gap in zip(pairwise(order), gaps, strict=True)
    ]
    return decided([above(gap, evidence.margin) for gap in gaps], note=joined(", ", told))
