"""Every claim has a verdict, whatever the study: what cannot be decided says why."""

from collections.abc import Callable
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from analysis.claims import testing
from analysis.claims.claim import Claim, Finding, Note, Quantity
from analysis.claims.declaring import Declaration
from analysis.claims.evidence import Evidence
from analysis.claims.testing import evaluate
from analysis.results.cache import Cache
from analysis.results.frames import Results
from analysis.statistics import power
from tests.made.results.claimed import DECLARED, claim_on, words
from tests.made.results.studies import load_study
from tests.made.results.synthetic import BASE_VARIANTS, Law, results_of, synthetic_results, without

BASE = [each for each in DECLARED.values() if each.experiment == "base"]
BY_SEEDS = {each.id for each in BASE if each.kind != "exact"}


@pytest.mark.parametrize("seeds", [1, 2, 4])
def test_too_few_seeds_decide_nothing(seeds: int) -> None:
    """Below five seeds no statistical claim is decided, however clear it looks."""
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
    """Two lost runs of He: eighteen pairs remain, and the note says why."""
    lost = synthetic_results(diverged={("HeNormal", 3): 2, ("HeNormal", 7): 1})
    claim = claim_on(lost, "he-glorot-level")
    assert claim.n == 18
    assert claim.note[-2:] == (Quantity(2, "count"), " diverged runs left out")


def test_nothing_left_of_a_variant_is_no_crash() -> None:
    """A study whose every run diverged at once still has a verdict for each claim."""
    every = {(str(v["name"]), seed): 1 for v in BASE_VARIANTS for seed in range(6)}
    claims = evaluate(synthetic_results(seeds=6, diverged=every))
    drawn = {"sampled-variance-follows-formula", "signal-at-initialization"}
    statistical = BY_SEEDS - drawn - {"gradient-at-initialization"}
    assert {claims[name].verdict for name in statistical} == {"inconclusive"}


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
            assert claim.n >= DECLARED[name].seeds


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
    assert list(claims) == list(DECLARED)
    if change == "training.epochs=0":
        trained = {each.id for each in DECLARED.values() if each.experiment in {*swept, "symmetry"}}
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
    note = again["he-glorot-level"].note
    assert note == once["he-glorot-level"].note
    assert isinstance(note[1], Quantity)


def test_other_results_are_tested_anew(base: Results, tmp_path: Path) -> None:
    """The digest of what was measured tells them apart, and that of the code."""
    testing.evaluate_once(base, Cache(tmp_path), "this code")
    few = synthetic_results(seeds=2, epochs=1)
    claims = testing.evaluate_once(few, Cache(tmp_path), "this code")
    assert claims["he-glorot-level"].n == 2
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
    """By the power of a t test at the effect seen; what is decided, or a ratio, says nothing."""
    declared, measured = DECLARED["he-glorot-level"], synthetic_results(seeds=2, epochs=1)
    open_ = Finding("inconclusive", 0.1, -0.1, 0.3, n=20)
    told = testing.tested(replace(declared, predicate=finding_of(open_)), measured).note
    place = told.index(" seeds would decide it (t test, power ")
    assert told[place - 2] == "at the effect seen about "
    assert told[place - 1] == Quantity(power.within(0.1, -0.1, 0.3, 20, 0.15) or 0, "count")
    for name, finding in (
        ("he-glorot-level", replace(open_, verdict="supported")),
        ("gradient-at-initialization", open_),
        ("single-seed-ranking", open_),
        ("gain-two", open_),
    ):
        made = replace(DECLARED[name], predicate=finding_of(finding))
        assert " seeds would decide it" not in words(testing.tested(made, measured).note)
