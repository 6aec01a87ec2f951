"""Ten thousand runs are handed out a few at a time: no memory grows with the plan."""

import os
import re
import signal
import threading
from pathlib import Path

import pytest

from benchmarks import handing
from tests.analysis.training.cluster import clusters

pytestmark = [clusters.needed, pytest.mark.slow]

RUNS = 3000
BOUND_MB = 10e-3 * RUNS


def memory_mb(process: int) -> float:
    """Return the resident memory of a process, in 10⁶ bytes."""
    pages = Path(f"/proc/{process}/statm").read_text().split()[1]
    return int(pages) * os.sysconf("SC_PAGE_SIZE") / 1e6


def stations(process: int) -> list[int]:
    """Return the processes below one that a worker has for training."""
    named = {each: Path(f"/proc/{each}/cmdline") for each in clusters.below(process)}
    return [each for each, path in named.items() if b"station.serve" in path.read_bytes()]


def test_memory_does_not_grow_with_the_plan(tmp_path: Path) -> None:
    """Neither of the client nor of the scheduler, by more than a third of a result: 10 kB a run.

    A result has 30 kB: were they kept, it would be 90 MB. What is known of a run, and what an
    allocator holds back, is about 5. The time by the clock is printed, not judged.
    """
    with clusters.grid(tmp_path, 2) as grid:
        handing.measure(clusters.address(grid), RUNS // 10)
        assert grid.scheduler is not None
        before = memory_mb(grid.scheduler.pid)
        found = handing.measure(clusters.address(grid), RUNS)
        after = memory_mb(grid.scheduler.pid)
    print(*handing.lines(found), f"scheduler: {before:.0f} to {after:.0f} MB", sep="\n")
    assert after - before < BOUND_MB
    assert found.memory_mb[-1] - found.memory_mb[0] < BOUND_MB
    assert found.cpu_ms < 5


def test_a_nanny_brings_a_worker_back(tmp_path: Path) -> None:
    """A worker that is killed below its nanny comes again, with an empty folder, and trains."""
    with clusters.grid(tmp_path, 0) as grid:
        nanny = grid.add("--nthreads", "1")

        def kill() -> None:
            clusters.eventually(lambda: stations(nanny.pid))
            status = Path(f"/proc/{stations(nanny.pid)[0]}/status").read_text()
            (worker,) = re.findall(r"^PPid:\s+(\d+)$", status, re.M)
            os.kill(int(worker), signal.SIGKILL)

        killer = threading.Thread(target=kill)
        killer.start()
        found = handing.measure(clusters.address(grid), 500)
        killer.join()
        assert "Restarting worker" in grid.log(0)
    assert len(found.memory_mb) == handing.PARTS
