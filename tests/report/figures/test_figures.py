"""Figures of the base experiment: what is drawn, where it stands, what the words say of it."""

import re
import warnings
from collections.abc import Iterator
from itertools import combinations
from typing import Any
from xml.etree import ElementTree as ET

import numpy as np
import pytest
from matplotlib.collections import FillBetweenPolyCollection

from analysis.results.frames import Results
from analysis.study.names import slug
from report.figures.draw.panels import spans
from report.figures.draw.style import GRID, INK, MUTED, PAPER, variant_style
from report.figures.registry import FIGURES, render_svg
from tests.made.synthetic import synthetic_results, synthetic_study
from tests.report.drawn import lines, text_boxes, xs, ys

BASE = ("accuracy", "loss", "test-accuracy", "weight-sd")
NAMES = ("Zeros", "RandomNormal", "GlorotNormal", "HeNormal")
LEARN = NAMES[1:]
MANY = [
    {"name": name, "initializer": name}
    for name in (*NAMES, "GlorotUniform", "HeUniform", "LecunNormal", "LecunUniform", "Orthogonal")
] + [{"name": "VarianceScaling (a longer name, yes)", "initializer": "VarianceScaling"}]
ODD: dict[str, dict[str, Any]] = {
    "one seed, one epoch": {"seeds": 1, "epochs": 1},
    "two seeds, two epochs": {"seeds": 2, "epochs": 2},
    "ten variants, ten layers": {"variants": MANY, "epochs": 40, "hidden": [64] * 9},
    "two variants, three classes": {"variants": MANY[2:4], "classes": 3},
    "only zeros": {"variants": MANY[:1], "seeds": 3},
    "some and all diverged": {
        "seeds": 5,
        "diverged": {("GlorotNormal", 1): 4, ("GlorotNormal", 3): 6}
        | {("HeNormal", seed): 1 for seed in range(5)},
    },
    "everything diverged": {
        "seeds": 2,
        "diverged": {(name, seed): 1 for name in NAMES for seed in range(2)},
    },
}


@pytest.fixture(autouse=True)
def _no_warning() -> Iterator[None]:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        yield


@pytest.fixture(scope="module")
def base() -> Results:
    """Twenty seeds of the base study."""
    return synthetic_results()


@pytest.fixture(scope="module")
def odd() -> dict[str, Results]:
    """Studies unlike the base one."""
    return {case: synthetic_results(**arguments) for case, arguments in ODD.items()}


def means(results: Results, metric: str, variant: str) -> np.ndarray:
    """Mean over seeds by epoch, by another way than the figure's."""
    rows = results.epochs[results.epochs["variant"] == variant]
    wide = rows.pivot(index="seed", columns="epoch", values=metric).to_numpy(dtype=float)
    return np.asarray(wide.mean(axis=0))


@pytest.mark.parametrize(
    ("figure", "column", "metric", "factor"),
    [
        ("accuracy", "Training accuracy (%)", "accuracy", 100),
        ("accuracy", "Validation accuracy (%)", "val_accuracy", 100),
        ("loss", "Training loss (nats, log scale)", "loss", 1),
        ("loss", "Validation loss (nats, log scale)", "val_loss", 1),
    ],
)
def test_curves_are_the_means_over_seeds(
    base: Results, figure: str, column: str, metric: str, factor: float
) -> None:
    """Each variant's line runs through its means, inside the range of its panel."""
    axes = FIGURES[figure].draw(base).axes
    place = next(each.get_position().x0 for each in axes if each.get_title(loc="left") == column)
    panels = [each for each in axes if abs(each.get_position().x0 - place) < 0.01]
    for name in NAMES:
        drawn = [(panel, line) for panel in panels for line in lines(panel, name)]
        assert len(drawn) == 1, f"{name} is drawn once in its column"
        panel, line = drawn[0]
        expected = factor * means(base, metric, name)
        assert ys(line) == pytest.approx(expected)
        assert list(xs(line)) == list(range(1, 11))
        low, high = panel.get_ylim()
        assert (low <= expected).all()
        assert (expected <= high).all()


def test_the_band_spans_the_seeds(base: Results) -> None:
    """The band reaches from the lowest to the highest seed of each epoch."""
    panel = FIGURES["accuracy"].draw(base).axes[0]
    (band,) = [
        each
        for each in panel.collections
        if isinstance(each, FillBetweenPolyCollection)
        and each.get_gid() == "variant-henormal--band"
    ]
    rows = base.epochs[(base.epochs["variant"] == "HeNormal") & (base.epochs["epoch"] == 3)]
    corners = np.asarray(band.get_paths()[0].vertices)
    heights = corners[corners[:, 0] == 3, 1]
    assert min(heights) == pytest.approx(100 * rows["accuracy"].min())
    assert max(heights) == pytest.approx(100 * rows["accuracy"].max())


def test_zeros_has_a_panel_of_its_own(base: Results) -> None:
    """Accuracy breaks its axis: learners above, Zeros below, at least 60 points apart."""
    top, _, bottom, _ = FIGURES["accuracy"].draw(base).axes
    assert top.get_ylim()[0] - bottom.get_ylim()[1] > 60
    assert not lines(top, "Zeros")
    assert lines(bottom, "Zeros")
    assert not lines(bottom, "HeNormal")


@pytest.mark.parametrize(
    ("ranges", "count"),
    [
        ([(10.0, 10.0), (88.0, 99.0)], 2),
        ([(80.0, 90.0), (88.0, 99.0)], 1),
        ([(10.0, 60.0), (70.0, 99.0)], 1),
        ([(97.0, 97.1), (97.5, 97.6)], 1),
        ([(np.nan, np.nan)], 1),
        ([], 1),
    ],
)
def test_an_axis_breaks_only_where_a_gap_would_squash(
    ranges: list[tuple[float, float]], count: int
) -> None:
    """A gap that is most of the range breaks it; a small one, or none, does not."""
    found = spans(ranges, least=2.0)
    assert len(found) == count
    for low, high in ranges:
        assert np.isnan(low) or any(a <= low and high <= b for a, b in found)


def test_every_seed_stands_in_the_dot_plot(base: Results) -> None:
    """Twenty dots a variant at its test accuracies; mean and interval as Student has them."""
    axes = FIGURES["test-accuracy"].draw(base).axes
    for name in NAMES:
        scores = 100 * base.runs.loc[base.runs["variant"] == name, "test_accuracy"].to_numpy()
        drawn = [np.sort(xs(line)) for a in axes for line in lines(a, name)]
        assert any(len(x) == 20 and np.allclose(x, np.sort(scores)) for x in drawn)
        assert any(len(x) == 1 and np.allclose(x, scores.mean()) for x in drawn)
        half = 2.0930241 * scores.std(ddof=1) / 20**0.5  # t(0.975, 19)
        assert any(
            len(x) == 2 and np.allclose(x, [scores.mean() - half, scores.mean() + half])
            for x in drawn
        )


def test_no_dot_hides_another(base: Results) -> None:
    """Seeds of equal accuracy stand above each other."""
    for axes in FIGURES["test-accuracy"].draw(base).axes:
        for name in LEARN:
            for line in lines(axes, name):
                places = list(zip(xs(line), ys(line), strict=True))
                assert len(set(places)) == len(places)


def test_sampled_sd_stands_beside_its_formula(base: Results) -> None:
    """He's three layers at their means; formula strokes at √(2/784), √(2/128), √(2/64)."""
    (axes,) = FIGURES["weight-sd"].draw(base).axes
    dots = [ys(line)[0] for line in lines(axes, "HeNormal") if len(ys(line)) == 1]
    own = base.layers[(base.layers["variant"] == "HeNormal") & (base.layers["moment"] == "initial")]
    assert dots == pytest.approx(own.groupby("layer")["kernel_sd"].mean().tolist())
    strokes = {round(float(ys(line)[0]), 5) for line in axes.lines if line.get_color() == INK}
    assert {0.05051, 0.125, 0.17678, 0.04683, 0.10206, 0.1644, 0.05} <= strokes


@pytest.mark.parametrize("name", BASE)
def test_every_variant_is_drawn_in_its_style(base: Results, name: str) -> None:
    """Each variant is there in its own colour, the same in every figure."""
    looks = variant_style(base.study)
    axes = FIGURES[name].draw(base).axes
    for variant in NAMES:
        colours = {str(line.get_color()) for a in axes for line in lines(a, variant)}
        assert colours
        assert colours <= {looks[variant].colour, INK}
        assert looks[variant].colour in colours


@pytest.mark.parametrize("case", ODD)
@pytest.mark.parametrize("name", BASE)
def test_any_study_has_words(odd: dict[str, Results], name: str, case: str) -> None:
    """Few or many seeds, epochs, variants and layers, and lost runs: a sentence, without NaN."""
    text = FIGURES[name].alt(odd[case])
    assert text.endswith(".")
    assert "nan" not in text


@pytest.mark.parametrize("case", ["base", *ODD])
@pytest.mark.parametrize("name", BASE)
def test_no_text_overlaps_another(
    base: Results, odd: dict[str, Results], name: str, case: str
) -> None:
    """Ticks, titles, legend and notes keep clear of each other and inside the figure."""
    figure = FIGURES[name].draw(base if case == "base" else odd[case])
    boxes = text_boxes(figure)
    page = figure.bbox.padded(1)
    for text, box in boxes:
        assert page.x0 <= box.x0, f"{text!r} leaves the figure on the left"
        assert box.x1 <= page.x1, f"{text!r} leaves the figure on the right"
        assert page.y0 <= box.y0, f"{text!r} leaves the figure below"
        assert box.y1 <= page.y1, f"{text!r} leaves the figure above"
    for (one, a), (other, b) in combinations(boxes, 2):
        assert not a.overlaps(b), f"{one!r} overlaps {other!r}"


def test_a_lost_run_is_marked_and_named(odd: dict[str, Results]) -> None:
    """A cross at the last whole epoch, and the sentence with epochs and counts."""
    results = odd["some and all diverged"]
    figure = FIGURES["accuracy"].draw(results)
    crosses = [
        line
        for axes in figure.axes
        for line in lines(axes, "GlorotNormal")
        if line.get_marker() == "x"
    ]
    assert [list(xs(line)) for line in crosses] == [[3], [3]]
    notes = figure.get_supxlabel()
    assert "GlorotNormal: diverged at epochs 4 to 6 (2 of 5 runs)." in notes
    assert "HeNormal: diverged at epoch 1 (5 of 5 runs)." in notes
    labels = [
        t.get_text() for t in FIGURES["test-accuracy"].draw(results).axes[0].get_yticklabels()
    ]
    assert "HeNormal\ndiverged" in labels


@pytest.mark.parametrize("name", BASE)
def test_the_same_results_give_the_same_bytes(base: Results, name: str) -> None:
    """Twice rendered, once from results made anew: equal, light, without date or generator."""
    svg = render_svg(name, base)
    assert svg == render_svg(name, synthetic_results())
    assert len(svg.encode()) < 60_000
    assert "matplotlib" not in svg.lower()
    assert "<metadata" not in svg


@pytest.mark.parametrize("name", BASE)
def test_an_svg_is_ready_for_a_page(base: Results, name: str) -> None:
    """No ground, no style sheet, text as outlines, variants marked, references whole."""
    svg = render_svg(name, base)
    root = ET.fromstring(svg)
    assert root.tag == "{http://www.w3.org/2000/svg}svg"
    assert "<style" not in svg
    assert " style=" not in svg
    assert "<text" not in svg
    assert "#ffffff" not in svg
    marked = {each.get("data-variant") for each in root.iter()} - {None}
    assert marked == {slug(variant) for variant in NAMES}
    known = {each.get("id") for each in root.iter()}
    referred = set(re.findall(r'(?:href="|url\()#([^")]+)', svg))
    assert referred == known - {None}


def luminance(colour: str) -> float:
    """Relative luminance as WCAG 2 defines it."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return float(np.dot([0.2126, 0.7152, 0.0722], linear))


def contrast(one: str, other: str) -> float:
    """Contrast ratio as WCAG 2 defines it."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def test_variants_are_told_apart_on_light_and_dark_ground() -> None:
    """Of ten variants no two look alike, none is a sentinel, each stands out 3 to 1."""
    looks = list(variant_style(synthetic_study(variants=MANY)).values())
    assert len({look.colour for look in looks}) == len(looks)
    assert len({look.marker for look in looks}) == len(looks)
    for look in looks:
        assert look.colour not in {INK, MUTED, GRID, PAPER}
        assert contrast(look.colour, "#ffffff") >= 3
        assert contrast(look.colour, "#16181d") >= 3


@pytest.mark.parametrize(
    ("name", "expected"), [("He Normal(σ=2)", "he-normal-2"), ("Größe", "groe")]
)
def test_slugs_are_plain(name: str, expected: str) -> None:
    """A name becomes ASCII letters, digits and single hyphens."""
    assert slug(name) == expected


def test_alt_text_of_accuracy_tells_the_numbers(base: Results) -> None:
    """Start and end of each variant in percent, as the data have them, training and validation."""
    text = FIGURES["accuracy"].alt(base)
    for metric in ("accuracy", "val_accuracy"):
        course = 100 * means(base, metric, "HeNormal")
        assert f"HeNormal rises from {course[0]:.1f} % to {course[-1]:.1f} %" in text
    assert "Zeros ends where it began, at 10.6 %" in text
    assert "10 epochs" in text
    assert "means over 20 seeds" in text


def test_alt_text_of_the_dots_tells_mean_interval_and_reach(base: Results) -> None:
    """Numbers of each variant from its seeds; of Zeros, that all agree."""
    text = FIGURES["test-accuracy"].alt(base)
    scores = 100 * base.runs.loc[base.runs["variant"] == "GlorotNormal", "test_accuracy"]
    assert f"GlorotNormal mean {scores.mean():.2f} %" in text
    assert f"seeds from {scores.min():.2f} to {scores.max():.2f} %" in text
    assert "Zeros 11.35 % in all 20 seeds" in text


def test_alt_text_of_the_weights_tells_sampled_and_formula(base: Results) -> None:
    """Layer by layer both numbers; of Zeros, why it is not on the axis."""
    text = FIGURES["weight-sd"].alt(base)
    assert "(formula 0.0505)" in text
    assert "(formula 0.1768)" in text
    assert "Zeros: standard deviation 0 in every layer" in text
