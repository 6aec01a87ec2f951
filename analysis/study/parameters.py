"""Values that a study sets: strict tables, the bounded parameters of a class of Keras, seeds."""

import math
import struct
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, ClassVar, TypeGuard

from pydantic import BaseModel, ConfigDict, Field, model_validator

from analysis.errors.mistakes import shown
from analysis.study.names import closest

Value = float | int | str | bool
Parameters = Mapping[str, Value]
MAX_SEED = 2**31 - 1
MOST_SEEDS = 10_000
SMALLEST = 2.0**-126
"""The smallest number above zero that float32 holds with all its digits."""
AS_SINGLE = "even as float32, which holds seven digits of sizes from 1.2e-38 to 3.4e+38"


FROZEN = ConfigDict(frozen=True, strict=True, extra="forbid")


class Table(BaseModel):
    """A TOML table: frozen, strictly typed, and with a helpful answer to an unknown key."""

    model_config = FROZEN
    further: ClassVar[tuple[str, ...]] = ()
    """Keys that a study may have here, and that are taken up in others."""

    @model_validator(mode="before")
    @classmethod
    def _known_keys(cls, data: Any) -> Any:
        if isinstance(data, Mapping):
            fields = [*(name for name in cls.model_fields if name != "points"), *cls.further]
            for key in data:
                if key not in cls.model_fields:
                    if key == "extends":
                        raise ValueError(
                            "extends: only a file extends another one, above its first table; an "
                            "experiment takes over what the study sets before [experiments]"
                        )
                    known, hint = ", ".join(fields), closest(str(key), fields)
                    raise ValueError(f"unknown key {key!r}{hint}; the keys here are {known}")
        return data


def later(default: Any) -> Any:
    """Return the field of a word that earlier studies do not have, with what it is where it is not.

    At its default a study is written without it, so that what is known of earlier runs stays known.
    """
    return Field(default, exclude_if=lambda value: value == default)


@dataclass(frozen=True)
class Parameter:
    """One parameter of a Keras class: its default, its type, and the values it may take."""

    default: Value | None
    low: float = -math.inf
    high: float = math.inf
    open_low: bool = False
    open_high: bool = False
    choices: tuple[str, ...] = ()

    def allowed(self) -> str:
        """Return the values the parameter may take, in words."""
        if self.choices:
            return "one of " + ", ".join(self.choices)
        if isinstance(self.default, bool):
            return "true or false"
        bounds = []
        if self.low > -math.inf:
            bounds.append(f"{'above' if self.open_low else 'at least'} {self.low:g}")
        if self.high < math.inf:
            bounds.append(f"{'below' if self.open_high else 'at most'} {self.high:g}")
        return " ".join(["a finite number", " and ".join(bounds)]).strip()

    def checked(self, value: object) -> Value:
        """Return `value` in its canonical type; raise ValueError saying what is allowed."""
        if self.choices:
            if value in self.choices:
                return str(value)
        elif isinstance(self.default, bool):
            if isinstance(value, bool):
                return value
        elif isinstance(value, int | float) and not isinstance(value, bool):
            number = _float(value)
            held = single(number)
            if self._holds(number) and self._holds(held) and bool(held) == bool(number):
                return number
            if self._holds(number):
                raise ValueError(f"must be {self.allowed()}, {AS_SINGLE}, not {shown(value)}")
        raise ValueError(f"must be {self.allowed()}, not {shown(value)}")

    def _holds(self, value: float) -> bool:
        above = value > self.low if self.open_low else value >= self.low
        below = value < self.high if self.open_high else value <= self.high
        return math.isfinite(value) and above and below


def _float(number: float) -> float:
    """Return a number as a float; an integer that no float holds is infinite."""
    try:
        return float(number)
    except OverflowError:
        return math.inf


def single(number: float) -> float:
    """Return a number as a network holds it, rounded to float32.

    One too large for it is infinite, and one below its normal numbers, which XLA drops, zero.
    """
    try:
        (held,) = struct.unpack("f", struct.pack("f", number))
    except OverflowError:
        return math.copysign(math.inf, number)
    return held if abs(held) >= SMALLEST else 0.0


def positive(default: float) -> Parameter:
    """Return a parameter that must be above zero."""
    return Parameter(default, low=0, open_low=True)


def share(default: float) -> Parameter:
    """Return a parameter that must lie in [0, 1)."""
    return Parameter(default, low=0, high=1, open_high=True)


def real(default: float) -> Parameter:
    """Return a parameter that may be any finite number."""
    return Parameter(default)


def flag(default: bool = False) -> Parameter:
    """Return a parameter that is true or false."""
    return Parameter(default)


def complete(
    owner: str, given: Mapping[str, object], known: Mapping[str, Parameter]
) -> MappingProxyType[str, Value]:
    """Return all parameters of `owner`, the given ones checked and the others at their defaults.

    Raises ValueError naming the parameter, what was given and what is allowed.
    """
    for name in given:
        if name not in known:
            has = ", ".join(known) if known else "no parameters"
            raise ValueError(
                f"{owner} has no parameter {name!r}{closest(name, known)}; it has {has}"
            )
    values: dict[str, Value] = {}
    for name, parameter in known.items():
        default = parameter.default
        if name not in given and default is None:
            raise ValueError(f"{owner} needs {name!r}: {parameter.allowed()}")
        try:
            values[name] = parameter.checked(given.get(name, default))
        except ValueError as error:
            raise ValueError(f"{owner}: {name} {error}") from None
    return MappingProxyType(values)


def class_and_parameters(
    data: Any,
    key: str,
    complete: Callable[[str, Mapping[str, object]], Mapping[str, Value]],
    *,
    texts: tuple[str, ...] = (),
    optional: tuple[str, ...] = (),
) -> Any:
    """Return the table of a Keras class, its loose keys gathered under "parameters".

    `key` is the one that names the class, and `complete` checks the parameters of a class and adds
    its defaults. No parameters are the keys of further `texts`, which must be there, and `optional`
    ones, whose values are for others to check. A bare text names the class alone. Raises ValueError
    saying what is missing.
    """
    if isinstance(data, str):
        data = {key: data}
    if not isinstance(data, Mapping):
        raise ValueError(f"must be a table with the key {key!r}, such as {{ {key} = … }}")
    for name in (*texts, key):
        if not isinstance(data.get(name), str):
            raise ValueError(f"the key {name!r} is missing or is not text")
    named = {name: data[name] for name in (*texts, *optional, key) if name in data}
    loose = {name: value for name, value in data.items() if name not in named}
    if isinstance(inner := loose.get("parameters"), Mapping):
        del loose["parameters"]
        if twice := sorted(inner.keys() & loose.keys()):
            raise ValueError(f"{twice[0]!r} is given twice: beside 'parameters' and inside of it")
        loose |= inner
    return {**named, "parameters": dict(complete(data[key], loose))}


def _is_integer(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool)


def counted_from(table: Any) -> Any:
    """Return a table without `first_seed`, from which a number of `seeds` in it is counted.

    A list of seeds stays what it is. Raises ValueError for a first seed that is none.
    """
    if not isinstance(table, Mapping) or "first_seed" not in table:
        return table
    found = {key: value for key, value in table.items() if key != "first_seed"}
    first, count = table["first_seed"], found.get("seeds")
    if not _is_integer(first) or not 0 <= first <= MAX_SEED - MOST_SEEDS:
        raise ValueError(
            f"first_seed must be a whole number from 0 to {MAX_SEED - MOST_SEEDS}, "
            f"not {shown(first)}"
        )
    if _is_integer(count) and 1 <= count <= MOST_SEEDS:
        found["seeds"] = list(range(first, first + count))
    return found


def seeds(value: Any) -> tuple[int, ...]:
    """Return the seeds that a count or a list names; raise ValueError saying what is allowed."""
    if _is_integer(value):
        if not 1 <= value <= MOST_SEEDS:
            raise ValueError(f"a number of seeds must be from 1 to {MOST_SEEDS}")
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
