"""Studies: those of the project, their way out and in, and whatever else may stand in one."""

import json
import tomllib
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import ValidationError

from analysis.errors import StudyError
from analysis.study import file
from analysis.study.file import build_study
from analysis.study.model import Study
from analysis.study.network import Bias
from build import ROOT
from tests.analysis.study.good import GOOD, KEYS, WORDS, with_experiments
from tests.made.results.studies import load_study


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


def test_a_zero_output_kernel_is_a_variant(good: Path) -> None:
    """A variant may give the output kernel an initializer of its own, with parameters."""
    study = load_study(good, ['variants.Small.output={ initializer = "RandomNormal", stddev = 2 }'])
    output = study.variants[1].output
    assert output is not None
    assert (output.initializer, output.parameters["stddev"]) == ("RandomNormal", 2.0)
    assert study.variants[0].output is None


def test_the_base_study_is_the_notebook() -> None:
    """The default study is the experiment of the notebook, with twenty seeds of its own block."""
    study = load_study()
    assert study.seeds == tuple(range(3000, 3020))
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


def test_words_that_are_not_used_are_not_written(good: Path) -> None:
    """A study without them has the tables that it had before they were known."""
    tables = load_study(good).tables()
    assert tables["network"].keys() == {"hidden", "activation", "bias"}
    assert tables["network"]["bias"] == {"initializer": "Zeros"}
    assert "bias" not in tables["variants"][0]
    assert load_study(good, ["network.dropout=0.0", "network.residual=false"]).tables() == tables


WORDED = [
    "network.normalization=batch", "network.residual=true", "network.branch=1/sqrt(depth)",
    "network.dropout=0.5", "network.convolution=[{ filters = 2, size = 3 }]",
    "network.kernel_seed=shared", "network.bias={ initializer = 'HeNormal', fans = 'kernel' }",
    "variants.Small.bias=Ones",
]  # fmt: skip


def test_words_that_are_used_survive_the_way_out_and_in(good: Path) -> None:
    """Written as tables and read again they make an equal study, in every experiment."""
    study = load_study(good, WORDED)
    again = build_study(json.loads(json.dumps(study.tables())), "again")
    assert again == study
    assert again.experiments["base"].points[0].settings.network == study.network
    assert study.network.beyond_dense == (
        "normalization", "residual", "dropout", "convolution", "kernel_seed",
    )  # fmt: skip
    assert study.tables()["network"]["convolution"] == [{"filters": 2, "size": 3, "pool": 1}]


@pytest.mark.parametrize(
    ("words", "factor"),
    [
        ([], None),
        (["branch=0.5"], None),
        (["residual=true"], 1.0),
        (["residual=true", "branch=2"], 2.0),
        (["residual=true", "branch=1/sqrt(depth)", "hidden=4 x 8"], 0.5),
        (
            ["residual=true", "branch=1/sqrt(depth)", "convolution=[{ filters = 1, size = 1 }]"],
            1 / 3**0.5,
        ),
    ],
)
def test_a_branch_has_a_factor_where_there_is_one(
    good: Path, words: list[str], factor: float | None
) -> None:
    """By depth it is one over the root of all hidden layers; without a residual layer, none."""
    network = load_study(good, [f"network.{word}" for word in words]).network
    assert network.factor == pytest.approx(factor)


def test_a_sweep_may_be_over_any_word(good: Path) -> None:
    """Numbers and a text of one key are values like any other, beside those of other keys."""
    study = with_experiments(
        good,
        """
        [experiments.base]
        network.residual = true
        [experiments.base.sweep]
        "network.branch" = [0.5, "1/sqrt(depth)"]
        "network.normalization" = ["none", "layer"]
        """,
    )
    points = study.experiments["base"].points
    assert [tuple(point.coordinates.values()) for point in points] == [
        (0.5, "none"), (0.5, "layer"), ("1/sqrt(depth)", "none"), ("1/sqrt(depth)", "layer"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("bias", "variance"),
    [
        ({"initializer": "RandomNormal", "stddev": 0.5}, 0.25),
        ({"initializer": "LecunUniform"}, 1 / 8),
        ({"initializer": "LecunUniform", "fans": "kernel"}, 1 / 32),
        ({"initializer": "HeNormal", "fans": "kernel"}, 2 / 32),
    ],
)
def test_a_bias_has_the_variance_of_its_fans(bias: dict[str, Any], variance: float) -> None:
    """Of a layer 32 → 8 both fans of the bias are 8, and fan_in of the kernel is 32."""
    assert Bias.model_validate(bias).variance(32, 8) == pytest.approx(variance)
