"""Train a plan on local worker processes, one thread each. Only the workers import TensorFlow.

Where the system is Linux, one process imports it and is then copied for each worker, before any
operation has run or thread begun: that takes half the processor time. Elsewhere what a system's own
libraries make of a copy is not known, and each worker starts afresh. The bits are the same.

What TensorFlow and XLA keep of each engine they never let go of. So a worker retires between two
engines, once it has grown too large, and a fresh one takes its place.
"""

import contextlib
import multiprocessing
import os
import sys
import time
import traceback
from collections.abc import Callable, Iterator, Sequence
from multiprocessing import resource_tracker
from multiprocessing.connection import Connection, Pipe, wait
from multiprocessing.process import BaseProcess

from analysis.errors import LostError, stopping
from analysis.plan.costs.queue import Queue
from analysis.plan.result import RunResult
from analysis.plan.run import Run
from analysis.plan.work import Task
from analysis.training.surroundings import endings, processors, variables

COPIES = sys.platform == "linux"
"""Whether one process is copied for all workers."""
LARGEST = 3 * 2**29
"""Bytes of memory beyond which a worker retires: a first engine takes a third, each more 45 MB."""
RETIRED = 75
"""The exit code of a worker that has retired."""
PATIENCE_S = 5
"""So long a lost worker may take to say how it ended."""
Order = tuple[Run, int, bytes | None]
"""A run, from which epoch on, and its checkpoint there."""
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
    with endings.temporary_folder() as folder:
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
        self._around: dict[str, str] = {}

    def start(self, count: int) -> None:
        """Start processes for so many workers, which have the variables that this one has now."""
        self._around = dict(os.environ)
        ends = [Pipe() for _ in range(count)]
        self.workers = [ours for ours, _ in ends]
        theirs = [end for _, end in ends]
        for group in [theirs] if COPIES else [[end] for end in theirs]:
            self.processes.append(_start(group))

    def train(self, tasks: Sequence[Task], state: State = lambda _: None) -> Iterator[RunResult]:
        """Yield the result of each run as it finishes; `tasks` are no fewer than workers.

        Closing the iterator, or Ctrl-C, leaves workers in the middle of a run. Raises LostError
        when a worker is lost, and whatever error a run itself raises.
        """
        queue, busy = Queue(tasks), dict[Connection, tuple[int, Order]]()

        def give(place: int, order: Order) -> None:
            self.workers[place].send(order)
            busy[self.workers[place]] = place, order

        def take(place: int) -> Order:
            task = queue.take(place)
            return task.run, task.start, state(task.run) if task.start else None

        try:
            for place in range(len(self.workers)):
                give(place, take(place))
            while busy:
                for worker in wait([*busy]):
                    assert isinstance(worker, Connection)
                    (place, order), result = busy.pop(worker), worker.recv()
                    if isinstance(result, Exception):
                        raise result
                    if result is None:  # it has retired
                        self._renew(place)
                        give(place, order)
                        continue
                    if queue:
                        give(place, take(place))
                    yield result
        except (EOFError, ConnectionError):
            raise LostError(self._why()) from None

    def end(self) -> None:
        """End all workers at once, whatever they are doing."""
        self._listen()
        for process, lifeline in self.processes:
            if not self._told:  # no copies yet, which it would have to end: it ends more quickly
                process.kill()
            _end(process, lifeline)
        for worker in self.workers:
            worker.close()

    def _renew(self, place: int) -> None:
        """Start a process in the place of one that has retired; copies are made by their own."""
        if COPIES:
            return
        self.workers[place].close()
        _end(*self.processes[place])
        self.workers[place], theirs = Pipe()
        with stopping.withheld(), variables.replaced(self._around):
            self.processes[place] = _start([theirs])

    def _why(self) -> str:
        """Return how the worker ended that did, and what that says of the reason."""
        patient = time.monotonic() + PATIENCE_S
        while time.monotonic() < patient:
            self._listen()
            if codes := [*filter(None, self._told), *self._exit_codes()]:
                return endings.exit_in_words(codes[0])
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


def _start(ends: Sequence[Connection]) -> tuple[BaseProcess, Connection]:
    """Return a new process for the workers at these ends, now its own, and its lifeline."""
    lifeline, its_own = Pipe()
    context = multiprocessing.get_context("spawn")
    process = context.Process(target=_serve, args=(ends, its_own, COPIES, LARGEST))
    process.start()
    for end in (*ends, its_own):
        end.close()
    return process, lifeline


def _end(process: BaseProcess, lifeline: Connection) -> None:
    lifeline.close()
    process.join(PATIENCE_S)
    process.kill()
    process.join()


def _serve(ends: Sequence[Connection], lifeline: Connection, copies: bool, largest: int) -> None:
    """Import TensorFlow, then be the worker at the only end, or have a copy for each as worker."""
    from analysis.training.surroundings import quiet

    quiet.without_jax()
    with endings.tied(lifeline):
        with quiet.startup():
            from analysis.training import trainer  # noqa: F401 - brings TensorFlow
        if not copies:
            _work(ends[0], largest)
            return
    running: dict[int, tuple[BaseProcess, Connection]] = {}
    context = multiprocessing.get_context("fork")

    def copy(end: Connection) -> None:
        worker = context.Process(target=_copy, args=(end, ends, lifeline, largest))
        worker.start()
        running[worker.sentinel] = worker, end

    try:
        for end in ends:
            copy(end)
        _watch_over(running, lifeline, copy)
    finally:  # whatever has happened: multiprocessing would wait for copies that go on
        for worker, _ in running.values():
            worker.kill()
            worker.join()
        endings.tidy()
        os._exit(0)


def _watch_over(
    running: dict[int, tuple[BaseProcess, Connection]],
    lifeline: Connection,
    copy: Callable[[Connection], None],
) -> None:
    """Tell that copies are there, then how each has ended, until the lifeline is closed.

    One that has retired has a fresh `copy` in its place; the end of any other one is closed.
    """
    with contextlib.suppress(ConnectionError):
        lifeline.send(0)
        while lifeline not in (ended := wait([lifeline, *running])):
            for sentinel in ended:
                worker, end = running.pop(sentinel)  # type: ignore[arg-type]
                worker.join()
                if worker.exitcode == RETIRED:
                    copy(end)
                    continue
                lifeline.send(worker.exitcode)
                end.close()


def _copy(end: Connection, ends: Sequence[Connection], lifeline: Connection, largest: int) -> None:
    """Be the worker at this end, until the process is gone that this one is a copy of."""
    for other in (*ends, lifeline):
        if other is not end:
            other.close()
    stopping.end_with_parent(endings.tidy)
    _work(end, largest)


def _work(end: Connection, largest: int) -> None:
    """Train whatever run comes, and send its result, or the error that it raised.

    Once this process has more than `largest` bytes of memory, it ends at the first run of another
    engine, and sends None in its place: who asked for the run asks the next worker.
    """
    from analysis.training import trainer
    from analysis.training.surroundings import quiet

    with quiet.startup():
        trainer.start()
    while True:
        try:
            run, start, state = end.recv()
        except (EOFError, ConnectionError):
            return
        if trainer.has_other_engine(run) and processors.memory() > largest:
            end.send(None)
            os._exit(RETIRED)
        try:
            result: RunResult | Exception = trainer.train(run, start, state)
        except Exception as error:  # noqa: BLE001 - whoever asked for the run is to know
            error.add_note(traceback.format_exc())
            result = error
        end.send(result)
