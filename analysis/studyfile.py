"""Study files as tables: TOML that may extend another file, overrides, and the way back."""

import copy
import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from analysis.errors import StudyError
from analysis.parameters import closest, shown

ROOT = Path(__file__).resolve().parent.parent
STUDIES = ROOT / "studies"
DEFAULT_STUDY = ROOT / "study.toml"
CLASSES = {"name", "initializer"}
"""Keys of which either names a class, to which the other keys of its table belong."""
SHORT = 2
"""Up to so many equal layers are easier to read one by one than as a stack."""

Tables = dict[str, Any]


def read(study: str | Path | None, overrides: Sequence[str]) -> tuple[Tables, str]:
    """Return the tables of a study file, overrides applied, and the name to give them in errors.

    `study` is a .toml file or the name of one in `studies/`. Raises StudyError.
    """
    path = _path(study)
    tables = _extended(path, seen=())
    for override in overrides:
        key, equals, text = override.partition("=")
        if not equals or not all(key.strip().split(".")):
            raise StudyError(f"--set {override!r}: must be KEY=VALUE, such as training.epochs=3")
        put(tables, key.strip(), value(text.strip()), f"--set {override}")
    return tables, path.name if not overrides else f"{path.name} with {' '.join(overrides)}"


def files(study: str | Path | None = None) -> tuple[Path, ...]:
    """Return the files that a study is read from: its own, then those it extends.

    Raises StudyError.
    """
    chain = [_path(study)]
    while base := _tables(chain[-1]).get("extends"):
        chain.append(chain[-1].parent / base)
    return tuple(chain)


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


def _path(study: str | Path | None) -> Path:
    if study is None:
        return DEFAULT_STUDY
    path = Path(study)
    if path.suffix == ".toml" or path.parent != Path():
        return path
    named = STUDIES / f"{study}.toml"
    if not named.is_file():
        names = sorted(known.stem for known in STUDIES.glob("*.toml"))
        raise StudyError(
            f"no study {str(study)!r}{closest(str(study), names)}: "
            f"give a .toml file or one of {', '.join(names)}"
        )
    return named


def _extended(path: Path, seen: tuple[Path, ...]) -> Tables:
    """Return the tables of a TOML file on top of those of the file it extends."""
    if path.resolve() in seen:
        raise StudyError(f"{path}: extends itself, through {' → '.join(p.name for p in seen)}")
    tables = _tables(path)
    base = tables.pop("extends", None)
    if base is None:
        return tables
    if not isinstance(base, str) or "\0" in base:
        raise StudyError(f"{path}: extends = {shown(base)}: must be the path of another study file")
    return merged(_extended(path.parent / base, (*seen, path.resolve())), tables)


def _tables(path: Path) -> Tables:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise StudyError(f"{path}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise StudyError(f"{path}: is not UTF-8 text (byte {error.start})") from None
    except (ValueError, RecursionError) as error:  # beside TOMLDecodeError: too long, too deep
        raise StudyError(f"{path}: is not valid TOML: {error}") from None
