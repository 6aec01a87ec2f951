"""From a study file to a study: TOML that may extend another file, overrides, validation."""

import contextlib
import copy
import itertools
import math
import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel

from analysis.errors import StudyError, counted, mistakes, reading, shortened
from analysis.errors.mistakes import shown
from analysis.study.model import BASE, Data, Experiment, Point, Settings, Study
from analysis.study.names import closest, slug
from analysis.study.tables import Tables, anchored, merged, parsed, put, value

TOML_LINE = re.compile(r"\(at line (\d+), column \d+\)$")
"""The line of an error, which before Python 3.14 stands in its message alone."""
DEEPEST = 12
"""Tables inside of tables; a study has five."""
LONGEST_CHAIN = 20
"""Files that extend each other."""
LONGEST_SHOWN = 120
"""Characters of an override in a message."""
MOST_POINTS, MOST_RUNS = 10_000, 100_000
"""Of an experiment, and of a study."""


def read(path: Path, overrides: Sequence[str]) -> tuple[Tables, str]:
    """Return the tables of a study file, overrides applied, and the name to give them in errors.

    Raises StudyError.
    """
    tables = _extended(path, seen=())
    for override in overrides:
        tables = _overridden(tables, override)
    words = " ".join(map(_short, overrides))
    return tables, f"{path.name} with {words}" if overrides else path.name


def _short(override: str) -> str:
    return shortened(override, LONGEST_SHOWN)


def _overridden(tables: Tables, override: str) -> Tables:
    """Return the tables with one KEY=VALUE applied. Raises StudyError.

    A variant's name may hold an equals sign: the first sign that has a key of the study before it
    ends the key.
    """
    failed: StudyError | None = None
    for sign in re.finditer("=", override):
        key, text = override[: sign.start()].strip(), override[sign.end() :].strip()
        where = f"--set {_short(override)}"
        changed = copy.deepcopy(tables)
        try:
            new = value(text)
        except ValueError as error:
            raise StudyError(f"{where}: cannot be read: {error}") from None
        _check_depth(new, where)
        if key == "extends":
            raise StudyError(f"{where}: only a file extends another one; --study names a file")
        try:
            put(changed, key, new, where)
            changed = anchored(changed, Path())
        except StudyError as error:
            failed = failed or error
        else:
            return changed
    if failed is None or not all(override.partition("=")[0].strip().split(".")):
        raise StudyError(
            f"--set {_short(override)!r}: must be KEY=VALUE, such as training.epochs=3"
        )
    raise failed


def find(study: str | None, default: Path, studies: Path) -> Path:
    """Return the file of a study: a .toml file, or the name of one in `studies`, or the default.

    Raises StudyError for a name that is not there.
    """
    if study is None:
        return default
    path = Path(study)
    if path.suffix == ".toml" or path.parent != Path():
        return path
    named = studies / f"{study}.toml"
    if not reading.exists(named):
        names = sorted(known.stem for known in studies.glob("*.toml"))
        raise StudyError(
            f"no study {shown(study)}{closest(study, names)}: "
            f"give a .toml file or one of {', '.join(names)}"
        )
    return named


def files(path: Path) -> tuple[Path, ...]:
    """Return the files that a study is read from: its own, then those it extends.

    As far as they can be read: one that is broken, missing or extends itself is the last.
    """
    chain = [path]
    with contextlib.suppress(StudyError):
        while isinstance(base := _tables(chain[-1]).get("extends"), str) and "\0" not in base:
            if chain[-1].parent / base in chain or len(chain) > LONGEST_CHAIN:
                break
            chain.append(chain[-1].parent / base)
    return tuple(chain)


def _extended(path: Path, seen: tuple[Path, ...]) -> Tables:
    """Return the tables of a TOML file on top of those of the file it extends."""
    # First, as it also finds the links that lead in a circle.
    tables = anchored(_tables(path), path.parent)
    if path.resolve() in seen:
        raise StudyError(f"{path}: extends itself, through {' → '.join(p.name for p in seen)}")
    if len(seen) > LONGEST_CHAIN:
        raise StudyError(f"{path}: at most {LONGEST_CHAIN} files may extend each other in a row")
    base = tables.pop("extends", None)
    if base is None:
        return tables
    if not isinstance(base, str) or "\0" in base:
        raise StudyError(f"{path}: extends = {shown(base)}: must be the path of another study file")
    return merged(_extended(path.parent / base, (*seen, path.resolve())), tables)


def _tables(path: Path) -> Tables:
    text = reading.text(path, error=StudyError)
    try:
        tables = parsed(text)
    except ValueError as error:  # beside TOMLDecodeError: too long, too deep
        line = f":{found[1]}" if (found := TOML_LINE.search(str(error))) else ""
        raise StudyError(f"{path}{line}: is not valid TOML: {error}") from None
    _check_depth(tables, str(path))
    return tables


def _check_depth(value: Any, source: str) -> None:
    """Raise StudyError where tables or lists stand in each other too deep to be walked over."""
    if reading.is_deeper(value, DEEPEST):
        raise StudyError(
            f"{source}: tables and lists stand in each other more than {DEEPEST} levels deep; "
            "a study needs five"
        )


NOT_SETTINGS = ("title", "experiments", "sweep", "points")
ALWAYS_KNOWN = ("network.hidden", "network.activation", "training.optimizer", "training.epochs")
"""Swept keys that need no coordinate: every run is labelled with what they set."""
Model = TypeVar("Model", bound=BaseModel)


def load_study(path: Path, overrides: Sequence[str] = ()) -> Study:
    """Return the study of a file, with overrides applied.

    Raises StudyError with the file, the key, the value and what is allowed.
    """
    return build_study(*read(path, overrides))


def build_study(tables: Mapping[str, Any], source: str) -> Study:
    """Return the study that `tables` describe; `source` is named in errors. Raises StudyError."""
    if not isinstance(tables, Mapping):
        raise StudyError(f"{source}: a study must be a table, not {shown(tables)}")
    own = {key: value for key, value in tables.items() if key != "experiments"}
    study = _validated(Study, own, source, "")
    changes = tables.get("experiments", {BASE: {}})
    if not isinstance(changes, Mapping) or not changes:
        raise StudyError(f"{source}: experiments must be tables, such as [experiments.base]")
    common = {key: value for key, value in own.items() if key not in NOT_SETTINGS}
    experiments: dict[str, Experiment] = {}
    planned = 0
    for name, change in changes.items():
        experiments[name] = _experiment(common, change, source, name, planned)
        planned += _runs(experiments[name], len(experiments[name].points))
    _check_addresses(experiments, source)
    return study.model_copy(update={"experiments": experiments})


def _check_addresses(experiments: Mapping[str, Experiment], source: str) -> None:
    """Raise StudyError where two names would be the same address on the page of runs."""
    known: dict[str, str] = {}
    for name, experiment in experiments.items():
        variants = dict.fromkeys(v.name for p in experiment.points for v in p.settings.variants)
        named = {f"{slug(name)}-{slug(each)}": f"{name} with {each}" for each in variants}
        for address, words in {slug(name): name, **named}.items():
            other = known.setdefault(address, words)
            if other != words:
                raise StudyError(
                    f"{source}: experiments.{name}: {words!r} would have the same address on the "
                    f"page of runs as {other!r}; choose names that differ in letters a to z"
                )


def _experiment(
    common: Tables, change: Any, source: str, name: str, planned: int = 0
) -> Experiment:
    """Return an experiment on top of the study's common settings, its sweep spelled out.

    `planned` is the number of runs of the experiments before it.
    """
    if not re.fullmatch(r"[A-Za-z][\w-]*", name):
        raise StudyError(f"{source}: experiments.{name}: a name must be letters, digits, _ and -")
    if not isinstance(change, Mapping):
        raise StudyError(f"{source}: experiments.{name} = {shown(change)}: must be a table")
    if "points" in change:
        raise StudyError(
            f"{source}: experiments.{name}.points: follows from the sweep; leave it out"
        )
    tables = merged(common, change)
    where = f"experiments.{name}."
    experiment = _validated(Experiment, tables, source, where)
    settings = {key: value for key, value in tables.items() if key not in NOT_SETTINGS}
    _check_size(experiment, planned, f"{source}: {where.rstrip('.')}")
    names = _coordinate_names(experiment.sweep)
    points = []
    for values in itertools.product(*experiment.sweep.values()):
        chosen = dict(zip(experiment.sweep, values, strict=True))
        at = merged(settings, {})
        # An optimizer before its learning rate: the table would undo what was set inside of it.
        for key in sorted(chosen, key=len):
            put(at, key, chosen[key], f"{source}: {where}sweep")
        point = _validated(Settings, at, source, f"{where}sweep: ")
        coordinates = {
            names[key]: value.name if isinstance(value, Data) else value
            for key, value in chosen.items()
            if isinstance(value, int | float | str | Data) and key not in ALWAYS_KNOWN
        }
        points.append(Point(coordinates=coordinates, settings=point))
    if len({point.settings.model_dump_json() for point in points}) < len(points):
        raise StudyError(f"{source}: {where}sweep: lists the same settings twice")
    return experiment.model_copy(update={"points": tuple(points)})


def _runs(experiment: Experiment, points: int) -> int:
    return points * len(experiment.seeds) * len(experiment.variants)


def _check_size(experiment: Experiment, planned: int, where: str) -> None:
    """Raise StudyError for more points or runs than can be planned, before they are spelled out."""
    points = math.prod(map(len, experiment.sweep.values()))
    runs = _runs(experiment, points)
    if points > MOST_POINTS:
        lengths = " x ".join(str(len(values)) for values in experiment.sweep.values())
        raise StudyError(
            f"{where}.sweep: {lengths} values make {counted(points, 'point')} and "
            f"{counted(runs, 'run')}; at most {MOST_POINTS:,} points can be swept over"
        )
    if planned + runs > MOST_RUNS:
        before = f", {planned + runs:,} with the experiments before it" if planned else ""
        raise StudyError(
            f"{where}: {counted(points, 'point')}, {counted(len(experiment.seeds), 'seed')} and "
            f"{counted(len(experiment.variants), 'variant')} make {runs:,} runs{before}; "
            f"at most {MOST_RUNS:,} can be planned"
        )


def _coordinate_names(sweep: Mapping[str, Any]) -> dict[str, str]:
    """Return the last part of every swept key, or the whole key where two share that part."""
    last = {key: key.rpartition(".")[2] for key in sweep}
    shared = [name for name in last.values() if list(last.values()).count(name) > 1]
    return {key: key if name in shared else name for key, name in last.items()}


def _validated(model: type[Model], tables: Mapping[str, Any], source: str, where: str) -> Model:
    return mistakes.checked(model, tables, source, where, error=StudyError)
