"""Groups of runs: means and counts by hand, and their order."""

import math

import numpy as np
import pandas as pd
import pytest

from analysis.statistics import summaries
from tests.made.results.samples import frame


def test_summary_of_one_to_five_as_by_hand() -> None:
    """Mean 3, standard deviation √2.5, and t(0.975, 4) = 2.776 standard errors to either side."""
    row = summaries.summary(frame(a=[5.0, 1, 4, 2, 3]), "value", ["variant"]).iloc[0]
    assert (row["n"], row["diverged"], row["mean"]) == (5, 0, 3.0)
    assert row["sd"] == pytest.approx(2.5**0.5)
    assert row["high"] - 3 == pytest.approx(2.7764451 * 0.5**0.5)
    assert row["low"] - 3 == pytest.approx(-2.7764451 * 0.5**0.5)
    assert (row["minimum"], row["maximum"]) == (1, 5)


def test_summary_of_one_seed_has_no_interval() -> None:
    """One value has a mean and neither a spread nor an interval."""
    row = summaries.summary(frame(a=[7.0]), "value", ["variant"]).iloc[0]
    assert (row["n"], row["mean"]) == (1, 7)
    assert np.isnan([row["sd"], row["low"], row["high"]]).all()


def test_summary_of_equal_seeds_is_a_point() -> None:
    """Seeds that agree to the last bit give an interval of no width, not one of rounding noise."""
    row = summaries.summary(frame(a=[0.1135] * 20), "value", ["variant"]).iloc[0]
    assert (row["sd"], row["low"], row["high"]) == (0, 0.1135, 0.1135)


def test_summary_leaves_out_what_diverged_and_counts_it() -> None:
    """A run that diverged does not enter by the accuracy of its constant answer."""
    runs = frame(a=[0.9, 0.8, 0.098, np.nan])
    runs["status"] = ["finished", "finished", "diverged", "diverged"]
    row = summaries.summary(runs, "value", ["variant"]).iloc[0]
    assert (row["n"], row["diverged"]) == (2, 2)
    assert row["mean"] == pytest.approx(0.85)
    assert row["minimum"] == 0.8


def test_summary_of_epochs_leaves_out_those_without_a_finite_loss() -> None:
    """The epoch in which a loss overflows has no accuracy worth a mean."""
    epochs = frame(a=[0.9, 0.098]).assign(loss=[0.3, np.inf])
    assert summaries.summary(epochs, "value", ["variant"])["mean"].tolist() == [0.9]


def test_summary_keeps_the_order_of_the_study() -> None:
    """Groups follow the categories of the variant, not the alphabet."""
    table = frame(b=[1.0, 2.0], a=[3.0, 4.0])
    table["variant"] = pd.Categorical(table["variant"], ["b", "a"], ordered=True)
    assert summaries.summary(table, "value", ["variant"])["variant"].tolist() == ["b", "a"]


def test_epochs_to_reach_counts_to_the_first_crossing() -> None:
    """The first epoch at or above the threshold counts, a later fall does not, never is NaN."""
    epochs = pd.DataFrame(
        {
            "experiment": "base",
            "variant": "a",
            "seed": [0] * 3 + [1] * 3,
            "run_id": ["x"] * 3 + ["y"] * 3,
            "epoch": [1, 2, 3] * 2,
            "loss": 0.1,
            "val_accuracy": [0.94, 0.95, 0.90, 0.1, 0.2, 0.3],
        }
    )
    reached = summaries.epochs_to_reach(epochs, "val_accuracy", 0.95)
    assert reached["run_id"].tolist() == ["x", "y"]
    assert reached["epochs_to_reach"].iloc[0] == 2
    assert np.isnan(reached["epochs_to_reach"].iloc[1])


def test_crossings_lie_between_the_ends_of_epochs() -> None:
    """From 0.1 to 0.7 half is passed after two thirds of an epoch; from 0.3 to 0.7 at 1.5.

    A run that never gets there, and one that is lost on the way, has the last epoch.
    """
    values = {"a": [0.7, 0.2, 0.9], "b": [0.3, 0.7, 0.8], "c": [0.1, 0.2, 0.3], "d": [0.2, np.nan]}
    rows = [
        {"variant": name, "seed": 0, "depth": 20, "epoch": epoch, "val_accuracy": value}
        for name, own in values.items()
        for epoch, value in enumerate(own, start=1)
    ]
    shuffled = pd.DataFrame(rows).sample(frac=1, random_state=1)
    found = summaries.crossings(shuffled, "val_accuracy", 0.5, start=0.1)
    assert found["variant"].tolist() == ["a", "b", "c", "d"]
    assert found["epochs"].tolist() == pytest.approx([2 / 3, 1.5, 3, 3])


def test_arrivals_count_who_ever_gets_there_and_who_is_there_at_the_end() -> None:
    """By variant: one that stays, one that falls back, one that never comes, one that is lost."""
    values = {
        ("a", 0): [0.2, 0.5, 0.9], ("a", 1): [0.6, 0.4, 0.4],
        ("b", 0): [0.1, 0.2, 0.3], ("b", 1): [0.2, 0.7, np.nan],
    }  # fmt: skip
    rows = [
        {"variant": name, "seed": seed, "epoch": epoch, "val_accuracy": value, "loss": 1.0}
        for (name, seed), own in values.items()
        for epoch, value in enumerate(own, start=1)
    ]
    found = summaries.arrivals(pd.DataFrame(rows), "val_accuracy", 0.5)
    assert found.to_dict("index") == {
        "a": {"ever": 2, "last": 1, "runs": 2},
        "b": {"ever": 1, "last": 0, "runs": 2},
    }


def runs() -> pd.DataFrame:
    """Two experiments that share a run, the first one's variants out of alphabetical order."""
    columns = ["experiment", "variant", "run_id", "epochs", "train_s", "compile_s", "score"]
    rows = [
        ("late", "b", "1", 2, 1.0, 0.5, 0.2),
        ("late", "a", "2", 2, 2.0, 0.0, 0.4),
        ("early", "b", "1", 2, 1.0, 0.5, 0.2),
        ("early", "a", "3", 1, 4.0, 0.0, math.nan),
    ]
    return pd.DataFrame(rows, columns=columns)


def test_costs_count_a_shared_run_once_in_all() -> None:
    """Each experiment has its own sums; the last row is over distinct runs."""
    table = summaries.costs(runs())
    assert table["experiment"].tolist() == ["early", "late", ""]
    assert table["runs"].tolist() == [2, 2, 3]
    assert table["epochs"].tolist() == [3, 4, 5]
    assert table["train_s"].tolist() == pytest.approx([5, 3, 7])
    assert table["compile_s"].tolist() == pytest.approx([0.5, 0.5, 0.5])


def test_ranking_puts_the_best_first_and_the_unknown_last() -> None:
    """Within each group from high to low; groups as the rows have them."""
    table = summaries.ranking(runs(), "score", ["experiment"])
    assert table["experiment"].tolist() == ["late", "late", "early", "early"]
    assert table["variant"].tolist() == ["a", "b", "b", "a"]
    assert table["n"].tolist() == [1, 1, 1, 0]


def test_ordered_keeps_the_order_of_the_rows() -> None:
    """Not the alphabet's."""
    table = summaries.ordered(runs(), "score", ["experiment", "variant"])
    keys = list(zip(table["experiment"], table["variant"], strict=True))
    assert keys == [("late", "b"), ("late", "a"), ("early", "b"), ("early", "a")]
