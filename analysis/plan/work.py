"""What is left to do for a study: what it asks of its runs, less what is stored of them."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from analysis.plan.run import Asked, Curves, Measurements, Run

Reason = Literal["new", "more epochs", "other measurements"]


@dataclass(frozen=True)
class Done:
    """What is stored of a run."""

    epochs: int
    diverged_epoch: int | None = None
    measurements: Measurements = frozenset()
    resumable: bool = False
    """Whether there is a checkpoint of its last epoch, made as one would be here."""
    curves: Curves | None = None
    """Curves kept of the training loss; None: the loss of every step, of which any is drawn."""


@dataclass(frozen=True)
class Task:
    """A run that is to be trained, from a checkpoint after `start` epochs or, at 0, from the start.

    The run asks for all that is wanted of it under any of its names, and for all that is stored of
    it, so that nothing is lost where it is trained again.
    """

    run: Run
    start: int = 0
    reason: Reason = "new"


def tasks(planned: Iterable[Run], done: Mapping[str, Done]) -> tuple[Task, ...]:
    """Return what is to be trained, each run once, in the order planned.

    `done` is what is stored, by the identity of the run.
    """
    wanted: dict[str, Run] = {}
    for run in planned:
        before = wanted.get(run.id)
        wanted[run.id] = replace(before, asked=before.asked | run.asked) if before else run
    found = (_task(run, done.get(run.id)) for run in wanted.values())
    return tuple(task for task in found if task is not None)


def in_words(tasks: Sequence[Task]) -> str:
    """Return what is to be done, such as "80 to continue, 20 to train", or else "stored"."""
    counts = Counter("to continue" if task.start else "to train" for task in tasks)
    return ", ".join(f"{count:,} {what}" for what, count in counts.items()) or "stored"


def _task(run: Run, done: Done | None) -> Task | None:
    if done is None:
        return Task(_recorded(run))
    asked = run.asked.until(done.diverged_epoch)
    passed = {(what, when) for what, when in asked if when <= done.epochs}
    if passed - done.measurements or not _are_kept(run.asked.curves, done):
        return Task(_recorded(run, done), 0, "other measurements")
    if done.epochs < run.asked.epochs and done.diverged_epoch is None:
        return Task(_recorded(run, done), done.epochs * done.resumable, "more epochs")
    return None


def _are_kept(curves: Curves, done: Done) -> bool:
    """Tell whether each curve is there, or can be drawn, as far as the run has come."""
    return done.curves is None or all(
        any(own == points and end >= min(epochs, done.epochs) for own, end in done.curves)
        for points, epochs in curves
    )


def _recorded(run: Run, done: Done | None = None) -> Run:
    """Return the run as it is trained: whatever is measured is measured after every epoch, too.

    So a study with fewer epochs finds its last moment measured.
    """
    asked = run.asked | (Asked(done.epochs, done.measurements) if done else Asked())
    kinds = {what for what, _ in asked.measurements}
    whole = {(what, float(epoch)) for what in kinds for epoch in range(asked.epochs + 1)}
    return replace(run, asked=replace(asked, measurements=asked.measurements | whole))
