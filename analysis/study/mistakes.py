"""What is wrong with a study, in the words of a person: file, key, value, and what is allowed."""

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from analysis.study.parameters import shown

WORDS = (
    ("Input should be", "must be"),
    ("a valid integer", "a whole number"),
    ("a valid number", "a number"),
    ("a valid string", "text"),
    ("a valid tuple", "a list"),
    ("a valid dictionary or instance of", "a table as in study.toml:"),
    ("a valid dictionary", "a table"),
    ("Tuple should have", "the list must have"),
    ("String should match pattern", "must match"),
    ("String should have", "must have"),
    (" after validation", ""),
)
"""Parts of pydantic's sentences, and what stands in their place."""


def messages(
    error: ValidationError, source: str, where: str, tables: Mapping[str, Any]
) -> list[str]:
    """Return a line for each mistake that pydantic found in `tables`.

    `source` is the file, and `where` comes before the key.
    """
    lines = []
    for item in error.errors(include_url=False):
        key, value = _locate(item["loc"], tables)
        reason = _sentence(item["msg"].removeprefix("Value error, "))
        at = f"{source}: {where}{key}" if key else f"{source}: {where.rstrip('.')}".rstrip(": ")
        if item["type"] == "missing":
            lines.append(f"{at} is missing")
        elif isinstance(value, dict | list) or not key:
            lines.append(f"{at}: {reason}")
        else:
            lines.append(f"{at} = {shown(value)}: {reason}")
    return lines


def _locate(loc: tuple[int | str, ...], tables: Any) -> tuple[str, Any]:
    """Return the dotted key of a pydantic location, list items by name, and the value there."""
    parts: list[str] = []
    value = tables
    for step in loc:
        try:
            value = value[step]
        except (KeyError, IndexError, TypeError):
            value = None
        name = value.get("name") if isinstance(step, int) and isinstance(value, dict) else None
        parts.append(name if isinstance(name, str) else str(step))
    return ".".join(parts), value


def _sentence(reason: str) -> str:
    for pydantic_says, we_say in WORDS:
        reason = reason.replace(pydantic_says, we_say)
    return reason
