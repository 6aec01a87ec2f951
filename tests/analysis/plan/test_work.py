"""What is left to do: what was planned, less what is stored, from as far as that has come."""

from collections.abc import Iterable, Sequence
from dataclasses import replace

import pytest

from analysis.plan.run import Asked, Run
from analysis.plan.work import Done, Task, in_words, tasks
from analysis.study.file import build_study
from tests.analysis.plan.test_planning import planned, quick
from tests.analysis.plan.test_run import SETTINGS

WEIGHTS, SIGNALS, HISTOGRAMS = "weights", "signals", "histograms"


def done(run: Run) -> Done:
    """What a store has of a run that was trained as it is asked for, and as it is recorded."""
    (task,) = tasks([run], {})
    asked = task.run.asked
    return Done(asked.epochs, None, asked.measurements, resumable=asked.keep_state)


def all_done(runs: Iterable[Run]) -> dict[str, Done]:
    """What a store has once these runs were trained."""
    return {run.id: done(run) for run in runs}


def new(runs: Iterable[Run], stored: Sequence[Run] = ()) -> list[Run]:
    """The runs that are to be trained beside those stored."""
    return [task.run for task in tasks(runs, all_done(stored))]


def test_what_is_stored_is_not_to_be_done() -> None:
    """What is left is what was planned without what is stored, in the order planned."""
    found = tuple(planned(quick()))
    left = tasks(found, {found[0].id: done(found[0]), found[5].id: done(found[5])})
    assert [task.run.id for task in left] == [run.id for run in (*found[1:5], *found[6:])]
    assert {(task.start, task.reason) for task in left} == {(0, "new")}
    assert tasks(found, all_done(found)) == ()


def test_variants_that_are_the_same_are_trained_once() -> None:
    """Two names for one initializer give one run a seed, in the place of the first."""
    again = '{name="A", initializer="HeNormal"}, {name="B", initializer="Zeros"}'
    study = quick(f'variants=[{again}, {{name="C", initializer="HeNormal"}}]')
    found = planned(study)
    assert len(found) == 6
    assert [run.variant for run in new(found)] == ["A", "B", "A", "B"]


def test_more_seeds_add_only_their_runs() -> None:
    """The runs of the first seeds stay what they were."""
    added = new(planned(quick("seeds=3")), planned(quick()))
    assert [run.seed for run in added] == [3002] * 4


def test_a_new_variant_adds_only_its_runs() -> None:
    """One line more in the study is one run more a seed."""
    study = quick()
    tables = study.tables()
    more = {"name": "Lecun", "initializer": "LecunNormal"}
    tables["experiments"]["base"]["variants"].append(more)
    added = new(planned(build_study(tables, "more")), planned(study))
    assert [(run.variant, run.seed) for run in added] == [("Lecun", 3000), ("Lecun", 3001)]


def test_a_changed_variant_adds_only_its_runs() -> None:
    """Another parameter of one variant leaves the runs of the others as they are."""
    changed = quick("variants.RandomNormal.stddev=0.02")
    added = new(planned(changed), planned(quick()))
    assert [(run.variant, run.seed) for run in added] == [
        ("RandomNormal", 3000),
        ("RandomNormal", 3001),
    ]


def asked(epochs: int, *measurements: tuple[str, float], keep_state: bool = False) -> Run:
    """One run of which this is asked."""
    return Run("base", "a", "d", SETTINGS, Asked(epochs, frozenset(measurements), keep_state))


STORED = asked(10, (WEIGHTS, 0.0), (WEIGHTS, 0.5), (WEIGHTS, 10.0), keep_state=True)
"""Stored to ten epochs, with a checkpoint; its weights at half an epoch and after each."""


@pytest.mark.parametrize(
    ("run", "found"),
    [
        (STORED, None),
        (asked(5, (WEIGHTS, 0.0), (WEIGHTS, 5.0)), None),
        (asked(0), None),
        (asked(12, (WEIGHTS, 0.0), (WEIGHTS, 12.0)), (10, "more epochs")),
        (asked(10, (WEIGHTS, 0.25)), (0, "other measurements")),
        (asked(5, (SIGNALS, 5.0)), (0, "other measurements")),
        (asked(12, (HISTOGRAMS, 0.5)), (0, "other measurements")),
        (asked(12, (HISTOGRAMS, 12.0)), (10, "more epochs")),
    ],
)
def test_only_what_is_missing_is_done(run: Run, found: tuple[int, str] | None) -> None:
    """Fewer epochs cost nothing, more cost those, and a measurement passed by costs all."""
    left = tasks([run], all_done([STORED]))
    assert [(task.start, task.reason) for task in left] == ([found] if found else [])


def test_without_a_checkpoint_more_epochs_start_anew() -> None:
    """As they do where it was made by another machine."""
    stored = {STORED.id: replace(done(STORED), resumable=False)}
    assert [task.start for task in tasks([asked(12)], stored)] == [0]


def test_whoever_trains_again_loses_nothing() -> None:
    """What a store has of a run is asked for, too: its epochs, its moments, after every epoch."""
    (task,) = tasks([asked(2, (SIGNALS, 0.25))], all_done([STORED]))
    assert task.run.asked.epochs == 10
    epochs = [float(epoch) for epoch in range(11)]
    assert task.run.asked.measurements == {
        *((WEIGHTS, moment) for moment in (0.5, *epochs)),
        *((SIGNALS, moment) for moment in (0.25, *epochs)),
    }


def test_two_experiments_share_a_run() -> None:
    """It is trained once, for all that either asks."""
    (task,) = tasks([asked(2, (SIGNALS, 0.5)), asked(3, (WEIGHTS, 3.0), keep_state=True)], {})
    assert (task.run.asked.epochs, task.run.asked.keep_state) == (3, True)
    assert {(SIGNALS, 0.5), (WEIGHTS, 3.0)} <= task.run.asked.measurements


@pytest.mark.parametrize("epochs", [2, 3, 10, 20])
def test_a_run_that_diverged_is_never_trained_on(epochs: int) -> None:
    """It ended in its third epoch, and was measured there for the last time."""
    measured = frozenset((WEIGHTS, float(epoch)) for epoch in range(4))
    run = asked(epochs, (WEIGHTS, 0.0), (WEIGHTS, float(epochs)))
    assert tasks([run], {run.id: Done(3, 3, measured)}) == ()


def test_what_is_to_be_done_is_told_by_its_kind() -> None:
    """A run goes on from a checkpoint, or is trained from its beginning."""
    one, on = Task(STORED), Task(STORED, 10, "more epochs")
    assert in_words([]) == "stored"
    assert in_words([one, one]) == "2 to train"
    assert in_words([one, on, on]) == "1 to train, 2 to continue"
