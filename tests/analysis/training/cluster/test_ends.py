"""How a training on a cluster ends that is stopped, or loses its scheduler: by the front door."""

import os
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from build import ROOT
from tests.analysis.training.cluster import clusters
from tests.analysis.training.cluster.clusters import Grid

pytestmark = [clusters.needed, pytest.mark.slow]

STUDY = """
title = "Small"
dataset = {{ path = "{data}", name = "Small" }}
seeds = 4
measure = ["weights"]
variants = [
  {{ name = "GlorotNormal", initializer = "GlorotNormal" }},
  {{ name = "HeNormal", initializer = "HeNormal" }},
]
network = {{ hidden = [32], activation = "relu" }}
[training]
optimizer = "Adam"
loss = "sparse_categorical_crossentropy"
batch_size = 64
epochs = {epochs}
validation_split = 0.2
"""
SHORT, LONG = 20, 2000
"""Epochs of runs of which all can be waited for, and of those that none ends."""


@pytest.fixture
def grid(tmp_path: Path) -> Iterator[Grid]:
    """Return a cluster of two workers."""
    with clusters.grid(tmp_path, 2) as made:
        yield made


class Training:
    """A training by the front door, as a process of its own."""

    def __init__(self, folder: Path, data: str, cluster: str, epochs: int = SHORT) -> None:
        self.store = folder / "own" / "runs.sqlite"
        study = folder / "study.toml"
        study.write_text(STUDY.format(data=data, epochs=epochs))
        words = ["train", "--study", str(study), "--results", "own", "--cluster", cluster]
        self.process = subprocess.Popen(
            [sys.executable, str(ROOT / "build.py"), *words], cwd=folder, env={**os.environ},
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
        )  # fmt: skip

    def stored(self) -> int:
        """Return how many runs are stored."""
        if not self.store.exists():
            return 0
        with sqlite3.connect(self.store) as opened:
            try:
                return int(opened.execute("SELECT count(*) FROM runs").fetchone()[0])
            except sqlite3.OperationalError:
                return 0  # no tables yet

    def ended(self, within: float) -> tuple[int, str, str]:
        """Return its exit code and what it said, within so many seconds."""
        try:
            out, err = self.process.communicate(timeout=within)
        finally:
            self.process.kill()
        return self.process.returncode, out, err


def numbers(store: Path) -> list[tuple[object, ...]]:
    """Return what is stored of all runs but times: epochs, the loss of every step, statistics."""
    wanted = {
        "epochs": "run_id, epoch, loss, accuracy, val_loss, test_accuracy",
        "steps": "*", "layers": "*", "runs": "run_id, epochs, environment",
    }  # fmt: skip
    with sqlite3.connect(store) as opened:
        queries = (f"SELECT {columns} FROM {table}" for table, columns in wanted.items())
        return sorted((row for each in queries for row in opened.execute(each)), key=repr)


@pytest.fixture(scope="module")
def whole(small_mnist: str, tmp_path_factory: pytest.TempPathFactory) -> list[tuple[object, ...]]:
    """Return what a training stores that nothing befalls, by two workers started here."""
    training = Training(tmp_path_factory.mktemp("whole"), small_mnist, "local:2")
    code, out, err = training.ended(200)
    assert (code, err) == (0, "")
    assert "Training 8 of 8 runs on 2 workers" in out
    return numbers(training.store)


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSTOP])
def test_a_scheduler_that_is_gone(
    grid: Grid, small_mnist: str, tmp_path: Path, whole: object, number: signal.Signals
) -> None:
    """Killed or deaf, it ends the training in words, and the same command goes on.

    In the end all is stored that a training stores which nothing befell.
    """
    training = Training(tmp_path, small_mnist, grid.address)
    clusters.eventually(training.stored)
    assert grid.scheduler is not None
    grid.scheduler.send_signal(number)
    began = time.monotonic()
    code, out, err = training.ended(60)
    assert code == 1
    assert time.monotonic() - began < 20, "ten seconds, but for a busy machine"
    assert f"error: the scheduler at {grid.address} is gone. What had finished is stored" in err
    assert "Traceback" not in out + err
    before = training.stored()
    assert before

    grid.end()
    grid.start()
    grid.add()
    again = Training(tmp_path, small_mnist, grid.address)
    code, out, err = again.ended(200)
    assert (code, err) == (0, "")
    assert f"Training {8 - before} of 8 runs" in out or before == 8
    assert numbers(again.store) == whole


def test_a_scheduler_that_begins_anew(grid: Grid, small_mnist: str, tmp_path: Path) -> None:
    """At the same address it knows nothing of the runs that it was given: that is told likewise."""
    training = Training(tmp_path, small_mnist, grid.address, LONG)
    clusters.eventually(lambda: any(clusters.training(each.pid) for each in grid.workers))
    assert grid.scheduler is not None
    grid.scheduler.kill()
    grid.scheduler.wait()
    grid.start(int(grid.address.rpartition(":")[2]))
    code, _, err = training.ended(60)
    assert code == 1
    assert f"error: the scheduler at {grid.address} is gone" in err


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_who_stops_a_training_ends_it_everywhere(
    grid: Grid, small_mnist: str, tmp_path: Path, number: signal.Signals
) -> None:
    """By Ctrl-C, in order or not: no process goes on that trains, and the workers are left."""
    training = Training(tmp_path, small_mnist, grid.address, LONG)
    clusters.eventually(lambda: all(clusters.training(each.pid) for each in grid.workers))
    time.sleep(3)
    before = [pid for each in grid.workers for pid in clusters.training(each.pid)]
    began = time.monotonic()
    training.process.send_signal(number)
    code, _, err = training.ended(60)
    assert time.monotonic() - began < 10, "at once, but for a busy machine"
    assert code == {signal.SIGINT: 130, signal.SIGTERM: 143, signal.SIGKILL: -9}[number]
    assert ("Interrupted. 0 of 8 runs are stored in" in err) == (number != signal.SIGKILL)
    clusters.eventually(lambda: not any(map(clusters.is_running, before)), 60)
    assert [each.poll() for each in grid.workers] == [None, None]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGKILL])
def test_workers_started_here_end_with_who_started_them(
    small_mnist: str, tmp_path: Path, number: signal.Signals
) -> None:
    """No process is left of them, in order or not."""
    training = Training(tmp_path, small_mnist, "local:2", LONG)
    clusters.eventually(lambda: clusters.training(training.process.pid))
    before = clusters.below(training.process.pid)
    began = time.monotonic()
    training.process.send_signal(number)
    code, _, err = training.ended(60)
    assert time.monotonic() - began < 15, "at once, but for a busy machine"
    assert code == {signal.SIGINT: 130, signal.SIGKILL: -9}[number]
    assert "Traceback" not in err
    clusters.eventually(lambda: not any(map(clusters.is_running, before)), 60)
