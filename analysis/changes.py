"""What differs between two studies, in words."""

import json
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path


def between(before: Mapping[str, object], after: Mapping[str, object]) -> list[str]:
    """Return a line for every hyperparameter that differs, as `training.epochs: 10 → 3`."""
    old, new = dict(_flat(before)), dict(_flat(after))
    lines: list[str] = []
    for key in dict.fromkeys([*old, *new]):
        if key not in new:
            lines.append(f"{key}: {_text(old[key])}, now gone")
        elif key not in old:
            lines.append(f"{key}: {_text(new[key])}, new")
        elif old[key] != new[key]:
            lines.append(f"{key}: {_text(old[key])} → {_text(new[key])}")
    return lines


def since(record: Path, study: Mapping[str, object]) -> list[str]:
    """Return what differs between the study in a provenance.json and `study`.

    Nothing does where there is no such file.
    """
    try:
        before = json.loads(record.read_text(encoding="utf-8"))["study"]
    except (OSError, ValueError, KeyError, TypeError):
        return []
    return between(before, study) if isinstance(before, Mapping) else []


def _flat(value: object, prefix: str = "") -> Iterator[tuple[str, object]]:
    """Yield (dotted key, value) for every leaf; a list of named tables counts as one by name."""
    if isinstance(value, Sequence) and value and all(isinstance(v, Mapping) for v in value):
        value = {
            str(item["name"]): {key: inner for key, inner in item.items() if key != "name"}
            for item in value
        }
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _flat(inner, f"{prefix}.{key}" if prefix else str(key))
    else:
        yield prefix, value


def _text(value: object) -> str:
    if isinstance(value, Sequence) and not isinstance(value, str) and len(value) > 4:
        return f"[{value[0]} … {value[-1]}] ({len(value)})"
    return str(value)
