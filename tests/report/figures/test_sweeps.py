"""What training reaches over scale and depth: every seed, and their means."""

import math

import numpy as np
import pytest

from analysis.errors import ReportError
from report.figures import load
from tests.made.results.studies import load_study
from tests.made.results.synthetic import results_of
from tests.made.sites.drawn import figure_of, lines, whole, xs, ys


def test_scale_shows_every_seed_and_hes_formula() -> None:
    """Eight values times eight seeds in a panel, and strokes at √(2/784), √(2/128), √(2/64)."""
    for axes in figure_of("scale", whole()).axes:
        dots, mean = lines(axes, "RandomNormal")
        assert len(xs(dots)) == 64
        assert list(xs(mean)) == pytest.approx([0.001, 0.003, 0.01, 0.03, 0.05, 0.1, 0.3, 1])
        strokes = {round(float(xs(line)[0]), 4) for line in axes.lines if not line.get_gid()}
        assert strokes == {0.0505, 0.125, 0.1768}


def test_depth_shows_every_seed_and_the_means() -> None:
    """One panel an optimizer; six depths times eight seeds and their means for each variant."""
    figure = figure_of("depth", whole())
    assert [axes.get_title(loc="left") for axes in figure.axes] == ["SGD", "Adam"]
    runs = whole().runs
    own = runs[(runs["experiment"] == "depth") & (runs["optimizer"] == "Adam")]
    own = own[own["variant"] == "GlorotNormal"]
    dots, mean = lines(figure.axes[1], "GlorotNormal")
    assert len(xs(dots)) == 48
    expected = 100 * own.groupby("depth")["test_accuracy"].mean().sort_index()
    assert ys(mean) == pytest.approx(expected.to_numpy())


def test_thirty_layers_follows_every_seed() -> None:
    """Eight faint curves and a strong mean for each variant, of 30 layers under SGD, and ln 10."""
    (axes,) = figure_of("thirty-layers", whole()).axes
    assert "30 hidden layers, SGD" in axes.get_title(loc="left")
    for variant in ("RandomNormal", "GlorotNormal", "HeNormal"):
        *seeds, mean = sorted(lines(axes, variant), key=lambda line: line.get_linewidth())
        assert len(seeds) == 8
        assert all(line.get_alpha() for line in seeds)
        assert mean.get_alpha() is None
        assert ys(mean) == pytest.approx(np.mean([ys(line) for line in seeds], axis=0))
    levels = [float(ys(line)[0]) for line in axes.lines if not line.get_gid()]
    assert levels == pytest.approx([math.log(10)])


def test_words_of_scale_tell_variants_apart() -> None:
    """With a second variant each has its own course; two are not averaged into one."""
    two = """experiments.scale.variants=[
      { name = "RandomNormal", initializer = "RandomNormal" },
      { name = "Zeros", initializer = "Zeros" },
    ]"""
    scores = {"RandomNormal": 0.9, "Zeros": 0.1}
    results = results_of(
        load_study("quick", [two]), law=lambda run: scores.get(run["variant"], 0.5)
    )
    words = load("scale").alt_text(results)
    assert "Adam: Zeros 10.00\u00a0% at standard deviation 0.001" in words
    assert "RandomNormal 90.00\u00a0% at standard deviation 0.001" in words


def test_two_learning_rates_of_an_optimizer_are_not_taken_for_one() -> None:
    """They would share a panel, where a variant has two runs of a seed."""
    rates = ", ".join(f'{{ name = "SGD", learning_rate = {rate} }}' for rate in (0.1, 0.2))
    sweep = f'"network.hidden" = ["2 x 8"], "training.optimizer" = [{rates}]'
    results = results_of(load_study("quick", [f"experiments.depth.sweep={{{sweep}}}"]))
    for name in ("depth", "thirty-layers"):
        with pytest.raises(ReportError, match=r"'depth' sweeps over training\.optimizer"):
            load(name).alt_text(results)
