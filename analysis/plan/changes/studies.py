"""What differs between two studies, in words."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from analysis.errors import StudyError, reading
from analysis.study.file import build_study
from analysis.study.tables import spelled, written

Flat = dict[str, object]
GONE = object()


def between(before: Mapping[str, object], after: Mapping[str, object]) -> list[str]:
    """Return a line for every hyperparameter that differs, as `training.epochs: 10 → 3`.

    What an experiment takes over from the study is said of the study alone, and an experiment that
    is new or gone is one line.
    """
    old, new = dict(_flat(spelled(before))), dict(_flat(spelled(after)))
    lines: list[str] = []
    for name in _experiments(old, new):
        prefix = f"experiments.{name}."
        here = [any(key.startswith(prefix) for key in side) for side in (old, new)]
        if here != [True, True]:
            lines.append(f"experiments.{name}: {'new' if here[1] else 'now gone'}")
            old, new = _without(old, prefix), _without(new, prefix)
    for key in dict.fromkeys([*old, *new]):
        if not _inherited(key, old, new):
            lines += _line(key, old.get(key, GONE), new.get(key, GONE))
    return lines


def since(record: Path, study: Mapping[str, object]) -> list[str]:
    """Return what differs between the study in a provenance.json and `study`.

    Nothing does where there is no such file, or one with a study that cannot be one.
    """
    noted = reading.state(record)
    try:
        before = (
            build_study(noted.get("study", {}), str(record)) if isinstance(noted, dict) else None
        )
    except StudyError:
        return []
    return between(before.tables(), study) if before else []


def _line(key: str, old: object, new: object) -> list[str]:
    if new is GONE:
        return [f"{key}: {_text(old)}, now gone"]
    if old is GONE:
        return [f"{key}: {_text(new)}, new"]
    return [] if old == new else [f"{key}: {_text(old)} → {_text(new)}"]


def _experiments(*sides: Flat) -> list[str]:
    named = [key.split(".")[1] for side in sides for key in side if key.startswith("experiments.")]
    return list(dict.fromkeys(named))


def _without(side: Flat, prefix: str) -> Flat:
    return {key: value for key, value in side.items() if not key.startswith(prefix)}


def _inherited(key: str, old: Flat, new: Flat) -> bool:
    """Tell whether an experiment's value was the study's before and is the study's now."""
    if not key.startswith("experiments."):
        return False
    own = key.split(".", 2)[2]
    known = own in old or own in new
    return known and all(side.get(key, GONE) == side.get(own, GONE) for side in (old, new))


def _flat(value: object, prefix: str = "") -> Iterator[tuple[str, object]]:
    """Yield (dotted key, value) for every leaf; a list of named tables counts as one by name.

    A data set is its name: whose it is changes no result.
    """
    if prefix.rpartition(".")[2] == "dataset" and isinstance(value, Mapping):
        value = value.get("name")
    if isinstance(value, Sequence) and (named := _by_name(value)):
        value = named
    if isinstance(value, Mapping):
        for key, inner in value.items():
            yield from _flat(inner, f"{prefix}.{key}" if prefix else str(key))
    else:
        yield prefix, value


def _by_name(items: Sequence[object]) -> dict[str, object]:
    """Return named tables by their names; nothing where a name is missing or stands twice."""
    named: dict[str, object] = {}
    for item in items:
        if not isinstance(item, Mapping) or "name" not in item or str(item["name"]) in named:
            return {}
        rest = {key: inner for key, inner in item.items() if key != "name"}
        named[str(item["name"])] = rest or str(item["name"])
    return named


def _text(value: object) -> str:
    if isinstance(value, Sequence) and not isinstance(value, str) and len(value) > 4:
        return f"[{written(value[0])} … {written(value[-1])}] ({len(value)})"
    return written(value)
