"""What maps of accuracy have in common: what their cells hold, and what stands below them."""

from collections.abc import Sequence

import pandas as pd

from analysis.results import select
from analysis.results.frames import Results
from analysis.statistics import summaries
from report.figures.draw import longform
from report.words import counts
from report.words.metrics import METRICS
from report.words.numbers import PERCENT

TEST_ACCURACY = METRICS["test_accuracy"].quantity


def summary(
    results: Results, runs: pd.DataFrame, experiment: str, by: Sequence[str]
) -> pd.DataFrame:
    """Return the summary of test accuracy by `by`: a diverged run has that of guessing.

    So it has where claims compare networks that may not train. A group of which every run diverged
    has no accuracy. `diverged` counts them all.
    """
    chance = select.guess(results, experiment).chance
    lost = runs.assign(lost=runs["status"] == "diverged")
    wholly = lost.groupby([*by], observed=True)["lost"].transform("all")
    guessing = lost["lost"] & ~wholly
    counted = runs.assign(
        status=runs["status"].mask(guessing, "finished"),
        test_accuracy=runs["test_accuracy"].mask(guessing, chance),
    )
    table = summaries.ordered(counted, "test_accuracy", by).drop(columns="diverged")
    told = lost.groupby([*by], observed=True)["lost"].sum().rename("diverged").reset_index()
    return table.merge(told, on=[*by], how="left")


def in_percent(table: pd.DataFrame) -> pd.DataFrame:
    """Return a summary of accuracies in percent, in the shape of all figures' data."""
    measures = ["mean", "sd", "low", "high", "minimum", "maximum"]
    shown = table.assign(**{name: PERCENT * table[name] for name in measures})
    named = shown.rename(columns={"mean": "value"})
    return longform.joined(named.assign(quantity=TEST_ACCURACY, kind=longform.MEAN))


def notes(results: Results, experiment: str, table: pd.DataFrame) -> list[str]:
    """Return over how many seeds the numbers are means, and what stands for diverged runs."""
    text = [f"{counts.over(select.rows(results, 'runs', experiment)).capitalize()}."]
    if ((table["diverged"] > 0) & (table["n"] > 0)).any():
        text.append("* with diverged runs, which count as guessing.")
    if (table["n"] == 0).any():
        text.append("× every run diverged.")
    return [" ".join(text)]
