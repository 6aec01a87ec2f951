"""What the evidence says for a choice, over all experiments."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, NamedTuple

import pandas as pd

from analysis.errors import ReportError
from analysis.results import select
from analysis.results.frames import Results
from report.tables.table import LEFT, Ranking, Table, Text, Verdict
from report.words.counts import counted
from report.words.numbers import PERCENT, PERCENT_DECIMALS
from report.words.settings import activation_name

if TYPE_CHECKING:
    from analysis.claims.claim import Claim


class Choice(NamedTuple):
    """A situation, the claim that speaks to it, and the experiment that measured both.

    `depth` is a number of hidden layers, or as near to it as the experiment has them.
    """

    activation: str
    depth: int
    optimizer: str
    claim: str
    experiment: str


CHOICES = (
    Choice("relu", 2, "Adam", "none-wins", "many"),
    Choice("relu", 2, "SGD", "shallow-choice-is-small", "activation"),
    Choice("relu", 20, "SGD", "same-variance-level", "fair"),
    Choice("relu", 20, "SGD", "smaller-variance-behind", "fair"),
    Choice("relu", 20, "SGD", "glorot-catches-up", "late"),
    Choice("relu", 30, "SGD", "glorot-is-later", "late"),
    Choice("relu", 30, "Adam", "optimizer-softens", "depth"),
    Choice("relu", 50, "SGD", "he-is-later-when-deeper", "late"),
    Choice("relu", 50, "Adam", "adam-is-not-enough", "depth"),
    Choice("tanh", 2, "SGD", "shallow-choice-is-small", "activation"),
    Choice("tanh", 20, "SGD", "glorot-for-tanh-is-not-about-accuracy", "activation"),
    Choice("tanh", 20, "SGD", "orthogonal-tanh", "activation"),
    Choice("selu", 2, "SGD", "shallow-choice-is-small", "activation"),
    Choice("selu", 20, "SGD", "deep-selu-needs-lecun", "activation"),
    Choice("sigmoid", 20, "SGD", "deep-sigmoid-slow", "activation"),
)
"""Shallow to deep, activation by activation."""


READS = {"choosing": tuple(dict.fromkeys(choice.experiment for choice in CHOICES))}
"""The experiments that each table shows."""


def choosing(results: Results, claims: "Mapping[str, Claim]") -> Table:
    """Return one row a situation: what was measured there, and the claim on it with its verdict.

    Situations that the study does not measure are left out; ReportError where it measures none.
    """
    found = {choice: _measured(results, choice) for choice in CHOICES}
    rows = [
        (
            Text(_situation(results, choice)),
            Text(claims[choice.claim].statement),
            Verdict(claims[choice.claim].verdict, choice.claim),
            ranking,
            Text(choice.claim),
        )
        for choice, ranking in found.items()
        if ranking.places
    ]
    if not rows:
        names = ", ".join(READS["choosing"])
        raise ReportError(f"there are no results of the experiments {names} to choose by")
    return Table(
        columns=(
            "Situation",
            "Claim",
            "Verdict",
            "Test accuracy, best first",
            "Id of the claim",
        ),
        rows=tuple(rows),
        align=(LEFT,) * 5,
        units=("", "", "", "%", ""),
        notes=("Medians over the seeds of each experiment; a run that diverged counts as one that "
               "guesses. A claim is tested as the table of claims says, not by this order.",),
    )  # fmt: skip


def _own(results: Results, choice: Choice) -> pd.DataFrame:
    """Runs of the experiment with the activation and optimizer of a situation."""
    runs = results.runs
    return runs[
        (runs["experiment"] == choice.experiment)
        & (runs["activation"] == choice.activation)
        & (runs["optimizer"] == choice.optimizer)
    ]


def _situation(results: Results, choice: Choice) -> str:
    """Activation, hidden layers and optimizer."""
    layers = counted(_depth(results, choice), "layer")
    return f"{activation_name(choice.activation)}, {layers}, {choice.optimizer}"


def _depth(results: Results, choice: Choice) -> int:
    return select.nearest(select.values(_own(results, choice), "depth"), choice.depth)


def _measured(results: Results, choice: Choice) -> Ranking:
    """Median test accuracy of every variant, best first; nobody where nothing was trained.

    As in the claims on deep networks a diverged run counts as one that guesses. NaN where all are.
    """
    runs = _own(results, choice)
    if runs.empty:
        return Ranking((), PERCENT_DECIMALS)
    runs = runs[runs["depth"] == _depth(results, choice)]
    lost = runs["status"] == "diverged"
    scores = runs["test_accuracy"].where(~lost, _chance(results, choice))
    scores = scores.where(~lost.groupby(runs["variant"], observed=True).transform("all"))
    medians = scores.groupby(runs["variant"], observed=True, sort=False).median()
    counts = lost.groupby(runs["variant"], observed=True).agg(["sum", "count"])
    places = [
        (_named(str(name), *map(int, counts.loc[name])), PERCENT * float(medians[name]))
        for name in medians.sort_values(ascending=False, kind="stable").index
    ]
    return Ranking(tuple(places), PERCENT_DECIMALS)


def _named(name: str, lost: int, count: int) -> str:
    """A variant, and how many of its runs diverged where some did."""
    return f"{name} ({lost} of {count} diverged)" if 0 < lost < count else name


def _chance(results: Results, choice: Choice) -> float:
    """The accuracy of guessing, as a share."""
    own = results.study.experiments[choice.experiment].points[0].settings
    training = own.training
    about = results.data[own.dataset.name]
    return about.guess(training.validation_split, training.data_fraction).chance
