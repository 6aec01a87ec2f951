"""A record as JSON that carries its own SHA-256: one that was damaged or edited is refused."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, TypeVar, cast

from pydantic import Field

from analysis.errors import StoreError, reading
from analysis.errors.mistakes import checked, shown

Digest = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
"""A SHA-256 in hexadecimal."""
Record = TypeVar("Record")


def read(
    kind: type[Record], path: Path, schema: int, *, ordered: bool, more: str, other: str = ""
) -> Record:
    """Return the record in a file, a table of a `kind`; what else was written there stays in it.

    Its keys `schema` and `sha256` are looked at first. Raises StoreError, at the end with `more`,
    for one that is damaged, edited, or of another schema; of the latter with `other`, if given.
    """
    try:
        kept: Any = json.loads(reading.text(path, error=StoreError, more=more))
        written, digest, found = kept["schema"], kept["sha256"], digest_of(kept, ordered=ordered)
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise StoreError(
            f"{path}: is damaged; a JSON table with the keys schema and sha256 was expected{more}"
        ) from None
    if written != schema:
        raise StoreError(
            f"{path}: has schema {shown(written)}, this project reads {schema}{other or more}"
        )
    if digest != found:
        raise StoreError(
            f"{path}: has been edited; its content has the SHA-256 {found}, {shown(digest)} was "
            f"expected{more}"
        )
    checked(kind, kept, str(path), error=StoreError, more=more, strict=True)
    return cast(Record, kept)


def text(record: Mapping[str, Any], *, ordered: bool) -> str:
    """Return a record as the text of a file, its digest made right."""
    sealed = {**record, "sha256": digest_of(record, ordered=ordered)}
    return json.dumps(sealed, indent=1, ensure_ascii=False, allow_nan=False) + "\n"


def digest_of(record: Mapping[str, Any], *, ordered: bool) -> str:
    """Return the SHA-256 of a record without its own; the order of its keys counts if `ordered`."""
    rest = {key: value for key, value in record.items() if key != "sha256"}
    content = json.dumps(rest, sort_keys=not ordered, ensure_ascii=False)
    return hashlib.sha256(content.encode()).hexdigest()
