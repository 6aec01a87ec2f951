"""Overrides of a study: one value at a dotted key, or a message that a person can act on."""

import contextlib
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from analysis.errors import StudyError
from analysis.study.file import build_study
from analysis.study.model import Study
from tests.analysis.study.good import KEYS, refused
from tests.made.results.studies import load_study

BAD_OVERRIDES: list[tuple[str, Sequence[str]]] = [
    ("training.epochs", ["must be KEY=VALUE, such as training.epochs=3"]),
    ("=3", ["must be KEY=VALUE"]),
    ("training..epochs=3", ["must be KEY=VALUE"]),
    ("trainig.epochs=3", ["no table 'trainig'", "did you mean 'training'?"]),
    ("training.epoch=3", ["training", "'epoch'", "did you mean 'epochs'?"]),
    ("training.epochs.x=3", ["training.epochs = 2 is no table, and holds no keys"]),
    ("training.epochs.x.y=3", ["training.epochs = 2 is no table, and holds no keys"]),
    ("dataset.path=a.npz", ["dataset = 'mnist' is no table"]),
    ("training.epochs=many", ["training.epochs = 'many'", "a whole number"]),
    ("training.epochs=", ["training.epochs = ''", "a whole number"]),
    ("training.epochs=3\nseeds=5", ["training.epochs", "a whole number"]),
    (f"training.epochs={'9' * 5000}", ["cannot be read: A number has 5000 digits"]),
    (f"training.epochs={'[' * 5000}", ["cannot be read: Tables or lists", "too deep"]),
    (f"network.hidden='{'9' * 5000} x 3'", ['"LAYERS x WIDTH"']),
    (f"training.epochs=0x{'f' * 5000}", ["training.epochs", "of 20000 bits"]),
    ("variants.Smal.stddev=0.1", ["no variant 'Smal'", "did you mean 'Small'?"]),
    ("variants.0.stddev=0.1", ["no variant '0'", "Zeros, Small"]),
    ("variants.Small.stddev=-1", ["Small", "stddev", "above 0", "-1"]),
    ("variants.x=1", ["no variant 'x'; there are Zeros, Small"]),
    ("variants.x={ initializer = 'Zeros' }", ["no variant 'x'"]),
    ("variants.Small=1", ["is a variant: set a key of it", "variants.Small.initializer"]),
    ("variants.Small.parameters={ stddev = 1 }", ["'stddev' is given twice"]),
    ("extends=other.toml", ["only a file extends another one; --study names a file"]),
    ("title=\udcff", ["must be text in UTF-8"]),
    ("variants=[]", ["variants", "at least 1 item"]),
    ("seeds=[]", ["seeds", "empty"]),
    ("training.optimizer=SDG", ["no optimizer 'SDG'", "did you mean 'SGD'?"]),
]


@pytest.mark.parametrize(("override", "named"), BAD_OVERRIDES)
def test_a_bad_override_is_refused(good: Path, override: str, named: Sequence[str]) -> None:
    """The message names the override, and the value or what is allowed."""
    message = refused(good, [override])
    for part in [override[:40], *named]:
        assert part in message


def test_two_variants_of_which_one_is_not_named_are_refused(good: Path) -> None:
    """A list of odd items is refused, not stumbled over, when an override looks into it."""
    message = refused(good, ["variants=[{name=[1]}, 3]", "variants.x.y=3"])
    assert "variants = [{'name': [1]}, 3] is no table" in message


@pytest.mark.parametrize(
    ("overrides", "seeds"),
    [
        (["first_seed=3000"], (3000, 3001)),
        (["first_seed=3000", "seeds=3"], (3000, 3001, 3002)),
        (["seeds=3"], (0, 1, 2)),
        (["first_seed=3000", "seeds=[5, 7]"], (5, 7)),
    ],
)
def test_a_number_of_seeds_is_counted_from_the_first(
    good: Path, overrides: list[str], seeds: tuple[int, ...]
) -> None:
    """From zero where none is given; a list is what it is, and the tables of a study have one."""
    study = load_study(good, overrides)
    assert study.seeds == study.experiments["base"].seeds == seeds
    assert study.experiments["base"].points[0].settings.seeds == seeds
    assert build_study(study.tables(), "again") == study


def test_an_experiment_counts_its_own_seeds_from_the_first_of_the_study(good: Path) -> None:
    """Or from one of its own."""
    experiments = "[experiments.a]\nseeds = 3\n[experiments.b]\nfirst_seed = 7\n"
    good.write_text(f"first_seed = 100\n{good.read_text('utf-8')}\n{experiments}", "utf-8")
    study = load_study(good)
    assert study.experiments["a"].seeds == (100, 101, 102)
    assert study.experiments["b"].seeds == (7, 8)


@pytest.mark.parametrize(
    ("override", "expected"),
    [
        ("training.epochs=3", ("training", "epochs", 3)),
        (" training.epochs = 3 ", ("training", "epochs", 3)),
        ("network.activation=tanh", ("network", "activation", "tanh")),
        ('network.activation="tanh"', ("network", "activation", "tanh")),
        ("network.hidden=[3,2]", ("network", "hidden", [3, 2])),
        ("seeds=[5, 7]", ("seeds", [5, 7])),
        ("seeds=3", ("seeds", 3)),
        ("training.optimizer=SGD", ("training", "optimizer", "name", "SGD")),
        ("training.optimizer.learning_rate=1", ("training", "optimizer", "learning_rate", 1.0)),
        ("variants.Small.stddev=0.5", ("variants", 1, "stddev", 0.5)),
        ("variants.Small.mean=2", ("variants", 1, "mean", 2.0)),
        ("title=a=b", ("title", "a=b")),
    ],
)
def test_an_override_sets_one_value(good: Path, override: str, expected: tuple[Any, ...]) -> None:
    """The value stands where the key says, and nothing else has changed."""
    before, after = (load_study(good, given).tables() for given in ([], [override]))
    *way, last, value = expected
    assert after["experiments"].pop("base") != before["experiments"].pop("base") or last == "title"
    old, new = before, after
    for step in way:
        old, new = old[step], new[step]
    assert new[last] == value
    if last != "name":  # another optimizer has other parameters
        old[last] = value
        assert after == before


def test_the_last_override_wins(good: Path) -> None:
    """Overrides apply in the order given."""
    study = load_study(good, ["training.epochs=3", "training.epochs=4"])
    assert study.training.epochs == 4


@given(key=KEYS, rest=KEYS, value=st.text(max_size=12))
def test_whatever_an_override_says_only_a_study_error_comes_out(
    key: str, rest: str, value: str
) -> None:
    """Any KEY=VALUE makes a study or a StudyError, nothing else."""
    with contextlib.suppress(StudyError):
        assert isinstance(load_study("quick", [f"{key}.{rest}={value}"]), Study)


ODD = ["N(0.05)", "N(0", "sd=0.1", "sd", "a.", "a..b", "x = y", "Zeros.initializer"]
"""Names of variants that hold what a key or an override is made of."""


@pytest.mark.parametrize("name", ODD)
@pytest.mark.parametrize("where", ["", "experiments.base."])
def test_a_variant_is_reached_whatever_its_name(good: Path, name: str, where: str) -> None:
    """Of names that fit, the longest counts; the variants beside it stay as they were."""
    variants = ", ".join(f"{{ name = '{each}', initializer = 'RandomNormal' }}" for each in ODD)
    before = [f"variants=[{variants}]", "experiments={ base = {} }"]
    changed = load_study(good, [*before, f"{where}variants.{name}.stddev=7"])
    found = (changed.experiments["base"] if where else changed).variants
    assert [v.name for v in found if v.parameters["stddev"] == 7] == [name]
    assert {v.parameters["stddev"] for v in found} == {7, 0.05}


def test_an_experiment_changes_its_own_copy_of_the_variants(good: Path) -> None:
    """What it takes over from the study it may change for itself alone."""
    change = "experiments.base.variants.Small.stddev=7"
    study = load_study(good, ["experiments={ base = {} }", change])
    assert study.experiments["base"].variants[1].parameters["stddev"] == 7
    assert study.experiments["base"].variants[0] == study.variants[0]
    assert study.variants[1].parameters["stddev"] == 0.01
