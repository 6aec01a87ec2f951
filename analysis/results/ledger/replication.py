"""Replications: what the frozen claims came to on seeds that nobody had seen, each in a file."""

import hashlib
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal, NotRequired, cast

from pydantic import Field
from typing_extensions import TypedDict

from analysis.errors import StoreError, reading, whole
from analysis.errors.mistakes import checked, shown
from analysis.plan import provenance
from analysis.results.ledger.lock import Day, Digest, Lock
from analysis.results.published.manifest import Finite, Unit

SCHEMA = 1
BLOCK = 1000
"""Seeds of a block: the study has its own from 0 on, each replication those of another block."""
NAME = re.compile(r"[a-z0-9][a-z0-9-]{0,59}")


class Outcome(TypedDict):
    """What a claim came to; `declared` is the digest of its declaration."""

    experiment: provenance.Text
    declared: Digest
    verdict: Literal["supported", "not supported", "inconclusive"]
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
    date: Day
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
    try:
        kept: Any = json.loads(reading.text(path, error=StoreError, more=more))
        schema, digest, found = kept["schema"], kept["sha256"], digest_of(kept)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise StoreError(
            f"{path}: is damaged; a JSON table with the keys schema and sha256 was expected{more}"
        ) from None
    if schema != SCHEMA:
        raise StoreError(f"{path}: has schema {shown(schema)}, this project reads {SCHEMA}{more}")
    if digest != found:
        raise StoreError(
            f"{path}: has been edited; its content has the SHA-256 {found}, {shown(digest)} was "
            f"expected{more}"
        )
    checked(Replication, kept, str(path), error=StoreError, more=more, strict=True)
    replication = cast(Replication, kept)
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
    kept = {**replication, "sha256": digest_of(replication)}
    whole.write(path, json.dumps(kept, indent=1, ensure_ascii=False, allow_nan=False) + "\n")


def digest_of(replication: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a replication without its own, in hexadecimal."""
    rest = {key: value for key, value in replication.items() if key != "sha256"}
    text = json.dumps(rest, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()
