"""The figures of the experiments are held to their data and to theory worked out beside them."""

import math
from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from matplotlib.axes import Axes
from matplotlib.colors import to_rgb
from matplotlib.lines import Line2D
from matplotlib.patches import Rectangle

from analysis.results.frames import Results
from report.figures.draw.style import INK, PAPER
from report.figures.registry import FIGURES
from tests.made.synthetic import results_of
from tests.report.drawn import lines, whole, xs, ys

Place = tuple[float, float]


def panel(name: str, title: str) -> Axes:
    """The panel of a figure whose title begins so."""
    axes = FIGURES[name].draw(whole()).axes
    return next(each for each in axes if each.get_title(loc="left").startswith(title))


def dots_and_theory(axes: Axes, variant: str) -> tuple[Line2D, Line2D]:
    """Measured means, in the variant's colour, and the closed form, in ink."""
    theory = [line for line in lines(axes, variant) if line.get_color() == INK]
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
    figure = FIGURES["propagation"].draw(whole())
    assert all(not lines(axes, "Zeros") for axes in figure.axes)
    assert "Zeros: exactly 0 in every hidden layer" in figure.get_supxlabel()
    assert "Zeros: exactly 0" in FIGURES["gradients"].alt(whole())


def test_glorots_network_has_theory_for_signals_only() -> None:
    """Activations and gradients have a closed form beside them, weight gradients have none."""
    forward, backward, weights = FIGURES["glorot"].draw(whole()).axes
    for axes in (forward, backward):
        dots_and_theory(axes, "Standard")
    assert len(lines(weights, "Standard")) == 1
    dots, _ = dots_and_theory(forward, "GlorotUniform")
    squares = initial("glorot", "tanh", "GlorotUniform", "mean_square")
    assert ys(dots) == pytest.approx(np.sqrt(squares), rel=0.01)


def test_scale_shows_every_seed_and_hes_formula() -> None:
    """Eight values times three seeds in a panel, and strokes at √(2/784), √(2/128), √(2/64)."""
    for axes in FIGURES["scale"].draw(whole()).axes:
        dots, mean = lines(axes, "RandomNormal")
        assert len(xs(dots)) == 24
        assert list(xs(mean)) == pytest.approx([0.001, 0.003, 0.01, 0.03, 0.05, 0.1, 0.3, 1])
        strokes = {round(float(xs(line)[0]), 4) for line in axes.lines if not line.get_gid()}
        assert strokes == {0.0505, 0.125, 0.1768}


def test_depth_shows_every_seed_and_the_means() -> None:
    """One panel an optimizer; six depths times five seeds and their means for each variant."""
    figure = FIGURES["depth"].draw(whole())
    assert [axes.get_title(loc="left") for axes in figure.axes] == ["SGD", "Adam"]
    runs = whole().runs
    own = runs[(runs["experiment"] == "depth") & (runs["optimizer"] == "Adam")]
    own = own[own["variant"] == "GlorotNormal"]
    dots, mean = lines(figure.axes[1], "GlorotNormal")
    assert len(xs(dots)) == 30
    expected = 100 * own.groupby("depth")["test_accuracy"].mean().sort_index()
    assert ys(mean) == pytest.approx(expected.to_numpy())


def test_thirty_layers_follows_every_seed() -> None:
    """Five faint curves and a strong mean for each variant, of 30 layers under SGD, and ln 10."""
    (axes,) = FIGURES["thirty-layers"].draw(whole()).axes
    assert "30 hidden layers, SGD" in axes.get_title(loc="left")
    for variant in ("RandomNormal", "GlorotNormal", "HeNormal"):
        *seeds, mean = sorted(lines(axes, variant), key=lambda line: line.get_linewidth())
        assert len(seeds) == 5
        assert all(line.get_alpha() for line in seeds)
        assert mean.get_alpha() is None
        assert ys(mean) == pytest.approx(np.mean([ys(line) for line in seeds], axis=0))
    levels = [float(ys(line)[0]) for line in axes.lines if not line.get_gid()]
    assert levels == pytest.approx([math.log(10)])


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
    """The cells tile the plane without a gap, each with its mean; a cross where all diverged."""
    axes = FIGURES[name].draw(graded).axes[0]
    own = graded.runs[graded.runs["experiment"] == name]
    points = own[["scale", "depth"]].drop_duplicates()
    found = cells(axes)
    assert len(found) == len(points)
    areas = [math.log((x + c.get_width()) / x) * math.log((y + c.get_height()) / y)
             for (x, y), c in found.items()]  # fmt: skip
    (left, right), (low, high) = axes.get_xlim(), axes.get_ylim()
    assert sum(areas) == pytest.approx(math.log(right / left) * math.log(high / low))
    for scale, depth in points.to_numpy():
        inside = [
            text.get_text()
            for text in axes.texts
            if _holds(found.values(), text.get_position(), (scale, depth))
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
    axes = FIGURES["chaos"].draw(graded).axes[0]
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


def curves(axes: Axes) -> list[Line2D]:
    """What theory draws on a map: lines in ink over a hem of paper."""
    inked = [line for line in axes.lines if line.get_color() == INK]
    assert len([line for line in axes.lines if line.get_color() == PAPER]) == len(inked)
    return inked


@pytest.mark.parametrize(("name", "critical"), [("chaos", 1.761), ("gain", 2.0)])
def test_the_critical_line_stands_where_theory_has_it(name: str, critical: float) -> None:
    """Tanh with bias variance 0.05 at 1.761 (Schoenholz et al. 2016), ReLU without bias at 2."""
    axes = FIGURES[name].draw(whole()).axes[0]
    upright = [line for line in curves(axes) if len(set(xs(line))) == 1]
    assert [float(xs(line)[0]) for line in upright] == pytest.approx([critical], abs=1e-3)


def test_the_depth_scale_of_relu_is_six_over_the_log_of_half_the_gain() -> None:
    """χ₁ = σ_w²/2 without bias, so that the curve is 6 / |ln(σ_w²/2)| on either side of 2."""
    axes = FIGURES["gain"].draw(whole()).axes[0]
    left, right = (line for line in curves(axes) if len(set(xs(line))) > 1)
    assert xs(left).max() < 2 < xs(right).min()
    for line in (left, right):
        expected = [6 / abs(math.log(gain / 2)) for gain in xs(line)]
        assert ys(line) == pytest.approx(expected)


def test_activation_map_has_a_column_an_activation_and_a_map_a_depth() -> None:
    """Four by four cells twice, with the variants' names beside the first map."""
    figure = FIGURES["activation-heatmap"].draw(whole())
    assert [axes.get_title(loc="left") for axes in figure.axes] == [
        "2 hidden layers", "20 hidden layers",
    ]  # fmt: skip
    for axes in figure.axes:
        assert len(cells(axes)) == 16
        names = [label.get_text() for label in axes.get_xticklabels()]
        assert names == ["ReLU", "tanh", "sigmoid", "SELU"]
    rows = [label.get_text() for label in figure.axes[0].get_yticklabels()]
    assert rows == ["LecunNormal", "GlorotNormal", "HeNormal", "Orthogonal"]


def test_symmetry_counts_units_and_ranks_of_each_kernel() -> None:
    """Distinct units above, ranks below, a column a layer; He's stay 128, 64 and 10."""
    axes = FIGURES["symmetry"].draw(whole()).axes
    assert len(axes) == 6
    for row in (axes[:3], axes[3:]):
        for each, count in zip(row, (128, 64, 10), strict=True):
            (line,) = lines(each, "HeNormal")
            assert set(ys(line)) == {count}


@pytest.mark.parametrize(
    ("name", "rows", "ridges"), [("activations", 3, "50"), ("dynamics", 3, "5")]
)
def test_ridges_go_from_the_first_to_the_last(name: str, rows: int, ridges: str) -> None:
    """A row a layer or activation, a column a random variant, five ridges named beside it."""
    figure = FIGURES[name].draw(whole())
    assert len(figure.axes) == 3 * rows
    for axes in figure.axes[::3]:
        labels = [label.get_text() for label in axes.get_yticklabels()]
        assert len(labels) == 5
        assert labels[-1] == ridges
    assert "Left out: Zeros" in figure.get_supxlabel()


def test_ridges_stand_on_their_base_with_the_shape_of_the_histogram() -> None:
    """The middle of a symmetric distribution is its highest point, and stands above zero."""
    axes = FIGURES["dynamics"].draw(whole()).axes[0]
    ridge = np.asarray(axes.patches[0].get_path().vertices)
    top = ridge[np.argmax(ridge[:, 1])]
    assert ridge[:, 1].min() == 0
    assert abs(top[0]) < 0.05 * np.ptp(ridge[:, 0])
