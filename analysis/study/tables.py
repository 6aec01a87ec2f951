"""Study files as tables of TOML: laid over each other, changed by a dotted key, spelled out."""

import contextlib
import copy
import re
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from analysis.errors import StudyError
from analysis.errors.mistakes import shown
from analysis.study.names import closest

CLASSES: Mapping[tuple[str, ...], str] = {
    ("training", "optimizer"): "name",
    ("network", "bias"): "initializer",
    ("dataset",): "path",
}
"""Tables that name a class of Keras or a file, by where they stand, and the key that names it."""
SHORT = 2
"""Up to so many equal layers are easier to read one by one than as a stack."""
Tables = dict[str, Any]


def merged(
    base: Mapping[str, Any], change: Mapping[str, Any], path: tuple[str, ...] = ()
) -> Tables:
    """Return a copy of `base` with `change` laid over it, table by table.

    A list, and a table that names a class or file of its own, replaces what was there: the
    parameters of one optimizer or initializer mean nothing to another. `path` is where the two
    tables stand.
    """
    result = copy.deepcopy(dict(base))
    for key, new in change.items():
        old, here = result.get(key), (*path, key)
        named = CLASSES.get(here[-2:], CLASSES.get(here[-1:]))
        if isinstance(old, dict) and isinstance(new, Mapping) and named not in new:
            result[key] = merged(old, new, here)
        else:
            result[key] = copy.deepcopy(new)
    return result


URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://")


def is_path(text: str) -> bool:
    """Tell whether the text that a study gives for a data set is a path and no name."""
    return text.endswith(".npz") or "/" in text


def of_file(path: str) -> str:
    """Return the path of a data set; raise ValueError for what can be none."""
    if URL.match(path):
        raise ValueError("must be a path: nothing is fetched; download it and give its path")
    if "\0" in path:
        raise ValueError("must be a path, which has no NUL")
    return path


def anchored(tables: Mapping[str, Any], folder: Path) -> Tables:
    """Return a study file's tables with the paths of its data sets as seen from where we are.

    In the file, which lies in `folder`, they are seen from there; "~" is the home folder.
    """
    found = dict(tables)
    if "dataset" in found:
        found["dataset"] = _at(found["dataset"], folder)
    if isinstance(sweep := found.get("sweep"), Mapping) and isinstance(sweep.get("dataset"), list):
        found["sweep"] = {**sweep, "dataset": [_at(each, folder) for each in sweep["dataset"]]}
    if isinstance(experiments := found.get("experiments"), Mapping):
        found["experiments"] = {
            name: anchored(each, folder) if isinstance(each, Mapping) else each
            for name, each in experiments.items()
        }
    return found


def _at(data: Any, folder: Path) -> Any:
    if isinstance(data, str) and is_path(data):
        return _seen(data, folder)
    if isinstance(data, Mapping) and isinstance(data.get("path"), str):
        return {**data, "path": _seen(data["path"], folder)}
    return data


def _seen(path: str, folder: Path) -> str:
    if URL.match(path):
        return path  # no path: it is refused as it was written
    own = Path(path)
    with contextlib.suppress(RuntimeError, ValueError):  # there may be no such user, and no home
        own = own.expanduser()
    seen = str(folder / own)
    # What was a path, as ./mnist, is no name because that is all that is left of it.
    return seen if is_path(seen) else f"./{seen}"


def spelled(dump: Mapping[str, Any]) -> Tables:
    """Return the tables that a study file would hold, from the dump of a study.

    Every experiment names all of its settings; what follows from them, such as the points of a
    sweep, is left out, and so is what is not set. Tables that are spelled so already stay the same.
    """
    tables = _settings({key: value for key, value in dump.items() if key != "experiments"})
    if isinstance(experiments := dump.get("experiments"), Mapping):
        tables["experiments"] = {
            name: _settings(each) if isinstance(each, Mapping) else each
            for name, each in experiments.items()
        }
    return tables


def _settings(dump: Mapping[str, Any]) -> Tables:
    """Return what a study or an experiment sets, spelled out."""
    return {
        key: value if key == "sweep" else _spelled(key, value)
        for key, value in dump.items()
        if value is not None and key != "points" and not (key == "sweep" and not value)
    }


def _spelled(key: str, value: Any) -> Any:
    if isinstance(value, Mapping):
        spelled_out = {k: _spelled(k, each) for k, each in value.items() if each is not None}
        return spelled_out | dict(spelled_out.pop("parameters", {}))
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

    So variants.HeNormal.initializer names a variant; its name may hold dots of its own, and may
    stand in quotes. Raises StudyError, naming `where` the key is.
    """
    target: Any = tables
    way: list[str] = []
    part, rest = _step(target, key)
    while rest is not None:
        if way[:1] == ["experiments"] and len(way) > 1 and isinstance(target, dict):
            # What an experiment does not set yet, it may: an inherited list becomes its own.
            inherited = tables.get(part) if len(way) == 2 else None
            own = copy.deepcopy(inherited) if isinstance(inherited, list) else {}
            target.setdefault(part, own)
        target = _child(target, part, way, where)
        way.append(part)
        part, rest = _step(target, rest)
    if named := _named(target):
        _child(target, part, way, where)
        key = next((name for name in named[part] if name != "name"), "initializer")
        raise StudyError(
            f"{where}: {'.'.join([*way, part])} is a variant: set a key of it, such as "
            f"{'.'.join([*way, part, key])}"
        )
    if not isinstance(target, dict):
        raise _no_keys(target, way, where)
    if not part:
        raise StudyError(f"{where}: unknown key ''")
    target[part] = new


def _step(target: Any, key: str) -> tuple[str, str | None]:
    """Return the first part of a dotted key, of a list the longest name that fits, and the rest."""
    if (found := QUOTED.match(key)) and key[found.end() :][:1] in {"", "."}:
        rest = key[found.end() :]
        return str(value(found[0])), rest[1:] if rest else None
    fitting = [name for name in _named(target) if key.startswith(f"{name}.")]
    part = max(fitting, key=len, default=key.partition(".")[0])
    return part, key[len(part) + 1 :] if len(part) < len(key) else None


def in_key(name: str) -> str:
    """Return a variant's name as a part of a dotted key: in quotes where SET would part it."""
    return name if BARE.fullmatch(name) else f'"{name}"'


def _named(target: Any) -> dict[str, Any]:
    """Return the tables of a list by their names."""
    tables = [item for item in target if isinstance(item, dict)] if isinstance(target, list) else []
    return {item["name"]: item for item in tables if isinstance(item.get("name"), str)}


QUOTED = re.compile(r"""(?:"(?:[^"\\]|\\.)*"|'[^']*')""")
BARE = re.compile(r"[\w.+–-]+")
"""A name that needs no quotes within a key."""
PIECE = re.compile(rf"(?<![^\s=\[{{,.]){QUOTED.pattern}|\s+|.", re.DOTALL)
"""A quoted text where a value or a part of a key may begin, white space, or any other character."""
SETS = re.compile(rf"(?:[^\s=\"'\[{{]|(?<=\.){QUOTED.pattern})+=")


def pairs(text: str) -> list[str]:
    """Return the KEY=VALUE words of a text, parted where no quote or bracket of TOML is open.

    A word that sets nothing belongs to the value before it, as in title=Two words, or to the key
    after it where it stands first.
    """
    words, depth = [""], 0
    for piece in PIECE.findall(text.strip()):
        depth = max(0, depth + (piece in "[{") - (piece in "]}"))
        if piece.isspace() and not depth:
            words += [piece, ""]
        else:
            words[-1] += piece
    found = words[:1] if words[0] else []
    for space, word in zip(words[1::2], words[2::2], strict=True):
        if SETS.match(word) and "=" in found[-1]:
            found.append(word)
        else:
            found[-1] += space + word
    return found


def value(text: str) -> Any:
    """Return the TOML value that `text` spells, or the text itself when it is a bare word."""
    try:
        tables = parsed(f"value = {text}")
    except tomllib.TOMLDecodeError:
        return text
    return tables["value"] if len(tables) == 1 else text


def written(value: object) -> str:
    """Return a value as a study file has it, a text without its quotes; `value` reads it back."""
    if isinstance(value, Mapping):
        return f"{{ {', '.join(f'{key} = {written(each)}' for key, each in value.items())} }}"
    if isinstance(value, list) and any(isinstance(each, Mapping) for each in value):
        return f"[{', '.join(map(written, value))}]"
    return str(value).lower() if isinstance(value, bool) else str(value)


def parsed(text: str) -> Tables:
    """Return the tables of a TOML text.

    Raises TOMLDecodeError, with the line, and ValueError for what Python does not read.
    """
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError:
        raise
    except RecursionError:
        raise ValueError("Tables or lists stand in each other too deep") from None
    except ValueError:
        number = max(re.finditer(r"[\d_]+", text), key=lambda found: len(found[0]))
        line, start = text.count("\n", 0, number.start()) + 1, text.rfind("\n", 0, number.start())
        place = f"at line {line}, column {number.start() - start}"
        raise ValueError(f"A number has {len(number[0])} digits ({place})") from None


def _child(target: Any, part: str, way: Sequence[str], where: str) -> Any:
    """Return the table or value of that name within a table or a list of named tables."""
    known = target if isinstance(target, dict) else _named(target)
    if part in known:
        return known[part]
    if not known and not isinstance(target, dict):
        raise _no_keys(target, way, where)
    kind = "table" if isinstance(target, dict) else "variant"
    hint = closest(part, known)
    raise StudyError(f"{where}: no {kind} {part!r}{hint}; there are {', '.join(known)}")


def _no_keys(target: Any, way: Sequence[str], where: str) -> StudyError:
    return StudyError(f"{where}: {'.'.join(way)} = {shown(target)} is no table, and holds no keys")
