"""The tier of a run follows from its beginning, its end, and the other seeds of its setting."""

import numpy as np
import pandas as pd
import pytest

from stages.anew.likeness import compare
from stages.anew.tiers import Judged, Peers, judge

STEPS = np.linspace(2.3, 2.0, 20)
MADE = {"train_loss": 0.1, "val_loss": 0.2, "test_loss": 0.3}
LEVEL = 0.99


def judged(
    accuracy: float,
    others: list[float],
    apart: np.ndarray | float = 0.0,
    known: float = 90.0,
    loss: float = 0.0,
) -> Judged:
    """Return how a run is judged that is published as ending at `known`, and ends otherwise here.

    `apart` are how far its first losses are, as shares of them; `loss` likewise of its last ones.
    """

    def tables(ends: float, steps: np.ndarray, more: float) -> dict[str, pd.DataFrame]:
        losses = {name: value * (1 + more) for name, value in MADE.items()}
        row = {"epochs": 1, "diverged_epoch": None, **losses, "test_accuracy": ends / 100}
        first = {"step": range(1, 21), "loss": steps}
        return {"runs": pd.DataFrame([row]), "first_steps": pd.DataFrame(first)}

    here = tables(accuracy, STEPS * (1 + apart), loss)
    there = tables(known, STEPS, 0.0)
    return judge(compare(here, there), Peers(known, others, 10.0, 0.01), LEVEL)


OTHERS = [89.0, 90.0, 91.0, 90.5]
GROWING = 1e-7 * 3.0 ** np.arange(20)
JUMP = np.where(np.arange(20) < 9, 1e-7, 0.05)


@pytest.mark.parametrize(
    ("found", "tier"),
    [
        (judged(90.0, OTHERS), "bits"),
        (judged(90.05, OTHERS, 1e-6, loss=1e-3), "tolerance"),
        (judged(91.5, OTHERS, 1e-6, loss=0.5), "spread"),
        (judged(91.5, OTHERS, GROWING, loss=0.5), "spread"),
        (judged(80.0, OTHERS, 1e-6, loss=0.5), "inconsistent"),
        (judged(90.0, OTHERS, 1e-2), "inconsistent"),
        (judged(90.0, OTHERS, JUMP), "inconsistent"),
        (judged(80.0, [91.0], 1e-6, loss=0.5), "start"),
        (judged(11.0, [*OTHERS, 10.0], 1e-6, loss=0.5), "spread"),
        (judged(9.8, [11.35, 11.35, 11.35], 1e-6, known=11.35, loss=0.1), "spread"),
        (judged(np.nan, OTHERS, GROWING, loss=0.5), "spread"),
    ],
)
def test_each_tier_has_its_runs(found: Judged, tier: str) -> None:
    """The best that holds; a jump in the losses of a quiet network is no rounding."""
    assert found.tier == tier
    assert bool(found.why) == (tier == "inconsistent")


def test_losses_that_agree_in_all_digits_are_of_one_network() -> None:
    """Whatever other seeds make likely, its accuracy cannot differ."""
    names = ("loss", "val_loss", "test_loss", "accuracy", "val_accuracy", "test_accuracy")
    row = dict.fromkeys(names, 0.5)
    ends = {"runs": pd.DataFrame([{"epochs": 1, "diverged_epoch": None}])}
    one, other = (
        ends | {"epochs": pd.DataFrame([{"epoch": 1, **row, "test_accuracy": each}])}
        for each in (0.90, 0.91)
    )
    found = judge(compare(one, other), Peers(91.0, OTHERS, 10.0, 0.01), LEVEL)
    assert found.tier == "inconsistent"
    assert "of the same network" in found.why


def test_losses_may_agree_by_chance_where_all_differs_by_rounding() -> None:
    """Of a float32 few digits are left: two equal losses are no sign of an altered third."""
    names = ("loss", "val_loss", "test_loss", "accuracy", "val_accuracy", "test_accuracy")
    row = dict.fromkeys(names, 0.5)
    ends = {"runs": pd.DataFrame([{"epochs": 1, "diverged_epoch": None}])}
    one, other = (
        ends | {"epochs": pd.DataFrame([{"epoch": 1, **row, "loss": each}])}
        for each in (0.5, 0.50000003)
    )
    assert judge(compare(one, other), Peers(50.0, OTHERS, 10.0, 0.01), LEVEL).tier == "tolerance"


def test_on_the_same_machine_every_bit_counts() -> None:
    """What would be rounding elsewhere is a change of the code, or of what is published."""
    runs = pd.DataFrame([{"epochs": 0, "diverged_epoch": None}])
    layers = pd.DataFrame([{"progress": 0.0, "layer": 1, "kernel_sd": 0.5}])
    other = layers.assign(kernel_sd=0.5 + 1e-9)
    like = compare({"runs": runs, "layers": layers}, {"runs": runs, "layers": other})
    assert judge(like, None, LEVEL).tier == "tolerance"
    assert judge(like, None, LEVEL, same=True).tier == "inconsistent"
