"""Worker processes: the same bits whatever their number, and clean ends."""

import json
import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import pytest

from analysis.errors import DataError, TrainingError
from analysis.plan.result import RunResult
from analysis.plan.run import Run
from analysis.training import workers
from build import ROOT
from tests.analysis.training import small

# Trains the small study on one worker, last run first, then leaves in the middle of an endless run.
ALONE = """
import json, multiprocessing, sys, time
from dataclasses import asdict
from analysis.training import workers
from tests.analysis.training import small
from tests.analysis.training.test_workers import study_runs

runs = study_runs(sys.argv[1])[::-1]
endless = small.runs(sys.argv[1], small.HE, seeds=[9], epochs=100_000)
results = workers.train([*runs, *endless], 1)
trained = [asdict(next(results)) for _ in runs]
time.sleep(0.2)
children, started = multiprocessing.active_children(), time.monotonic()
results.close()
for child in children:
    child.join()
print(json.dumps({
    "results": trained,
    "children": len(children),
    "seconds": time.monotonic() - started,
    "tensorflow": "tensorflow" in sys.modules,
}))
"""


def study_runs(data: str) -> tuple[Run, ...]:
    """Return four short runs: two variants, two seeds."""
    return small.runs(data, small.HE, small.GLOROT, seeds=[0, 1], hidden=(32,))


def bits(result: dict[str, Any]) -> str:
    """Return everything of a result but its times, exactly: floats are written to the last bit."""
    return json.dumps({**result, "train_s": 0, "compile_s": 0})


def nobody_is_left() -> bool:
    """Return whether every child process ends within 5 seconds."""
    for child in multiprocessing.active_children():
        child.join(5)
    return not multiprocessing.active_children()


@pytest.fixture(scope="module")
def alone(small_mnist: str) -> tuple[dict[str, Any], str]:
    """Return what one worker made in a fresh process, and what that wrote to standard error."""
    command = [sys.executable, "-c", ALONE, small_mnist]
    path = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(
        command, cwd=ROOT, env=path, capture_output=True, text=True, check=True, timeout=100
    )
    return json.loads(done.stdout), done.stderr


def test_bits_depend_neither_on_workers_nor_on_order(
    alone: tuple[dict[str, Any], str], small_mnist: str
) -> None:
    """Two workers give, bit for bit, what one worker gives that takes the runs last to first."""
    runs = study_runs(small_mnist)
    two = {result.run_id: bits(asdict(result)) for result in workers.train(runs, 2)}
    one = {result["run_id"]: bits(result) for result in alone[0]["results"]}
    assert one == json.loads(json.dumps(two))
    assert set(one) == {run.id for run in runs}
    assert len(set(one.values())) == 4


def test_closing_the_iterator_ends_a_worker_in_the_middle_of_a_run(
    alone: tuple[dict[str, Any], str],
) -> None:
    """A worker that would train for hours is gone within a second of the close."""
    assert alone[0]["children"] == 1
    assert alone[0]["seconds"] < 1


def test_the_parent_never_imports_tensorflow(alone: tuple[dict[str, Any], str]) -> None:
    """Training through workers leaves TensorFlow out of the process that asked for it."""
    assert alone[0]["tensorflow"] is False


def test_a_worker_starts_in_silence(alone: tuple[dict[str, Any], str]) -> None:
    """TensorFlow's start-up messages do not reach the screen."""
    assert alone[1] == ""


def test_a_lost_worker_is_an_error_that_says_what_to_do(small_mnist: str) -> None:
    """A worker that is killed, as for want of memory, ends the training with a TrainingError."""

    def kill_one() -> None:
        while not (children := multiprocessing.active_children()):
            time.sleep(0.01)
        os.kill(children[0].pid or 0, signal.SIGKILL)

    killer = threading.Thread(target=kill_one)
    killer.start()
    with pytest.raises(TrainingError, match="the same command resumes"):
        list(workers.train(study_runs(small_mnist), 2))
    killer.join()
    assert nobody_is_left()


def test_an_error_of_a_run_reaches_the_caller(small_mnist: str) -> None:
    """What a run raises in its worker is raised here, as it is."""
    (run,) = small.runs(small_mnist)
    gone = replace(run, dataset=str(Path(small_mnist).with_name("gone.npz")))
    with pytest.raises(DataError, match=r"gone\.npz"):
        list(workers.train([gone], 1))


def test_nothing_to_train_starts_no_worker() -> None:
    """An empty plan ends at once."""
    before = multiprocessing.active_children()
    assert list(workers.train([])) == []
    assert multiprocessing.active_children() == before


def test_there_is_a_worker_for_each_processor_this_process_may_use() -> None:
    """The default number of workers follows the processors that the system grants."""
    count = [
        sys.executable,
        "-c",
        "from analysis.training.surroundings import processors; print(processors.available())",
    ]
    one = subprocess.run(["taskset", "-c", "0", *count], cwd=ROOT, capture_output=True, check=True)
    assert int(one.stdout) == 1


def test_results_are_plain_numbers(alone: tuple[dict[str, Any], str]) -> None:
    """What crosses from a worker survives JSON unchanged: it holds no array and no tensor."""
    for result in alone[0]["results"]:
        assert set(result) == set(RunResult.__dataclass_fields__)
        assert all(isinstance(each["loss"], float) for each in result["epochs"])
