"""How long a plan takes, beside machines whose times are known."""

import math
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from analysis.plan import planning, work
from analysis.plan.costs import arithmetic, pace, words
from analysis.plan.costs.times import Times, seconds
from analysis.plan.result import Record
from analysis.plan.run import Run, engine_key
from analysis.plan.work import Done, Task
from analysis.study.tables import written
from tests.analysis.plan.test_planning import DATA, planned, quick
from tests.made.results.studies import load_study, ten

DATASETS = {"mnist": DATA, "fashion-mnist": DATA}


def always(factor: float) -> Callable[[], float]:
    """Return a measurement that comes out so."""
    return lambda: factor


class Machine:
    """A machine of a law of its own: what it takes for a step, a layer, a weight, a look."""

    def __init__(self, step: float, layer: float, weight: float, look: float) -> None:
        self.step, self.layer, self.weight, self.look = step, layer, weight, look

    def begin(self, run: Run) -> float:
        """Return the seconds before the first epoch."""
        looks = any(what != "weights" for what, _ in run.asked.measurements)
        return 0.02 + self.look * looks

    def epoch(self, run: Run) -> float:
        """Return the seconds of an epoch of a run that is looked at after each."""
        settings = run.settings
        assert settings.optimization
        widths = (784, *settings.hidden, 10)
        weights = sum(a * b for a, b in pairwise(widths))
        steps = math.ceil(settings.rows.train / settings.optimization.batch_size)
        looks = any(what != "weights" for what, _ in run.asked.measurements)
        products = self.weight * weights * (settings.rows.train + settings.rows.test / 3)
        return steps * (self.step + self.layer * len(widths)) + products + self.look * looks

    def compile(self, run: Run) -> float:
        """Return the seconds of a compilation."""
        return 3.0 + 0.3 * len(run.settings.hidden)

    def trained(self, runs: Sequence[Run]) -> list[Record]:
        """Return what a store tells of runs that it has trained, one after the other."""
        records, engines = [], set[object]()
        for task in work.tasks(runs, {}):
            run, new = task.run, engine_key(task.run) not in engines
            engines.add(engine_key(run))
            epochs = run.asked.epochs
            records.append(
                Record(
                    run.id, run.settings, epochs, run.asked.measurements, self.begin(run),
                    epochs * self.epoch(run) if epochs else 0.0,
                    self.compile(run) if new and epochs else 1e-5, True,
                )
            )  # fmt: skip
        return records

    def takes(self, tasks: Sequence[Task]) -> float:
        """Return what it takes for tasks, one after the other, engine by engine; start apart."""
        engines = {engine_key(task.run): task.run for task in tasks if task.run.asked.epochs}
        each = [
            self.begin(task.run)
            + (task.run.asked.epochs - task.start)
            * (self.epoch(task.run) if task.run.asked.epochs else 0)
            for task in tasks
        ]
        return sum(each) + sum(map(self.compile, engines.values()))


MACHINES = {
    "like the one of the constants": Machine(40e-6, 30e-6, 5e-11, 0.06),
    "of slow products": Machine(60e-6, 40e-6, 2e-10, 0.2),
    "of slow steps": Machine(200e-6, 80e-6, 5e-11, 0.1),
}
CHANGES = [
    "training.batch_size=128",
    "training.batch_size=32",
    "training.epochs=12",
    "training.epochs=15",
    "training.optimizer.learning_rate=0.002",
    "seeds=25",
    "variants.HeNormal.initializer=HeUniform",
    "network.activation=elu",
    "experiments.base.measure=['weights', 'signals', 'histograms']",
    "training.data_fraction=0.5",
    "network.hidden=[160, 64]",
]


@pytest.mark.parametrize("change", CHANGES)
@pytest.mark.parametrize("machine", MACHINES)
def test_what_a_change_takes_is_told_within_a_quarter(machine: str, change: str) -> None:
    """Beside what the same machine took for the study before; one worker has no luck with order."""
    own = MACHINES[machine]
    before = planning.runs(ten(), DATASETS)
    done = {
        task.run.id: Done(asked.epochs, None, asked.measurements, asked.keep_state)
        for task in work.tasks(before, {})
        for asked in [task.run.asked]
    }
    tasks = work.tasks(planning.runs(ten(change), DATASETS), done)
    times = Times(own.trained(before), DATASETS, always(math.nan))
    told = sum(seconds(tasks, times, 1).values()) - times.start_s()
    assert told == pytest.approx(own.takes(tasks), rel=0.25)
    both = sum(seconds(tasks, times, 2).values()) - times.start_s()
    assert told / 2 <= both < 0.7 * told


def test_without_times_of_this_machine_its_pace_counts() -> None:
    """Twice the pace is twice the time; what another machine took tells nothing here."""
    tasks = work.tasks(planned(quick()), {})
    elsewhere = [
        replace(record, here=False)
        for record in MACHINES["of slow steps"].trained(planned(quick()))
    ]
    one, two = (
        sum(seconds(tasks, Times(records, DATASETS, always(factor)), 2).values())
        for records, factor in (((), 1.0), (elsewhere, 2.0))
    )
    assert two == pytest.approx(2 * one)


def test_other_data_tell_nothing() -> None:
    """What is stored of data that are not at hand has no sizes to reckon with."""
    records = MACHINES["of slow steps"].trained(planned(quick(), replace(DATA, digest="other")))
    tasks = work.tasks(planned(quick()), {})
    assert seconds(tasks, Times(records, DATASETS, always(1)), 1) == seconds(
        tasks, Times([], DATASETS, always(1)), 1
    )


def test_the_quick_study_compiles_few_engines_and_takes_less_than_a_minute() -> None:
    """On two cores, by the arithmetic of its runs, before any page is rendered."""
    study = quick()
    found = planned(study, only=tuple(study.experiments))
    assert len({engine_key(run) for run in found if run.asked.epochs}) == 20
    told = sum(seconds(work.tasks(found, {}), Times([], DATASETS, always(1)), 2).values())
    assert 30 < told < 55


def test_more_workers_than_runs_make_nothing_faster() -> None:
    """A run has one worker: a plan and a training of a few runs estimate the same."""
    few, times = work.tasks(planned(quick())[:3], {}), Times([], DATASETS, always(1))
    assert set(seconds(few, times, 3)) == {task.run.id for task in few}
    two, three, many = (sum(seconds(few, times, count).values()) for count in (2, 3, 64))
    assert many == three < two


def test_what_is_there_takes_no_time() -> None:
    """Nothing is measured for it either."""
    assert seconds((), Times([], DATASETS, always(math.nan)), 2) == {}


def test_a_pace_is_measured_once() -> None:
    """By as many processes as will train, it is a positive factor, and stays as it was."""
    pace.measured.cache_clear()
    assert 0 < pace.measured(2) == pace.measured(2) < math.inf
    assert pace.measured.cache_info().misses == 1


@pytest.mark.parametrize(("told", "factor"), [("print(1.5)", 3.0), ("raise SystemExit(1)", 0.5)])
def test_each_worker_measures_for_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, told: str, factor: float
) -> None:
    """Where none of them can, as for want of memory, the plan does."""
    program = tmp_path / "program.py"
    program.write_text(told, encoding="utf-8")
    monkeypatch.setattr(pace, "__file__", str(program))
    monkeypatch.setattr(pace, "STEP_S", 0.5)
    monkeypatch.setattr(pace, "step_s", lambda: 0.25)
    pace.measured.cache_clear()
    assert pace.measured(2) == factor
    pace.measured.cache_clear()


ADAM, SGD = "Adam", "SGD"
QUIET = [
    ("128, 64", ADAM, 1.0, 0.285),
    ("128, 64", SGD, 1.0, 0.247),
    ("128, 128", ADAM, 0.32, 0.121),
    ("128, 128", SGD, 0.24, 0.092),
    (", ".join(["100"] * 5), SGD, 0.24, 0.125),
    (", ".join(["128"] * 10), SGD, 0.32, 0.309),
    (", ".join(["100"] * 20), SGD, 0.24, 0.299),
    (", ".join(["128"] * 20), SGD, 0.24, 0.398),
    (", ".join(["100"] * 50), SGD, 0.24, 0.777),
    (", ".join(["128"] * 50), ADAM, 0.32, 1.63),
]
"""Seconds that an epoch took of such networks on two quiet cores, two of them at once."""


@pytest.mark.parametrize(("hidden", "optimizer", "share", "taken"), QUIET)
def test_the_arithmetic_holds_for_any_depth_and_optimizer(
    hidden: str, optimizer: str, share: float, taken: float
) -> None:
    """Within a quarter of what was taken, on the machine that it was measured on."""
    rate = f"{{name='{optimizer}', learning_rate=0.01}}"
    changes = [
        f"network.hidden=[{hidden}]", f"training.optimizer={rate}",
        f"training.data_fraction={share}", "experiments.base.measure=[]",
    ]  # fmt: skip
    run = planning.runs(load_study(None, changes), DATASETS, only=["base"])[0]
    told = arithmetic.epochs_s(run.settings, DATA, 0, 1, frozenset())
    assert told == pytest.approx(taken, rel=0.25)


TWO = [{"filters": 8, "size": 3, "pool": 2}, {"filters": 16, "size": 3, "pool": 2}]
BEYOND = [
    ("[128, 64]", "normalization=batch", 0.42),
    ("[128, 64]", "dropout=0.2", 0.50),
    ("10 x 128", "normalization=batch", 1.29),
    ("10 x 128", "dropout=0.2", 2.13),
    ("10 x 128", "residual=true", 1.14),
    ("[64]", f"convolution={written(TWO)}", 6.5),
]
"""Processor seconds of an epoch of MNIST by Adam in one worker: 750 steps, 22,000 other rows."""


@pytest.mark.parametrize(("hidden", "word", "taken"), BEYOND)
def test_the_arithmetic_knows_what_is_beyond_dense_layers(
    hidden: str, word: str, taken: float
) -> None:
    """Within a quarter of what was taken."""
    changes = [f"network.hidden={hidden}", f"network.{word}", "experiments.base.measure=[]"]
    run = planning.runs(load_study(None, changes), DATASETS, only=["base"])[0]
    told = arithmetic.epochs_s(run.settings, DATA, 0, 1, frozenset())
    assert told == pytest.approx(taken, rel=0.25)


@pytest.mark.parametrize(
    ("total", "said"),
    [
        (0.3, "about 5 s"), (42, "about 40 s"), (89.9, "about 90 s"), (90, "about 2 min"),
        (200, "about 3 min"), (7199, "about 120 min"), (7200, "about 2 hours"),
        (200_000, "about 2 days"),
    ],
)  # fmt: skip
def test_seconds_are_said_as_a_person_says_them(total: float, said: str) -> None:
    """In fives, then in minutes, hours and days."""
    assert words.in_words(total) == said
