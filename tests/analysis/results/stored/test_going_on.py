"""A run that goes on: its parts add up to one, from the checkpoint of just that run."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from analysis.errors import StoreError
from analysis.plan import provenance
from analysis.plan.result import RunResult
from analysis.plan.run import Run
from analysis.results.stored import schema, store
from tests.made.results import tiny


def parts(run: Run) -> tuple[RunResult, RunResult]:
    """What a run leaves behind in its first epoch, and what it does when it goes on from there."""
    whole = replace(tiny.measured(run), state=b"the end")
    at = {name: getattr(whole, name) for name in ("epochs", "steps", "layers", "histograms")}
    first: dict[str, Any] = {n: tuple(r for r in rows if place(r) <= 1) for n, rows in at.items()}
    second: dict[str, Any] = {n: tuple(r for r in rows if place(r) > 1) for n, rows in at.items()}
    early = frozenset(each for each in whole.measurements if each[1] <= 1)
    late = whole.measurements - early
    return (
        replace(whole, **first, measurements=early, state=b"the middle"),
        replace(whole, **second, measurements=late, start=1, begin_s=0.0),
    )


def place(row: Any) -> float:
    """The moment of a row, in epochs."""
    return float(row.epoch if hasattr(row, "epoch") else row.progress)


def test_a_run_that_went_on_is_as_if_it_had_not_stopped(
    path: Path, planned: tuple[Run, ...]
) -> None:
    """Its parts add up; the checkpoint is that of the end, and the one before is gone."""
    run = next(each for each in planned if each.experiment == "deep")
    first, second = parts(run)
    with store.open_store(path) as opened:
        opened.add(run, first)
        assert opened.done([run])[run.id].epochs == 1
        assert opened.state(run) == b"the middle"
        opened.add(run, second)
        both = {name: opened.frame(name, [run]) for name in schema.TABLES}
        assert opened.state(run) == b"the end"
    assert len([*(path.parent / "states").iterdir()]) == 1
    other = path.with_name("other.sqlite")
    with store.open_store(other) as opened:
        opened.add(run, replace(tiny.measured(run), state=b"the end"))
        for name, frame in both.items():
            pd.testing.assert_frame_equal(opened.frame(name, [run]), frame)


def test_a_run_does_not_go_on_from_where_it_is_not(path: Path, planned: tuple[Run, ...]) -> None:
    """Another build may have trained it meanwhile: its epochs are left as they are."""
    run = next(each for each in planned if each.experiment == "deep")
    first, second = parts(run)
    with store.open_store(path) as opened:
        opened.add(run, first)
        opened.add(run, second)
        before = opened.frame("epochs", [run])
        with pytest.raises(StoreError, match="has 2 epochs, and was trained on from 1"):
            opened.add(run, second)
        pd.testing.assert_frame_equal(opened.frame("epochs", [run]), before)


@pytest.mark.parametrize("spoil", ["gone", "another", "empty"])
def test_a_checkpoint_that_is_not_whole_is_none(
    path: Path, planned: tuple[Run, ...], spoil: str
) -> None:
    """A file that somebody removed or changed is not trained on."""
    run = next(each for each in planned if each.experiment == "deep")
    with store.open_store(path) as opened:
        opened.add(run, replace(tiny.measured(run), state=b"the end"))
        (file,) = (path.parent / "states").iterdir()
        assert opened.state(run) == b"the end"
        if spoil == "gone":
            file.unlink()
        else:
            file.write_bytes(b"the ene" if spoil == "another" else b"")
        assert opened.state(run) is None
        assert opened.state(planned[0]) is None


@pytest.mark.parametrize(
    ("change", "resumable"),
    [
        ({}, True),
        ({"cores": "96"}, True),
        ({"day": "2026-11-24"}, True),
        ({"tensorflow": "1.0"}, False),
        ({"processor": "Z80"}, False),
    ],
)
def test_a_checkpoint_of_another_machine_is_not_trained_on(
    path: Path, planned: tuple[Run, ...], change: dict[str, str], resumable: bool
) -> None:
    """The bits of one run come from one processor and one set of packages, whatever the day."""
    run = planned[0]
    where = tuple({**dict(provenance.training_environment()), **change}.items())
    result = replace(tiny.measured(run), state=b"the end", environment=where)
    with store.open_store(path) as opened:
        opened.add(run, result)
        assert opened.done([run])[run.id].resumable is resumable


def test_a_run_that_went_on_is_dated_by_its_end(path: Path, planned: tuple[Run, ...]) -> None:
    """It went on where it was begun, but on a later day."""
    run = next(each for each in planned if each.experiment == "deep")
    first, second = (
        replace(part, environment=(("keras", "3"), ("day", day)))
        for part, day in zip(parts(run), ("2026-11-24", "2026-12-01"), strict=True)
    )
    with store.open_store(path) as opened:
        opened.add(run, first)
        opened.add(run, second)
        assert opened.environments([run]) == [{"keras": "3", "day": "2026-12-01"}]


@pytest.mark.parametrize("day", ["x", "", "20261124", "2026-11-31"])
def test_a_day_that_is_none_is_refused(path: Path, planned: tuple[Run, ...], day: str) -> None:
    """Whoever has written it: no build leaves such a day."""
    run = planned[0]
    with store.open_store(path) as opened:
        opened.add(run, replace(tiny.measured(run), environment=(("keras", "3"), ("day", day))))
        with pytest.raises(StoreError, match=r"runs\.environment.*must be a day, such as"):
            opened.environments([run])
