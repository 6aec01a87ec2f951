"""Keras initializers by name: their parameters and the closed-form variance of one weight.

Formulas: Glorot & Bengio 2010 (2 / (fan_in + fan_out)), He et al. 2015 (2 / fan_in), LeCun et al.
1998 (1 / fan_in); for Orthogonal, a matrix with orthonormal rows or columns has mean square
1 / max(fans).
"""

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from analysis.study.names import closest
from analysis.study.parameters import Parameter, Parameters, Value, complete, positive, real, single

TRUNCATED_SD = 0.87962566103423978
"""Standard deviation of a unit normal truncated at ±2: Keras divides its scaled normals by it."""

SCALED_BY = ("fan_in", "fan_out", "fan_avg")
DISTRIBUTIONS = ("truncated_normal", "untruncated_normal", "uniform")


@dataclass(frozen=True)
class Scaling:
    """The rule of Keras's VarianceScaling: mean zero, and a variance of `scale` over the fans.

    `mode` is one of SCALED_BY, `distribution` one of DISTRIBUTIONS.
    """

    scale: float
    mode: str
    distribution: str

    def variance(self, fan_in: int, fan_out: int) -> float:
        """Return Var(W) for counts of units."""
        fans = {"fan_in": fan_in, "fan_out": fan_out, "fan_avg": (fan_in + fan_out) / 2}
        return self.scale / fans[self.mode]


@dataclass(frozen=True)
class Scheme:
    """An initializer class of Keras: its parameters and Var(W) for given fans (None: undefined).

    `scaling` is the rule that Var(W) follows, for those that have one.
    """

    variance: Callable[[Parameters, int, int], float | None]
    parameters: Mapping[str, Parameter] = field(default_factory=dict)
    check: Callable[[Parameters], str | None] = lambda parameters: None
    random: bool = True
    scaling: Callable[[Parameters], Scaling | None] = lambda parameters: None


def _number(parameters: Parameters, name: str) -> float:
    return float(parameters[name])


def _given(parameters: Parameters) -> Scaling:
    mode, distribution = str(parameters["mode"]), str(parameters["distribution"])
    return Scaling(_number(parameters, "scale"), mode, distribution)


def _scaled(scale: float, mode: str, distribution: str) -> Scheme:
    """A class of Keras that is VarianceScaling with its parameters filled in."""
    rule = Scaling(scale, mode, distribution)
    return Scheme(lambda p, fan_in, fan_out: rule.variance(fan_in, fan_out), scaling=lambda p: rule)


def _uniform_order(parameters: Parameters) -> str | None:
    if single(_number(parameters, "minval")) < single(_number(parameters, "maxval")):
        return None
    return "minval must be below maxval, even as float32 with its seven digits"


SCHEMES: Mapping[str, Scheme] = {
    "Zeros": Scheme(lambda p, fan_in, fan_out: 0.0, random=False),
    "Ones": Scheme(lambda p, fan_in, fan_out: 0.0, random=False),
    "Constant": Scheme(lambda p, fan_in, fan_out: 0.0, {"value": real(0.0)}, random=False),
    "Identity": Scheme(lambda p, fan_in, fan_out: None, {"gain": real(1.0)}, random=False),
    "RandomNormal": Scheme(
        lambda p, fan_in, fan_out: _number(p, "stddev") ** 2,
        {"mean": real(0.0), "stddev": positive(0.05)},
    ),
    "TruncatedNormal": Scheme(
        lambda p, fan_in, fan_out: (TRUNCATED_SD * _number(p, "stddev")) ** 2,
        {"mean": real(0.0), "stddev": positive(0.05)},
    ),
    "RandomUniform": Scheme(
        lambda p, fan_in, fan_out: (_number(p, "maxval") - _number(p, "minval")) ** 2 / 12,
        {"minval": real(-0.05), "maxval": real(0.05)},
        _uniform_order,
    ),
    "VarianceScaling": Scheme(
        lambda p, fan_in, fan_out: _given(p).variance(fan_in, fan_out),
        {
            "scale": positive(1.0),
            "mode": Parameter("fan_in", choices=SCALED_BY),
            "distribution": Parameter("truncated_normal", choices=DISTRIBUTIONS),
        },
        scaling=_given,
    ),
    "GlorotNormal": _scaled(1.0, "fan_avg", "truncated_normal"),
    "GlorotUniform": _scaled(1.0, "fan_avg", "uniform"),
    "HeNormal": _scaled(2.0, "fan_in", "truncated_normal"),
    "HeUniform": _scaled(2.0, "fan_in", "uniform"),
    "LecunNormal": _scaled(1.0, "fan_in", "truncated_normal"),
    "LecunUniform": _scaled(1.0, "fan_in", "uniform"),
    "Orthogonal": Scheme(
        lambda p, fan_in, fan_out: _number(p, "gain") ** 2 / max(fan_in, fan_out),
        {"gain": real(1.0)},
    ),
}


def complete_parameters(initializer: str, given: Mapping[str, object]) -> Mapping[str, Value]:
    """Return every parameter of an initializer: the given ones checked, the others as in Keras.

    Raises ValueError for an initializer or a parameter that Keras does not have, or a value out of
    range.
    """
    scheme = SCHEMES.get(initializer)
    if scheme is None:
        raise ValueError(
            f"Keras has no initializer {initializer!r}{closest(initializer, SCHEMES)}; "
            f"it has {', '.join(SCHEMES)}"
        )
    parameters = complete(initializer, given, scheme.parameters)
    wrong = scheme.check(parameters)
    if wrong:
        raise ValueError(f"{initializer}: {wrong}")
    return parameters


def variance(
    initializer: str, parameters: Mapping[str, object], fan_in: int, fan_out: int
) -> float | None:
    """Return Var(W) of one kernel entry of a dense layer, or None where it has no single value.

    `fan_in` and `fan_out` are counts of units. Raises ValueError as `complete_parameters` does.
    """
    complete_ = complete_parameters(initializer, parameters)
    return SCHEMES[initializer].variance(complete_, fan_in, fan_out)


def standard_deviation(
    initializer: str, parameters: Mapping[str, object], fan_in: int, fan_out: int
) -> float | None:
    """Return the square root of `variance`, or None where that is None."""
    value = variance(initializer, parameters, fan_in, fan_out)
    return None if value is None else math.sqrt(value)


def scaling(initializer: str, parameters: Mapping[str, object]) -> Scaling | None:
    """Return the rule by which the variance of an initializer follows a layer's fans.

    None where it has no such rule. Raises ValueError as `complete_parameters` does.
    """
    complete_ = complete_parameters(initializer, parameters)
    return SCHEMES[initializer].scaling(complete_)
