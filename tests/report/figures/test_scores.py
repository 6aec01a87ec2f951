"""Test accuracies: a dot a seed, over mean and interval."""

import numpy as np

from report.figures import load
from tests.made.sites.drawn import VARIANTS, base, figure_of, lines, xs, ys


def test_every_seed_stands_in_the_dot_plot() -> None:
    """Twenty dots a variant at its test accuracies; mean and interval as Student has them."""
    axes = figure_of("test-accuracy", base()).axes
    for name in VARIANTS:
        scores = 100 * base().runs.loc[base().runs["variant"] == name, "test_accuracy"].to_numpy()
        drawn = [np.sort(xs(line)) for a in axes for line in lines(a, name)]
        assert any(len(x) == 20 and np.allclose(x, np.sort(scores)) for x in drawn)
        assert any(len(x) == 1 and np.allclose(x, scores.mean()) for x in drawn)
        half = 2.0930241 * scores.std(ddof=1) / 20**0.5  # t(0.975, 19)
        assert any(
            len(x) == 2 and np.allclose(x, [scores.mean() - half, scores.mean() + half])
            for x in drawn
        )


def test_no_dot_hides_another() -> None:
    """Seeds of equal accuracy stand above each other."""
    for axes in figure_of("test-accuracy", base()).axes:
        for name in VARIANTS[1:]:
            for line in lines(axes, name):
                places = list(zip(xs(line), ys(line), strict=True))
                assert len(set(places)) == len(places)


def test_alt_text_of_the_dots_tells_mean_interval_and_reach() -> None:
    """Numbers of each variant from its seeds; of Zeros, that all agree."""
    text = load("test-accuracy").alt_text(base())
    scores = 100 * base().runs.loc[base().runs["variant"] == "GlorotNormal", "test_accuracy"]
    assert f"GlorotNormal mean {scores.mean():.2f} %" in text
    assert f"seeds from {scores.min():.2f} to {scores.max():.2f} %" in text
    assert "Zeros 11.35 % in all 20 seeds" in text
