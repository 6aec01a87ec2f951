"""Train a plan on local worker processes, one thread each. Only the workers import TensorFlow."""

import contextlib
import functools
import multiprocessing
import multiprocessing.connection
import os
import signal
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool

from analysis.errors import TrainingError
from analysis.plan import Run
from analysis.runresult import RunResult

SINGLE_THREADED = {
    "OMP_NUM_THREADS": "1",
    "OPENBLAS_NUM_THREADS": "1",
    "TF_NUM_INTRAOP_THREADS": "1",
    "TF_NUM_INTEROP_THREADS": "1",
    "TF_CPP_MIN_LOG_LEVEL": "1",
    "CUDA_VISIBLE_DEVICES": "-1",
    "XLA_FLAGS": "--xla_cpu_experimental_ynn_fusion_type=",
}
"""The environment of a worker: one thread, no accelerator, and Eigen's matrix products, which are
about 7 % faster here than those XLA takes by default for small batches."""


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
    pool = ProcessPoolExecutor(
        max_workers=min(workers or available(), len(runs)),
        mp_context=multiprocessing.get_context("spawn"),
        initializer=_start,
    )
    finished = False
    try:
        with _interrupts_ignored():
            futures = [pool.submit(_train, run) for run in runs]
        for future in as_completed(futures):
            yield future.result()
        finished = True
    except BrokenProcessPool:
        raise TrainingError(
            "a worker process ended without a result, most likely for want of memory; what had "
            "finished is stored, and the same command resumes (fewer workers need less memory: "
            "--workers 1)"
        ) from None
    finally:
        pool.shutdown(wait=finished, cancel_futures=True)
        if not finished:
            _end_children()


def _end_children() -> None:
    for child in multiprocessing.active_children():
        child.kill()


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
    from analysis import quiet

    with quiet.startup():
        from analysis import training

        training.start()
    return training.train
