"""Initializers and optimizers against Keras itself: names, defaults, and sampled variance."""

import inspect
import math
from types import ModuleType
from typing import Any

import numpy as np
import pytest

from analysis.study import initializers, optimizers
from analysis.study.initializers import SCHEMES, variance
from analysis.study.parameters import Parameter

NOT_FOR_DENSE = {"Initializer", "STFT"}  # an abstract base; spectrograms
NOT_SET = {"self", "seed", "input_axes", "output_axes"}
"""What a study does not set: the seed is the run's, and a dense kernel has one axis a side."""
FANS = [(784, 128), (128, 64), (64, 10), (300, 300)]
TRUNCATED_SD = math.sqrt(1 - 2 * 2 * math.exp(-2) / math.sqrt(2 * math.pi) / math.erf(math.sqrt(2)))


@pytest.fixture(scope="module")
def keras(compute: None) -> ModuleType:
    """Return Keras as the workers have it."""
    import keras as library

    module: ModuleType = library
    return module


def signature(function: Any) -> dict[str, Any]:
    """Return the parameters of a Keras class that a study may set, with their defaults."""
    found = inspect.signature(function).parameters.values()
    keywords = [each for each in found if each.kind is each.POSITIONAL_OR_KEYWORD]
    return {each.name: each.default for each in keywords if each.name not in NOT_SET}


def test_every_initializer_of_keras_is_known(keras: ModuleType) -> None:
    """The table holds the initializers for a dense kernel that Keras has, and no other."""
    exported = {
        value.__name__
        for value in vars(keras.initializers).values()
        if inspect.isclass(value) and issubclass(value, keras.initializers.Initializer)
    }
    assert exported - NOT_FOR_DENSE == set(SCHEMES)


@pytest.mark.parametrize("name", SCHEMES)
def test_an_initializer_has_the_parameters_and_defaults_of_keras(
    keras: ModuleType, name: str
) -> None:
    """Names and defaults are those in the signature of the Keras class; the run sets the seed."""
    initializer = getattr(keras.initializers, name)
    takes_seed = "seed" in inspect.signature(initializer).parameters
    assert takes_seed is SCHEMES[name].random
    ours = {key: each.default for key, each in SCHEMES[name].parameters.items()}
    assert ours == signature(initializer)


@pytest.mark.parametrize("name", optimizers.OPTIMIZERS)
def test_an_optimizer_has_the_defaults_of_keras(keras: ModuleType, name: str) -> None:
    """Each parameter that a study may set exists in Keras and has its default."""
    theirs = signature(getattr(keras.optimizers, name))
    ours = {key: each.default for key, each in optimizers.OPTIMIZERS[name].items()}
    assert ours == {key: theirs[key] for key in ours}


@pytest.mark.parametrize("name", optimizers.OPTIMIZERS)
def test_keras_takes_every_completed_optimizer(keras: ModuleType, name: str) -> None:
    """The completed parameters build the optimizer, and its configuration says the same."""
    completed = dict(optimizers.complete_parameters(name, {"learning_rate": 0.25}))
    config = getattr(keras.optimizers, name)(**completed).get_config()
    assert {key: config[key] for key in completed} == pytest.approx(completed)


PARAMETERS: list[tuple[str, dict[str, Any]]] = [
    ("RandomNormal", {}),
    ("RandomNormal", {"mean": 0.3, "stddev": 2.0}),
    ("TruncatedNormal", {"stddev": 0.1}),
    ("RandomUniform", {}),
    ("RandomUniform", {"minval": -1.0, "maxval": 3.0}),
    ("GlorotNormal", {}),
    ("GlorotUniform", {}),
    ("HeNormal", {}),
    ("HeUniform", {}),
    ("LecunNormal", {}),
    ("LecunUniform", {}),
    *(
        ("VarianceScaling", {"scale": 3.0, "mode": mode, "distribution": distribution})
        for mode in initializers.SCALED_BY
        for distribution in initializers.DISTRIBUTIONS
    ),
]


def test_every_random_initializer_is_sampled() -> None:
    """Each random initializer is held to a sample, here or among the orthogonal ones."""
    assert {name for name, _ in PARAMETERS} | {"Orthogonal"} == {
        name for name, scheme in SCHEMES.items() if scheme.random
    }


@pytest.mark.parametrize(("name", "given"), PARAMETERS)
def test_the_closed_form_is_the_variance_of_what_keras_draws(
    keras: ModuleType, name: str, given: dict[str, Any]
) -> None:
    """A kernel of 300,000 weights has the variance of the formula, within five standard errors."""
    shape = (600, 500)
    kernel = np.asarray(getattr(keras.initializers, name)(**given, seed=7)(shape), np.float64)
    expected = variance(name, given, *shape)
    assert expected is not None
    # The variance of a sample variance is at most 2σ⁴/n where the kurtosis is at most 3, as here.
    assert kernel.var() == pytest.approx(expected, rel=5 * math.sqrt(2 / kernel.size))
    assert variance(name, given, 500, 600) == pytest.approx(
        np.asarray(getattr(keras.initializers, name)(**given, seed=8)((500, 600))).var(),
        rel=5 * math.sqrt(2 / kernel.size),
    )


@pytest.mark.parametrize("shape", [(300, 40), (40, 300), (50, 50)])
def test_an_orthogonal_kernel_has_exactly_the_mean_square_of_the_formula(
    keras: ModuleType, shape: tuple[int, int]
) -> None:
    """Orthonormal rows or columns leave no room for chance in the mean square."""
    kernel = np.asarray(keras.initializers.Orthogonal(gain=1.5, seed=3)(shape), np.float64)
    assert variance("Orthogonal", {"gain": 1.5}, *shape) == pytest.approx(np.mean(kernel**2))


@pytest.mark.parametrize("name", [name for name, scheme in SCHEMES.items() if not scheme.random])
def test_a_fixed_initializer_has_no_variance(keras: ModuleType, name: str) -> None:
    """A constant has variance zero, as its kernel has; a diagonal has no one value for a weight."""
    kernel = np.asarray(getattr(keras.initializers, name)()((5, 3)))
    expected = variance(name, {}, 5, 3)
    assert expected == kernel.var() if name != "Identity" else expected is None


@pytest.mark.parametrize(
    ("name", "sds"),
    [
        ("GlorotNormal", [0.04683, 0.10206, 0.16440]),
        ("HeNormal", [0.05051, 0.12500, 0.17678]),
        ("RandomNormal", [0.05, 0.05, 0.05]),
        ("Zeros", [0, 0, 0]),
    ],
)
def test_the_standard_deviations_of_the_base_network(name: str, sds: list[float]) -> None:
    """The three layers of the notebook's network have the deviations worked out by hand."""
    found = [initializers.standard_deviation(name, {}, *fans) for fans in FANS[:3]]
    assert found == pytest.approx(sds, abs=5e-6)


def test_there_is_no_deviation_where_there_is_no_variance() -> None:
    """None stays None."""
    assert initializers.standard_deviation("Identity", {}, 4, 4) is None


def test_the_correction_for_truncation_is_the_deviation_of_a_normal_cut_at_two() -> None:
    """Integrating z² of a unit normal between ±2 gives the constant."""
    assert pytest.approx(TRUNCATED_SD, abs=1e-12) == initializers.TRUNCATED_SD


@pytest.mark.parametrize(
    ("parameter", "words"),
    [
        (Parameter(1.0), "a finite number"),
        (Parameter(1.0, low=0), "a finite number at least 0"),
        (Parameter(1.0, low=0, open_low=True, high=2), "a finite number above 0 and at most 2"),
        (Parameter(False), "true or false"),
        (Parameter("a", choices=("a", "b")), "one of a, b"),
    ],
)
def test_a_parameter_says_what_it_allows(parameter: Parameter, words: str) -> None:
    """The words name the bounds, whether they are included, or the choices."""
    assert parameter.allowed() == words


@pytest.mark.parametrize("name", [name for name in SCHEMES if initializers.scaling(name, {})])
def test_a_rule_by_fans_is_that_of_keras(keras: ModuleType, name: str) -> None:
    """Scale, mode and distribution are those that the class of Keras fills in."""
    made = getattr(keras.initializers, name)()
    rule = initializers.scaling(name, {})
    assert rule == initializers.Scaling(made.scale, made.mode, made.distribution)


def test_what_follows_no_fans_has_no_rule() -> None:
    """A deviation that is given, a constant, and a matrix of orthonormal columns."""
    assert [name for name in SCHEMES if initializers.scaling(name, {}) is None] == [
        "Zeros", "Ones", "Constant", "Identity", "RandomNormal", "TruncatedNormal",
        "RandomUniform", "Orthogonal",
    ]  # fmt: skip
