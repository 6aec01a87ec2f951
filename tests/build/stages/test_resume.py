"""A build that is killed or stopped loses nothing that was finished, and the next one goes on.

One history is played through with real processes: killed while its workers start, killed in the
middle of the work, stopped by Ctrl-C, and finished. Each part of it has its test.
"""

import contextlib
import os
import re
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from build import ROOT
from tests.made.results import tiny

SEEDS, RUNS = 5, 10
EPOCHS = 200  # so many that a run is still being trained when the one before it is reported
MEASURED = """
[experiments.base]
measure = ["weights", "signals", "symmetry", "histograms"]
moments = [100]
curve_points = 2
"""
WAIT_S = 600.0
"""So long the busiest machine may take; nobody waits for longer than it takes."""

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform == "win32", reason="needs POSIX signals"),
    pytest.mark.timeout(900),  # TensorFlow starts six times: half a minute, on a busy machine more
]


class Build:
    """A real `python build.py train` in a process group of its own, as a terminal starts it."""

    def __init__(self, study: Path, results: Path, workers: int = 2) -> None:
        options = ["--study", study, "--results", results, "--workers", workers]
        self.process = subprocess.Popen(
            [sys.executable, str(ROOT / "build.py"), "train", *map(str, options)],
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            cwd=study.parent, start_new_session=True,
        )  # fmt: skip
        assert self.process.stdout is not None
        self.lines = self.process.stdout

    def read_until(self, start: str) -> str:
        """Return the first line of output that starts so."""
        for line in self.lines:
            if line.startswith(start):
                return line
        raise AssertionError(f"ended before {start!r}: {self.finish()}")

    def finish(self) -> tuple[str, str]:
        """Wait for the end; return what was left to read of both outputs."""
        return self.process.communicate(timeout=WAIT_S)

    def close(self) -> None:
        """End the build and all that it started, whatever it is doing."""
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.communicate()

    def workers(self) -> list[int]:
        """Return the processes that this build has started, on systems that list them."""
        listing = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(each) for each in listing.read_text().split()] if listing.exists() else []


def survivors(processes: list[int], patience: float = 10.0) -> list[int]:
    """Return the processes that are still running after a wait."""
    deadline = time.monotonic() + patience
    while (left := [each for each in processes if _running(each)]) and time.monotonic() < deadline:
        time.sleep(0.05)
    return left


def _running(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state != "Z"  # a zombie has ended; its new parent has not looked yet


def tables(results: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Return every row of the results file, but for what a clock measured."""
    queries = {
        "runs": "SELECT run_id, settings, epochs, diverged_epoch, measurements, environment"
        " FROM runs ORDER BY run_id",
        "epochs": "SELECT run_id, epoch, loss, accuracy, val_loss, val_accuracy, test_loss,"
        " test_accuracy FROM epochs ORDER BY run_id, epoch",
        "steps": "SELECT * FROM steps ORDER BY run_id, epoch",
        "layers": "SELECT * FROM layers ORDER BY run_id, progress, layer",
        "histograms": "SELECT * FROM histograms ORDER BY run_id, progress, layer, quantity",
    }
    connection = sqlite3.connect(results / "runs.sqlite")
    try:
        return {name: connection.execute(query).fetchall() for name, query in queries.items()}
    finally:
        connection.close()


def stored(results: Path) -> int:
    """Return how many runs are stored whole, having checked that none is there by half."""
    found = tables(results)
    assert len(found["epochs"]) == EPOCHS * len(found["runs"])
    assert len(found["layers"]) == 2 * (EPOCHS + 1) * len(found["runs"])  # of two layers
    assert len(found["histograms"]) == 3 * len(found["layers"])  # of three quantities
    assert len(found["steps"]) == EPOCHS * len(found["runs"])
    return len(found["runs"])


@dataclass
class History:
    """What was seen of builds that were killed, stopped and resumed, and of one left in peace."""

    early_stored: int
    early_survivors: list[int]
    killed_code: int
    killed_stored: int
    killed_survivors: list[int]
    stopped_plan: str
    stopped_code: int
    stopped_s: float
    stopped_words: str
    stopped_stored: int
    stopped_survivors: list[int]
    last_plan: str
    last_words: str
    last_code: int
    idle_output: str
    disturbed: dict[str, list[tuple[Any, ...]]]
    undisturbed: dict[str, list[tuple[Any, ...]]]


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> History:
    """Play the history through, once for all tests; nothing of it goes on after an error."""
    with contextlib.ExitStack() as builds:

        def start(*options: Any, **named: Any) -> Build:
            return builds.enter_context(contextlib.closing(Build(*options, **named)))

        return played(tmp_path_factory.mktemp("resume"), start)


def played(folder: Path, start: Callable[..., Build]) -> History:
    """Return what was seen of a history in a folder, whose builds are started by `start`."""
    study = tiny.write_study(folder, seeds=SEEDS, epochs=EPOCHS, experiments=MEASURED)
    disturbed, undisturbed = folder / "disturbed", folder / "undisturbed"

    early = start(study, disturbed)
    early.read_until("Training")
    time.sleep(0.5)
    early_workers = early.workers()
    early.process.kill()
    early.finish()
    early_survivors, early_stored = survivors(early_workers), stored(disturbed)

    killed = start(study, disturbed, workers=1)
    killed.read_until("[ 1/")
    killed_workers = killed.workers()
    killed.process.kill()
    killed.finish()
    killed_survivors, killed_stored = survivors(killed_workers), stored(disturbed)

    stopped = start(study, disturbed)
    stopped_plan = stopped.read_until("Training")
    stopped.read_until("[")
    stopped_workers, moment = stopped.workers(), time.monotonic()
    os.killpg(stopped.process.pid, signal.SIGINT)
    _, stopped_words = stopped.finish()
    stopped_s = time.monotonic() - moment
    stopped_survivors = survivors(stopped_workers)
    stopped_stored = stored(disturbed)

    last = start(study, disturbed)
    last_plan = last.read_until("Training")
    peaceful = start(study, undisturbed, workers=1)
    _, last_words = last.finish()
    peaceful.finish()
    idle = start(study, disturbed)
    return History(
        early_stored, early_survivors,
        killed.process.returncode, killed_stored, killed_survivors,
        stopped_plan, stopped.process.returncode, stopped_s, stopped_words, stopped_stored,
        stopped_survivors,
        last_plan, last_words, last.process.returncode,
        idle.finish()[0], tables(disturbed), tables(undisturbed),
    )  # fmt: skip


def test_a_kill_while_the_workers_start_leaves_no_run(history: History) -> None:
    """Nothing was finished, so nothing is stored, by half or whole."""
    assert history.early_stored == 0


def test_what_was_reported_before_a_kill_is_stored(history: History) -> None:
    """The run of the line that was printed is there; what was under way is not there by half."""
    assert history.killed_code == -signal.SIGKILL
    assert 1 <= history.killed_stored < RUNS


def test_no_worker_outlives_its_build(history: History) -> None:
    """Whether the build was killed early, in the middle, or stopped, its processes end too."""
    assert history.early_survivors == []
    assert history.killed_survivors == []
    assert history.stopped_survivors == []


def test_ctrl_c_ends_a_build_quickly_and_says_how_to_go_on(history: History) -> None:
    """It says what is stored and what resumes, and shows no traceback.

    It takes under two seconds; a machine that is busy with other tests gets some more.
    """
    assert history.stopped_code == 130
    assert history.stopped_s < 15
    assert f"{history.stopped_stored} of {RUNS} runs are stored" in history.stopped_words
    assert "The same command resumes" in history.stopped_words
    assert "Traceback" not in history.stopped_words


def test_each_build_trains_only_what_is_missing(history: History) -> None:
    """A build says what is left of the plan, which is what the one before it has not stored."""
    missing = RUNS - history.killed_stored
    plan = f"Training {missing} of {RUNS} runs on 2 workers: about "
    assert history.stopped_plan.startswith(plan)
    assert history.stopped_stored > history.killed_stored
    missing = RUNS - history.stopped_stored
    plan = f"Training {missing} of {RUNS} runs on {min(missing, 2)} workers: about "
    assert history.last_plan.startswith(plan)
    assert history.last_code == 0
    assert not re.search("[Ee]rror|Traceback", history.last_words)
    assert history.idle_output == ""


def test_results_do_not_tell_that_a_build_was_disturbed(history: History) -> None:
    """Every number of every table is, bit for bit, that of one worker left in peace."""
    assert len(history.undisturbed["runs"]) == RUNS
    for table, rows in history.undisturbed.items():
        assert [tuple(map(repr, row)) for row in history.disturbed[table]] == [
            tuple(map(repr, row)) for row in rows
        ]
