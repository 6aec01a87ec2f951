"""Clusters of real processes: a scheduler and workers, each started as by hand."""

import contextlib
import importlib.util
import os
import re
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from analysis.training.cluster import joining

needed = pytest.mark.skipif(
    importlib.util.find_spec("distributed") is None,
    reason="a cluster needs the packages of requirements-cluster.lock",
)

SCHEDULER = ["distributed.cli.dask_scheduler", "--host", "127.0.0.1", "--no-dashboard"]
WORKER = ["distributed.cli.dask_worker", "--no-dashboard", "--host", "127.0.0.1"]


class Grid:
    """A scheduler and its workers; each worker has its folder, and its log beside that."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.address = folder, ""
        self.scheduler: subprocess.Popen[bytes] | None = None
        self.workers: list[subprocess.Popen[bytes]] = []

    def start(self, port: int = 0) -> None:
        """Start the scheduler, and wait until it listens."""
        told = self.folder / f"scheduler-{len(list(self.folder.glob('scheduler*')))}"
        self.scheduler = self._process(told, [*SCHEDULER, "--port", str(port)])
        eventually(lambda: re.search(r"Scheduler at:\s+(tcp://\S+)", told.read_text()))
        found = re.search(r"Scheduler at:\s+(tcp://\S+)", told.read_text())
        assert found is not None
        self.address = found[1]

    def add(self, *options: str, **around: str) -> subprocess.Popen[bytes]:
        """Start a worker, of one thread unless it is said otherwise."""
        own = self.folder / f"worker-{len(self.workers)}"
        own.mkdir()
        words = options or ("--nthreads", "1", "--no-nanny")
        command = [*WORKER, self.address, "--local-directory", str(own), *words]
        self.workers.append(self._process(own / "log", command, **around))
        return self.workers[-1]

    def log(self, worker: int) -> str:
        """Return what a worker has told."""
        return (self.folder / f"worker-{worker}" / "log").read_text()

    def _process(self, log: Path, words: list[str], **around: str) -> subprocess.Popen[bytes]:
        with log.open("w") as told:
            return subprocess.Popen(
                [sys.executable, "-m", *words], cwd=self.folder, env={**os.environ, **around},
                stdin=subprocess.DEVNULL, stdout=told, stderr=told,
            )  # fmt: skip

    def end(self) -> None:
        """End all of it."""
        for process in filter(None, [*self.workers, self.scheduler]):
            process.kill()
            process.wait()


@contextlib.contextmanager
def grid(folder: Path, workers: int) -> Iterator[Grid]:
    """Give a cluster with so many workers."""
    made = Grid(folder)
    try:
        made.start()
        for _ in range(workers):
            made.add()
        yield made
    finally:
        made.end()


def address(made: Grid) -> joining.Address:
    """Return the address of a cluster, as it is typed."""
    return joining.read(made.address)


def eventually(is_so: Callable[[], object], seconds: float = 120) -> None:
    """Wait until something is so."""
    patient = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < patient, "it never was so"
        time.sleep(0.05)


def below(process: int) -> list[int]:
    """Return the processes that a process has started, and those that they have."""
    found = []
    for thread in Path(f"/proc/{process}/task").glob("*/children"):
        with contextlib.suppress(OSError):
            found += [int(each) for each in thread.read_text().split()]
    return [*found, *(inner for each in found for inner in below(each))]


def is_running(process: int) -> bool:
    """Tell whether a process is there, and has not ended."""
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def training(process: int) -> list[int]:
    """Return the processes below a worker that have TensorFlow in their memory."""
    found = []
    for each in below(process):
        with contextlib.suppress(OSError):
            if "libtensorflow" in Path(f"/proc/{each}/maps").read_text():
                found.append(each)
    return found
