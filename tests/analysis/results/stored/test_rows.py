"""What the evidence reads: the stored rows of one study, labelled, sorted, and of fixed types."""

import json
import math
import sqlite3
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from analysis.errors import StoreError
from analysis.plan import planning
from analysis.plan.run import Run
from analysis.plan.work import tasks
from analysis.results import frames
from analysis.results.frames import MOMENTS, Results
from analysis.results.stored import rows, schema, store
from analysis.study.model import Study
from tests.made.results import tiny

FRAMES = ("runs", "epochs", "curves", "layers", "histograms", "first_steps")


@pytest.fixture
def study(tmp_path: Path) -> Path:
    """Return the path of a study with a base, a sweep, and an experiment without training."""
    return tiny.write_study(tmp_path, experiments=tiny.SWEEP)


def read(path: Path, study: Study, runs: tuple[Run, ...]) -> Results:
    """Return what a file holds of a study."""
    with store.open_store(path) as opened:
        data = planning.data(study)
        return rows.read(study, data, runs, [opened] * len(runs), {"a": 1})


def filled(path: Path, runs: tuple[Run, ...], diverged: frozenset[int] = frozenset()) -> Path:
    """Store made-up results beside a study; return the file."""
    file = path.with_name("runs.sqlite")
    tiny.store_results(file, runs, diverged)
    return file


def test_numbers_are_those_that_were_stored(study: Path) -> None:
    """Each run has its own results, to the last bit, and the metrics of its last epoch."""
    made, runs = tiny.planned(study)
    found = read(filled(study, runs), made, runs)
    by_id = {task.run.id: tiny.measured(task.run) for task in tasks(runs, {})}
    assert len(found.runs) == len(runs)
    for row in found.runs.to_dict("records"):
        result = by_id[row["run_id"]]
        assert row["status"] == "finished"
        assert pd.isna(row["diverged_epoch"])
        assert row["train_s"] == pytest.approx(result.train_s)
        assert row["epochs"] == len(result.epochs)
        if not result.epochs:
            assert math.isnan(row["train_loss"])
            assert math.isnan(row["test_accuracy"])
            continue
        last = result.epochs[-1]
        assert (row["train_loss"], row["val_accuracy"]) == (last.loss, last.val_accuracy)
        assert row["test_loss"].hex() == last.test_loss.hex()
    for identity, own in found.histograms.groupby("run_id"):
        shares = {json.dumps(row.shares) for row in by_id[str(identity)].histograms}
        assert set(own["shares"]) == shares


def test_rows_come_in_the_order_of_the_study(study: Path) -> None:
    """Whatever the order of training: by experiment, place in the sweep, variant and seed."""
    made, runs = tiny.planned(study)
    found = read(filled(study, runs[::-1]), made, runs).runs
    keys = ["experiment", "depth", "stddev", "variant", "seed"]
    deep = found[found["experiment"] == "deep"]
    assert list(deep[keys].itertuples(index=False, name=None)) == [
        ("deep", depth, stddev, variant, seed)
        for depth in (3, 2)
        for stddev in (0.1, 0.01)
        for variant in ("Small", "He, zero output")
        for seed in (1, 3)
    ]
    assert list(dict.fromkeys(found["experiment"])) == ["base", "deep", "start"]
    assert list(found["experiment"].cat.categories) == ["base", "deep", "start"]
    names = ["Zeros", "HeNormal", "Small", "He, zero output"]
    assert list(found["variant"].cat.categories) == names
    assert found["variant"].cat.ordered


def test_runs_are_labelled_with_their_settings(study: Path) -> None:
    """Depth, width, activation, optimizer and rate, and what a sweep sets beside them."""
    made, runs = tiny.planned(study)
    found = read(filled(study, runs), made, runs).runs.set_index("experiment")
    deep, start = found.loc["deep"], found.loc["start"]
    assert set(zip(deep["depth"], deep["width"], strict=True)) == {(3, 4), (2, 4)}
    assert set(found["optimizer"]) == {"Adam"}
    assert set(found["learning_rate"]) == {0.01}
    assert found.loc["base"]["stddev"].isna().all()
    assert set(zip(start["activation"], start["bias"], strict=True)) == {
        (activation, bias) for activation in ("relu", "tanh") for bias in ("Zeros", "Ones")
    }


def test_a_sweep_over_epochs_is_labelled_by_the_epochs_trained(study: Path) -> None:
    """A swept key that the frames have a column for already does not double it."""
    sweep = "experiments.base.sweep={'training.epochs' = [0, 3], 'training.batch_size' = [4]}"
    made, runs = tiny.planned(study, [sweep])
    found = read(filled(study, runs), made, runs).runs
    base = found[found["experiment"] == "base"]
    assert base["epochs"].tolist() == [0, 0, 0, 0, 3, 3, 3, 3]
    assert set(base["batch_size"]) == {4}


def test_a_study_with_fewer_epochs_is_read_from_the_longer_training(study: Path) -> None:
    """Every frame ends with the epochs asked for; the last moment is the end of those."""
    _, longer = tiny.planned(study, ["training.epochs=5"])
    path = filled(study, longer)
    made, runs = tiny.planned(study, ["training.epochs=3"])
    found = read(path, made, runs)
    kept = {task.run.id: tiny.measured(task.run) for task in tasks(longer, {})}
    trained = found.runs[found.runs["experiment"] != "start"]
    assert set(trained["epochs"]) == {3}
    for frame, order in (
        (found.epochs, "epoch"),
        (found.curves, "progress"),
        (found.layers, "progress"),
    ):
        assert frame[order].max() == 3
    for row in trained.to_dict("records"):
        third = kept[row["run_id"]].epochs[2]
        assert (row["train_loss"], row["test_accuracy"]) == (third.loss, third.test_accuracy)
        seconds = [epoch.train_s for epoch in kept[row["run_id"]].epochs[:3]]
        assert row["train_s"] == pytest.approx(kept[row["run_id"]].begin_s + sum(seconds))
    final = found.layers[found.layers["moment"] == "final"]
    assert set(final["progress"]) == {3}


def test_a_run_that_diverged_later_has_finished(study: Path) -> None:
    """Up to the epochs asked for its losses were finite."""
    _, longer = tiny.planned(study, ["training.epochs=5"])
    path = filled(study, longer, frozenset(range(100)))
    made, runs = tiny.planned(study, ["training.epochs=3"])
    found = read(path, made, runs).runs
    assert set(found["status"]) == {"finished"}
    assert found["diverged_epoch"].isna().all()
    made, runs = tiny.planned(study, ["training.epochs=9"])
    found = read(path, made, runs).runs
    trained = found[found["experiment"] != "start"]
    assert set(trained["status"]) == {"diverged"}
    assert set(trained["epochs"]) == set(trained["diverged_epoch"]) == {5}


def test_a_study_is_told_only_what_it_asks_for(study: Path) -> None:
    """What others have measured of the same runs is not in its frames."""
    everything = [
        "experiments.base.measure=['weights', 'signals', 'symmetry', 'histograms']",
        "experiments.base.moments=[0.4]",
        "experiments.base.curve_points=3",
    ]
    made, runs = tiny.planned(study)
    alone = read(filled(study, runs), made, runs)
    study.with_name("runs.sqlite").unlink()
    more, others = tiny.planned(study, everything)
    path = filled(study, others)
    assert {0.4} < set(read(path, more, others).layers["progress"])
    found = read(path, made, runs)
    for name in ("layers", "histograms", "curves"):
        frame, wanted = getattr(found, name), getattr(alone, name)
        keys = [*frames.KEYS, "progress"]
        assert frame[keys].equals(wanted[keys])
        for column in frame.columns:
            assert frame[column].isna().equals(wanted[column].isna())


def test_moments_are_named(study: Path) -> None:
    """The first is initial, the last final; what is never trained has an initial one alone."""
    made, runs = tiny.planned(study)
    layers = read(filled(study, runs), made, runs).layers
    named = {
        experiment: dict(zip(own["progress"], own["moment"].astype(str), strict=True))
        for experiment, own in layers.groupby("experiment", observed=True)
    }
    assert named["base"] == {0: "initial", 2: "final"}
    assert named["deep"] == {0: "initial", 0.4: "during", 1: "during", 2: "final"}
    assert named["start"] == {0: "initial"}
    assert list(layers["moment"].cat.categories) == list(MOMENTS)
    deep = layers[(layers["experiment"] == "deep") & (layers["seed"] == 3)]
    first = deep[deep["run_id"] == deep["run_id"].iloc[0]]
    assert list(zip(first["progress"], first["layer"], strict=True)) == [
        (progress, layer) for progress in (0, 0.4, 1, 2) for layer in (1, 2, 3, 4)
    ]


@pytest.mark.parametrize("diverged", [{1}, set(range(100))], ids=["one", "all"])
def test_a_diverged_run_is_kept_as_such(study: Path, diverged: set[int]) -> None:
    """Its epoch is recorded, and what it has no value for is NaN in a column of floats."""
    changes = ["experiments.start.training.epochs=1", "experiments.start.network.hidden=[5]"]
    made, runs = tiny.planned(study, changes)
    found = read(filled(study, runs, frozenset(diverged)), made, runs)
    for name in FRAMES:
        frame = getattr(found, name)
        numbers = frame.select_dtypes(exclude=["object", "string", "category"])
        assert {"float64", "int64", "Int64"} >= {str(dtype) for dtype in numbers.dtypes}
    for place, run in enumerate(runs):
        row = found.runs[found.runs["run_id"] == run.id].iloc[0]
        lost = place in diverged
        assert row["status"] == ("diverged" if lost else "finished")
        assert math.isnan(row["test_loss"]) == math.isnan(row["train_loss"]) == lost
        if lost:
            assert row["diverged_epoch"] == run.asked.epochs
            assert row["val_loss"] == math.inf


def test_runs_of_other_studies_stay_out(study: Path) -> None:
    """Going back to earlier hyperparameters finds their runs, and only theirs."""
    _, runs = tiny.planned(study)
    other, others = tiny.planned(study, ["training.batch_size=16"])
    filled(study, runs)
    found = read(filled(study, others), other, others)
    for name in FRAMES:
        assert set(getattr(found, name)["run_id"]) <= {run.id for run in others}
    assert len(found.runs) == len(others)
    assert found.provenance == {"a": 1}


def test_two_names_of_one_run_share_its_rows(study: Path) -> None:
    """A run that two variants name is stored once and stands under both names."""
    same = '[{name="A", initializer="HeNormal"}, {name="B", initializer="HeNormal"}]'
    made, runs = tiny.planned(study, [f"experiments.base.variants={same}"])
    base = tuple(run for run in runs if run.experiment == "base")
    assert len(tasks(base, {})) == 2
    found = read(filled(study, base), made, base)
    assert found.runs["variant"].tolist() == ["A", "A", "B", "B"]
    assert found.runs["seed"].tolist() == [0, 1, 0, 1]
    assert len(found.epochs) == 8


def test_missing_runs_are_counted(study: Path) -> None:
    """Reading before all is trained says how much is missing and what trains it."""
    made, runs = tiny.planned(study)
    path = filled(study, runs[:5])
    left = len({run.id for run in runs} - {run.id for run in runs[:5]})
    said = rf"{left} of {len({run.id for run in runs})} runs .* have not been trained.*make report"
    with pytest.raises(StoreError, match=said) as caught:
        read(path, made, runs)
    assert caught.value.exit_code == 2


def test_rows_of_other_studies_are_not_even_read(
    study: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A store of many studies is read as fast as one of this: no row of another is fetched."""
    made, runs = tiny.planned(study)
    _, others = tiny.planned(study, ["training.batch_size=16"])
    alone = read(filled(study, runs), made, runs)
    filled(study, others)
    read_query: Any = pd.read_sql_query
    fetched: list[set[str]] = []

    def counted(*given: Any, **named: Any) -> pd.DataFrame:
        frame: pd.DataFrame = read_query(*given, **named)
        fetched.append(set(frame["run_id"]))
        return frame

    monkeypatch.setattr(pd, "read_sql_query", counted)
    again = read(study.with_name("runs.sqlite"), made, runs)
    assert len(fetched) == len(schema.MEASURED) + 2  # steps twice: for curves, and the first
    assert set().union(*fetched) == {run.id for run in runs}
    for name in FRAMES:
        pd.testing.assert_frame_equal(getattr(again, name), getattr(alone, name))


def test_environments_of_other_studies_are_not_read(study: Path) -> None:
    """What another run's environment holds, be it broken, is nothing to this study."""
    _, runs = tiny.planned(study)
    _, others = tiny.planned(study, ["training.batch_size=16"])
    path = filled(study, (*runs, *others))
    with sqlite3.connect(path) as connection:
        connection.execute("UPDATE runs SET environment = '{' WHERE run_id = ?", [others[0].id])
    connection.close()
    with store.open_store(path) as opened:
        assert opened.environments(runs) == [{"cores": "2", "day": tiny.DAY, "keras": "3"}]
