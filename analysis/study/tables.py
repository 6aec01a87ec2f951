"""Study files as tables: laid over each other, changed by a dotted key, and spelled out again."""

import copy
import tomllib
from collections.abc import Mapping
from typing import Any

from analysis.errors import StudyError
from analysis.study.names import closest

CLASSES = {"name", "initializer"}
"""Keys of which either names a class, to which the other keys of its table belong."""
SHORT = 2
"""Up to so many equal layers are easier to read one by one than as a stack."""
Tables = dict[str, Any]


def merged(base: Mapping[str, Any], change: Mapping[str, Any]) -> Tables:
    """Return a copy of `base` with `change` laid over it, table by table.

    A list, and a table that names a class of its own, replaces what was there: the parameters of
    one optimizer or initializer mean nothing to another.
    """
    result = copy.deepcopy(dict(base))
    for key, new in change.items():
        old = result.get(key)
        if isinstance(old, dict) and isinstance(new, Mapping) and not CLASSES & new.keys():
            result[key] = merged(old, new)
        else:
            result[key] = copy.deepcopy(new)
    return result


def spelled(dump: Mapping[str, Any]) -> Tables:
    """Return the tables that a study file would hold, from the dump of a study.

    Every experiment names all of its settings; what follows from them, such as the points of a
    sweep, is left out, and so is what is not set. Tables that are spelled so already stay the same.
    """
    tables: Tables = {}
    for key, value in dump.items():
        if value is None or key == "points" or (key == "sweep" and not value):
            continue
        tables[key] = value if key == "sweep" else _spelled(key, value)
    return tables


def _spelled(key: str, value: Any) -> Any:
    if isinstance(value, Mapping):
        parameters = value.get("parameters", {})
        return spelled({name: each for name, each in value.items() if name != "parameters"}) | {
            **parameters
        }
    if isinstance(value, list | tuple):
        items = [_spelled("", item) for item in value]
        if key == "seeds" and items == list(range(len(items))):
            return len(items)
        if key == "hidden" and len(items) > SHORT and len(set(items)) == 1:
            return f"{len(items)} x {items[0]}"
        return items
    return value


def put(tables: Tables, key: str, new: Any, where: str) -> None:
    """Set a dotted key in place; an item of a list is reached by its name.

    So variants.HeNormal.initializer names a variant. Raises StudyError, naming `where` the key is.
    """
    *parents, last = key.split(".")
    target: Any = tables
    for depth, part in enumerate(parents):
        if parents[0] == "experiments" and depth > 1 and isinstance(target, dict):
            target.setdefault(part, {})  # what an experiment does not set yet, it may
        target = _child(target, part, where)
    if not isinstance(target, dict):
        raise StudyError(f"{where}: {'.'.join(parents)} holds no keys")
    target[last] = new


def value(text: str) -> Any:
    """Return the TOML value that `text` spells, or the text itself when it is a bare word."""
    try:
        tables = tomllib.loads(f"value = {text}")
    except (ValueError, RecursionError):
        return text
    return tables["value"] if len(tables) == 1 else text


def _child(target: Any, part: str, where: str) -> Any:
    if isinstance(target, list):
        tables = [item for item in target if isinstance(item, dict)]
        named = {item["name"]: item for item in tables if isinstance(item.get("name"), str)}
        if part not in named:
            hint = closest(part, named)
            raise StudyError(f"{where}: no variant {part!r}{hint}; there are {', '.join(named)}")
        return named[part]
    if isinstance(target, dict) and part in target:
        return target[part]
    known = list(target) if isinstance(target, dict) else []
    raise StudyError(
        f"{where}: no table {part!r}{closest(part, known)}; there are {', '.join(known)}"
    )
