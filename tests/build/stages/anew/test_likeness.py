"""Two measurements of a run compare by every number that both have."""

import json
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis.results.stored import schema, store
from stages.anew.likeness import Likeness, compare
from stages.anew.words import differences
from tests.made.results import tiny

Tables = dict[str, Any]


def told(found: Likeness) -> tuple[str, ...]:
    """Return what is told to differ."""
    return tuple(differences(found))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Tables:
    """Return the tables of a run that was measured in every way, as a store has them."""
    folder = tmp_path_factory.mktemp("tiny")
    _, runs = tiny.planned(tiny.write_study(folder, experiments=tiny.SWEEP))
    run = next(run for run in runs if run.experiment == "deep")
    tiny.store_results(folder / "runs.sqlite", [run])
    with store.open_store(folder / "runs.sqlite") as opened:
        return {name: opened.frame(name, [run]) for name in schema.TABLES}


@pytest.fixture
def other(made: Tables) -> Tables:
    """Return the same once more, to be changed."""
    return {name: frame.copy() for name, frame in made.items()}


def test_equal_numbers_differ_in_nothing(made: Tables, other: Tables) -> None:
    """Every epoch, step, layer and histogram counts; times, and the order of rows, do not."""
    other["epochs"]["train_s"] += 1
    other["layers"] = other["layers"].iloc[::-1]
    found = compare(made, other)
    assert told(found) == ()
    steps = sum(len(kept) // 4 for kept in made["steps"]["losses"])
    counts = {name: len(made[name]) for name in schema.TABLES[1:]}
    assert found.compared == counts | {"steps": steps}


def test_one_bit_is_a_difference(made: Tables, other: Tables) -> None:
    """In an epoch, told in its unit for the last epoch and for any."""
    value = other["epochs"].loc[1, "test_accuracy"]
    other["epochs"].loc[1, "test_accuracy"] = np.nextafter(value, 0)
    (line,) = told(compare(made, other))
    assert line.startswith("test accuracy: ")
    assert "percentage points in the last epoch" in line
    other["epochs"].loc[1, "test_accuracy"] = value
    other["epochs"].loc[0, "loss"] += 0.25
    (line,) = told(compare(made, other))
    assert line == "training loss: 0 nats in the last epoch, 0.25 nats in any"


def test_the_first_steps_are_told_apart(made: Tables, other: Tables) -> None:
    """A loss that differs late does not differ in the first ten steps."""
    kept = np.arange(20, dtype="<f4")
    late = kept.copy()
    late[-1] += 0.5
    one = {**made, "steps": pd.DataFrame({"epoch": [1], "losses": [kept.tobytes()]})}
    other["steps"] = pd.DataFrame({"epoch": [1], "losses": [late.tobytes()]})
    assert told(compare(one, other)) == (
        "loss of the first 10 steps: 0 nats", "loss of any step: 0.5 nats",
    )  # fmt: skip


def test_layers_and_histograms_differ_by_a_share_of_the_largest(
    made: Tables, other: Tables
) -> None:
    """Their sizes differ by orders of magnitude."""
    largest = other["layers"]["kernel_sd"].max()
    other["layers"].loc[0, "kernel_sd"] += 0.5 * largest
    shares = json.loads(other["histograms"].loc[0, "shares"])
    other["histograms"].loc[0, "shares"] = json.dumps([each + 1 for each in shares])
    first, second = told(compare(made, other))
    assert first.startswith("standard deviation of the kernel: ")
    assert second.startswith("shares: ")
    assert first.endswith(" of the largest")


def test_what_only_one_has_is_not_compared(made: Tables, other: Tables) -> None:
    """More epochs, moments of another study, and kinds of measurement that were not asked for."""
    del other["steps"]
    third: pd.DataFrame = other["epochs"].tail(1).assign(epoch=3, loss=9.0)
    other["epochs"] = pd.concat([other["epochs"], third], ignore_index=True)
    other["runs"]["epochs"] = 3
    other["layers"] = other["layers"].assign(kernel_sd=np.nan)
    other["histograms"] = other["histograms"][other["histograms"]["progress"] == 0]
    found = compare(made, other)
    assert told(found) == ()
    assert found.compared["epochs"] == 2
    assert set(found.compared) == {"epochs", "layers", "histograms"}


def test_ten_digits_are_equal_where_ten_are_known(made: Tables, other: Tables) -> None:
    """What was published was rounded; a digit of the ten that differs is a difference."""
    del other["steps"]
    for table in ("epochs", "layers", "histograms"):
        for column in other[table].select_dtypes("float"):
            other[table][column] = [float(f"{value:.10g}") for value in other[table][column]]
    assert told(compare(made, other)) != ()
    assert told(compare(made, other, rounded=True)) == ()
    other["epochs"].loc[0, "loss"] *= 1 + 1e-8
    assert len(told(compare(made, other, rounded=True))) == 1


@pytest.mark.parametrize(
    ("here", "there", "differ"),
    [
        ((2, None), (2, None), False),
        ((2, None), (2, 2), True),
        ((1, 1), (2, None), True),
        ((2, None), (5, 4), False),
        ((2, 2), (2, 2), False),
        ((1, 1), (2, 2), True),
    ],
)
def test_a_divergence_counts_where_both_have_been(
    made: Tables,
    other: Tables,
    here: tuple[int, int | None],
    there: tuple[int, int | None],
    differ: bool,
) -> None:
    """One that came after the last epoch of the other is none of its numbers."""
    one = {**made, "runs": made["runs"].assign(epochs=here[0], diverged_epoch=here[1])}
    other["runs"] = other["runs"].assign(epochs=there[0], diverged_epoch=there[1])
    lines = [line for line in told(compare(one, other)) if line.startswith("divergence")]
    assert bool(lines) == differ


def test_a_number_that_only_one_has_finite_is_told(made: Tables, other: Tables) -> None:
    """No size can be given."""
    other["epochs"].loc[1, "val_loss"] = np.inf
    (line,) = told(compare(made, other))
    assert line == (
        "validation loss: finite in one only in the last epoch, finite in one only in any"
    )


def test_nothing_in_common_is_nothing_compared(made: Tables) -> None:
    """What is not there differs in nothing."""
    nothing = {"runs": made["runs"]}
    assert compare(made, nothing).compared == {}
    assert told(compare(made, nothing)) == ()
