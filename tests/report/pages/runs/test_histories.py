"""What a run left on its way is drawn as a small line between its first and its last value."""

import math
from collections.abc import Iterator
from dataclasses import replace

import pytest

from analysis.results.frames import Results
from report.pages.runs import sparklines
from report.pages.runs.records import Row, RunTable
from report.pages.runs.rows import run_tables
from tests.made.sites import run_page


def rows(tables: tuple[RunTable, ...]) -> Iterator[tuple[RunTable, Row]]:
    """Yield every row with its section."""
    return ((section, row) for section in tables for row in section.rows)


def test_a_chart_without_a_value_is_left_out() -> None:
    """Where no gradient was measured there is one chart, and no "nan" in words or rows."""
    measured = run_page.results()
    measured = replace(measured, layers=measured.layers.assign(sum_gradient_sd=math.nan))
    section = run_tables(measured)[3]
    assert section.charts == ("Mean square of the activations",)
    assert "gradient" not in section.note
    assert {len(row.charts) for row in section.rows} == {1}


def test_charts_begin_and_end_with_their_values(
    measured: Results, tables: tuple[RunTable, ...]
) -> None:
    """Beside a chart stand its first and last value: of epochs, of a curve, or of layers."""
    by_epoch = measured.epochs[measured.epochs["experiment"] == "base"]
    by_curve = measured.curves
    by_layer = measured.layers[measured.layers["moment"] == "initial"]
    for section, row in rows(tables):
        if section.name == "base":
            losses = by_epoch.loc[by_epoch["run_id"] == row.identity, "loss"]
        elif section.name == "depth":
            losses = by_curve.loc[by_curve["run_id"] == row.identity, "loss"]
        elif section.name == "start":
            own = by_layer[(by_layer["run_id"] == row.identity) & (by_layer["layer"] <= 5)]
            assert len(row.charts) == 2
            assert row.history == (
                tuple(own["mean_square"]), tuple(own["sum_gradient_sd"])
            )  # fmt: skip
            continue
        else:
            continue
        assert row.charts[0].first == f"{losses.iloc[0]:.4f}"
        last = losses.iloc[-1]
        assert row.charts[0].last == (f"{last:.4f}" if math.isfinite(last) else "–")


def test_a_small_line_is_this_path() -> None:
    """Losses of 100, 10 and 1 fall evenly over the whole chart; what is missing leaves no point."""
    scale = sparklines.scale([1, 2, 3], [100.0, 10.0, 1.0, math.nan])
    assert sparklines.path([1, 2, 3], [100.0, 10.0, 1.0], scale) == "M0 0l60 14 60 14"
    assert sparklines.path([1, 2, 3], [1.0, math.nan, 100.0], scale) == "M0 28l120-28"
    assert sparklines.path([2], [10.0], scale) == "M60 14h0"
    assert sparklines.path([1, 2], [math.nan, math.nan], scale) == ""


def test_what_is_out_of_scale_lies_on_its_foot() -> None:
    """A scale reaches twelve decades down; zero and smaller values lie at its foot."""
    scale = sparklines.scale([1, 2, 3], [1.0, 1e-30, 0.0])
    assert scale.low == pytest.approx(1e-12)
    assert sparklines.path([1, 2, 3], [1.0, 1e-30, 0.0], scale) == "M0 0l60 28 60 0"


def test_sizes_beside_a_chart_have_powers_of_ten(measured: Results) -> None:
    """A signal that vanishes reads 1.2 × 10⁻⁵, and 0 where nothing is left of it."""
    first = measured.layers["layer"] == 1
    sizes = measured.layers["mean_square"].mask(first, 1.2e-05).mask(~first, 0.0)
    table = run_tables(replace(measured, layers=measured.layers.assign(mean_square=sizes)))[3]
    charts = {(row.charts[0].first, row.charts[0].last) for row in table.rows}
    assert charts == {("1.2\u00a0×\u00a010⁻⁵", "0")}
    assert "from 1.2\u00a0×\u00a010⁻⁵ to 1.2\u00a0×\u00a010⁻⁵" in table.note
