"""Replications: what the frozen claims came to on seeds that nobody had seen, each in a file."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

from analysis.errors import StoreError, sealed, whole
from analysis.errors.mistakes import shown
from analysis.errors.sealed import Digest
from analysis.plan import provenance
from analysis.results.ledger.lock import Lock
from analysis.results.published.manifest import Finite, Unit

SCHEMA = 1
BLOCK = 1000
"""Seeds of a block: the study has its own from 0 on, each replication those of another block."""
NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")


class Outcome(TypedDict):
    """What a claim came to; `declared` is the digest of its declaration."""

    experiment: provenance.Text
    declared: Digest
    verdict: Literal["supported", "contradicted", "inconclusive"]
    value: Finite | None
    low: Finite | None
    high: Finite | None
    unit: Unit
    n: Annotated[int, Field(ge=0)]


class Replication(TypedDict):
    """A replication: when, by which code and machine, on which seeds, of which settings and claims.

    `settings` are digests by experiment, without seeds. `freeze` is the digest of the freeze that
    stood when it was trained.
    """

    schema: int
    name: provenance.Text
    date: provenance.Day
    commit: provenance.Text | None
    local_changes: NotRequired[bool]
    engine_version: int
    freeze: Digest
    block: Annotated[int, Field(ge=0)]
    seeds: Annotated[dict[provenance.Text, list[int]], Field(min_length=1)]
    settings: Annotated[dict[provenance.Text, Digest], Field(min_length=1)]
    environment: dict[provenance.Text, provenance.Text]
    claims: dict[provenance.Text, Outcome]
    sha256: Digest


def read(path: Path, locked: Lock) -> Replication:
    """Return the replication in a file.

    Raises StoreError for one that is damaged, edited or renamed, of another schema, or that names a
    freeze of the claims which the lock does not have.
    """
    more = f"; git restore {path} brings it back, if it was committed; else remove it"
    replication = sealed.read(Replication, path, SCHEMA, ordered=False, more=more)
    if replication["name"] != path.stem:
        raise StoreError(f"{path}: is called {shown(replication['name'])} inside{more}")
    if locked.find(replication["freeze"]) is None:
        raise StoreError(
            f"{path}: is of claims frozen as {replication['freeze'][:12]}, of which claims.lock "
            "knows nothing; it belongs to another lock: bring that freeze back, or remove the file"
        )
    return replication


def read_all(folder: Path, locked: Lock) -> tuple[Replication, ...]:
    """Return all replications in a folder, by their blocks and names. Raises as `read` does."""
    found = [read(path, locked) for path in folder.glob("*.json")]
    return tuple(sorted(found, key=lambda each: (each["block"], each["name"])))


def write(path: Path, replication: Mapping[str, Any]) -> None:
    """Write a replication, to which its digest is added. Raises WriteError."""
    whole.write(path, sealed.text(replication, ordered=False))
