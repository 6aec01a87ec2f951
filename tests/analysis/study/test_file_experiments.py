"""Experiments on top of a study: what they take over, what they sweep, and what is refused."""

import itertools
from collections.abc import Sequence
from pathlib import Path

import pytest

from analysis.study.file import build_study
from tests.analysis.study.good import GOOD, refused, with_experiments
from tests.made.results.studies import load_study

# What is put behind the good study, and what the message must name.
BAD_EXPERIMENTS: list[tuple[str, Sequence[str]]] = [
    ("[experiments]", ["experiments must be tables, such as [experiments.base]"]),
    ("[[experiments]]\na = 1", ["experiments must be tables"]),
    ("[experiments]\nbase = 3", ["experiments.base = 3: must be a table"]),
    ('[experiments."a b"]', ["experiments.a b", "letters, digits"]),
    ("[experiments.a-b]\n[experiments.A_B]", ["experiments.A_B", "the same address", "'a-b'"]),
    ("[experiments.a]\n[experiments.a-zeros]", ["experiments.a-zeros", "'a with Zeros'"]),
    ("[experiments.a]\nseed = 3", ["experiments.a", "'seed'", "did you mean 'seeds'?"]),
    ("[experiments.a]\npoints = []", ["experiments.a.points", "leave it out"]),
    ("[experiments.a]\nseeds = []", ["experiments.a.seeds", "empty"]),
    ("[experiments.a]\ntitle = ''", ["experiments.a.title = ''", "at least 1 character"]),
    ("[experiments.a]\ntraining.epochs = -1", ["experiments.a.training.epochs = -1"]),
    ("[experiments.a]\ntraining.epoch = 1", ["experiments.a.training", "mean 'epochs'?"]),
    ("[experiments.a]\nvariants = []", ["experiments.a.variants", "at least 1 item"]),
    ("[experiments.a]\nsweep = 3", ["experiments.a.sweep = 3", "a table"]),
    ("[experiments.a.sweep]\nseeds = 3", ["experiments.a.sweep.seeds = 3", "a list"]),
    ("[experiments.a.sweep]\nseeds = []", ["experiments.a.sweep.seeds", "at least 1 item"]),
    ("[experiments.a.sweep]\nnetwork.hidden = [[3]]", ["experiments.a.sweep.network", "a list"]),
    ('[experiments.a.sweep]\n"" = [1]', ["experiments.a.sweep", "unknown key ''"]),
    ("[experiments.a.sweep]\nwidth = [1]", ["experiments.a.sweep", "unknown key 'width'"]),
    ("[experiments.a.sweep]\ntitle = ['x']", ["experiments.a.sweep", "unknown key 'title'"]),
    (
        '[experiments.a.sweep]\n"network.hiden" = [[3]]',
        ["experiments.a.sweep: network", "'hiden'", "did you mean 'hidden'?"],
    ),
    (
        '[experiments.a.sweep]\n"networ.hidden" = [[3]]',
        ["experiments.a.sweep: no table 'networ'", "did you mean 'network'?"],
    ),
    (
        '[experiments.a.sweep]\n"training.epochs" = [1, -1]',
        ["experiments.a.sweep: training.epochs = -1", "equal to 0"],
    ),
    (
        '[experiments.a.sweep]\n"training.epochs" = [1, "x"]',
        ["experiments.a.sweep: training.epochs = 'x'", "a whole number"],
    ),
    (
        '[experiments.a.sweep]\n"network.hidden" = ["3 x"]',
        ["experiments.a.sweep: network.hidden = '3 x'", '"LAYERS x WIDTH"'],
    ),
    (
        '[experiments.a.sweep]\n"variants.Smal.stddev" = [1]',
        ["experiments.a.sweep: no variant 'Smal'", "did you mean 'Small'?"],
    ),
    (
        '[experiments.a.sweep]\n"variants.Small.stddev" = [1, -1]',
        ["experiments.a.sweep", "stddev", "above 0", "-1"],
    ),
    (
        '[experiments.a.sweep]\n"training.optimizer" = ["Adam", "SDG"]',
        ["experiments.a.sweep: training.optimizer = 'SDG'", "did you mean 'SGD'?"],
    ),
    ('[experiments.a.sweep]\n"training.epochs.x" = [1]', ["training.epochs = 2 is no table"]),
    (
        '[experiments.a.sweep]\n"training.epochs" = [1, 2, 1]',
        ["experiments.a.sweep: lists the same settings twice"],
    ),
    (
        '[experiments.a.sweep]\n"network.hidden" = ["3 x 4", [4, 4, 4]]',
        ["experiments.a.sweep: lists the same settings twice"],
    ),
]


@pytest.mark.parametrize(("experiments", "named"), BAD_EXPERIMENTS)
def test_a_bad_experiment_is_refused(
    tmp_path: Path, experiments: str, named: Sequence[str]
) -> None:
    """The message names the file, the experiment, the key, and the value or what is allowed."""
    path = tmp_path / "bad.toml"
    path.write_text(f"{GOOD}\n{experiments}\n", encoding="utf-8")
    message = refused(path)
    for part in ["bad.toml", *named]:
        assert part in message


def test_a_study_without_experiments_has_its_base(good: Path) -> None:
    """There is always an experiment: the study's own settings, at one point."""
    study = load_study(good)
    (point,) = study.experiments["base"].points
    assert list(study.experiments) == ["base"]
    assert point.settings.training == study.training
    assert point.settings.variants == study.variants
    assert point.coordinates == {}


def test_an_experiment_names_only_what_differs(good: Path) -> None:
    """The rest it takes from the study, key by key; a list or a class is replaced as a whole."""
    study = with_experiments(
        good,
        "[experiments.a]\ntraining.epochs = 7\n"
        "[experiments.b]\ntraining.optimizer = { name = 'SGD', momentum = 0.9 }\n"
        "network.hidden = '3 x 4'\nvariants = [{ name = 'He', initializer = 'HeNormal' }]",
    )
    a, b = study.experiments["a"], study.experiments["b"]
    assert (a.training.epochs, a.training.batch_size, b.training.epochs) == (7, 64, 2)
    assert a.network == study.network
    assert b.network.hidden == (4, 4, 4)
    assert b.network.activation == "relu"
    assert set(b.training.optimizer.parameters) == {"learning_rate", "momentum", "nesterov"}
    assert [variant.name for variant in b.variants] == ["He"]


def test_the_parameters_of_one_class_are_not_left_to_another(good: Path) -> None:
    """An experiment's bias initializer replaces the study's with its parameters."""
    text = GOOD.replace(
        'activation = "relu"',
        'activation = "relu"\nbias = { initializer = "RandomNormal", stddev = 0.2 }',
    )
    path = good.with_name("bias.toml")
    path.write_text(
        text + '[experiments.a]\nnetwork.bias = { initializer = "Constant", value = 0.1 }\n',
        encoding="utf-8",
    )
    bias = load_study(path).experiments["a"].network.bias
    assert (bias.initializer, bias.parameters) == ("Constant", {"value": 0.1})


def test_a_sweep_is_every_combination_in_order(good: Path) -> None:
    """The last key turns fastest, and each point has its coordinates and its own settings."""
    study = with_experiments(
        good,
        '[experiments.a.sweep]\n"network.hidden" = ["1 x 4", "2 x 4"]\n'
        '"variants.Small.stddev" = [0.1, 1.0]\n"training.batch_size" = [8, 16]',
    )
    points = study.experiments["a"].points
    seen = [
        (
            len(p.settings.network.hidden),
            p.settings.variants[1].parameters["stddev"],
            p.settings.training.batch_size,
        )
        for p in points
    ]
    assert seen == list(itertools.product((1, 2), (0.1, 1.0), (8, 16)))
    assert points[1].coordinates == {"stddev": 0.1, "batch_size": 16}
    assert study.experiments["a"].variants[1].parameters["stddev"] == 0.01


def test_what_is_swept_inside_of_a_swept_class_holds(good: Path) -> None:
    """A learning rate applies to each optimizer, in whichever order the two are written."""
    rate = '"training.optimizer.learning_rate" = [0.5]'
    optimizer = '"training.optimizer" = [{ name = "SGD" }, { name = "Adam" }]'
    for lines in (f"{rate}\n{optimizer}", f"{optimizer}\n{rate}"):
        study = with_experiments(good, f"[experiments.a.sweep]\n{lines}")
        for point in study.experiments["a"].points:
            assert point.settings.training.optimizer.parameters["learning_rate"] == 0.5
            assert point.coordinates == {"learning_rate": 0.5}


def test_two_swept_keys_of_one_last_part_keep_their_names(good: Path) -> None:
    """Coordinates never stand for one another."""
    study = with_experiments(
        good,
        "[experiments.a]\nvariants = [{ name = 'A', initializer = 'RandomNormal' },"
        " { name = 'B', initializer = 'RandomNormal' }]\n"
        '[experiments.a.sweep]\n"variants.A.stddev" = [0.1]\n"variants.B.stddev" = [0.2]',
    )
    (point,) = study.experiments["a"].points
    assert point.coordinates == {"variants.A.stddev": 0.1, "variants.B.stddev": 0.2}


KEYS_AS_NAMES = [
    *("name", "initializer", "parameters", "points", "sweep", "seeds", "hidden", "title"),
    *("network", "training", "optimizer", "bias", "variants", "experiments", "output", "base"),
]
"""Words that mean something elsewhere in a study, each a good name for an experiment."""


@pytest.mark.parametrize("name", KEYS_AS_NAMES)
def test_an_experiment_may_be_called_by_any_key(good: Path, name: str) -> None:
    """It stands beside those that a file takes over, and survives the way out and in."""
    first = with_experiments(good, "[experiments.first]\nseeds = [3]")
    path = good.with_name("more.toml")
    path.write_text(
        f'extends = "experiments.toml"\n[experiments.{name}]\nseeds = [5]\n'
        'sweep = { "training.batch_size" = [8, 16] }\n',
        encoding="utf-8",
    )
    study = load_study(path)
    assert list(study.experiments) == ["first", name]
    assert study.experiments["first"] == first.experiments["first"]
    assert study.experiments[name].seeds == (5,)
    assert len(study.experiments[name].points) == 2
    assert build_study(study.tables(), "again") == study
    set_by_key = load_study(path, [f"experiments.{name}.network.activation=tanh"])
    assert set_by_key.experiments[name].network.activation == "tanh"
    assert set_by_key.experiments["first"].network.activation == "relu"


def test_a_sweep_reaches_a_variant_whatever_its_name(good: Path) -> None:
    """Dots and equals signs in a name are no part of the key's way, in a sweep as elsewhere."""
    study = with_experiments(
        good,
        "[experiments.a]\nvariants = [{ name = 'N(0.05)', initializer = 'RandomNormal' },"
        " { name = 'N(0', initializer = 'Zeros' },"
        " { name = 'sd=1.5', initializer = 'RandomNormal' }]\n"
        '[experiments.a.sweep]\n"variants.N(0.05).stddev" = [0.1]\n"variants.sd=1.5.mean" = [2.0]',
    )
    (point,) = study.experiments["a"].points
    first, _, last = point.settings.variants
    assert (first.parameters["stddev"], last.parameters["mean"]) == (0.1, 2.0)
    assert point.coordinates == {"stddev": 0.1, "mean": 2.0}
