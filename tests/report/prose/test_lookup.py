"""Numbers of the results, looked up and written, and why there is none where there is none."""

import math
from dataclasses import replace
from pathlib import Path

import pytest

from analysis.errors import ReportError
from analysis.results.cache import Cache
from report.prose.numbers.lookup import Numbers
from report.prose.uses import NumberUse, TheoryUse
from report.words import metrics, plain
from report.words.numbers import SPACE
from tests.made.results.synthetic import results_of, synthetic_results, synthetic_study
from tests.made.sites.desk import Desk, two_runs


def number(desk: Desk, call: str) -> NumberUse:
    """What an answer shows of a number."""
    use = desk.use("{{ " + call + " }}")
    assert isinstance(use, NumberUse)
    return use


def words(desk: Desk, call: str) -> str:
    """How a number or a value of theory is written."""
    use = desk.use("{{ " + call + " }}")
    assert isinstance(use, NumberUse | TheoryUse)
    return use.text.replace(SPACE, " ")


def test_two_variants_are_set_beside_each_other_at_their_end(tmp_path: Path) -> None:
    """Median accuracies and difference by hand; one run falls back, one comes late, one is lost."""
    results = synthetic_results(seeds=3, epochs=2)
    ends = {"HeNormal": [0.9, 0.8, 0.7], "GlorotNormal": [0.5, 0.6, 0.1]}
    courses = {"HeNormal": [0.9] * 6, "GlorotNormal": [0.6, 0.4, 0.1, 0.7, 0.1, 0.1]}
    runs = results.runs[results.runs["variant"].isin(ends)].sort_values(["variant", "seed"])
    epochs = results.epochs[results.epochs["variant"].isin(ends)]
    epochs = epochs.sort_values(["variant", "seed", "epoch"])
    for frame, column, values in (
        (runs, "test_accuracy", ends),
        (epochs, "val_accuracy", courses),
    ):
        for name, own in values.items():
            frame.loc[frame["variant"] == name, column] = own
    lost = (runs["variant"] == "GlorotNormal") & (runs["seed"] == runs["seed"].max())
    runs = runs.assign(status=runs["status"].astype(object).where(~lost, "diverged"))
    numbers = Numbers(replace(results, runs=runs, epochs=epochs), Cache(tmp_path), "inputs")
    assert numbers.versus("base", "HeNormal", "GlorotNormal", depth=2) == {
        "gap": f"40.00{SPACE}percentage points",
        "median": {"HeNormal": f"80.00{SPACE}%", "GlorotNormal": f"50.00{SPACE}%"},
        "ever": {"HeNormal": 3, "GlorotNormal": 2},
        "last": {"HeNormal": 3, "GlorotNormal": 1},
        "runs": {"HeNormal": 3, "GlorotNormal": 3},
    }
    assert numbers.versus("base", "HeNormal", "GlorotNormal", depth=30) == {}
    assert numbers.versus("late", "HeNormal", "GlorotNormal", depth=2) == {}


@pytest.mark.parametrize(
    ("stat", "text"),
    [
        ("mean", "91.00 %"),
        ("min", "90.00 %"),
        ("max", "92.00 %"),
        ("sd", "1.41 percentage points"),
        ("n", "2"),
        # Student's t at 97.5 % with one degree of freedom is 12.706; the standard error is 1 %.
        ("half_width", "12.71 percentage points"),
        ("low", "78.29 %"),
        ("interval", "78.29 to 103.71 %"),
    ],
)
def test_a_number_is_the_statistic_over_seeds_with_its_unit(
    tmp_path: Path, stat: str, text: str
) -> None:
    """Two seeds at 90 and 92 % give the values one gets by hand."""
    desk = Desk(tmp_path, two_runs(0.90, 0.92))
    assert words(desk, f'number("test_accuracy", "HeNormal", stat="{stat}")') == text


@pytest.mark.parametrize(
    ("metric", "stat", "n", "swept", "missing", "said"),
    [
        (
            "test_accuracy",
            "mean",
            0,
            False,
            "diverged",
            "test accuracy: A, in “T”. Every run diverged.",
        ),
        ("test_accuracy", "mean", 0, False, "not measured", "A, in “T”. It was not measured."),
        ("test_accuracy", "mean", 0, False, "not finite", "A, in “T”. No run has a finite one."),
        ("epochs_to_95", "mean", 0, True, "never", "of 95 %: A, in “T”. No run reached it."),
        ("test_accuracy", "n", 0, False, "", "test accuracy: A, in “T”. No run has one."),
        ("test_accuracy", "max", 1, True, "", "Highest test accuracy over its one run: A, in “T”."),
        ("test_accuracy", "max", 6, True, "", "Highest test accuracy over 6 runs: A, in “T”."),
        ("test_accuracy", "max", 6, False, "", "Highest test accuracy over 6 seeds: A, in “T”."),
    ],
)
def test_a_number_says_over_what_it_is_taken(
    metric: str, stat: str, n: int, swept: bool, missing: str, said: str
) -> None:
    """Seeds, or runs where a seed has several; and why there is nothing where there is nothing."""
    nowhere = (math.nan, math.nan)
    about = metrics.about(
        metric, stat, {"variant": "A"}, "T", n, nowhere, swept=swept, missing=missing
    )
    assert about.replace(SPACE, " ").endswith(said)


def test_a_number_is_kept_as_a_value(tmp_path: Path) -> None:
    """Its record has metric, variant, experiment, statistic, n, mean and interval."""
    use = number(Desk(tmp_path, two_runs(0.90, 0.92)), 'number("test_accuracy", "HeNormal")')
    assert (use.metric, use.experiment, use.variant) == ("test_accuracy", "base", "HeNormal")
    assert (use.statistic, use.n) == ("mean", 2)
    assert use.values == pytest.approx((0.91,))
    # Student's t at 97.5 % with one degree of freedom.
    ends = 0.91 - 12.7062 * 0.01, 0.91 + 12.7062 * 0.01
    assert (use.low, use.high) == pytest.approx(ends)
    assert (use.epoch, use.moment, use.layer) == (None, None, None)
    html = Desk(tmp_path, two_runs(0.90, 0.92)).brief('{{ number("test_accuracy", "HeNormal") }}')
    assert (
        'data-metric="test_accuracy" data-experiment="base" data-variant="HeNormal" '
        'data-stat="mean" data-n="2" data-low="0.7829379'
    ) in html


@pytest.mark.parametrize(
    ("call", "text"),
    [
        ('number("test_accuracy", "HeNormal", digits=1)', "91.0 %"),
        ('number("test_accuracy", "HeNormal", unit=False)', "91.00"),
        ('number("kernel_max_abs", "Zeros", layer=1, moment="initial")', "0"),
        ('theory("kernel_sd", "HeNormal", layer=1)', "0.05051"),
        ('theory("kernel_variance", "HeNormal", layer=2)', "0.01563"),
    ],
)
def test_digits_units_and_theory(tmp_path: Path, call: str, text: str) -> None:
    """Digits and units can be chosen, and theory gives He's sqrt(2 / fan_in) and 2 / fan_in."""
    assert words(Desk(tmp_path, two_runs(0.90, 0.92)), call) == text


@pytest.mark.parametrize("name", ["NA", "None", "nan", "0.01", "0.05", "True", "7"])
def test_a_variant_may_be_called_like_a_value(tmp_path: Path, name: str) -> None:
    """What a variant is called stays what it is, also when its summary comes from the cache."""
    named = [
        {"name": name, "initializer": "HeNormal"},
        {"name": "0.5", "initializer": "GlorotNormal"},
    ]
    results = synthetic_results(named, seeds=2, epochs=1)
    runs = results.runs
    mean = runs.loc[runs["variant"] == name, "test_accuracy"].mean()
    for _ in range(2):
        numbers = Numbers(results, Cache(tmp_path / "cache"), "inputs")
        assert numbers.number("test_accuracy", name).values == pytest.approx((mean,))
        assert numbers.number("loss", name, epoch=1).epoch == 1
        assert numbers.number("kernel_sd", name, layer=2).layer == 2


def test_runs_that_diverged_have_no_number(tmp_path: Path) -> None:
    """Where every run of a variant diverged the prose says so, and for one run nothing scatters."""
    lost = {("HeNormal", seed): 1 for seed in range(2)}
    desk = Desk(tmp_path, synthetic_results(seeds=2, epochs=2, diverged=lost))
    assert words(desk, 'number("test_accuracy", "HeNormal")') == "diverged"
    assert words(desk, 'number("epochs_to_95", "Zeros")') == "never"
    single = Desk(tmp_path, synthetic_results(seeds=1, epochs=2))
    text = words(single, 'number("test_accuracy", "HeNormal", stat="sd")')
    assert text == "not defined for a single run"


@pytest.mark.parametrize(
    ("values", "stat", "text", "about"),
    [
        ((math.nan, math.nan), "mean", "not measured", "It was not measured."),
        ((math.nan, math.nan), "interval", "not measured", "It was not measured."),
        ((math.inf, math.inf), "mean", "not finite", "No run has a finite one."),
        ((math.nan, 0.9), "sd", "not defined for a single run", "over its one seed: HeNormal"),
        ((math.nan, math.nan), "n", "0", "No run has one."),
    ],
)
def test_where_there_is_no_number_it_says_why(
    tmp_path: Path, values: tuple[float, ...], stat: str, text: str, about: str
) -> None:
    """What was not measured is not called a single run, nor said to have diverged."""
    desk = Desk(tmp_path, two_runs(*values))
    use = number(desk, f'number("test_accuracy", "HeNormal", stat="{stat}")')
    assert use.text == text
    assert about in use.about


def test_theory_is_that_of_the_experiment(tmp_path: Path) -> None:
    """An experiment's own variants count, and the initializer that a variant has for its output."""
    own = {
        "variants": [
            {"name": "HeNormal", "initializer": "GlorotNormal"},
            {
                "name": "wide",
                "initializer": "HeNormal",
                "output": {"initializer": "RandomNormal", "stddev": 0.25},
            },
        ]
    }
    swept = {
        "variants": [{"name": "normal", "initializer": "RandomNormal"}],
        "sweep": {"variants.normal.stddev": [0.1, 0.2]},
    }
    experiments = {"base": {}, "own": own, "swept": swept}
    study = synthetic_study(seeds=1, epochs=1, experiments=experiments)
    desk = Desk(tmp_path, results_of(study))
    fan_in, fan_out = 784, 128
    assert words(desk, 'theory("kernel_variance", "HeNormal", layer=1)') == f"{2 / fan_in:.4g}"
    glorot = f"{2 / (fan_in + fan_out):.4g}"
    assert words(desk, 'theory("kernel_variance", "HeNormal", layer=1, experiment="own")') == glorot
    # The last of three layers is the output layer.
    assert words(desk, 'theory("kernel_sd", "wide", layer=3, experiment="own")') == "0.25"
    assert (
        words(desk, 'theory("kernel_sd", "wide", layer=2, experiment="own")')
        == f"{(2 / 128) ** 0.5:.4g}"
    )
    with pytest.raises(ReportError, match="kernel_sd of normal differs over the sweep of 'swept'"):
        desk.render('{{ theory("kernel_sd", "normal", layer=1, experiment="swept") }}')
    with pytest.raises(ReportError, match="no variant 'wide'"):
        desk.render('{{ theory("kernel_sd", "wide", layer=1) }}')


def test_settings_read_as_a_sentence_has_them(tmp_path: Path) -> None:
    """Values of the study are written without Python's brackets and quotes."""
    text = Desk(tmp_path).render(
        '{{ setting("network.hidden") }}; {{ setting("training.optimizer.name") }}; '
        '{{ setting("training.validation_split") }}; {{ setting("seeds.1") }}; '
        "{{ variants[0].name }}"
    )
    assert plain.opened(text, markup=False) == "128 and 64; Adam; 0.2; 1; Zeros"


def test_an_answer_counts_the_runs_that_have_learned(tmp_path: Path) -> None:
    """Of two runs one is above half way to perfection; of a depth that is not there, nothing."""
    results = synthetic_results(seeds=2, epochs=2, hidden=[8] * 3)
    results.epochs["val_accuracy"] = 0.2
    own = results.epochs["seed"] == results.epochs["seed"].max()
    results.epochs.loc[own & (results.epochs["epoch"] == 1), "val_accuracy"] = 0.6
    desk = Desk(tmp_path, results)
    words = "{% set found = reached('base', 'HeNormal', depth=3) %}"
    words += "{{ found.ever | fixed(0) }} {{ found.last | fixed(0) }} {{ found.runs | fixed(0) }} "
    words += "{{ found.diverged | fixed(0) }}"
    assert desk.render(words) == "1 0 2 0"
    assert desk.prose.numbers.reached("base", "HeNormal", depth=3)["level"] == "50 %"
    assert desk.render("{{ 'none' if not reached('base', 'HeNormal', depth=4) }}") == "none"
