"""Every run is a row of its experiment, with what it was set to and how it ended."""

import math
from collections.abc import Iterator
from dataclasses import replace
from xml.etree.ElementTree import Element

import pandas as pd

from analysis.results.frames import Results
from report.pages.runs.records import Row, RunTable
from report.pages.runs.rows import run_tables
from tests.made.results.synthetic import results_of, synthetic_study


def rows(tables: tuple[RunTable, ...]) -> Iterator[tuple[RunTable, Row]]:
    """Yield every row with its section."""
    return ((section, row) for section in tables for row in section.rows)


def on_paper(value: float, decimals: int) -> str:
    """Return a number rounded half up, by another way than the report."""
    if not math.isfinite(value):
        return "–"
    units = math.floor(float(f"{value:.12g}") * 10**decimals + 0.5 + 1e-9)
    return f"{units / 10**decimals:.{decimals}f}"


def test_values_are_those_of_the_frame(measured: Results, tables: tuple[RunTable, ...]) -> None:
    """A row's cells are its run's losses and accuracies, to the digits that are shown."""
    frame = measured.runs.set_index("run_id")
    columns = {
        "Training accuracy": ("train_accuracy", 100),
        "Validation loss": ("val_loss", 1),
        "Test accuracy": ("test_accuracy", 100),
        "Time": ("train_s", 1),
    }
    checked = 0
    for section, row in rows(tables):
        for (header, _), text in zip(section.metrics, row.metrics, strict=True):
            if header in columns:
                column, factor = columns[header]
                value = factor * float(frame[column][row.identity])
                digits = 4 if factor == 1 and column != "train_s" else 2
                assert text == on_paper(value, digits)
                checked += 1
    assert checked > 100


def test_what_differs_is_in_the_row_and_the_rest_is_said_once(
    measured: Results, tables: tuple[RunTable, ...]
) -> None:
    """Depth and optimizer of a swept run stand in its row; what all share stands above."""
    base, depth, scale, start = tables
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
    both = {
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
    (section,) = run_tables(results_of(synthetic_study(seeds=3, epochs=3, experiments=both)))
    assert section.settings == ("Initializer",)
    assert {row.settings for row in section.rows} == {("HeNormal()",), ("GlorotNormal()",)}
    assert section.groups[0].initializer == ""


def test_diverged_and_untrained_runs_are_marked(
    tables: tuple[RunTable, ...], page: Element
) -> None:
    """The run that diverges says so and is marked; a network that is not trained says that."""
    lost = {(s.name, r.variant, r.seed) for s, r in rows(tables) if r.status == "diverged"}
    assert lost == {("base", "HeNormal", 1), ("depth", "HeNormal", 1)}
    marked = [row.get("id") for row in page.iter("tr") if row.get("class") == "diverged"]
    assert len(marked) == 1 + 4
    assert {row.status for row in tables[3].rows} == {"not trained"}
    assert "not trained: measured at initialization" in tables[3].summary
    assert [header for header, _ in tables[3].metrics] == ["Time"]


def test_a_sweep_over_the_epochs_says_their_range() -> None:
    """The points count, not the experiment's own epochs: here none, beside none and two."""
    swept = {
        "base": {
            "title": "Length",
            "seeds": 2,
            "variants": [{"name": "A", "initializer": "HeNormal"}],
            "sweep": {"training.epochs": [0, 2], "training.data_fraction": [0.5, 1.0]},
        }
    }
    (section,) = run_tables(results_of(synthetic_study(epochs=0, experiments=swept)))
    expected = "8 runs (1 variant × 4 settings × 2 seeds), trained for 0 to 2 epochs on 50 to 100"
    assert section.summary == f"{expected} % of the rows."
    assert [row.status for row in section.rows].count("not trained") == 4


def test_a_row_that_ends_early_says_how_far_it_got(tables: tuple[RunTable, ...]) -> None:
    """Where the runs of an experiment end at different epochs, each row has its own."""
    base = tables[0]
    assert base.metrics[0] == ("Epochs done", "")
    assert {row.metrics[0] for row in base.rows if row.status == "finished"} == {"3"}
    assert {row.metrics[0] for row in base.rows if row.status == "diverged"} == {"2"}


def test_a_run_of_two_experiments_has_two_rows(measured: Results) -> None:
    """A run that two experiments share is listed in each, under anchors that differ."""
    shared = measured.runs.copy()
    both = shared["run_id"].isin(["Zeros-0", "start-Zeros-0"])
    shared.loc[both, "run_id"] = "f" * 64
    found = [
        r.anchor
        for _, r in rows(run_tables(replace(measured, runs=shared)))
        if r.identity == "f" * 64
    ]
    assert found == ["run-" + "f" * len(found[0][4:]), f"{found[0]}-start"]


def test_an_experiment_without_runs_is_left_out(measured: Results) -> None:
    """Nothing is listed of an experiment that nothing is stored of."""
    none: pd.DataFrame = measured.runs[measured.runs["experiment"] != "base"]
    assert [s.name for s in run_tables(replace(measured, runs=none))] == [
        "depth", "scale", "start",
    ]  # fmt: skip


def test_runs_that_differ_in_their_seed_share_a_line(tables: tuple[RunTable, ...]) -> None:
    """On paper a line has the seeds, the lowest and highest accuracy, and what diverged."""
    base, depth = tables[:2]
    (bundle,) = base.bundles(base.groups[3])
    assert bundle.seeds == "0 … 2"
    low, high = sorted(on_paper(row.score, 2) for row in bundle.rows if row.seed != 1)
    assert bundle.scores == f"{low} – {high}; 1 diverged"
    assert [len(bundle.rows) for bundle in depth.bundles(depth.groups[0])] == [3] * 4
