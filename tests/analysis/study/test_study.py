"""Studies: what is accepted, and what is refused with a message that a person can act on."""

import contextlib
import itertools
import json
import tomllib
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import ValidationError

from analysis.data.dataset import Description
from analysis.errors import StudyError
from analysis.plan.planning import runs
from analysis.study import file
from analysis.study.file import build_study
from analysis.study.model import Study
from build import ROOT
from tests.made.studies import load_study

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

# What stands in the good study, what a bad one has there instead, and what its message must name.
BAD: list[tuple[str, str, Sequence[str]]] = [
    # Keys
    ("seeds = 2", "seed = 2", ["'seed'", "did you mean 'seeds'?", "dataset, seeds, network"]),
    ("epochs = 2", "epoch = 2", ["training", "'epoch'", "did you mean 'epochs'?"]),
    ("hidden =", "hiden =", ["network", "'hiden'", "did you mean 'hidden'?"]),
    ("[network]", "[nets]", ["'nets'", "dataset, seeds, network"]),
    ("[training]", "[Training]", ["'Training'", "did you mean 'training'?"]),
    ("epochs = 2", "epochs = 2\nshuffle = true", ["'shuffle'", "batch_size, epochs"]),
    ("stddev", "std", ["Small", "RandomNormal", "'std'", "did you mean 'stddev'?"]),
    ("learning_rate", "lr", ["Adam", "no parameter 'lr'", "learning_rate, beta_1"]),
    ("learning_rate", "learningrate", ["did you mean 'learning_rate'?"]),
    ('"Zeros" },', '"Zeros", value = 1 },', ["Zeros has no parameter 'value'", "no parameters"]),
    ('title = "A study"', "", ["title is missing"]),
    ("epochs = 2", "", ["training.epochs is missing"]),
    ('name = "Small", ', "", ["variants", "'name' is missing"]),
    (', initializer = "Zeros"', "", ["variants.Zeros", "'initializer' is missing"]),
    # Types
    ("epochs = 2", 'epochs = "2"', ["training.epochs = '2'", "a whole number"]),
    ("epochs = 2", "epochs = 2.0", ["training.epochs = 2.0", "a whole number"]),
    ("epochs = 2", "epochs = true", ["training.epochs = True", "a whole number"]),
    ("epochs = 2", "epochs = [2]", ["training.epochs", "a whole number"]),
    ("epochs = 2", "epochs = 2026-01-01", ["training.epochs", "a whole number"]),
    ("[16, 8]", "16", ["network.hidden = 16", "a list"]),
    ("[16, 8]", "[16, 8.5]", ["network.hidden.1 = 8.5", "a whole number"]),
    ("[16, 8]", "[[16], 8]", ["network.hidden.0", "a whole number"]),
    ("split = 0.2", 'split = "a fifth"', ["training.validation_split = 'a fifth'", "a number"]),
    ('title = "A study"', "title = 3", ["title = 3", "text"]),
    ('"mnist"', "7", ["dataset = 7", "text"]),
    ("seeds = 2", 'seeds = "2"', ["seeds = '2'", "a number of seeds, or a list"]),
    ("seeds = 2", "seeds = 2.5", ["seeds = 2.5", "a number of seeds, or a list"]),
    ("seeds = 2", "seeds = true", ["seeds = True", "a number of seeds, or a list"]),
    ("seeds = 2", "seeds = [0, true]", ["seeds", "a whole number from 0 to 2147483647"]),
    ("stddev = 0.01", 'stddev = "small"', ["stddev", "above 0", "'small'"]),
    ("stddev = 0.01", "stddev = true", ["stddev", "above 0", "True"]),
    (ADAM, "3", ["training.optimizer = 3", "a table with the key 'name'"]),
    (ADAM, "{ learning_rate = 0.1 }", ["training.optimizer", "'name' is missing"]),
    ("learning_rate = 0.001", "amsgrad = 1", ["Adam: amsgrad must be true or false, not 1"]),
    # Ranges
    ("epochs = 2", "epochs = -1", ["training.epochs = -1", "greater than or equal to 0"]),
    ("epochs = 2", "epochs = 100001", ["training.epochs = 100001", "less than or equal to 100000"]),
    ("size = 64", "size = 0", ["training.batch_size = 0", "greater than or equal to 1"]),
    ("split = 0.2", "split = 0.0", ["training.validation_split = 0.0", "greater than 0"]),
    ("split = 0.2", "split = 1", ["training.validation_split = 1", "less than 1"]),
    ("split = 0.2", "split = nan", ["training.validation_split = nan", "less than 1"]),
    ("split = 0.2", "split = inf", ["training.validation_split = inf", "less than 1"]),
    ("split = 0.2", "split = 0.2\ndata_fraction = 0", ["data_fraction = 0", "greater than 0"]),
    ("split = 0.2", "split = 0.2\ndata_fraction = 1.1", ["data_fraction = 1.1", "equal to 1"]),
    ("[16, 8]", "[]", ["network.hidden", "at least 1 item"]),
    ("[16, 8]", '"16 by 8"', ["network.hidden = '16 by 8'", '"LAYERS x WIDTH"']),
    ("[16, 8]", '"1001 x 8"', ["network.hidden = '1001 x 8'", '"LAYERS x WIDTH"']),
    ("[16, 8]", '"0 x 8"', ["network.hidden", "at least 1 item"]),
    ("[16, 8]", '"2 x 0"', ["network.hidden", "greater than or equal to 1"]),
    ("[16, 8]", "[16, 0]", ["network.hidden.1 = 0", "greater than or equal to 1"]),
    ("seeds = 2", "seeds = 0", ["seeds = 0", "from 1 to 10000"]),
    ("seeds = 2", "seeds = 10001", ["seeds = 10001", "from 1 to 10000"]),
    ("seeds = 2", "seeds = []", ["seeds", "empty"]),
    ("seeds = 2", "seeds = [-1]", ["seeds", "from 0 to 2147483647"]),
    ("seeds = 2", "seeds = [2147483648]", ["seeds", "from 0 to 2147483647"]),
    ("seeds = 2", "seeds = [4, 4]", ["seeds", "listed twice"]),
    ("stddev = 0.01", "stddev = 0", ["Small", "stddev must be a finite number above 0, not 0"]),
    ("stddev = 0.01", "stddev = -1.0", ["stddev must be a finite number above 0, not -1.0"]),
    ("stddev = 0.01", "stddev = inf", ["stddev must be a finite number above 0, not inf"]),
    ("stddev = 0.01", "stddev = nan", ["stddev must be a finite number above 0, not nan"]),
    ("stddev = 0.01", f"stddev = 0x1{'0' * 400}", ["stddev", "finite", "of 1601 bits"]),
    ("learning_rate = 0.001", "learning_rate = 0", ["learning_rate", "above 0", "not 0"]),
    ("learning_rate = 0.001", "beta_1 = 1.0", ["beta_1", "at least 0 and below 1", "not 1.0"]),
    (SMALL, 'initializer = "RandomUniform", minval = 1', ["minval must be below maxval"]),
    ('title = "A study"', 'title = ""', ["title = ''", "at least 1 character"]),
    ('"mnist"', '""', ["dataset = ''", "at least 1 character"]),
    # Names
    ('name = "Small"', 'name = "Zeros"', ["variants", "two variants are named 'Zeros'"]),
    ('name = "Small"', 'name = "zeros-"', ["variants", "'zeros-'", "have the same letters"]),
    ('name = "Small"', 'name = ""', ["variants", "name = ''", "must match"]),
    ('name = "Small"', 'name = "<b>"', ["name = '<b>'", "must match"]),
    ("RandomNormal", "HeNorml", ["no initializer 'HeNorml'", "did you mean 'HeNormal'?"]),
    ("RandomNormal", "he_normal", ["no initializer 'he_normal'", "HeNormal"]),
    ("RandomNormal", "xavier", ["no initializer 'xavier'", "GlorotNormal, GlorotUniform"]),
    ("RandomNormal", "Initializer", ["no initializer 'Initializer'"]),
    (
        SMALL,
        'initializer = "VarianceScaling", mode = "fan"',
        ["mode must be one of fan_in, fan_out, fan_avg, not 'fan'"],
    ),
    ('"Adam"', '"adam"', ["no optimizer 'adam'", "did you mean 'Adam'?"]),
    ('"Adam"', '"Magic"', ["no optimizer 'Magic'", "Adam, AdamW, Nadam, RMSprop, SGD"]),
    ('"relu"', '"RELU6"', ["network.activation = 'RELU6'", "'relu'", "'tanh'"]),
    ("sparse_categorical_crossentropy", "mse", ["training.loss = 'mse'", "crossentropy'"]),
    ("variants = [", "variants = []\nother = [", ["'other'"]),
    ('"relu"', '"relu"\nbias = "Zeroes"', ["network.bias = 'Zeroes'", "did you mean 'Zeros'?"]),
    (SMALL, 'initializer = "Zeros", output = "Nul"', ["variants.Small.output", "'Nul'"]),
    (SMALL, 'initializer = "Zeros", output = 3', ["variants.Small.output = 3", "'initializer'"]),
    # Measurements
    ("seeds = 2", 'seeds = 2\nmeasure = ["weight"]', ["measure.0 = 'weight'", "'weights'"]),
    ("seeds = 2", 'seeds = 2\nmeasure = "weights"', ["measure = 'weights'", "a list"]),
    ("seeds = 2", "seeds = 2\nmoments = [-1]", ["moments.0 = -1", "equal to 0"]),
    ("seeds = 2", "seeds = 2\ncurve_points = 0.5", ["curve_points = 0.5", "a whole number"]),
    # The file itself
    ("seeds = 2", "seeds = ", ["not valid TOML", "line 4"]),
    ("seeds = 2", "seeds = 2\nseeds = 3", ["not valid TOML", "line 5"]),
    ("[network]", "[network", ["not valid TOML", "line 9"]),
    ("seeds = 2", f"seeds = {'9' * 5000}", ["not valid TOML", "5000 digits"]),
    ("seeds = 2", f"seeds = {'[' * 5000}", ["not valid TOML", "recursion"]),
    ("seeds = 2", "extends = 3", ["extends = 3", "the path of another study file"]),
    ("seeds = 2", 'extends = "a\\u0000"', ["extends = ", "the path of another study file"]),
    ("seeds = 2", 'extends = "bad.toml"', ["extends itself"]),
    ("seeds = 2", 'extends = "gone.toml"', ["gone.toml", "cannot be read"]),
]
# What is put behind the good study, and what the message must name.
BAD_EXPERIMENTS: list[tuple[str, Sequence[str]]] = [
    ("[experiments]", ["experiments must be tables, such as [experiments.base]"]),
    ("[[experiments]]\na = 1", ["experiments must be tables"]),
    ("[experiments]\nbase = 3", ["experiments.base = 3: must be a table"]),
    ('[experiments."a b"]', ["experiments.a b", "letters, digits"]),
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
    ('[experiments.a.sweep]\n"training.epochs.x" = [1]', ["training.epochs holds no keys"]),
]
BAD_OVERRIDES: list[tuple[str, Sequence[str]]] = [
    ("training.epochs", ["must be KEY=VALUE, such as training.epochs=3"]),
    ("=3", ["must be KEY=VALUE"]),
    ("training..epochs=3", ["must be KEY=VALUE"]),
    ("trainig.epochs=3", ["no table 'trainig'", "did you mean 'training'?"]),
    ("training.epoch=3", ["training", "'epoch'", "did you mean 'epochs'?"]),
    ("training.epochs.x=3", ["training.epochs holds no keys"]),
    ("training.epochs.x.y=3", ["no table 'x'"]),
    ("training.epochs=many", ["training.epochs = 'many'", "a whole number"]),
    ("training.epochs=", ["training.epochs = ''", "a whole number"]),
    ("training.epochs=3\nseeds=5", ["training.epochs", "a whole number"]),
    (f"training.epochs={'9' * 5000}", ["training.epochs", "a whole number"]),
    (f"training.epochs=0x{'f' * 5000}", ["training.epochs", "of 20000 bits"]),
    ("variants.Smal.stddev=0.1", ["no variant 'Smal'", "did you mean 'Small'?"]),
    ("variants.0.stddev=0.1", ["no variant '0'", "Zeros, Small"]),
    ("variants.Small.stddev=-1", ["Small", "stddev", "above 0", "-1"]),
    ("variants.x=1", ["variants holds no keys"]),
    ("variants=[]", ["variants", "at least 1 item"]),
    ("seeds=[]", ["seeds", "empty"]),
    ("training.optimizer=SDG", ["no optimizer 'SDG'", "did you mean 'SGD'?"]),
]


def refused(path: Path, overrides: Sequence[str] = ()) -> str:
    """Return the message with which a study is refused, having checked its form."""
    with pytest.raises(StudyError) as caught:
        load_study(path, overrides)
    assert caught.value.exit_code == 2
    message = str(caught.value)
    assert "pydantic" not in message
    assert "Value error" not in message
    return message


@pytest.fixture
def good(tmp_path: Path) -> Path:
    """Return the path of a study that is in order."""
    path = tmp_path / "good.toml"
    path.write_text(GOOD, encoding="utf-8")
    return path


def test_the_study_that_the_bad_ones_spoil_is_good(good: Path) -> None:
    """Each value of the file stands in the study, and what is not given has Keras' default."""
    study = load_study(good)
    assert study.seeds == (0, 1)
    assert study.network.hidden == (16, 8)
    assert [variant.name for variant in study.variants] == ["Zeros", "Small"]
    assert study.variants[1].parameters == {"mean": 0.0, "stddev": 0.01}
    assert study.training.optimizer.parameters["beta_2"] == 0.999
    assert study.training.validation_split == 0.2


@pytest.mark.parametrize(("old", "new", "named"), BAD)
def test_a_bad_file_is_refused(tmp_path: Path, old: str, new: str, named: Sequence[str]) -> None:
    """The message names the file, the key, and the value or what is allowed."""
    assert old in GOOD
    path = tmp_path / "bad.toml"
    path.write_text(GOOD.replace(old, new, 1), encoding="utf-8")
    message = refused(path)
    for part in ["bad.toml" if "gone.toml" not in new else "gone.toml", *named]:
        assert part in message


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


@pytest.mark.parametrize(("override", "named"), BAD_OVERRIDES)
def test_a_bad_override_is_refused(good: Path, override: str, named: Sequence[str]) -> None:
    """The message names the override, and the value or what is allowed."""
    message = refused(good, [override])
    for part in [override[:40], *named]:
        assert part in message


def test_each_mistake_is_named_once(tmp_path: Path) -> None:
    """Three mistakes give three lines, each with the file and the key."""
    path = tmp_path / "bad.toml"
    bad = GOOD.replace("epochs = 2", "epochs = -2").replace("relu", "rely").replace("= 2", "= []")
    path.write_text(bad, encoding="utf-8")
    lines = refused(path).splitlines()
    assert [line.split(":")[0] for line in lines] == ["bad.toml"] * 3
    assert [line.split()[1].rstrip(":") for line in lines] == [
        "seeds",
        "network.activation",
        "training.epochs",
    ]


def test_a_file_that_is_not_text_is_refused(tmp_path: Path) -> None:
    """Bytes that are not UTF-8, a folder and a missing file are each named as what they are."""
    (tmp_path / "bytes.toml").write_bytes(b"title = '\xff'")
    (tmp_path / "folder.toml").mkdir()
    assert "is not UTF-8 text (byte 9)" in refused(tmp_path / "bytes.toml")
    assert "folder.toml: cannot be read" in refused(tmp_path / "folder.toml")
    assert "none.toml: cannot be read" in refused(tmp_path / "none.toml")


def test_a_circle_of_extends_is_refused(tmp_path: Path) -> None:
    """Files that extend each other are named in the order in which they were read."""
    for name, base in itertools.pairwise(["a.toml", "b.toml", "c.toml", "a.toml"]):
        (tmp_path / name).write_text(f'extends = "{base}"', encoding="utf-8")
    assert "extends itself, through a.toml → b.toml → c.toml" in refused(tmp_path / "a.toml")


def test_an_unknown_name_of_a_study_is_refused() -> None:
    """The message suggests the nearest study there is."""
    with pytest.raises(StudyError, match=r"no study 'quik' \(did you mean 'quick'\?\)") as caught:
        load_study("quik")
    assert caught.value.exit_code == 2


def test_two_variants_of_which_one_is_not_named_are_refused(good: Path) -> None:
    """A list of odd items is refused, not stumbled over, when an override looks into it."""
    message = refused(good, ["variants=[{name=[1]}, 3]", "variants.x.y=3"])
    assert "no variant 'x'" in message


@pytest.mark.parametrize(("batch", "split"), [(49, 0.2), (4, 0.99)])
def test_sizes_that_do_not_fit_the_data_are_refused(good: Path, batch: int, split: float) -> None:
    """A batch larger than the training rows, or a split that leaves none, is refused with sizes."""
    data = Description("d", "0", train_samples=60, test_samples=9, features=4, classes=3)
    study = load_study(good, [f"training.batch_size={batch}", f"training.validation_split={split}"])
    with pytest.raises(StudyError, match=r"training\.(batch_size|validation_split) = .*\d+") as e:
        runs(study, {"mnist": data})
    assert e.value.exit_code == 2


def test_a_batch_of_all_rows_is_good(good: Path) -> None:
    """The largest batch is as large as what is left to train on."""
    data = Description("d", "0", train_samples=60, test_samples=9, features=4, classes=3)
    assert len(runs(load_study(good, ["training.batch_size=48"]), {"mnist": data})) == 4


def as_file(tables: Any) -> str:
    """Return tables as TOML, one line a key, by nothing but TOML's own rules."""
    if isinstance(tables, dict):
        inner = ", ".join(f"{json.dumps(key)} = {as_file(value)}" for key, value in tables.items())
        return f"{{ {inner} }}"
    if isinstance(tables, list):
        return f"[{', '.join(map(as_file, tables))}]"
    return json.dumps(tables)


@pytest.mark.parametrize("name", [None, "quick"])
def test_a_study_survives_the_way_out_and_in(name: str | None, tmp_path: Path) -> None:
    """Its tables, through JSON or a TOML file, make an equal study: experiments, points and all."""
    study = load_study(name)
    tables = json.loads(json.dumps(study.tables()))
    again = build_study(tables, "again")
    assert again == study
    assert {name: each.points for name, each in again.experiments.items()} == {
        name: each.points for name, each in study.experiments.items()
    }
    path = tmp_path / "again.toml"
    lines = [f"{json.dumps(key)} = {as_file(value)}" for key, value in tables.items()]
    path.write_text("\n".join(lines), encoding="utf-8")
    assert load_study(path) == study


@pytest.mark.parametrize("name", [None, "quick"])
def test_a_dumped_study_can_be_validated(name: str | None) -> None:
    """What pydantic dumps as JSON, pydantic validates to an equal study."""
    study = load_study(name)
    assert Study.model_validate(study.model_dump()) == study
    assert Study.model_validate(json.loads(study.model_dump_json())) == study


def test_tables_say_what_a_person_would_write(good: Path) -> None:
    """Equal layers are a stack, the first seeds a number, parameters stand beside their class."""
    overrides = ["network.hidden=3 x 7", "seeds=[0, 1, 2]", "network.bias=Ones"]
    tables = load_study(good, overrides).tables()
    assert tables["network"]["hidden"] == "3 x 7"
    assert tables["network"]["bias"] == {"initializer": "Ones"}
    assert tables["seeds"] == 3
    assert tables["variants"][1] == {
        "name": "Small", "initializer": "RandomNormal", "mean": 0.0, "stddev": 0.01,
    }  # fmt: skip
    assert tables["experiments"]["base"]["training"]["optimizer"]["learning_rate"] == 0.001
    assert load_study(good, ["seeds=[0, 2]"]).tables()["seeds"] == [0, 2]
    assert load_study(good, ["seeds=[0]", "network.hidden=2 x 7"]).tables()["network"][
        "hidden"
    ] == [7, 7]


def with_experiments(good: Path, text: str) -> Study:
    """Return the good study with experiments behind it."""
    path = good.with_name("experiments.toml")
    path.write_text(f"{GOOD}\n{text}\n", encoding="utf-8")
    return load_study(path)


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


def test_a_zero_output_kernel_is_a_variant(good: Path) -> None:
    """A variant may give the output kernel an initializer of its own, with parameters."""
    study = load_study(good, ['variants.Small.output={ initializer = "RandomNormal", stddev = 2 }'])
    output = study.variants[1].output
    assert output is not None
    assert (output.initializer, output.parameters["stddev"]) == ("RandomNormal", 2.0)
    assert study.variants[0].output is None


def test_the_base_study_is_the_notebook() -> None:
    """The default study is the experiment of the notebook, with twenty seeds."""
    study = load_study()
    assert study.seeds == tuple(range(20))
    assert study.network.hidden == (128, 64)
    assert study.network.activation == "relu"
    assert study.training.batch_size == 64
    assert study.training.epochs == 10
    assert study.training.validation_split == 0.2
    assert study.training.optimizer.name == "Adam"
    assert study.training.optimizer.parameters["learning_rate"] == 0.001
    assert [variant.initializer for variant in study.variants] == [
        "Zeros",
        "RandomNormal",
        "GlorotNormal",
        "HeNormal",
    ]


def test_the_quick_study_has_every_experiment_but_smaller() -> None:
    """It asks the same questions, with fewer runs of each and less data, and trains as a test."""
    whole, quick = load_study(), load_study("quick")
    assert list(quick.experiments) == list(whole.experiments)
    assert quick.variants == whole.variants
    assert quick.network == whole.network
    for name, experiment in quick.experiments.items():
        large = whole.experiments[name]
        assert experiment.title == large.title
        assert experiment.measure == large.measure
        assert list(experiment.sweep) == list(large.sweep)
        counts = [sum(len(p.settings.seeds) for p in each.points) for each in (experiment, large)]
        assert counts[0] < counts[1]
        for small in experiment.points:
            assert small.settings.training.epochs <= large.training.epochs
            assert small.settings.training.data_fraction <= large.training.data_fraction


def test_the_files_of_a_study_are_its_own_and_those_it_extends() -> None:
    """A build that depends on a study depends on both of its files."""
    own, base = file.files(ROOT / "studies" / "quick.toml")
    assert own.name == "quick.toml"
    assert base.resolve() == ROOT / "study.toml"


def test_the_files_of_a_broken_study_are_those_that_can_be_read(tmp_path: Path) -> None:
    """A preview watches a study while it is being written, and waits for it to be mended."""
    own, base = tmp_path / "own.toml", tmp_path / "base.toml"
    own.write_text('extends = "base.toml"')
    assert file.files(own) == (own, base)  # which is not there yet
    base.write_text("title =")
    assert file.files(own) == (own, base)
    base.write_text('extends = "own.toml"')
    assert file.files(own) == (own, base)
    for text in ("extends = 3", 'extends = "\\u0000"', "extends =", "\xff"):
        own.write_text(text, encoding="latin-1")
        assert file.files(own) == (own,)


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


def test_a_study_is_frozen(good: Path) -> None:
    """No value can be set after a study was built, at any depth."""
    study = load_study(good)
    for part, name in [(study, "seeds"), (study.training, "epochs"), (study.variants[0], "name")]:
        with pytest.raises(ValidationError, match="frozen"):
            setattr(part, name, getattr(part, name))


LEAVES = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.integers(1, 20000).map(lambda bits: 1 << bits)
    | st.floats()
    | st.text(max_size=8)
    | st.just(date(2026, 1, 1))
)
NAMES = ["title", "dataset", "seeds", "network", "hidden", "activation", "training", "optimizer"]
NAMES += ["learning_rate", "loss", "batch_size", "epochs", "validation_split", "variants", "name"]
NAMES += ["experiments", "sweep", "points", "measure", "moments", "network.hidden", "output"]
NAMES += ["initializer", "parameters", "stddev", "Adam", "RandomNormal", "VarianceScaling"]
WORDS = st.sampled_from(NAMES)
KEYS = WORDS | st.text(max_size=8)
TABLES = st.recursive(
    LEAVES | WORDS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(KEYS, inner, max_size=4),
    max_leaves=12,
)
PLACES = [
    (),
    *(("title",), ("dataset",), ("seeds",), ("network",), ("network", "hidden")),
    *(("network", "activation"), ("training",), ("training", "optimizer"), ("training", "epochs")),
    *(("training", "optimizer", "name"), ("training", "optimizer", "learning_rate")),
    *(("training", "batch_size"), ("training", "validation_split"), ("variants",)),
    *(("variants", 0), ("variants", 1, "name"), ("variants", 1, "initializer")),
    ("variants", 1, "stddev"),
    *(("experiments",), ("experiments", "a"), ("experiments", "a", "sweep")),
    *(("experiments", "a", "seeds"), ("experiments", "a", "sweep", "training.epochs")),
]
SWEPT = '\n[experiments.a]\nseeds = 1\nsweep = { "training.epochs" = [1] }\n'


@given(place=st.sampled_from(PLACES), value=TABLES)
@example(place=("seeds",), value=[[]])
@example(place=("variants",), value=[{"name": {}, "initializer": []}])
@example(place=("variants", 1, "name"), value=1 << 20000)
def test_whatever_stands_in_a_study_only_a_study_error_comes_out(
    place: tuple[Any, ...], value: Any
) -> None:
    """Any value in any place makes a study or a StudyError that names the source, nothing else."""
    whole: Any = {"": tomllib.loads(GOOD + SWEPT)}
    target, last = whole, ""
    for step in place:
        target, last = target[last], step
    target[last] = value
    try:
        build_study(whole[""], "made.toml")
    except StudyError as error:
        message = str(error)
    else:
        message = "made.toml: is good"
    assert message.startswith("made.toml: ")


@given(key=KEYS, rest=KEYS, value=st.text(max_size=12))
def test_whatever_an_override_says_only_a_study_error_comes_out(
    key: str, rest: str, value: str
) -> None:
    """Any KEY=VALUE makes a study or a StudyError, nothing else."""
    with contextlib.suppress(StudyError):
        assert isinstance(load_study("quick", [f"{key}.{rest}={value}"]), Study)
