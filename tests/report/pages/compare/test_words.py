"""What a comparison says: machines, reasons, sentences and numbers."""

import math
from dataclasses import replace

import pytest

from analysis.claims.against.account import Account, Outcome, Stated
from analysis.claims.against.comparison import Reason, compare
from report.pages.compare import words
from report.words.numbers import SPACE
from tests.made.results.studies import load_study

CLAIM = Outcome("base", "supported", 2.0, 1.0, 3.0, "%", 20, "difference", 0.5)
NUMBER = Stated("test_accuracy", "base", "HeNormal", "mean", None, None, None, 0.97, 0.96, 0.98, 20)
A = {"processor": "Alpha", "cores": "2", "tensorflow": "2.21.0"}
B = {"processor": "Beta", "cores": "1", "tensorflow": "2.22.0"}
ACCOUNT = Account({"level": CLAIM}, (NUMBER,), load_study("quick").tables(), {}, A, 3, {})


@pytest.mark.parametrize(
    ("before", "after", "told"),
    [
        (A, A, ("Alpha, 2 cores", "Alpha, 2 cores")),
        (A, B, ("Alpha, 2 cores, TensorFlow 2.21.0", "Beta, 1 core, TensorFlow 2.22.0")),
        (A, {}, ("Alpha, 2 cores, TensorFlow 2.21.0", "an unknown machine")),
    ],
)
def test_machines_are_told_with_all_that_differs(
    before: dict[str, str], after: dict[str, str], told: tuple[str, str]
) -> None:
    """Processor and cores name a machine; a version is added where it is another."""
    assert words.machines(before, after) == told


def test_equal_results_take_a_sentence() -> None:
    """Nothing else is said of them."""
    assert words.summary(compare(ACCOUNT, ACCOUNT), "the published results") == (
        "Nothing differs from the published results: 1 claim and 1 number of the answers "
        "are the same."
    )


def test_a_summary_counts_what_moved() -> None:
    """Verdicts, values under the same verdict, and numbers, each in words."""
    names = ("flipped", "moved", "still")
    before = replace(ACCOUNT, claims=dict.fromkeys(names, CLAIM))
    after = replace(
        before,
        claims={
            "flipped": replace(CLAIM, verdict="inconclusive"),
            "moved": replace(CLAIM, value=2.5),
            "still": CLAIM,
        },
        numbers=(replace(NUMBER, value=0.975), replace(NUMBER, epoch=1)),
        machine=B,
    )
    found = compare(before, after)
    assert words.summary(found, "the published results") == (
        "1 of 3 claims has another verdict than in the published results, and 1 more moved under "
        "the same one. 1 of 1 number of the answers moved. 1 number stands on one side only."
    )
    assert words.trained(found, "Published", "here") == (
        "Published, training ran on Alpha, 2 cores, TensorFlow 2.21.0; "
        "here, on Beta, 1 core, TensorFlow 2.22.0."
    )
    assert words.trained(compare(before, before), "Published", "here") == (
        "Both were trained on Alpha, 2 cores."
    )


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        (Reason("settings"), "other hyperparameters"),
        (
            Reason("machine", 80, 12, 0.31),
            "another machine: 12 of 80 runs of the experiment differ, by up to 0.31 percentage "
            "points of test accuracy",
        ),
        (Reason("anew", 80, 1), "trained anew: 1 of 80 runs of the experiment differs"),
        (Reason("machine"), "another machine"),
        (Reason("few", 3, needed=5), "few observations: 3 of at least 5"),
    ],
)
def test_a_reason_is_a_few_words(reason: Reason, told: str) -> None:
    """It says how many runs differ, and by how much where that is known."""
    assert words.reason(reason).replace(SPACE, " ") == told


@pytest.mark.parametrize(
    ("number", "what", "where", "shown"),
    [
        (NUMBER, "Mean test accuracy (%)", "HeNormal; Base", "97.00"),
        (
            replace(NUMBER, statistic="sd", value=0.002),
            "Standard deviation of test accuracy (percentage points)", "HeNormal; Base", "0.20",
        ),
        (
            replace(NUMBER, metric="kernel_sd", layer=2, moment="initial", value=0.05),
            "Mean standard deviation of the kernel", "HeNormal, layer 2, before training; Base",
            "0.05",
        ),
        (
            replace(NUMBER, statistic="n", value=20.0, epoch=3),
            "Number of runs with a test accuracy", "HeNormal, epoch 3; Base", "20",
        ),
        (replace(NUMBER, value=math.nan), "Mean test accuracy (%)", "HeNormal; Base", "–"),
    ],
)  # fmt: skip
def test_a_number_is_named_and_written(number: Stated, what: str, where: str, shown: str) -> None:
    """Its unit stands in its name, once for all its values."""
    assert words.what(number) == what
    assert words.where(number, "Base") == where
    assert words.shown(number, number.value) == shown


def test_a_difference_has_its_sign() -> None:
    """Also where it is positive; none where it is nothing."""
    assert [words.units(each) for each in (1.5, -0.25, 0.0, math.inf)] == [
        "+1.50", "\u22120.25", "0.00", "–",
    ]  # fmt: skip


def test_a_value_stands_with_interval_and_observations() -> None:
    """What there is not is left out."""
    assert words.value(CLAIM).replace(SPACE, " ") == "2.00 %, [1.00, 3.00], n = 20"
    assert words.value(replace(CLAIM, value=math.nan)) == "–"
    lone = replace(CLAIM, low=math.nan, high=math.nan, n=0)
    assert words.value(lone).replace(SPACE, " ") == "2.00 %"
