"""Deep networks run by run: counts, medians and variances from made-up runs, worked out by hand."""

import dataclasses
import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pytest

from analysis.results.frames import Results
from report.tables.deep import reach, scatter, stacks
from tests.made.results.studies import load_study
from tests.made.results.synthetic import results_of
from tests.made.sites.drawn import whole
from tests.report.tables.reading import cells


def law(run: Mapping[str, Any]) -> float | None:
    """Skips alone diverge from every other seed, and HeNormal is ten points ahead."""
    if run["experiment"] == "stacks" and run["residual"] and run["normalization"] == "none":
        return None if run["seed"] % 2 else 0.2
    return 0.6 if run["variant"] == "HeNormal" else 0.5


@pytest.fixture(scope="module")
def made() -> Results:
    """Every experiment of the project's study, with accuracies by that law."""
    return results_of(load_study(), law=law)


def test_reach_counts_the_runs_of_each_network(made: Results) -> None:
    """Five runs are above half in one epoch only, two of them in the last; one other diverges."""
    epochs, runs = made.epochs.copy(), made.runs.copy()
    deep = runs[(runs["experiment"] == "late") & (runs["depth"] == 50)]
    own = deep[deep["variant"] == "HeNormal"]
    ids = own["run_id"].tolist()
    assert len(ids) == 8
    epochs.loc[epochs["run_id"].isin(deep["run_id"]), "val_accuracy"] = 0.1
    for place, run_id in enumerate(ids[:5]):
        at = 16 if place < 2 else 3
        epochs.loc[(epochs["run_id"] == run_id) & (epochs["epoch"] == at), "val_accuracy"] = 0.5
    runs.loc[runs["run_id"] == ids[7], "status"] = "diverged"
    runs.loc[runs["run_id"].isin(ids), "test_accuracy"] = 0.3
    found = cells(dataclasses.replace(made, epochs=epochs, runs=runs), "reach")
    assert list(found) == [
        f"{depth} layers, {name}" for depth in (20, 30, 50) for name in ("GlorotNormal", "HeNormal")
    ]
    assert list(found["50 layers, HeNormal"].values())[1:] == [
        "8", "5", "2", "1", "30.00",
    ]  # fmt: skip
    assert found["50 layers, GlorotNormal"]["Ever"] == "0"
    assert "50 % or more" in reach(made, {}).notes[0]


def test_scatter_sets_a_variance_beside_five_over_each_width() -> None:
    """Half of the seeds at e and half at 1/e: a variance of n / (n - 1), over 5 · 20 / width."""
    layers = whole().layers.copy()
    even = np.where(layers["seed"] % 2 == 0, math.e, 1 / math.e)
    layers["mean_square"] = layers["mean_square"].where(layers["experiment"] != "spread", even)
    results = dataclasses.replace(whole(), layers=layers)
    found = cells(results, "scatter")
    assert list(found) == ["32", "64", "128", "256", "512", "1,024"]
    for width, row in found.items():
        size = int(width.replace(",", ""))
        assert row["Seen"] == "1"
        assert row["Ratio"] == f"{50 / 49 * size / 100:.2f}"
    assert "in layer 20 over 50 seeds" in scatter(results, {}).notes[0]
    assert scatter(results, {}).notes[0].endswith("below the law at 2 of 6 widths.")


def test_stacks_have_medians_and_say_how_many_runs_diverged(made: Results) -> None:
    """Of skips alone half of the runs guess: the median lies between 20 % and guessing."""
    found = cells(made, "stacks")
    assert list(found) == [
        "plain", "skip connections", "layer normalization", "layer normalization and skips",
        "batch normalization", "batch normalization and skips",
    ]  # fmt: skip
    assert found["plain"] == {"Stack": "plain", "GlorotNormal": "50.00", "HeNormal": "60.00"}
    told = found["skip connections"]["HeNormal"]
    assert told.endswith(" (4 of 8 diverged)")
    assert 10 < float(told.split()[0]) < 20
    assert stacks(made, {}).notes[0].startswith("Medians over the seeds;")
