"""The rules of the laboratory: those of the theory, under the names that Python gives."""

import math
from itertools import product

import numpy as np
import pytest
from playwright.sync_api import Page

from analysis.statistics import theory
from analysis.study import initializers
from report.pages.laboratory import choices
from report.pages.laboratory.rules import rules
from tests.browser.laboratory.kernels import KERAS, SD, shapes_of


def test_python_and_the_script_know_the_same_names(machine: Page) -> None:
    """Every activation that one side has the other has too, and every draw that a rule names."""
    functions, drawn = machine.evaluate(
        """() => [Object.keys(laboratory.ACTIVATIONS), Object.keys(laboratory.DISTRIBUTIONS)]"""
    )
    assert sorted(functions) == sorted(choices.ACTIVATIONS)
    assert set(choices.ACTIVATIONS) <= set(theory.ACTIVATIONS)
    assert sorted(drawn) == sorted(initializers.DISTRIBUTIONS)
    assert {each["distribution"] for each in rules()["initializers"].values()} <= set(drawn)


def test_an_option_is_there_for_every_choice(machine: Page) -> None:
    """The page offers the initializers and activations that Python lists, each under its name."""
    offered = "id => [...document.getElementById(id).options].map(each => [each.value, each.text])"
    names = [[each.name, each.label] for each in choices.INITIALIZERS]
    assert machine.evaluate(offered, "initializer") == names
    assert machine.evaluate(offered, "activation") == [
        ["relu", "ReLU"],
        ["leaky_relu", "leaky ReLU (slope 0.2)"],
        ["tanh", "tanh"],
        ["sigmoid", "sigmoid"],
        ["selu", "SELU"],
        ["linear", "linear"],
    ]


def test_an_activation_and_its_slope_are_those_of_the_theory(machine: Page) -> None:
    """At forty points on both sides of zero, value and slope agree with analysis.statistics."""
    points = [float(z) for z in np.linspace(-7.9, 7.7, 40)]
    for name in choices.ACTIVATIONS:
        own = machine.evaluate(
            """([name, points]) => {
              const {value, slope} = laboratory.ACTIVATIONS[name];
              return [points.map(value), points.map(slope)];
            }""",
            [name, points],
        )
        known = theory.ACTIVATIONS[name]
        wanted = [known.value(np.array(points)), known.slope(np.array(points))]
        np.testing.assert_allclose(own, wanted, rtol=1e-12, atol=1e-15)


def test_the_recursions_are_those_of_the_theory(machine: Page) -> None:
    """Mean squares, forward and backward, agree with the theory in Python; so do the variances."""
    for (initializer, (name, parameters)), activation in product(
        KERAS.items(), choices.ACTIVATIONS
    ):
        shapes = shapes_of(20, 96)
        variances = [initializers.variance(name, parameters, *shape) or 0.0 for shape in shapes]
        fan_ins, fan_outs = zip(*shapes, strict=True)
        sums, _ = theory.forward(fan_ins, variances, 0.11, activation)
        gradients = theory.backward(fan_outs, variances, sums, activation, 0.09)
        own = machine.evaluate(
            """([initializer, activation, shapes, sd]) => {
              const {variance} = laboratory.INITIALIZERS[initializer];
              const variances = shapes.map(([i, o]) => variance(i, o, sd));
              const sums = laboratory.forward(shapes, variances, 0.11, activation);
              const back = laboratory.backward(shapes, variances, sums, activation, 0.09);
              return [variances, sums, back];
            }""",
            [initializer, activation, shapes, SD],
        )
        np.testing.assert_allclose(own, np.array([variances, sums, gradients]), rtol=1e-9)


@pytest.mark.parametrize(
    ("distribution", "reach", "kurtosis"),
    [
        ("untruncated_normal", math.inf, 3.0),
        ("truncated_normal", 2 / initializers.TRUNCATED_SD, None),
        ("uniform", 3, 1.8),
    ],
)
def test_draws_have_unit_variance_and_their_shape(
    machine: Page, distribution: str, reach: float, kurtosis: float | None
) -> None:
    """Each distribution has mean zero, variance one, its bounds and its fourth moment."""
    shapes = [[300, 150], [150, 150], [150, 10]]
    drawn = machine.evaluate(
        "([shapes, kind]) => laboratory.kernels(3, shapes, kind).map(each => [...each.byUnit])",
        [shapes, distribution],
    )
    first, second, _ = map(np.array, drawn)
    assert first.mean() == pytest.approx(0, abs=4 / math.sqrt(first.size))
    assert first.var() == pytest.approx(1, abs=4 * math.sqrt(2 / first.size))
    assert np.abs(first).max() <= (math.sqrt(reach) if distribution == "uniform" else reach)
    if kurtosis is not None:
        assert (first**4).mean() == pytest.approx(kurtosis, rel=0.06)
    # Neighbouring layers and units have nothing in common.
    assert abs(np.corrcoef(first[: second.size], second)[0, 1]) < 4 / math.sqrt(second.size)
    rows = first.reshape(150, 300)
    assert abs(np.corrcoef(rows[0], rows[1])[0, 1]) < 4 / math.sqrt(300)


def test_a_seed_is_a_network(machine: Page) -> None:
    """Equal seeds give equal kernels, others do not; a deeper, wider network keeps the weights."""
    same, other, part = machine.evaluate(
        """() => {
          const small = [[784, 16], [16, 16], [16, 10]];
          const large = [[784, 24], [24, 24], [24, 24], [24, 10]];
          const kernels = (seed, shapes) =>
            laboratory.kernels(seed, shapes, "untruncated_normal").map(each => [...each.byUnit]);
          const once = kernels(1, small);
          kernels(2, small);
          const grown = kernels(1, large)[1].filter((_, at) => at % 24 < 16 && at < 24 * 16);
          return [String(kernels(1, small)) === String(once),
            String(kernels(2, small)[1]) === String(once[1]), String(grown) === String(once[1])];
        }"""
    )
    assert (same, other, part) == (True, False, True)
