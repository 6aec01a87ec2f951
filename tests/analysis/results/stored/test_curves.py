"""The training loss of every step as a curve: means over stretches of full batches."""

import sqlite3
from pathlib import Path

import numpy as np
import pytest

from analysis.errors import StoreError
from analysis.plan import work
from tests.analysis.results.stored.test_rows import filled, read, study
from tests.made.results import tiny

__all__ = ["study"]  # a fixture


@pytest.mark.parametrize("losses", ["x''", "x'000000'"])
def test_losses_that_are_not_whole_are_refused(study: Path, losses: str) -> None:
    """A curve is drawn of all the steps of an epoch, or of none."""
    made, runs = tiny.planned(study)
    path = filled(study, runs)
    with sqlite3.connect(path) as connection:
        connection.execute(f"UPDATE steps SET losses = {losses}")
    connection.close()
    with pytest.raises(StoreError, match=r"steps: an epoch of the run .* of its 5 steps"):
        read(path, made, runs)


def test_the_first_steps_are_those_of_the_first_epoch(study: Path) -> None:
    """Of five full batches there are five; a run that is not trained has none."""
    made, runs = tiny.planned(study)
    found = read(filled(study, runs), made, runs).first_steps
    stored = {task.run.id: task.run for task in work.tasks(runs, {})}
    for run in runs:
        own = found[(found["run_id"] == run.id) & (found["experiment"] == run.experiment)]
        own = own.drop_duplicates()  # a sweep may have a run at several of its points
        result = tiny.measured(stored[run.id])
        wanted = np.frombuffer(result.steps[0].losses, "<f4").tolist()[:5] if result.steps else []
        assert own["loss"].tolist() == wanted
        assert own["step"].tolist() == [*range(1, len(wanted) + 1)]
    assert {run.experiment for run in runs if not run.settings.optimization} == {"start"}


def test_the_curve_is_the_training_loss_by_stretches(study: Path) -> None:
    """Of five full batches an epoch, three and two to a point; a short one is not drawn."""
    made, runs = tiny.planned(study)
    found = read(filled(study, runs), made, runs).curves
    assert set(found["experiment"].astype(str)) == {"deep"}
    run = next(run for run in runs if run.experiment == "deep")
    own = found[found["run_id"] == run.id]
    assert own["progress"].tolist() == pytest.approx([0.6, 1, 1.6, 2])
    losses = [np.frombuffer(each.losses, "<f4") for each in tiny.measured(run).steps]
    assert [len(each) for each in losses] == [5, 5]
    wanted = [float(part.mean(dtype="float64")) for each in losses for part in (each[:3], each[3:])]
    assert own["loss"].tolist() == pytest.approx(wanted, rel=1e-12)
