"""Heat maps: a cell with a number for each point, and theory where it belongs."""

import dataclasses
import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from analysis.errors import ReportError
from analysis.results.frames import Results
from report.figures import load
from report.figures.draw.axes.cells import inked
from report.figures.draw.style import INK, PAPER
from tests.made.results.studies import load_study
from tests.made.results.synthetic import results_of
from tests.made.sites.drawn import figure_of, quick, whole, xs, ys
from tests.made.sites.told import published

Place = tuple[float, float]


def cells(axes: Axes) -> dict[tuple[float, float], Rectangle]:
    """The rectangles of a heat map by their lower left corner."""
    found = [patch for patch in axes.patches if isinstance(patch, Rectangle)]
    return {(patch.get_x(), patch.get_y()): patch for patch in found}


def grid_law(run: Mapping[str, Any]) -> float | None:
    """Accuracy that tells depth and scale apart; the largest scale diverges."""
    if run["experiment"] not in ("chaos", "gain"):
        return 0.5
    scale, depth = float(run["scale"]), int(run["depth"])
    return None if scale > 3.5 else round(0.1 + 0.2 * scale + 0.002 * depth, 2)


@pytest.fixture(scope="module")
def graded() -> Results:
    """The whole study with accuracies by that law."""
    return results_of(whole().study, law=grid_law)


@pytest.mark.parametrize("name", ["chaos", "gain"])
def test_a_map_has_a_cell_and_a_number_for_each_point(graded: Results, name: str) -> None:
    """Cells of one size tile the plane, each with its mean; a cross where all diverged."""
    axes = figure_of(name, graded).axes[0]
    own = graded.runs[graded.runs["experiment"] == name]
    points = own[["scale", "depth"]].drop_duplicates()
    found = cells(axes)
    assert len(found) == len(points)
    assert {(cell.get_width(), cell.get_height()) for cell in found.values()} == {(1.0, 1.0)}
    (left, right), (low, high) = axes.get_xlim(), axes.get_ylim()
    assert len(found) == (right - left) * (high - low)
    gains, depths = (sorted(set(points[name])) for name in ("scale", "depth"))
    assert [float(each.get_text()) for each in axes.get_xticklabels()] == gains
    assert [int(each.get_text()) for each in axes.get_yticklabels()] == depths
    for scale, depth in points.to_numpy():
        inside = [
            text.get_text()
            for text in axes.texts
            if _holds(
                found.values(), text.get_position(), (gains.index(scale), depths.index(depth))
            )
        ]
        law = grid_law({"experiment": name, "scale": scale, "depth": int(depth)})
        assert inside == ["×" if law is None else f"{100 * law:.0f}"]


def _holds(found: Iterable[Rectangle], place: Place, point: Place) -> bool:
    """Whether a text and a point are in the same cell."""
    for cell in found:
        x, y = cell.get_xy()
        across, up = (x, x + cell.get_width()), (y, y + cell.get_height())
        if across[0] <= point[0] <= across[1] and up[0] <= point[1] <= up[1]:
            return across[0] <= place[0] <= across[1] and up[0] <= place[1] <= up[1]
    return False


def test_brighter_cells_are_more_accurate(graded: Results) -> None:
    """Lightness rises with the number, so that a map reads without its hues."""
    axes = figure_of("chaos", graded).axes[0]
    shown = {}
    for text in axes.texts:
        for (x, y), cell in cells(axes).items():
            px, py = text.get_position()
            if x < px < x + cell.get_width() and y < py < y + cell.get_height():
                shown[text.get_text()] = cell.get_facecolor()
    numbers = sorted((int(text), colour) for text, colour in shown.items() if text != "×")
    lightness = [float(np.dot([0.2126, 0.7152, 0.0722], to_rgb(c))) for _, c in numbers]
    assert lightness == sorted(lightness)
    assert len(set(lightness)) > 5


@pytest.mark.parametrize("name", ["chaos", "gain", "activation-heatmap"])
@pytest.mark.parametrize("results", [published, whole])
def test_every_number_stands_out_from_its_cell(name: str, results: Callable[[], Results]) -> None:
    """At least 4.5 to 1, as WCAG 2.2 defines contrast, which is worked out anew here."""
    for axes in figure_of(name, results()).axes:
        for text in axes.texts:
            ground = text.get_bbox_patch()
            assert ground is not None
            assert contrast(to_rgb(text.get_color()), to_rgb(ground.get_facecolor())) >= 4.5


def test_contrast_is_at_least_that_on_any_grey() -> None:
    """Also on the one between, to which black and white have the same."""
    for grey in range(256):
        fill = f"#{grey:02x}{grey:02x}{grey:02x}"
        assert contrast(to_rgb(inked(fill)), to_rgb(fill)) >= 4.5


def contrast(one: tuple[float, ...], other: tuple[float, ...]) -> float:
    """The contrast of two colours, channel by channel as the standard spells it out."""
    lights = []
    for colour in (one, other):
        red, green, blue = (
            c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in colour[:3]
        )
        lights.append(0.2126 * red + 0.7152 * green + 0.0722 * blue)
    return (max(lights) + 0.05) / (min(lights) + 0.05)


def swept(place: float, values: Sequence[float]) -> float:
    """The value at a place among cells of one size: even in its logarithm between two of them."""
    low = min(max(math.floor(place), 0), len(values) - 2)
    share = place - low
    return float(values[low] ** (1 - share) * values[low + 1] ** share)


def curves(axes: Axes) -> list[Line2D]:
    """What theory draws on a map: lines in ink over a hem of paper."""
    inked = [line for line in axes.lines if line.get_color() == INK]
    assert len([line for line in axes.lines if line.get_color() == PAPER]) == len(inked)
    return inked


@pytest.mark.parametrize(("name", "critical"), [("chaos", 1.761), ("gain", 2.0)])
def test_the_critical_line_stands_where_theory_has_it(name: str, critical: float) -> None:
    """Tanh with bias variance 0.05 at 1.761 (Schoenholz et al. 2016), ReLU without bias at 2."""
    axes = figure_of(name, whole()).axes[0]
    upright = [line for line in curves(axes) if len(set(xs(line))) == 1]
    gains = [float(each.get_text()) for each in axes.get_xticklabels()]
    found = [swept(float(xs(line)[0]), gains) for line in upright]
    assert found == pytest.approx([critical], abs=1e-3)


def test_the_depth_scale_of_relu_is_six_over_the_log_of_half_the_gain() -> None:
    """χ₁ = σ_w²/2 without bias, so that the curve is 6 / |ln(σ_w²/2)| on either side of 2."""
    axes = figure_of("gain", whole()).axes[0]
    left, right = (line for line in curves(axes) if len(set(xs(line))) > 1)
    gains = [float(each.get_text()) for each in axes.get_xticklabels()]
    depths = [float(each.get_text()) for each in axes.get_yticklabels()]
    middle = gains.index(2)
    assert xs(left).max() < middle < xs(right).min()
    for line in (left, right):
        inside = [
            (x, y) for x, y in zip(xs(line), ys(line), strict=True)
            if 0 <= x <= len(gains) - 1 and 0 <= y <= len(depths) - 1
        ]  # fmt: skip
        assert len(inside) > 10
        expected = [6 / abs(math.log(swept(x, gains) / 2)) for x, _ in inside]
        assert [swept(y, depths) for _, y in inside] == pytest.approx(expected)


def test_activation_map_has_a_column_an_activation_and_a_map_a_depth() -> None:
    """Four by four cells twice, with the variants' names beside the first map."""
    figure = figure_of("activation-heatmap", whole())
    assert [axes.get_title(loc="left") for axes in figure.axes] == [
        "Test accuracy (%), 2 hidden layers", "Test accuracy (%), 20 hidden layers",
    ]  # fmt: skip
    for axes in figure.axes:
        assert len(cells(axes)) == 16
        names = [label.get_text() for label in axes.get_xticklabels()]
        assert names == ["ReLU", "tanh", "sigmoid", "SELU"]
    rows = [label.get_text() for label in figure.axes[0].get_yticklabels()]
    assert rows == ["LecunNormal", "GlorotNormal", "HeNormal", "Orthogonal"]


def test_a_map_needs_its_axis() -> None:
    """A study that no longer sweeps over the scale is told so, not drawn wrongly."""
    results = dataclasses.replace(quick(), runs=quick().runs.drop(columns="scale"))
    with pytest.raises(ReportError, match="'gain' does not sweep over scale"):
        figure_of("gain", results)


TWO = """experiments.gain.variants=[
  { name = "Normal", initializer = "VarianceScaling", scale = 2.0, mode = "fan_in" },
  { name = "Other", initializer = "HeNormal" },
]"""


def test_two_variants_do_not_share_a_cell() -> None:
    """A second variant would be drawn over the first: the error names both."""
    results = results_of(load_study("quick", [TWO]))
    with pytest.raises(ReportError, match=r"'gain' has the variants Normal and Other"):
        figure_of("gain", results)


def test_theory_is_that_of_the_point_where_one_value_is_swept() -> None:
    """An activation that a sweep over one value sets is the one whose edge is drawn."""
    sweep = '"variants.Normal.scale" = [1.0, 3.0], "network.activation" = ["tanh"]'
    results = results_of(load_study("quick", [f"experiments.gain.sweep={{{sweep}}}"]))
    (axes,) = figure_of("gain", results).axes
    assert axes.get_title(loc="left").endswith("of tanh networks")
    assert not [line for line in curves(axes) if set(xs(line)) == {2.0}]


@pytest.mark.parametrize("word", ["network.dropout=0.1", 'sweep."network.dropout"=[0.1]'])
def test_theory_of_dense_layers_is_not_drawn_on_other_networks(word: str) -> None:
    """The cells stand without lines, and picture and words say why."""
    dense, other = quick(), results_of(load_study("quick", [f"experiments.gain.{word}"]))
    assert curves(*figure_of("gain", dense).axes)
    figure = figure_of("gain", other)
    assert cells(*figure.axes)
    assert not curves(*figure.axes)
    assert "more than dense layers" in figure.get_supxlabel()
    alt = load("gain").drawn(other).alt
    assert "Theory puts" not in alt
    assert "more than dense layers" in alt


def test_theory_is_of_the_biases_that_the_variant_has() -> None:
    """A variant's own biases of variance 1 move tanh's critical variance above that without."""
    own = 'experiments.chaos.variants=[{ name = "Normal", initializer = "VarianceScaling", ' \
        'scale = 1.0, bias = { initializer = "RandomNormal", stddev = 1.0 } }]'  # fmt: skip
    told = [
        re.findall(r"critical variance at ([\d.]+)", load("chaos").drawn(results).alt)
        for results in (quick(), results_of(load_study("quick", [own])))
    ]
    assert float(told[1][0]) > float(told[0][0]) + 0.5


def test_at_the_critical_variance_depth_has_no_end() -> None:
    """Without biases that of tanh is 1, and a map that begins there says so in words."""
    word = 'experiments.chaos.network.bias={ initializer = "Zeros" }'
    alt = load("chaos").drawn(results_of(load_study("quick", [word]))).alt
    assert "six depth scales are any number of layers at 1 and" in alt


def test_a_diverged_run_counts_as_guessing_where_others_finished() -> None:
    """Half of eight seeds at 80 % and half at 10 % are 45 %; a cell that lost all has none."""

    def law(run: Mapping[str, Any]) -> float | None:
        if run.get("activation") != "selu" or run["variant"] not in ("GlorotNormal", "HeNormal"):
            return 0.8
        return 0.8 if run["variant"] == "GlorotNormal" and int(run["seed"]) % 2 else None

    data = load("activation-heatmap").rows(results_of(load_study(), law=law))
    own = data[data["activation"] == "selu"].drop_duplicates(["variant", "depth"])
    glorot = own[own["variant"] == "GlorotNormal"]
    assert glorot["value"].tolist() == pytest.approx([45.0] * len(glorot))
    assert glorot["minimum"].tolist() == pytest.approx([10.0] * len(glorot))
    assert (glorot[["n", "diverged"]] == [8, 4]).all(axis=None)
    he = own[own["variant"] == "HeNormal"]
    assert he["value"].isna().all()
    assert (he[["n", "diverged"]] == [0, 8]).all(axis=None)
    rest = data[~data["variant"].isin(["GlorotNormal", "HeNormal"])]
    assert rest["value"].tolist() == pytest.approx([80.0] * len(rest))
