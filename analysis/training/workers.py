"""Train a plan on local worker processes, one thread each. Only the workers import TensorFlow."""

import contextlib
import functools
import multiprocessing
import multiprocessing.connection
import os
import signal
import threading
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool

from analysis.errors import TrainingError
from analysis.plan.result import RunResult
from analysis.plan.run import EngineKey, Run, engine_key

SINGLE_THREADED = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
    "TF_CPP_MIN_LOG_LEVEL": "1",
    "CUDA_VISIBLE_DEVICES": "-1",
    "XLA_FLAGS": "--xla_cpu_experimental_ynn_fusion_type=",
}
"""The environment of a worker: one thread, no accelerator, and Eigen's matrix products.

For small batches those are about 7 % faster here than what XLA takes by default.
"""


def available() -> int:
    """Return the number of processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def train(runs: Sequence[Run], workers: int | None = None) -> Iterator[RunResult]:
    """Yield the result of each run as it finishes, on `workers` processes (default: one a core).

    Closing the iterator, or Ctrl-C, ends the workers at once. Raises TrainingError when a worker is
    lost, and whatever error a run itself raises.
    """
    if not runs:
        return
    queue = Queue(runs)
    context = multiprocessing.get_context("spawn")
    count = min(workers or available(), len(runs))
    pools = [ProcessPoolExecutor(1, context, _start) for _ in range(count)]
    busy: dict[Future[RunResult], int] = {}
    try:
        with _interrupts_ignored():
            for worker, pool in enumerate(pools):
                busy[pool.submit(_train, queue.take(worker))] = worker
        while busy:
            done, _ = wait(busy, return_when=FIRST_COMPLETED)
            for future in done:
                worker, result = busy.pop(future), future.result()
                if queue:
                    busy[pools[worker].submit(_train, queue.take(worker))] = worker
                yield result
    except BrokenProcessPool:
        raise TrainingError(
            "a worker process ended without a result, most likely for want of memory; what had "
            "finished is stored, and the same command resumes (fewer workers need less memory: "
            "--workers 1)"
        ) from None
    finally:
        for pool in pools:
            pool.shutdown(wait=False, cancel_futures=True)
        _end_children()  # also those with nothing left to do: TensorFlow takes its time to end


class Queue:
    """Runs that wait for a worker, grouped by the engine that trains them.

    A worker stays with its engine while runs are left for it; then it takes an engine that nobody
    has, in the order planned, and last it helps where most runs are left. So an engine is compiled
    in few workers, and the order of runs changes no result.
    """

    def __init__(self, runs: Sequence[Run]) -> None:
        self._groups: dict[EngineKey, deque[Run]] = {}
        for run in runs:
            self._groups.setdefault(engine_key(run), deque()).append(run)
        self._engine_of: dict[int, EngineKey] = {}

    def __bool__(self) -> bool:
        """Tell whether runs are left."""
        return bool(self._groups)

    def take(self, worker: int) -> Run:
        """Return the next run for a worker and forget it."""
        key = self._engine_of.get(worker)
        if key not in self._groups:
            taken = set(self._engine_of.values())
            free = [key for key in self._groups if key not in taken]
            key = free[0] if free else max(self._groups, key=lambda k: len(self._groups[k]))
        assert key is not None
        self._engine_of[worker] = key
        run = self._groups[key].popleft()
        if not self._groups[key]:
            del self._groups[key]
        return run


def _end_children() -> None:
    children = multiprocessing.active_children()
    for child in children:
        child.kill()
    for child in children:
        child.join()


@contextlib.contextmanager
def _interrupts_ignored() -> Iterator[None]:
    """Spawn inside this: a child inherits that Ctrl-C is the parent's to handle."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _start() -> None:
    """Prepare a worker before TensorFlow is imported, and end it when its parent is gone."""
    os.environ.update(SINGLE_THREADED)
    threading.Thread(target=_die_with_parent, daemon=True).start()


def _die_with_parent() -> None:
    parent = multiprocessing.parent_process()
    if parent is not None:
        multiprocessing.connection.wait([parent.sentinel])
        os._exit(1)


def _train(run: Run) -> RunResult:
    return _trainer()(run)


@functools.cache
def _trainer() -> Callable[[Run], RunResult]:
    """Return the function that trains a run; the first call imports and starts TensorFlow."""
    from analysis.training.surroundings import quiet

    with quiet.startup():
        from analysis.training import trainer

        trainer.start()
    return trainer.train
