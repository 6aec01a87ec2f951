"""What is wrong with a table from outside, in words: file, key, value, and what is allowed.

Here are the mistakes that pydantic finds; messages raised by hand stand where the value is checked.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from datetime import time as datetime_time
from typing import Any, TypeVar

from pydantic import TypeAdapter, ValidationError

from analysis.errors import InputError, ProjectError, shortened

Mistake = Mapping[str, Any]
Location = tuple[int | str, ...]
"""Keys and places in lists that lead to a value."""
Type = TypeVar("Type")
LISTED = 20
"""So many mistakes are named one by one."""
LONGEST = 200
"""Characters of a value in a message."""

ALLOWED = {
    "int_type": "must be a whole number",
    "int_from_float": "must be a whole number",
    "float_type": "must be a number",
    "finite_number": "must be a finite number",
    "string_type": "must be text",
    "string_unicode": "must be text in UTF-8",
    "bool_type": "must be true or false",
    "tuple_type": "must be a list",
    "dict_type": "must be a table",
    "list_type": "must be a list",
    "model_type": "must be a table",
    "greater_than": "must be greater than {gt:.15g}",
    "greater_than_equal": "must be greater than or equal to {ge:.15g}",
    "less_than": "must be less than {lt:.15g}",
    "less_than_equal": "must be less than or equal to {le:.15g}",
    "literal_error": "must be {expected}",
    "too_short": "the list must have at least {min_length} item{s}, not {actual_length}",
    "too_long": "the list must have at most {max_length} items, not {actual_length}",
    "string_too_short": "must have at least {min_length} character{s}",
    "string_too_long": "must have at most {max_length} characters",
    "value_error": "{error}",
}
"""What would be right, by pydantic's type of a mistake; the names are those of its context."""


def checked(
    kind: type[Type] | TypeAdapter[Type],
    value: Any,
    source: str,
    where: str = "",
    *,
    error: type[ProjectError] = InputError,
    more: str = "",
    strict: bool = False,
    line_of: Callable[[Location], int] | None = None,
) -> Type:
    """Return a value from outside as a `kind` that pydantic knows; if `strict`, as it stands there.

    Raises `error` with a line for each mistake: `source`, with its line where `line_of` tells that
    of a location, the key after `where`, the value and what is allowed, and at the end `more`.
    """
    adapter = kind if isinstance(kind, TypeAdapter) else TypeAdapter(kind)
    try:
        return adapter.validate_python(value, strict=strict or None)
    except ValidationError as mistake:
        lines = messages(mistake, source, where, value, line_of)
        rest = [f"{source}: and {len(lines) - LISTED} more"] if len(lines) > LISTED else []
        raise error("\n".join([*lines[:LISTED], *rest]) + more) from None


def messages(
    error: ValidationError,
    source: str,
    where: str,
    tables: Mapping[str, Any],
    line_of: Callable[[Location], int] | None = None,
) -> list[str]:
    """Return a line for each mistake that pydantic found in `tables`.

    `source` is the file, `line_of` tells its line, and `where` comes before the key.
    """
    found = error.errors(include_url=False)
    return [
        _line(item, f"{source}:{line_of(item['loc'])}" if line_of else source, where, tables)
        for item in found
        if not _follows(item, found)
    ]


def _line(item: Mistake, source: str, where: str, tables: Mapping[str, Any]) -> str:
    key, value = _locate(item["loc"], tables)
    at = f"{source}: {where}{key}" if key else f"{source}: {where.rstrip('.')}".rstrip(": ")
    if item["type"] == "missing":
        return f"{at} is missing"
    if isinstance(value, dict | list) or not key:
        return f"{at}: {_reason(item)}"
    return f"{at} = {shown(value)}: {_reason(item)}"


def _reason(item: Mistake) -> str:
    if item["type"] not in ALLOWED:
        return str(item["msg"])
    context = item.get("ctx", {})
    plural = "" if context.get("min_length") == 1 else "s"
    return ALLOWED[item["type"]].format(**context, s=plural)


def _follows(item: Mistake, found: Sequence[Mistake]) -> bool:
    """Tell whether a list is short only because pydantic left out its mistaken items."""
    loc = item["loc"]
    inner = any(other["loc"][: len(loc)] == loc != other["loc"] for other in found)
    return item["type"] == "too_short" and inner


def _locate(loc: Location, tables: Any) -> tuple[str, Any]:
    """Return the dotted key of a pydantic location, list items by name, and the value there."""
    parts: list[str] = []
    value = tables
    for step in loc:
        value = _item(value, step)
        name = value.get("name") if isinstance(step, int) and isinstance(value, dict) else None
        parts.append(name if isinstance(name, str) else str(step))
    return ".".join(parts), value


def _item(value: Any, step: int | str) -> Any:
    if isinstance(value, dict):
        return value.get(step)
    whole = isinstance(value, list | tuple) and isinstance(step, int) and step < len(value)
    return value[step] if whole else None


def shown(value: object) -> str:
    """Return a value as a message shows it: as it is written in TOML, and short."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, date | datetime_time):
        return value.isoformat()
    if isinstance(value, int) and value.bit_length() > 200:
        return f"an integer of {value.bit_length()} bits"
    if isinstance(value, float) and not math.isfinite(value):
        return str(value)
    return shortened(repr(value), LONGEST)
