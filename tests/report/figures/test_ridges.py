"""Distributions: a ridge a layer or a moment, in the shape of its histogram."""

import json

import numpy as np
import pytest

from report.figures import load
from tests.made.sites.drawn import figure_of, whole


@pytest.mark.parametrize(
    ("name", "rows", "ridges", "last"), [("activations", 3, 5, "50"), ("dynamics", 3, 3, "5")]
)
def test_ridges_go_from_the_first_to_the_last(name: str, rows: int, ridges: int, last: str) -> None:
    """A row a layer or activation, a column a random variant, the ridges named beside it."""
    figure = figure_of(name, whole())
    assert len(figure.axes) == 3 * rows
    for axes in figure.axes[::3]:
        labels = [label.get_text() for label in axes.get_yticklabels()]
        assert len(labels) == ridges
        assert labels[-1] == last
    assert "Left out: Zeros" in figure.get_supxlabel()


def test_ridges_stand_on_their_base_with_the_shape_of_the_histogram() -> None:
    """The middle of a symmetric distribution is its highest point, and stands above zero."""
    axes = figure_of("dynamics", whole()).axes[0]
    ridge = np.asarray(axes.patches[0].get_path().vertices)
    top = ridge[np.argmax(ridge[:, 1])]
    assert ridge[:, 1].min() == 0
    assert abs(top[0]) < 0.05 * np.ptp(ridge[:, 0])


def test_a_ridge_is_the_histogram_of_the_first_seed() -> None:
    """The shares in the CSV are those stored, over the second fullest bin and at most one."""
    data = load("dynamics").rows(whole())
    own = data[(data["panel"] == "Layer 1") & (data["variant"] == "HeNormal")]
    own = own[own["epoch"] == own["epoch"].iloc[0]]
    stored = whole().histograms
    stored = stored[(stored["experiment"] == "dynamics") & (stored["variant"] == "HeNormal")]
    stored = stored[(stored["quantity"] == "sum") & (stored["layer"] == 1)]
    row = stored[(stored["seed"] == 3000) & (stored["progress"] == 0)].iloc[0]
    shares = np.array(json.loads(row["shares"]))
    expected = np.minimum(shares / sorted(shares)[-2], 1)
    assert set(np.round(own["value"], 9)) <= set(np.round(expected, 9))
