"""What training reaches over scale and depth: every seed, and their means."""

from collections.abc import Mapping
from typing import Any

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
        upright = [line for line in axes.lines if not line.get_gid() and len(set(xs(line))) == 1]
        strokes = {round(float(xs(line)[0]), 4) for line in upright}
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


def test_rates_shows_medians_and_lost_runs_as_guesses() -> None:
    """Five rates times eight seeds a panel; lines through medians; what diverged stands at 10 %."""
    results = results_of(load_study(), law=by_rate)
    figure = figure_of("rates", results)
    assert [axes.get_title(loc="left") for axes in figure.axes] == [
        "2 hidden layers",
        "20 hidden layers",
    ]
    dots, median = lines(figure.axes[1], "GlorotNormal")
    assert len(xs(dots)) == 40
    assert ys(median) == pytest.approx([10.35, 30.35, 90.0, 30.35, 10], abs=1e-6)
    assert "16 of 160 runs diverged and count as guessing." in load("rates").alt_text(results)


def by_rate(run: Mapping[str, Any]) -> float | None:
    """Seed by seed a thousandth more, best at 0.1; the deep network of Glorot is lost at 1."""
    if run["experiment"] != "rates":
        return 0.5
    if run["learning_rate"] == 1.0:
        return None if run["variant"] == "GlorotNormal" else 0.1
    best = {0.01: 0.1, 0.03: 0.3, 0.1: 0.8965, 0.3: 0.3}[run["learning_rate"]]
    score: float = best + 0.001 * (run["seed"] - 3000)
    return score


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
