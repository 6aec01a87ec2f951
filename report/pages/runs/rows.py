"""Every run of the results as a row: what it was set to, how it ended, and its small chart."""

from collections.abc import Collection, Mapping, Sequence

import pandas as pd

from analysis.results import select
from analysis.results.frames import Results
from analysis.study.model import Experiment, Variant
from analysis.study.names import slug
from report.figures.draw.style import variant_style
from report.pages.runs import histories, sparklines
from report.pages.runs.records import SHORT, Chart, Group, Row, RunTable
from report.words import addresses
from report.words.counts import counted
from report.words.metrics import METRICS
from report.words.numbers import NONE, PERCENT
from report.words.settings import (
    INITIALIZER,
    Words,
    call,
    differing,
    initializer,
    spelled,
)

COLUMNS = (
    "epochs",
    "train_loss",
    "train_accuracy",
    "val_loss",
    "val_accuracy",
    "test_loss",
    "test_accuracy",
    "train_s",
)
"""Metrics that the page shows, where the runs have them."""

OF_TRAINING = {"Optimizer", "Learning rate", "Epochs", "Validation split"}
"""Settings that say nothing of networks which are not trained."""


def run_tables(results: Results) -> tuple[RunTable, ...]:
    """Return the runs by experiment and variant, in the order of the study; nothing where none are.

    Raises ReportError for a run that the study does not define.
    """
    runs = results.runs
    anchors = iter(_anchors(runs["experiment"].tolist(), runs["run_id"].tolist()))
    colours = {name: style.colour for name, style in variant_style(results.study).items()}
    made = []
    for name, experiment in results.study.experiments.items():
        own = runs[runs["experiment"] == name]
        if own.empty:
            continue
        trained = any(point.settings.training.epochs for point in experiment.points)
        found = histories.of(results, name, trained=trained)
        named = own.assign(anchor=[next(anchors) for _ in range(len(own))])
        made.append(_table(name, experiment, named, found, colours))
    return tuple(made)


def _anchors(experiments: Sequence[str], identities: Sequence[str]) -> list[str]:
    """Short names of the rows, all different: a run may be part of two experiments."""
    known = set(identities)
    length = SHORT
    while len({slug(each)[:length] for each in known}) < len({slug(each) for each in known}):
        length += 1
    used: set[str] = set()
    anchors = []
    for experiment, identity in zip(experiments, identities, strict=True):
        anchor = f"run-{slug(identity)[:length]}"
        if anchor in used:
            anchor = f"{anchor}-{slug(experiment)}"
        while anchor in used:
            anchor += "-again"
        used.add(anchor)
        anchors.append(anchor)
    return anchors


def _table(
    name: str,
    experiment: Experiment,
    runs: pd.DataFrame,
    found: histories.Histories,
    colours: Mapping[str, str],
) -> RunTable:
    at_point = select.settings(experiment, runs)
    words = differing(experiment, at_point)
    varied, common = _parted(words)
    if not any(point.settings.training.epochs for point in experiment.points):
        common = {label: text for label, text in common.items() if label not in OF_TRAINING}
    said = {"epochs"} if runs["epochs"].nunique() == 1 else set()
    said |= {"train_loss"} if found.ends_with_the_epoch else set()
    shown = [name for name in COLUMNS if name not in said and runs[name].notna().any()]
    settings = [tuple(w[k] for k in varied) for w in words]
    untrained = [not point.settings.training.epochs for point, _ in at_point]
    rows = _rows(runs, settings, untrained, shown, found)
    groups = []
    for variant in dict.fromkeys(row.variant for row in rows):
        own = tuple(row for row in rows if row.variant == variant)
        at = [v for _, v in at_point if v.name == variant]
        anchor = addresses.anchor(name, variant)
        spoken = "" if INITIALIZER in varied else _initializer(at)
        groups.append(Group(variant, anchor, spoken, colours[variant], own))
    return RunTable(
        name=name,
        title=experiment.title,
        anchor=addresses.anchor(name),
        summary=_summary(experiment, len(rows)),
        common=common,
        settings=varied,
        charts=found.names,
        note=found.note,
        metrics=tuple((METRICS[name].header, METRICS[name].unit) for name in shown),
        groups=tuple(groups),
        grid=found.grid,
    )


def _parted(words: Sequence[Words]) -> tuple[tuple[str, ...], Words]:
    """Labels under which the runs differ, and the words of all the others."""
    labels = list(words[0]) if words else []
    differing = tuple(k for k in labels if len({each[k] for each in words}) > 1)
    return differing, {k: words[0][k] for k in labels if k not in differing}


def _rows(
    runs: pd.DataFrame,
    settings: Sequence[tuple[str, ...]],
    untrained: Sequence[bool],
    shown: Sequence[str],
    found: histories.Histories,
) -> list[Row]:
    written = [[METRICS[name].text(value) for value in runs[name].tolist()] for name in shown]
    cells = list(zip(*written, strict=True))
    scores = (PERCENT * runs["test_accuracy"].astype(float)).tolist()
    columns = ("anchor", "run_id", "variant", "seed", "status")
    rows = []
    for place, key in enumerate(zip(*(runs[c].tolist() for c in columns), strict=True)):
        anchor, identity, variant, seed, status = key
        history = found.runs.get(identity, ())
        charts = tuple(
            _chart(places, values, scale, found.text)
            for (places, values), scale in zip(found.lines(history), found.scales, strict=True)
        )
        state = "not trained" if untrained[place] else status
        rows.append(
            Row(
                anchor, identity, variant, int(seed), settings[place], state,
                charts, cells[place], history, scores[place],
            )
        )  # fmt: skip
    return rows


def _chart(
    places: Sequence[float], values: Sequence[float], scale: sparklines.Scale, text: histories.Text
) -> Chart:
    if not values:
        return Chart(NONE, "", NONE)
    return Chart(text(values[0]), sparklines.path(places, values, scale), text(values[-1]))


def _initializer(variants: Sequence[Variant]) -> str:
    """The initializer as called, an ellipsis for what the sweep sets."""
    first = variants[0]
    parameters = {
        key: value if all(v.parameters.get(key) == value for v in variants) else "…"
        for key, value in first.parameters.items()
    }
    if all(v.parameters == first.parameters for v in variants):
        return initializer(first)
    return call(first.initializer, parameters)


def _summary(experiment: Experiment, count: int) -> str:
    """One line on what the experiment is: how many runs, of what, trained for how long."""
    names = {v.name for point in experiment.points for v in point.settings.variants}
    parts = [counted(len(names), "variant")]
    if len(experiment.points) > 1:
        parts.append(counted(len(experiment.points), "setting"))
    seeds = {len(point.settings.seeds) for point in experiment.points}
    parts.append(counted(max(seeds), "seed") if len(seeds) == 1 else f"{_span(seeds)} seeds")
    return f"{counted(count, 'run')} ({' × '.join(parts)}), {_length(experiment)}."


def _length(experiment: Experiment) -> str:
    """How long the runs were trained, over all points of a sweep."""
    every = [point.settings.training for point in experiment.points]
    epochs, shares = ({t.epochs for t in every}, {PERCENT * t.data_fraction for t in every})
    if not any(epochs):
        return "not trained: measured at initialization, layer by layer"
    length = counted(max(epochs), "epoch") if len(epochs) == 1 else f"{_span(epochs)} epochs"
    rows = f" on {_span(shares)} % of the rows" if min(shares) < 100 else ""
    return f"trained for {length}{rows}"


def _span(values: Collection[float]) -> str:
    """The only value, or the lowest and the highest."""
    return " to ".join(spelled(value) for value in sorted({min(values), max(values)}))
