"""What runs inside a worker of Dask: it hands runs to a process of the project, and waits for it.

It imports the standard library and Dask alone. What is no affair of Dask's (variables, quietness,
memory, a run that goes on for nobody) is thereby that of the process, which can be killed.
"""

import contextlib
import subprocess
import sys
import time
from collections.abc import Mapping
from multiprocessing.connection import Pipe
from pathlib import Path

import distributed

BEGIN = (
    "import sys; sys.path[0] = sys.argv[1]; from analysis.training.cluster import station; "
    "station.serve(int(sys.argv[2]))"
)
FRESH_S = 5.0
"""A process that was idle for longer may be about to end: so long a silence `station.IDLE_S` is."""
TICK_S = 0.2


class Station:
    """The process that trains, and our end of a connection to it: it ends when that is closed."""

    def __init__(self, root: str) -> None:
        self.connection, end = Pipe()
        command = [sys.executable, "-E", "-s", "-X", "utf8", "-c", BEGIN, root, str(end.fileno())]
        self.process = subprocess.Popen(
            command, pass_fds=[end.fileno()], stdin=subprocess.DEVNULL, cwd=root
        )
        end.close()
        self.spoke = time.monotonic()

    def is_ready(self) -> bool:
        """Tell whether it will take a run."""
        silent = time.monotonic() - self.spoke
        return self.process.poll() is None and silent < FRESH_S

    def end(self) -> int:
        """End it at once, whatever it does; return its exit code."""
        with contextlib.suppress(OSError):
            self.connection.close()
        self.process.kill()
        return self.process.wait()


_stations: list[Station] = []
"""The one there is, if any: a worker has one thread, and this module is that of one code."""


def start(root: str, links: Mapping[str, str]) -> None:
    """Give the code its data, which stand elsewhere, and let the process get ready."""
    for name, there in links.items():
        place = Path(root, name)
        place.parent.mkdir(parents=True, exist_ok=True)
        with contextlib.suppress(FileExistsError):
            place.symlink_to(there)
    _ready(root)


def train(root: str, message: bytes, state: bytes | None) -> bytes:
    """Return what the process says of a run; one that its client wants no more is ended at once.

    Raises ChildProcessError where the process ended, and InterruptedError where it was ended.
    """
    station = _ready(root)
    try:
        station.connection.send_bytes(message)
        station.connection.send_bytes(state or b"")
        return _received(station)
    except (EOFError, ConnectionError):
        raise ChildProcessError(f"ended without a result, with exit code {station.end()}") from None


def _ready(root: str) -> Station:
    if _stations and not _stations[0].is_ready():
        _stations.pop().end()
    if not _stations:
        _stations.append(Station(root))
    return _stations[0]


def _received(station: Station) -> bytes:
    key = distributed.worker.thread_state.key
    while not station.connection.poll(TICK_S):
        if not _is_wanted(key):
            station.end()
            raise InterruptedError("nobody wants the run any more")
    station.spoke = time.monotonic()
    return station.connection.recv_bytes()


def _is_wanted(key: str) -> bool:
    """Tell whether the task still is to be done: not where its client has left or has been killed.

    Nor where the worker is being closed, or has lost its scheduler.
    """
    worker = distributed.get_worker()
    task = worker.state.tasks.get(key)
    is_open = worker.status in (distributed.Status.running, distributed.Status.paused)
    return is_open and task is not None and task.state == "executing"
