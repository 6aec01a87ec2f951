"""A worker comes: it must have the versions of this machine, and is sent what it lacks."""

import importlib.metadata
import platform
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from distributed import Client

from analysis.errors import ProjectError
from analysis.plan.provenance import TRAINED_BY
from analysis.training.cluster import sent
from analysis.training.cluster.parcels import Luggage

PACKAGES = (*TRAINED_BY, "distributed")
PATIENCE_S = 60.0
"""So long a worker may take for one answer."""


class Refused(ProjectError):
    """A worker cannot train for this machine; the text says who, and why."""


@dataclass(frozen=True)
class Member:
    """A worker that trains: its address, its number, and where it has the code, and files of data.

    `paths` are by the path that a run has of its data here.
    """

    address: str
    number: int
    root: str
    paths: Mapping[str, str]


def versions() -> dict[str, str]:
    """Return what must be the same on each machine of a cluster."""
    own = {name: importlib.metadata.version(name) for name in PACKAGES}
    return {"Python": platform.python_version(), **own}


def admitted(client: Client, address: str, threads: int, number: int, luggage: Luggage) -> Member:
    """Return the worker at an address as a member, once it has what is needed.

    Raises Refused for one with other versions, with more threads than one, or that fails; and what
    Dask raises where the worker has left meanwhile.
    """
    if threads != 1:
        raise Refused(
            f"{address} has {threads} threads, and a worker trains with one: start it with "
            f"--nthreads 1, and with --nworkers {threads} for {threads} of them"
        )
    _demand_same(client, address)
    folder = _equipped(client, address, luggage)
    root = str(Path(folder, luggage.code.digest))
    links = {place: str(Path(folder, parcel.digest)) for place, parcel in luggage.carried.items()}
    _asked(client, address, sent.calling(root, "start"), links)
    paths = {
        path: str(Path(folder, parcel.digest, Path(path).name))
        for path, parcel in luggage.files.items()
    }
    return Member(address, number, root, paths)


def _demand_same(client: Client, address: str) -> None:
    """Raise Refused where a version of a worker is another; nothing of ours is needed to ask it."""
    differing = []
    for name, here in versions().items():
        there = _version(client, address, name)
        if there != here:
            differing.append(f"{name} {there or 'is missing'}, here {here}")
    if differing:
        raise Refused(f"{address} has other versions: {'; '.join(differing)}")


def _version(client: Client, address: str, name: str) -> str:
    if name == "Python":
        return str(_asked(client, address, platform.python_version))
    try:
        return str(_asked(client, address, importlib.metadata.version, name))
    except importlib.metadata.PackageNotFoundError:
        return ""


def _equipped(client: Client, address: str, luggage: Luggage) -> str:
    """Return the folder of a worker, where it has all parcels: those that it lacked were sent."""
    parcels = luggage.parcels()
    folder, lacking = _asked(client, address, sent.lacking([*parcels]))
    for digest in lacking:
        content = client.scatter(
            parcels[digest].content(), workers=[address], hash=False, timeout=PATIENCE_S
        )
        _asked(client, address, sent.keeping(folder, digest), content)
    return str(folder)


def _asked(client: Client, address: str, function: Callable[..., Any], *arguments: Any) -> Any:
    future = client.submit(function, *arguments, workers=[address], pure=False)
    return future.result(timeout=PATIENCE_S)
