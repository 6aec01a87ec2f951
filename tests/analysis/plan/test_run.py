"""What identifies a run: whatever can change one of its numbers, and nothing else."""

import json
from dataclasses import fields, replace
from typing import Any

import pytest

from analysis.plan.run import (
    Asked,
    Convolution,
    Optimization,
    Rows,
    Run,
    RunInitializer,
    RunSettings,
    engine_key,
)

SGD = Optimization(
    "SGD", (("learning_rate", 0.01), ("momentum", 0.0), ("nesterov", False)), batch_size=64
)
SETTINGS = RunSettings(
    dataset_digest="00ff",
    rows=Rows(24000, 48000, 6000, 5000),
    hidden=(128, 64),
    activation="relu",
    kernel=RunInitializer("RandomNormal", (("mean", 0.0), ("stddev", 0.05))),
    output_kernel=RunInitializer("Zeros", ()),
    bias=RunInitializer("Constant", (("value", 0.1),)),
    loss="sparse_categorical_crossentropy",
    optimization=SGD,
    seed=7,
    engine=1,
)
CANONICAL = (
    '{"activation":"relu","bias":{"name":"Constant","parameters":[["value",0.1]]},'
    '"dataset_digest":"00ff","engine":1,"hidden":[128,64],'
    '"kernel":{"name":"RandomNormal","parameters":[["mean",0.0],["stddev",0.05]]},'
    '"loss":"sparse_categorical_crossentropy",'
    '"optimization":{"batch_size":64,"optimizer":"SGD",'
    '"parameters":[["learning_rate",0.01],["momentum",0.0],["nesterov",false]]},'
    '"output_kernel":{"name":"Zeros","parameters":[]},'
    '"rows":{"held_out":6000,"held_out_start":48000,"test":5000,"train":24000},"seed":7}'
)
IDENTITY = "88c252172e55b3533c0f9254afa646dea37c83320a431b855404d400188ca00c"
"""What `sha256sum` says of the text above."""

RATE, NESTEROV = ("learning_rate", 1.0), ("nesterov", True)
OTHER: dict[str, Any] = {
    "dataset_digest": "00fe",
    "rows": Rows(24000, 48000, 6000, 4999),
    "hidden": (64, 128),
    "activation": "tanh",
    "kernel": RunInitializer("RandomNormal", (("mean", 0.0), ("stddev", 0.051))),
    "output_kernel": RunInitializer("Ones", ()),
    "bias": RunInitializer("Constant", (("value", 0.2),)),
    "loss": "another",
    "optimization": None,
    "seed": 8,
    "engine": 2,
    "normalization": "batch",
    "branch": 1.0,
    "dropout": 0.5,
    "convolution": (Convolution(8, 3, 2),),
    "kernel_seed": "shared",
    "bias_fans": "kernel",
}


def test_an_identity_is_the_digest_of_a_text_that_can_be_read() -> None:
    """One fixed run has the text and the SHA-256 that were worked out outside of the project."""
    assert SETTINGS.canonical() == CANONICAL
    assert Run("base", "RandomNormal", "mnist", SETTINGS).id == IDENTITY


@pytest.mark.parametrize("field", [field.name for field in fields(RunSettings)])
def test_an_identity_follows_each_setting(field: str) -> None:
    """A change of any one setting gives another identity."""
    changed = replace(SETTINGS, **{field: OTHER[field]})
    assert getattr(changed, field) != getattr(SETTINGS, field)
    assert Run("base", "a", "d", changed).id != IDENTITY


def test_what_earlier_runs_could_not_have_is_told_where_it_is_used() -> None:
    """A run with the new settings has them in its text, and what it does not use is not there."""
    layer = (Convolution(8, 3, 2),)
    told = json.loads(replace(SETTINGS, branch=0.5, convolution=layer).canonical())
    before = json.loads(CANONICAL)
    assert told == before | {
        "branch": 0.5, "convolution": [{"filters": 8, "pool": 2, "size": 3}],
    }  # fmt: skip


def test_an_identity_does_not_follow_names() -> None:
    """Experiment, variant and the name of the data set only label a run."""
    assert Run("deep", "Ours", "/data/m.npz", SETTINGS).id == IDENTITY


@pytest.mark.parametrize(
    "steps",
    [
        replace(SGD, optimizer="RMSprop"),
        replace(SGD, batch_size=65),
        replace(SGD, parameters=(RATE, *SGD.parameters[1:])),
    ],
)
def test_an_identity_follows_how_the_weights_are_changed(steps: Optimization) -> None:
    """Another optimizer, batch or parameter is another trajectory."""
    assert Run("base", "a", "d", replace(SETTINGS, optimization=steps)).id != IDENTITY


def test_an_identity_does_not_follow_what_is_asked() -> None:
    """How far a run is trained and what is measured of it are what the store has of it."""
    asked = Asked(11, frozenset({("weights", 0.5)}), keep_state=True)
    assert Run("base", "a", "d", SETTINGS, asked).id == IDENTITY


def test_what_two_studies_ask_adds_up() -> None:
    """The longer training, both measurements, and a checkpoint where either wants one."""
    one = Asked(2, frozenset({("weights", 2.0)}), keep_state=True)
    other = Asked(5, frozenset({("weights", 5.0), ("signals", 0.5)}))
    both = frozenset({("weights", 2.0), ("weights", 5.0), ("signals", 0.5)})
    assert one | other == other | one == Asked(5, both, keep_state=True)


def test_a_run_that_diverges_is_measured_for_the_last_time_there() -> None:
    """What was to come later is taken at the end; what came before stays where it was."""
    asked = Asked(10, frozenset({("weights", 0.0), ("weights", 2.5), ("signals", 10.0)}))
    assert asked.until(None) == asked.measurements
    assert asked.until(2) == {("weights", 0.0), ("weights", 2.0), ("signals", 2.0)}


@pytest.mark.parametrize(
    ("changed", "same"),
    [
        ({"kernel": OTHER["kernel"], "output_kernel": OTHER["bias"], "bias": OTHER["bias"]}, True),
        ({"seed": 8}, True),
        ({"optimization": replace(SGD, parameters=(RATE, *SGD.parameters[1:]))}, True),
        (
            {"optimization": replace(SGD, parameters=(*SGD.parameters[:2], ("nesterov", True)))},
            False,
        ),
        ({"optimization": replace(SGD, optimizer="RMSprop")}, False),
        ({"optimization": replace(SGD, batch_size=65)}, False),
        ({"optimization": None}, False),
        ({"hidden": (128, 65)}, False),
        ({"activation": "tanh"}, False),
        ({"normalization": "layer"}, False),
        ({"branch": 1.0}, False),
        ({"branch": 0.5}, False),
        ({"dropout": 0.5}, False),
        ({"convolution": OTHER["convolution"]}, False),
        ({"kernel_seed": "shared", "bias_fans": "kernel"}, True),
        ({"rows": OTHER["rows"]}, False),
        ({"dataset_digest": "00fe"}, False),
    ],
)
def test_runs_share_an_engine_where_only_data_differ(changed: dict[str, Any], same: bool) -> None:
    """Weights, seed, learning rate and length are data; the network and the step are code."""
    one = Run("base", "a", "mnist", SETTINGS)
    other = Run("deep", "b", "mnist", replace(SETTINGS, **changed))
    assert (engine_key(one) == engine_key(other)) is same
