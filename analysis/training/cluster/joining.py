"""A cluster is found at its address, or started here, and left in the end."""

import asyncio
import contextlib
import importlib.util
import logging
import re
import sys
import warnings
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TYPE_CHECKING

from analysis.errors import InputError, stopping
from analysis.errors.mistakes import shown
from analysis.plan.work import Task

if TYPE_CHECKING:
    from distributed import Client

    from analysis.training.cluster.crew import ClusterCrew
    from analysis.training.cluster.parcels import Luggage

SCHEDULER = re.compile(r"(?:tcp|tls)://(?:\[[0-9A-Fa-f:.]+\]|[^\s:/@\[\]]+):(?P<port>\d{1,5})")
HERE = re.compile(r"local:(?P<workers>[1-9]\d{0,3})")
PORTS = range(1, 2**16)

GREETING_S = 3.0
"""So long it is tried to reach a scheduler."""
PATIENCE_S = 5.0
"""So long a scheduler may take to answer."""
LOGGERS = ("", ".client", ".core", ".scheduler", ".nanny", ".worker", ".comm.tcp", ".batched")
"""Whatever they tell, an error of ours says it in words."""


@dataclass(frozen=True)
class Address:
    """A cluster as it is typed; of one that is started here, how many workers it has, else 0."""

    text: str
    here: int = 0


def read(text: str) -> Address:
    """Return the cluster that is meant. Raises InputError."""
    if found := HERE.fullmatch(text):
        return Address(text, int(found["workers"]))
    if (found := SCHEDULER.fullmatch(text)) and int(found["port"]) in PORTS:
        return Address(text)
    raise InputError(
        f"--cluster {shown(text)}: must be the address of a scheduler, such as tcp://host:8786, "
        "or local:4, which starts four workers on this machine"
    )


def count(address: Address) -> int:
    """Return how many workers a cluster has, at least one: it may be waiting for the first.

    Raises InputError.
    """
    _demand_installed(address)
    if address.here:
        return address.here
    from analysis.training.cluster.members import present

    with _client(address) as client:
        return max(1, len(present(client, address.text)))


@contextlib.contextmanager
def joined(
    address: Address, tasks: Sequence[Task], luggage: "Luggage | None" = None
) -> Iterator["ClusterCrew"]:
    """Give the crew of a cluster, whose workers get ready for these tasks meanwhile.

    They are sent the `luggage`, by default this code and the data of the tasks. Raises InputError
    where no scheduler is, or it cannot be used, and DataError.
    """
    _demand_installed(address)
    from analysis.training.cluster import parcels
    from analysis.training.cluster.crew import ClusterCrew

    luggage = luggage or parcels.packed(task.run for task in tasks)
    with (
        _scheduler(address, len(tasks)) as scheduler,
        _client(address, scheduler) as client,
        contextlib.closing(ClusterCrew(client, address.text, luggage)) as crew,
    ):
        yield crew


def _demand_installed(address: Address) -> None:
    if importlib.util.find_spec("distributed") is None:
        raise InputError(
            f"--cluster {address.text}: the package distributed is not installed; make installs "
            f"it where a cluster is asked for: make report CLUSTER={address.text}"
        )
    import distributed  # noqa: F401 - sets levels

    for name in LOGGERS:
        logging.getLogger(f"distributed{name}").setLevel(logging.CRITICAL + 1)


@contextlib.contextmanager
def _scheduler(address: Address, tasks: int) -> Iterator[str]:
    """Give the address of the scheduler; of one that is started here, with as many workers."""
    if not address.here:
        yield address.text
        return
    import dask
    from distributed import LocalCluster

    quiet = {"distributed.worker.profile.enabled": False}
    # Ctrl-C is the affair of this process.
    with dask.config.set(quiet), stopping.withheld(), _without_warnings():
        cluster = LocalCluster(
            n_workers=min(address.here, tasks), threads_per_worker=1, processes=True,
            host="127.0.0.1", dashboard_address="127.0.0.1:0", memory_limit=0,
            silence_logs=logging.CRITICAL + 1,
        )  # fmt: skip
    try:
        yield cluster.scheduler_address
    finally:
        cluster.close(timeout=PATIENCE_S)


@contextlib.contextmanager
def _without_warnings() -> Iterator[None]:
    """Let Dask give no advice, here and in the processes that it starts meanwhile."""
    sys.warnoptions.append("ignore")
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        sys.warnoptions.remove("ignore")


@contextlib.contextmanager
def _client(address: Address, scheduler: str = "") -> Iterator["Client"]:
    """Give what speaks with a scheduler. Raises InputError where none answers as one of Dask."""
    from distributed import Client

    at = scheduler or address.text
    try:
        with ThreadPoolExecutor(1) as aside:  # where no other loop of events can be running
            aside.submit(lambda: asyncio.run(_greeted(at))).result()
        with _without_warnings():  # of versions: they are compared one by one
            client = Client(at, timeout=PATIENCE_S, set_as_default=False)
    except Exception as error:  # noqa: BLE001 - whatever listens there, it is no scheduler
        raise InputError(
            f"--cluster {address.text}: no scheduler of Dask answers there "
            f"({type(error).__name__}); `dask scheduler` starts one"
        ) from None
    try:
        _demand_same(client, address)
        yield client
    finally:
        with contextlib.suppress(Exception):  # what is gone needs no farewell
            client.close(timeout=PATIENCE_S)


async def _greeted(address: str) -> None:
    """Have a scheduler answer at an address: a client would wait for the first word for ever."""
    from distributed import Security
    from distributed.core import connect

    options = Security().get_connection_args("client")
    answer = connect(address, timeout=GREETING_S, **options)
    comm = await asyncio.wait_for(answer, GREETING_S + 1)
    comm.abort()


def _demand_same(client: "Client", address: Address) -> None:
    """Raise InputError where Python or Dask of the scheduler is another: it reads what is sent."""
    from analysis.training.cluster import admission

    told = client.sync(client.scheduler.versions, callback_timeout=PATIENCE_S)
    there = {
        "Python": ".".join(map(str, told["host"]["python"].split(".")[:3])),
        "distributed": told["packages"]["distributed"],
    }
    here = admission.versions()
    differing = [
        f"{name} {own}, here {here[name]}" for name, own in there.items() if own != here[name]
    ]
    if differing:
        raise InputError(
            f"--cluster {address.text}: its scheduler has other versions: {'; '.join(differing)}"
        )
