"""Why runs are to be trained, in the words of the study, beside a store that has another one."""

from collections.abc import Sequence
from dataclasses import replace

import pytest

from analysis.plan import planning, work
from analysis.plan.changes.runs import Difference, Stored
from analysis.plan.result import Record
from analysis.plan.run import Run
from analysis.plan.work import Done
from analysis.study.file import build_study
from analysis.study.model import Study
from tests.analysis.plan.test_planning import DATA
from tests.made.results.studies import load_study, ten

DATASETS = {"mnist": DATA, "fashion-mnist": replace(DATA, name="fashion-mnist", digest="ff00")}


def runs(study: Study) -> tuple[Run, ...]:
    """Return all runs of a study."""
    return planning.runs(study, DATASETS)


class Made:
    """What a store has once these runs were trained, all as they are asked for."""

    def __init__(self, trained: Sequence[Run]) -> None:
        self.done = dict[str, Done]()
        self.records = list[Record]()
        for task in work.tasks(trained, {}):
            run, asked = task.run, task.run.asked
            self.done[run.id] = Done(asked.epochs, None, asked.measurements, asked.keep_state)
            self.records.append(
                Record(run.id, run.settings, asked.epochs, asked.measurements, 1.0, 1.0, 0.0, True)
            )

    def reasons(self, study: Study) -> dict[str, str]:
        """Return why the runs of each experiment of a study are to be trained, if they are."""
        planned = runs(study)
        beside = Stored(self.records, planned, DATASETS)
        found = {}
        for name in study.experiments:
            own = [run for run in planned if run.experiment == name]
            if tasks := work.tasks(own, self.done):
                found[name] = str(beside.reasons(tasks, self.done))
        return found


@pytest.fixture(scope="module")
def whole() -> Made:
    """Return what is stored after ten experiments of the default study."""
    return Made(runs(ten()))


BATCH = "training.batch_size: 64 → 128"
RATE = "training.optimizer.learning_rate: 0.001 → 0.002"
STDDEV = "variants.RandomNormal.stddev: 0.05 → 0.02"
TRAINED = ["base", "dynamics", "scale", "depth", "activation", "symmetry", "chaos", "gain"]


@pytest.mark.parametrize(
    ("overrides", "reasons"),
    [
        ([], {}),
        (["title=Other"], {}),
        (["training.epochs=5"], {}),
        (["seeds=3"], {}),
        (["training.epochs=12"], {"base": "training.epochs: 10 → 12"}),
        (["training.batch_size=128"], dict.fromkeys(TRAINED, BATCH)),
        (["experiments.base.training.batch_size=128"], {"base": BATCH}),
        (["experiments.dynamics.training.batch_size=128"], {"dynamics": BATCH}),
        (
            ["training.optimizer.learning_rate=0.002"],
            {"base": RATE, "dynamics": RATE, "symmetry": RATE},
        ),
        (["seeds=25"], {"base": "new seeds 20 … 24"}),
        (["experiments.base.seeds=[0, 1, 2, 30, 32]"], {"base": "new seeds 30, 32"}),
        (
            ["seeds=25", "training.epochs=12"],
            {"base": "training.epochs: 10 → 12; new seeds 20 … 24"},
        ),
        (
            ["seeds=21", "experiments.base.training.batch_size=128"],
            {"base": f"{BATCH}; new seed 20"},
        ),
        (
            ["variants.RandomNormal.stddev=0.02"],
            {"base": STDDEV, "dynamics": STDDEV, "propagation": STDDEV},
        ),
        (
            ["experiments.base.network.normalization=batch"],
            {"base": "network.normalization: none → batch"},
        ),
        (["experiments.base.network.dropout=0.1"], {"base": "network.dropout: 0.0 → 0.1"}),
        (
            ["experiments.base.network.kernel_seed=shared"],
            {"base": "network.kernel_seed: own → shared"},
        ),
        (
            ["experiments.propagation.network.residual=true"],
            {"propagation": "network.residual: false → true"},
        ),
        (
            ["experiments.base.network.convolution=[{ filters = 8, size = 3 }]"],
            {"base": "network.convolution: [] → [{ filters = 8, size = 3, pool = 1 }]"},
        ),
        (
            ["experiments.base.network.bias={ initializer = 'HeNormal', fans = 'kernel' }"],
            {"base": "network.bias: Zeros → HeNormal; network.bias.fans: bias → kernel"},
        ),
        (
            ["variants.HeNormal.bias=Ones"],
            dict.fromkeys(
                ["base", "dynamics", "propagation"], "variants.HeNormal.bias: Ones, new"
            ),
        ),
        (
            ["experiments.base.measure=['weights', 'correlation']"],
            {"base": "correlation was not measured"},
        ),
        (
            ["experiments.base.measure=['weights', 'signals', 'histograms']"],
            {"base": "histograms were not measured"},
        ),
        (
            ["experiments.base.measure=['weights', 'symmetry']"],
            {"base": "symmetry was not measured"},
        ),
        (
            ["experiments.symmetry.moments=[0.02, 0.1, 0.25, 0.5, 1]"],
            {"symmetry": "a moment at 0.25 epochs was not measured"},
        ),
        (
            ["experiments.symmetry.moments=[0.25, 0.75, 1.5]"],
            {"symmetry": "moments at 0.25, 0.75, 1.5 epochs were not measured"},
        ),
        (
            ["experiments.scale.training.epochs=3"],
            {"scale": "training.epochs: 2 → 3; no checkpoint to go on from"},
        ),
        (
            ["experiments.base.network.hidden=4 x 64"],
            {"base": "network.hidden: [128, 64] → 4 x 64"},
        ),
        (
            ["experiments.chaos.network.bias=Ones"],
            {"chaos": "network.bias: RandomNormal → Ones"},
        ),
        (
            ["experiments.base.training.validation_split=0.25"],
            {"base": "training.validation_split: 0.2 → 0.25"},
        ),
        (
            ["experiments.gain.training.data_fraction=0.5"],
            {"gain": "training.data_fraction: 0.24 → 0.5"},
        ),
        (
            ["experiments.base.network.activation=tanh", "experiments.base.training.batch_size=32"],
            {"base": "network.activation: relu → tanh; training.batch_size: 64 → 32"},
        ),
        (["experiments.symmetry.training.epochs=0"], {"symmetry": "training.epochs: 0, new"}),
        (["experiments.glorot.training.epochs=1"], {"glorot": "training.epochs: 0 → 1"}),
        (
            ["experiments.symmetry.training.optimizer=RMSprop"],
            {"symmetry": "training.optimizer: Adam → RMSprop"},
        ),
        (
            ["experiments.symmetry.training.optimizer={name='SGD', momentum=0.9, nesterov=true}"],
            {
                "symmetry": "training.optimizer: Adam → "
                '{name = "SGD", momentum = 0.9, nesterov = true}'
            },
        ),
        (
            ["experiments.chaos.network.bias={initializer='RandomUniform', maxval=0.5}"],
            {
                "chaos": "network.bias: RandomNormal → "
                '{initializer = "RandomUniform", maxval = 0.5}'
            },
        ),
    ],
)  # fmt: skip
def test_each_change_is_told_where_it_reaches(
    whole: Made, overrides: list[str], reasons: dict[str, str]
) -> None:
    """An experiment that stays, such as one that is never trained, has nothing to tell."""
    assert whole.reasons(ten(*overrides)) == reasons


def changed(**experiments: dict[str, object]) -> Study:
    """Return those experiments with these keys of some experiments."""
    tables = ten().tables()
    for name, keys in experiments.items():
        tables["experiments"].setdefault(name, {}).update(keys)
    return build_study(tables, "changed")


def test_a_new_variant_is_told_by_name(whole: Made) -> None:
    """Also where it has the initializer of another one, with other parameters."""
    known = ten().tables()["experiments"]["base"]["variants"]
    small = {"name": "Small", "initializer": "RandomNormal", "stddev": 0.02}
    lecun = {"name": "LecunNormal", "initializer": "LecunNormal"}
    study = changed(base={"variants": [*known, lecun]})
    assert whole.reasons(study) == {"base": "new variant LecunNormal"}
    study = changed(base={"variants": [*known, lecun, small]})
    assert whole.reasons(study) == {"base": "new variants LecunNormal, Small"}


def test_values_that_join_a_sweep_are_told_alone(whole: Made) -> None:
    """One in the place of another is told with that."""
    scales, depths = "variants.Normal.scale", "network.hidden"
    deep = [f"{depth} x 100" for depth in (10, 20, 30, 40, 50)]
    sweep: dict[str, object] = {scales: [1.0, 1.5, 2.0, 2.5, 3.0, 4.0], depths: deep}
    assert whole.reasons(changed(gain={"sweep": sweep})) == {"gain": f"{depths}: 50 x 100, new"}
    sweep = {scales: [1.0, 1.6, 2.0, 2.5, 3.0, 4.0], depths: deep[:4]}
    assert whole.reasons(changed(gain={"sweep": sweep})) == {"gain": f"{scales}: 1.5 → 1.6"}
    sweep = {scales: [1.0, 1.1, 1.2, 1.5, 1.7, 1.8, 2.0, 2.5, 3.0, 4.0], depths: deep[:4]}
    assert whole.reasons(changed(gain={"sweep": sweep})) == {
        "gain": f"{scales}: 1.1, 1.2, 1.7, …, new"
    }


def test_a_new_experiment_is_like_nothing_that_others_have(whole: Made) -> None:
    """What others ask for is no earlier form of it."""
    new: dict[str, object] = {"network": {"hidden": "3 x 32", "activation": "elu"}, "seeds": 2}
    assert whole.reasons(changed(mine=new)) == {"mine": "nothing like it is stored"}


def test_an_interrupted_training_keeps_its_reason() -> None:
    """What is left of it is told as all of it was."""
    study = ten("experiments.base.training.batch_size=128")
    begun = [run for run in runs(study) if run.experiment != "base" or run.seed < 7]
    made = Made([*runs(ten()), *begun])
    assert made.reasons(study) == {"base": BATCH}


def test_beside_an_empty_store_nothing_is_told() -> None:
    """A first training needs no reason."""
    assert set(Made([]).reasons(ten()).values()) == {""}


def test_other_data_are_told_by_name() -> None:
    """What follows from their sizes is not told beside it."""
    other = replace(DATA, digest="other", train_samples=1000, test_samples=100)
    study = load_study("quick")
    old = planning.runs(study, DATASETS | {"mnist": other}, ("base",))
    new = planning.runs(study, DATASETS, ("base",))
    made = Made(old)
    reasons = Stored(made.records, new, DATASETS).reasons(work.tasks(new, made.done), made.done)
    assert reasons.differences == (Difference("dataset", "other data", "mnist"),)
