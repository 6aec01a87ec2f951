"""Train a plan on local worker processes, one thread each. Only the workers import TensorFlow."""

import contextlib
import functools
import multiprocessing
import os
import shutil
import signal
import tempfile
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from multiprocessing.context import SpawnContext, SpawnProcess
from pathlib import Path
from typing import Any

from analysis.errors import TrainingError, stopping
from analysis.plan.costs.queue import Queue
from analysis.plan.result import RunResult
from analysis.plan.run import Run
from analysis.plan.work import Task
from analysis.training.surroundings import processors, variables

PATIENCE_S = 5
"""So long a lost worker may take to say how it ended."""
ENDS = {
    "SIGKILL": "was killed, as the system does for want of memory; fewer workers need less: "
    "--workers 1",
    "SIGILL": "met an instruction that this processor does not have; TensorFlow is built for "
    "processors with AVX",
    "SIGSEGV": "crashed inside a library",
    "SIGBUS": "crashed inside a library, as it does where a file in memory finds the disk full",
    "SIGFPE": "crashed inside a library",
    "SIGABRT": "was given up by a library, which says why above",
    "SIGXCPU": "used up the processor time it may have; `ulimit -t` shows that limit",
    "SIGTERM": "was asked to end, by somebody or something else on this machine",
    "SIGHUP": "was asked to end, as its terminal was closed",
    "SIGINT": "was interrupted by somebody or something else on this machine",
}
"""What a signal that ended a worker says of the reason."""


State = Callable[[Run], bytes | None]
"""What gives the checkpoint of a run that is to go on from one, or None where that is lost."""


def train(
    tasks: Sequence[Task], workers: int | None = None, state: State = lambda _: None
) -> Iterator[RunResult]:
    """Yield the result of each run as it finishes, on `workers` processes.

    By default there is one for each processor that this process may use.

    Closing the iterator, or Ctrl-C, ends the workers at once. Raises TrainingError when a worker is
    lost, and whatever error a run itself raises.
    """
    if not tasks:
        return
    count = min(workers or processors.available(), len(tasks))
    with _temporary_folder() as folder:
        yield from _trained(Queue(tasks), state, count, folder)


def _trained(queue: Queue, state: State, count: int, folder: Path) -> Iterator[RunResult]:
    context = Spawning()
    pools = [ProcessPoolExecutor(1, context, _start) for _ in range(count)]
    busy: dict[Future[RunResult], int] = {}

    def submit(worker: int) -> None:
        task = queue.take(worker)
        kept = state(task.run) if task.start else None
        busy[pools[worker].submit(_train, task.run, task.start, kept)] = worker

    try:
        with stopping.withheld(), variables.replaced(variables.of_worker(os.environ, folder)):
            for worker in range(count):
                submit(worker)
        while busy:
            done, _ = wait(busy, return_when=FIRST_COMPLETED)
            for future in done:
                worker, result = busy.pop(future), future.result()
                if queue:
                    submit(worker)
                yield result
    except BrokenProcessPool:
        raise TrainingError(
            f"a worker process {_why(context.processes)}. What had finished is stored, and the "
            "same command resumes"
        ) from None
    finally:
        for pool in pools:
            pool.shutdown(wait=False, cancel_futures=True)
        _end_children()  # also those with nothing left to do: TensorFlow takes its time to end


def _why(processes: Iterable[SpawnProcess]) -> str:
    """Return how the worker ended that did, and what that says of the reason."""
    patient = time.monotonic() + PATIENCE_S
    while time.monotonic() < patient:  # the executor's thread may be the one that is told
        if codes := [process.exitcode for process in processes if process.exitcode]:
            return exit_in_words(codes[0])
        time.sleep(0.01)
    return "ended without a result"


def exit_in_words(code: int) -> str:
    """Return how a process ended that left this exit code; a signal's has a minus sign."""
    if code > 0:
        return f"ended without a result, with exit code {code}"
    try:
        name = signal.Signals(-code).name
    except ValueError:
        return f"ended without a result, by signal {-code}"
    return f"{ENDS.get(name, 'ended without a result')} ({name})"


@contextlib.contextmanager
def _temporary_folder() -> Iterator[Path]:
    """Give the path of a folder for what workers leave behind, which goes with them.

    TensorFlow writes files it would tidy up at its end, but workers are killed before. Raises
    TrainingError.
    """
    try:
        made = tempfile.TemporaryDirectory(prefix="training-", ignore_cleanup_errors=True)
    except OSError as error:
        raise TrainingError(
            f"no folder for temporary files can be made: {error}; TMPDIR=FOLDER names a place"
        ) from None
    with made as folder:
        yield Path(folder)


class Spawning(SpawnContext):
    """Starts processes afresh, and remembers them: an executor forgets one that it has lost."""

    def __init__(self) -> None:
        super().__init__()
        self.processes: list[SpawnProcess] = []

    def Process(self, *args: Any, **kwargs: Any) -> SpawnProcess:  # type: ignore[override] # noqa: N802 - its name there
        """Return a process that is about to start."""
        process = SpawnProcess(*args, **kwargs)
        self.processes.append(process)
        return process


def _end_children() -> None:
    children = multiprocessing.active_children()
    for child in children:
        child.kill()
    for child in children:
        child.join()


def _start() -> None:
    """End a worker when its parent is gone, and leave nothing behind."""
    folder = os.environ["TMPDIR"]
    stopping.end_with_parent(lambda: shutil.rmtree(folder, ignore_errors=True))


def _train(run: Run, start: int, state: bytes | None) -> RunResult:
    return _trainer()(run, start, state)


@functools.cache
def _trainer() -> Callable[[Run, int, bytes | None], RunResult]:
    """Return the function that trains a run; the first call imports and starts TensorFlow."""
    from analysis.training.surroundings import quiet

    quiet.without_jax()
    with quiet.startup():
        from analysis.training import trainer

        trainer.start()
    return trainer.train
