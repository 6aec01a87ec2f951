"""Deep networks over their training: every seed, the middle, and the levels they are held to."""

import dataclasses
import math

import numpy as np
import pytest

from analysis.results.frames import Results
from report.figures import load
from tests.made.sites.drawn import figure_of, lines, whole, xs, ys


@pytest.fixture(scope="module")
def later() -> Results:
    """Seed s at epoch e at 3 e + (s - 3000) percent; the last one of Glorot is lost after six."""
    epochs = whole().epochs
    seed = epochs["seed"] - 3000
    late = epochs["experiment"] == "late"
    course = epochs["val_accuracy"].where(~late, 0.03 * epochs["epoch"] + 0.01 * seed)
    lost = late & (seed == 7) & (epochs["variant"] == "GlorotNormal") & (epochs["epoch"] > 6)
    return dataclasses.replace(whole(), epochs=epochs.assign(val_accuracy=course)[~lost])


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


def test_late_follows_every_seed_over_the_steps(later: Results) -> None:
    """Sixteen epochs of 240 steps from guessing on: eight thin lines and a median each."""
    figure = figure_of("late", later)
    assert [each.get_title(loc="left")[:2] for each in figure.axes] == ["20", "30", "50"]
    for axes in figure.axes:
        *seeds, median = sorted(lines(axes, "HeNormal"), key=lambda line: line.get_linewidth())
        assert len(seeds) == 8
        assert list(xs(median)) == [240 * epoch for epoch in range(17)]
        assert ys(median)[0] == 10
        assert ys(median)[1:] == pytest.approx([3 * epoch + 3.5 for epoch in range(1, 17)])


def test_a_lost_run_goes_on_as_a_guess(later: Results) -> None:
    """From the epoch on in which it diverged its line is at 10 %, and the median counts it."""
    axes = figure_of("late", later).axes[0]
    *seeds, median = sorted(lines(axes, "GlorotNormal"), key=lambda line: line.get_linewidth())
    (lost,) = (line for line in seeds if ys(line)[6] == pytest.approx(25))
    assert ys(lost)[7:] == pytest.approx([10] * 10)
    courses = [48 + seed for seed in range(7)]
    assert ys(median)[16] == pytest.approx(np.median([*courses, 10]))


def test_the_dashed_line_is_where_claims_count_to(later: Results) -> None:
    """Fifty percent in every panel: four ninths of the way from one in ten to one."""
    for axes in figure_of("late", later).axes:
        (level,) = (line for line in axes.lines if not line.get_gid())
        assert set(ys(level)) == {50}
    data = load("late").rows(later)
    assert 50.0 in set(data.loc[data["kind"] == "closed form", "value"])


def test_words_of_late_say_when_the_median_is_above(later: Results) -> None:
    """3 e + 3.5 is above 50 from epoch 16, after 3,840 steps."""
    words = load("late").alt_text(later)
    assert "the median of HeNormal is above it by step 3,840 and ends at 51.50\u00a0%" in words
    assert "the median of GlorotNormal is above it by step 3,840 and ends at 50.50" in words
