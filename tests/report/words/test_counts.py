"""How things are counted in a sentence: one has no plural."""

import pandas as pd
import pytest

from analysis.errors import counted as in_a_message
from report.words import counts


@pytest.mark.parametrize(
    ("number", "words"), [(0, "0 runs"), (1, "1 run"), (2, "2 runs"), (1200, "1,200 runs")]
)
def test_a_number_agrees_with_its_thing(number: int, words: str) -> None:
    """In the report and in a message of a command alike."""
    assert counts.counted(number, "run") == in_a_message(number, "run") == words


def test_one_run_that_diverged_is_one() -> None:
    """So in the sentence on a variant, and in that on a figure."""
    runs = pd.DataFrame({"variant": ["A"], "status": ["diverged"], "diverged_epoch": [2]})
    assert counts.divergences(runs) == ["A: diverged at epoch 2 (1 of 1 run)."]
    assert counts.left_out(runs) == ["1 of 1 run diverged and is left out."]
    assert counts.left_out(pd.concat([runs, runs])) == ["2 of 2 runs diverged and are left out."]
    assert counts.left_out(runs[:0]) == []


@pytest.mark.parametrize(("depth", "words"), [(1, "1 hidden layer"), (30.0, "30 hidden layers")])
def test_a_depth_is_counted_in_hidden_layers(depth: float, words: str) -> None:
    """Whatever type a frame has it in."""
    assert counts.hidden_layers(depth) == words
