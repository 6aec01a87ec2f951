"""Who is there to train: workers come and go, and each that comes is asked in before it trains."""

import contextlib
import itertools
import time
from collections.abc import Mapping
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor

from distributed import Client

from analysis.errors import TrainingError, visible
from analysis.training.cluster import admission
from analysis.training.cluster.admission import Member, Refused
from analysis.training.cluster.parcels import Luggage

PATIENCE_S = 5.0
"""So long a scheduler may take for one answer."""
ALONE_S = 60.0
"""So long nobody may be there to train."""
AT_ONCE = 8
"""So many workers are asked in at the same time."""


class Members:
    """The workers of a cluster that may train: `here` has them by their address."""

    def __init__(self, client: Client, address: str, luggage: Luggage) -> None:
        self.here: dict[str, Member] = {}
        self._client, self._address, self._luggage = client, address, luggage
        self._coming: dict[str, Future[Member]] = {}
        self._refused: dict[str, str] = {}
        self._numbers = itertools.count()
        self._alone_since: float | None = None
        self._pool = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="admission")

    def look(self) -> list[Member]:
        """Ask in who has come, and return which members are gone.

        Raises TrainingError where the scheduler is gone, where every worker was refused, and where
        none has been there for long.
        """
        there = present(self._client, self._address)
        for address in there.keys() - {*self.here, *self._coming, *self._refused}:
            number = next(self._numbers)
            self._coming[address] = self._pool.submit(
                admission.admitted, self._client, address, there[address], number, self._luggage
            )
        self._welcome()
        self._demand_somebody(there)
        return [self.here.pop(address) for address in self.here.keys() - there.keys()]

    def forget(self, member: Member) -> None:
        """Have a member asked in anew, which may be another worker by now, at the same address."""
        self.here.pop(member.address, None)

    def close(self) -> None:
        """Ask nobody in any more."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _welcome(self) -> None:
        for address in [name for name, coming in self._coming.items() if coming.done()]:
            try:
                self.here[address] = self._coming.pop(address).result()
            except Refused as error:
                self._refuse(address, str(error))
            except (Exception, CancelledError) as error:  # noqa: BLE001 - of the worker, or of Dask
                if address in present(self._client, self._address):
                    self._refuse(address, f"{address} failed: {type(error).__name__}: {error}")

    def _refuse(self, address: str, why: str) -> None:
        self._refused[address] = why
        print(visible(f"Refused: {why}."), flush=True)

    def _demand_somebody(self, there: Mapping[str, int]) -> None:
        if self.here or self._coming:
            self._alone_since = None
            return
        if there and there.keys() <= self._refused.keys():
            refused = "; ".join(self._refused[each] for each in there)
            raise TrainingError(f"no worker of {self._address} can train: {refused}")
        now = time.monotonic()
        if self._alone_since is None:
            self._alone_since = now
            print(f"Waiting for a worker at {self._address}", flush=True)
        if now - self._alone_since > ALONE_S:
            raise TrainingError(
                f"no worker has been at {self._address} for {ALONE_S:.0f} s; "
                f"`dask worker {self._address} --nthreads 1` starts one. What had finished is "
                "stored, and the same command resumes"
            )


def present(client: Client, address: str) -> dict[str, int]:
    """Return the threads of each worker that is there, by its address.

    Raises TrainingError where the scheduler is gone.
    """
    with contextlib.suppress(Exception):  # however Dask says that nobody answers
        if client.status == "running" and client.scheduler is not None:
            return dict(client.sync(client.scheduler.ncores, callback_timeout=PATIENCE_S))
    raise gone(address)


def gone(address: str) -> TrainingError:
    """Return the error that tells that the scheduler is gone, or begins anew."""
    return TrainingError(
        f"the scheduler at {address} is gone. What had finished is stored, and the same command "
        "resumes"
    )
