"""Every claim has a verdict, whatever the study: what cannot be decided says why."""

import math
from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path

import numpy as np
import pytest

from analysis.claims import testing
from analysis.claims.claim import Claim, Note, Quantity
from analysis.claims.deciding import MIN_SEEDS, Finding, above, below, decided, within
from analysis.claims.declaring import Declaration
from analysis.claims.evidence import Evidence
from analysis.claims.testing import evaluate
from analysis.results.cache import Cache
from analysis.results.frames import Results
from analysis.statistics import power
from analysis.statistics.estimates import mean_interval, median_interval
from tests.made.results.claimed import DECLARED, claim_on, words
from tests.made.results.studies import load_study
from tests.made.results.synthetic import (
    BASE_VARIANTS,
    Law,
    results_of,
    synthetic_results,
    without,
)

BASE = [each for each in DECLARED.values() if each.experiment == "base"]
BY_SEEDS = {each.id for each in BASE if each.kind != "exact"}


@pytest.mark.parametrize("seeds", [1, 2, 7])
def test_too_few_seeds_decide_nothing(seeds: int) -> None:
    """Below eight seeds no statistical claim is decided, however clear it looks."""
    claims = evaluate(synthetic_results(seeds=seeds, epochs=2))
    assert {claims[name].verdict for name in BY_SEEDS} == {"inconclusive"}
    for name in BY_SEEDS:
        assert claims[name].note[:2] == ("too few seeds: ", Quantity(seeds, "count"))
    assert claims["zeros-never-learns"].verdict == "supported"


@pytest.mark.parametrize("missing", [str(variant["name"]) for variant in BASE_VARIANTS])
def test_a_missing_variant_leaves_its_claims_open(missing: str) -> None:
    """A study without the variant is told so, and no claim on it passes or crashes."""
    kept = [variant for variant in BASE_VARIANTS if variant["name"] != missing]
    open_claims = [
        claim
        for claim in evaluate(synthetic_results(variants=kept)).values()
        if claim.note == (f"the study has no {missing} variant",)
    ]
    assert open_claims
    for claim in open_claims:
        assert claim.verdict == "inconclusive"
        assert (claim.n, claim.runs) == (0, ())


def test_a_renamed_variant_is_known_by_its_initializer() -> None:
    """Claims follow what a variant is, not what it is called."""
    renamed = [dict(v) | {"name": f"my {v['name']}"} for v in BASE_VARIANTS]
    results = synthetic_results(variants=renamed)
    claims = {each.id: testing.tested(each, results) for each in BASE}
    assert not [claim.id for claim in claims.values() if "no " in words(claim.note)]
    assert claims["zeros-never-learns"].verdict == "supported"


def test_another_experiment_alone_leaves_everything_open(base: Results) -> None:
    """Without results of the experiment a claim reads, it is inconclusive and names it."""
    frames = {
        name: getattr(base, name).assign(experiment="depth")
        for name in ("runs", "epochs", "layers")
    }
    for claim in evaluate(replace(base, **frames)).values():
        assert claim.verdict == "inconclusive"
        assert f"no results of the experiment '{claim.experiment}'" in words(claim.note)
        assert (claim.n, claim.runs) == (0, ())


def test_diverged_runs_are_left_out_and_told_of() -> None:
    """Two lost runs of He: thirty-eight pairs remain, and the note says why."""
    many = load_study().experiments["many"]
    study = load_study().model_copy(update={"experiments": {"many": many}})
    lost = results_of(study, diverged={("HeNormal", 3003): 2, ("HeNormal", 3007): 1})
    claim = claim_on(lost, "he-glorot-level")
    assert claim.n == 38
    assert claim.note[-2:] == (Quantity(2, "count"), " diverged runs left out")


def test_nothing_left_of_a_variant_is_no_crash() -> None:
    """A study whose every run diverged at once still has a verdict for each claim."""
    every = {(str(v["name"]), seed): 1 for v in BASE_VARIANTS for seed in range(9)}
    claims = evaluate(synthetic_results(seeds=9, diverged=every))
    assert claims["zeros-never-learns"].verdict == "inconclusive"
    assert claims["sampled-variance-follows-formula"].verdict == "supported"


def test_claims_do_not_depend_on_the_order_of_rows(base: Results) -> None:
    """Rows shuffled, the same numbers to the last bit; those of a note as far as it is written."""

    def told(claims: dict[str, Claim]) -> str:
        return repr(
            [
                asdict(claim) | {"runs": sorted(claim.runs), "note": shown(claim.note)}
                for claim in claims.values()
            ]
        )

    def shown(note: Note) -> list[str]:
        return [each if isinstance(each, str) else f"{each.value:.10g}" for each in note]

    frames = {
        name: getattr(base, name).sample(frac=1, random_state=5)
        for name in ("runs", "epochs", "layers")
    }
    assert told(evaluate(replace(base, **frames))) == told(evaluate(base))


def test_two_seeds_never_crash_and_decide_only_what_declares_so() -> None:
    """The quick study: every claim has a verdict; those that need more seeds are open."""
    study = load_study("quick")
    claims = evaluate(results_of(study))
    assert list(claims) == list(DECLARED)
    for name, claim in claims.items():
        if claim.verdict != "inconclusive" and DECLARED[name].kind != "exact":
            assert claim.n >= MIN_SEEDS


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
    deep = {"depth", "late", "fair", "rates", "activation", "chaos", "gain"}
    swept = {"scale", *deep}
    kept = {
        "network.hidden": {*swept, "spread", "convolution"},
        "network.activation": {"stuck"},
        "variants": {"scale", "chaos", "gain"},
        "training.epochs": {"late"},
    }
    names = [name for name in EVERY if name not in kept.get(change.partition("=")[0], set())]
    study = load_study("quick", [f"experiments.{name}.{change}" for name in names])
    claims = evaluate(results_of(study, law=law))
    assert list(claims) == list(DECLARED)
    if change == "training.epochs=0":
        trained = {each.id for each in DECLARED.values() if each.family == "finding"}
        assert {claims[name].verdict for name in trained} == {"inconclusive"}


def test_every_experiment_may_be_missing() -> None:
    """Results without an experiment leave exactly its claims open."""
    study = load_study("quick")
    whole = results_of(study)
    for experiment in {each.experiment for each in DECLARED.values()}:
        lacking = without(whole, experiment)
        for each in DECLARED.values():
            if each.experiment == experiment:
                claim = testing.tested(each, lacking)
                assert (claim.verdict, claim.n, claim.runs) == ("inconclusive", 0, ())
                assert f"no results of the experiment '{experiment}'" in words(claim.note)


def test_claims_are_kept_as_they_are(
    base: Results, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A second build tests nothing and has equal claims: missing values, notes and runs too."""
    once = testing.evaluate_once(base, Cache(tmp_path), "this code")
    assert repr(once) == repr(testing.evaluate(base))
    monkeypatch.setattr(testing, "tested", lambda *_: pytest.fail("tested again"))
    again = testing.evaluate_once(base, Cache(tmp_path), "this code")
    assert list(again) == list(DECLARED)
    assert all(type(claim) is Claim for claim in again.values())
    assert repr(again) == repr(once)
    note = again["random-normal-is-he-in-layer-1"].note
    assert note == once["random-normal-is-he-in-layer-1"].note
    assert isinstance(note[1], Quantity)


def test_other_results_are_tested_anew(base: Results, tmp_path: Path) -> None:
    """The digest of what was measured tells them apart, and that of the code."""
    testing.evaluate_once(base, Cache(tmp_path), "this code")
    few = synthetic_results(seeds=2, epochs=1)
    claims = testing.evaluate_once(few, Cache(tmp_path), "this code")
    assert claims["sampled-variance-follows-formula"].n == 2
    kept = sum(path.is_file() for path in tmp_path.rglob("*"))
    testing.evaluate_once(few, Cache(tmp_path), "other code")
    assert sum(path.is_file() for path in tmp_path.rglob("*")) > kept


def test_a_claim_is_tested_again_for_its_own_experiment_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One accuracy of the scale moves: the claims on the scale are tested again, and no other."""
    whole = results_of(load_study("quick"))
    first = testing.evaluate_once(whole, Cache(tmp_path), "this code")
    moved = whole.runs.index == whole.runs.index[whole.runs["experiment"] == "scale"][0]
    runs = whole.runs.assign(test_accuracy=whole.runs["test_accuracy"].where(~moved, 0.123))
    again, tested = list[str](), testing.tested

    def counted(declared: Declaration, results: Results) -> Claim:
        again.append(declared.id)
        return tested(declared, results)

    monkeypatch.setattr(testing, "tested", counted)
    other = replace(whole, runs=runs)
    second = testing.evaluate_once(other, Cache(tmp_path), "this code")
    assert again == [each.id for each in DECLARED.values() if each.experiment == "scale"]
    assert repr(second) == repr(testing.evaluate(other))
    assert [*second] == [*first] == [*DECLARED]


def test_a_claim_follows_from_its_own_experiment_alone() -> None:
    """Given all results, and given those of its experiment, it is the same claim."""
    whole = results_of(load_study("quick"))
    for each in DECLARED.values():
        assert repr(testing.tested(each, whole.of(each.experiment))) == repr(
            testing.tested(each, whole)
        )


def finding_of(found: Finding) -> Callable[[Evidence], Finding]:
    """Return a test that always finds the same."""

    def predicate(_: Evidence) -> Finding:
        return found

    return predicate


def test_an_open_claim_on_a_mean_says_how_many_seeds_would_decide_it() -> None:
    """By the power of a t test at the effect seen; what is decided, or a median, says nothing."""
    declared = replace(DECLARED["he-glorot-level"], experiment="base")
    measured = synthetic_results(seeds=2, epochs=1)
    values = np.linspace(-0.4, 0.6, 20)
    mean, median = mean_interval(values), median_interval(values)
    open_ = decided([within(mean, 0.15)])
    told = testing.tested(replace(declared, predicate=finding_of(open_)), measured).note
    place = told.index(" seeds would decide it (t test, power ")
    assert told[place - 2] == "at the effect seen about "
    assert told[place - 1] == Quantity(power.seeds_within(mean, 0.15) or 0, "count")
    for finding in (decided([within(mean, 2.0)]), decided([within(median, 0.15)])):
        made = replace(declared, predicate=finding_of(finding))
        assert " seeds would decide it" not in words(testing.tested(made, measured).note)


def test_a_claim_tells_its_power_at_the_effect_that_it_expects() -> None:
    """Of a mean by the noncentral t, of signs by the binomial: 0.975 to the eighth."""
    measured = synthetic_results(seeds=2, epochs=1)
    values = np.linspace(-0.1, 1.1, 8)
    cases = [
        (above(mean_interval(values), 0.0), 0.5, power.of_above(mean_interval(values), 0.0, 0.5)),
        (within(mean_interval(values), 2.0), 0.0, power.of_within(mean_interval(values), 2.0, 0.0)),
        (below(median_interval(values), 0.0), 0.975, 0.975**8),
        (above(median_interval(values), 0.0), None, math.nan),
    ]
    for part, expects, expected in cases:
        declared = replace(DECLARED["he-glorot-level"], experiment="base", expects=expects)
        made = replace(declared, predicate=finding_of(decided([part])))
        claim = testing.tested(made, measured)
        assert claim.expects == expects
        assert claim.power == pytest.approx(expected, nan_ok=True)
        assert claim.p == part.p
