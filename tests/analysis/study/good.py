"""A study that is in order, and how one that is not is refused."""

from collections.abc import Sequence
from pathlib import Path

import pytest
from hypothesis import strategies as st

from analysis.errors import StudyError
from analysis.study.model import Study
from tests.made.results.studies import load_study

GOOD = """
title = "A study"
dataset = "mnist"
seeds = 2
variants = [
  { name = "Zeros", initializer = "Zeros" },
  { name = "Small", initializer = "RandomNormal", stddev = 0.01 },
]
[network]
hidden = [16, 8]
activation = "relu"
[training]
optimizer = { name = "Adam", learning_rate = 0.001 }
loss = "sparse_categorical_crossentropy"
batch_size = 64
epochs = 2
validation_split = 0.2
"""
ADAM = '{ name = "Adam", learning_rate = 0.001 }'
SMALL = 'initializer = "RandomNormal", stddev = 0.01'

# What a key of a study is called, and what else it might be called.
NAMES = ["title", "dataset", "seeds", "network", "hidden", "activation", "training", "optimizer"]
NAMES += ["learning_rate", "loss", "batch_size", "epochs", "validation_split", "variants", "name"]
NAMES += ["experiments", "sweep", "points", "measure", "moments", "network.hidden", "output"]
NAMES += ["initializer", "parameters", "stddev", "Adam", "RandomNormal", "VarianceScaling"]
WORDS = st.sampled_from(NAMES)
KEYS = WORDS | st.text(max_size=8)


def refused(path: Path, overrides: Sequence[str] = ()) -> str:
    """Return the message with which a study is refused, having checked its form."""
    with pytest.raises(StudyError) as caught:
        load_study(path, overrides)
    assert caught.value.exit_code == 2
    message = str(caught.value)
    assert "pydantic" not in message
    assert "Value error" not in message
    return message


def with_experiments(good: Path, text: str) -> Study:
    """Return the good study with experiments behind it."""
    path = good.with_name("experiments.toml")
    path.write_text(f"{GOOD}\n{text}\n", encoding="utf-8")
    return load_study(path)
