"""How deep networks fare, which may not train: how many learn, and where they end."""

from typing import TYPE_CHECKING, Any

from analysis.claims.deciding import TRAINED
from analysis.results import select
from report.words.numbers import PERCENT, estimate, exact, percent, with_unit

if TYPE_CHECKING:
    import pandas as pd

    from analysis.results.frames import Results

POINTS = "percentage points"


def reached(results: "Results", experiment: str, variant: str, *, depth: int) -> dict[str, Any]:
    """Return how many runs of a depth ever learn, have at the end, or diverge.

    By name: runs, ever, last, diverged (counts), level (the validation accuracy from which a
    network counts as trained, in words). Empty where there are no such runs.
    """
    counted = _counts(results, experiment, depth).get(variant, {})
    level = TRAINED.of(select.guess(results, experiment).chance) if counted else 0.0
    return {**counted, "level": f"{exact(level)} %"} if counted else {}


def versus(results: "Results", experiment: str, a: str, b: str, *, depth: int) -> dict[str, Any]:
    """Return how networks of two variants end at a depth, and how many of them ever learn.

    gap: the median over seeds of a - b in test accuracy, with its interval, as text. median, ever,
    last and runs, each by variant: the median test accuracy as text, and counts as of `reached`. A
    diverged run has the accuracy of guessing. Empty where the experiment has no seed with both.
    """
    from analysis.statistics import comparisons

    counted = _counts(results, experiment, depth)
    if not {a, b} <= counted.keys():
        return {}
    scores = select.scores(results, experiment).assign(status="finished")
    own = scores[(scores["depth"] == depth) & scores["variant"].isin([a, b])]
    gap = comparisons.paired_median(own, "value", a, b)
    if not gap.n:
        return {}
    medians = own.groupby("variant", observed=True)["value"].median()
    value, interval = estimate(gap.value, gap.low, gap.high, POINTS)
    return {
        "gap": f"{with_unit(value, POINTS)} {interval}".rstrip(),
        "median": {name: percent(float(medians[name])) for name in (a, b)},
        **{of: {name: counted[name][of] for name in (a, b)} for of in ("runs", "ever", "last")},
    }


def _counts(results: "Results", experiment: str, depth: int) -> dict[str, dict[str, int]]:
    """Runs, ever, last and diverged by variant, of a depth; nothing where there is none."""
    from analysis.statistics import summaries

    if experiment not in results.study.experiments:
        return {}
    runs = results.runs[results.runs["experiment"] == experiment]
    epochs = select.with_settings(results, select.rows(results, "epochs", experiment))
    level = TRAINED.of(select.guess(results, experiment).chance) / PERCENT
    table: pd.DataFrame = summaries.attainments(
        runs[runs["depth"] == depth], epochs, "val_accuracy", level
    )
    names = ["runs", "ever", "last", "diverged"]
    return {
        str(row["variant"]): {name: int(row[name]) for name in names}
        for row in table.to_dict("records")
    }
