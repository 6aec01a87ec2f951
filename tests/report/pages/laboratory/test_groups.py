"""Groups of trained runs, as the laboratory lays them beside a network."""

from typing import Any

import numpy as np
import pytest

from analysis.results.frames import Results
from analysis.study.model import Study
from report.pages.laboratory.groups import POINTS, groups_of
from tests.made.results.synthetic import BASE_VARIANTS, results_of, synthetic_study


def swept(**experiment: Any) -> Study:
    """A study of one experiment, with the settings of the base study where it names no others."""
    return synthetic_study(seeds=2, epochs=2, experiments={"deep": experiment})


@pytest.fixture(scope="module")
def deep() -> Results:
    """Two depths and two optimizers of RandomNormal and He, with points within the epochs."""
    return results_of(
        swept(
            sweep={
                "network.hidden": ["2 x 128", "30 x 128"],
                "training.optimizer": [
                    {"name": "SGD", "learning_rate": 0.05},
                    {"name": "Adam", "learning_rate": 0.001},
                ],
            },
            variants=[dict(BASE_VARIANTS[1]), dict(BASE_VARIANTS[3])],
            curve_points=4,
        )
    )


def test_a_group_is_what_differs_in_its_seed_alone(deep: Results) -> None:
    """Two depths, two optimizers and two variants are eight groups of two seeds, in study order."""
    groups = groups_of(deep)
    assert [(len(g["hidden"]), g["optimizer"], g["variant"], g["seeds"]) for g in groups] == [
        (2, "SGD", "RandomNormal", 2),
        (2, "SGD", "HeNormal", 2),
        (2, "Adam", "RandomNormal", 2),
        (2, "Adam", "HeNormal", 2),
        (30, "SGD", "RandomNormal", 2),
        (30, "SGD", "HeNormal", 2),
        (30, "Adam", "RandomNormal", 2),
        (30, "Adam", "HeNormal", 2),
    ]


def test_the_gain_is_fan_in_times_the_variance(deep: Results) -> None:
    """At a width of 128 it is 128 · 0.05² for RandomNormal and two for He."""
    gains = {g["variant"]: g["gain"] for g in groups_of(deep)}
    assert gains == {"RandomNormal": pytest.approx(0.32), "HeNormal": 2.0}


def test_the_curve_is_the_mean_over_the_seeds(deep: Results) -> None:
    """Each point of a group's curve is the average of its runs' losses at that progress."""
    group = groups_of(deep)[0]
    runs = deep.runs
    own = runs[(runs["depth"] == 2) & (runs["optimizer"] == "SGD")]
    ids = set(own[own["variant"] == "RandomNormal"]["run_id"])
    rows = deep.curves[deep.curves["run_id"].isin(ids)]
    assert len(group["curve"]) == 8
    for progress, loss in group["curve"]:
        here = rows[np.isclose(rows["progress"], progress, rtol=1e-3)]["loss"]
        assert len(here) == 2
        assert loss == pytest.approx(here.sum() / 2, rel=6e-3)
    accuracies = own[own["run_id"].isin(ids)]["test_accuracy"]
    assert group["accuracy"] == pytest.approx(accuracies.sum() / 2, abs=1e-4)


def test_a_group_says_how_it_was_trained(deep: Results) -> None:
    """Optimizer with every parameter, samples and steps, and over what its points are means."""
    sgd, _, adam, *_ = groups_of(deep)
    assert sgd["parameters"] == {"learning_rate": 0.05, "momentum": 0.0, "nesterov": False}
    assert (sgd["rate"], sgd["batch"], sgd["span"]) == (0.05, 64, 0.25)
    assert adam["parameters"]["beta_2"] == 0.999
    # 48,000 rows of MNIST are trained on, the last batch of them whole.
    assert sgd["steps"] == adam["steps"] == 750
    assert groups_of(results_of(synthetic_study(seeds=1, epochs=3)))[0]["span"] == 1.0


def test_without_points_the_curve_is_that_of_the_epochs() -> None:
    """A run that kept nothing within its epochs has one point an epoch, at its end."""
    results = results_of(synthetic_study(seeds=1, epochs=3))
    he = next(g for g in groups_of(results) if g["variant"] == "HeNormal")
    losses = results.epochs[results.epochs["variant"] == "HeNormal"]["loss"]
    assert he["curve"] == [
        [float(n), pytest.approx(loss, rel=6e-3)] for n, loss in enumerate(losses, start=1)
    ]


def test_a_long_curve_keeps_its_end() -> None:
    """Of a hundred epochs at most 24 points are left, and the last one is among them."""
    results = results_of(synthetic_study(seeds=1, epochs=100))
    curve = groups_of(results)[1]["curve"]
    assert 12 <= len(curve) <= POINTS
    assert curve[-1][0] == 100.0
    assert [x for x, _ in curve] == sorted(x for x, _ in curve)


def test_runs_that_diverged_are_counted_and_left_out_of_the_means() -> None:
    """With one of two seeds lost the group's accuracy is that of the other; with both it has none.

    The curve follows the runs that the accuracy is of.
    """
    lost = {("HeNormal", 0): 1, ("GlorotNormal", 0): 1, ("GlorotNormal", 1): 1}
    results = results_of(synthetic_study(seeds=2, epochs=2), diverged=lost)
    groups = {g["variant"]: g for g in groups_of(results)}
    assert (groups["HeNormal"]["seeds"], groups["HeNormal"]["diverged"]) == (2, 1)
    runs = results.runs.set_index("run_id")
    assert groups["HeNormal"]["accuracy"] == pytest.approx(runs.loc["HeNormal-1", "test_accuracy"])
    assert groups["GlorotNormal"]["accuracy"] is None
    assert groups["GlorotNormal"]["curve"] == []
    assert groups["GlorotNormal"]["diverged"] == 2


def test_a_swept_scale_gives_each_point_its_own_gain() -> None:
    """Points that differ in the standard deviation alone are groups of their own runs."""
    study = swept(
        sweep={"variants.RandomNormal.stddev": [0.01, 0.1]}, variants=[dict(BASE_VARIANTS[1])]
    )
    groups = groups_of(results_of(study))
    assert [g["gain"] for g in groups] == [pytest.approx(0.0128), pytest.approx(1.28)]
    assert [g["seeds"] for g in groups] == [2, 2]


def test_networks_of_one_depth_and_first_width_are_two_groups() -> None:
    """128, 64 and 128, 32 units differ in their second layer alone, and keep their own runs."""
    study = swept(
        sweep={"network.hidden": [[128, 64], [128, 32]]}, variants=[dict(BASE_VARIANTS[3])]
    )
    results = results_of(study)
    groups = groups_of(results)
    assert [(g["hidden"], g["seeds"]) for g in groups] == [([128, 64], 2), ([128, 32], 2)]
    scores = results.runs["test_accuracy"].to_list()
    assert [g["accuracy"] for g in groups] == [
        pytest.approx(sum(scores[:2]) / 2, abs=1e-4), pytest.approx(sum(scores[2:]) / 2, abs=1e-4)
    ]  # fmt: skip
    assert {(g["data"], g["classes"]) for g in groups} == {("mnist", 10)}


def test_what_no_scale_describes_is_left_out() -> None:
    """A constant, another output kernel, and a network that is not trained are no neighbours."""
    variants = [
        {"name": "Constant", "initializer": "Constant", "value": 0.1},
        {"name": "He, zero output", "initializer": "HeNormal", "output": "Zeros"},
    ]
    assert groups_of(results_of(swept(variants=variants))) == []
    untrained = swept(variants=[dict(BASE_VARIANTS[3])], training={"epochs": 0})
    assert groups_of(results_of(untrained)) == []


def test_one_hidden_layer_reads_the_pixels() -> None:
    """The gain of a single hidden layer counts the 784 inputs that it has."""
    results = results_of(synthetic_study(seeds=1, epochs=1, hidden=(32,)))
    gains = {g["variant"]: g["gain"] for g in groups_of(results)}
    assert gains["RandomNormal"] == pytest.approx(784 * 0.05**2)
    assert gains["Zeros"] == 0.0


def test_the_address_leads_to_the_runs(deep: Results) -> None:
    """The address names experiment and variant, for the script and as an anchor."""
    address = groups_of(deep)[1]["address"]
    assert address == "runs.html?experiment=deep&variant=HeNormal#runs-deep-henormal"


@pytest.mark.parametrize(
    "word",
    [
        {"normalization": "layer"},
        {"hidden": [128, 128], "residual": True},
        {"dropout": 0.2},
        {"convolution": [{"filters": 2, "size": 3}]},
        {"kernel_seed": "shared"},
        {"bias": {"initializer": "HeNormal"}},
    ],
)
def test_networks_that_the_laboratory_does_not_draw_are_left_out(word: dict[str, Any]) -> None:
    """Whatever has a word that its controls lack is no neighbour of what they set."""
    network = {"hidden": [128, 64], "activation": "relu", **word}
    assert groups_of(results_of(swept(network=network))) == []


def test_variants_with_biases_of_their_own_are_left_out() -> None:
    """The laboratory sets one bias for all."""
    own = [dict(each) for each in BASE_VARIANTS]
    own[3]["bias"] = "Ones"
    names = [group["variant"] for group in groups_of(results_of(swept(variants=own)))]
    assert names == ["Zeros", "RandomNormal", "GlorotNormal"]
