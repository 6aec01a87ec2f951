"""Accuracy and loss over epochs: what is drawn, where it stands, what the words say of it."""

import json

import numpy as np
import pytest
import scipy.stats
from matplotlib.collections import FillBetweenPolyCollection

from analysis.errors import ReportError
from analysis.results.frames import Results
from report.figures import load
from report.figures.draw.definition import written
from tests.made.results.studies import load_study
from tests.made.results.synthetic import results_of
from tests.made.sites.drawn import (
    BASE,
    VARIANTS,
    base,
    figure_of,
    lines,
    odd,
    quick,
    whole,
    written_of,
    xs,
    ys,
)


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
    figure: str, column: str, metric: str, factor: float
) -> None:
    """Each variant's line runs through its means, inside the range of its panel."""
    axes = figure_of(figure, base()).axes
    place = next(each.get_position().x0 for each in axes if each.get_title(loc="left") == column)
    panels = [
        each
        for each in axes
        if abs(each.get_position().x0 - place) < 0.01
        and "Difference" not in each.get_title(loc="left")
    ]
    for name in VARIANTS:
        drawn = [(panel, line) for panel in panels for line in lines(panel, name)]
        assert len(drawn) == 1, f"{name} is drawn once in its column"
        panel, line = drawn[0]
        expected = factor * means(base(), metric, name)
        assert ys(line) == pytest.approx(expected)
        assert list(xs(line)) == list(range(1, 11))
        low, high = panel.get_ylim()
        assert (low <= expected).all()
        assert (expected <= high).all()


def test_fashion_shows_the_losses_of_its_own_experiment() -> None:
    """The means over its eight seeds, not those of the base experiment."""
    axes = figure_of("fashion", whole()).axes[0]
    own = whole().epochs[whole().epochs["experiment"] == "fashion"]
    own = own[own["variant"] == "HeNormal"]
    assert own["seed"].nunique() == 8
    (drawn,) = (line for line in lines(axes, "HeNormal") if len(xs(line)) == 10)
    assert ys(drawn) == pytest.approx(own.groupby("epoch")["loss"].mean().to_numpy(dtype=float))
    assert "means over 8 seeds" in load("fashion").alt_text(whole())


def test_the_band_spans_the_seeds() -> None:
    """The band reaches from the lowest to the highest seed of each epoch."""
    panel = figure_of("accuracy", base()).axes[0]
    (band,) = [
        each
        for each in panel.collections
        if isinstance(each, FillBetweenPolyCollection)
        and each.get_gid() == "variant-henormal--band"
    ]
    rows = base().epochs[(base().epochs["variant"] == "HeNormal") & (base().epochs["epoch"] == 3)]
    corners = np.asarray(band.get_paths()[0].vertices)
    heights = corners[corners[:, 0] == 3, 1]
    assert min(heights) == pytest.approx(100 * rows["accuracy"].min())
    assert max(heights) == pytest.approx(100 * rows["accuracy"].max())


def test_zeros_has_a_panel_of_its_own() -> None:
    """Accuracy breaks its axis: learners above, Zeros below, at least 60 points apart."""
    top, _, bottom, *_ = figure_of("accuracy", base()).axes
    assert top.get_ylim()[0] - bottom.get_ylim()[1] > 60
    assert not lines(top, "Zeros")
    assert lines(bottom, "Zeros")
    assert not lines(bottom, "HeNormal")


def test_a_lost_run_is_marked_and_named() -> None:
    """A cross at the last whole epoch, and the sentence with epochs and counts."""
    results = odd("some and all diverged")
    figure = figure_of("accuracy", results)
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
    labels = [t.get_text() for t in figure_of("test-accuracy", results).axes[0].get_yticklabels()]
    assert "HeNormal\ndiverged" in labels


def test_alt_text_of_accuracy_tells_the_numbers() -> None:
    """Start and end of each variant in percent, as the data have them, training and validation."""
    text = load("accuracy").alt_text(base())
    for metric in ("accuracy", "val_accuracy"):
        course = 100 * means(base(), metric, "HeNormal")
        first, last = (f"{each:.2f}\u00a0%" for each in (course[0], course[-1]))
        assert f"HeNormal rises from {first} to {last}" in text
    assert "Zeros ends where it began, at 10.60\u00a0%" in text
    assert "10 epochs" in text
    assert "means over 20 seeds" in text


def test_values_are_those_of_the_frame() -> None:
    """The readings of HeNormal's validation loss are the means over seeds, worked out here."""
    _, written = written_of("loss")
    (series,) = (
        each
        for each in json.loads(written.screen.marks)
        if each["v"] == "henormal" and each["p"] == "Validation loss (nats)"
    )
    epochs = whole().epochs
    own = epochs[(epochs["experiment"] == "base") & (epochs["variant"] == "HeNormal")]
    wide = own.pivot(index="seed", columns="epoch", values="val_loss")
    assert [float(text) for text in series["b"]] == pytest.approx(wide.mean().tolist(), abs=6e-5)
    ends = [[float(end) for end in text.split(" to ")] for text in series["r"]]
    assert [low for low, _ in ends] == pytest.approx(wide.min().tolist(), abs=6e-5)
    assert [high for _, high in ends] == pytest.approx(wide.max().tolist(), abs=6e-5)
    assert series["a"] == [f"Epoch {epoch}" for epoch in wide.columns]


@pytest.mark.parametrize("name", ["accuracy", "loss"])
@pytest.mark.parametrize("view", ["training", "validation"])
def test_a_view_is_one_panel_of_the_figure(name: str, view: str) -> None:
    """The same lines as in the figure of both, at twice the width, in a range of their own."""
    both, alone = (load(name).draw(whole(), each) for each in ("", view))
    titles = [axes.get_title(loc="left") for axes in alone.figure.axes]
    assert [title.split()[0].lower() for title in titles if title] == [view, "difference"]
    words = load(name).alt_text(whole(), view)
    assert words.startswith(f"Line chart of {view} {name} over")
    absent = {"training": "alidation", "validation": "raining"}[view]
    assert absent not in words
    assert words.split(". ", 1)[1].split(". ")[0] in load(name).alt_text(whole())
    for each in (both, alone):
        written(each)
    (left, *_), (wide, *_) = both.figure.axes, alone.figure.axes
    assert alone.figure.get_figheight() == both.figure.get_figheight()
    shown = np.concatenate([ys(line) for line in lines(wide, "HeNormal")])
    low, high = wide.get_ylim()
    assert low <= shown.min() <= shown.max() <= high
    assert wide.get_position().width > 1.8 * left.get_position().width
    twin = next(a for a in both.figure.axes if a.get_title(loc="left") == titles[0])
    for one, other in zip(wide.lines, twin.lines, strict=True):
        assert np.array_equal(one.get_xydata(), other.get_xydata(), equal_nan=True)


def test_the_seeds_are_drawn_for_a_page_and_not_for_paper() -> None:
    """A page may show a line a seed in place of the band, the variants in turns; no file does."""
    _, written = written_of("accuracy")
    assert 'data-spread="seeds"' in written.screen.svg
    assert 'data-spread="seeds"' not in written.whole
    assert 'data-spread="band"' in written.whole
    drawn = [
        line
        for line in figure_of("accuracy", whole()).axes[0].lines
        if str(line.get_gid()).endswith("--seeds")
    ]
    order = [line.get_gid() for line in sorted(drawn, key=lambda line: line.get_zorder())]
    learn = len(set(order))
    assert all(len(set(order[at : at + learn])) == learn for at in range(0, len(order), learn))
    found = [line for line in drawn if line.get_gid() == "variant-henormal--seeds"]
    values = np.concatenate([np.asarray(line.get_ydata(), dtype=float) for line in found])
    own = whole().epochs[whole().epochs["experiment"] == "base"]
    own = own[own["variant"] == "HeNormal"].sort_values(["seed", "epoch"])
    seen = np.sort(values[np.isfinite(values)])
    assert seen == pytest.approx(np.sort(100 * own["accuracy"].to_numpy()))
    assert np.isnan(values).sum() == own["seed"].nunique()


@pytest.mark.parametrize(
    ("name", "metric", "factor"), [("accuracy", "val_accuracy", 100), ("loss", "val_loss", 1)]
)
def test_what_is_nearly_one_line_is_told_apart_below(name: str, metric: str, factor: float) -> None:
    """Below the curves stand paired differences from HeNormal, with Student's interval of them."""
    axes = figure_of(name, base()).axes[-1]
    assert axes.get_title(loc="left").startswith("Difference from HeNormal (")
    rows = base().epochs
    wide = rows.pivot(index="seed", columns=["variant", "epoch"], values=metric).astype(float)
    pairs = factor * (wide["GlorotNormal"] - wide["HeNormal"])
    (line,) = (each for each in lines(axes, "GlorotNormal") if len(xs(each)) == 10)
    assert ys(line) == pytest.approx(np.asarray(pairs.mean()), abs=1e-12)
    data = load(name).rows(base())
    own = data[(data["kind"] == "difference") & (data["variant"] == "GlorotNormal")]
    own = own[own["quantity"].str.startswith("Validation")]
    half = scipy.stats.t.ppf(0.975, 19) * np.asarray(pairs.std(ddof=1)) / np.sqrt(20)
    assert own["high"].to_numpy() == pytest.approx(np.asarray(pairs.mean()) + half)
    assert not lines(axes, "Zeros")
    assert "Too far off for the differences: Zeros." in figure_of(name, base()).get_supxlabel()


ONE = 'experiments.base.sweep={"training.batch_size" = [32]}'
SWEPT = 'experiments.base.sweep={"training.batch_size" = [32, 64], "training.epochs" = [2]}'


@pytest.mark.parametrize("name", BASE)
def test_several_runs_of_a_seed_are_not_taken_for_one(name: str) -> None:
    """A swept base would draw zigzags and double the seeds: the error names what is swept twice."""
    results = results_of(load_study("quick", [SWEPT]))
    for make in (load(name).draw, load(name).alt_text, load(name).drawn):
        with pytest.raises(ReportError, match=r"'base' sweeps over training.batch_size, so that"):
            make(results)


@pytest.mark.parametrize("name", BASE)
def test_a_sweep_over_one_value_is_drawn(name: str) -> None:
    """There is one run a seed, and so nothing to be told apart."""
    results = results_of(load_study("quick", [ONE]))
    assert load(name).alt_text(results) == load(name).alt_text(quick())
