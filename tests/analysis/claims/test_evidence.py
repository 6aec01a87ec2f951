"""What a claim rests on is what decided it; a kernel's formula is that of its own initializer."""

import math
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from analysis.claims import testing
from analysis.claims.claim import Quantity
from analysis.claims.deciding import Finding
from analysis.claims.declaring import of_any_network
from analysis.claims.evidence import Evidence
from analysis.results.frames import Results
from tests.made.results.claimed import DECLARED, claim_on, only, values, words
from tests.made.results.synthetic import (
    BASE_VARIANTS,
    results_of,
    synthetic_results,
    synthetic_study,
)


def own(results: Results, runs: tuple[str, ...]) -> pd.DataFrame:
    """The rows of the runs of a claim."""
    return results.runs[results.runs["run_id"].isin(runs)]


def test_what_is_read_beside_is_no_evidence() -> None:
    """Runs read for a note are not among those that a claim rests on."""
    evidence = Evidence(synthetic_results(seeds=2, epochs=1), "base")
    evidence.runs(["HeNormal"])
    evidence.beside.runs(["Zeros"])
    assert evidence.run_ids() == ("HeNormal-0", "HeNormal-1")


def selu(run: Mapping[str, Any]) -> float | None:
    """He and Glorot diverge in deep SELU networks, everything else learns."""
    lost = run["activation"] == "selu" and run["depth"] == 20
    return None if lost and run["variant"] in {"HeNormal", "GlorotNormal"} else 0.87


def test_a_note_on_other_variants_is_no_evidence() -> None:
    """LeCun against He in deep SELU: 16 runs decide, 8 diverged; Glorot's are only told of."""
    results = only("activation", selu)
    claim = claim_on(results, "deep-selu-needs-lecun")
    assert set(own(results, claim.runs)["variant"]) == {"LecunNormal", "HeNormal"}
    assert len(claim.runs) == 16
    assert words(claim.note).count("GlorotNormal") == 2
    assert claim.note[-2:] == (Quantity(8, "count"), " diverged runs counted as guessing")


def test_an_activation_that_is_not_compared_is_no_evidence() -> None:
    """Shallow sigmoid networks say nothing of ReLU, tanh and SELU."""
    results = only("activation", lambda run: 0.9)
    runs = own(results, claim_on(results, "shallow-choice-is-small").runs)
    assert set(runs["activation"]) == {"relu", "tanh", "selu"}


@pytest.mark.parametrize(
    ("name", "depths"),
    [
        ("edge-of-chaos", {40, 50}), ("gain-two", {20, 30}), ("glorot-is-later", {20, 30}),
        ("he-is-later-when-deeper", {20, 50}), ("own-rate-does-not-level", {20}),
        ("smaller-variance-behind", {20}), ("adam-is-not-enough", {50}),
    ],
)  # fmt: skip
def test_networks_of_other_depths_are_no_evidence(name: str, depths: set[int]) -> None:
    """What a baseline or a note is read from decides nothing."""
    results = only(DECLARED[name].experiment, lambda run: 0.9)
    assert set(own(results, claim_on(results, name).runs)["depth"]) == depths


def test_an_optimizer_that_is_not_compared_is_no_evidence() -> None:
    """A third optimizer in the sweep leaves the claim on SGD and Adam as it was."""
    three = (
        'experiments.scale.sweep={"variants.RandomNormal.stddev"=[0.01, 1.0], '
        '"training.optimizer"=["Adam", "SGD", "RMSprop"]}'
    )
    results = only("scale", lambda run: 0.9, three)
    assert set(results.runs["optimizer"]) == {"Adam", "SGD", "RMSprop"}
    runs = own(results, claim_on(results, "sgd-exposes-what-adam-hides").runs)
    assert set(runs["optimizer"]) == {"Adam", "SGD"}


def with_output(sd: float, output: object) -> Results:
    """The base study where He's output kernel has an initializer of its own, drawn with that sd."""
    variants = [{**v, "output": output} if v["name"] == "HeNormal" else v for v in BASE_VARIANTS]
    results = synthetic_results(variants=variants, seeds=20, epochs=1)
    layers = results.layers.copy()
    last = (layers["variant"] == "HeNormal") & (layers["layer"] == 3)
    drawn = np.random.default_rng(0).normal(sd, sd / 40, last.sum())
    layers.loc[last, "kernel_sd"] = drawn
    return replace(results, layers=layers)


@pytest.mark.parametrize(
    ("output", "sd"),
    [
        ("GlorotUniform", math.sqrt(2 / (64 + 10))),
        ({"initializer": "RandomNormal", "stddev": 0.3}, 0.3),
        ("Zeros", 0.0),
        ("Identity", 0.1),
    ],
)
def test_an_output_kernel_is_held_to_its_own_formula(output: object, sd: float) -> None:
    """What He's formula says of the hidden kernels is nothing to an output kernel of its own."""
    results = with_output(sd, output)
    claim = claim_on(results, "sampled-variance-follows-formula")
    assert claim.verdict == "supported"
    closed = output not in ("Zeros", "Identity")
    assert values(claim.note) == [9 if closed else 8]
    if closed:
        off = claim_on(with_output(1.2 * sd, output), "sampled-variance-follows-formula")
        assert (off.verdict, words(off.note)) == (
            "contradicted", "weakest of {}: HeNormal, layer 3"
        )  # fmt: skip


def test_the_variance_of_a_kernel_is_that_of_its_own_initializer() -> None:
    """2 / fan_in in the hidden layers, 0.3² in the last; none for an initializer without."""
    evidence = Evidence(with_output(0.3, {"initializer": "RandomNormal", "stddev": 0.3}), "base")
    assert evidence.kernel_variance("HeNormal", 1, 3, 784, 128) == pytest.approx(2 / 784)
    assert evidence.kernel_variance("HeNormal", 3, 3, 64, 10) == pytest.approx(0.09)
    evidence = Evidence(with_output(0.1, "Identity"), "base")
    assert evidence.kernel_variance("HeNormal", 3, 3, 64, 10) is None


BASE = [each for each in DECLARED.values() if each.experiment == "base"]
NETWORK = {"hidden": [128, 64], "activation": "relu"}
WORDS = {
    "normalization": "batch", "dropout": 0.5, "residual": True, "kernel_seed": "shared",
    "convolution": [{"filters": 2, "size": 3}],
}  # fmt: skip


@pytest.mark.parametrize("word", WORDS)
def test_claims_about_dense_layers_decide_nothing_of_others(word: str) -> None:
    """Every claim of the experiment is open, names the key, and rests on no run."""
    experiment = {"base": {"network": NETWORK | {word: WORDS[word]}}}
    results = results_of(synthetic_study(seeds=5, epochs=2, experiments=experiment))
    for each in BASE:
        claim = testing.tested(each, results)
        assert (claim.verdict, claim.n, claim.runs) == ("inconclusive", 0, ())
        said = f"about dense layers alone, and the experiment 'base' sets network.{word}"
        assert said in words(claim.note)


def test_a_claim_about_other_networks_is_tested_on_them() -> None:
    """One that is declared so reads the runs, whatever their layers."""

    def predicate(evidence: Evidence) -> Finding:
        return Finding("supported", n=len(evidence.runs()))

    results = results_of(
        synthetic_study(
            seeds=5, epochs=2, experiments={"base": {"network": NETWORK | {"dropout": 0.5}}}
        )
    )
    declared = replace(BASE[0], predicate=predicate, kind="exact")
    assert testing.tested(declared, results).verdict == "inconclusive"
    other = testing.tested(of_any_network(declared), results)
    assert (other.verdict, other.n) == ("supported", 20)


def test_a_variant_with_biases_of_its_own_is_another_one() -> None:
    """A claim on He does not take it for HeNormal, even where it is the only one."""
    own = [dict(v) | ({"bias": "Ones"} if v["name"] == "HeNormal" else {}) for v in BASE_VARIANTS]
    claims = testing.evaluate(synthetic_results(variants=own)).values()
    assert any(claim.note == ("the study has no HeNormal variant",) for claim in claims)
