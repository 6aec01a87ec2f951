"""Every run of the results as a row: what it was set to, how it ended, and its small chart."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter

import pandas as pd

from analysis.results import Results
from analysis.study import Experiment, Variant
from report import addresses, histories, setting_words, sparks
from report.histories import History
from report.rows import NONE, call, number, spelled
from report.setting_words import INITIALIZER, Words
from report.style import slug, variant_style

SHORT = 12
"""Characters of an identity by which a row is called, more where that would not do."""

# Column of the runs, header, unit, factor to the unit, decimals.
METRICS = (
    ("epochs", "Epochs done", "", 1.0, 0),
    ("train_loss", "Training loss", "nats", 1.0, 4),
    ("train_accuracy", "Training accuracy", "%", 100.0, 2),
    ("val_loss", "Validation loss", "nats", 1.0, 4),
    ("val_accuracy", "Validation accuracy", "%", 100.0, 2),
    ("test_loss", "Test loss", "nats", 1.0, 4),
    ("test_accuracy", "Test accuracy", "%", 100.0, 2),
    ("train_s", "Time", "s", 1.0, 2),
)


@dataclass(frozen=True)
class Chart:
    """A small line, with its first and last value as text."""

    first: str
    path: str
    last: str


@dataclass(frozen=True)
class Row:
    """A run as the page shows it; `settings` are those in which the experiment's runs differ."""

    anchor: str
    identity: str
    variant: str
    seed: int
    settings: tuple[str, ...]
    status: str
    charts: tuple[Chart, ...]
    metrics: tuple[str, ...]
    history: History
    score: str

    @property
    def short(self) -> str:
        """Return the identity as far as it is written out."""
        return self.identity[:SHORT]


@dataclass(frozen=True)
class Group:
    """The runs of one variant of an experiment, `initializer` as one would call it."""

    variant: str
    anchor: str
    initializer: str
    colour: str
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Bundle:
    """Runs of a group that differ in their seed alone."""

    settings: tuple[str, ...]
    rows: tuple[Row, ...]

    @property
    def seeds(self) -> str:
        """Return the seeds, the first and last of an unbroken stretch."""
        own = [row.seed for row in self.rows]
        whole = len(own) > 2 and own == list(range(own[0], own[-1] + 1))
        return f"{own[0]} … {own[-1]}" if whole else ", ".join(map(str, own))

    @property
    def scores(self) -> str:
        """Return the lowest and the highest test accuracy in percent, and how many diverged."""
        known = sorted((row.score for row in self.rows if row.score != NONE), key=float)
        text = " – ".join(dict.fromkeys([known[0], known[-1]])) if known else ""
        lost = sum(row.status == "diverged" for row in self.rows)
        return "; ".join(filter(None, [text, f"{lost} diverged" if lost else ""])) or NONE


@dataclass(frozen=True)
class Section:
    """The runs of an experiment; `common` is what all of them were set to."""

    name: str
    title: str
    anchor: str
    summary: str
    common: Words
    settings: tuple[str, ...]
    charts: tuple[str, ...]
    note: str
    metrics: tuple[tuple[str, str], ...]
    groups: tuple[Group, ...]
    grid: tuple[float, ...]

    @property
    def rows(self) -> tuple[Row, ...]:
        """Return the rows in the order of the page."""
        return tuple(row for group in self.groups for row in group.rows)

    @property
    def count(self) -> int:
        """Return how many runs the experiment has."""
        return sum(len(group.rows) for group in self.groups)

    @property
    def width(self) -> int:
        """Return how many columns a row has."""
        return 3 + len(self.settings) + len(self.charts) + len(self.metrics)

    @property
    def tested(self) -> bool:
        """Tell whether there is a test accuracy at all."""
        return any(header == "Test accuracy" for header, _ in self.metrics)

    def bundles(self, group: Group) -> list[Bundle]:
        """Return the runs of a group, those that differ in their seed alone together."""
        by = attrgetter("settings")
        return [Bundle(key, tuple(rows)) for key, rows in groupby(group.rows, by)]


def sections(results: Results) -> tuple[Section, ...]:
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
        found = histories.of(results, name, trained=bool(experiment.training.epochs))
        named = own.assign(anchor=[next(anchors) for _ in range(len(own))])
        made.append(_section(name, experiment, named, found, colours))
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


def _section(
    name: str,
    experiment: Experiment,
    runs: pd.DataFrame,
    found: histories.Histories,
    colours: Mapping[str, str],
) -> Section:
    placed = setting_words.placed(experiment, runs)
    words = setting_words.differing(experiment, placed)
    differing, common = _parted(words)
    said = {"epochs"} if runs["epochs"].nunique() == 1 else set()
    said |= {"train_loss"} if found.ends_with_the_epoch else set()
    shown = [m for m in METRICS if m[0] not in said and runs[m[0]].notna().any()]
    rows = _rows(runs, [tuple(w[k] for k in differing) for w in words], shown, found)
    groups = []
    for variant in dict.fromkeys(row.variant for row in rows):
        own = tuple(row for row in rows if row.variant == variant)
        at = [v for _, v in placed if v.name == variant]
        anchor = addresses.anchor(name, variant)
        spoken = "" if INITIALIZER in differing else _initializer(at)
        groups.append(Group(variant, anchor, spoken, colours[variant], own))
    return Section(
        name=name,
        title=experiment.title,
        anchor=addresses.anchor(name),
        summary=_summary(experiment, len(rows)),
        common=common,
        settings=differing,
        charts=found.names,
        note=found.note,
        metrics=tuple((header, unit) for _, header, unit, _, _ in shown),
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
    shown: Sequence[tuple[str, str, str, float, int]],
    found: histories.Histories,
) -> list[Row]:
    metrics = [
        [number(factor * value, decimals) for value in runs[column].tolist()]
        for column, _, _, factor, decimals in shown
    ]
    cells = list(zip(*metrics, strict=True))
    scores = [number(100 * value, 2) for value in runs["test_accuracy"].astype(float).tolist()]
    columns = ("anchor", "run_id", "variant", "seed", "status")
    rows = []
    for place, key in enumerate(zip(*(runs[c].tolist() for c in columns), strict=True)):
        anchor, identity, variant, seed, status = key
        history = found.runs.get(identity, ())
        charts = tuple(
            _chart(places, values, scale, found.text)
            for (places, values), scale in zip(found.lines(history), found.scales, strict=True)
        )
        state = status if found.trained else "not trained"
        rows.append(
            Row(
                anchor, identity, variant, int(seed), settings[place], state,
                charts, cells[place], history, scores[place],
            )
        )  # fmt: skip
    return rows


def _chart(
    places: Sequence[float], values: Sequence[float], scale: sparks.Scale, text: histories.Text
) -> Chart:
    if not values:
        return Chart(NONE, "", NONE)
    return Chart(text(values[0]), sparks.path(places, values, scale), text(values[-1]))


def _initializer(variants: Sequence[Variant]) -> str:
    """The initializer as called, an ellipsis for what the sweep sets."""
    first = variants[0]
    parameters = {
        key: value if all(v.parameters.get(key) == value for v in variants) else "…"
        for key, value in first.parameters.items()
    }
    if all(v.parameters == first.parameters for v in variants):
        return setting_words.initializer(first)
    return call(first.initializer, parameters)


def _summary(experiment: Experiment, count: int) -> str:
    """One line on what the experiment is: how many runs, of what, trained for how long."""
    names = {v.name for point in experiment.points for v in point.settings.variants}
    parts = [_counted(len(names), "variant")]
    if len(experiment.points) > 1:
        parts.append(_counted(len(experiment.points), "setting"))
    parts.append(_counted(len(experiment.seeds), "seed"))
    training = experiment.training
    length = f"trained for {_counted(training.epochs, 'epoch')}"
    if training.data_fraction < 1:
        length += f" on {spelled(100 * training.data_fraction)} % of the rows"
    if not training.epochs:
        length = "not trained: measured at initialization, layer by layer"
    return f"{_counted(count, 'run')} ({' × '.join(parts)}), {length}."


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}{'s' * (count != 1)}"
