"""The lock of the claims: what each was declared to be, every time that they were frozen.

It is only ever added to, so that runs of any age find the claims that stood when they were trained.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, NotRequired

from pydantic import Field
from typing_extensions import TypedDict

from analysis.errors import StoreError, reading, sealed, whole
from analysis.errors.mistakes import checked, shown
from analysis.errors.sealed import Digest
from analysis.plan import provenance
from analysis.plan.origin import Code

SCHEMA = 1


class Freeze(TypedDict):
    """All claims as they were declared on a day (UTC), by id the digest of each declaration.

    The code was that of `commit`, but for local changes where there were any. `sha256` is that of
    the claims.
    """

    date: provenance.Day
    commit: provenance.Text | None
    local_changes: NotRequired[bool]
    claims: Annotated[dict[provenance.Text, Digest], Field(min_length=1)]
    sha256: Digest


class _File(TypedDict):
    schema: int
    freezes: Annotated[list[Freeze], Field(min_length=1)]


@dataclass(frozen=True)
class Lock:
    """Every freeze, the oldest first; none where nothing was ever frozen."""

    freezes: tuple[Freeze, ...] = ()

    @property
    def last(self) -> Freeze | None:
        """Return the freeze that stands now."""
        return self.freezes[-1] if self.freezes else None

    @property
    def digest(self) -> str:
        """Return the digest of the freeze that stands now; "" where there is none."""
        return self.last["sha256"] if self.last else ""

    def find(self, digest: str) -> Freeze | None:
        """Return the freeze of a digest, or None where there is none."""
        return next((each for each in self.freezes if each["sha256"] == digest), None)


def freeze(claims: Mapping[str, str], date: str, code: Code) -> Freeze:
    """Return a freeze of claims, by id the digest of each declaration, on a day."""
    return {"date": date, **code, "claims": dict(claims), "sha256": digest_of(claims)}


def digest_of(claims: Mapping[str, str]) -> str:
    """Return the SHA-256 of the claims of a freeze, in hexadecimal, whatever their order."""
    return sealed.digest_of(claims, ordered=False)


def read(path: Path) -> Lock:
    """Return the lock in a file, one without freezes where there is no file.

    Raises StoreError for one that is damaged, edited, or of another schema.
    """
    if not reading.exists(path):
        return Lock()
    more = f"; git restore {path} brings it back"
    try:
        kept: Any = json.loads(reading.text(path, error=StoreError))
    except (ValueError, RecursionError) as error:
        raise StoreError(f"{path}: is damaged: {error}{more}") from None
    if isinstance(kept, dict) and kept.get("schema") != SCHEMA:
        raise StoreError(
            f"{path}: has schema {shown(kept.get('schema'))}, this project reads {SCHEMA}{more}"
        )
    found = checked(_File, kept, str(path), error=StoreError, more=more, strict=True)
    for each in found["freezes"]:
        if digest_of(each["claims"]) != each["sha256"]:
            raise StoreError(
                f"{path}: the freeze of {each['date']} has been edited; its claims have the "
                f"SHA-256 {digest_of(each['claims'])}, {each['sha256']} was expected{more}"
            )
    return Lock(tuple(found["freezes"]))


def add(path: Path, locked: Lock, new: Freeze) -> None:
    """Write a lock with one more freeze. Raises WriteError."""
    kept = {"schema": SCHEMA, "freezes": [*locked.freezes, new]}
    whole.write(path, json.dumps(kept, indent=1, ensure_ascii=False) + "\n")
