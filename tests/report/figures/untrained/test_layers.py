"""Signals and gradients by layer are held to their data and to theory worked out beside them."""

import math
from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from analysis.statistics import predictions
from report.figures import load
from report.figures.draw.style import INK
from tests.made.sites.drawn import figure_of, lines, whole, xs, ys


def panel(name: str, title: str) -> Axes:
    """The panel of a figure whose title begins so."""
    axes = figure_of(name, whole()).axes
    return next(each for each in axes if each.get_title(loc="left").startswith(title))


def dots_and_theory(axes: Axes, variant: str) -> tuple[Line2D, Line2D]:
    """Measured means, in the variant's colour, and the closed form, in ink."""
    ink = [line for line in lines(axes, variant) if line.get_color() == INK]
    theory = [line for line in ink if line.get_linestyle() == "-"]
    dots = [line for line in lines(axes, variant) if line.get_color() != INK]
    assert len(theory) == len(dots) == 1
    return dots[0], theory[0]


def initial(experiment: str, activation: str, variant: str, value: str) -> np.ndarray:
    """Mean over seeds by hidden layer before training, by another way than the figure's."""
    runs = whole().runs
    asked = (runs["experiment"] == experiment) & (runs["activation"] == activation)
    ids = set(runs.loc[asked & (runs["variant"] == variant), "run_id"])
    own = whole().layers[whole().layers["run_id"].isin(ids)]
    own = own[(own["moment"] == "initial") & (own["experiment"] == experiment)]
    wide = own.pivot(index="run_id", columns="layer", values=value).to_numpy(dtype=float)
    return np.asarray(wide.mean(axis=0)[:-1])


@pytest.mark.parametrize(
    ("figure", "title", "value"),
    [
        ("propagation", "Mean square of the weighted sums, ReLU", "sum_mean_square"),
        ("gradients", "Standard deviation of the gradient, ReLU", "sum_gradient_sd"),
    ],
)
def test_signals_are_means_by_layer(figure: str, title: str, value: str) -> None:
    """Each variant's dots stand at the means over seeds of the fifty hidden layers."""
    axes = panel(figure, title)
    for variant in ("RandomNormal", "GlorotNormal", "HeNormal"):
        dots, _ = dots_and_theory(axes, variant)
        assert list(xs(dots)) == list(range(1, 51))
        assert ys(dots) == pytest.approx(initial("propagation", "relu", variant, value))
    assert not lines(axes, "Zeros")


@pytest.mark.parametrize(
    ("variant", "factor"), [("HeNormal", 1.0), ("GlorotNormal", 0.5), ("RandomNormal", 0.16)]
)
def test_the_forward_line_is_the_recursion_of_relu(variant: str, factor: float) -> None:
    """From layer to layer of width 128 the line changes by half of fan_in times Var(W)."""
    _, theory = dots_and_theory(panel("propagation", "Mean square of"), variant)
    ratios = [after / before for before, after in pairwise(ys(theory)[1:])]
    assert ratios == pytest.approx([factor] * len(ratios), rel=1e-6)


def test_the_median_of_relu_networks_lies_below_their_mean() -> None:
    """By e^(-5 (l - 1) / 2n - 1/n) in layer l: worked out from the variances of both, n = 128."""
    axes = panel("propagation", "Mean square of")
    _, theory = dots_and_theory(axes, "GlorotNormal")
    (typical,) = (
        line
        for line in lines(axes, "GlorotNormal")
        if line.get_color() == INK and line.get_linestyle() != "-"
    )
    ratios = [low / mean for low, mean in zip(ys(typical), ys(theory), strict=True)]
    found = [math.exp(-(5 * before / 128 + 2 / 128) / 2) for before in range(50)]
    assert ratios == pytest.approx(found)
    for other in ("tanh", "sigmoid"):
        own = panel("propagation", other)
        assert all(line.get_linestyle() in ("-", "None") for line in lines(own, "GlorotNormal"))


def test_the_law_of_the_median_is_that_of_drawn_networks() -> None:
    """Over 2000 networks of width 32 the median in layer 12 is the law's, to a tenth."""
    rng, mean, depth, width = np.random.default_rng(5), 1.0, 12, 32
    found = []
    for _ in range(2000):
        h = rng.normal(size=width) * math.sqrt(mean / 2)
        z = h
        for _ in range(depth):
            z = rng.normal(size=(width, width)) * math.sqrt(2 / width) @ h
            h = np.maximum(z, 0)
        found.append(float(np.square(z).mean()) / mean)
    rows = pd.DataFrame({"activation": "relu", "layer": range(1, depth + 1), "value": 1.0})
    layers = pd.DataFrame({"layer": range(1, depth + 1), "fan_out": width})
    law = float(predictions.typical(rows, layers)["value"].iloc[-1])
    first = math.exp(-(2 / width) / 2)  # the first input scatters as well, by 2/n
    assert float(np.median(found)) == pytest.approx(law * first, rel=0.1)


def test_the_forward_line_starts_from_the_images() -> None:
    """In layer 1 He's line stands at twice the mean square of the inputs."""
    _, theory = dots_and_theory(panel("propagation", "Mean square of"), "HeNormal")
    own = whole().layers[whole().layers["experiment"] == "propagation"]
    assert ys(theory)[0] == pytest.approx(2 * own[own["layer"] == 1]["input_mean_square"].mean())


def test_the_backward_line_is_glorots_recursion_with_slopes() -> None:
    """Backward, He's line keeps its height layer by layer, Glorot's falls by a root of one half."""
    for variant, factor in (("HeNormal", 1.0), ("GlorotNormal", math.sqrt(0.5))):
        _, theory = dots_and_theory(panel("gradients", "Standard deviation"), variant)
        ratios = [before / after for before, after in pairwise(ys(theory))]
        assert ratios == pytest.approx([factor] * len(ratios), rel=1e-6)


def test_a_variant_without_signal_is_named_instead_of_drawn() -> None:
    """Zeros is nowhere on the log axes; a note says that its signal is exactly zero."""
    figure = figure_of("propagation", whole())
    assert all(not lines(axes, "Zeros") for axes in figure.axes)
    assert "Zeros: exactly 0 in every hidden layer" in figure.get_supxlabel()
    assert "Zeros: exactly 0" in load("gradients").alt_text(whole())


def test_glorots_network_has_theory_for_signals_only() -> None:
    """Activations and gradients have a closed form beside them, weight gradients have none."""
    forward, backward, weights = figure_of("glorot", whole()).axes
    for axes in (forward, backward):
        dots_and_theory(axes, "Standard")
    assert len(lines(weights, "Standard")) == 1
    dots, _ = dots_and_theory(forward, "GlorotUniform")
    squares = initial("glorot", "tanh", "GlorotUniform", "mean_square")
    assert ys(dots) == pytest.approx(np.sqrt(squares), rel=0.01)
