import json
import math
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
import pandas as pd
import pytest

from analysis.errors import ReportError
from analysis.results import select
from analysis.results.frames import Results
from analysis.study.file import build_study
from report.document.outline import PAGES
from report.output.site import pages
from report.pages.runs import data, histories, sparks
from report.pages.runs.rows import Row, Section
from report.pages.runs.sections import run_sections
from report.words import addresses
from tests.made import run_page
from tests.made.synthetic import results_of


@pytest.fixture(scope="module")
def measured() -> Results:
    """Results of the four experiments."""
    return run_page.results()


@pytest.fixture(scope="module")
def sections(measured: Results) -> tuple[Section, ...]:
    """The runs as the page lists them."""
    return run_sections(measured)


@pytest.fixture(scope="module")
def report(measured: Results, tmp_path_factory: pytest.TempPathFactory) -> pages.Report:
    """A report around them."""
    return run_page.report_of(measured, tmp_path_factory.mktemp("desk"))


@pytest.fixture(scope="module")
def page(report: pages.Report) -> Element:
    """The page of runs, parsed strictly."""
    html = pages._page(report, PAGES[-1])
    html5lib.HTMLParser(strict=True).parse(html)
    parsed: Element = html5lib.parse(html, namespaceHTMLElements=False)
    return parsed


def rows(sections: tuple[Section, ...]) -> Iterator[tuple[Section, Row]]:
    """Yield every row with its section."""
    return ((section, row) for section in sections for row in section.rows)


def test_every_run_is_a_row_once(measured: Results, page: Element) -> None:
    """The titles of the links of the rows are the identities of the runs, each once."""
    links = [cell.find("a") for cell in page.iter("th") if cell.get("scope") == "row"]
    shown = [link.get("title") for link in links if link is not None]
    assert sorted(map(str, shown)) == sorted(measured.runs["run_id"])
    ids = [str(element.get("id")) for element in page.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    assert {link.get("href") for link in links if link is not None} <= {f"#{name}" for name in ids}


def test_groups_carry_the_anchors_that_numbers_lead_to(measured: Results, page: Element) -> None:
    """Each experiment and each of its variants is an element with the anchor of its address."""
    ids = {element.get("id"): element for element in page.iter() if element.get("id")}
    for name, experiment in measured.study.experiments.items():
        assert ids[addresses.anchor(name)].tag == "h2"
        for variant in experiment.variants:
            group = ids[addresses.anchor(name, variant.name)]
            assert (group.tag, group.get("data-variant")) == ("tbody", variant.name)
            own = measured.runs.query("experiment == @name and variant == @variant.name")
            assert len(list(group.iter("tr"))) == 1 + len(own)


def test_the_appendix_carries_the_same_anchors(measured: Results, report: pages.Report) -> None:
    """On paper every experiment and variant has its anchor, and every run its eight digits."""
    html = report.render("paper-runs.html", "paper")
    ids = re.findall(r'id="([^"]+)"', html)
    assert len(ids) == len(set(ids))
    for name, experiment in measured.study.experiments.items():
        names = [addresses.anchor(name, variant.name) for variant in experiment.variants]
        assert {addresses.anchor(name), *names} <= set(ids)
    words = " ".join(re.findall(r'<td class="identities">([^<]*)', html))
    assert words == " ".join(row.identity[:8] for section in report.runs for row in section.rows)


def test_values_are_those_of_the_frame(measured: Results, sections: tuple[Section, ...]) -> None:
    """A row's cells are its run's losses and accuracies, to the digits that are shown."""
    frame = measured.runs.set_index("run_id")
    columns = {
        "Training accuracy": ("train_accuracy", 100),
        "Validation loss": ("val_loss", 1),
        "Test accuracy": ("test_accuracy", 100),
        "Time": ("train_s", 1),
    }
    checked = 0
    for section, row in rows(sections):
        for (header, _), text in zip(section.metrics, row.metrics, strict=True):
            if header in columns:
                column, factor = columns[header]
                value = factor * float(frame[column][row.identity])
                known = math.isfinite(value)
                assert text == (
                    "–"
                    if not known
                    else f"{value:.{4 if factor == 1 and column != 'train_s' else 2}f}"
                )
                checked += 1
    assert checked > 100


def test_what_differs_is_in_the_row_and_the_rest_is_said_once(
    measured: Results, sections: tuple[Section, ...]
) -> None:
    """Depth and optimizer of a swept run stand in its row; what all share stands above."""
    base, depth, scale, start = sections
    assert base.settings == ()
    assert base.common["Hidden layers"] == "128, 64"
    assert base.common["Epochs"] == "3"
    assert depth.settings == ("Hidden layers", "Optimizer", "Learning rate")
    frame = measured.runs.set_index("run_id")
    for row in depth.rows:
        run = frame.loc[row.identity]
        assert row.settings[0] == f"{run['depth']} × 8"
        assert row.settings[1:] == (run["optimizer"], f"{run['learning_rate']:g}")
    assert scale.settings == ("stddev",)
    assert [row.settings for row in scale.rows] == [("0.01",)] * 3 + [("1",)] * 3
    assert scale.groups[0].initializer == "RandomNormal(mean=0, stddev=…)"
    assert start.common["Hidden layers"] == "5 × 8"


def test_an_initializer_that_a_sweep_replaces_stands_in_the_row() -> None:
    """Where one name stands for two initializers, each row says which it is."""
    tables = run_page.results().study.tables()
    tables["experiments"] = {
        "base": {
            "title": "Both",
            "variants": [{"name": "A", "initializer": "Zeros"}],
            "sweep": {
                "variants": [
                    [{"name": "A", "initializer": "HeNormal"}],
                    [{"name": "A", "initializer": "GlorotNormal"}],
                ]
            },
        }
    }
    (section,) = run_sections(results_of(build_study(tables, "synthetic")))
    assert section.settings == ("Initializer",)
    assert {row.settings for row in section.rows} == {("HeNormal()",), ("GlorotNormal()",)}
    assert section.groups[0].initializer == ""


def test_diverged_and_untrained_runs_are_marked(
    sections: tuple[Section, ...], page: Element
) -> None:
    """The run that diverges says so and is marked; a network that is not trained says that."""
    lost = {(s.name, r.variant, r.seed) for s, r in rows(sections) if r.status == "diverged"}
    assert lost == {("base", "HeNormal", 1), ("depth", "HeNormal", 1)}
    marked = [row.get("id") for row in page.iter("tr") if row.get("class") == "diverged"]
    assert len(marked) == 1 + 4
    assert {row.status for row in sections[3].rows} == {"not trained"}
    assert "not trained: measured at initialization" in sections[3].summary
    assert [header for header, _ in sections[3].metrics] == ["Time"]


def test_a_sweep_over_the_epochs_says_their_range() -> None:
    """The points count, not the experiment's own epochs: here none, beside none and two."""
    tables = run_page.results().study.tables()
    tables["training"]["epochs"] = 0
    tables["experiments"] = {
        "base": {
            "title": "Length",
            "seeds": 2,
            "variants": [{"name": "A", "initializer": "HeNormal"}],
            "sweep": {"training.epochs": [0, 2], "training.data_fraction": [0.5, 1.0]},
        }
    }
    (section,) = run_sections(results_of(build_study(tables, "synthetic")))
    expected = "8 runs (1 variant × 4 settings × 2 seeds), trained for 0 to 2 epochs on 50 to 100"
    assert section.summary == f"{expected} % of the rows."
    assert [row.status for row in section.rows].count("not trained") == 4


def test_a_chart_without_a_value_is_left_out() -> None:
    """Where no gradient was measured there is one chart, and no "nan" in words or rows."""
    measured = run_page.results()
    measured = replace(measured, layers=measured.layers.assign(sum_gradient_sd=math.nan))
    section = run_sections(measured)[3]
    assert section.charts == ("Mean square of the activations",)
    assert "gradient" not in section.note
    assert {len(row.charts) for row in section.rows} == {1}
    assert histories._magnitude(math.nan) == "–"


def test_a_row_that_ends_early_says_how_far_it_got(sections: tuple[Section, ...]) -> None:
    """Where the runs of an experiment end at different epochs, each row has its own."""
    base = sections[0]
    assert base.metrics[0] == ("Epochs done", "")
    assert {row.metrics[0] for row in base.rows if row.status == "finished"} == {"3"}
    assert {row.metrics[0] for row in base.rows if row.status == "diverged"} == {"2"}


def test_a_small_line_is_this_path() -> None:
    """Losses of 100, 10 and 1 fall evenly over the whole chart; what is missing leaves no point."""
    scale = sparks.scale([1, 2, 3], [100.0, 10.0, 1.0, math.nan])
    assert sparks.path([1, 2, 3], [100.0, 10.0, 1.0], scale) == "M0 0l60 14 60 14"
    assert sparks.path([1, 2, 3], [1.0, math.nan, 100.0], scale) == "M0 28l120-28"
    assert sparks.path([2], [10.0], scale) == "M60 14h0"
    assert sparks.path([1, 2], [math.nan, math.nan], scale) == ""


def test_what_is_out_of_scale_lies_on_its_foot() -> None:
    """A scale reaches twelve decades down; zero and smaller values lie at its foot."""
    scale = sparks.scale([1, 2, 3], [1.0, 1e-30, 0.0])
    assert scale.low == pytest.approx(1e-12)
    assert sparks.path([1, 2, 3], [1.0, 1e-30, 0.0], scale) == "M0 0l60 28 60 0"


def test_charts_begin_and_end_with_their_values(
    measured: Results, sections: tuple[Section, ...]
) -> None:
    """Beside a chart stand its first and last value: of epochs, of a curve, or of layers."""
    by_epoch = measured.epochs[measured.epochs["experiment"] == "base"]
    by_curve = measured.curves
    by_layer = measured.layers[measured.layers["moment"] == "initial"]
    for section, row in rows(sections):
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


def test_the_data_of_the_script_hold_what_was_measured(
    measured: Results, report: pages.Report
) -> None:
    """Histories read back as the epochs and curves, to a ten-thousandth."""
    data = json.loads(report.run_data())
    for section in report.runs:
        listed = data["histories"][section.name]
        assert len(listed["rows"]) == section.count
        for row, history in zip(section.rows, listed["rows"], strict=True):
            if section.name in ("base", "depth", "scale"):
                own = measured.epochs[measured.epochs["run_id"] == row.identity]
                assert history[3] == [round(10_000 * value) for value in own["val_accuracy"]]
            if section.name == "depth":
                own = measured.curves[measured.curves["run_id"] == row.identity]
                places = listed["grid"][: len(history[4])]
                assert places == pytest.approx(list(own["progress"]), abs=1e-4)


def test_claims_lead_to_their_runs(measured: Results, report: pages.Report) -> None:
    """The rows of a claim are its runs, whatever their order; where it stands is linked."""
    text = report.run_data()
    assert "<" not in text
    data: dict[str, Any] = json.loads(text)["claims"]
    listed = [row.identity for section in report.runs for row in section.rows]
    for name, claim in run_page.claims(measured).items():
        ends = data[name]["rows"]
        places = [
            place
            for first, last in zip(ends[::2], ends[1::2], strict=True)
            for place in range(first, last + 1)
        ]
        assert sorted(listed[place] for place in places) == sorted(claim.runs)
        assert data[name]["verdict"] == claim.verdict
    assert data["level"]["statement"] == "They < end level."
    assert data["level"]["address"] == "q2.html#claim-level"
    assert data["deep"]["address"] == ""


def test_stretches_are_first_and_last() -> None:
    """Places in any order, one of them twice, become the ends of their unbroken stretches."""
    assert data.stretches([7, 3, 4, 5, 9, 8, 4]) == [3, 5, 7, 9]
    assert data.stretches([2]) == [2, 2]
    assert data.stretches([]) == []


def test_runs_that_differ_in_their_seed_share_a_line(sections: tuple[Section, ...]) -> None:
    """On paper a line has the seeds, the lowest and highest accuracy, and what diverged."""
    base, depth = sections[:2]
    (bundle,) = base.bundles(base.groups[3])
    assert bundle.seeds == "0 … 2"
    low, high = sorted(float(row.score) for row in bundle.rows if row.seed != 1)
    assert bundle.scores == f"{low:.2f} – {high:.2f}; 1 diverged"
    assert [len(bundle.rows) for bundle in depth.bundles(depth.groups[0])] == [3] * 4


def test_a_run_of_two_experiments_has_two_rows(measured: Results) -> None:
    """A run that two experiments share is listed in each, under anchors that differ."""
    shared = measured.runs.copy()
    both = shared["run_id"].isin(["Zeros-0", "start-Zeros-0"])
    shared.loc[both, "run_id"] = "f" * 64
    found = [
        r.anchor
        for _, r in rows(run_sections(replace(measured, runs=shared)))
        if r.identity == "f" * 64
    ]
    assert found == ["run-" + "f" * len(found[0][4:]), f"{found[0]}-start"]


@pytest.mark.parametrize(
    ("column", "value", "label"),
    [
        ("seed", 3, "variant 'Zeros', seed 3"),
        ("point", 1, "variant 'Zeros', seed 0, point 1"),
        ("variant", "Other", "variant 'Other', seed 0"),
    ],
)
def test_a_run_that_the_study_does_not_define_is_an_error(
    measured: Results, column: str, value: object, label: str
) -> None:
    """Results that do not fit their study end the build, with the run that does not."""
    own = measured.runs[measured.runs["experiment"] == "base"].astype({"variant": str})
    own[column] = [value, *own[column].tolist()[1:]]
    with pytest.raises(ReportError, match=f"does not define: {label}"):
        select.settings(measured.study.experiments["base"], own)


def test_an_experiment_without_runs_is_left_out(measured: Results) -> None:
    """Nothing is listed of an experiment that nothing is stored of."""
    none: pd.DataFrame = measured.runs[measured.runs["experiment"] != "base"]
    assert [s.name for s in run_sections(replace(measured, runs=none))] == [
        "depth", "scale", "start",
    ]  # fmt: skip


def test_equal_results_give_an_equal_page(report: pages.Report, tmp_path: Path) -> None:
    """The page and its data are the same to the byte when made again from results made again."""
    again = run_page.report_of(run_page.results(), tmp_path)
    assert pages._page(again, PAGES[-1]) == pages._page(report, PAGES[-1])
