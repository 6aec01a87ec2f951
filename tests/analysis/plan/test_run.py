"""What identifies a run: whatever can change one of its numbers, and nothing else."""

from dataclasses import fields, replace
from typing import Any

import pytest

from analysis.plan.run import Run, RunInitializer, RunSettings, engine_key

SETTINGS = RunSettings(
    dataset_digest="00ff",
    hidden=(128, 64),
    activation="relu",
    kernel=RunInitializer("RandomNormal", (("mean", 0.0), ("stddev", 0.05))),
    output_kernel=RunInitializer("Zeros", ()),
    bias=RunInitializer("Constant", (("value", 0.1),)),
    optimizer="SGD",
    optimizer_parameters=(("learning_rate", 0.01), ("momentum", 0.0), ("nesterov", False)),
    loss="sparse_categorical_crossentropy",
    batch_size=64,
    epochs=10,
    validation_split=0.2,
    data_fraction=0.5,
    seed=7,
    measure=("signals", "weights"),
    moments=(0.5, 1.0),
    curve_points=20,
    engine=1,
)
CANONICAL = (
    '{"activation":"relu","batch_size":64,'
    '"bias":{"name":"Constant","parameters":[["value",0.1]]},"curve_points":20,'
    '"data_fraction":0.5,"dataset_digest":"00ff","engine":1,"epochs":10,"hidden":[128,64],'
    '"kernel":{"name":"RandomNormal","parameters":[["mean",0.0],["stddev",0.05]]},'
    '"loss":"sparse_categorical_crossentropy","measure":["signals","weights"],'
    '"moments":[0.5,1.0],"optimizer":"SGD",'
    '"optimizer_parameters":[["learning_rate",0.01],["momentum",0.0],["nesterov",false]],'
    '"output_kernel":{"name":"Zeros","parameters":[]},"seed":7,"validation_split":0.2}'
)
IDENTITY = "e1745b4465ea8d5f89b6f621163625f56dc61313ab38d0380a2f1c41577e4e5b"
"""What `sha256sum` says of the text above."""

OTHER: dict[str, Any] = {
    "dataset_digest": "00fe",
    "hidden": (64, 128),
    "activation": "tanh",
    "kernel": RunInitializer("RandomNormal", (("mean", 0.0), ("stddev", 0.051))),
    "output_kernel": RunInitializer("Ones", ()),
    "bias": RunInitializer("Constant", (("value", 0.2),)),
    "optimizer": "RMSprop",
    "optimizer_parameters": (("learning_rate", 0.01), ("momentum", 0.0), ("nesterov", True)),
    "loss": "another",
    "batch_size": 65,
    "epochs": 11,
    "validation_split": 0.25,
    "data_fraction": 0.25,
    "seed": 8,
    "measure": ("weights",),
    "moments": (0.5,),
    "curve_points": 10,
    "engine": 2,
}
RATE = ("learning_rate", 1.0)


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


def test_an_identity_does_not_follow_names() -> None:
    """Experiment, variant and the name of the data set only label a run."""
    assert Run("deep", "Ours", "/data/m.npz", SETTINGS).id == IDENTITY


@pytest.mark.parametrize(
    ("changed", "same"),
    [
        ({"kernel": OTHER["kernel"], "output_kernel": OTHER["bias"], "bias": OTHER["bias"]}, True),
        ({"seed": 8}, True),
        ({"epochs": 11}, True),
        ({"measure": (), "moments": (), "curve_points": 0}, True),
        ({"optimizer_parameters": (RATE, *SETTINGS.optimizer_parameters[1:])}, True),
        ({"optimizer_parameters": OTHER["optimizer_parameters"]}, False),
        ({"optimizer": "RMSprop"}, False),
        ({"hidden": (128, 65)}, False),
        ({"activation": "tanh"}, False),
        ({"batch_size": 65}, False),
        ({"data_fraction": 0.25}, False),
        ({"validation_split": 0.25}, False),
        ({"dataset_digest": "00fe"}, False),
    ],
)  # fmt: skip
def test_runs_share_an_engine_where_only_data_differ(changed: dict[str, Any], same: bool) -> None:
    """Weights, seed, learning rate and length are data; the network and the step are code."""
    one = Run("base", "a", "mnist", SETTINGS)
    other = Run("deep", "b", "mnist", replace(SETTINGS, **changed))
    assert (engine_key(one) == engine_key(other)) is same
