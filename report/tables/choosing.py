"""Tables over all experiments: what the evidence says for a choice, and what it has cost."""

from collections.abc import Hashable, Mapping
from typing import Any, NamedTuple

import pandas as pd

from analysis import claims
from analysis.claims.model import tested
from analysis.errors import ReportError
from analysis.results import select
from analysis.results.frames import Results
from analysis.statistics import summaries
from report.tables.rows import LEFT, RIGHT, Table
from report.words.numbers import NONE, fixed
from report.words.settings import NAMES

PERCENT = 100.0


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
    Choice("relu", 2, "Adam", "he-glorot-level", "base"),
    Choice("relu", 2, "SGD", "shallow-choice-is-small", "activation"),
    Choice("relu", 20, "SGD", "deep-relu-needs-he", "activation"),
    Choice("relu", 30, "SGD", "he-trains-where-xavier-stalls", "depth"),
    Choice("relu", 30, "Adam", "optimizer-softens", "depth"),
    Choice("relu", 50, "SGD", "he-alone-is-not-enough", "depth"),
    Choice("relu", 50, "Adam", "adam-is-not-enough", "depth"),
    Choice("tanh", 2, "SGD", "shallow-choice-is-small", "activation"),
    Choice("tanh", 20, "SGD", "glorot-for-tanh-is-not-about-accuracy", "activation"),
    Choice("selu", 2, "SGD", "shallow-choice-is-small", "activation"),
    Choice("selu", 20, "SGD", "deep-selu-needs-lecun", "activation"),
    Choice("sigmoid", 20, "SGD", "deep-sigmoid-stalls", "activation"),
)
"""Shallow to deep, activation by activation."""


def choosing(results: Results) -> Table:
    """Return one row a situation: what was measured there, and the claim on it with its verdict.

    Situations that the study does not measure are left out; ReportError where it measures none.
    """
    specs = {spec.id: spec for spec in claims.SPECS}
    found = {choice: _measured(results, choice) for choice in CHOICES}
    kept = {choice: text for choice, text in found.items() if text}
    if not kept:
        names = ", ".join(dict.fromkeys(choice.experiment for choice in CHOICES))
        raise ReportError(f"there are no results of the experiments {names} to choose by")
    verdicts = {name: tested(specs[name], results) for name in dict.fromkeys(c.claim for c in kept)}
    rows = [
        (
            NAMES.get(choice.activation, choice.activation),
            str(_depth(results, choice)),
            choice.optimizer,
            text,
            verdicts[choice.claim].statement,
            verdicts[choice.claim].verdict,
            choice.claim,
        )
        for choice, text in kept.items()
    ]
    return Table(
        columns=(
            "Activation",
            "Hidden layers",
            "Optimizer",
            "Test accuracy, best first",
            "Claim",
            "Verdict",
            "Id of the claim",
        ),
        rows=tuple(rows),
        align=(LEFT, RIGHT, LEFT, LEFT, LEFT, LEFT, LEFT),
        units=("", "", "", "%", "", "", ""),
        notes=("Means over the seeds of each experiment. A claim is tested as the table of claims "
               "says, not by the order of these means.",),
    )  # fmt: skip


def _own(results: Results, choice: Choice) -> pd.DataFrame:
    """Runs of the experiment with the activation and optimizer of a situation."""
    runs = results.runs
    return runs[
        (runs["experiment"] == choice.experiment)
        & (runs["activation"] == choice.activation)
        & (runs["optimizer"] == choice.optimizer)
    ]


def _depth(results: Results, choice: Choice) -> int:
    return select.nearest(select.values(_own(results, choice), "depth"), choice.depth)


def _measured(results: Results, choice: Choice) -> str:
    """Mean test accuracy of every variant, best first; nothing where none was trained."""
    runs = _own(results, choice)
    if runs.empty:
        return ""
    runs = runs[runs["depth"] == _depth(results, choice)]
    table = summaries.ranking(runs, "test_accuracy", ["depth"])
    return ", ".join(f"{row['variant']} {_score(row)}" for row in table.to_dict("records"))


def _score(row: Mapping[Hashable, Any]) -> str:
    return fixed(PERCENT * row["mean"], 2) if row["n"] else "diverged"


def costs(results: Results) -> Table:
    """Return one row an experiment: runs, epochs, core-seconds of training and of compilation."""
    table = summaries.costs(results.runs)
    titles = {name: each.title for name, each in results.study.experiments.items()}
    rows = [
        (
            str(row["experiment"]) or "all, every run once",
            titles.get(str(row["experiment"]), NONE),
            str(row["runs"]),
            str(row["epochs"]),
            fixed(row["train_s"], 1),
            fixed(row["compile_s"], 1),
        )
        for row in table.to_dict("records")
    ]
    return Table(
        columns=("Experiment", "Title", "Runs", "Epochs trained", "Training", "Compilation"),
        rows=tuple(rows),
        align=(LEFT, LEFT, RIGHT, RIGHT, RIGHT, RIGHT),
        units=("", "", "", "", "core-seconds", "core-seconds"),
        notes=(
            "As measured when each run was trained, with its validation and measurements; another "
            "machine needs other times. A network that several runs share is compiled once.",
        ),
    )
