"""Train a plan on the workers of a cluster, a few runs ahead of each, whoever comes and goes."""

import contextlib
import math
import pickle
import queue
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import CancelledError
from dataclasses import dataclass, replace
from typing import Any

from distributed import Client
from distributed import Future as Remote

from analysis.errors import TrainingError
from analysis.plan.costs.queue import Queue
from analysis.plan.provenance import training_environment
from analysis.plan.result import RunResult
from analysis.plan.work import Task
from analysis.training.cluster import members, sent
from analysis.training.cluster.admission import PATIENCE_S, Member
from analysis.training.cluster.members import Members
from analysis.training.cluster.parcels import Luggage
from analysis.training.workers import State

LOOK_S = 0.5
"""So often it is looked who is there."""
AHEAD_S = 0.1
"""A worker has runs for so long before it: that is what the way to it and back may take."""
MOST_AHEAD = 8
MOST_LOST = 3
"""So often a run may be lost with its worker, or the process of that."""


@dataclass(frozen=True)
class Flight:
    """A run that a worker has been given."""

    task: Task
    member: Member
    future: Remote


class ClusterCrew:
    """Trains as `workers.Crew` does, by the workers that a client's scheduler has."""

    def __init__(self, client: Client, address: str, luggage: Luggage) -> None:
        self._client, self._address = client, address
        self._members = Members(client, address, luggage)
        self._flights: dict[str, Flight] = {}
        self._landed: queue.SimpleQueue[Remote] = queue.SimpleQueue()
        self._losses: dict[str, list[str]] = {}
        self._run_s = math.inf
        self._looked = -math.inf
        self._members.look()  # so that those who are there get ready

    def train(self, tasks: Sequence[Task], state: State = lambda _: None) -> Iterator[RunResult]:
        """Yield the result of each run as it finishes.

        A run whose worker is lost is given to another one. Closing the iterator ends all runs at
        once. Raises TrainingError where a run was lost again and again, where the scheduler is gone
        or nobody is left, and whatever error a run itself raises.
        """
        waiting = Queue(tasks)
        try:
            while waiting or self._flights:
                self._look(waiting)
                for member in self._members.here.values():
                    self._hand_out(waiting, member, state)
                for future in self._arrivals():
                    yield from self._results(waiting, future)
        finally:
            self._call_back()

    def close(self) -> None:
        """Let go of all workers."""
        self._call_back()
        self._members.close()

    def _look(self, waiting: Queue) -> None:
        """See at times who has come, and take back what those had who are gone."""
        if time.monotonic() - self._looked < LOOK_S:
            return
        for member in self._members.look():
            self._take_back(waiting, member, "is gone")
        self._looked = time.monotonic()

    def _take_back(self, waiting: Queue, member: Member, why: str) -> None:
        """Let the runs of a member wait again; the first of them is the one that was lost."""
        waiting.leave(member.number)
        own = [key for key, each in self._flights.items() if each.member is member]
        flights = [self._flights.pop(key) for key in own]
        for each in reversed(flights):
            waiting.again(each.task)
            each.future.release()
        if flights:
            self._count_loss(flights[0], why)

    def _count_loss(self, flight: Flight, why: str) -> None:
        run = flight.task.run
        losses = self._losses.setdefault(run.id, [])
        losses.append(f"{flight.member.address} {why}")
        if len(losses) >= MOST_LOST:
            raise TrainingError(
                f"the run {run.id[:12]} ({run.experiment}: {run.variant}, seed {run.seed}) was "
                f"lost {len(losses)} times: {'; '.join(losses)}. What had finished is stored, and "
                "the same command resumes"
            )

    def _hand_out(self, waiting: Queue, member: Member, state: State) -> None:
        """Give a member a run, and those ahead of it as long as there are some for all."""
        own = sum(each.member is member for each in self._flights.values())
        ahead = min(MOST_AHEAD, math.ceil(AHEAD_S / max(self._run_s, 1e-3)))
        while waiting and own < 1 + min(ahead, len(waiting) // len(self._members.here)):
            task = waiting.take(member.number)
            try:
                self._send(task, member, state(task.run) if task.start else None)
            except (OSError, TimeoutError, CancelledError):  # the next look finds it gone
                waiting.again(task)
                return
            own += 1

    def _send(self, task: Task, member: Member, kept: bytes | None) -> None:
        run = task.run
        there = replace(run, path=member.paths[run.path]) if run.path else run
        message = pickle.dumps((replace(task, run=there), dict(training_environment())))
        where: Any = {"workers": [member.address]}
        if kept is not None:
            kept = self._client.scatter(kept, hash=False, timeout=PATIENCE_S, **where)
        train = sent.calling(member.root, "train")
        future = self._client.submit(train, message, kept, pure=False, **where)
        self._flights[future.key] = Flight(task, member, future)
        future.add_done_callback(self._landed.put)

    def _arrivals(self) -> Iterator[Remote]:
        """Yield what has ended, once anything has, or nothing has for a while."""
        with contextlib.suppress(queue.Empty):
            yield self._landed.get(timeout=LOOK_S)
            while True:
                yield self._landed.get_nowait()

    def _results(self, waiting: Queue, future: Remote) -> Iterator[RunResult]:
        """Yield the result of a run, unless it was lost."""
        flight = self._flights.get(future.key)
        if flight is None:
            return  # it was taken back
        try:
            kind, answer = pickle.loads(future.result(timeout=PATIENCE_S))
        except TimeoutError:  # the result is with a worker that is lost, or slow
            self._landed.put(future)
            self._looked = -math.inf
            return
        except (Exception, CancelledError) as error:  # noqa: BLE001 - of the worker, or of Dask
            if getattr(error, "reason", "") == "scheduler-connection-lost":
                raise members.gone(self._address) from None
            self._take_back(waiting, flight.member, f"failed: {type(error).__name__}: {error}")
            self._members.forget(flight.member)
            return
        del self._flights[future.key]
        if kind == "failed":
            raise answer
        if kind == "lost":
            waiting.again(flight.task)
            self._count_loss(flight, f"lost its process, which {answer}")
            return
        self._run_s = answer.train_s + answer.compile_s
        yield answer

    def _call_back(self) -> None:
        """Have every run ended at once: a worker ends what nobody wants any more."""
        for each in self._flights.values():
            each.future.release()
        self._flights.clear()
