"""Likeness and chance before training, held to theory worked out beside the figures."""

import math

import numpy as np
import pytest

from report.figures import load
from report.figures.draw.style import INK
from tests.made.sites.drawn import figure_of, lines, quick, whole, xs, ys

WIDTHS = (32, 64, 128, 256, 512, 1024)


def test_likeness_is_the_mean_over_seeds_beside_the_map_from_layer_one() -> None:
    """A panel a width; the map by the angle: cos θ' = (sin θ + (π - θ) cos θ) / π."""
    axes = figure_of("likeness", whole()).axes
    assert [each.get_title(loc="left") for each in axes] == [
        *(f"{width} units" for width in WIDTHS[:-1]),
        "1,024 units",
    ]
    measured, mapped = lines(axes[2], "HeNormal")
    assert mapped.get_color() == INK
    layers, runs = whole().layers, whole().runs
    asked = runs[(runs["experiment"] == "spread") & (runs["width"] == 128)]
    own = layers[layers["run_id"].isin(asked["run_id"]) & (layers["layer"] <= 20)]
    expected = own.groupby("layer")["sum_correlation"].mean().to_numpy(dtype=float)
    assert list(xs(measured)) == list(range(1, 21))
    assert ys(measured) == pytest.approx(expected)
    angles = [math.acos(expected[0])]
    for _ in range(19):
        a = angles[-1]
        angles.append(math.acos((math.sin(a) + (math.pi - a) * math.cos(a)) / math.pi))
    assert ys(mapped) == pytest.approx(np.cos(angles))


def test_scatter_is_the_spread_of_the_logarithm_beside_its_law() -> None:
    """Dots: the standard deviation over 50 seeds of ln M; lines: √(5 l / n) for each width."""
    (axes,) = figure_of("scatter", whole()).axes
    drawn = lines(axes, "HeNormal")
    laws = [line for line in drawn if line.get_color() == INK]
    dots = [line for line in drawn if line.get_color() != INK]
    layer = np.arange(1, 21)
    for law, width in zip(laws, WIDTHS, strict=True):
        assert ys(law) == pytest.approx(np.sqrt(5 * layer / width))
    layers, runs = whole().layers, whole().runs
    asked = runs[(runs["experiment"] == "spread") & (runs["width"] == 64)]["run_id"]
    last = layers[layers["run_id"].isin(asked) & (layers["layer"] == 20)]["mean_square"]
    assert len(last) == 50
    assert ys(dots[1])[-1] == pytest.approx(np.log(last.to_numpy(dtype=float)).std(ddof=1))


def test_one_seed_has_no_spread() -> None:
    """The lines of theory stand alone, and the words say why."""
    (axes,) = figure_of("scatter", quick()).axes
    assert all(len(xs(line)) == 0 for line in lines(axes, "HeNormal") if line.get_color() != INK)
    assert "not known of one seed" in load("scatter").alt_text(quick())
