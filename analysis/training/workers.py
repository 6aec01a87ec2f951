"""Train a plan on local worker processes, one thread each. Only the workers import TensorFlow.

Where the system is Linux, one process imports it and is then copied for each worker, before any
operation has run or thread begun: that takes half the processor time. Elsewhere what a system's own
libraries make of a copy is not known, and each worker starts afresh. The bits are the same.
"""

import contextlib
import multiprocessing
import os
import shutil
import signal
import sys
import tempfile
import threading
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, Pipe, wait
from multiprocessing.process import BaseProcess
from pathlib import Path

from analysis.errors import LostError, TrainingError, stopping
from analysis.plan.costs.queue import Queue
from analysis.plan.result import RunResult
from analysis.plan.run import Run
from analysis.plan.work import Task
from analysis.training.surroundings import processors, variables

COPIES = sys.platform == "linux"
"""Whether one process is copied for all workers."""
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


def train(tasks: Sequence[Task], workers: int | None = None) -> Iterator[RunResult]:
    """Yield the result of each run as it finishes, by a crew of `workers` that is there for these.

    By default there is one for each processor that this process may use. Raises as `Crew.train`.
    """
    with started(min(workers or processors.available(), len(tasks))) as crew:
        yield from crew.train(tasks)


@contextlib.contextmanager
def started(count: int) -> Iterator["Crew"]:
    """Give a crew of so many workers, which get ready meanwhile; in the end they are gone at once.

    Raises TrainingError.
    """
    crew = Crew()
    if not count:
        yield crew
        return
    with _temporary_folder() as folder:
        resource_tracker.ensure_running()  # before: it would let Ctrl-C through to what follows
        try:
            with stopping.withheld(), variables.replaced(variables.of_worker(os.environ, folder)):
                crew.start(count)
            yield crew
        finally:
            crew.end()


class Crew:
    """Workers, each at the other end of a connection, and the processes that were started for them.

    Beside each process stands its lifeline: it ends when that is closed.
    """

    def __init__(self) -> None:
        self.workers: list[Connection] = []
        self.processes: list[tuple[BaseProcess, Connection]] = []
        self._told: list[int] = []

    def start(self, count: int) -> None:
        """Start processes for so many workers."""
        context = multiprocessing.get_context("spawn")
        ends = [Pipe() for _ in range(count)]
        self.workers = [ours for ours, _ in ends]
        theirs = [end for _, end in ends]
        for group in [theirs] if COPIES else [[end] for end in theirs]:
            lifeline, its_own = Pipe()
            process = context.Process(target=_serve, args=(group, its_own, COPIES))
            process.start()
            self.processes.append((process, lifeline))
            for end in (*group, its_own):
                end.close()

    def train(self, tasks: Sequence[Task], state: State = lambda _: None) -> Iterator[RunResult]:
        """Yield the result of each run as it finishes; `tasks` are no fewer than workers.

        Closing the iterator, or Ctrl-C, leaves workers in the middle of a run. Raises LostError
        when a worker is lost, and whatever error a run itself raises.
        """
        queue, busy = Queue(tasks), dict[Connection, int]()

        def give(place: int) -> None:
            task = queue.take(place)
            kept = state(task.run) if task.start else None
            self.workers[place].send((task.run, task.start, kept))
            busy[self.workers[place]] = place

        try:
            for place in range(len(self.workers)):
                give(place)
            while busy:
                for worker in wait([*busy]):
                    assert isinstance(worker, Connection)
                    place, result = busy.pop(worker), worker.recv()
                    if isinstance(result, Exception):
                        raise result
                    if queue:
                        give(place)
                    yield result
        except (EOFError, ConnectionError):
            raise LostError(self._why()) from None

    def end(self) -> None:
        """End all workers at once, whatever they are doing."""
        self._listen()
        for process, lifeline in self.processes:
            if not self._told:  # no copies yet, which it would have to end: it ends more quickly
                process.kill()
            lifeline.close()
            process.join(PATIENCE_S)
            process.kill()
            process.join()
        for worker in self.workers:
            worker.close()

    def _why(self) -> str:
        """Return how the worker ended that did, and what that says of the reason."""
        patient = time.monotonic() + PATIENCE_S
        while time.monotonic() < patient:
            self._listen()
            if codes := [*filter(None, self._told), *self._exit_codes()]:
                return exit_in_words(codes[0])
            time.sleep(0.01)
        return "ended without a result"

    def _listen(self) -> None:
        """Hear what processes tell: 0 once their copies are there, then how each copy ended."""
        for _, lifeline in self.processes:
            with contextlib.suppress(EOFError, ConnectionError):
                while lifeline.poll():
                    self._told.append(lifeline.recv())

    def _exit_codes(self) -> list[int]:
        return [process.exitcode for process, _ in self.processes if process.exitcode]


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


def _serve(ends: Sequence[Connection], lifeline: Connection, copies: bool) -> None:
    """Import TensorFlow, then be the worker at the only end, or have a copy for each as worker."""
    from analysis.training.surroundings import quiet

    quiet.without_jax()
    with _tied(lifeline):
        with quiet.startup():
            from analysis.training import trainer  # noqa: F401 - brings TensorFlow
        if not copies:
            _work(ends[0])
            return
    context = multiprocessing.get_context("fork")
    workers = [context.Process(target=_copy, args=(end, ends, lifeline)) for end in ends]
    try:
        for worker in workers:
            worker.start()
        for end in ends:
            end.close()
        _watch_over(workers, lifeline)
    finally:  # whatever has happened: multiprocessing would wait for copies that go on
        for worker in workers:
            if worker.pid is not None:
                worker.kill()
                worker.join()
        _tidy()
        os._exit(0)


def _watch_over(workers: Sequence[BaseProcess], lifeline: Connection) -> None:
    """Tell that copies are there, then how each has ended, until the lifeline is closed."""
    with contextlib.suppress(ConnectionError):
        lifeline.send(0)
        running = {worker.sentinel: worker for worker in workers}
        while lifeline not in (ended := wait([lifeline, *running])):
            for sentinel in ended:
                worker = running.pop(sentinel)  # type: ignore[arg-type]
                worker.join()
                lifeline.send(worker.exitcode)


def _copy(end: Connection, ends: Sequence[Connection], lifeline: Connection) -> None:
    """Be the worker at this end, until the process is gone that this one is a copy of."""
    for other in (*ends, lifeline):
        if other is not end:
            other.close()
    stopping.end_with_parent(_tidy)
    _work(end)


def _work(end: Connection) -> None:
    """Train whatever run comes, and send its result, or the error that it raised."""
    from analysis.training import trainer
    from analysis.training.surroundings import quiet

    with quiet.startup():
        trainer.start()
    while True:
        try:
            run, start, state = end.recv()
        except (EOFError, ConnectionError):
            return
        try:
            result: RunResult | Exception = trainer.train(run, start, state)
        except Exception as error:  # noqa: BLE001 - whoever asked for the run is to know
            error.add_note(traceback.format_exc())
            result = error
        end.send(result)


@contextlib.contextmanager
def _tied(lifeline: Connection) -> Iterator[None]:
    """Within this, end at once when the lifeline is closed, and leave nothing behind.

    There is no thread left after it.
    """
    ending, end = Pipe(duplex=False)

    def watch() -> None:
        if lifeline in wait([lifeline, ending]):
            _tidy()
            os._exit(1)

    thread = threading.Thread(target=watch, daemon=True)
    thread.start()
    try:
        yield
    finally:
        end.close()
        thread.join()
        ending.close()


def _tidy() -> None:
    shutil.rmtree(os.environ["TMPDIR"], ignore_errors=True)
