"""Study: every hyperparameter, validated when built and frozen afterwards.

TOML and overrides come in, nothing else.
"""

import tomllib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator, model_validator

from analysis import optimizers, schemes
from analysis.errors import StudyError
from analysis.parameters import Value, closest, shown

ROOT = Path(__file__).resolve().parent.parent
STUDIES = ROOT / "studies"
DEFAULT_STUDY = ROOT / "study.toml"
MAX_SEED = 2**31 - 1

Activation = Literal[
    "relu", "leaky_relu", "elu", "selu", "gelu", "silu", "softplus", "tanh", "sigmoid", "linear"
]


class _Table(BaseModel):
    """A TOML table: frozen, strictly typed, and with a helpful answer to an unknown key."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")

    @model_validator(mode="before")
    @classmethod
    def _known_keys(cls, data: Any) -> Any:
        if isinstance(data, Mapping):
            for key in data:
                if key not in cls.model_fields:
                    known = ", ".join(cls.model_fields)
                    hint = closest(str(key), cls.model_fields)
                    raise ValueError(f"unknown key {key!r}{hint}; the keys here are {known}")
        return data


class Network(_Table):
    """The architecture: dense hidden layers of one activation, then a softmax over the classes."""

    hidden: Annotated[
        tuple[Annotated[int, Field(ge=1, le=65536)], ...],
        Field(strict=False, min_length=1, max_length=1000),
    ]
    """Units of each hidden layer, first to last."""
    activation: Activation
    """Activation of every hidden layer, by its Keras name."""


class Optimizer(BaseModel):
    """A Keras optimizer with all its parameters, defaults filled in."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")

    name: str
    parameters: dict[str, Value]

    @model_validator(mode="before")
    @classmethod
    def _complete(cls, data: Any) -> Any:
        return _class_and_parameters(data, "name", (), optimizers.complete_parameters)


class Training(_Table):
    """How every network of a study is trained."""

    optimizer: Optimizer
    loss: Literal["sparse_categorical_crossentropy"]
    batch_size: Annotated[int, Field(ge=1, le=10**6)]
    """Samples a step."""
    epochs: Annotated[int, Field(ge=1, le=10**5)]
    """Passes over the training rows."""
    validation_split: Annotated[float, Field(gt=0, lt=1)]
    """Share of the rows, the last ones before any shuffle, that is held out."""


class Variant(BaseModel):
    """A named initializer configuration, applied to every kernel of the network."""

    model_config = ConfigDict(frozen=True, strict=True, extra="forbid")

    name: Annotated[str, Field(pattern=r"^[\w().,+\-–= ]{1,40}$")]
    initializer: str
    parameters: dict[str, Value]

    @model_validator(mode="before")
    @classmethod
    def _complete(cls, data: Any) -> Any:
        return _class_and_parameters(data, "initializer", ("name",), schemes.complete_parameters)


class Study(_Table):
    """Every hyperparameter of the report."""

    title: Annotated[str, Field(min_length=1, max_length=200)]
    dataset: Annotated[str, Field(min_length=1)]
    """`mnist`, or the path of an .npz file with x_train, y_train, x_test and y_test."""
    seeds: tuple[int, ...]
    """Paired seeds: seed s gives every variant the same order of data."""
    network: Network
    training: Training
    variants: Annotated[tuple[Variant, ...], Field(strict=False, min_length=1, max_length=50)]

    @field_validator("seeds", mode="before")
    @classmethod
    def _seeds(cls, value: Any) -> tuple[int, ...]:
        return _seed_tuple(value)

    @field_validator("variants")
    @classmethod
    def _distinct(cls, variants: tuple[Variant, ...]) -> tuple[Variant, ...]:
        names = [variant.name for variant in variants]
        twice = sorted({name for name in names if names.count(name) > 1})
        if twice:
            raise ValueError(f"two variants are named {twice[0]!r}; every name must be different")
        return variants


def _is_integer(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


def _seed_tuple(value: Any) -> tuple[int, ...]:
    """Return the seeds that a count or a list names; raise ValueError saying what is allowed."""
    if _is_integer(value):
        if not 1 <= value <= 10_000:
            raise ValueError("a number of seeds must be from 1 to 10000")
        return tuple(range(value))
    if not isinstance(value, Sequence) or isinstance(value, str):
        raise ValueError("must be a number of seeds, or a list of them")
    if not value:
        raise ValueError("the list of seeds is empty; at least one is needed")
    if any(not _is_integer(seed) or not 0 <= seed <= MAX_SEED for seed in value):
        raise ValueError(f"every seed must be a whole number from 0 to {MAX_SEED}")
    if len(set(value)) != len(value):
        raise ValueError("a seed is listed twice")
    return tuple(value)


def _class_and_parameters(data: Any, key: str, others: tuple[str, ...], complete: Any) -> Any:
    """Return `data` with its loose keys gathered, checked and completed under "parameters"."""
    if isinstance(data, str):
        data = {key: data}
    if not isinstance(data, Mapping):
        raise ValueError(f"must be a table with the key {key!r}, such as {{ {key} = … }}")
    for name in (*others, key):
        if not isinstance(data.get(name), str):
            raise ValueError(f"the key {name!r} is missing or is not text")
    named = {name: data[name] for name in (*others, key)}
    loose = {name: value for name, value in data.items() if name not in named}
    return {**named, "parameters": dict(complete(data[key], loose))}


def load(study: str | Path | None = None, overrides: Sequence[str] = ()) -> Study:
    """Return the study of a file, or of a name in `studies/`, with KEY=VALUE overrides applied.

    Raises StudyError with the file, the key, the value and what is allowed.
    """
    path = _path(study)
    tables = _read(path, seen=())
    for override in overrides:
        _override(tables, override)
    source = path.name if not overrides else f"{path.name} with {' '.join(overrides)}"
    return build(tables, source)


def files(study: str | Path | None = None) -> tuple[Path, ...]:
    """Return the files a study is read from: its own, then those it extends. Raises StudyError."""
    chain = [_path(study)]
    while base := _tables(chain[-1]).get("extends"):
        chain.append(chain[-1].parent / base)
    return tuple(chain)


def build(tables: Mapping[str, Any], source: str) -> Study:
    """Return the study that `tables` describe; `source` is named in errors. Raises StudyError."""
    try:
        return Study.model_validate(tables)
    except ValidationError as error:
        raise StudyError("\n".join(_messages(error, source, tables))) from None


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


def _read(path: Path, seen: tuple[Path, ...]) -> dict[str, Any]:
    """Return the tables of a TOML file on top of those of the file it extends."""
    if path.resolve() in seen:
        raise StudyError(f"{path}: extends itself, through {' → '.join(p.name for p in seen)}")
    tables = _tables(path)
    base = tables.pop("extends", None)
    if base is None:
        return tables
    if not isinstance(base, str) or "\0" in base:
        raise StudyError(f"{path}: extends = {shown(base)}: must be the path of another study file")
    return _merged(_read(path.parent / base, (*seen, path.resolve())), tables)


def _tables(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise StudyError(f"{path}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise StudyError(f"{path}: is not UTF-8 text (byte {error.start})") from None
    except (ValueError, RecursionError) as error:  # beside TOMLDecodeError: too long, too deep
        raise StudyError(f"{path}: is not valid TOML: {error}") from None


def _merged(base: dict[str, Any], change: Mapping[str, Any]) -> dict[str, Any]:
    for key, value in change.items():
        old = base.get(key)
        if isinstance(old, dict) and isinstance(value, dict) and "name" not in value:
            base[key] = _merged(old, value)
        else:
            base[key] = value
    return base


def _override(tables: dict[str, Any], override: str) -> None:
    """Set one KEY=VALUE in place; a variant is reached by name: variants.HeNormal.initializer."""
    key, equals, text = override.partition("=")
    path = key.strip().split(".")
    if not equals or not all(path):
        raise StudyError(f"--set {override!r}: must be KEY=VALUE, such as training.epochs=3")
    target: Any = tables
    for part in path[:-1]:
        target = _child(target, part, override)
    if not isinstance(target, dict):
        raise StudyError(f"--set {override}: {'.'.join(path[:-1])} holds no keys")
    target[path[-1]] = _value(text.strip())


def _child(target: Any, part: str, override: str) -> Any:
    if isinstance(target, list):
        tables = [item for item in target if isinstance(item, dict)]
        named = {item["name"]: item for item in tables if isinstance(item.get("name"), str)}
        if part not in named:
            hint = closest(part, named)
            raise StudyError(
                f"--set {override}: no variant {part!r}{hint}; there are {', '.join(named)}"
            )
        return named[part]
    if isinstance(target, dict) and part in target:
        return target[part]
    known = list(target) if isinstance(target, dict) else []
    raise StudyError(
        f"--set {override}: no table {part!r}{closest(part, known)}; there are {', '.join(known)}"
    )


def _value(text: str) -> Any:
    """Return the TOML value that `text` spells, or the text itself when it is a bare word."""
    try:
        tables = tomllib.loads(f"value = {text}")
    except (ValueError, RecursionError):
        return text
    return tables["value"] if len(tables) == 1 else text


def _messages(error: ValidationError, source: str, tables: Mapping[str, Any]) -> list[str]:
    lines = []
    for item in error.errors(include_url=False):
        where, value = _locate(item["loc"], tables)
        reason = item["msg"].removeprefix("Value error, ")
        if item["type"] == "missing":
            lines.append(f"{source}: {where} is missing")
        elif isinstance(value, dict | list) or not where:
            lines.append(f"{source}: {where + ': ' if where else ''}{_sentence(reason)}")
        else:
            lines.append(f"{source}: {where} = {shown(value)}: {_sentence(reason)}")
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


WORDS = (
    ("Input should be", "must be"),
    ("a valid integer", "a whole number"),
    ("a valid number", "a number"),
    ("a valid string", "text"),
    ("a valid tuple", "a list"),
    ("a valid dictionary or instance of", "a table as in study.toml:"),
    ("Tuple should have", "the list must have"),
    ("String should match pattern", "must match"),
    ("String should have", "must have"),
    (" after validation", ""),
)


def _sentence(reason: str) -> str:
    for pydantic_says, we_say in WORDS:
        reason = reason.replace(pydantic_says, we_say)
    return reason
