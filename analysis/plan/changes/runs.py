"""Why runs are to be trained: what sets them apart from the nearest stored ones, in words.

The words are the study's keys. A value that has come in the place of another one is told with it,
as in `training.batch_size: 64 → 128`; one that joins others that stay is told alone.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import NamedTuple

from analysis.data.dataset import Description
from analysis.errors import plural
from analysis.plan.changes import cells
from analysis.plan.changes.cells import Cell
from analysis.plan.result import Record
from analysis.plan.run import Run, RunInitializer
from analysis.plan.work import Done, Task
from analysis.study import initializers, optimizers
from analysis.study.model import NO_OUTPUT
from analysis.study.tables import CLASSES, in_key, spelled, written

MOST_CELLS = 100
"""So many networks of an experiment are looked at: the others will have the same reasons."""
MINOR = 1 / 5
"""Of reasons of several kinds, those of so much fewer runs are left out."""
MOST_SHOWN = 3
"""Values of a key that are told one by one."""


class Difference(NamedTuple):
    """A key of the study and its value; `old` is the one in whose place it has come, if any has."""

    key: str
    old: str | None
    new: str


@dataclass(frozen=True)
class Reasons:
    """Why the runs of an experiment are to be trained: by keys of the study, and by other words."""

    differences: tuple[Difference, ...] = ()
    others: tuple[str, ...] = ()

    def __str__(self) -> str:
        """Return them in a line; nothing where there are none."""
        return "; ".join([*_told(self.differences), *self.others])


class Stored:
    """The stored runs, beside which those of a study are seen; `planned` are all that it asks for.

    `data` describes every data set by name.
    """

    def __init__(
        self, records: Iterable[Record], planned: Iterable[Run], data: Mapping[str, Description]
    ) -> None:
        self._seeds, self._data = cells.seeds(records), data
        self._names = {about.digest: name for name, about in data.items()}
        self._asked: dict[str, dict[Cell, set[str]]] = {}
        self._wanted: dict[str, dict[Cell, set[int]]] = {}
        for run in planned:
            own = self._asked.setdefault(run.experiment, {})
            cell = cells.cell(run.settings)
            own.setdefault(cell, set()).add(run.variant)
            self._wanted.setdefault(run.experiment, {}).setdefault(cell, set()).add(run.seed)

    def reasons(self, tasks: Sequence[Task], done: Mapping[str, Done]) -> Reasons:
        """Return why the tasks of one experiment are to be done; `done` is what is stored."""
        whys = {"new": self._new, "more epochs": _longer, "other measurements": _other}
        kinds = {kind: [task for task in tasks if task.reason == kind] for kind in whys}
        most = max(map(len, kinds.values()))
        found = [
            whys[kind](own, done) for kind, own in kinds.items() if own and len(own) >= MINOR * most
        ]
        return Reasons(
            tuple(each for reasons in found for each in reasons.differences),
            tuple(each for reasons in found for each in reasons.others),
        )

    def _new(self, tasks: Sequence[Task], _: Mapping[str, Done]) -> Reasons:
        """Return what sets runs apart from the nearest ones of which something is stored."""
        by_cell: dict[Cell, list[Run]] = {}
        for task in tasks:
            by_cell.setdefault(cells.cell(task.run.settings), []).append(task.run)
        here, elsewhere = self._around(tasks[0].run.experiment)
        differences: dict[Difference, None] = {}
        seeds, unlike = set[int](), False
        for own, runs in list(by_cell.items())[:MOST_CELLS]:
            wanted = {run.seed for run in runs}
            nearest = cells.nearest(own, wanted, self._seeds, here, elsewhere)
            if nearest is None:
                unlike = True
                continue
            differences |= dict.fromkeys(self._differences(runs[0], own, nearest))
            seeds |= wanted - self._seeds[nearest]
        others = [f"new {plural(len(seeds), 'seed')} {_spans(seeds)}"] if seeds else []
        others += ["nothing like it is stored"] if unlike and self._seeds else []
        return Reasons(tuple(differences), tuple(others))

    def _around(self, experiment: str) -> tuple[Mapping[Cell, set[str]], dict[Cell, set[int]]]:
        """Return what an experiment asks for, with its variants, and of which seeds others do."""
        others: dict[Cell, set[int]] = {}
        for name, own in self._wanted.items():
            for each, seeds in own.items() if name != experiment else ():
                others.setdefault(each, set()).update(seeds)
        return self._asked[experiment], others

    def _differences(self, run: Run, own: Cell, other: Cell) -> Iterator[Difference]:
        """Yield what sets the cell of a run apart from a stored one."""
        here = self._asked[run.experiment]

        def joins(field: str) -> bool:
            return any(getattr(each, field) == getattr(other, field) for each in here)

        for field, key in KEYS.items():
            old, new = getattr(other, field), getattr(own, field)
            unlike = field in ROWS and own.dataset != other.dataset
            if old != new and None not in (old, new) and not unlike:
                words = [self._value(field, value, run.dataset) for value in (old, new)]
                yield Difference(key, None if joins(field) else words[0], words[1])
        if (own.optimizer is None) != (other.optimizer is None):
            yield Difference(
                "training.epochs", "0" if own.optimizer else None, str(run.asked.epochs)
            )
        elif own.optimizer and other.optimizer:
            key = "training.optimizer"
            yield from _classes(key, other.optimizer, own.optimizer, joins("optimizer"))
        if (own.branch is None) != (other.branch is None):
            old, new = (written(each.branch is not None) for each in (other, own))
            yield Difference("network.residual", None if joins("branch") else old, new)
        yield from _biases(run, other, own, joins("bias"))
        if own.kernel != other.kernel:
            asked = [names for each, names in here.items() if each.kernel == other.kernel]
            known = {name for names in asked for name in names}
            yield from _kernels(run.variant, other.kernel, own.kernel, known)
        elif own.output != other.output:
            yield from _outputs(f"variants.{in_key(run.variant)}.output", other.output, own.output)

    def _value(self, field: str, value: object, dataset: str) -> str:
        about = self._data[dataset]
        if field == "dataset":
            return self._names.get(str(value), "other data")
        if field == "held_out_start":
            return f"{1 - float(str(value)) / about.train_samples:.4g}"
        if field == "test_rows":
            return f"{float(str(value)) / about.test_samples:.4g}"
        if isinstance(value, tuple) and field == "convolution":
            return written([asdict(each) for each in value])
        return written(spelled({field: value})[field])


ROWS = {"held_out_start", "test_rows"}
"""Of other data they mean nothing here."""
KEYS = {
    "dataset": "dataset",
    "held_out_start": "training.validation_split",
    "test_rows": "training.data_fraction",
    "hidden": "network.hidden",
    "activation": "network.activation",
    "loss": "training.loss",
    "batch_size": "training.batch_size",
    "engine": "the training engine",
    "normalization": "network.normalization",
    "branch": "network.branch",
    "dropout": "network.dropout",
    "convolution": "network.convolution",
    "kernel_seed": "network.kernel_seed",
}
"""What the study calls the fields of a cell."""
VARIANT = "new variant"


def _biases(run: Run, old: Cell, new: Cell, joins: bool) -> Iterator[Difference]:
    """Yield what sets the initializers of biases apart, and whose fans they are scaled by."""
    key = f"variants.{in_key(run.variant)}.bias" if run.own_bias else "network.bias"
    yield from _classes(key, old.bias, new.bias, joins)
    if old.bias_fans != new.bias_fans:
        yield Difference(f"{key}.fans", None if joins else old.bias_fans, new.bias_fans)


def _kernels(
    variant: str, old: RunInitializer, new: RunInitializer, names: set[str]
) -> Iterator[Difference]:
    """Yield what sets a variant apart from an initializer, which has those names in the study."""
    if old.name != new.name or (names and variant not in names):
        yield Difference(VARIANT, None, variant)
    else:
        yield from _classes(f"variants.{in_key(variant)}", old, new, bool(names))


def _outputs(
    key: str, old: RunInitializer | None, new: RunInitializer | None
) -> Iterator[Difference]:
    """Yield what sets the initializers of an output layer apart, which may be the variant's own."""
    if old and new:
        yield from _classes(key, old, new, joins=False)
    else:
        yield Difference(
            key, old.name if old else NO_OUTPUT, _class(key, new) if new else NO_OUTPUT
        )


def _classes(
    key: str, old: RunInitializer, new: RunInitializer, joins: bool
) -> Iterator[Difference]:
    if old.name != new.name:
        yield Difference(key, None if joins else old.name, _class(key, new))
        return
    before = dict(old.parameters)
    for name, value in new.parameters:
        if before.get(name) != value:
            was = None if joins else written(before.get(name))
            yield Difference(f"{key}.{name}", was, written(value))


def _class(key: str, own: RunInitializer) -> str:
    """Return a class of Keras as the study has it: by name, with what is no default of Keras."""
    known = optimizers if key == "training.optimizer" else initializers
    defaults = known.complete_parameters(own.name, {})
    set_ = {name: value for name, value in own.parameters if value != defaults[name]}
    if not set_:
        return own.name
    named = {CLASSES.get(tuple(key.split(".")), "initializer"): own.name} | set_
    return f"{{{', '.join(f'{name} = {json.dumps(value)}' for name, value in named.items())}}}"


def _longer(tasks: Sequence[Task], done: Mapping[str, Done]) -> Reasons:
    """Return how much longer runs are to be trained."""
    epochs = ((str(done[each.run.id].epochs), str(each.run.asked.epochs)) for each in tasks)
    differences = dict.fromkeys(Difference("training.epochs", *each) for each in epochs)
    anew = any(not task.start for task in tasks)
    return Reasons(tuple(differences), ("no checkpoint to go on from",) if anew else ())


def _other(tasks: Sequence[Task], done: Mapping[str, Done]) -> Reasons:
    """Return what was not measured of runs: at all, or at a moment, in epochs."""
    known = [(task.run.asked, done[task.run.id]) for task in tasks]
    kinds = {what for _, own in known for what, _ in own.measurements}
    missing = {
        (what, when)
        for asked, own in known
        for what, when in asked.until(own.diverged_epoch) - own.measurements
        if when <= own.epochs
    }
    whole = sorted({what for what, _ in missing} - kinds)
    moments = sorted({when for what, when in missing if what in kinds})
    others = []
    if whole:
        verb = "was" if whole in (["correlation"], ["symmetry"]) else "were"
        others.append(f"{' and '.join(whole)} {verb} not measured")
    if moments:
        shown = _listed([f"{when:.{2 if when < 1 else 3}g}" for when in moments])
        subject, verb = ("a moment", "was") if len(moments) == 1 else ("moments", "were")
        others.append(f"{subject} at {shown} epochs {verb} not measured")
    return Reasons((), tuple(others))


def _told(differences: Iterable[Difference]) -> Iterator[str]:
    """Yield a text for each key: its values, or what has come in the place of what."""
    by_key: dict[tuple[str, bool], list[str]] = {}
    for key, old, new in differences:
        text = new if old is None else f"{old} → {new}"
        by_key.setdefault((key, old is None), []).append(text)
    for (key, joined), texts in by_key.items():
        values = _listed(texts)
        if key == VARIANT:
            yield f"{plural(len(texts), VARIANT)} {values}"
        else:
            yield f"{key}: {values}{', new' if joined else ''}"


def _spans(numbers: Iterable[int]) -> str:
    """Return numbers with every unbroken stretch of three or more as first … last."""
    stretches: list[list[int]] = []
    for number in sorted(numbers):
        if stretches and number == stretches[-1][-1] + 1:
            stretches[-1].append(number)
        else:
            stretches.append([number])
    parts = [f"{s[0]} … {s[-1]}" if len(s) > 2 else ", ".join(map(str, s)) for s in stretches]
    return _listed(parts)


def _listed(texts: Sequence[str]) -> str:
    return ", ".join([*texts[:MOST_SHOWN], *(["…"] if len(texts) > MOST_SHOWN else [])])
