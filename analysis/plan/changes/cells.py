"""Runs that differ in their seeds alone, as one: what they share, field by field, and how near."""

import itertools
import math
from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from analysis.plan.result import Record
from analysis.plan.run import Convolution, RunInitializer, RunSettings

MOST_FIELDS = 3
"""A stored run that differs in more of its settings explains nothing."""


class Cell(NamedTuple):
    """What can change the numbers of a run, but for its seed, in as many fields as one says it.

    Rows stand for the shares that they follow from; who is not trained has no optimizer.
    """

    dataset: str
    held_out_start: int
    test_rows: int
    hidden: tuple[int, ...]
    activation: str
    bias: RunInitializer
    loss: str
    kernel: RunInitializer
    output: RunInitializer | None
    optimizer: RunInitializer | None
    batch_size: int | None
    engine: int
    normalization: str
    branch: float | None
    dropout: float
    convolution: tuple[Convolution, ...]
    kernel_seed: str
    bias_fans: str


def cell(settings: RunSettings) -> Cell:
    """Return what a run shares with those of other seeds."""
    rows, steps = settings.rows, settings.optimization
    return Cell(
        settings.dataset_digest, rows.held_out_start, rows.test, settings.hidden,
        settings.activation, settings.bias, settings.loss, settings.kernel,
        settings.output_kernel if settings.output_kernel != settings.kernel else None,
        RunInitializer(steps.optimizer, steps.parameters) if steps else None,
        steps.batch_size if steps else None, settings.engine, settings.normalization,
        settings.branch, settings.dropout, settings.convolution, settings.kernel_seed,
        settings.bias_fans,
    )  # fmt: skip


def seeds(records: Iterable[Record]) -> dict[Cell, set[int]]:
    """Return the cells of stored runs, with the seeds that are stored."""
    found: dict[Cell, set[int]] = {}
    for record in records:
        found.setdefault(cell(record.settings), set()).add(record.settings.seed)
    return found


def nearest(
    own: Cell,
    wanted: Collection[int],
    stored: Mapping[Cell, Collection[int]],
    here: Collection[Cell],
    elsewhere: Mapping[Cell, Collection[int]],
) -> Cell | None:
    """Return the stored cell that differs least from one's `own`; None where none explains it.

    `here` are the cells that the experiment asks for, `elsewhere` the seeds that others ask for. A
    cell that lacks some of the `wanted` seeds counts as one field further. Of those as near, the
    first is the one that lacks fewest; then that of the same classes of Keras; then one that others
    do not ask for whole, then one that this one no longer asks for, then the one with most seeds,
    and last that of the nearest numbers. What others ask for and differs in two fields is another
    experiment, and no reason.
    """
    lacking = {other: len(set(wanted) - set(found)) for other, found in stored.items()}
    fields = {other: _fields(own, other) for other in stored}
    steps = {other: fields[other] + bool(lacking[other]) for other in stored}
    fewest = min(steps.values(), default=0)

    def foreign(other: Cell) -> bool:
        return other not in here and set(stored[other]) <= set(elsewhere.get(other, ()))

    def rank(other: Cell) -> tuple[object, ...]:
        return (
            lacking[other], _classes(own, other), foreign(other), other in here,
            -len(stored[other]), _distance(own, other), repr(other),
        )  # fmt: skip

    found = min((other for other in stored if steps[other] == fewest), key=rank, default=None)
    if found is None or fields[found] > (1 if foreign(found) else MOST_FIELDS):
        return None
    return found


def _fields(own: Cell, other: Cell) -> int:
    """Return in how many fields two cells differ; that one of them is not trained is one alone."""
    trained = own.optimizer is not None, other.optimizer is not None
    return sum(a != b for a, b in zip(own, other, strict=True)) - (trained[0] != trained[1])


def _classes(own: Cell, other: Cell) -> int:
    """Return in how many fields two cells name other classes of Keras, or only one names any."""
    pairs = zip(_initializers(own), _initializers(other), strict=True)
    return sum((a and a.name) != (b and b.name) for a, b in pairs)


def _initializers(own: Cell) -> tuple[RunInitializer | None, ...]:
    """Return what of a cell is a class of Keras with its parameters."""
    return own.kernel, own.bias, own.optimizer


def _distance(own: Cell, other: Cell) -> float:
    """Return how far the numbers of two cells are from each other, by their ratios."""
    pairs = itertools.zip_longest(_numbers(own), _numbers(other), fillvalue=math.nan)
    return math.fsum(abs(math.log(a / b)) if a * b > 0 else a != b for a, b in pairs)


def _numbers(own: Cell) -> list[float]:
    named = filter(None, _initializers(own))
    values = [value for each in named for _, value in each.parameters]
    values += [*own.hidden, own.batch_size or 0, own.held_out_start, own.test_rows]
    values += [own.branch or 0, own.dropout]
    return [float(value) for value in values if isinstance(value, int | float)]
