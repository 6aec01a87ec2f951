"""The process that a worker of Dask has for training: a crew of one, as it is started here."""

import os
import pickle
import queue
import sys
import threading
from multiprocessing.connection import Connection
from typing import Literal

from analysis.errors import LostError
from analysis.plan import provenance
from analysis.plan.result import RunResult
from analysis.plan.work import Task
from analysis.training import workers

IDLE_S = 10.0
"""So long a process waits for a run, which its client may not live to send, and then ends."""
Message = tuple[bytes, bytes | None]
Answer = (
    tuple[Literal["done"], RunResult]
    | tuple[Literal["lost"], str]
    | tuple[Literal["failed"], Exception]
)
"""What has become of a run; where it was lost, how the process ended that trained it."""


def serve(descriptor: int) -> None:
    """Train whatever run comes over a connection, until nothing comes any more.

    Where it is closed, because the worker of Dask has ended, this process does so at once, in the
    middle of a run too.
    """
    connection = Connection(descriptor)
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # the log of a worker is there
    messages: queue.Queue[Message] = queue.Queue()
    threading.Thread(target=_listen, args=(connection, messages), daemon=True).start()
    while _serve(connection, messages):
        pass


def _listen(connection: Connection, messages: "queue.Queue[Message]") -> None:
    try:
        while True:
            messages.put((connection.recv_bytes(), connection.recv_bytes() or None))
    except (EOFError, OSError):
        os._exit(1)


def _serve(connection: Connection, messages: "queue.Queue[Message]") -> bool:
    """Have a crew for as long as it lives; return whether another one is to take its place.

    A checkpoint is of the environment that comes with the run: in another one, the run is trained
    from its beginning.
    """
    with workers.started(1) as crew:
        while True:
            try:
                message, state = messages.get(timeout=IDLE_S)
            except queue.Empty:
                return False
            task, environment = pickle.loads(message)
            is_same = provenance.same(environment, dict(provenance.training_environment()))
            answer = _answer(crew, task, state if is_same else None)
            connection.send_bytes(pickle.dumps(answer))
            if answer[0] == "lost":
                return True


def _answer(crew: workers.Crew, task: Task, state: bytes | None) -> Answer:
    try:
        (result,) = crew.train([task], lambda _: state)
    except LostError as error:
        return "lost", error.why
    except Exception as error:  # noqa: BLE001 - whoever asked for the run is to know
        return "failed", error
    return "done", result
