"""Runs and their identity: it follows whatever can change a number, and nothing else."""

import re
from collections.abc import Collection
from dataclasses import replace
from pathlib import Path

import pytest

from analysis.data.dataset import Description
from analysis.errors import InputError, StudyError
from analysis.plan.planning import runs
from analysis.plan.run import Run
from analysis.study.file import build_study
from analysis.study.model import Study
from build import ROOT
from tests.made.results.studies import load_study

DATA = Description("mnist", "00ff", 60000, 10000, 784, 10)
BASE = ("base",)


def planned(study: Study, data: Description = DATA, only: Collection[str] = BASE) -> list[Run]:
    """Return the runs of a study's base experiment, or of others."""
    return list(runs(study, dict.fromkeys(("mnist", "fashion-mnist"), data), only))


def identities(study: Study, data: Description = DATA) -> list[str]:
    """Return the identities of the base experiment's runs, in the order planned."""
    return [run.id for run in planned(study, data)]


def quick(*overrides: str) -> Study:
    """Return the quick study with overrides: two seeds of four variants in its base experiment."""
    return load_study("quick", overrides)


@pytest.mark.parametrize(
    "override",
    [
        "network.hidden=[64]",
        "network.activation=tanh",
        "training.optimizer=SGD",
        "training.optimizer.learning_rate=0.002",
        "training.optimizer.epsilon=1e-8",
        "training.batch_size=63",
        "training.epochs=0",
        "training.validation_split=0.25",
        "training.data_fraction=0.5",
        "network.bias=Ones",
        "network.normalization=batch",
        "network={ residual = true, hidden = [16, 16], activation = 'relu' }",
        "network.dropout=0.1",
        "network.convolution=[{ filters = 2, size = 3 }]",
        "network.kernel_seed=shared",
        "seeds=[7, 8]",
    ],
)
def test_a_hyperparameter_changes_every_run(override: str) -> None:
    """No run of the changed study is one of the study before."""
    assert not set(identities(quick())) & set(identities(quick(override)))


def test_the_data_change_every_run() -> None:
    """The same study on other data has no run in common."""
    other = replace(DATA, digest="other")
    assert not set(identities(quick())) & set(identities(quick(), other))


@pytest.mark.parametrize(
    "override",
    [
        "title=Other",
        "experiments.base.title=Other",
        "training.optimizer={name='Adam'}",
        "network.bias=Zeros",
        "network.branch=0.5",
        "network.dropout=0.0",
        "experiments.base.measure=['histograms']",
        "experiments.base.moments=[0.5]",
        "experiments.base.curve_points=5",
        "experiments.base.keep_state=false",
        "training.epochs=3",
        "training.data_fraction=0.99999999",
        "variants.HeNormal.output=HeNormal",
    ],
)
def test_what_changes_no_number_changes_no_run(override: str) -> None:
    """Titles matter to no run, nor a default, nor how long it is trained and what is measured."""
    assert identities(quick(override)) == identities(quick())


def test_comments_layout_and_order_in_a_file_change_no_run(tmp_path: Path) -> None:
    """A file that says the same in other words, order and whitespace has the same runs."""
    text = (ROOT / "study.toml").read_text(encoding="utf-8")
    head, _, tables = text.partition("[network]")
    network, _, rest = tables.partition("[training]")
    training, _, experiments = rest.partition("[experiments.base]")
    lines = training.splitlines()
    turned = "\n".join([*reversed([line for line in lines if "=" in line]), "# the end"])
    path = tmp_path / "same.toml"
    path.write_text(
        f"{head}# a comment\n[training]\n{turned}\n\n[network]{network}"
        f"[experiments.base]{experiments}",
        "utf-8",
    )
    assert turned != training
    every = tuple(load_study().experiments)
    assert planned(load_study(path), only=every) == planned(load_study(), only=every)
    spelled = ["training.optimizer={learning_rate=1e-3, name='Adam', beta_1=0.9}"]
    assert identities(load_study(path, spelled)) == identities(load_study())


def test_what_is_only_measured_differently_is_the_same_run() -> None:
    """The same training, watched at other moments and for fewer epochs, is trained once."""
    ids = {run.id for run in planned(quick("experiments.dynamics.seeds=2"), only=("dynamics",))}
    assert ids == set(identities(quick()))


def test_a_network_that_is_never_trained_has_no_optimizer() -> None:
    """Neither another learning rate nor another batch gives other untrained runs."""
    plain = planned(quick(), only=("propagation",))
    changes = ["training.optimizer.learning_rate=0.002", "training.batch_size=128"]
    changed = planned(quick(*changes), only=("propagation",))
    assert [run.id for run in changed] == [run.id for run in plain]
    assert {run.settings.optimization for run in plain} == {None}


@pytest.mark.parametrize(
    ("moments", "epochs", "taken"),
    [
        ([], 2, [0, 2]),
        ([0.5, 1.5, 0.5], 2, [0, 0.5, 1.5, 2]),
        ([0.001, 0.9999, 2, 7], 2, [0, 1 / 750, 1, 2]),
        ([1.99999], 2, [0, 2]),
        ([0.5], 0, [0]),
    ],
)
def test_moments_are_at_steps(moments: list[float], epochs: int, taken: list[float]) -> None:
    """Each is at the end of the nearest of 750 steps; before, after, and none beyond."""
    changes = [f"experiments.base.moments={moments}", f"experiments.base.training.epochs={epochs}"]
    study = load_study(None, [*changes, "experiments.base.measure=['weights', 'signals']"])
    asked = planned(study)[0].asked
    assert asked.epochs == epochs
    assert asked.measurements == {(w, m) for w in ("weights", "signals") for m in taken}


@pytest.mark.parametrize("key", ["training.epochs=[1, 2]", "curve_points=[1, 2]"])
def test_a_sweep_that_changes_no_run_is_refused(key: str) -> None:
    """How far a run is trained and what is kept of it makes no second run of it."""
    name, _, values = key.partition("=")
    study = quick(f"experiments.gain.sweep={{ '{name}' = {values} }}")
    with pytest.raises(StudyError, match=r"experiments\.gain\.sweep: the points 1 and 2"):
        planned(study, only=("gain",))


def test_variants_in_another_order_are_the_same_runs() -> None:
    """The order of variants is one of presentation."""
    study = quick()
    tables = study.tables()
    tables["experiments"]["base"]["variants"].reverse()
    turned = build_study(tables, "turned")
    assert identities(turned) != identities(study)
    assert sorted(identities(turned)) == sorted(identities(study))


def test_runs_are_planned_seed_by_seed() -> None:
    """Whoever stops a build early has whole pairs: all variants of a seed stand together."""
    found = planned(quick())
    names = ["Zeros", "RandomNormal", "GlorotNormal", "HeNormal"]
    assert [(run.seed, run.variant) for run in found] == [
        (s, n) for s in (3000, 3001) for n in names
    ]
    assert {run.experiment for run in found} == {"base"}
    assert len({run.id for run in found}) == 8


def test_a_sweep_is_planned_seed_by_seed_too() -> None:
    """Every point and variant of a seed comes before the next seed, with its coordinates."""
    study = quick("experiments.scale.seeds=2", "experiments.scale.training.epochs=1")
    found = planned(study, only=("scale",))
    points = study.experiments["scale"].points
    assert [(run.seed, run.point) for run in found] == [
        (seed, point) for seed in (3000, 3001) for point in range(len(points))
    ]
    for run in found:
        assert run.coordinates == points[run.point].coordinates
        assert dict(run.settings.kernel.parameters)["stddev"] == run.coordinates["stddev"]
        assert run.settings.optimization is not None
        assert (
            run.settings.optimization.optimizer
            == points[run.point].settings.training.optimizer.name
        )


def test_only_the_experiments_asked_for_are_planned() -> None:
    """They come in the order of the study; an unknown one is named with the nearest."""
    found = planned(quick(), only=("gain", "base"))
    assert list(dict.fromkeys(run.experiment for run in found)) == ["base", "gain"]
    everything = runs(quick(), dict.fromkeys(("mnist", "fashion-mnist"), DATA))
    assert list(dict.fromkeys(run.experiment for run in everything)) == list(quick().experiments)
    with pytest.raises(InputError, match=r"no such experiment \(did you mean 'gain'\?\)"):
        planned(quick(), only=("gian",))
    with pytest.raises(InputError, match="--experiment '': no such experiment"):
        planned(quick(), only=("",))


def test_sizes_are_checked_at_every_point() -> None:
    """A batch that is too large at one point of a sweep is refused, and its experiment named."""
    study = quick("experiments.gain.sweep={ 'training.data_fraction' = [0.5, 0.001] }")
    with pytest.raises(StudyError, match=r"experiments\.gain: training\.batch_size = 64.* 48,"):
        planned(study, only=("gain",))


def test_a_split_is_shown_as_it_was_written() -> None:
    """Not rounded to what would be refused by itself."""
    with pytest.raises(StudyError, match=r"validation_split = 0\.99999999: leaves 0 rows"):
        planned(quick("training.validation_split=0.99999999"))


@pytest.mark.parametrize(("batch", "split"), [(49, 0.2), (4, 0.99)])
def test_sizes_that_do_not_fit_the_data_are_refused(batch: int, split: float) -> None:
    """A batch larger than the training rows, or a split that leaves none, is refused with sizes."""
    data = Description("d", "0", train_samples=60, test_samples=9, features=4, classes=3)
    changes = [f"training.batch_size={batch}", f"training.validation_split={split}"]
    study = load_study(None, changes)
    with pytest.raises(StudyError, match=r"training\.(batch_size|validation_split) = .*\d+") as e:
        runs(study, {"mnist": data}, BASE)
    assert e.value.exit_code == 2


def test_a_batch_of_all_rows_is_good() -> None:
    """The largest batch is as large as what is left to train on."""
    data = Description("d", "0", train_samples=60, test_samples=9, features=4, classes=3)
    assert len(planned(load_study(None, ["training.batch_size=48"]), data)) == 80


def test_too_small_a_share_of_the_rows_is_blamed_on_the_share() -> None:
    """A split that would do is not the mistake where data_fraction leaves no row."""
    with pytest.raises(StudyError, match=r"training\.data_fraction = 1e-06: leaves 0 rows"):
        planned(load_study(None, ["training.data_fraction=1e-6"]))


def test_a_variant_may_have_biases_of_its_own() -> None:
    """They take the place of the network's, in this variant alone; the others keep their runs."""
    own = "{ initializer = 'VarianceScaling', fans = 'kernel' }"
    before, after = (planned(quick(*words)) for words in ([], [f"variants.HeNormal.bias={own}"]))
    for old, new in zip(before, after, strict=True):
        assert (old.id == new.id) == (new.variant != "HeNormal") == (not new.own_bias)
    he = next(run.settings for run in after if run.own_bias)
    assert (he.bias.name, he.bias_fans) == ("VarianceScaling", "kernel")
    assert (he.kernel.name, he.output_kernel.name) == ("HeNormal", "HeNormal")


FIRST = "{ filters = 4, size = 3, pool = 2 }"
CONVOLVED = f"network.convolution=[{FIRST}, {{ filters = 1, size = 3, pool = 15 }}]"


@pytest.mark.parametrize(
    ("words", "data", "said"),
    [
        (
            ["network.residual=true"],
            DATA,
            "network.residual = true: no hidden layer is as wide as its input: the widths are "
            "784, 128, 64; two in a row must be equal",
        ),
        ([CONVOLVED], DATA, "convolution.1.pool = 15: leaves nothing of an image of 14 pixels"),
        (
            [CONVOLVED],
            replace(DATA, image=(14, 56)),
            "network.convolution: needs square images of one channel; those of 'mnist' are 14 × 56",
        ),
        ([CONVOLVED], replace(DATA, features=12), "those of 'mnist' are 12"),
        (
            [
                "network.convolution=[{ filters = 4, size = 3 }]",
                "variants.Zeros.initializer=Identity",
            ],
            DATA,
            "network.convolution: Identity draws no kernel of a convolution",
        ),
    ],
)
def test_a_network_that_the_data_do_not_fit_is_refused(
    words: list[str], data: Description, said: str
) -> None:
    """The experiment and the key are named, with what the data are."""
    with pytest.raises(StudyError, match=re.escape(said)) as caught:
        planned(quick(*words), data)
    assert str(caught.value).startswith("experiments.base: network.")


@pytest.mark.parametrize("hidden", ["[784, 64]", "[16, 16]", "[8, 16, 16]"])
def test_one_pair_of_equal_widths_makes_a_residual_network(hidden: str) -> None:
    """The input counts as one of them: a first layer as wide as the data has a branch."""
    (run, *_) = planned(quick("network.residual=true", f"network.hidden={hidden}"))
    assert run.settings.branch == 1.0
