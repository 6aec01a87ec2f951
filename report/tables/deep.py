"""Deep networks: how many ever learn, how far chance scatters them, and what stacks come to."""

from collections.abc import Hashable, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from analysis.claims.deciding import TRAINED
from analysis.results import select
from analysis.results.frames import POINT, Results
from analysis.statistics import summaries, theory
from report.tables.table import LEFT, RIGHT, Cell, Number, Table, Text
from report.words import counts
from report.words.numbers import NONE, PERCENT, PERCENT_DECIMALS, count, exact, fixed, magnitude
from report.words.settings import stack

if TYPE_CHECKING:
    from analysis.claims.claim import Claim

LATE, SPREAD, STACKS = "late", "spread", "stacks"
READS = {"reach": (LATE,), "scatter": (SPREAD,), "stacks": (STACKS,)}
"""The experiments that each table shows."""
AS_GUESSES = "medians over the seeds; a run that diverged counts as one that guesses."
_RATIO_DECIMALS = 2


def reach(results: Results, _: "Mapping[str, Claim]") -> Table:
    """Return one row a depth and variant: how many runs ever learn, have at the end, or diverge.

    A run has learned at the end of an epoch at whose end its validation accuracy is at TRAINED.
    """
    runs = select.scores(results, LATE)
    level = TRAINED.of(select.guess(results, LATE).chance)
    epochs = select.with_settings(results, select.rows(results, "epochs", LATE))
    table = summaries.attainments(runs, epochs, "val_accuracy", level / PERCENT)
    medians = runs.groupby(["depth", "variant"], observed=True)["value"].median()
    rows: list[tuple[Cell, ...]] = [
        (
            Text(f"{counts.counted(each['depth'], 'layer')}, {each['variant']}"),
            *(Number(each[name], 0) for name in ("runs", "ever", "last", "diverged")),
            Number(float(medians[each["depth"], each["variant"]]), PERCENT_DECIMALS),
        )
        for each in table.to_dict("records")
    ]
    return Table(
        columns=("Network", "Runs", "Ever", "At the end", "Diverged", "Test accuracy"),
        rows=tuple(rows),
        align=(LEFT, *(RIGHT for _ in range(5))),
        units=("", "", "", "", "", "%"),
        notes=(
            f"Ever and at the end: runs with a validation accuracy of {exact(level)} % or more at "
            f"the end of an epoch, and of the last. Accuracies: {AS_GUESSES}",
        ),
    )


def scatter(results: Results, _: "Mapping[str, Claim]") -> Table:
    """Return one row a width: the variance of ln M over seeds in the last layer, beside the law."""
    layers = select.hidden_layers(select.layers(results, SPREAD, "mean_square"))
    last = layers[layers["layer"] == layers["depth"]]
    sizes = last.assign(value=np.log(last["mean_square"].astype(float)))
    table = summaries.ordered(sizes, "value", ["variant", "width", "depth"])
    found = [_scattered(row) for row in table.to_dict("records")]
    below = sum(ratio < 1 for _, ratio in found)
    return Table(
        columns=("Units a layer", "Seen", "By the law", "Ratio"),
        rows=tuple(row for row, _ in found),
        align=(RIGHT,) * 4,
        units=("",) * 4,
        notes=(
            f"Variances in layer {last['layer'].max()} over "
            f"{counts.counted(last['seed'].nunique(), 'seed')}, before training. "
            f"What is seen is below the law at {below} of {counts.counted(len(found), 'width')}.",
        ),
    )


def _scattered(row: Mapping[Hashable, Any]) -> tuple[tuple[Cell, ...], float]:
    """The row of a width, and its ratio to the law; of a single seed there is none."""
    depth, width = int(row["depth"]), int(row["width"])
    seen, law = float(row["sd"]) ** 2, theory.length_variance([width] * depth)
    cells = (
        Text(count(width)),
        Text(magnitude(seen, 2) if np.isfinite(seen) else NONE),
        Text(magnitude(law, 2)),
        Number(seen / law, _RATIO_DECIMALS),
    )
    return cells, seen / law


def stacks(results: Results, _: "Mapping[str, Claim]") -> Table:
    """Return one row a stack: its median test accuracy from each variant, and what diverged."""
    runs = select.scores(results, STACKS)
    names = [each.name for each in select.variants(results, STACKS)]
    points = results.study.experiments[STACKS].points
    networks = [points[at].settings.network for at in runs[POINT]]
    built = runs.assign(stack=[stack(each.normalization, each.residual) for each in networks])
    rows: list[tuple[Cell, ...]] = [
        (Text(str(name)), *(Text(_median(own[own["variant"] == variant])) for variant in names))
        for name, own in built.groupby("stack", sort=False)
    ]
    return Table(
        columns=("Stack", *names),
        rows=tuple(rows),
        align=(LEFT, *(RIGHT for _ in names)),
        units=("", *("%" for _ in names)),
        notes=(AS_GUESSES[:1].upper() + AS_GUESSES[1:],),
    )


def _median(runs: pd.DataFrame) -> str:
    """The median accuracy, and how many of the runs diverged where some did."""
    lost = int((runs["status"] == "diverged").sum())
    told = f" ({lost} of {len(runs)} diverged)" if lost else ""
    return fixed(float(runs["value"].median()), PERCENT_DECIMALS) + told
