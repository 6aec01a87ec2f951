"""What a store tells of all its runs: just what was stored, whoever asked for it."""

import sqlite3
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from analysis.plan import provenance, work
from analysis.plan.run import Run
from analysis.results.stored import store
from tests.made.results import tiny


def test_a_record_is_what_was_stored(path: Path, planned: tuple[Run, ...]) -> None:
    """Settings come back as they were, to their identity; the seconds of epochs are added up."""
    tiny.store_results(path, planned)
    tasks = {task.run.id: task.run for task in work.tasks(planned, {})}
    with store.open_store(path, to_read=True) as opened:
        records = opened.records()
    assert [each.run_id for each in records] == sorted(tasks)
    for record in records:
        run = tasks[record.run_id]
        result = tiny.measured(run)
        assert record.settings == run.settings
        assert replace(run, settings=record.settings).id == record.run_id
        assert (record.epochs, record.measurements) == (len(result.epochs), result.measurements)
        assert (record.begin_s, record.compile_s) == (result.begin_s, 0.0)
        assert record.epochs_s == pytest.approx(sum(each.train_s for each in result.epochs))
        assert not record.here


def test_a_run_of_this_machine_is_told_apart(path: Path, planned: tuple[Run, ...]) -> None:
    """Whatever number of cores it had then."""
    own = tuple(pair for pair in provenance.training_environment() if pair[0] != "cores")
    with store.open_store(path) as opened:
        for run, environment in zip(planned, (own, (*own, ("cores", "96"))), strict=False):
            opened.add(run, replace(tiny.measured(run), environment=environment))
        assert [each.here for each in opened.records()] == [True, True]


@pytest.mark.parametrize(
    "spoilt",
    [
        "settings = '{}'", "settings = 'x'", "begin_s = -1.0", "measurements = '{'",
        "environment = '[]'",
    ],
)  # fmt: skip
def test_a_row_that_tells_nothing_is_passed_over(
    path: Path, planned: tuple[Run, ...], spoilt: str
) -> None:
    """It explains nothing, and stops nobody."""
    tiny.store_results(path, planned)
    with closing(sqlite3.connect(path)) as connection, connection:
        connection.execute(f"UPDATE runs SET {spoilt} WHERE run_id = ?", (planned[0].id,))
    with store.open_store(path, to_read=True) as opened:
        assert planned[0].id not in {each.run_id for each in opened.records()}
