"""One process imports TensorFlow and is copied for each worker; all of them end with who asked."""

import contextlib
import multiprocessing
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from analysis.errors import TrainingError
from analysis.plan.work import Task
from analysis.training import workers
from analysis.training.surroundings import variables
from build import ROOT
from tests.analysis.training import small

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere no process is copied")

# Trains an endless run on each of two workers, says which processes do, and waits to be ended.
ENDLESS = """
import sys, threading
from analysis.plan.work import Task
from analysis.training import workers
from tests.analysis.training import small

runs = small.runs(sys.argv[1], small.HE, small.GLOROT, epochs=100_000)
with workers.started(2) as crew:
    threading.Timer(0, lambda: print(crew.processes[0][0].pid, flush=True)).start()
    list(crew.train([*map(Task, runs)]))
"""


def children(process: int) -> list[int]:
    """Return the processes that a process has started."""
    listing = Path(f"/proc/{process}/task/{process}/children")
    return [int(each) for each in listing.read_text().split()] if listing.exists() else []


def threads(process: int) -> int:
    """Return the number of threads of a process; 0 where it has ended."""
    try:
        status = Path(f"/proc/{process}/status").read_text()
    except OSError:
        return 0
    state, count = (re.search(rf"^{key}:\s+(\w+)", status, re.M) for key in ("State", "Threads"))
    return int(count[1]) if count and state and state[1] != "Z" else 0


def computing(server: int) -> list[int]:
    """Return the two copies of a process, once each has begun to compute.

    While it imports TensorFlow, it starts others for a moment, which are none.
    """
    while len(copies := children(server)) < 2 or any(threads(each) < 4 for each in copies):
        time.sleep(0.05)
    return copies


@contextlib.contextmanager
def endless(data: str, temporary: Path) -> Iterator[tuple[subprocess.Popen[str], int, list[int]]]:
    """Give a training that does not end, the process that it has started, and the copies of that.

    They are told once each has begun to compute.
    """
    environment = {
        **os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(temporary),
        "TF_NUM_INTRAOP_THREADS": "9",
    }  # fmt: skip
    with subprocess.Popen(
        [sys.executable, "-c", ENDLESS, data],
        cwd=ROOT, env=environment, stdout=subprocess.PIPE, text=True,
    ) as training:  # fmt: skip
        try:
            assert training.stdout is not None
            server = int(training.stdout.readline())
            yield training, server, computing(server)
        finally:
            training.kill()


def test_tensorflow_is_imported_once_and_copied_before_it_computes(
    small_mnist: str, tmp_path: Path
) -> None:
    """Both workers have the library of one process, which itself never began to compute.

    An operation starts threads, which a copy would not have: the process that is copied has one.
    """
    with endless(small_mnist, tmp_path) as (_, server, copies):
        assert len(copies) == 2
        assert threads(server) == 1
        mapped = [Path(f"/proc/{each}/maps").read_text() for each in (server, *copies)]
        assert all("libtensorflow" in each for each in mapped)


def test_a_worker_has_the_variables_of_a_worker_alone(small_mnist: str, tmp_path: Path) -> None:
    """What the shell holds for others does not come through, and what a worker needs is set."""
    with endless(small_mnist, tmp_path) as (_, _, copies):
        content = Path(f"/proc/{copies[0]}/environ").read_text()
        found = dict(each.split("=", 1) for each in content.split("\0") if each)
    assert found.items() >= variables.OF_WORKER.items()
    assert "PYTHONPATH" not in found
    assert Path(found["TMPDIR"]).parent == tmp_path
    assert found["KERAS_HOME"] == found["TMPDIR"]


def test_ctrl_c_is_the_affair_of_who_has_started_a_training(
    small_mnist: str, tmp_path: Path
) -> None:
    """A terminal sends it to all processes; those started here leave it to the one that did."""
    interrupt = 1 << signal.SIGINT - 1
    with endless(small_mnist, tmp_path) as (_, server, copies):
        for process in (server, *copies):
            status = Path(f"/proc/{process}/status").read_text()
            blocked = re.search(r"^SigBlk:\s+(\w+)", status, re.M)
            assert blocked is not None
            assert int(blocked[1], 16) & interrupt


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_who_has_started_a_training_takes_it_all_along(
    small_mnist: str, tmp_path: Path, number: signal.Signals
) -> None:
    """When the process that asked is killed, no worker is left, nor what they are copies of."""
    with endless(small_mnist, tmp_path) as (training, server, copies):
        training.send_signal(number)
        training.wait()
        patient = time.monotonic() + 60
        while any(map(threads, (server, *copies))) and time.monotonic() < patient:
            time.sleep(0.05)
        assert not any(map(threads, (server, *copies)))
        assert list(tmp_path.iterdir()) == []


def test_workers_end_with_the_process_that_they_are_copies_of(
    small_mnist: str, tmp_path: Path
) -> None:
    """Where that one is killed alone, the training ends, and no worker goes on for nobody."""
    with endless(small_mnist, tmp_path) as (training, server, copies):
        os.kill(server, signal.SIGKILL)
        assert training.wait(60) == 1
        patient = time.monotonic() + 60
        while any(map(threads, copies)) and time.monotonic() < patient:
            time.sleep(0.05)
        assert not any(map(threads, copies))


def test_a_lost_copy_tells_by_which_signal(small_mnist: str) -> None:
    """A worker that is lost in the middle of a run is told from its own signal, not another's."""
    runs = small.runs(small_mnist, small.HE, small.GLOROT, epochs=100_000)

    def kill_one(crew: workers.Crew) -> None:
        os.kill(computing(crew.processes[0][0].pid or 0)[-1], signal.SIGSEGV)

    with workers.started(2) as crew:
        killer = threading.Thread(target=kill_one, args=(crew,))
        killer.start()
        with pytest.raises(TrainingError, match=r"crashed inside a library \(SIGSEGV\)"):
            list(crew.train([*map(Task, runs)]))
        killer.join()
    assert multiprocessing.active_children() == []


def test_a_lost_copy_is_told_after_another_has_retired(
    small_mnist: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The copy that has taken the place of one that has grown ends the training as any would."""
    monkeypatch.setattr(workers, "LARGEST", 1)
    first = small.runs(small_mnist, small.HE, hidden=(16,))
    endless = small.runs(small_mnist, small.HE, epochs=100_000)
    with workers.started(1) as crew:
        server = crew.processes[0][0].pid or 0
        while not crew._told:  # that its copy is there
            crew._listen()
            time.sleep(0.05)
        (retiring,) = children(server)
        results = crew.train([*map(Task, (*first, *endless))])
        assert next(results).run_id == first[0].id

        def kill_the_next() -> None:
            while (found := children(server)) in ([], [retiring]):
                time.sleep(0.05)
            os.kill(found[-1], signal.SIGBUS)

        killer = threading.Thread(target=kill_the_next)
        killer.start()
        with pytest.raises(TrainingError, match=r"\(SIGBUS\)"):
            list(results)
        killer.join()
    assert multiprocessing.active_children() == []
