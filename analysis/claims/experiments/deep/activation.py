"""Claims on activations: which initializer each needs, and where none of them matters or helps."""

from dataclasses import replace

from analysis.claims.claim import Note, Quantity, joined
from analysis.claims.comparing import (
    GUESSED,
    MEDIAN,
    NO_WHOLE_SEED,
    STUDENT,
    accuracies,
    ahead,
)
from analysis.claims.deciding import NEARLY_ALL, STALLED, Finding, below, decided
from analysis.claims.declaring import claim
from analysis.claims.evidence import Evidence, Undecided
from analysis.statistics import comparisons
from analysis.statistics.estimates import Mean, mean_interval, median_interval

SHALLOW, DEEP = 2, 20
GENTLE = {"relu": "ReLU", "tanh": "tanh", "selu": "SELU"}
"""Activations with a slope near one at zero; a sigmoid's is a quarter."""
GAP = f"in test accuracy at {DEEP} layers: {MEDIAN}; a diverged run counts as guessing"


@claim(
    id="glorot-for-tanh-is-not-about-accuracy",
    question="Q3b",
    family="finding",
    kind="threshold",
    statement="That tanh wants Glorot is not about accuracy: in a tanh network of twenty "
    "layers, HeNormal ends less than one percentage point behind GlorotNormal, level with it,"
    " or ahead, in the median seed.",
    method=f"paired difference He − Glorot {GAP}; must lie above minus the margin",
    unit="percentage points",
    margin=1.0,
    experiment="activation",
)
def glorot_for_tanh(evidence: Evidence) -> Finding:
    """He less Glorot in a deep tanh network is above minus the margin: He is not worse."""
    return _ahead(evidence, "HeNormal", "GlorotNormal", "tanh", -evidence.margin)


@claim(
    id="orthogonal-tanh",
    question="Q3b",
    family="finding",
    kind="difference",
    statement="At one variance the spread of singular values counts: in a tanh network of twenty "
    "layers, Orthogonal, which has none, ends ahead of LecunNormal in the median seed.",
    method=f"paired difference Orthogonal − LeCun {GAP}; must exceed zero",
    unit="percentage points",
    margin=0.0,
    experiment="activation",
    expects=NEARLY_ALL,
)
def orthogonal_tanh(evidence: Evidence) -> Finding:
    """Orthogonal less LeCun, of the same variance, in a deep tanh network is above zero."""
    return _ahead(evidence, "Orthogonal", "LecunNormal", "tanh", evidence.margin)


@claim(
    id="deep-selu-needs-lecun",
    question="Q3b",
    family="finding",
    kind="difference",
    statement="Twenty layers of SELU under SGD do better from LeCun's variance than from "
    "twice as much: LecunNormal ends more than ten percentage points of test accuracy ahead "
    "of HeNormal in the median seed, where a run that diverged counts as one that guesses.",
    method=f"paired difference LeCun − He {GAP}; must exceed the margin",
    unit="percentage points",
    margin=10.0,
    experiment="activation",
    expects=NEARLY_ALL,
)
def deep_selu_needs_lecun(evidence: Evidence) -> Finding:
    """In a deep SELU network LeCun leads He by more than the margin; a diverged run guesses."""
    found = _ahead(evidence, "LecunNormal", "HeNormal", "selu", evidence.margin)
    return replace(found, note=_all_deep_selu(evidence.beside))


def _all_deep_selu(beside: Evidence) -> Note:
    """Median test accuracy of every variant, and how many runs of which diverged."""
    guesses = beside.scores_or_guesses(activation="selu", depth=DEEP)
    runs = beside.runs(activation="selu", depth=DEEP)
    lost = runs[runs["status"] == "diverged"]["variant"].value_counts(sort=False)
    told = [(f"{name} ", Quantity(int(count), "count")) for name, count in lost.items() if count]
    diverged: Note = ("diverged: ", *joined(", ", told)) if told else ()
    return joined("; ", [accuracies(guesses, median=True), diverged])


@claim(
    id="deep-sigmoid-slow",
    question="Q3b",
    family="finding",
    kind="threshold",
    statement="A sigmoid network of twenty layers is slow from every start: after the 360 steps of "
    "SGD of the experiment, the best of its initializers has a test accuracy below "
    "{stalled in words} percent in the median seed.",
    method=f"test accuracy of the best variant of each seed at {DEEP} layers: {MEDIAN}; must lie "
    "below the margin; a diverged run counts as guessing",
    unit="%",
    margin=STALLED,
    experiment="activation",
    expects=NEARLY_ALL,
)
def deep_sigmoid_slow(evidence: Evidence) -> Finding:
    """In a deep sigmoid network the best variant of the median seed is stalled."""
    runs = evidence.scores_or_guesses(activation="sigmoid", depth=DEEP).dropna(subset="value")
    best = median_interval(runs.groupby("seed")["value"].max())
    note = accuracies(runs, median=True)
    return decided([below(best, evidence.margin)], note=note, diverged=GUESSED)


@claim(
    id="shallow-choice-is-small",
    question="Q3b",
    family="finding",
    kind="threshold",
    statement="With two hidden layers of ReLU, tanh or SELU (the sigmoid is left out, as its slope "
    "at zero is a quarter) the choice matters little: within each of these, the best and the worst "
    "of the scaled initializers end less than three percentage points of test accuracy apart.",
    method=f"range of test accuracy over variants by seed, for each activation: {STUDENT}; all "
    "must stay below the margin; value: the weakest",
    unit="percentage points",
    margin=3.0,
    experiment="activation",
)
def shallow_choice_is_small(evidence: Evidence) -> Finding:
    """With two layers the range over variants, by seed, is below the margin for each activation."""
    ranges: dict[str, Mean] = {}
    runs = evidence.scores(by=["activation"], depth=SHALLOW, activation=tuple(GENTLE))
    for name in GENTLE:
        own = runs[runs["activation"] == name]
        table = comparisons.paired(own, "value", list(own["variant"].unique()))
        if not table.empty and table.shape[1] > 1:
            ranges[name] = mean_interval(table.max(axis=1) - table.min(axis=1))
    if not ranges:
        raise Undecided(NO_WHOLE_SEED)
    told = [(f"{GENTLE[name]} ", Quantity(each.value, "points")) for name, each in ranges.items()]
    parts = [below(each, evidence.margin) for each in ranges.values()]
    return decided(parts, note=("mean range in points: ", *joined(", ", told)))


def _ahead(evidence: Evidence, a: str, b: str, activation: str, margin: float) -> Finding:
    """Whether one initializer leads another by more than a margin in a deep network."""
    one, other = evidence.variant(a), evidence.variant(b)
    runs = evidence.scores_or_guesses([one, other], activation=activation, depth=DEEP)
    part = ahead(runs, one, other, margin)
    return decided([part], note=accuracies(runs, median=True), diverged=GUESSED)
