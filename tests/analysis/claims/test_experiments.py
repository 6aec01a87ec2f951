"""Claims on swept experiments, held to laws of accuracy that support, refute or leave them open."""

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from analysis.claims import SPECS, Claim, evaluate, model, settings_of
from analysis.results.frames import Results
from analysis.statistics import theory
from tests.made.studies import load_study
from tests.made.synthetic import Law, results_of, without

BY_ID = {spec.id: spec for spec in SPECS}
RunKey = Mapping[str, Any]


def jitter(key: RunKey) -> float:
    """A fifth of a point of luck, by everything that a run is."""
    return float(np.random.default_rng(list(key["run_id"].encode())).normal(0, 0.002))


def found(name: str, law: Law, *overrides: str) -> Claim:
    """The claim, tested on its experiment alone where every run scores what `law` says."""
    study = load_study(None, overrides)
    own = BY_ID[name].experiment
    results = results_of(
        study.model_copy(update={"experiments": {own: study.experiments[own]}}), law=law
    )
    return model.tested(BY_ID[name], results)


def of_scale(adam: Mapping[float, float], sgd: Mapping[float, float]) -> Law:
    """Accuracies by stddev, 0.9 where none is given."""
    laws = {"Adam": adam, "SGD": sgd}
    return lambda key: laws[key["optimizer"]].get(key["stddev"], 0.9) + jitter(key)


def of_depth(table: Mapping[tuple[str, str, int], float], other: float = 0.11) -> Law:
    """Accuracies by optimizer, variant and depth."""
    return lambda key: (
        table.get((key["optimizer"], key["variant"], key["depth"]), other) + jitter(key)
    )


def test_too_large_and_too_small() -> None:
    """Large must lose much, and small little; its slow start alone is not the claim."""
    name = "too-large-hurts-too-small-slows"
    slow = _slow_start(results("scale", of_scale({1.0: 0.8, 0.01: 0.89}, {})))
    assert model.tested(BY_ID[name], slow).verdict == "supported"
    harmless = _slow_start(results("scale", of_scale({0.01: 0.89}, {})))
    assert model.tested(BY_ID[name], harmless).verdict == "not supported"
    small_hurts = _slow_start(results("scale", of_scale({1.0: 0.8, 0.01: 0.7}, {})))
    assert model.tested(BY_ID[name], small_hurts).verdict == "not supported"


def _slow_start(of: Results) -> Results:
    """The results in which the smaller stddev starts with the higher loss."""
    epochs = of.epochs.merge(of.runs[["run_id", "stddev"]], on="run_id")
    return replace(of, epochs=of.epochs.assign(loss=1 - 0.1 * np.log10(epochs["stddev"])))


def results(name: str, law: Law, *overrides: str) -> Results:
    """Results of one experiment alone."""
    study = load_study(None, overrides)
    return results_of(
        study.model_copy(update={"experiments": {name: study.experiments[name]}}), law=law
    )


@pytest.mark.parametrize(("sgd", "expected"), [({0.001: 0.1}, "supported"), ({}, "not supported")])
def test_sgd_exposes(sgd: Mapping[float, float], expected: str) -> None:
    """Supported where one scale fails under SGD alone."""
    claim = found("sgd-exposes-what-adam-hides", of_scale({}, sgd))
    assert (claim.verdict, claim.n) == (expected, 3)


@pytest.mark.parametrize(
    ("he", "glorot", "expected"),
    [(0.4, 0.11, "supported"), (0.11, 0.11, "inconclusive"), (0.9, 0.5, "not supported")],
)
def test_he_trains_where_xavier_stalls(he: float, glorot: float, expected: str) -> None:
    """He must be ahead, and Glorot must stall: a Glorot that trains refutes."""
    table = {("SGD", "HeNormal", 30): he, ("SGD", "GlorotNormal", 30): glorot}
    claim = found("he-trains-where-xavier-stalls", of_depth(table))
    assert claim.verdict == expected
    assert len(claim.runs) == 10


@pytest.mark.parametrize(
    ("name", "cell"),
    [
        ("optimizer-softens", ("Adam", "GlorotNormal", 30)),
        ("adam-is-not-enough", ("Adam", "HeNormal", 50)),
        ("he-alone-is-not-enough", ("SGD", "HeNormal", 10)),
    ],
)
def test_one_cell_decides(name: str, cell: tuple[str, str, int]) -> None:
    """Supported where this cell alone trains, refuted where all cells are equally good."""
    assert found(name, of_depth({cell: 0.6})).verdict == "supported"
    assert found(name, lambda key: 0.6).verdict == "not supported"


def test_without_its_depth_a_claim_says_so() -> None:
    """A sweep that has lost 30 layers leaves the claim open and names what is missing."""
    shallow = 'experiments.depth.sweep={"network.hidden"=["2 x 16", "10 x 16"]}'
    for name in ("he-trains-where-xavier-stalls", "adam-is-not-enough"):
        claim = found(name, lambda key: 0.5, shallow)
        assert (claim.verdict, claim.n, claim.runs) == ("inconclusive", 0, ())
        assert "no such runs" in claim.note


def test_a_sweep_that_a_claim_does_not_know_leaves_it_open() -> None:
    """Two learning rates at once: several runs of one seed, and no crash."""
    more = 'experiments.symmetry.sweep={"training.batch_size"=[32, 64]}'
    claim = found("zero-output-kernel-harmless", lambda key: 0.9, more)
    assert claim.verdict == "inconclusive"
    assert "does not tell apart" in claim.note


def of_activation(cells: Mapping[tuple[str, int, str], float | None], other: float) -> Law:
    """Accuracies by activation, depth and variant; None diverges."""

    def law(key: RunKey) -> float | None:
        score = cells.get((key["activation"], key["depth"], key["variant"]), other)
        return None if score is None else score + jitter(key)

    return law


@pytest.mark.parametrize(
    ("he", "expected"), [(0.9, "supported"), (0.84, "supported"), (0.7, "not supported")]
)
def test_glorot_for_tanh(he: float, expected: str) -> None:
    """He ahead or level refutes the rule of thumb; He far behind upholds it."""
    cells = {("tanh", 20, "HeNormal"): he, ("tanh", 20, "GlorotNormal"): 0.82}
    claim = found("glorot-for-tanh-is-not-about-accuracy", of_activation(cells, 0.5))
    assert claim.verdict == expected


def test_deep_relu_needs_he() -> None:
    """He far ahead of all supports; one other that keeps up refutes."""
    cells: dict[tuple[str, int, str], float | None] = {("relu", 20, "HeNormal"): 0.8}
    assert found("deep-relu-needs-he", of_activation(cells, 0.1)).verdict == "supported"
    cells["relu", 20, "Orthogonal"] = 0.8
    assert found("deep-relu-needs-he", of_activation(cells, 0.1)).verdict == "not supported"


def test_a_diverged_selu_network_counts_as_guessing() -> None:
    """He's divergence is the evidence, not a gap in it."""
    cells: dict[tuple[str, int, str], float | None] = {
        ("selu", 20, "HeNormal"): None,
        ("selu", 20, "LecunNormal"): 0.87,
    }
    claim = found("deep-selu-needs-lecun", of_activation(cells, 0.1))
    assert (claim.verdict, claim.n) == ("supported", 3)
    assert claim.value == pytest.approx(77, abs=2)
    assert "; diverged: HeNormal 3; " in claim.note
    assert claim.note.endswith("3 diverged runs counted as guessing")


def test_a_selu_network_from_another_start_that_diverged_is_told_of() -> None:
    """Glorot's divergence changes no verdict and no value, and stands in the note."""
    cells: dict[tuple[str, int, str], float | None] = {
        ("selu", 20, "HeNormal"): None,
        ("selu", 20, "LecunNormal"): 0.87,
    }
    before = found("deep-selu-needs-lecun", of_activation(cells, 0.1))
    cells["selu", 20, "GlorotNormal"] = None
    after = found("deep-selu-needs-lecun", of_activation(cells, 0.1))
    assert (after.verdict, after.value, after.low) == (before.verdict, before.value, before.low)
    assert "GlorotNormal 3" in after.note.split("diverged: ")[1]


@pytest.mark.parametrize(("best", "expected"), [(0.11, "supported"), (0.6, "not supported")])
def test_deep_sigmoid(best: float, expected: str) -> None:
    """One initializer that learns refutes."""
    cells = {("sigmoid", 20, "Orthogonal"): best}
    assert found("deep-sigmoid-stalls", of_activation(cells, 0.1)).verdict == expected


@pytest.mark.parametrize(("odd", "expected"), [(0.86, "supported"), (0.7, "not supported")])
def test_shallow_choice(odd: float, expected: str) -> None:
    """One variant of one activation that falls far behind refutes."""
    cells = {("tanh", 2, "LecunNormal"): odd}
    assert found("shallow-choice-is-small", of_activation(cells, 0.87)).verdict == expected


def test_constant_is_a_symmetry() -> None:
    """Refuted by one bit of one column, or one rank, at one moment."""
    whole = results("symmetry", lambda key: 0.3)
    spec = BY_ID["constant-is-a-symmetry"]
    assert model.tested(spec, whole).verdict == "supported"
    own = (whole.layers["variant"] == "Constant") & (whole.layers["layer"] == 2)
    for column in ("distinct_units", "kernel_rank"):
        layers = whole.layers.copy()
        layers.loc[layers.index[own & (layers["moment"] == "during")][0], column] = 2
        assert model.tested(spec, replace(whole, layers=layers)).verdict == "not supported"


@pytest.mark.parametrize(
    ("lag", "expected"), [(0.002, "supported"), (0.1, "not supported"), (0.0101, "inconclusive")]
)
def test_zero_output_kernel(lag: float, expected: str) -> None:
    """Level within a point, refuted far beyond it, open astride; He is the other HeNormal."""
    claim = found(
        "zero-output-kernel-harmless",
        lambda key: 0.96 - lag * (key["variant"] == "He, zero output") + jitter(key) / 4,
    )
    assert claim.verdict == expected
    assert claim.value == pytest.approx(-100 * lag, abs=0.2)


def of_chaos(reach: float) -> Law:
    """Networks train as deep as so many depth scales, with a soft edge."""

    def law(key: RunKey) -> float:
        limit = reach * theory.gradient_depth_scale(key["scale"], 0.05, "tanh")
        return 0.1 + 0.8 / (1 + math.exp((key["depth"] - min(limit, 55)) / 2)) + jitter(key)

    return law


def test_edge_of_chaos() -> None:
    """Supported where depth scales rule, refuted where every variance trains, or the lowest."""
    claim = found("edge-of-chaos", of_chaos(6))
    assert (claim.verdict, claim.n) == ("supported", 2)
    assert "theory 1.761" in claim.note
    assert found("edge-of-chaos", lambda key: 0.9).verdict == "not supported"
    assert found("edge-of-chaos", lambda key: 0.9 - key["scale"] / 10).verdict == "not supported"


def test_trainable_depth() -> None:
    """Supported where the reach follows the depth scale, refuted where it runs against it."""
    claim = found("trainable-depth", of_chaos(6))
    assert (claim.verdict, claim.n) == ("supported", 8)

    def against(key: RunKey) -> float:
        limit = 300 / theory.gradient_depth_scale(key["scale"], 0.05, "tanh")
        return 0.1 + 0.8 / (1 + math.exp((key["depth"] - 5 - min(limit, 45)) / 2))

    assert found("trainable-depth", against).verdict == "not supported"
    assert found("trainable-depth", lambda key: 0.9).verdict == "inconclusive"


def test_gain_two() -> None:
    """Accuracy that falls with the distance from two supports; a better gain refutes."""

    def around(best: float) -> Law:
        def law(key: RunKey) -> float | None:
            distance = abs(math.log(key["scale"] / best)) * key["depth"] / 20
            return None if key["scale"] > 2.6 * best / 2 else 0.8 - 0.5 * distance + jitter(key)

        return law

    claim = found("gain-two", around(2.0))
    assert claim.verdict == "supported"
    assert "diverged runs counted as guessing" in claim.note
    assert found("gain-two", around(1.0)).verdict == "not supported"
    stuck = found("gain-two", lambda key: 0.1)
    assert (stuck.verdict, stuck.n) == ("inconclusive", 0)


def test_two_seeds_never_crash_and_decide_only_what_declares_so() -> None:
    """The quick study: every claim has a verdict; those that need more seeds are open."""
    study = load_study("quick")
    claims = evaluate(results_of(study))
    assert list(claims) == list(BY_ID)
    for name, claim in claims.items():
        if claim.verdict != "inconclusive" and BY_ID[name].kind != "exact":
            assert claim.n >= BY_ID[name].seeds


EVERY = tuple(load_study().experiments)


@pytest.mark.parametrize(
    "change",
    [
        "training.epochs=0",
        "seeds=1",
        "measure=[]",
        "network.hidden=[16]",
        "network.activation='gelu'",
        "variants=[{name='A', initializer='Ones'}, {name='B', initializer='HeNormal'}]",
    ],
)
@pytest.mark.parametrize("law", [None, lambda key: None], ids=["learning", "diverging"])
def test_no_study_makes_a_claim_crash(change: str, law: Law | None) -> None:
    """Whatever the experiments are changed to, even if all diverges, each claim has a verdict."""
    swept = {"scale", "depth", "activation", "chaos", "gain"}
    kept = {"network.hidden": swept, "variants": {"scale", "chaos", "gain"}}
    names = [name for name in EVERY if name not in kept.get(change.partition("=")[0], set())]
    study = load_study("quick", [f"experiments.{name}.{change}" for name in names])
    claims = evaluate(results_of(study, law=law))
    assert list(claims) == list(BY_ID)
    if change == "training.epochs=0":
        trained = {spec.id for spec in SPECS if spec.experiment in {*swept, "symmetry"}}
        assert {claims[name].verdict for name in trained} == {"inconclusive"}


def test_every_experiment_may_be_missing() -> None:
    """Results without an experiment leave exactly its claims open."""
    study = load_study("quick")
    whole = results_of(study)
    for experiment in {spec.experiment for spec in SPECS}:
        lacking = without(whole, experiment)
        for spec in SPECS:
            if spec.experiment == experiment:
                claim = model.tested(spec, lacking)
                assert (claim.verdict, claim.n, claim.runs) == ("inconclusive", 0, ())
                assert f"no results of the experiment '{experiment}'" in claim.note


def test_settings_tell_studies_apart() -> None:
    """Equal for equal hyperparameters; another for an epoch, a seed or a point, not for a title."""
    study = load_study()
    own = settings_of(study, "depth")
    assert own == settings_of(load_study(None, ["title='Another'"]), "depth")
    assert own == settings_of(load_study(None, ["experiments.depth.curve_points=3"]), "depth")
    assert own == settings_of(load_study(None, ["experiments.base.training.epochs=3"]), "depth")
    for change in ("experiments.depth.training.epochs=3", "experiments.depth.seeds=4"):
        assert own != settings_of(load_study(None, [change]), "depth")
    assert settings_of(study, "nothing") == {}
